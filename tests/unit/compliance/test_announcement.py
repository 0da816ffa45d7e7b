"""What a person hears who finds no agent: each country's parts, and what keeps a campaign from calling ahead."""

from __future__ import annotations

from dataclasses import replace

import pytest

from firmware.compliance.announcement import complete, fields_wanted, lacks, spoken, values_of
from firmware.compliance.packs import PACKS
from firmware.dialling.messages import filled
from firmware.model import CampaignSettings, DiallingMode, PersonAction
from tests.unit.compliance.test_judge import SETTINGS

AHEAD = replace(SETTINGS, mode=DiallingMode.PREDICTIVE)
TEXT = "Hier ist {caller_name}, es geht um {reason}. Rückruf: {number}."
GOOD = replace(AHEAD, abandon_text=TEXT, caller_name="Muster GmbH", call_reason="Ihre Bestellung")
FREE = "+448001111222"


def found(settings: CampaignSettings) -> dict[str, str]:
    return {each.figures.get("field", each.figures.get("fields", "")): each.key for each in lacks(settings)}


@pytest.mark.parametrize("mode", [DiallingMode.PREVIEW, DiallingMode.PROGRESSIVE, DiallingMode.AGENTLESS])
def test_where_nobody_is_called_ahead_of_an_agent_no_text_is_asked_for(mode: DiallingMode) -> None:
    assert found(replace(AHEAD, mode=mode)) == {}


LAWS = ("gb", "us")
"""Packs whose announcement is the law's; that of all others is our own choice."""


@pytest.mark.parametrize("pack", sorted(PACKS))
def test_one_call_for_each_agent_needs_the_text_where_a_law_says_so(pack: str) -> None:
    one_each = replace(AHEAD, mode=DiallingMode.PROGRESSIVE, rule_pack=pack)
    assert bool(found(one_each)) == (pack in LAWS)
    assert found(replace(one_each, mode=DiallingMode.PREVIEW)) == {}


def test_who_asks_for_an_agent_by_key_may_find_none() -> None:
    text = "Hier ist {caller_name}, {number}. Taste {opt_out_key}."
    by_key = replace(GOOD, mode=DiallingMode.AGENTLESS, rule_pack="us", agent_key=True, message_text=text)
    assert found(replace(by_key, abandon_text="")) == {
        "{caller_name} {number} {reason} {opt_out_key}": "no_abandon_text"
    }
    assert found(replace(by_key, abandon_text="", agent_key_to="agent:7")) == {}
    assert found(replace(by_key, abandon_text="", agent_key=False)) == {}
    agents = replace(by_key, agent_key=False, on_person=PersonAction.AGENT, message_text="")
    assert set(found(replace(agents, abandon_text="")).values()) == {"no_abandon_text"}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"rule_pack": "de"}, {}),
        ({"rule_pack": "own"}, {}),
        (
            {"rule_pack": "us", "message_text": "Guten Tag."},
            dict.fromkeys(("{caller_name}", "{number}", "{opt_out_key}"), "message_text_lacks"),
        ),
        ({"rule_pack": "us"}, {}),
        ({"rule_pack": "us", "caller_name": ""}, {"{caller_name}": "message_field_empty"}),
        ({"rule_pack": "gb"}, {"{opt_out_number}": "message_text_lacks"}),
    ],
)
def test_without_agents_the_message_says_who_calls_where_a_law_wants_it(
    changes: dict[str, str], expected: dict[str, str]
) -> None:
    text = "Hier ist {caller_name}, {number}. Taste {opt_out_key}."
    alone = replace(GOOD, mode=DiallingMode.AGENTLESS, message_text=text)
    assert found(replace(alone, **changes)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", [DiallingMode.POWER, DiallingMode.PREDICTIVE])
def test_without_a_text_nobody_is_called_ahead(mode: DiallingMode) -> None:
    assert found(replace(AHEAD, mode=mode)) == {"{caller_name} {reason} {number}": "no_abandon_text"}
    assert found(replace(AHEAD, mode=mode, abandon_text="  ")) != {}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        (
            {"abandon_text": "Hier ist {caller_name}."},
            {"{reason}": "abandon_text_lacks", "{number}": "abandon_text_lacks"},
        ),
        ({"caller_name": " "}, {"{caller_name}": "abandon_field_empty"}),
        ({"caller_id": ""}, {"{number}": "abandon_field_empty"}),
        ({"abandon_text": TEXT + " {opt_out_number}"}, {"{opt_out_number}": "abandon_field_empty"}),
        ({"abandon_text": TEXT + " {Name}, {Ort}"}, {}),
        ({"rule_pack": "gb"}, {"{opt_out_number}": "abandon_text_lacks"}),
        ({"rule_pack": "gb", "abandon_text": TEXT + "{opt_out_number}", "opt_out_number": FREE}, {}),
        ({"rule_pack": "us"}, {"{opt_out_key}": "abandon_text_lacks"}),
        ({"rule_pack": "us", "abandon_text": TEXT + " Key {opt_out_key}."}, {}),
        ({"rule_pack": "xx"}, {}),
    ],
)
def test_each_thing_that_is_missing_is_named(changes: dict[str, str], expected: dict[str, str]) -> None:
    assert found(replace(GOOD, **changes)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("pack", sorted(PACKS))
def test_every_pack_asks_for_fields_there_are(pack: str) -> None:
    settings = replace(GOOD, rule_pack=pack)
    assert set(fields_wanted(settings)) <= set(values_of(settings))
    assert "caller_name" in fields_wanted(settings)


def test_what_is_said_is_said_digit_by_digit() -> None:
    said = filled(GOOD.abandon_text, {**values_of(GOOD), "Name": "Ada"})
    assert said == "Hier ist Muster GmbH, es geht um Ihre Bestellung. Rückruf: 0 3 0 2 3 1 2 5 0 0 0."
    assert spoken("+441632960123") == "0 1 6 3 2 9 6 0 1 2 3"
    assert spoken("") == ""


def test_a_text_with_an_empty_field_is_not_spoken() -> None:
    assert complete(GOOD)
    assert not complete(replace(GOOD, caller_name=""))
    assert not complete(replace(GOOD, abandon_text=""))
