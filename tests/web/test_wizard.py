"""The assistant: from an uploaded file to the start in eight steps, back without loss, over log-outs and restarts."""

from __future__ import annotations

import json
import re
import time
from html import unescape
from pathlib import Path

import pytest

from firmware.model import CampaignId
from firmware.pacing.adviser import Team, advise
from firmware.store.pacing_log import PacingNote
from tests.web.box import ADMINISTRATOR, Answer, Box, Client
from tests.web.browser import Browser
from web_ui import advice_words, forecast_view, pacing_view, pack_words, wizard
from web_ui.drafts import Drafts, Notes
from web_ui.language import Languages

LANGUAGES = Languages("Europe/Berlin", "de")
GERMAN, ENGLISH = LANGUAGES.get("de"), LANGUAGES.get("en")
FILE = b"Name;Telefon;Stadt\r\nAda;030 23125892;Berlin\r\nBen;4,91E+11;Ulm\r\nCem;030 23125893;Bonn\r\n"
COLUMNS = {
    "column-0": "Name",
    "role-0": "name",
    "column-1": "Telefon",
    "role-1": "number",
    "column-2": "Stadt",
    "role-2": "field",
    "name": "Messe",
    "country": "DE",
}


def upload(client: Client, path: str, content: bytes, name: str = "Frühjahr") -> Answer:
    """Send a file as the assistant's form would."""
    mark = "----strowger"
    parts = "".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in (("csrf", client.csrf), ("name", name))
    )
    file = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="Messe.csv"\r\n\r\n'
    body = (parts + file).encode() + content + f"\r\n--{mark}--\r\n".encode()
    kind = f"multipart/form-data; boundary={mark}"
    return client.send("POST", path, body, {"Origin": client.origin, "Content-Type": kind})


def form_of(page: str) -> dict[str, list[str]]:
    """What a browser would send for the step as it stands."""
    text = re.search(r'<form [^>]*id="step".*?</form>', page, re.DOTALL)
    assert text is not None
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", text[0]):
        named, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        ticked = "checked" in tag if re.search(r'type="(checkbox|radio)"', tag) else True
        if named and ticked and "disabled" not in tag and named[1] != "csrf":
            found.setdefault(named[1], []).append(unescape(value[1]) if value else "")
    for name, options in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', text[0], re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        found[name] = [chosen[1] if chosen else ""]
    for name, typed in re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', text[0], re.DOTALL):
        found[name] = [unescape(typed)]
    return found


def accept(client: Client, path: str, go: str = "next", **changes: object) -> Answer:
    """Press the button of a step with what it proposes."""
    page = client.get(path)
    assert page.status == 200, page.text
    return client.post(path, {**form_of(page.text), **changes, "go": go})


def looked_at(client: Client, draft: str) -> str:
    """The check's report once it is there."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        text = str(json.loads(client.get(f"/live{draft}.json").text)["regions"]["import"])
        if "#waiting" not in text:
            return text
        time.sleep(0.02)  # between two looks at a foreign process
    raise AssertionError("the check did not end")


def imported(client: Client, draft: str) -> str:
    """Take the contacts; where the next step is."""
    at = accept(client, f"{draft}/check").path
    if at == f"{draft}/check":  # a busy machine: the import is not done yet
        looked_at(client, draft)
        at = accept(client, at).path
    return at


def checked(box: Box) -> tuple[Client, str]:
    """A draft whose file has been checked; its path."""
    client = box.client(ADMINISTRATOR)
    client.get("/wizard")
    made = upload(client, "/wizard/upload", FILE)
    draft = made.path.removesuffix("/columns")
    assert "Beispiel" not in client.get(made.path).text
    assert client.post(f"{draft}/columns", COLUMNS).path == f"{draft}/check"
    return client, draft


@pytest.mark.req("GEN-008")
def test_from_the_file_to_the_start_in_eight_steps(own_office: Box) -> None:
    client, draft = checked(own_office)
    report = re.sub(r"<[^>]*>", " ", looked_at(client, draft))
    for said in ("Zeilen 3", "Neue Kontakte 2", "Schadhafte Zeilen 1"):
        assert said in " ".join(report.split()), said
    at = imported(client, draft)
    passed = []
    while at != f"{draft}/start":
        passed.append(at.rsplit("/", 1)[1])
        assert len(passed) < 8, passed
        at = accept(client, at).path
    assert passed == list(wizard.SAVED)
    page = client.get(at).text
    for said in ("Messe (2 Kontakte offen)", "Es fehlt nichts.", "Mo–Fr 09:00–18:00"):
        assert said in page, said
    started = client.post(at, {})
    assert started.path == draft.replace("wizard", "campaigns")
    assert "Läuft" in client.get(started.path).text
    assert client.get(f"{draft}/rules").path == started.path


def test_a_draft_survives_log_out_and_restarts_of_both_processes(own_office: Box) -> None:
    client, draft = checked(own_office)
    looked_at(client, draft)
    imported(client, draft)
    client.get(accept(client, f"{draft}/rules", purpose="sales_business").path)
    client.post("/logout")
    assert own_office.service is not None
    assert own_office.web is not None
    own_office.service.kill()
    own_office.web.kill()
    own_office.start_service()
    own_office.start_web()
    again = own_office.client(ADMINISTRATOR)
    assert again.get(draft).path == f"{draft}/hours"
    assert 'value="sales_business" checked' in again.get(f"{draft}/rules").text
    assert f'href="{draft}"' in again.get("/wizard").text


def test_back_keeps_even_what_cannot_be_saved(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    client.get("/wizard")
    draft = client.post("/wizard/list", {"contact_list_id": "1", "name": "Zweite"}).path.removesuffix(
        "/check"
    )
    refused = client.post(f"{draft}/results", {"max_attempts": "viele", "go": "next"})
    assert refused.status == 422
    assert "Anwahlversuche je Kontakt muss eine ganze Zahl sein." in refused.text
    assert 'value="viele"' in refused.text
    assert client.post(f"{draft}/results", {"max_attempts": "viele", "go": "back"}).path == f"{draft}/team"
    assert 'value="viele"' in client.get(f"{draft}/results").text
    accept(client, f"{draft}/results", max_attempts="4")
    assert 'value="4"' in client.get(f"{draft}/results").text


def test_the_rest_is_accepted_and_what_is_missing_names_its_step(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    client.get("/wizard")
    draft = client.post("/wizard/list", {"contact_list_id": "1", "name": "Zweite"}).path.removesuffix(
        "/check"
    )
    assert accept(client, f"{draft}/check", go="end").path == f"{draft}/start"
    accept(client, f"{draft}/team", agent_ids=[])
    own_office.ask("trunk", name="provider", up=False)
    page = client.get(f"{draft}/start").text
    for said, step in (
        ("Es ist kein Agent zugeteilt.", "team"),
        ("Die Amtsleitung provider ist nicht erreichbar.", "team"),
        ("benutzt dieselbe Kontaktliste.", "list"),
    ):
        assert re.search(rf'{re.escape(said)}[^<]*<a href="{draft}/{step}">', page), said
    assert client.post(f"{draft}/start", {}).path == f"{draft}/start"
    assert "Es ist kein Agent zugeteilt." in client.get(f"{draft}/start").text
    assert "Entwurf" in client.get(draft.replace("wizard", "campaigns")).text


def test_no_list_a_wrong_file_and_a_column_twice_are_said_where_they_are(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    client.get("/wizard")
    assert client.post("/wizard/list", {"name": "x"}).status == 422
    made = upload(client, "/wizard/upload", b"\x89PNG\r\n\x1a\n" + bytes(300))
    shown = client.get(made.path)
    assert shown.status == 422
    assert 'role="alert"' in shown.text
    draft = made.path.removesuffix("/columns")
    again = upload(client, f"{draft}/upload", FILE)
    twice = client.post(again.path, {**COLUMNS, "role-0": "number"})
    assert twice.status == 422
    assert client.get("/wizard/999").status == 404


def test_the_forecast_comes_to_the_page_and_takes_other_assumptions(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    assert "Noch keine Prognose" in client.get("/campaigns/1/forecast").text
    client.post("/campaigns/1/forecast", {})
    text = forecast_of(client)
    assert "Zwei Agenten: " in text
    assert "25 % " in text
    page = client.get("/campaigns/1/forecast").text
    fields = {
        name: unescape(value) for name, value in re.findall(r'name="(a-[a-z_]+)"[^>]*value="([^"]*)"', page)
    }
    assert client.post("/campaigns/1/forecast", {**fields, "a-live_share": "200"}).path.endswith("/forecast")
    assert "Ein Mensch hebt ab muss zwischen 1 und 95 liegen." in client.get("/campaigns/1/forecast").text
    client.post("/campaigns/1/forecast", {**fields, "a-live_share": "40,5"})
    assert "40,5 % " in forecast_of(client, "40,5")


def forecast_of(client: Client, wanted: str = "<table") -> str:
    """The forecast once it is there."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        text = str(json.loads(client.get("/live/campaigns/1/forecast.json").text)["regions"]["forecast"])
        if wanted in text and "#waiting" not in text:
            return text
        time.sleep(0.1)  # between two looks at a foreign process
    raise AssertionError("no forecast came")


# -- in a browser --------------------------------------------------------------------------------------------------


def test_enter_accepts_every_step(own_office: Box, browser: Browser) -> None:
    client = own_office.client(ADMINISTRATOR)
    client.post("/campaigns/1/stop")
    browser.open(own_office, client, width=375)
    browser.look("/wizard")
    seen = browser.do(
        """
        await page.locator('#f-name').focus();
        const steps = [];
        for (const step of ['check', 'rules', 'hours', 'mode', 'team', 'results', 'start']) {
          await page.keyboard.press('Enter');
          await page.waitForURL(`**/wizard/*/${step}`);
          await page.evaluate(() => scrollTo(0, 0));
          steps.push(...await axe());
          const field = page.locator('#step input:not([type=hidden]):not([disabled])').first();
          if (await field.count()) await field.focus(); else await page.locator('#go-on').focus();
        }
        await page.locator('.help').first().press('Enter');
        await page.locator('.explain:popover-open').waitFor();
        await page.evaluate(() => scrollTo(0, 0));
        steps.push(...await axe());
        await page.keyboard.press('Escape');
        await page.locator('[data-region=forecast] table').waitFor({ timeout: 120000 });
        await page.evaluate(() => scrollTo(0, 0));
        steps.push(...await axe());
        await page.locator('#go-on').press('Enter');
        await page.waitForURL('**/campaigns/*');
        return steps;
        """
    )
    assert seen == []
    assert browser.said == []


# -- without any process -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "wanted", "leads_to"),
    [
        ("rules", "", "hours"),
        ("rules", "back", "check"),
        ("rules", "end", "start"),
        ("rules", "stay", "rules"),
        ("rules", "team", "team"),
        ("list", "back", "list"),
        ("start", "next", "start"),
        ("hours", "javascript:alert(1)", "mode"),
    ],
)
def test_where_the_buttons_lead(step: str, wanted: str, leads_to: str) -> None:
    assert wizard.after(step, wanted) == leads_to


def test_notes_on_a_draft_are_kept_and_spoilt_ones_are_none(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path)
    notes = Notes(upload="a" * 32, order={"name": "Messe"}, seen=4, typed={"team": {"trunk": ["x"]}})
    drafts.write(7, notes)
    assert drafts.read(7) == notes
    assert drafts.read(8) == Notes()
    (tmp_path / "draft-7.json").write_text("{broken")
    assert drafts.read(7) == Notes()
    (tmp_path / "draft-7.json").write_text('{"seen": "four", "upload": 3, "moon": 1}')
    assert drafts.read(7) == Notes()
    drafts.forget(7)
    drafts.forget(7)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("key", "agents", "calls", "english", "german"),
    [
        (
            "advise_progressive_with_budget",
            3,
            1,
            "Three agents: progressive with one call of budget.",
            "Drei Agenten: Progressiv mit einem Anruf Spielraum.",
        ),
        (
            "advise_progressive_no_budget",
            1,
            0,
            "One agent: progressive.",
            "Ein Agent: Progressiv.",
        ),
        (
            "advise_predictive",
            30,
            180,
            "30 agents: predictive; about 180 calls may be lost.",
            "30 Agenten: Prädiktiv; rund 180 Anrufe dürfen verloren gehen.",
        ),
    ],
)
def test_the_adviser_speaks_both_languages(
    key: str, agents: int, calls: int, english: str, german: str
) -> None:
    advice = {"key": key, "figures": {"agents": agents, "calls": calls, "answers": 40}}
    assert advice_words.sentence(advice, ENGLISH) == english
    assert advice_words.sentence(advice, GERMAN) == german


@pytest.mark.parametrize("agents", [0, 1, 2, 3, 5, 10, 30])
@pytest.mark.parametrize("answers", [0, 1, 34, 100, 434, 6000])
@pytest.mark.parametrize(("live_share", "talk_s"), [(0.25, 90.0), (0.6, 200.0)])
def test_the_adviser_never_contradicts_itself(
    agents: int, answers: int, live_share: float, talk_s: float
) -> None:
    """One mode in both sentences, the one the wizard would choose; a budget is told in calls while it is a few."""
    found = advise(Team(agents, float(answers), 0.03, live_share, talk_s))
    advice = {"key": found.key, "figures": dict(found.figures)}
    said, why = advice_words.sentence(advice, ENGLISH), advice_words.reason(advice, ENGLISH)
    assert advice_words.MODE_OF[found.key] == found.mode
    assert "{" not in said + why
    if "of budget" in said:
        assert int(found.figures["calls"]) <= 3
        assert "“Predictive”" in why, "the mode to choose is named"
    elif found.mode == "predictive":
        assert ("predictive" in said.lower(), "progressive" in (said + why).lower()) == (True, False)
    else:
        assert "predictive" not in (said + why).lower()
    german = advice_words.sentence(advice, GERMAN) + advice_words.reason(advice, GERMAN)
    assert "{" not in german


def test_where_the_abandon_rate_stands_is_said_in_words() -> None:
    figures = {"risk": 0.31, "theta": 0.07, "credit": 1.8, "answers": 120.0, "abandoned": 2.0}
    note = PacingNote(CampaignId(1), 0.0, 2, "risk_too_high", figures)
    live = {"abandon_target": 0.03, "live_answers": 500, "abandoned": 9}
    found = pacing_view.standing(live, [note], ENGLISH)
    assert "120 people answered and 2 found no agent: 1.7%. The limit is 3.0%." in found.text
    assert found.more == "1 call may still find no agent in this window."
    assert not found.over
    assert pacing_view.decisions([note], ENGLISH)[0].figures == ["31.0%", "7.0%", "1.8", "120", "2"]
    plain = PacingNote(CampaignId(1), 0.0, 1, "one_call_per_ready_agent", {})
    assert pacing_view.standing({**live, "abandoned": 20}, [plain], ENGLISH).over
    assert pacing_view.decisions([plain], ENGLISH)[0].figures == ["", "", "", "", ""]
    assert "Nobody has answered yet" in pacing_view.standing({"abandon_target": 0.03}, [], ENGLISH).text


def test_what_somebody_changed_of_the_assumptions_is_read_and_nothing_else() -> None:
    known = {"live_share": 0.25, "talk_s": 90.0, "hourly": [1.0, 1.2], "seed": 1}
    typed = {"a-live_share": "25", "a-talk_s": "75,5", "a-hourly": "1 1,2", "a-seed": "1"}
    assert forecast_view.read(lambda name: typed.get(name, ""), known) == {"talk_s": 75.5}
    wrong = {"a-live_share": "viel", "a-hourly": "1; x"}
    assert forecast_view.read(lambda name: wrong.get(name, ""), known) == {
        "live_share": "viel",
        "hourly": [1, "x"],
    }


def test_a_pack_without_rules_says_nothing_and_an_unknown_one_does_not_break_the_page() -> None:
    assert pack_words.sentences({"rules": {}}, ENGLISH) == []
    assert pack_words.consent({"rules": {"consent": [["sales", "moon"]]}}, "sales", ENGLISH) == "moon"
    assert pack_words.hours({"rules": {}}, ENGLISH) == "never"
