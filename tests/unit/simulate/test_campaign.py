"""The dry run of a campaign: the list over the calendar, in both modes."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from firmware.simulate.campaign import Plan, dry_run
from firmware.simulate.scenario import read

_DAY = read(tomllib.loads(Path(__file__).with_name("base.toml").read_text("utf-8")))
BASE = replace(_DAY, team=replace(_DAY.team, shift_h=4.0))
MONDAY = date(2026, 11, 23)


def weekdays(day: date) -> float:
    return 8.0 if day.weekday() < 5 else 0.0


def test_predictive_ends_earlier_and_the_numbers_hang_together() -> None:
    forecast = dry_run(BASE, Plan(contacts=8000, attempts=3, start=MONDAY, hours_on=weekdays), days=1)
    progressive, predictive = forecast.progressive, forecast.predictive
    assert progressive.ends_on is not None
    assert predictive.ends_on is not None
    assert predictive.ends_on < progressive.ends_on
    assert predictive.ends_on.weekday() < 5
    for each in (progressive, predictive):
        assert 8000 < each.dials < 3 * 8000
        assert each.abandoned <= each.reached <= 8000
        assert 0 < each.lines_needed <= 8 * 4
    assert forecast.advice.mode == "predictive"
    assert forecast == dry_run(BASE, Plan(contacts=8000, attempts=3, start=MONDAY, hours_on=weekdays), days=1)


def test_fewer_lines_take_longer() -> None:
    plan = Plan(contacts=8000, attempts=3, start=MONDAY, hours_on=weekdays)
    few = dry_run(BASE, replace(plan, lines=5), days=1).predictive
    assert few.lines_needed <= 5
    assert few.days > dry_run(BASE, plan, days=1).predictive.days


@pytest.mark.parametrize(("contacts", "days"), [(0, 0), (1, 1)])
def test_a_tiny_list_ends_at_once(contacts: int, days: int) -> None:
    outlook = dry_run(BASE, Plan(contacts, 1, MONDAY, weekdays), days=1).predictive
    assert outlook.days <= 1
    assert outlook.ends_on == MONDAY


def test_a_calendar_that_never_opens_never_ends() -> None:
    assert dry_run(BASE, Plan(100, 1, MONDAY, lambda _: 0.0), days=1).predictive.ends_on is None


@pytest.mark.req("GEN-045")
def test_a_list_too_long_for_its_last_day_is_told_as_left() -> None:
    plan = Plan(contacts=80000, attempts=3, start=MONDAY, hours_on=weekdays)
    whole = dry_run(BASE, plan, days=1).predictive
    short = dry_run(BASE, replace(plan, last=MONDAY), days=1).predictive
    assert (short.ends_on, short.days) == (None, 1)
    assert 0 < short.left < plan.contacts
    assert 0 < short.dials < whole.dials
    assert whole.left == 0
