"""When a message that was not taken is tried again, and when it is not. Pure: times are arguments.

The pause grows threefold from half a minute to an hour; after two days the message is over: a report of the day before
yesterday helps nobody, and an alert has long been seen (RFC 5321 §4.5.4.1 asks for at least 30 minutes and some days).
"""

from __future__ import annotations

FIRST_PAUSE_S = 30.0
GROWTH = 3.0
LONGEST_PAUSE_S = 3600.0
TRIED_FOR_S = 2 * 86_400.0


def pause_s(tries: int) -> float:
    """How long to wait after so many failed tries (1 or more)."""
    # Five steps reach the longest pause; more would only overflow.
    return min(LONGEST_PAUSE_S, FIRST_PAUSE_S * GROWTH ** min(tries - 1, 5))


def next_try(tries: int, first_at: float, now: float) -> float | None:
    """When to try again after ``tries`` failures, the first at ``first_at``; None: the message is over."""
    at = now + pause_s(tries)
    return at if at <= first_at + TRIED_FOR_S else None
