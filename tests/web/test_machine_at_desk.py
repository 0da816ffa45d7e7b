"""What a desk says of machines: without a sound, with one key to leave the message, and what became of the call."""

from __future__ import annotations

from typing import Any

import pytest

from web_ui import desk_view
from web_ui.language import Language, Languages

CALL = {
    "state": "bridged",
    "name": "Clara",
    "number": "+493023125001",
    "since": 1.0,
    "verdict": {"label": "human"},
}


def desk(state: str = "talking", **call: Any) -> dict[str, Any]:
    return {
        "state": state,
        "since": 1.0,
        "phone": {},
        "today": {},
        "history": [],
        "attempt": "x",
        "call": {**CALL, **call},
    }


@pytest.fixture
def german() -> Language:
    return Languages("Europe/Berlin", "de").get("de")


def test_nothing_is_said_while_it_may_be_a_person(german: Language) -> None:
    shown = desk_view.regions(desk(), [], german)["call"]
    assert desk_view.facts(desk(), german)["desk"]["machine"] == ""
    assert "note machine" not in shown
    assert "b-leave" not in shown


def test_a_correction_is_shown_and_spoken_with_the_key_that_leaves_the_message(german: Language) -> None:
    now = desk(correction="machine", can_leave=True)
    shown = desk_view.regions(now, [], german)["call"]
    assert desk_view.facts(now, german)["desk"]["machine"] == "Das ist eine Maschine."
    assert "Das ist eine Maschine." in shown
    assert 'data-do="leave_message" id="b-leave"' in shown
    without = desk_view.regions(desk(correction="fax"), [], german)["call"]
    assert "Das ist kein Mensch: Fax." in without
    assert "b-leave" not in without
    assert desk_view.facts(desk("wrap_up", correction="machine"), german)["desk"]["machine"] == ""


@pytest.mark.parametrize(
    ("what", "by_agent", "said"),
    [
        ("message", True, "Clara: Die Nachricht wird hinterlassen."),
        ("message", False, "Clara: eine Maschine. Die Box hinterlässt die Nachricht"),
        ("hung_up", False, "Clara: eine Maschine. Die Box hat aufgelegt"),
    ],
)
def test_who_is_let_go_reads_and_hears_why(german: Language, what: str, by_agent: bool, said: str) -> None:
    free = {**desk("ready"), "call": None, "released": {"name": "Clara", "what": what, "by_agent": by_agent}}
    assert said in desk_view.regions(free, [], german)["call"]
    assert said in desk_view.facts(free, german)["desk"]["spoken"]
