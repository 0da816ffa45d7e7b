"""Logging in with a code: set up, asked for, used once, lost, taken away, and wanted of everybody."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from firmware import totp
from tests.web.box import ADMINISTRATOR, AGENT, Answer, Box, Client

PATH = "/account/second-factor"


def secret_of(client: Client) -> str:
    """Begin with an app; what the page shows beside the picture."""
    assert client.post(f"{PATH}/begin", {"present": ADMINISTRATOR[1]}).status == 303
    page = client.get(PATH).text
    found = re.search(r"<code class=\"long\">([A-Z2-7]{32})</code>", page)
    assert found is not None, page
    return found[1]


def code_now(secret: str, later: int = 0) -> str:
    """The code an app shows; ``later`` steps ahead, which still counts."""
    return totp.code(secret, int(time.time()) // totp.STEP_S + later)


def set_up(client: Client) -> tuple[str, list[str]]:
    """The secret and the recovery codes."""
    secret = secret_of(client)
    assert client.post(f"{PATH}/confirm", {"code": code_now(secret)}).status == 303
    return secret, re.findall(r"<li><code>([a-z0-9-]{14})</code></li>", client.get(PATH).text)


def with_password(box: Box) -> tuple[Client, str]:
    """Somebody whose password was right: his browser, and the ticket of the page that asks for the code."""
    client = box.client()
    return client, ticket_on(client.post("/login", {"login": ADMINISTRATOR[0], "password": ADMINISTRATOR[1]}))


def ticket_on(answer: Answer) -> str:
    found = re.search(r'name="ticket" value="([0-9a-f]{32})"', answer.text)
    assert found is not None, answer.text
    return found[1]


def test_it_begins_only_with_the_password_and_a_code_that_is_right(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    assert client.post(f"{PATH}/begin", {"present": "not this one at all"}).status == 422
    assert client.post(f"{PATH}/confirm", {"code": "123456"}).status == 422
    assert client.get(f"{PATH}/qr.svg").status == 404
    secret = secret_of(client)
    picture = client.get(f"{PATH}/qr.svg")
    assert (picture.status, "<svg" in picture.text) == (200, True)
    wrong = client.post(f"{PATH}/confirm", {"code": "000000" if code_now(secret) != "000000" else "000001"})
    assert (wrong.status, "Dieser Code ist falsch." in wrong.text) == (422, True)
    assert own_office.client(ADMINISTRATOR).get("/dashboard").status == 200


def test_the_code_is_asked_for_and_counts_once(own_office: Box) -> None:
    secret, codes = set_up(own_office.client(ADMINISTRATOR))
    assert len(codes) == totp.RECOVERY_CODES
    client, ticket = with_password(own_office)
    assert client.get("/dashboard").path.startswith("/login")
    wrong = client.post("/login/code", {"ticket": ticket, "code": "nonsense"})
    assert wrong.status == 401
    code = code_now(secret, later=1)
    assert client.post("/login/code", {"ticket": ticket_on(wrong), "code": code}).path == "/dashboard"
    again, ticket = with_password(own_office)
    assert again.post("/login/code", {"ticket": ticket, "code": code}).status == 401
    assert again.post("/login/code", {"ticket": "0" * 32, "code": code}).path == "/login"


def test_a_recovery_code_lets_in_once(own_office: Box) -> None:
    _, codes = set_up(own_office.client(ADMINISTRATOR))
    client, ticket = with_password(own_office)
    assert client.post("/login/code", {"ticket": ticket, "code": codes[0].upper()}).path == "/dashboard"
    assert "noch 9 sind übrig" in client.get("/dashboard").text
    client, ticket = with_password(own_office)
    assert client.post("/login/code", {"ticket": ticket, "code": codes[0]}).status == 401


def test_guessing_codes_is_slowed_down(own_office: Box) -> None:
    set_up(own_office.client(ADMINISTRATOR))
    client, ticket = with_password(own_office)
    for _ in range(5):
        answer = client.post("/login/code", {"ticket": ticket, "code": "nonsense"})
        if answer.status == 429:
            break
        ticket = ticket_on(answer)
    assert client.post("/login/code", {"ticket": ticket_on(answer), "code": "nonsense"}).status == 429


def test_an_administrator_takes_away_what_was_lost(own_office: Box) -> None:
    agent = own_office.client(AGENT)
    jonas = own_office.agents["jonas"]
    begun = own_office.ask("second_factor.begin", where="control.sock", user_id=jonas)
    own_office.ask(
        "second_factor.confirm", where="control.sock", user_id=jonas, code=code_now(begun["secret"])
    )
    assert agent.post(f"/users/{jonas}/second_factor/remove", {}).status == 403
    client = own_office.client(ADMINISTRATOR)
    assert "Zweiten Faktor wegnehmen" in client.get(f"/users/{jonas}").text
    client.post(f"/users/{jonas}/second_factor/remove", {})
    assert own_office.client(AGENT).get("/desk").status == 200


@pytest.mark.req("ENR-128")
def test_where_it_is_wanted_nothing_else_opens_before(tmp_path: Path) -> None:
    with Box.started(tmp_path, 'second_factor = "administrators"\n') as box:
        client = box.client()
        first = {"code": box.setup_code, "name": "Anna Berg", "login": ADMINISTRATOR[0], "language": "de"}
        password = {"password": ADMINISTRATOR[1], "again": ADMINISTRATOR[1]}
        assert client.post("/setup", {**first, **password}).status == 303
        for path in ("/dashboard", "/users", "/account"):
            assert client.get(path).path == PATH
        assert "Richten Sie ihn ein" in client.get(PATH).text
        set_up(client)
        assert client.get("/dashboard").status == 200
        box.hire(client, "Jonas Weber", AGENT)
        assert box.client(AGENT).get("/desk").status == 200


@pytest.mark.req("ENR-128")
def test_it_is_demanded_of_roles_and_of_whoever_gets_one(own_office: Box) -> None:
    client, jonas = own_office.client(ADMINISTRATOR), own_office.agents["jonas"]
    agent = own_office.client(AGENT)
    assert agent.get("/desk").status == 200
    assert client.post("/roles/second-factor", {"role": ["supervisor", "nonsense"]}).status == 303
    assert 'value="supervisor" checked' in client.get("/roles").text
    assert agent.get("/desk").status == 200
    form = {"name": "Jonas Weber", "login": "jonas", "language": "de", "phone_mode": "nailed_up"}
    assert client.post(f"/users/{jonas}", {**form, "role": ["agent", "supervisor"]}).status == 303
    for path in ("/desk", "/team", "/dashboard"):
        assert agent.get(path).path == PATH, path
    assert own_office.client(AGENT).get("/team").path == PATH
    assert client.post(f"/users/{jonas}", {**form, "role": "agent"}).status == 303
    assert agent.get("/desk").status == 200
    assert client.post("/roles/second-factor", {"role": "administrator"}).status == 303
    assert client.get("/users").path == PATH


def test_only_who_looks_after_people_demands_it(own_office: Box) -> None:
    agent = own_office.client(AGENT)
    assert agent.post("/roles/second-factor", {"role": "agent"}).status == 403
    assert "/roles/second-factor" not in agent.get("/roles").text
