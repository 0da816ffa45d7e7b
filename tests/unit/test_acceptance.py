"""The acceptance sheet: what it says of a box, in both languages; a line that was not tested is said not to be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from firmware.papers import pdf
from firmware.papers.acceptance import Facts, sheet
from firmware.papers.acceptance_words import ACCEPTANCE
from firmware.papers.sheet import Sheet

AT = 1_790_000_000.0
EMPTY: dict[str, Any] = {"lines": [], "trunks": [], "phones": [], "machine": [], "trials": [], "health": []}
LINE = {"name": "amt-1", "profile": "cx930xx", "modem": "CX93001", "wrong": {"key": "", "figures": {}}}
NOISE = {"figure": "noise", "value": -62.5, "unit": "dBm0", "least": None, "most": -58.0, "verdict": "good"}
TEST = {
    "name": "amt-1",
    "kind": "test",
    "running": False,
    "ended_at": AT,
    "verdict": "good",
    "results": [NOISE],
}
TRIAL = {"to": "p5", "over": "", "started_at": AT, "answered_at": AT + 3.5, "keys": "12", "sip_code": 200}


def rows(made: Sheet) -> dict[str, str]:
    return {label.strip(): value for section in made.sections for label, value in section.rows}


def made(language: str = "en", **state: Any) -> Sheet:
    facts = Facts({**EMPTY, **state}, "Toni", "", "")
    return sheet(facts, "Büro", AT, language, "Europe/Berlin")


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_box_of_which_nothing_is_known_still_has_a_sheet_to_sign(language: str) -> None:
    paper = made(language)
    assert len(paper.sections) == 8
    assert all(value for section in paper.sections for _, value in section.rows)
    assert pdf.render(paper, datetime.fromtimestamp(AT, UTC)).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "job", [None, {**TEST, "running": True}, {**TEST, "kind": "learn"}, {**TEST, "results": []}]
)
def test_a_line_that_was_not_tested_to_its_end_is_not_called_tested(job: Any) -> None:
    assert rows(made(lines=[LINE], line_jobs=[job] if job else []))["Line test"] == "not tested"


def test_the_figures_of_a_test_stand_there_with_limits_and_verdict() -> None:
    told = rows(made("de", lines=[LINE], line_jobs=[TEST]))
    assert told["Rauschen"] == "gut: -62,5 dBm0 (höchstens -58)"
    assert told["amt-1"].startswith("betriebsbereit")


def test_trunks_phones_test_calls_and_what_is_wrong_are_listed() -> None:
    trunk = {
        "name": "t",
        "up": False,
        "lines": 4,
        "codecs": [],
        "registered": False,
        "failure": {"code": 403, "at": AT},
    }
    near = {**trunk, "name": "n", "round_trip_ms": 0.0}
    told = rows(
        made(
            trunks=[trunk, near, {"name": "amt", "up": True, "lines": 1}],
            phones=[{"name": "p5", "registered": True, "address": "192.0.2.5"}],
            trials=[TRIAL],
            health=[{"check": "disk", "ok": False, "key": "disk_low"}],
        )
    )
    assert "NOT reachable" in told["t"]
    assert "round trip" not in told["t"]
    assert "round trip < 1 ms" in told["n"]
    assert "403" in told["Last refusal"]
    assert "amt" not in told
    assert told["p5"] == "registered; 192.0.2.5"
    assert any("answered after 3.5 s; keys: 12" in value for value in told.values())
    assert told["disk"] == "disk_low"


def test_every_word_is_there_in_both_languages() -> None:
    assert all(english and german for english, german in ACCEPTANCE.values())
