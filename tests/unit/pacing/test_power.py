"""Power dialling: a ratio, capped by lines and calls per second."""

from __future__ import annotations

import pytest

from firmware.pacing.power import starts
from firmware.pacing.progressive import PacingInput


@pytest.mark.parametrize(
    ("ready", "calls", "lines", "budget", "ratio", "expected", "reason"),
    [
        (0, 0, 30, 10, 2.0, 0, "nobody_ready"),
        (1, 0, 30, 10, 1.5, 2, "calls_per_ready_agent"),
        (2, 0, 30, 10, 1.5, 3, "calls_per_ready_agent"),
        (2, 3, 30, 10, 1.5, 0, "enough_calls"),
        (4, 0, 5, 10, 2.0, 5, "no_lines"),
        (4, 0, 30, 3, 2.0, 3, "calls_per_second"),
        (3, 0, 30, 10, 0.2, 3, "calls_per_ready_agent"),
        (3, 0, -1, 10, 2.0, 0, "no_lines"),
    ],
)
@pytest.mark.req("GEN-004")
def test_how_many_start_and_why(
    ready: int, calls: int, lines: int, budget: int, ratio: float, expected: int, reason: str
) -> None:
    answer = starts(PacingInput(ready, calls, lines, budget), ratio)
    assert (answer.starts, answer.reason) == (expected, reason)
    assert answer.figures["ready"] == ready
    assert answer.figures["ratio"] == ratio
