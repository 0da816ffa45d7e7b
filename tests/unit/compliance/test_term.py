"""A campaign's first and last day: by the office's own clock, whatever zone the contact is in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from firmware.campaigns.settings import check, from_json, to_json
from firmware.compliance import term
from firmware.compliance.again import judge_again
from firmware.compliance.judge import judge
from firmware.compliance.why import why
from firmware.model import CampaignSettings, Permit, Refusal
from tests.unit.compliance.test_judge import NOON, SETTINGS, Someone
from tests.unit.compliance.test_why import OPEN

WEEK = replace(SETTINGS, first_day="2027-03-01", last_day="2027-03-05", days_zone="Europe/Berlin")


def at(text: str, zone: str = "Europe/Berlin") -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


@pytest.mark.req("GEN-045")
@pytest.mark.parametrize(
    ("now", "rule"),
    [
        ("2027-02-28T23:59:59", "campaign_not_begun"),
        ("2027-03-01T00:00:00", "window_closed"),
        ("2027-03-01T12:00:00", ""),
        ("2027-03-05T17:59:59", ""),
        ("2027-03-05T23:59:59", "window_closed"),
        ("2027-03-06T00:00:00", "campaign_over"),
        ("2027-03-06T12:00:00", "campaign_over"),
    ],
)
def test_nobody_is_called_before_the_first_day_or_after_the_last(now: str, rule: str) -> None:
    answer = judge(Someone(), WEEK, at(now))
    assert (answer.rule if isinstance(answer, Refusal) else "") == rule


@pytest.mark.req("GEN-045")
def test_a_permit_names_the_term_and_can_be_asked_again() -> None:
    permit = judge(Someone(), WEEK, NOON)
    assert isinstance(permit, Permit)
    assert permit.term == "2027-03-01/2027-03-05 Europe/Berlin"
    assert judge_again(permit, WEEK) == permit
    refused = judge_again(permit, replace(WEEK, last_day="2027-02-28", first_day=""))
    assert isinstance(refused, Refusal)
    assert (refused.rule, refused.figures) == (
        "campaign_over",
        {"day": "2027-02-28", "zone": "Europe/Berlin"},
    )


def test_without_days_there_is_no_term() -> None:
    permit = judge(Someone(), SETTINGS, NOON)
    assert isinstance(permit, Permit)
    assert permit.term == ""
    assert (term.begins_at(SETTINGS), term.ends_at(SETTINGS), term.refusal(SETTINGS, 0.0)) == (
        None,
        None,
        None,
    )


def test_neither_end_moves_a_contact() -> None:
    for now in ("2027-02-01T12:00", "2027-03-20T12:00"):
        refusal = judge(Someone(), WEEK, at(now))
        assert isinstance(refusal, Refusal)
        assert refusal.of_zones


def test_days_are_the_offices_and_windows_the_contacts() -> None:
    """When the last day ends in Berlin it is still early in New York: nobody there is called any more."""
    eastern = Someone(number="+12025550143", zones=("America/New_York",))
    there = replace(WEEK, country="US", rule_pack="own", caller_id="")
    called = judge(eastern, there, at("2027-03-05T17:00", "America/New_York"))
    assert isinstance(called, Permit)
    later = judge(eastern, there, at("2027-03-05T18:00", "America/New_York"))
    assert isinstance(later, Refusal)
    assert later.rule == "campaign_over"


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        ("2027-03-28", "Europe/Berlin", 23.0),
        ("2027-10-31", "Europe/Berlin", 25.0),
        ("2027-04-04", "Australia/Lord_Howe", 24.5),
        ("2027-03-01", "Asia/Kolkata", 24.0),
        ("2028-02-29", "Europe/Berlin", 24.0),
    ],
)
def test_a_day_is_as_long_as_it_is_there(day: str, zone: str, hours: float) -> None:
    settings = CampaignSettings("x", first_day=day, last_day=day, days_zone=zone)
    begin, end = term.begins_at(settings), term.ends_at(settings)
    assert begin is not None
    assert end is not None
    assert (end - begin) / 3600 == hours


def test_why_names_the_first_day_and_when_the_contact_becomes_callable() -> None:
    found = why(Someone(), WEEK, OPEN, at("2027-02-20T12:00"))
    assert {block.rule for block in found.blocks} == {"campaign_not_begun"}
    assert found.callable_at == at("2027-03-01T09:00")
    late = why(Someone(), WEEK, OPEN, at("2027-03-07T12:00"))
    assert "campaign_over" in {block.rule for block in late.blocks}
    assert late.callable_at is None


@pytest.mark.parametrize(
    ("given", "where", "key"),
    [
        ({"first_day": "1.3.2027"}, "first_day", "no_day"),
        ({"first_day": "2027-02-29"}, "first_day", "no_day"),
        ({"last_day": "0001-01-01"}, "last_day", "no_day"),
        ({"first_day": "2027-03-05", "last_day": "2027-03-04"}, "last_day", "last_day_first"),
        ({"days_zone": "Europe/Atlantis"}, "days_zone", "unknown_zone"),
    ],
)
def test_days_that_are_none_are_refused_by_name(given: dict[str, Any], where: str, key: str) -> None:
    _, problems = check({"name": "x", **given})
    assert [(each.where, each.key) for each in problems] == [(where, key)]


def test_settings_with_days_are_read_back_as_they_were() -> None:
    days = {"first_day": "2027-03-01", "last_day": "2027-03-05", "days_zone": "Europe/Berlin"}
    settings = from_json(to_json(from_json({"name": "x", **days})))
    assert (settings.first_day, settings.last_day, settings.days_zone) == (
        "2027-03-01",
        "2027-03-05",
        "Europe/Berlin",
    )


def test_which_days_lie_within() -> None:
    inside = [term.contains(WEEK, date(2027, 3, day)) for day in (1, 3, 5, 6)]
    assert inside == [True, True, True, False]
    assert not term.contains(WEEK, date(2027, 2, 28))
    assert term.contains(SETTINGS, date(1999, 1, 1))
