"""Power dialling: a fixed number of calls per ready agent, as far as the lines allow.

Forecasts nothing and steers nothing: what share of people meets no agent is whatever the ratio gives, so it belongs
to campaigns whose answers need no agent at once (a message, a queue) and to comparisons. Same question and answer as
``progressive``, of which it is the general case.
"""

from __future__ import annotations

import math
from dataclasses import replace

from firmware.pacing.progressive import PacingAnswer, PacingInput
from firmware.pacing.progressive import starts as progressive_starts


def starts(state: PacingInput, ratio: float) -> PacingAnswer:
    """Return how many calls to start now: up to ``ratio`` (at least one) per ready agent, rounded up.

    Reasons are ``progressive``'s, with ``calls_per_ready_agent`` where everything that may start does.
    """
    wanted = math.ceil(max(0, state.ready) * max(1.0, ratio) - 1e-9)
    answer = progressive_starts(replace(state, ready=wanted))
    reason = "calls_per_ready_agent" if answer.reason == "one_call_per_ready_agent" else answer.reason
    return PacingAnswer(answer.starts, reason, {**answer.figures, "ready": state.ready, "ratio": ratio})
