"""When a delivery that failed is tried again, and when it is not. Pure: times are arguments.

The pause grows threefold from five seconds to six hours, so that a receiver that restarts misses little and one that
is gone is not hammered; after three days the delivery is over. A receiver that has taken nothing for as long is
stopped, and a person is told before that.
"""

from __future__ import annotations

FIRST_PAUSE_S = 5.0
GROWTH = 3.0
LONGEST_PAUSE_S = 6 * 3600.0
TRIED_FOR_S = 3 * 86400.0
ALARM_AFTER_S = 3600.0
"""A receiver that has failed for so long is shown as a warning."""


def pause_s(tries: int) -> float:
    """How long to wait after so many failed tries (1 or more)."""
    # Ten steps reach the longest pause; more would only overflow.
    return min(LONGEST_PAUSE_S, FIRST_PAUSE_S * GROWTH ** min(tries - 1, 10))


def next_try(tries: int, first_at: float, now: float) -> float | None:
    """When to try again after ``tries`` failures, the first at ``first_at``; None: the delivery is over."""
    at = now + pause_s(tries)
    return at if at <= first_at + TRIED_FOR_S else None


def hopeless(failing_since: float | None, now: float) -> bool:
    """Whether a receiver has failed for so long that it is told no more."""
    return failing_since is not None and now - failing_since >= TRIED_FOR_S


def alarming(failing_since: float | None, now: float) -> bool:
    """Whether a person should know that a receiver does not listen."""
    return failing_since is not None and now - failing_since >= ALARM_AFTER_S
