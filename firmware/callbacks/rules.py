"""What a promise means at a moment: due, late, whose, and what a call made of it.

Pure: ``now`` and everything known are arguments. A promised time stands above what the campaign has set for itself
(``without_own_limits``) and below the law: windows, holidays, DNC lists and attempts per period are asked of
``compliance.judge`` as for every call, and where they forbid the moment the promise moves and says by which rule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from firmware.callbacks.promise import CallbackRules, Promise, PromiseKind, PromiseState
from firmware.model import AgentState, CampaignSettings, Disposition

_NO_LIMIT = 1_000_000
REACHED = frozenset({Disposition.CONTACTED, Disposition.CALLBACK, Disposition.DO_NOT_CALL})
"""The person was spoken with."""


class Whose(StrEnum):
    """Who is to make the call now."""

    NOBODY = "nobody"
    """It is not due yet."""
    OWNER = "owner"
    TEAM = "team"


class Cause(StrEnum):
    """Why a personal promise goes to the team; a stable key."""

    OWNER_GONE = "owner_gone"
    """The owner is no user any more."""
    OWNER_LEFT = "owner_left"
    """The owner does not work for the campaign any more."""
    OWNER_AWAY = "owner_away"
    OWNER_BUSY = "owner_busy"


@dataclass(frozen=True, slots=True)
class Owner:
    """Where the owner of a promise stands: None for a desk that is gone; ``since`` (UTC) for how long."""

    state: AgentState | None
    since: float
    member: bool
    """Whether he works for the campaign."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A call to the person of a promise that has its final word. ``talked``: an agent spoke with somebody."""

    started_at: float
    disposition: Disposition
    talked: bool
    final: bool
    """The contact is not called again by the campaign's rules for this disposition, at no number."""


def is_late(promise: Promise, now: float, rules: CallbackRules) -> bool:
    """Whether nobody has called although the promised time and the grace are over."""
    untried = promise.state is PromiseState.OPEN and promise.first_try_at is None
    return untried and now > promise.lawful_at + rules.grace_s


def whose(
    promise: Promise, owner: Owner | None, now: float, rules: CallbackRules
) -> tuple[Whose, Cause | None]:
    """Return who is to call now and, where a personal promise has to go to the team, why.

    ``owner`` is needed for a personal promise only.
    """
    if now < promise.due_at or promise.state is not PromiseState.OPEN:
        return Whose.NOBODY, None
    if promise.kind is PromiseKind.TEAM or owner is None:
        return Whose.TEAM, None
    cause = _cause(promise, owner, now, rules)
    return (Whose.OWNER, None) if cause is None else (Whose.TEAM, cause)


def _cause(promise: Promise, owner: Owner, now: float, rules: CallbackRules) -> Cause | None:
    if owner.state is None:
        return Cause.OWNER_GONE
    if not owner.member:
        return Cause.OWNER_LEFT
    over_s = now - promise.due_at
    if is_away(owner, now, rules) and over_s >= rules.team_after_s:
        return Cause.OWNER_AWAY
    return Cause.OWNER_BUSY if over_s >= max(rules.busy_after_s, rules.team_after_s) else None


def is_away(owner: Owner, now: float, rules: CallbackRules) -> bool:
    """Whether the owner cannot be expected to call: gone, logged out, or in a pause that lasts."""
    if owner.state is None or owner.state is AgentState.LOGGED_OUT:
        return True
    # A clock set back makes a pause look as if it were yet to begin: it is over the limit once that time comes.
    return owner.state is AgentState.PAUSED and now - owner.since > rules.away_after_s


def tried(promise: Promise, call: Tried, now: float, rules: CallbackRules) -> Promise:
    """Return the promise after a call that was made to its person, by whatever way it came about.

    A call before the time that reached nobody changes nothing. One that reached the person ends the promise; so does
    the last of its tries, and a contact that is over for good: kept if the first try came in time, else missed.
    """
    reached = call.disposition in REACHED or (call.talked and call.disposition is Disposition.INTERRUPTED)
    early = call.started_at < min(promise.due_at, promise.promised_at)
    if early and not reached and not call.final:
        return promise
    first = call.started_at if promise.first_try_at is None else promise.first_try_at
    after = replace(promise, tries=promise.tries + 1, first_try_at=first, version=promise.version + 1)
    if reached or call.final or after.tries >= rules.tries:
        return replace(after, state=_outcome(after, rules), closed_at=now)
    return replace(after, due_at=now + rules.again_s)


def _outcome(promise: Promise, rules: CallbackRules) -> PromiseState:
    first = promise.first_try_at
    in_time = first is not None and first <= promise.lawful_at + rules.grace_s
    return PromiseState.KEPT if in_time else PromiseState.MISSED


def postponed(promise: Promise, rule: str, until: float, now: float, rules: CallbackRules) -> Promise:
    """Return the promise after a rule of law forbade the call at ``now`` until ``until``.

    Asked in time, the law has moved what was promised; asked too late, it excuses nothing.
    """
    in_time = promise.first_try_at is None and now <= promise.lawful_at + rules.grace_s
    lawful_at = max(promise.lawful_at, until) if in_time else promise.lawful_at
    law = rule if in_time else promise.law
    return replace(promise, due_at=max(until, now), lawful_at=lawful_at, law=law, version=promise.version + 1)


def moved(promise: Promise, at: float) -> Promise:
    """Return the promise with another promised time: somebody has spoken with the person, or answers for it."""
    return replace(
        promise,
        promised_at=at,
        lawful_at=at,
        law="",
        due_at=at,
        tries=0,
        first_try_at=None,
        version=promise.version + 1,
    )


def held(promise: Promise, now: float, ahead_s: float) -> bool:
    """Whether its caller is to be kept free for it: due, or so soon that a call begun now would be in its way."""
    return promise.state is PromiseState.OPEN and promise.due_at - ahead_s <= now


def without_own_limits(settings: CampaignSettings) -> CampaignSettings:
    """Return the settings a promised call is judged by: all but the campaign's own gap and numbers of attempts."""
    return replace(settings, max_attempts=_NO_LIMIT, min_gap_s=0.0, max_attempts_number=0)
