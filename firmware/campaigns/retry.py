"""What follows an attempt: the contact is called again at a moment, or closed.

Pure arithmetic over the campaign's retry rules. Whether the call may really be made at that moment is asked again
by ``compliance.judge`` when the moment comes; storing the answer is the store's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from firmware.campaigns.defaults import FINAL
from firmware.compliance.judge import ABANDON_GAP_S
from firmware.model import CampaignSettings, Disposition, HangupCause, RetryRule


@dataclass(frozen=True, slots=True)
class Next:
    """When the contact is due again (UTC seconds), or None where it is closed, and why as a stable key.

    Open: ``retry`` (by the rule), ``callback`` (at the promised time), ``min_gap`` (later than the rule says, because
    the campaign's gap is longer), ``abandon_gap``, ``delayed`` and ``blacklisted`` (a modem's country rules refuse the
    number for a while), ``other_number``. Closed: ``final, attempts_used_up, rule_used_up``.
    """

    at: float | None
    reason: str


def after(
    disposition: Disposition,
    settings: CampaignSettings,
    counts: Mapping[Disposition, int],
    attempts: int,
    now: float,
    callback_at: float | None = None,
    cause: HangupCause | None = None,
) -> Next:
    """Return what follows an attempt that ended with ``disposition`` at ``now`` (UTC seconds).

    ``counts`` are the contact's attempts by disposition and ``attempts`` their number, both with the present one.
    The settings' ``min_gap_s`` and ``max_attempts`` win over every rule. A promised time wins over both: what may not
    move it is kept by the law's rules, which are asked when it comes, and by nothing else. ``cause`` is the attempt's.
    """
    promised = callback_at if disposition is Disposition.CALLBACK else None
    rule = settings.retry.get(disposition)
    if disposition in FINAL or (rule is None and promised is None):
        return Next(None, "final")
    if promised is not None:
        return Next(promised, "callback")
    if attempts >= settings.max_attempts:
        return Next(None, "attempts_used_up")
    if rule is None or counts.get(disposition, 0) >= rule.max_attempts:
        return Next(None, "rule_used_up")
    due = _by_rule(disposition, rule, settings, now)
    if cause is None or cause not in MODEM_GAPS_S:
        return due
    return _not_before(due, now + MODEM_GAPS_S[cause], cause.value)


MODEM_GAPS_S: dict[HangupCause, float] = {
    HangupCause.DELAYED: 300.0,
    HangupCause.BLACKLISTED: 24 * 3600.0,
}
"""So long a modem that counts attempts by its country's rules is not asked for the number again. The pause it wants
itself is a minute or two; a barred number stays barred until the modem is switched off, or for hours."""
DEAD = frozenset({Disposition.WRONG_NUMBER, Disposition.FAX, Disposition.INTERCEPT})
"""The number itself is no good: it is tried no more, whoever's it is said to be."""
NOBODY = DEAD | {
    Disposition.BUSY,
    Disposition.NO_ANSWER,
    Disposition.MACHINE,
    Disposition.SILENCE,
    Disposition.REJECTED,
    Disposition.UNREACHABLE,
}
"""Nobody was reached there: another number may do better. After all others the same number is called again."""


def with_another(
    disposition: Disposition, settings: CampaignSettings, attempts: int, now: float, follows: Next
) -> Next:
    """Return what follows for a contact that has another number to try, where ``follows`` is for the one tried.

    The contact's ``max_attempts`` still counts, a retry rule that is used up does not: it was the number's.
    """
    if disposition not in NOBODY or attempts >= settings.max_attempts:
        return follows
    return Next(now + settings.other_number_gap_s, "other_number")


def _by_rule(disposition: Disposition, rule: RetryRule, settings: CampaignSettings, now: float) -> Next:
    due = _not_before(Next(now + rule.delay_s, "retry"), now + settings.min_gap_s, "min_gap")
    if disposition is Disposition.ABANDONED:
        return _not_before(due, now + ABANDON_GAP_S, "abandon_gap")
    return due


def _not_before(due: Next, earliest_at: float, reason: str) -> Next:
    return due if due.at is not None and due.at >= earliest_at else Next(earliest_at, reason)
