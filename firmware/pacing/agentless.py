"""Agentless dialling: as many calls as there are lines; whoever answers hears a message.

Nobody waits for an agent, so nothing is forecast. Same answer as the other modes give.
"""

from __future__ import annotations

from firmware.pacing.progressive import PacingAnswer


def starts(lines_free: int, call_budget: int) -> PacingAnswer:
    """Return how many calls to start: one per free line, as far as the calls per second allow.

    Reasons: ``one_call_per_line``, ``no_lines``, ``calls_per_second``.
    """
    allowed = max(0, min(lines_free, call_budget))
    reason = "one_call_per_line" if allowed == lines_free else "calls_per_second"
    figures = {"lines_free": lines_free, "call_budget": call_budget, "starts": allowed}
    return PacingAnswer(allowed, "no_lines" if lines_free <= 0 else reason, figures)
