"""Progressive dialling: one call per ready agent, never more.

The answer says how many calls to start now and why not more; the caller journals it and shows it. Counting agents
and calls, and claiming contacts, is the caller's. Other modes will stand beside this file and answer the same
question in the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PacingInput:
    """What is known at the moment of asking; all are counts, none below zero."""

    logged_in: int
    """Agents of the campaign that are logged in, in whatever state."""
    ready: int
    """Agents of the campaign in state ready: no call is reserved for them."""
    calls_without_agent: int
    """Calls of the campaign that will need an agent and have none: from the claim until an agent is reserved or
    the call has ended."""
    lines_free: int
    """Lines that a new call may take now."""
    calls_allowed: int
    """Calls that the limit of calls per second still allows in this tick."""


@dataclass(frozen=True, slots=True)
class PacingAnswer:
    """How many calls to start, the reason as a stable key, and the figures it rests on.

    ``one_call_per_ready_agent``: everything that may start does. Otherwise the reason names what held calls back:
    ``nobody_logged_in, nobody_ready, enough_calls, no_lines, calls_per_second``.
    """

    starts: int
    reason: str
    figures: Mapping[str, int]


def starts(state: PacingInput) -> PacingAnswer:
    """Return how many calls to start now.

    After starting them, calls without an agent are at most ready agents. Where they already are more (an agent
    went to pause while a phone was ringing) nothing starts until that has evened out.
    """
    wanted = max(0, state.ready - max(0, state.calls_without_agent))
    allowed = max(0, min(wanted, state.lines_free, state.calls_allowed))
    return PacingAnswer(allowed, _reason(state, wanted, allowed), _figures(state, wanted, allowed))


def _reason(state: PacingInput, wanted: int, allowed: int) -> str:
    if state.logged_in <= 0 and state.ready <= 0:
        return "nobody_logged_in"
    if state.ready <= 0:
        return "nobody_ready"
    if wanted == 0:
        return "enough_calls"
    if allowed == wanted:
        return "one_call_per_ready_agent"
    return "no_lines" if state.lines_free <= state.calls_allowed else "calls_per_second"


def _figures(state: PacingInput, wanted: int, allowed: int) -> dict[str, int]:
    return {
        "logged_in": state.logged_in,
        "ready": state.ready,
        "calls_without_agent": state.calls_without_agent,
        "lines_free": state.lines_free,
        "calls_allowed": state.calls_allowed,
        "wanted": wanted,
        "starts": allowed,
    }
