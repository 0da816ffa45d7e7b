"""The page "Machine detection": empty, with words, with a suggestion that is taken and taken back."""

from __future__ import annotations

import json
import re
import time
from html import unescape

import pytest

from tests.web.box import ADMINISTRATOR, AGENT, REPO, Box, Client, campaign_form, conversation, people
from tests.web.browser import Browser

PERSON = {"machine": 0.1, "machine_peak": 0.1}
_LIMITS = json.loads((REPO / "dsp/models/amd.json").read_text())["limits"]
_BETWEEN = (_LIMITS["eager"]["machine_at_last"] + _LIMITS["balanced"]["machine_at_last"]) / 2
ALMOST = {"machine": _BETWEEN, "machine_peak": 0.1, "machine_at_last": _BETWEEN}
"""Unsure when the time was up; the preset ``eager`` would have hung up."""


@pytest.fixture
def client(own_office: Box) -> Client:
    return own_office.client(ADMINISTRATOR)


def shown(client: Client, path: str) -> str:
    """The words of a page, in one line."""
    answer = client.get(path)
    assert answer.status == 200, answer.text
    text = re.sub(r"<[^>]*>", " ", answer.text.split("<main", 1)[1])
    return re.sub(r"\s+", " ", unescape(text)).replace("\u00a0", " ")


def attempt(box: Box, **more: object) -> str:
    return str(box.ask("attempt", campaign_id=1, user_id=box.agents["jonas"], note="", **more)["uid"])


def test_a_campaign_without_calls_says_how_to_get_figures(own_office: Box, client: Client) -> None:
    assert client.post("/campaigns", campaign_form([], name="Leer")).status == 303
    page = shown(client, "/machine-detection?campaign=2")
    assert "Noch kein Anruf wurde beurteilt" in page
    assert "F9" in page
    assert "Noch kein Anruf" not in shown(client, "/machine-detection")
    assert '<option value="30" selected>' in client.get("/machine-detection").text
    for odd in ("campaign=99&days=4", "campaign=x&days=%27", f"campaign={9**30}"):
        assert "Beurteilte Anrufe" in shown(client, f"/machine-detection?{odd}")


def test_words_become_a_matrix_and_the_page_says_what_it_cannot_know(own_office: Box, client: Client) -> None:
    uid = attempt(own_office, figures=PERSON)
    hung_up = attempt(own_office, verdict="machine", figures={"at_s": 3.0})
    page = shown(client, f"/attempts/{uid}")
    assert "War die Erkennung richtig?" in page
    assert "Jonas Weber: ein Mensch (Ergebnis eines Gesprächs)" in page
    assert client.post(f"/attempts/{uid}/word", {"said": "machine"}).path == f"/attempts/{uid}"
    page = shown(client, f"/attempts/{uid}")
    assert "Die letzte Angabe zählt." in page
    assert "Anna Berg: ein Anrufbeantworter (von der Verwaltung angegeben)" in page
    page = shown(client, "/machine-detection?campaign=1")
    assert "Mensch 2 50,0 % (9,4 % bis 90,6 %), 1 von 2 50,0 % (9,4 % bis 90,6 %), 1 von 2 0" in page
    assert "Von keinem Agenten gehört, mit Angabe 0,0 % (0,0 % bis 79,4 %), 0 von 1" in page
    assert "Nur Agenten sagen, was ein Anruf war" in page
    assert "Zu wenige Anrufe für einen Vorschlag: 1 von 125 Menschen" in page
    client.post(f"/attempts/{hung_up}/word", {"said": "person"})
    page = shown(client, "/machine-detection?campaign=1&days=0")
    assert "Von keinem Agenten gehört, mit Angabe 100,0 % (20,6 % bis 100,0 %), 1 von 1" in page


def test_nonsense_is_refused_in_words(own_office: Box, client: Client) -> None:
    uid = attempt(own_office)
    assert client.post(f"/attempts/{'0' * 26}/word", {"said": "person"}).status == 404
    assert client.post(f"/attempts/{uid}/word", {"said": "fax"}).status == 303
    assert "Vermerkt" not in shown(client, f"/attempts/{uid}")
    for fields in (
        {},
        {"campaign_id": "99", "sensitivity": "eager"},
        {"campaign_id": "1", "sensitivity": "x"},
    ):
        assert client.post("/machine-detection/sensitivity", fields).status == 303
        assert "beurteilt." not in shown(client, "/campaigns")


def test_the_suggested_setting_is_taken_and_taken_back(own_office: Box, client: Client) -> None:
    own_office.import_list(client, "Viele", people(140))
    assert client.post("/campaigns", campaign_form([], name="Viele", contact_list_id="2")).status == 303
    for _ in range(125):
        own_office.ask("attempt", campaign_id=2, user_id=own_office.agents["jonas"], note="", figures=PERSON)
    made = own_office.ask(
        "attempt",
        campaign_id=2,
        user_id=own_office.agents["jonas"],
        note="",
        verdict="unsure",
        figures=ALMOST,
    )
    client.post(f"/attempts/{made['uid']}/word", {"said": "machine"})
    answer = client.get("/machine-detection?campaign=2")
    assert "Die Anrufe sprechen für eine andere Einstellung: Entschieden." in answer.text
    fields = dict(re.findall(r'name="(campaign_id|sensitivity)" value="([^"]*)"', answer.text))
    assert fields == {"campaign_id": "2", "sensitivity": "eager"}
    client.post("/machine-detection/sensitivity", fields)
    answer = client.get("/machine-detection?campaign=2")
    assert "Die Anrufe sprechen für die jetzige Einstellung, Entschieden." in answer.text
    assert '<option value="eager" selected>' in client.get("/campaigns/2/edit").text
    undo = answer.text.split("Rückgängig")[0].rsplit("<form", 1)[1]
    assert 'action="/machine-detection/sensitivity"' in undo
    client.post("/machine-detection/sensitivity", dict(re.findall(r'name="(\w+)" value="([^"]*)"', undo)))
    assert '<option value="balanced" selected>' in client.get("/campaigns/2/edit").text


def test_a_key_in_the_talk_says_what_it_was(own_office: Box, browser: Browser, client: Client) -> None:
    jonas = own_office.agents["jonas"]
    uid = attempt(own_office, figures=PERSON)
    own_office.ask("desk", user_id=jonas, desk={**conversation(time.time()), "attempt": uid})
    browser.open(own_office, own_office.client(AGENT))
    browser.look("/desk")
    pressed = browser.do(
        """
        const found = [];
        for (const key of ['F9', 'Shift+F9']) {
          await page.keyboard.press(key);
          await page.waitForFunction((id) => document.getElementById(id).ariaPressed === 'true',
            key === 'F9' ? 'b-machine' : 'b-person');
          const on = page.locator('[data-said][aria-pressed=true]');
          found.push(await on.evaluateAll((all) => all.map((each) => each.id)));
        }
        found.push(await page.locator('#spoken').innerText());
        return found;
        """
    )
    assert pressed == [["b-machine"], ["b-person"], "Vermerkt: ein Mensch."]
    page = shown(client, f"/attempts/{uid}")
    assert page.index("ein Anrufbeantworter (am Arbeitsplatz") < page.index("ein Mensch (am Arbeitsplatz")
