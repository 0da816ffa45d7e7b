"""DNC lists: blocking, looking up, and taking back."""

from __future__ import annotations

import pytest

from tests.web.box import ADMINISTRATOR, Box, Client, await_import


def test_pasted_numbers_are_blocked_and_bad_ones_come_back_with_the_reason(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    created = client.post("/dnc", {"name": "Robinsonliste"})
    assert created.path == "/dnc/2"
    pasted = "030 23125810\n+49 30 23125811; 4,91E+11\r\n\nkeine Nummer"
    answer = client.post("/dnc/2/add", {"numbers": pasted})
    assert answer.status == 422
    assert "2 Rufnummern sind gesperrt." in answer.text
    assert "<strong>keine Nummer</strong>" in answer.text
    page = client.get("/dnc/2").text
    assert "+49 30 23125810" in page
    assert "+49 30 23125811" in page


def test_a_removal_can_be_taken_back_with_one_press(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    client.post("/dnc/1/add", {"numbers": "030 23125810"})
    client.get("/dnc/1")
    assert client.post("/dnc/1/remove", {"phone": "+493023125810"}).path == "/dnc/1"
    page = client.get("/dnc/1").text
    assert "+49 30 23125810 darf wieder angerufen werden." in page
    assert 'action="/dnc/1/add"' in page.split("Rückgängig")[0].rsplit("<form", 1)[1]
    assert "Die Liste ist leer." in page
    client.post("/dnc/1/add", {"numbers": "+493023125810", "source": "undo"})
    assert 'value="+493023125810"' in client.get("/dnc/1").text


def test_numbers_are_found_by_their_beginning(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    client.post("/dnc/1/add", {"numbers": "030 23125810\n+44 1632 960123"})
    found = client.get("/dnc/1?search=%2B44").text
    assert "960123" in found
    assert "23125810" not in found
    assert "Keine Rufnummer beginnt so." in client.get("/dnc/1?search=999").text
    for odd in ("%27%20OR%201=1--", "%00", "%3Cscript%3E"):
        page = client.get(f"/dnc/1?search={odd}")
        assert page.status == 200
        assert "<script>" not in page.text


def send_file(client: Client, path: str, rows: str, **fields: str) -> str:
    """Upload a file of numbers; where it leads."""
    mark = "----strowger"
    parts = {"csrf": client.csrf, **fields}
    body = "".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts.items()
    )
    body += (
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="sperre.csv"\r\n\r\n'
        f"{rows}\r\n--{mark}--\r\n"
    )
    kind = f"multipart/form-data; boundary={mark}"
    return client.send("POST", path, body, {"Origin": client.origin, "Content-Type": kind}).path


def test_a_file_of_numbers_is_blocked(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    begun = send_file(client, "/dnc/1/upload", "Rufnummer\r\n030 23125820\r\n030 23125821\r\n")
    await_import(client, begun)
    assert "Neue Rufnummern" in client.get(begun).text
    assert "+49 30 23125821" in client.get("/dnc/1").text


@pytest.mark.req("GEN-067", "GEN-068")
def test_a_register_is_loaded_joined_and_exchanged(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    client.post("/dnc", {"name": "TPS"})
    for way, rows, count in (
        ("register", "01632 960001\r\n01632 960002\r\n", 2),
        ("join", "01632 960003\r\n", 3),
        ("register", "01632 960004\r\n", 1),
    ):
        await_import(
            client, send_file(client, "/dnc/2/upload", rows, way=way, country="gb", why="im November")
        )
        noun = "Rufnummer" if count == 1 else "Rufnummern"
        assert f"{count} {noun} ·" in client.get("/dnc/2").text
    told = client.get("/dnc/number?number=%2B44+1632+960004").text
    assert '<a href="/dnc/2">TPS</a>' in told
    assert "Keine Liste sperrt diese Rufnummer." in client.get("/dnc/number?number=%2B441632960001").text
    history = client.get("/dnc/2/history").text
    assert history.count("Register geladen") == 3
    assert "im November" in history
    client.post("/dnc/2/remove", {"phone": "+441632960004"})
    assert "nur ein anderes Register kann sie auslassen" in client.get("/dnc/2").text


@pytest.mark.req("GEN-070", "GEN-107")
def test_an_entry_has_an_end_a_reason_and_a_past(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    client.post("/dnc/1/add", {"numbers": "030 23125810", "until": "2199-12-31", "why": "<b>bat</b> darum"})
    client.post("/dnc/1/add", {"numbers": "+44163296*"})
    page = client.get("/dnc/1").text
    assert "01.01.2200" in page
    assert "&lt;b&gt;bat&lt;/b&gt; darum" in page
    assert "+44163296*" in page
    past = client.post("/dnc/1/add", {"numbers": "030 23125811", "until": "2001-01-01"})
    assert past.status == 422
    assert "Das Ablaufdatum ist schon vorbei." in past.text
    client.post("/dnc/1/remove", {"phone": "+493023125810"})
    told = client.get("/dnc/number?number=030+23125810").text
    assert "gesperrt" in told
    assert "freigegeben" in told
    assert client.get("/dnc/number?number=nichts").status == 422
    assert client.get("/dnc/9/history").status == 404


def test_lists_are_named_once_and_the_opt_outs_stay(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    assert client.post("/dnc", {"name": ""}).status == 422
    assert client.post("/dnc", {"name": "Eigene"}).path == "/dnc/2"
    assert client.post("/dnc", {"name": "Eigene"}).path == "/dnc"
    assert "gibt es schon" in client.get("/dnc").text
    client.post("/dnc/1/delete")
    assert "Widersprüche lässt sich nicht löschen" in client.get("/dnc/1").text
    assert client.post("/dnc/2/delete").path == "/dnc"
    assert client.get("/dnc/2").status == 404


def test_a_long_column_is_pasted_at_once(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    numbers = "\r\n".join(f"+44 1632 960{i:03d}" for i in range(1000))
    client.post("/dnc/1/add", {"numbers": "\r\n".join([numbers] * 9)})
    assert "1.000 Rufnummern sind gesperrt." in client.get("/dnc/1").text
    client.post("/dnc/1/add", {"numbers": "\r\n".join([numbers] * 11)})
    assert "Höchstens 10.000 Rufnummern auf einmal" in client.get("/dnc/1").text


@pytest.mark.req("GEN-073")
def test_a_list_can_stand_for_a_service_and_its_secret_is_never_shown(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    client.post("/dnc", {"name": "Gryphon"})
    client.post("/dnc/2/service", {"url": "http://weit.example/", "token": "s3cret"})
    assert "nur über https:// gefragt" in client.get("/dnc/2").text
    client.post("/dnc/2/service", {"url": "http://127.0.0.1:1/", "token": "s3cret", "timeout_s": "0,5"})
    page = client.get("/dnc/2").text
    assert 'value="http://127.0.0.1:1/"' in page
    assert "s3cret" not in page
    client.post("/dnc/2/ask", {"number": "030 23125001"})
    assert "Der Abgleichdienst: " in client.get("/dnc/2").text
    client.post("/dnc/2/service/remove")
    assert 'value="http://127.0.0.1:1/"' not in client.get("/dnc/2").text
    assert "External" not in client.get("/dnc/1").text


def test_a_list_is_marked_as_a_register_and_the_page_says_when_it_is_too_old(own_office: Box) -> None:
    office = own_office.client(ADMINISTRATOR)
    page = office.post("/dnc", {"name": "TPS"}).path
    none_yet = "Noch ist kein Register geladen."
    assert none_yet not in office.get(page).text
    office.post(f"{page}/register", {"register": "tps", "days": "90"})
    assert "höchstens 28 Tage alt" in office.get(page).text, "the law's limit is named"
    office.post(f"{page}/register", {"register": "tps", "days": ""})
    assert none_yet in office.get(page).text
    assert none_yet in office.get("/dnc").text
    office.post(f"{page}/register", {"register": "", "days": ""})
    assert none_yet not in office.get("/dnc").text
