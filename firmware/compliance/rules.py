"""What a country's law and trade codes ask of a caller, as values; and how two sets of rules become the stricter one.

A ``Pack`` is a set of rules with the source of each. A campaign may only add strictness: what it asks for is joined
to its pack, and joining takes the stricter of two values field by field. Only the pack ``own``, which an office writes
itself and answers for, is changed in any direction. Judging by the rules is ``judge``'s; the packs are in ``packs/``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from firmware.model import CallWindow

DAY_S = 86400.0
AUTOMATED = "automated"
"""Beside the purposes: messages by machine with advertising or questions in them, consented to on their own."""
AUTOMATED_SERVICE = "automated_service"
"""The same for service calls without advertising; a consent to ``automated`` covers them."""


class Period(StrEnum):
    """What attempts at a number are counted in. All but the campaign are rolling: the last 24 hours, 7 and 30 days,
    which is never more than a calendar day, week or month would allow."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    CAMPAIGN = "campaign"


PERIOD_S: Mapping[Period, float] = {
    Period.DAY: DAY_S,
    Period.WEEK: 7 * DAY_S,
    Period.MONTH: 30 * DAY_S,
    Period.CAMPAIGN: math.inf,
}


class Need(StrEnum):
    """What consent a call of some purpose needs, from nothing to a record of consent."""

    NOTHING = "nothing"
    PRESUMED = "presumed"
    """It may be presumed from the circumstances; the office must be able to say why."""
    RECORD = "record"
    """Express, given before, on record. Without the record nobody is called."""


class ConnectFrom(StrEnum):
    """From when on the time to an agent is counted."""

    ANSWER = "answer"
    GREETING_END = "greeting_end"


class Standing(StrEnum):
    """How sure a rule is."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "to_be_confirmed"
    """Known, but not read at its source: to be confirmed."""
    OWN_CHOICE = "own_choice"
    """No such rule was found; the value is ours, on the careful side."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from; ``as_of`` is the version or date of the text."""

    text: str
    as_of: str
    standing: Standing = Standing.CONFIRMED


@dataclass(frozen=True, slots=True)
class AbandonRule:
    """``numerator`` over ``denominator`` may be at most ``limit`` in any window, counted per ``scope``."""

    limit: float
    numerator: tuple[str, ...]
    """``abandoned``, ``false_machines`` (people taken for a machine), ``silent``."""
    denominator: str
    """``live_answers``: everything a person answered, abandoned calls among them; ``attempts``: every attempt."""
    window_s: float
    scope: str
    """``campaign`` or ``box`` (all campaigns of the caller)."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` attempts at one number in a period, whatever became of them."""

    period: Period
    most: int


@dataclass(frozen=True, slots=True)
class RegisterRule:
    """A national register that must have been asked: calls for one of the ``purposes`` to a number without a consent
    of its own rest on a copy loaded at most ``max_age_s`` ago."""

    name: str
    """Its key: ``tps ctps ndnc``."""
    max_age_s: float
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything a pack decides. Durations in seconds; hours in the contact's own time."""

    abandon: tuple[AbandonRule, ...]
    connect_within_s: float
    connect_from: ConnectFrom
    ring_min_s: float
    """An unanswered call is not ended earlier."""
    ring_max_s: float
    """An unanswered call is ended then; infinite: no rule."""
    announcement: tuple[str, ...]
    """What must be said when no agent is there in time, as keys; empty: nothing is asked for."""
    hours: tuple[CallWindow, ...]
    holidays: bool
    """Public holidays of the contact's federal state are closed."""
    limits: tuple[Limit, ...]
    after_abandon_s: float
    """No automatic call to a number so long after one that was abandoned."""
    after_machine_s: float
    """The same after a call that was judged a machine and ended."""
    caller_id: tuple[str, ...]
    """What the number shown must be, as keys: ``shown own listed returnable``."""
    caller_id_never: tuple[str, ...]
    """Beginnings (E.164) of numbers that must not be shown."""
    consent: tuple[tuple[str, Need], ...]
    """Per purpose (``firmware.model.Purpose``) and, when no agent speaks, for ``AUTOMATED`` or
    ``AUTOMATED_SERVICE`` besides."""
    registers: tuple[RegisterRule, ...] = ()
    """National registers of people who do not want such calls; empty: there is none, or consent stands in its place."""

    def need(self, purpose: str) -> Need:
        """What consent a purpose needs; one the pack does not know needs a record."""
        return dict(self.consent).get(purpose, Need.RECORD)

    def limit(self, period: Period) -> int | None:
        """How many attempts a period allows."""
        return min((each.most for each in self.limits if each.period is period), default=None)


@dataclass(frozen=True, slots=True)
class Pack:
    """Rules under a name and a version. ``name`` and ``version`` stand in every permit that rests on them."""

    name: str
    version: str
    countries: tuple[str, ...]
    """ISO 3166 codes of the countries these are the rules of; empty: of none."""
    code: str
    """The country code of the numbers it protects; empty: none."""
    rules: Rules
    sources: Mapping[str, Source]
    """Per field of ``Rules``."""

    @property
    def label(self) -> str:
        """As permits name it: ``de 2026.1``."""
        return f"{self.name} {self.version}"


_STRICTNESS = (Need.NOTHING, Need.PRESUMED, Need.RECORD)


def stricter(one: Rules, other: Rules) -> Rules:
    """Return the rules that allow only what both allow."""
    first_connect = one.connect_from is ConnectFrom.ANSWER or other.connect_from is ConnectFrom.ANSWER
    return Rules(
        abandon=_both(one.abandon, other.abandon),
        connect_within_s=min(one.connect_within_s, other.connect_within_s),
        connect_from=ConnectFrom.ANSWER if first_connect else ConnectFrom.GREETING_END,
        ring_min_s=max(one.ring_min_s, other.ring_min_s),
        ring_max_s=min(one.ring_max_s, other.ring_max_s),
        announcement=_both(one.announcement, other.announcement),
        hours=overlap(one.hours, other.hours),
        holidays=one.holidays or other.holidays,
        limits=_limits((*one.limits, *other.limits)),
        after_abandon_s=max(one.after_abandon_s, other.after_abandon_s),
        after_machine_s=max(one.after_machine_s, other.after_machine_s),
        caller_id=_both(one.caller_id, other.caller_id),
        caller_id_never=_both(one.caller_id_never, other.caller_id_never),
        consent=tuple(
            (purpose, max(one.need(purpose), other.need(purpose), key=_STRICTNESS.index))
            for purpose in dict([*one.consent, *other.consent])
        ),
        registers=_both(one.registers, other.registers),
    )


def overlap(one: Sequence[CallWindow], other: Sequence[CallWindow]) -> tuple[CallWindow, ...]:
    """Return the windows that are open in both weeks."""
    pairs = (
        CallWindow(a.weekday, max(a.start_min, b.start_min), min(a.end_min, b.end_min))
        for a in one
        for b in other
        if a.weekday == b.weekday
    )
    found = {window for window in pairs if window.start_min < window.end_min}
    return tuple(sorted(found, key=lambda w: (w.weekday, w.start_min, w.end_min)))


def _both(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _limits(limits: tuple[Limit, ...]) -> tuple[Limit, ...]:
    """One limit per period: the lowest."""
    lowest: dict[Period, int] = {}
    for each in limits:
        lowest[each.period] = min(each.most, lowest.get(each.period, each.most))
    return tuple(Limit(period, lowest[period]) for period in Period if period in lowest)


# -- what a campaign may say ---------------------------------------------------------------------------------------

NUMBERS: Mapping[str, tuple[float, float]] = {
    "abandon_limit": (0.0, 0.05),
    "connect_within_s": (0.5, 5.0),
    "ring_min_s": (0.0, 60.0),
    "ring_max_s": (15.0, 120.0),
    "after_abandon_s": (DAY_S, 365 * DAY_S),
    "after_machine_s": (0.0, 365 * DAY_S),
}
"""Rules a campaign may set, with what each may lie between even where an office writes its own rules."""
ATTEMPTS: Mapping[str, Period] = {f"attempts_per_{period.value}": period for period in Period}
MOST_ATTEMPTS = 100
SETTABLE: tuple[str, ...] = (*NUMBERS, *ATTEMPTS, "hours", "holidays", "consent")


def changed(rules: Rules, asked: Mapping[str, Any]) -> Rules:
    """Return ``rules`` with the values a campaign asks for in place of theirs, looser or not."""
    plain: dict[str, Any] = {
        name: float(asked[name]) for name in NUMBERS if name in asked and name != "abandon_limit"
    }
    if "abandon_limit" in asked:
        plain["abandon"] = tuple(replace(each, limit=float(asked["abandon_limit"])) for each in rules.abandon)
    wanted = {period: int(asked[name]) for name, period in ATTEMPTS.items() if name in asked}
    if wanted:
        kept = {each.period: each.most for each in rules.limits} | wanted
        plain["limits"] = tuple(Limit(period, kept[period]) for period in Period if period in kept)
    if "hours" in asked:
        plain["hours"] = tuple(CallWindow(**window) for window in asked["hours"])
    if "holidays" in asked:
        plain["holidays"] = bool(asked["holidays"])
    if "consent" in asked:
        needs = {purpose: Need(need) for purpose, need in asked["consent"].items()}
        plain["consent"] = tuple({**dict(rules.consent), **needs}.items())
    return replace(rules, **plain)


def looser(rules: Rules, asked: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the settings in ``asked`` that would loosen ``rules``; those of a country never are."""
    return tuple(name for name in asked if name in SETTABLE and _loosens(rules, {name: asked[name]}))


def _loosens(rules: Rules, asked: Mapping[str, Any]) -> bool:
    wanted = changed(rules, asked)
    joined = stricter(rules, wanted)
    return any(
        _plain(getattr(joined, each.name), each.name) != _plain(getattr(wanted, each.name), each.name)
        for each in fields(Rules)
    )


def _plain(value: Any, name: str) -> Any:
    """A field's value in a form in which equal rules are equal."""
    if name == "abandon":
        return min((each.limit for each in value), default=None)
    if name == "hours":
        return _minutes(value)
    return sorted(value) if isinstance(value, tuple) and name in ("consent", "announcement") else value


def _minutes(windows: Sequence[CallWindow]) -> set[int]:
    return {
        window.weekday * 1440 + minute
        for window in windows
        for minute in range(window.start_min, window.end_min)
    }
