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

    ready: int
    """Agents of the campaign in state ready: no call is reserved for them."""
    calls_without_agent: int
    """Calls of the campaign that will need an agent and have none: from the claim until an agent is reserved or
    the call has ended."""
    lines_free: int
    """Lines that a new call may take now."""
    call_budget: int
    """Calls that the limit of calls per second still allows in this tick."""


@dataclass(frozen=True, slots=True)
class PacingAnswer:
    """How many calls to start, the reason as a stable key, and the figures it rests on.

    ``one_call_per_ready_agent``: everything that may start does. Otherwise the reason names what held calls back:
    ``nobody_ready, enough_calls, no_lines, calls_per_second``.
    """

    starts: int
    reason: str
    figures: Mapping[str, float]


def starts(state: PacingInput) -> PacingAnswer:
    """Return how many calls to start now.

    After starting them, calls without an agent are at most ready agents. Where they already are more (an agent
    went to pause while a phone was ringing) nothing starts until that has evened out.
    """
    wanted = max(0, state.ready - max(0, state.calls_without_agent))
    allowed = max(0, min(wanted, state.lines_free, state.call_budget))
    return PacingAnswer(allowed, _reason(state, wanted, allowed), _figures(state, wanted, allowed))


def _reason(state: PacingInput, wanted: int, allowed: int) -> str:
    if state.ready <= 0:
        return "nobody_ready"
    if wanted == 0:
        return "enough_calls"
    if allowed == wanted:
        return "one_call_per_ready_agent"
    return "no_lines" if state.lines_free <= state.call_budget else "calls_per_second"


def _figures(state: PacingInput, wanted: int, allowed: int) -> dict[str, int]:
    return {
        "ready": state.ready,
        "calls_without_agent": state.calls_without_agent,
        "lines_free": state.lines_free,
        "call_budget": state.call_budget,
        "wanted": wanted,
        "starts": allowed,
    }
