"""Reads a permit as the question it once answered, and asks again.

A permit keeps what it rests on, so anybody can check it later by the rules of its day: the same facts and the same
settings must give the same permit. Where the packs or the code have changed since, the answer says so instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from firmware.compliance.judge import RULE_VERSION, Answer, judge
from firmware.model import CampaignSettings, Consent, Permit


@dataclass(frozen=True, slots=True)
class Recalled:
    """The candidate a permit was given to."""

    number: str
    zones: tuple[str, ...]
    places: tuple[str, ...]
    attempts: int
    dials: tuple[float, ...]
    campaign_dials: int
    last_attempt_at: float | None
    abandoned_at: float | None
    machine_at: float | None
    dnc_versions: Mapping[str, int]
    consents: tuple[Consent, ...]
    fields: Mapping[str, str] = field(default_factory=dict)
    dnc_hits: tuple[str, ...] = ()
    dnc_until: float | None = None
    registers: Mapping[str, float] = field(default_factory=dict)


def recalled(permit: Permit) -> Recalled:
    """Return what was known of the contact when the permit was given."""
    return Recalled(
        number=permit.number,
        zones=_parts(permit.zone),
        places=_parts(permit.regions),
        attempts=permit.attempts_before,
        dials=tuple(permit.history),
        campaign_dials=permit.counters.get("campaign", 0),
        last_attempt_at=permit.last_attempt_at,
        abandoned_at=permit.abandoned_at,
        machine_at=permit.machine_at,
        dnc_versions=permit.dnc_lists,
        registers=permit.registers,
        consents=tuple(_consent(permit.number, each) for each in permit.consent.values()),
    )


def judge_again(permit: Permit, settings: CampaignSettings) -> Answer | None:
    """Judge a permit by its own facts and the campaign's settings of its day.

    None where that cannot be done: the permit is from another version of the rules.
    """
    if permit.rule_version != RULE_VERSION:
        return None
    answer = judge(recalled(permit), settings, permit.decided_at)
    if isinstance(answer, Permit):
        if (answer.pack, answer.holiday_table) != (permit.pack, permit.holiday_table):
            return None
        return replace(answer, settings=permit.settings)
    return answer


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(", ") if part)


def _consent(number: str, kept: Mapping[str, Any]) -> Consent:
    return Consent(
        kept["id"],
        number,
        kept["covers"],
        kept["given_at"],
        kept["until"],
        kept["source"],
        kept["wording"],
        kept["proof"],
    )
