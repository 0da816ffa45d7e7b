"""May this number be called at this moment? The answer is a permit that is kept, or a refusal with its rule.

Rules are asked in a fixed order and the first that objects decides, so the same contact at the same moment always
gets the same answer. Nothing here raises for bad data: a contact that cannot be judged is refused. Asking the DNC
lists, counting attempts and storing the permit is the store's; rule packs per country and consent come on top.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from firmware.compliance.numbers import is_emergency
from firmware.compliance.windows import (
    UnknownZoneError,
    local_time,
    next_opening,
    window_at,
    window_text,
)
from firmware.model import CampaignSettings, Permit, Refusal

RULE_VERSION = "base-1"
"""Stored with every permit; changes whenever a rule here would answer differently."""

ABANDON_GAP_S = 24 * 3600.0
"""No automatic call within a day of one that was abandoned. Ofcom's statement on persistent misuse asks for 72 h
unless an agent is held ready, which is a matter of the country's rule pack; a day is the least that is decent."""

_E164 = re.compile(r"\+[1-9][0-9]{5,14}")

Answer = Permit | Refusal


class Candidate(Protocol):
    """What must be known of a contact to judge it. The store's candidate row fits."""

    @property
    def number(self) -> str:
        """E.164."""

    @property
    def zones(self) -> Sequence[str]:
        """IANA zones the contact may be in; none: the campaign's default zone."""

    @property
    def attempts(self) -> int:
        """Attempts made so far, whatever became of them."""

    @property
    def last_attempt_at(self) -> float | None:
        """When the last attempt was made, UTC seconds."""

    @property
    def abandoned_at(self) -> float | None:
        """When a call to the number was last abandoned, UTC seconds."""

    @property
    def dnc_hits(self) -> Sequence[str]:
        """Names of the DNC lists that hold the number."""

    @property
    def dnc_versions(self) -> Mapping[str, int]:
        """Every DNC list that was asked, with its version."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One question: this contact, in this campaign, at this moment."""

    candidate: Candidate
    settings: CampaignSettings
    now: float

    @property
    def zones(self) -> tuple[str, ...]:
        return tuple(self.candidate.zones) or (self.settings.default_zone,)


def judge(candidate: Candidate, settings: CampaignSettings, now: float) -> Answer:
    """Return the permit to call ``candidate`` at ``now`` (UTC seconds), or the first rule that forbids it.

    Rules: ``emergency_number, invalid_number, dnc, attempts_used_up, too_soon, abandoned_recently, unknown_zone,
    no_window, window_closed``. A refusal without ``until`` will not lift by waiting.
    """
    case = _Case(candidate, settings, now)
    for rule in _RULES:
        refusal = rule(case)
        if refusal is not None:
            return refusal
    return _permit(case)


def _number(case: _Case) -> Refusal | None:
    if is_emergency(case.candidate.number, case.settings.country):
        return Refusal("emergency_number")
    if not _E164.fullmatch(case.candidate.number):
        return Refusal("invalid_number")
    return None


def _dnc(case: _Case) -> Refusal | None:
    if case.candidate.dnc_hits:
        return Refusal("dnc", figures={"lists": ", ".join(case.candidate.dnc_hits)})
    return None


def _attempts(case: _Case) -> Refusal | None:
    made, limit = case.candidate.attempts, case.settings.max_attempts
    if made >= limit:
        return Refusal("attempts_used_up", figures={"attempts": str(made), "limit": str(limit)})
    return None


def _gap(case: _Case) -> Refusal | None:
    return _waits(case, "too_soon", case.candidate.last_attempt_at, case.settings.min_gap_s)


def _abandoned(case: _Case) -> Refusal | None:
    return _waits(case, "abandoned_recently", case.candidate.abandoned_at, ABANDON_GAP_S)


def _waits(case: _Case, rule: str, last_at: float | None, gap_s: float) -> Refusal | None:
    """Refuse until the gap has passed, also where the clock was set back and the last time is yet to come."""
    if last_at is None or case.now >= last_at + gap_s:
        return None
    return Refusal(rule, until=last_at + gap_s, figures={"gap_s": f"{gap_s:.0f}"})


def _window(case: _Case) -> Refusal | None:
    figures = {"zones": ", ".join(case.zones)}
    try:
        opening = next_opening(case.settings.windows, case.zones, case.now)
    except UnknownZoneError as error:
        return Refusal("unknown_zone", figures={"zones": str(error)})
    if opening is None:
        return Refusal("no_window", figures=figures)
    return None if opening <= case.now else Refusal("window_closed", until=opening, figures=figures)


_RULES: tuple[Callable[[_Case], Refusal | None], ...] = (_number, _dnc, _attempts, _gap, _abandoned, _window)


def _permit(case: _Case) -> Permit:
    """Write down why; several zones stand side by side in the same order in zone, local time and window."""
    zones, now = case.zones, case.now
    windows = [window_at(case.settings.windows, zone, now) for zone in zones]
    return Permit(
        number=case.candidate.number,
        decided_at=now,
        zone=", ".join(zones),
        local_time=", ".join(local_time(zone, now).isoformat(timespec="seconds") for zone in zones),
        window=", ".join(window_text(window) for window in windows if window is not None),
        rule_version=RULE_VERSION,
        dnc_lists=dict(case.candidate.dnc_versions),
        attempts_before=case.candidate.attempts,
        last_attempt_at=case.candidate.last_attempt_at,
        caller_id=case.settings.caller_id,
    )
