"""May this number be called at this moment? The answer is a permit that is kept, or a refusal with its rule.

Rules are asked in a fixed order and the first that objects decides, so the same contact at the same moment always
gets the same answer; ``objections`` asks all of them. Nothing here raises for bad data: a contact that cannot be judged
is refused. Asking the DNC lists, counting attempts, finding consent and storing the permit is the store's; which rules
a campaign keeps is ``in_force``'s.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from firmware.compliance import term
from firmware.compliance.holiday_tables import table_version
from firmware.compliance.in_force import InForce, office_of
from firmware.compliance.numbers import is_emergency, zones_of
from firmware.compliance.regions import places_of
from firmware.compliance.rules import AUTOMATED, AUTOMATED_SERVICE, DAY_S, PERIOD_S, Need, Period
from firmware.compliance.windows import (
    UnknownZoneError,
    holiday_at,
    local_time,
    next_opening,
    window_at,
    window_text,
)
from firmware.model import CampaignSettings, Consent, DiallingMode, Permit, Purpose, Refusal

RULE_VERSION = "base-2"
"""Stored with every permit; changes whenever the code here would answer differently for the same rules."""

ABANDON_GAP_S = 24 * 3600.0
"""No automatic call within a day of one that was abandoned, whatever a pack says: the least that is decent."""

REGISTER_AGAIN_S = 3600.0
"""Where a register is missing or too old, a contact is looked at again after this: somebody may have loaded it."""

_E164 = re.compile(r"\+[1-9][0-9]{5,14}")

Answer = Permit | Refusal


class Candidate(Protocol):
    """What must be known of a contact to judge it. The store's candidate row fits."""

    @property
    def number(self) -> str:
        """E.164."""

    @property
    def zones(self) -> Sequence[str]:
        """IANA zones the contact may be in; none: those of the number, else the campaign's default zone."""

    @property
    def fields(self) -> Mapping[str, str]:
        """Custom fields; a state or a postcode is looked for in them by the column's name."""

    @property
    def places(self) -> Sequence[str]:
        """Where holidays are looked up (``DE-BY``); none: found out from fields and number."""

    @property
    def attempts(self) -> int:
        """Attempts made so far at the contact, whatever became of them."""

    @property
    def dials(self) -> Sequence[float]:
        """When the number was dialled in the last 30 days, by any campaign, UTC seconds, oldest first."""

    @property
    def campaign_dials(self) -> int:
        """How often the number was dialled by this campaign."""

    @property
    def last_attempt_at(self) -> float | None:
        """When the last attempt was made at the number, UTC seconds."""

    @property
    def abandoned_at(self) -> float | None:
        """When a call to the number was last abandoned, UTC seconds."""

    @property
    def machine_at(self) -> float | None:
        """When a call to the number was last judged a machine, UTC seconds."""

    @property
    def dnc_hits(self) -> Sequence[str]:
        """Names of the DNC lists that hold the number."""

    @property
    def dnc_versions(self) -> Mapping[str, int]:
        """Every DNC list that was asked, with its version."""

    @property
    def dnc_until(self) -> float | None:
        """When the last of the hits expires, UTC seconds; None: never."""

    @property
    def registers(self) -> Mapping[str, float]:
        """Each national register among the lists that were asked, with when it was loaded, UTC seconds."""

    @property
    def consents(self) -> Sequence[Consent]:
        """The records of consent of the number that were not withdrawn."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One question: this contact, in this campaign, at this moment."""

    candidate: Candidate
    settings: CampaignSettings
    in_force: InForce
    now: float
    zones: tuple[str, ...]


def judge(candidate: Candidate, settings: CampaignSettings, now: float) -> Answer:
    """Return the permit to call ``candidate`` at ``now`` (UTC seconds), or the first rule that forbids it.

    A refusal without ``until`` will not lift by waiting. Where the campaign and not the contact is at fault, the
    refusal is ``of_zones`` or named with the next day, so that no contact is given up for a mistake in a form.
    Rules: ``unknown_rules``, then those of ``RULES``.
    """
    case = _case(candidate, settings, now)
    if isinstance(case, Refusal):
        return case
    for rule in _RULES:
        refusal = rule(case)
        if refusal is not None:
            return refusal
    return _permit(case)


def objections(candidate: Candidate, settings: CampaignSettings, now: float) -> list[Refusal]:
    """Return every rule that forbids the call at ``now``, in the order they are asked; empty: it is permitted."""
    case = _case(candidate, settings, now)
    if isinstance(case, Refusal):
        return [case]
    found = (rule(case) for rule in _RULES)
    return [refusal for refusal in found if refusal is not None]


def _case(candidate: Candidate, settings: CampaignSettings, now: float) -> _Case | Refusal:
    try:
        in_force = office_of(settings).for_number(candidate.number)
    except KeyError:
        return Refusal("unknown_rules", figures={"pack": settings.rule_pack}, of_zones=True)
    zones = tuple(candidate.zones) or zones_of(candidate.number) or (settings.default_zone,)
    return _Case(candidate, settings, in_force, now, zones)


# -- the rules -----------------------------------------------------------------------------------------------------


def _number(case: _Case) -> Refusal | None:
    if is_emergency(case.candidate.number, case.settings.country):
        return Refusal("emergency_number")
    if not _E164.fullmatch(case.candidate.number):
        return Refusal("invalid_number")
    return None


def _term(case: _Case) -> Refusal | None:
    return term.refusal(case.settings, case.now)


def _caller_id(case: _Case) -> Refusal | None:
    shown = case.settings.caller_id
    if not shown or not shown.startswith(case.in_force.rules.caller_id_never):
        return None
    figures = {"caller_id": shown}
    if shown.startswith(case.in_force.home.caller_id_never):
        return Refusal("caller_id_forbidden", figures=figures, of_zones=True)
    return Refusal("caller_id_forbidden", until=case.now + DAY_S, figures=figures)


def _dnc(case: _Case) -> Refusal | None:
    until = case.candidate.dnc_until
    if not case.candidate.dnc_hits or (until is not None and case.now >= until):
        return None
    return Refusal("dnc", until=until, figures={"lists": ", ".join(case.candidate.dnc_hits)})


def _register(case: _Case) -> Refusal | None:
    """Refuse where a national register was to be asked and is missing or too old; a recorded consent goes before it."""
    purpose = case.settings.purpose.value
    for each in case.in_force.rules.registers:
        if purpose not in each.purposes or _record(case, purpose) is not None:
            continue
        loaded_at, again_at = case.candidate.registers.get(each.name), case.now + REGISTER_AGAIN_S
        if loaded_at is None:
            return Refusal("register_missing", again_at, {"register": each.name})
        age_s = case.now - loaded_at
        if age_s > each.max_age_s:
            figures = {"register": each.name, "days": _days(age_s), "limit": _days(each.max_age_s)}
            return Refusal("register_old", again_at, figures)
    return None


def _days(seconds: float) -> str:
    return str(int(seconds // DAY_S))


def _consent(case: _Case) -> Refusal | None:
    for purpose in _purposes(case.settings):
        if case.in_force.rules.need(purpose) is Need.RECORD and _record(case, purpose) is None:
            later = [c.given_at for c in _records(case, purpose) if c.given_at > case.now]
            return Refusal("no_consent", until=min(later, default=None), figures={"purpose": purpose})
    return None


def _attempts(case: _Case) -> Refusal | None:
    made, limit = case.candidate.attempts, case.settings.max_attempts
    if made >= limit:
        return Refusal("attempts_used_up", figures={"attempts": str(made), "limit": str(limit)})
    return None


def _campaign_limit(case: _Case) -> Refusal | None:
    made, limit = case.candidate.campaign_dials, case.in_force.rules.limit(Period.CAMPAIGN)
    if limit is not None and made >= limit:
        return Refusal("campaign_limit", figures={"attempts": str(made), "limit": str(limit)})
    return None


def _gap(case: _Case) -> Refusal | None:
    return _waits(case, "too_soon", case.candidate.last_attempt_at, case.settings.min_gap_s)


def _abandoned(case: _Case) -> Refusal | None:
    gap_s = max(ABANDON_GAP_S, case.in_force.rules.after_abandon_s)
    return _waits(case, "abandoned_recently", case.candidate.abandoned_at, gap_s)


def _machine(case: _Case) -> Refusal | None:
    return _waits(case, "machine_recently", case.candidate.machine_at, case.in_force.rules.after_machine_s)


def _waits(case: _Case, rule: str, last_at: float | None, gap_s: float) -> Refusal | None:
    """Refuse until the gap has passed, also where the clock was set back and the last time is yet to come."""
    if last_at is None or case.now >= last_at + gap_s:
        return None
    return Refusal(rule, until=last_at + gap_s, figures={"gap_s": f"{gap_s:.0f}"})


def _period(case: _Case) -> Refusal | None:
    """Refuse while a period holds as many attempts as it may; of several, the one that lasts longest."""
    found: list[Refusal] = []
    for each in case.in_force.rules.limits:
        length_s = PERIOD_S[each.period]
        dials = [] if math.isinf(length_s) else _since(case.candidate.dials, case.now - length_s)
        if len(dials) >= each.most and not math.isinf(length_s):
            until = dials[len(dials) - each.most] + length_s if each.most else None
            figures = {"period": each.period.value, "attempts": str(len(dials)), "limit": str(each.most)}
            found.append(Refusal("period_limit", until=until, figures=figures))
    return max(found, key=lambda refusal: math.inf if refusal.until is None else refusal.until, default=None)


def _since(dials: Sequence[float], at: float) -> Sequence[float]:
    """The attempts after ``at``; those a clock set back has put into the future are among them."""
    return dials[bisect_right(dials, at) :] if dials else ()


def _window(case: _Case) -> Refusal | None:
    """Refuse outside the windows: first what all contacts in these zones share, then what is this contact's own."""
    zones, now, in_force = case.zones, case.now, case.in_force
    figures = {"zones": ", ".join(zones)}
    try:
        shared = next_opening(in_force.home_windows, zones, now)
        if shared is None:
            everybody = bool(case.candidate.zones) or not in_force.home_windows
            until = None if everybody else now + DAY_S
            return Refusal("no_window", until=until, figures=figures, of_zones=everybody)
        if shared > now:
            return Refusal(
                "window_closed", until=shared, figures=figures, of_zones=bool(case.candidate.zones)
            )
        return _own_window(case, figures)
    except UnknownZoneError as error:
        return Refusal("unknown_zone", figures={"zones": str(error)})


def _own_window(case: _Case, figures: Mapping[str, str]) -> Refusal | None:
    """What is closed for this contact though its zones are open: holidays where it is, hours of its country."""
    places = _places(case)
    opening = next_opening(case.in_force.windows, case.zones, case.now, places)
    if opening is None:
        return Refusal("no_window", until=case.now + DAY_S, figures=figures)
    if opening <= case.now:
        return None
    kept = holiday_at(case.zones, places, case.now)
    if kept:
        return Refusal("holiday", until=opening, figures={"places": ", ".join(kept)})
    return Refusal("window_closed", until=opening, figures=figures)


_RULES: tuple[Callable[[_Case], Refusal | None], ...] = (
    *(_number, _term, _caller_id, _dnc, _register, _consent, _attempts, _campaign_limit),
    *(_gap, _abandoned, _machine, _period, _window),
)
RULES = (
    *("emergency_number", "invalid_number", "campaign_not_begun", "campaign_over"),
    *("caller_id_forbidden", "dnc", "register_missing", "register_old"),
    *(
        "no_consent",
        "attempts_used_up",
        "campaign_limit",
        "too_soon",
        "abandoned_recently",
        "machine_recently",
        "period_limit",
    ),
    *("unknown_zone", "no_window", "window_closed", "holiday"),
)
"""Every rule by its name, in the order they are asked. The names are stored with contacts: they keep their meaning."""


def _places(case: _Case) -> tuple[str, ...]:
    if not case.in_force.rules.holidays:
        return ()
    known = tuple(case.candidate.places)
    return known or places_of(case.candidate.number, case.candidate.fields, case.settings.country)


def _purposes(settings: CampaignSettings) -> tuple[str, ...]:
    """What the consent of a campaign's contacts must cover."""
    if settings.mode is not DiallingMode.AGENTLESS:
        return (settings.purpose.value,)
    return (settings.purpose.value, _by_machine(settings))


def _by_machine(settings: CampaignSettings) -> str:
    return AUTOMATED_SERVICE if settings.purpose is Purpose.SERVICE else AUTOMATED


def _speaks_by_machine(settings: CampaignSettings) -> bool:
    """Whether a message may be spoken although agents make the calls: left on a machine, or with keys."""
    return bool(settings.drop_text.strip() or settings.drop_file or settings.message_text.strip())


def may_be_spoken_to(permit: Permit, settings: CampaignSettings) -> bool:
    """Whether a permitted call may turn into a message by machine.

    Where the rules want a consent to such calls (DE § 7 UWG, US 47 CFR 64.1200, PECR reg. 19), the permit must hold
    its record; who has none is called by agents all the same, and no message is spoken or left.
    """
    try:
        rules = office_of(settings).for_number(permit.number).rules
    except KeyError:
        return False
    wanted = _by_machine(settings)
    return rules.need(wanted) is not Need.RECORD or wanted in permit.consent


def _records(case: _Case, purpose: str) -> list[Consent]:
    """The contact's records for a purpose that have not run out."""
    wanted = (AUTOMATED if purpose == AUTOMATED_SERVICE else purpose, "all")
    return [
        each
        for each in case.candidate.consents
        if each.purpose in wanted and (each.until is None or case.now < each.until)
    ]


def _record(case: _Case, purpose: str) -> Consent | None:
    """The newest record that covers a purpose now."""
    given = [each for each in _records(case, purpose) if each.given_at <= case.now]
    return max(given, key=lambda each: (each.given_at, each.id), default=None)


# -- the permit ----------------------------------------------------------------------------------------------------


def _permit(case: _Case) -> Permit:
    """Write down why; several zones stand side by side in the same order in zone, local time and window."""
    candidate, zones, now, rules = case.candidate, case.zones, case.now, case.in_force.rules
    windows = [window_at(case.in_force.windows, zone, now) for zone in zones]
    places = _places(case)
    return Permit(
        number=candidate.number,
        decided_at=now,
        zone=", ".join(zones),
        local_time=", ".join(local_time(zone, now).isoformat(timespec="seconds") for zone in zones),
        window=", ".join(window_text(window) for window in windows if window is not None),
        rule_version=RULE_VERSION,
        dnc_lists=dict(candidate.dnc_versions),
        attempts_before=candidate.attempts,
        last_attempt_at=candidate.last_attempt_at,
        caller_id=case.settings.caller_id,
        pack=case.in_force.packs,
        regions=", ".join(places),
        holiday_table=table_version() if places else "",
        consent=_consent_kept(case),
        counters=_counters(case),
        limits={each.period.value: each.most for each in rules.limits},
        history=tuple(candidate.dials),
        abandoned_at=candidate.abandoned_at,
        machine_at=candidate.machine_at,
        registers=dict(candidate.registers),
        term=term.said(case.settings),
    )


def _counters(case: _Case) -> dict[str, int]:
    """Attempts before this one, per period."""
    dials, now = case.candidate.dials, case.now
    counted = {p.value: len(_since(dials, now - s)) for p, s in PERIOD_S.items() if not math.isinf(s)}
    return {**counted, Period.CAMPAIGN.value: case.candidate.campaign_dials}


def _consent_kept(case: _Case) -> dict[str, object]:
    """The records that were needed, by purpose; and the one a message by machine would need, if there is one."""
    kept: dict[str, object] = {}
    purposes = _purposes(case.settings)
    if _speaks_by_machine(case.settings):
        purposes = tuple(dict.fromkeys((*purposes, _by_machine(case.settings))))
    rules = case.in_force.rules
    by_register = {purpose for each in rules.registers for purpose in each.purposes}
    for purpose in purposes:
        wanted = rules.need(purpose) is Need.RECORD or purpose in by_register
        if wanted and (found := _record(case, purpose)) is not None:
            kept[purpose] = {
                "id": found.id,
                "covers": found.purpose,
                "given_at": found.given_at,
                "until": found.until,
                "source": found.source,
                "wording": found.wording,
                "proof": found.proof,
            }
    return kept
