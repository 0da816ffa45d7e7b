"""A permit asked again by its own facts: the same, another answer, or none because the rules are others now."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from firmware.compliance.again import judge_again
from firmware.compliance.judge import judge
from firmware.model import Consent, Permit, Purpose, Refusal
from tests.unit.compliance.test_judge import NOON, SETTINGS, Someone

CONSENT = Consent(7, "+493023125123", "sales", NOON - 60, None, "form", "Yes.", "form.pdf")


def given(settings: Any = SETTINGS, **someone: Any) -> Permit:
    answer = judge(Someone(**someone), settings, NOON)
    assert isinstance(answer, Permit)
    return replace(answer, settings="0" * 64)


@pytest.mark.parametrize(
    "someone",
    [
        {},
        {"zones": ()},
        {"zones": ("Europe/Berlin", "Asia/Kolkata")},
        {"number": "+33399000000", "fields": {"code postal": "75001"}},
        {"fields": {"Bundesland": "Bayern"}},
        {
            "attempts": 2,
            "last_attempt_at": NOON - 90_000,
            "abandoned_at": NOON - 4 * 86400,
            "machine_at": NOON - 90_000,
            "dials": (NOON - 4 * 86400, NOON - 90_000),
            "campaign_dials": 2,
        },
    ],
)
def test_the_same_facts_give_the_same_permit(someone: dict[str, Any]) -> None:
    permit = given(**someone)
    assert judge_again(permit, SETTINGS) == permit


def test_the_consent_it_rested_on_is_enough() -> None:
    sales = replace(SETTINGS, purpose=Purpose.SALES)
    permit = given(sales, consents=(CONSENT, replace(CONSENT, id=3, given_at=NOON - 90)))
    assert permit.consent["sales"]["id"] == 7
    assert judge_again(permit, sales) == permit
    refused = judge_again(replace(permit, consent={}), sales)
    assert isinstance(refused, Refusal)
    assert refused.rule == "no_consent"


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"attempts_before": 3}, "attempts_used_up"),
        ({"last_attempt_at": NOON - 60}, "too_soon"),
        ({"abandoned_at": NOON - 60}, "abandoned_recently"),
        ({"history": (NOON - 60, NOON - 50, NOON - 40)}, "period_limit"),
        ({"zone": "America/New_York"}, "window_closed"),
        ({"decided_at": NOON + 12 * 3600}, "window_closed"),
        ({"number": "112"}, "emergency_number"),
    ],
)
def test_facts_that_forbid_the_call_are_told(changed: dict[str, Any], rule: str) -> None:
    answer = judge_again(replace(given(), **changed), SETTINGS)
    assert isinstance(answer, Refusal)
    assert answer.rule == rule


@pytest.mark.parametrize(
    "changed", [{"rule_version": "base-1"}, {"pack": "de 1999.1"}, {"holiday_table": "holidays 0.1"}]
)
def test_other_rules_are_not_asked(changed: dict[str, str]) -> None:
    assert judge_again(replace(given(), **changed), SETTINGS) is None
