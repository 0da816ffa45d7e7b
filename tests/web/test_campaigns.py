"""Campaigns: the form and its mistakes, starting and stopping, attempts and permits."""

from __future__ import annotations

import json
import re
import time
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.campaigns import defaults
from firmware.campaigns.settings import from_json, to_json
from firmware.model import CallWindow, CampaignSettings, Disposition, RetryRule, UserId
from tests.web.box import ADMINISTRATOR, Box, campaign_form
from web_ui import forms
from web_ui.language import Languages


@pytest.mark.req("GEN-110")
def test_a_campaign_is_made_started_paused_and_stopped(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    made = client.post("/campaigns", campaign_form([own_office.agents["jonas"]], name="Zweite"))
    page = client.get(made.path).text
    assert "Die Kampagne ist gespeichert." in page
    assert "Entwurf" in page
    client.post("/campaigns/1/stop")
    assert "steht dafür ein, dass sie das Recht einhält" in page
    assert "Rechtlich verantwortlich" not in page
    for action, state in (("start", "Läuft"), ("pause", "Pause"), ("start", "Läuft"), ("stop", "Gestoppt")):
        client.post(f"{made.path}/{action}")
        text = client.get(made.path).text
        region = text.split('data-region="campaign_state">')[1].split("</span>")[0]
        assert state in region, action
    assert re.search(r"<dt>Rechtlich verantwortlich</dt><dd>Anna[^<]*,", client.get(made.path).text)


@pytest.mark.req("WDE-003", "WDE-005")
def test_agents_are_told_and_who_was_stands_beside_them(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    made = client.post("/campaigns", campaign_form([own_office.agents["jonas"]], name="Zweite"))
    assert client.post(f"{made.path}/announce").path == made.path
    page = client.get(made.path).text
    assert "Die Agenten von Zweite sind benachrichtigt" in page
    assert "noch nicht bestätigt" in page
    client.post(f"{made.path}/start")
    assert client.post(f"{made.path}/announce").status == 303
    assert "noch nicht bestätigt" in client.get(made.path).text
    empty = client.post("/campaigns", campaign_form([], name="Leer"))
    client.post(f"{empty.path}/announce")
    assert "Es ist kein Agent zugeteilt." in client.get(empty.path).text


def test_a_start_is_refused_with_every_reason_at_once(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    made = client.post("/campaigns", campaign_form([], name="Leer", contact_list_id="", caller_id=""))
    own_office.ask("trunk", name="provider", up=False)
    client.get(made.path)
    assert client.post(f"{made.path}/start").path == made.path
    page = client.get(made.path).text
    for said in (
        "Es ist kein Agent zugeteilt.",
        "Es ist keine Kontaktliste gewählt.",
        "Die Amtsleitung provider ist nicht erreichbar.",
        "Es ist keine Absenderrufnummer gesetzt",
    ):
        assert said in page
    assert "Entwurf" in page


def test_every_mistake_in_the_form_comes_back_beside_its_field(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    wrong = {
        "name": "",
        "max_attempts": "viele",
        "ring_timeout_s": "3",
        "abandon_target_pc": "7,5",
        "min_gap_h": "-1",
        "default_zone": "Europe/Berlim",
        "from-0-0": "18:00",
        "to-0-0": "09:00",
    }
    answer = client.post("/campaigns", campaign_form([own_office.agents["jonas"]], **wrong))
    assert answer.status == 422
    for said in (
        "Name fehlt.",
        "Anwahlversuche je Kontakt muss eine ganze Zahl sein.",
        "Klingeln lassen muss zwischen 15 und 60 liegen, nicht 3.",
        "Abbruchquote, höchstens muss zwischen 0 und 5 liegen, nicht 7,5.",
        "Unbekannte Zeitzone: Europe/Berlim.",
        "Die Anrufzeit endet vor ihrem Beginn.",
    ):
        assert said in answer.text, said
    for name in ("name", "max_attempts", "ring_timeout_s", "abandon_target_pc", "min_gap_h", "default_zone"):
        field = re.search(rf'<input id="f-{name}"[^>]*>', answer.text)
        assert field is not None
        assert 'aria-invalid="true"' in field[0], name
    assert 'value="viele"' in answer.text
    assert 'value="7,5"' in answer.text


def test_an_edit_that_changes_nothing_changes_nothing(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    page = client.get("/campaigns/1/edit").text
    shown = form_of(page)
    own_office.ask("trunk", name="provider", up=True)
    assert client.post("/campaigns/1", shown).path == "/campaigns/1", page
    assert form_of(client.get("/campaigns/1/edit").text) == shown


def form_of(page: str) -> dict[str, list[str]]:
    """What a browser would send for the form of a page."""
    text = page.split('class="form sections"')[1].split("</form>")[0]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", text):
        named = re.search(r'name="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        ticked = "checked" in tag if 'type="checkbox"' in tag else True
        if named and ticked and "disabled" not in tag:
            found.setdefault(named[1], []).append(value[1] if value else "")
    for name, options in re.findall(r'<select [^>]*name="([^"]*)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.search(
            r'<option[^>]*selected[^>]*value="([^"]*)"|<option value="([^"]*)" selected', options
        )
        plain = re.search(r"<option selected>([^<]*)", options)
        value = (chosen[1] or chosen[2]) if chosen else (plain[1] if plain else "")
        found.setdefault(name, []).append(value or "")
    found.pop("csrf", None)
    return found


@pytest.mark.req("WDE-028")
def test_an_attempt_shows_its_story_and_the_permit(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    page = client.get("/campaigns/1").text
    link = re.search(r'href="(/attempts/[0-9A-Z]{26})"', page)
    assert link is not None
    text = client.get(link[1]).text
    for said in (
        "Anrufnachweis",
        "Verbunden mit Jonas Weber",
        "Beendet durch Kontakt",
        "Bitte am Vormittag",
        "Widersprüche, Fassung",
        "base-2",
        "Europe/Berlin",
    ):
        assert said in text, said


NOTHING_THERE = [
    *("/campaigns/999", "/campaigns/999/edit", "/attempts/none", "/lists/999", "/dnc/999", "/users/999"),
    *("/lists/upload/" + "0" * 32, "/lists/import/0000", "/campaigns/99999999999999999999", "/nothing"),
]


@pytest.mark.parametrize("path", NOTHING_THERE)
def test_what_does_not_exist_is_said_in_words(office: Box, path: str) -> None:
    answer = office.client(ADMINISTRATOR).get(path)
    assert answer.status == 404
    assert "Nicht gefunden" in answer.text


@pytest.mark.req("GEN-008", "DFI-001")
def test_the_dialling_mode_is_chosen_in_the_form_and_kept(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    preview = {
        "mode": "preview",
        "preview_offer": "pull",
        "preview_countdown_s": "20",
        "preview_limit_s": "90",
        "preview_skip": "1",
        "skip_delay_h": "2",
        "owner_field": "Betreuer",
        "manual_dialling": "1",
        "preview_after": "2",
        "preview_field": "Vorschau",
        "agent_key": "1",
        "lines_per_agent": "1,5",
        "max_lines": "0",
        "weight": "5",
    }
    made = client.post("/campaigns", campaign_form([own_office.agents["jonas"]], **preview))
    shown = form_of(client.get(f"{made.path}/edit").text)
    assert {name: shown[name] for name in preview} == {
        **{name: [value] for name, value in preview.items()},
        "lines_per_agent": ["1.5"],
    }
    assert "Vorschau" in client.get(made.path).text
    wrong = {**preview, "mode": "loud", "preview_limit_s": "1", "preview_countdown_s": "x"}
    answer = client.post("/campaigns", campaign_form([own_office.agents["jonas"]], **wrong))
    assert answer.status == 422
    for said in ("Zeit zum Entscheiden muss zwischen 15 und 3600 liegen", "Von selbst wählen nach muss"):
        assert said in answer.text, said


def test_a_predictive_campaign_shows_what_it_steers_by_and_why_it_holds_back(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    figures = {
        "risk": 0.31,
        "theta": 0.07,
        "credit": 2.8,
        "answers": 120.0,
        "abandoned": 2.0,
        "live_share": 0.25,
    }
    pacing = {"starts": 0, "reason": "risk_too_high", "figures": figures, "next_due_at": None}
    shown = {"id": 1, "name": "Herbstaktion", "state": "running", "agents": [], "pacing": pacing}
    own_office.ask("publish", event="campaign", data=shown)
    text = ""
    for _ in range(100):
        text = json.loads(client.get("/live/campaigns/1.json").text)["regions"]["campaign_figures"]
        if "Theta" in text:
            break
        time.sleep(0.05)  # between two looks at a foreign process
    assert "Die nächste Antwort fände wahrscheinlich keinen freien Agenten." in text
    for label, value in (
        ("Anrufe, die heute noch verloren gehen dürfen", "2"),
        ("Heute abgehoben (Menschen)", "120"),
        ("Heute abgebrochen", "2"),
        ("Risiko des nächsten Anrufs", "31"),
        ("Erlaubtes Risiko (Theta)", "7"),
    ):
        assert re.search(rf"<dt>{re.escape(label)}</dt><dd>{value}\b", text), label


@pytest.mark.req("GEN-024")
def test_what_becomes_of_people_is_chosen_and_held_to_the_rules(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    form = campaign_form([], mode="agentless", message_text="", with_machines="1", on_machine="message")
    form |= {"drop_text": "Bitte rufen Sie zurück.", "on_person": "hang_up", "name": "Nur Maschinen"}
    form = MACHINES | MODES | form
    refused = client.post("/campaigns", form)
    assert refused.status == 422
    assert "bei 3 % der Menschen aufzulegen, die abheben, nicht bei allen" in unescape(refused.text).replace(
        "\u00a0", " "
    )
    made = client.post("/campaigns", {**form, "purpose": "service", "rule_pack": "own", "rules": "{}"})
    assert made.status == 303, made.text
    page = client.get(made.path).text
    assert "Der Mensch erfährt, wer angerufen hat, dann legt die Box auf" in page
    edited = client.get(f"{made.path}/edit").text
    assert re.search(r'<option value="hang_up" selected>Der Mensch erfährt', edited)


# -- the shape of the form, without a browser -------------------------------------------------------------------


@pytest.mark.req("GEN-087", "GEN-089", "GEN-090")
def test_a_campaigns_page_has_its_figures_its_calls_and_its_callbacks(own_office: Box) -> None:
    client, jonas = own_office.client(ADMINISTRATOR), own_office.agents["jonas"]
    assert 'id="callbacks-title"' not in client.get("/campaigns/1").text
    own_office.ask("attempt", campaign_id=1, user_id=jonas, note="", final=False)
    for at in (1_900_000_000.0, 1_800_000_000.0):
        own_office.ask("promise", campaign_id=1, user_id=jonas, at=at)
    page = unescape(re.sub(r"<[^>]*>", " ", client.get("/campaigns/1").text.split("<main")[1]))
    page = re.sub(r"\s+", " ", page)
    promised = page.split("Wiedervorlagen 2 ")[1]
    assert promised.index("15.01.2027") < promised.index("17.03.2030"), "the next one first"
    assert "Jonas Weber" in promised
    calls = page.split("Anwahlversuche")[-1]
    assert re.search(r"Person 1 \S.{,20} Nachbearbeitung Mensch Jonas Weber", calls), "under way"
    assert re.search(r"Person 0 \S.{,20} Gesprochen Mensch Jonas Weber", calls), "over"
    assert re.search(r"\d+ von 20 Kontakten abgeschlossen", page), "figures"


MACHINES = {
    **{name: choices[0] for name, _label, _hint, choices in forms.MACHINE_FIELDS},
    "drop_file": "",
    "drop_wait_s": "45",
    "audit_share_pc": "0",
}

MODES = {
    "preview_offer": "push",
    "preview_countdown_s": "0",
    "preview_limit_s": "180",
    "skip_delay_h": "1",
    "preview_after": "0",
    "lines_per_agent": "1",
    "max_lines": "0",
    "weight": "5",
}

settings = st.builds(
    CampaignSettings,
    name=st.just("Test"),
    windows=st.lists(
        st.builds(
            lambda day, start, length: CallWindow(day, start, min(start + length, 1440)),
            st.integers(0, 5),
            st.integers(540, 700),
            st.integers(1, 700),
        ),
        min_size=1,
        max_size=7,
        unique_by=lambda window: window.weekday,
    ),
    max_attempts=st.integers(1, 30),
    min_gap_s=st.integers(0, 2000).map(lambda hours: hours * 360.0),
    ring_timeout_s=st.integers(15, 40).map(float),
    abandon_target=st.integers(0, 30).map(lambda tenths: tenths / 1000),
    amd_enabled=st.booleans(),
    record_calls=st.booleans(),
    dnc_list_ids=st.just([2, 3]),
    agent_ids=st.just([UserId(4), UserId(5)]),
    retry=st.dictionaries(
        st.sampled_from([Disposition.BUSY, Disposition.NO_ANSWER, Disposition.INTERRUPTED]),
        st.builds(RetryRule, st.integers(0, 100).map(lambda n: n * 900.0), st.integers(1, 9)),
        min_size=1,
    ),
    wrap_up_codes=st.just(defaults.WRAP_UP_CODES),
    automatic_wrap_up_code=st.just("contacted"),
)


def sent(shown: dict[str, object]) -> dict[str, list[str]]:
    """The form's fields as a browser would send them."""
    fields: dict[str, list[str]] = {}
    for name, value in shown.items():
        if isinstance(value, bool):
            fields[name] = ["1"] if value else []
        elif isinstance(value, list) and name in ("dnc_list_ids", "agent_ids"):
            fields[name] = [str(each) for each in value]
        elif isinstance(value, str | int):
            fields[name] = [str(value)]
    for day, pairs in enumerate(shown["week"]):
        fields[f"day-{day}"] = ["1"] if any(start or end for start, end in pairs) else []
        for pair, (start, end) in enumerate(pairs):
            fields[f"from-{day}-{pair}"], fields[f"to-{day}-{pair}"] = [start], [end]
    for word, (delay, most) in shown["retry"].items():
        fields[f"retry-{word}-h"], fields[f"retry-{word}-n"] = [delay], [most]
    for digit, code in shown["codes"].items():
        fields |= {
            f"code-{digit}": [code.code],
            f"code-{digit}-de": [code.label_de],
            f"code-{digit}-en": [code.label_en],
            f"code-{digit}-disposition": [code.disposition],
        }
    return {**fields, "with_retry": ["1"], "with_codes": ["1"]}


@given(settings)
def test_what_the_form_shows_is_read_back_as_it_was(before: CampaignSettings) -> None:
    fields = sent(forms.fields_of(before))
    read = forms.read(lambda name: (fields.get(name) or [""])[0], lambda name: fields.get(name, []))
    once = to_json(from_json(read))
    again = sent(forms.fields_of(from_json(read)))
    assert forms.read(lambda name: (again.get(name) or [""])[0], lambda name: again.get(name, [])) == read
    wanted = to_json(before)
    for name in (
        "max_attempts",
        "min_gap_s",
        "ring_timeout_s",
        "abandon_target",
        "retry",
        "wrap_up_codes",
        "agent_ids",
    ):
        assert once[name] == pytest.approx(wanted[name]) if isinstance(wanted[name], float) else wanted[name]
    as_set = {(w["weekday"], w["start_min"], w["end_min"]) for w in once["windows"]}
    assert as_set == {
        (w.weekday, w.start_min, 1440 if w.end_min >= 1439 else w.end_min) for w in before.windows
    }


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("09:05", 545),
        ("00:00", 0),
        ("23:59", 1440),
        ("24:00", None),
        ("9", None),
        ("", None),
        ("xx:10", None),
        ("10:7x", None),
    ],
)
def test_times_of_day_are_read_strictly(text: str, minute: int | None) -> None:
    assert forms.minutes(text) == minute


def test_call_windows_are_said_with_equal_days_together() -> None:
    windows = [CallWindow(day, 540, 1080) for day in range(5)] + [
        CallWindow(5, 600, 840),
        CallWindow(5, 900, 960),
    ]
    german = Languages("Europe/Berlin", "de").get("de")
    assert forms.week_words(windows, german) == [("Mo–Fr", "09:00–18:00"), ("Sa", "10:00–14:00, 15:00–16:00")]


@pytest.mark.req("GEN-086")
def test_what_was_not_allowed_is_counted_on_the_page_and_stays_there(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    client.post("/dnc/1/add", {"numbers": "030 23125001"})
    own_office.ask("attempt", campaign_id=1, user_id=2, note="")
    page = client.get("/campaigns/1").text
    assert re.search(r"<dt>Auf einer Sperrliste</dt><dd>1</dd>", page)
    told = json.loads(client.get("/live/campaigns/1.json").text)
    assert "Auf einer Sperrliste" in told["regions"]["campaign_figures"]
