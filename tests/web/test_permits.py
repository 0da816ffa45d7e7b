"""Why not, permits, rules: what the pages say, what the sheets carry, and what is asked of whom."""

from __future__ import annotations

import re

import pytest

from tests.web.box import ADMINISTRATOR, Box


def attempt_of(office: Box) -> str:
    link = re.search(
        r'href="/attempts/([0-9A-Z]{26})"', office.client(ADMINISTRATOR).get("/campaigns/1").text
    )
    assert link is not None
    return link[1]


def test_a_number_nobody_has_is_said_in_words(office: Box) -> None:
    client = office.client(ADMINISTRATOR)
    for number, said in (
        ("abc", "keine Rufnummer"),
        ("030 23125999", "Einen solchen Kontakt gibt es nicht."),
    ):
        answer = client.get(f"/why?number={number.replace(' ', '%20')}")
        assert answer.status == 422
        assert said in answer.text
    assert client.get("/why?contact=99999").status == 422
    assert "Ask" not in client.get("/why").text


def test_every_reason_is_said_with_its_moment(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    client.post("/dnc/1/add", {"numbers": "030 23125001"})
    client.post("/campaigns/1/pause")
    page = client.get("/why?number=03023125001").text
    for said in (
        "Auf einer Sperrliste: Widersprüche",
        "Die Kampagne läuft nicht: Pause",
        "de 2026.1",
        "DE-BE",
    ):
        assert said in page, said
    assert "Waiting" not in page
    assert "Warten allein hilft nicht" in page


def test_the_chain_is_read_and_its_head_can_be_written_down(office: Box) -> None:
    client = office.client(ADMINISTRATOR)
    page = client.get("/permits").text
    head = re.search(r"<code>([0-9a-f]{64})</code>", page)
    assert head is not None
    sound = client.post("/permits/verify", {"head": head[1]})
    assert re.search(r"Anrufnachweise? gelesen\.", sound.text)
    strange = client.post("/permits/verify", {"head": "f" * 64})
    assert "Der notierte Kopf ist nicht mehr in der Kette." in strange.text


def test_sheets_come_as_files(office: Box) -> None:
    client, uid = office.client(ADMINISTRATOR), attempt_of(office)
    for path, name in (
        (f"/attempts/{uid}/permit.pdf", f"permit-{uid}.pdf"),
        ("/permits/person.pdf?number=03023125000", "permit-03023125000.pdf"),
    ):
        answer = client.get(path)
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/pdf"
        assert f'filename="{name}"' in answer.headers["content-disposition"]
        assert answer.body.startswith(b"%PDF-")
    assert client.get("/attempts/none/permit.pdf").status == 404
    wrong = client.get("/permits/person.pdf?number=abc")
    assert (wrong.status, "keine Rufnummer" in wrong.text) == (422, True)


@pytest.mark.req("GEN-059")
def test_the_rules_are_shown_with_their_sources_and_what_is_not_sure(office: Box) -> None:
    client = office.client(ADMINISTRATOR)
    page = client.get("/rules").text
    for said in (
        "Deutschland",
        "3 in 24 Stunden",
        "Mo–Fr: 08:00–20:00",
        "Sa: 09:00–18:00",
        "§ 7 UWG",
        "zu bestätigen",
    ):
        assert said in page, said
    french = client.get("/rules?pack=fr").text
    assert "Mo–Fr: 10:00–13:00, 14:00–20:00" in french
    assert "4 in 30 Tagen" in french
    assert client.get("/rules?pack=nowhere").status == 200


def test_an_attempt_shows_its_place_in_the_chain(office: Box) -> None:
    page = office.client(ADMINISTRATOR).get(f"/attempts/{attempt_of(office)}").text
    for said in ("Platz in der Kette", "Noch einmal gefragt", "Feiertage"):
        assert said in page, said


def test_a_campaigns_purpose_and_rules_are_chosen_in_its_form(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    page = client.get("/campaigns/1/edit").text
    assert '<option value="service" selected>' in page
    assert "Regeln und ihre Quellen" in page


@pytest.mark.req("GEN-106")
def test_consent_is_kept_shown_and_withdrawn(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    assert "Noch nichts." in client.get("/consent?number=03023125001").text
    record = {
        "number": "030 23125001",
        "purpose": "sales",
        "source": "Formular 7",
        "wording": "Sie dürfen <mich> anrufen.",
        "given_on": "2026-01-15",
        "until_on": "",
        "proof": "formular-7.pdf",
    }
    made = client.post("/consent", record)
    page = client.get(made.headers["location"]).text
    for said in (
        "Hinterlegt als Eintrag 1.",
        "Werbung bei Verbrauchern",
        "„Sie dürfen &lt;mich&gt; anrufen.“",
        "15.01.2026",
    ):
        assert said in page, said
    client.post("/consent/1/withdraw", {"back": "+493023125001"})
    page = client.get("/consent?number=03023125001").text
    assert "Das gilt ab sofort." in page
    assert "widerrufen" in page
    client.post("/consent/99/withdraw", {"back": "+493023125001"})
    assert "Einen Eintrag mit dieser Nummer gibt es nicht." in client.get("/consent").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"number": "abc"}, "keine Rufnummer"),
        ({"given_on": "2999-01-01"}, "nicht in der Zukunft"),
        ({"given_on": "15.1.2026"}, "Jahr-Monat-Tag"),
        ({"until_on": "2020-01-01"}, "enden, bevor sie beginnt"),
        ({"wording": ""}, "aria-invalid"),
        ({"source": ""}, "aria-invalid"),
    ],
)
def test_consent_that_cannot_be_is_refused_beside_its_field(
    office: Box, wrong: dict[str, str], said: str
) -> None:
    record = {
        **dict.fromkeys(("number", "source", "wording", "given_on", "until_on", "proof"), ""),
        "number": "030 23125002",
        "purpose": "sales",
        "source": "Anruf",
        "wording": "Ja.",
        **wrong,
    }
    answer = office.client(ADMINISTRATOR).post("/consent", record)
    assert answer.status == 422
    assert said in answer.text
