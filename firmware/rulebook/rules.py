"""Rules of a campaign: where a condition holds, before a call or after it, something is done with the contact.

``evaluate`` looks from the top for the first rule that holds and has not fired yet, lets it fire, and begins again with
the contact as it is then; each rule fires at most once, so it ends. A rule that skips or moves the contact is the last
that is looked at: the contact is not called now. Rules are asked only about contacts that compliance has permitted,
and nothing here can say "call": they can hold a call back, never allow one. Pure; carrying it out is the store's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from firmware.rulebook.conditions import ALWAYS, Condition, holds
from firmware.rulebook.subject import Subject

MOST_RULES = 50
LEAST_SKIP_S = 60.0
"""A contact that is skipped is not looked at again sooner."""


class Moment(StrEnum):
    """When a rule is asked."""

    BEFORE = "before"
    """At the claim, after everything that could forbid the call."""
    AFTER = "after"
    """At the final word, in the same transaction."""


class Do(StrEnum):
    """What a rule does."""

    SKIP = "skip"
    PREFER = "prefer"
    MOVE = "move"
    SET = "set"
    OTHER_NUMBER = "other_number"
    WEBHOOK = "webhook"


HOLDS_BACK = frozenset({Do.SKIP, Do.MOVE})
"""What keeps the contact from being called as it would have been."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a rule does. Of the values only those count that the kind of action has.

    ``SKIP``: ``for_s`` seconds, else until ``until_at`` (UTC), else for good. ``PREFER``: ``priority``. ``MOVE``:
    ``list_id``. ``SET``: ``field`` becomes ``value``. ``WEBHOOK``: ``value`` names the event.
    """

    do: Do
    field: str = ""
    value: str = ""
    for_s: float | None = None
    until_at: float | None = None
    priority: int = 0
    list_id: int = 0

    def write(self) -> tuple[str, str] | None:
        """The field it writes and what it writes there, None where it writes none."""
        if self.do is Do.SET:
            return self.field, self.value
        if self.do is Do.PREFER:
            return ":priority", str(self.priority)
        return (":list", str(self.list_id)) if self.do is Do.MOVE else None


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition and what is done where it holds; its name is how people know it."""

    name: str
    moment: Moment
    then: tuple[Action, ...]
    when: Condition = ALWAYS
    active: bool = True


@dataclass(frozen=True, slots=True)
class Skip:
    """Not now: again at ``until_at`` (UTC seconds), or never (None)."""

    rule: str
    until_at: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules want of one contact. ``subject`` is the contact as it is after them."""

    subject: Subject
    skip: Skip | None = None
    moved: bool = False
    other_number: bool = False
    firm: str = ""
    """Why nothing skips the contact or moves it, as a key: somebody was promised this call. Empty: rules may."""
    webhooks: tuple[tuple[str, str], ...] = ()
    """Rule and event."""
    fired: tuple[Rule, ...] = field(default=())

    @property
    def held_back(self) -> bool:
        """Whether the contact is not to be called now."""
        return self.skip is not None or self.moved


def evaluate(rules: Sequence[Rule], moment: Moment, subject: Subject, now: float, firm: str = "") -> Outcome:
    """Return what the rules of ``moment`` want of the contact at ``now`` (UTC seconds).

    ``firm``: rules neither skip nor move this contact, for this reason; all else they want counts, to the last rule.
    """
    waiting = [rule for rule in rules if rule.active and rule.moment is moment]
    outcome = Outcome(subject, firm=firm)
    while not outcome.held_back:
        rule = next((each for each in waiting if holds(each.when, outcome.subject)), None)
        if rule is None:
            break
        waiting.remove(rule)
        outcome = _fire(rule, replace(outcome, fired=(*outcome.fired, rule)), now)
    return outcome


def _fire(rule: Rule, outcome: Outcome, now: float) -> Outcome:
    for action in rule.then:
        outcome = _act(rule, action, outcome, now)
    return outcome


def _act(rule: Rule, action: Action, outcome: Outcome, now: float) -> Outcome:
    subject = outcome.subject
    if outcome.firm and action.do in HOLDS_BACK:
        return outcome
    if action.do is Do.SKIP:
        return outcome if outcome.skip else replace(outcome, skip=Skip(rule.name, _until(action, now)))
    if action.do is Do.PREFER:
        return replace(outcome, subject=replace(subject, priority=action.priority))
    if action.do is Do.SET:
        changed = {**subject.fields, action.field: action.value}
        return replace(outcome, subject=replace(subject, fields=changed))
    if action.do is Do.MOVE:
        away = action.list_id != subject.list_id
        return replace(outcome, subject=replace(subject, list_id=action.list_id), moved=outcome.moved or away)
    if action.do is Do.OTHER_NUMBER:
        return replace(outcome, other_number=True)
    return replace(outcome, webhooks=(*outcome.webhooks, (rule.name, action.value)))


def _until(action: Action, now: float) -> float | None:
    """When a skipped contact comes up again; a date that has passed holds back no longer than the least."""
    if action.for_s is not None:
        return now + max(LEAST_SKIP_S, action.for_s)
    return None if action.until_at is None else max(action.until_at, now + LEAST_SKIP_S)
