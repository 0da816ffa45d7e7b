"""A campaign's dry run: modes and teams side by side, the same again by its seed, mistakes by their field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from firmware.model import CampaignSettings, DiallingMode, OperatorError
from firmware.simulate import prospect
from firmware.simulate.campaign import Plan
from firmware.simulate.prospect import Assumptions

MONDAY = date(2026, 11, 23)
USUAL = Assumptions(agents=3, lines=12)
FRAME = prospect.frame_of(CampaignSettings("x"), 0.03, 1, 15.0, 4.0)
PLAN = Plan(contacts=3000, attempts=3, start=MONDAY, hours_on=lambda day: 4.0 if day.weekday() < 5 else 0.0)


def test_modes_and_teams_stand_side_by_side_and_the_dice_decide_nothing_else() -> None:
    told: list[float] = []
    found = prospect.compare(USUAL, FRAME, PLAN, told.append)
    assert [each.mode for each in found.own] == ["progressive", "power", "predictive"]
    assert {each.agents for each in found.others} == {2, 4, 6}
    by_mode = {each.mode: each for each in found.own}
    assert by_mode["predictive"].busy_share > by_mode["progressive"].busy_share
    assert by_mode["progressive"].abandoned == 0
    last_days = {each.agents: each.ends_on for each in found.others if each.mode == "progressive"}
    assert last_days[6] is not None
    assert last_days[2] is not None
    assert last_days[6] < last_days[2]
    assert told == sorted(told)
    assert 0.0 <= told[0] < told[-1] < 1.0
    assert prospect.plain(found) == prospect.plain(prospect.compare(USUAL, FRAME, PLAN))
    other = prospect.compare(replace(USUAL, seed=2), FRAME, PLAN)
    assert prospect.plain(other) != prospect.plain(found)


def test_no_line_is_used_twice() -> None:
    few = prospect.compare(replace(USUAL, lines=3), FRAME, PLAN)
    assert all(each.lines_needed <= 3 for each in few.own)


def test_without_agents_the_lines_set_the_pace() -> None:
    settings = CampaignSettings("x", mode=DiallingMode.AGENTLESS, message_text="Guten Tag. " * 12)
    frame = prospect.frame_of(settings, 0.03, 1, 15.0, 4.0)
    slow = prospect.compare(Assumptions(agents=0, lines=2), frame, PLAN)
    quick = prospect.compare(Assumptions(agents=0, lines=20), frame, PLAN)
    assert slow.own[0].ends_on is not None
    assert quick.own[0].ends_on is not None
    assert quick.own[0].ends_on < slow.own[0].ends_on
    assert slow.advice.key == "advise_agentless"
    assert slow.others == ()


def test_a_list_nobody_may_call_and_windows_that_never_open() -> None:
    nobody = prospect.compare(USUAL, FRAME, replace(PLAN, contacts=0))
    assert {each.dials for each in nobody.own} == {0}
    never = prospect.compare(USUAL, FRAME, replace(PLAN, hours_on=lambda _: 0.0))
    assert {each.ends_on for each in never.own} == {None}


def test_a_changed_assumption_takes_its_place_and_each_mistake_is_named() -> None:
    assert prospect.read({"live_share": 0.4, "hourly": [1, 2]}, USUAL) == replace(
        USUAL, live_share=0.4, hourly=(1.0, 2.0)
    )
    with pytest.raises(OperatorError) as error:
        prospect.read({"live_share": 3, "agents": "viele", "moon": 1}, USUAL)
    assert {problem.where for problem in error.value.problems} == {"live_share", "agents", "moon"}


@pytest.mark.parametrize(
    ("agents", "shift_h", "key"),
    [
        (0, 8.0, "advise_agentless"),
        (1, 1.0, "advise_progressive_no_budget"),
        (3, 8.0, "advise_progressive_with_budget"),
        (30, 8.0, "advise_predictive"),
    ],
)
def test_the_quick_advice_counts_the_calls_that_may_be_lost(agents: int, shift_h: float, key: str) -> None:
    frame = replace(FRAME, shift_h=shift_h)
    assert prospect.quick_advice(replace(USUAL, agents=agents), frame).key == key
