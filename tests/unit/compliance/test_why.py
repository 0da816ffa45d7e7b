"""Why not this one: every reason at once, and the first moment at which none is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as depth
from hypothesis import strategies as st

from firmware.compliance.judge import judge
from firmware.compliance.why import Standing, why
from firmware.model import CallWindow, CampaignSettings, CampaignState, ContactState, Permit, Purpose
from tests.unit.compliance.test_judge import NIGHT, NOON, SETTINGS, Someone

OPEN = Standing(ContactState.OPEN, "", 0.0, False, False, CampaignState.RUNNING)


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp()


def test_a_contact_that_may_be_called_has_no_reason_and_may_be_called_now() -> None:
    found = why(Someone(), SETTINGS, OPEN, NOON)
    assert (found.blocks, found.callable_at) == ((), NOON)


def test_every_rule_speaks_not_only_the_first() -> None:
    someone = Someone(
        dnc_hits=("Box",),
        dnc_until=NIGHT + 60,
        attempts=1,
        last_attempt_at=NIGHT - 60,
        abandoned_at=NIGHT - 60,
        dials=(NIGHT - 180, NIGHT - 120, NIGHT - 60),
    )
    resting = replace(OPEN, next_at=NIGHT + 90 * 86400, campaign=CampaignState.PAUSED)
    found = why(someone, SETTINGS, resting, NIGHT)
    assert [block.rule for block in found.blocks] == [
        *("campaign_not_running", "not_due", "dnc", "too_soon", "abandoned_recently", "period_limit"),
        "window_closed",
    ]
    assert found.callable_at == at("2027-05-31T09:00")


@pytest.mark.parametrize(
    ("someone", "standing", "settings"),
    [
        ({"number": "112"}, {}, {}),
        ({"dnc_hits": ("Box",)}, {}, {}),
        ({"attempts": 3}, {}, {}),
        ({}, {"state": ContactState.CLOSED, "closed_reason": "contacted"}, {}),
        ({}, {}, {"purpose": Purpose.SALES}),
        ({}, {}, {"windows": ()}),
        ({}, {}, {"rule_pack": "xx"}),
        ({"zones": ("Europe/Berlin", "Pacific/Honolulu")}, {}, {}),
    ],
)
def test_what_does_not_end_by_waiting_has_no_moment(
    someone: dict[str, Any], standing: dict[str, Any], settings: dict[str, Any]
) -> None:
    found = why(Someone(**someone), replace(SETTINGS, **settings), replace(OPEN, **standing), NOON)
    assert found.blocks
    assert found.callable_at is None


@pytest.mark.parametrize(
    ("standing", "rule"),
    [
        ({"campaign": None}, "no_campaign"),
        ({"campaign": CampaignState.DRAFT}, "campaign_not_running"),
        ({"state": ContactState.IN_FLIGHT}, "contact_in_flight"),
        ({"number_in_flight": True}, "number_in_flight"),
        ({"offered": True}, "offered"),
    ],
)
def test_what_a_person_ends_is_told_and_changes_no_moment(standing: dict[str, Any], rule: str) -> None:
    found = why(Someone(), SETTINGS, replace(OPEN, **standing), NOON)
    assert [block.rule for block in found.blocks] == [rule]
    assert found.callable_at == NOON


def test_the_moment_is_asked_again_until_all_agree() -> None:
    """The gap ends in the evening, then it is a holiday, then a Saturday without a window, then a Sunday."""
    friday = CampaignSettings("x", windows=tuple(CallWindow(day, 600, 1080) for day in range(5)))
    someone = Someone(number="+498923125123", last_attempt_at=at("2026-06-03T17:00"))
    found = why(someone, replace(friday, min_gap_s=4 * 3600), OPEN, at("2026-06-03T17:30"))
    assert [block.rule for block in found.blocks] == ["too_soon"]
    assert found.callable_at == at("2026-06-05T10:00")


MOMENTS = st.floats(NOON - 40 * 86400, NOON + 40 * 86400)


@given(
    someone=st.builds(
        Someone,
        number=st.sampled_from(["+493023125123", "+33199000000", "+12025550123"]),
        zones=st.lists(st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata"]), max_size=2),
        attempts=st.integers(0, 3),
        last_attempt_at=st.none() | MOMENTS,
        abandoned_at=st.none() | MOMENTS,
        dials=st.lists(MOMENTS, max_size=12).map(sorted),
        dnc_hits=st.just(()) | st.just(("Box",)),
        dnc_until=st.none() | MOMENTS,
    ),
    next_at=MOMENTS,
    now=MOMENTS,
)
@depth(max_examples=200, deadline=None)
def test_at_that_moment_the_judge_agrees_and_not_before(someone: Someone, next_at: float, now: float) -> None:
    standing = replace(OPEN, next_at=next_at)
    found = why(someone, SETTINGS, standing, now)
    assert bool(found.blocks) == (found.callable_at != now)
    if found.callable_at is None:
        return
    assert isinstance(judge(someone, SETTINGS, found.callable_at), Permit)
    assert found.callable_at >= min(next_at, found.callable_at)
    for share in (0.1, 0.5, 0.9, 0.999):
        before = now + (found.callable_at - now) * share
        if now <= before < found.callable_at:
            assert before < next_at or not isinstance(judge(someone, SETTINGS, before), Permit)
