"""German and English: complete, the same sentences, and nothing said outside of them."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

import firmware
from firmware.campaigns.texts import FILE_TEXTS, SETTINGS_TEXTS
from firmware.commands.texts import COMMAND_TEXTS
from firmware.compliance.texts import NUMBER_TEXTS, REFUSAL_TEXTS
from firmware.model import (
    AgentState,
    AmdLabel,
    AttemptState,
    CampaignState,
    ContactState,
    DiallingMode,
    Disposition,
    HangupCause,
    PhoneMode,
    Problem,
    Role,
    Side,
)
from firmware.scripts.texts import SCRIPT_TEXTS
from tests.web.box import ADMINISTRATOR, AGENT, Box
from web_ui import messages, words
from web_ui.language import CATALOGUE, Languages, preferred
from web_ui.problem_words import PROBLEMS

VIEWS = sorted((messages.HERE / "views").rglob("*.tpl"))
LANGUAGES = Languages("Europe/Berlin", "de")
SAME_IN_BOTH = {"Deutsch", "English", "Agent", "AMD"}


def catalogue() -> list[object]:
    with CATALOGUE.open("rb") as file:
        return [message for message in read_po(file, locale="de") if message.id]


@pytest.mark.req("ENR-110")
def test_every_sentence_has_a_german_one_and_none_is_left_over() -> None:
    wanted = {message.id for message in messages.found() if message.id}
    have = {message.id: message for message in catalogue()}
    assert wanted - set(have) == set(), "run python -m web_ui.messages"
    assert set(have) - wanted == set(), "run python -m web_ui.messages"
    assert [message.id for message in have.values() if not messages.translated(message)] == []


def test_both_languages_fill_in_the_same_figures() -> None:
    def figures(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    for message in catalogue():
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        translations = message.string if isinstance(message.string, tuple) else (message.string,)
        for original, translation in zip(originals, translations, strict=True):
            assert figures(original) == figures(translation), original


class Literals(HTMLParser):
    """Collects text and spoken attributes that are written out in a template."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        spoken = {"title", "aria-label", "placeholder", "alt"}
        if ("type", "hidden") not in attrs and tag != "option":
            spoken.add("value")
        self.found += [value or "" for name, value in attrs if name in spoken]


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.stem)
def test_no_word_stands_in_a_template_outside_of_the_catalogue(path: Path) -> None:
    text = re.sub(r"^\s*%.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    text = re.sub(r"\{\{.*?\}\}", "", text, flags=re.DOTALL)
    reader = Literals()
    reader.feed(text)
    said = {word for part in reader.found for word in re.findall(r"[^\W\d_]{2,}", part)}
    assert said <= SAME_IN_BOTH | {"F2", "F4"}, path.name


@pytest.mark.parametrize("path", sorted((messages.HERE / "static").glob("*.js")), ids=lambda path: path.stem)
def test_no_word_for_people_stands_in_a_script_outside_of_the_catalogue(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for shown in re.findall(r"(?:textContent|title|placeholder)\s*=\s*(['\"`])([^'\"`]*)\1", text):
        assert not re.search(r"[^\W\d_]{2,}", re.sub(r"\$\{[^}]*\}", "", shown[1])), shown
    for shown in re.findall(r"\bsay\([^,]+,\s*(['\"`])(.*?)\1\)", text):
        assert shown[1] == "", shown


def test_raw_output_is_used_once_for_the_frame_and_nowhere_else() -> None:
    used = {path.name: path.read_text().count("{{!") for path in VIEWS if "{{!" in path.read_text()}
    assert used == {"base.tpl": 1}
    assert "{{!base}}" in (messages.HERE / "views/base.tpl").read_text()


@pytest.mark.parametrize(
    ("table", "kind"),
    [
        (words.AGENT_STATES, AgentState),
        (words.CAMPAIGN_STATES, CampaignState),
        (words.CONTACT_STATES, ContactState),
        (words.ATTEMPT_STATES, AttemptState),
        (words.DISPOSITIONS, Disposition),
        (words.HANGUP_CAUSES, HangupCause),
        (words.SIDES, Side),
        (words.VERDICTS, AmdLabel),
        (words.ROLES, Role),
        (words.PHONE_MODES, PhoneMode),
        (words.MODES, DiallingMode),
    ],
)
def test_every_word_of_the_model_has_a_word_for_people(table: dict[str, str], kind: type) -> None:
    assert set(table) == {word.value for word in kind}  # type: ignore[attr-defined]


def literal_keys(call: str, place: int) -> set[str]:
    """Keys written out in calls of ``call`` in the service's code."""
    found = set()
    root = Path(firmware.__path__[0])
    asked = ("store", "calls", "campaigns", "compliance", "commands")
    files = [path for folder in asked for path in (root / folder).rglob("*.py")]
    for path in [*files, root / "typed.py", root / "health.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == call:
                key = node.args[place] if len(node.args) > place else None
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value:
                    found.add(key.value)
    return found


def test_every_problem_the_service_can_report_has_a_sentence() -> None:
    of_the_office = {*COMMAND_TEXTS, *SCRIPT_TEXTS, *SETTINGS_TEXTS, *FILE_TEXTS, *NUMBER_TEXTS}
    assert of_the_office - set(PROBLEMS) == set()
    assert literal_keys("Problem", 1) - set(PROBLEMS) == set()
    assert set(REFUSAL_TEXTS) - set(words.REFUSALS) == set()


def test_every_finding_about_the_box_has_a_sentence() -> None:
    keys = literal_keys("Check", 3) | literal_keys("_alive", 1) | literal_keys("_holds", 2)
    assert len(keys) > 8
    assert keys - set(words.HEALTH) == set()


@pytest.mark.parametrize("code", ["de", "en"])
def test_the_services_problems_read_the_same_here_as_there(code: str) -> None:
    language = LANGUAGES.get(code)
    for table in (COMMAND_TEXTS, NUMBER_TEXTS, SCRIPT_TEXTS):
        for key, both in table.items():
            figures = {name: f"<{name}>" for _, name, _, _ in Formatter().parse(both[0]) if name}
            said = words.problem(Problem("", key, "fallback", figures), language)
            assert said == both[0 if code == "en" else 1].format(**figures)


def test_figures_of_settings_are_said_as_the_form_shows_them() -> None:
    figures = {"name": "min_gap_s", "low": "0", "high": "7776000", "value": "9999999"}
    found = Problem("min_gap_s", "out_of_range", "", figures)
    said = words.problem(found, LANGUAGES.get("de"))
    assert said == "Abstand zwischen Anwahlversuchen muss zwischen 0 und 2.160 liegen, nicht 2.777,78."


def test_a_problem_nobody_translated_is_shown_all_the_same() -> None:
    assert words.problem(Problem("x", "brand_new", "Something new."), LANGUAGES.get("de")) == "Something new."


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("en-GB", "en"),
        ("fr,en;q=0.3,de;q=0.7", "de"),
        ("fr-FR", "de"),
        ("", "de"),
        ("*;q=0.1,;;;q=x,en;q=0", "de"),
        ("en;q=nan", "de"),
        ("x" * 5000, "de"),
    ],
)
def test_the_browsers_favourite_language_is_taken(header: str, chosen: str) -> None:
    assert preferred(header, "de") == chosen


@pytest.mark.req("ENR-110")
def test_each_person_has_a_language_and_may_change_it(own_office: Box) -> None:
    stranger = own_office.client()
    assert "Passwort" in stranger.get("/login", Accept_Language="de").text
    assert "Password" in stranger.get("/login", Accept_Language="en-US").text
    stranger.post("/language", {"language": "en", "back": "/login"})
    assert "Password" in stranger.get("/login", Accept_Language="de").text
    agent = own_office.client(AGENT)
    assert "Arbeitsplatz" in agent.get("/desk").text
    assert agent.post("/language", {"language": "en", "back": "/desk"}).path == "/desk"
    assert "Agent desk" in agent.get("/desk").text
    assert "Agent desk" in own_office.client(AGENT).get("/desk").text
    assert "Übersicht" in own_office.client(ADMINISTRATOR).get("/dashboard").text


def test_numbers_and_dates_follow_the_language() -> None:
    german, english = LANGUAGES.get("de"), LANGUAGES.get("en")
    assert (german.number(1234.5), english.number(1234.5)) == ("1.234,5", "1,234.5")
    assert (german.percent(0.0284), english.percent(0.0284)) == ("2,8\u00a0%", "2.8%")
    assert german.moment(1_780_000_000) == "28.05.2026, 22:26"
    assert english.moment(1_780_000_000) == "28 May 2026, 22:26"
    assert german.window("Mon 09:00-18:00") == "Mo 09:00–18:00"
    assert german.there("2026-05-28T22:26:40+02:00") == "28.05.2026, 22:26 (UTC+02:00)"
    assert german.phone("+493023125000") == "+49 30 23125000"
    assert german.phone("+49 30 23•••••00") == "+49 30 23•••••00"
