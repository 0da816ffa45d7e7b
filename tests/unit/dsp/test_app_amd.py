"""The yardstick behaves as app_amd is known to."""

from __future__ import annotations

import pytest

from dsp.training.app_amd import AmdConf, judge
from tests.unit.dsp.sounds import pcm, silence, tone


@pytest.mark.parametrize(
    ("lengths_ms", "expected", "at_ms"),
    [
        ((3000,), "machine", 2500),
        ((500, 600, 2000), "human", 1900),
        ((500, 3000), "machine", 2000),
        ((500, 200, 100, 200, 100, 200, 100, 200, 800), "machine", None),
        ((500, 1000, 200, 1000, 800), "machine", None),
        ((2400, 1400, 200, 900), "machine", None),
    ],
)
def test_known_cases(lengths_ms: tuple[int, ...], expected: str, at_ms: int | None) -> None:
    parts = [tone((300.0,), ms) if place % 2 else silence(ms) for place, ms in enumerate(lengths_ms)]
    verdict, took_ms = judge(pcm(*parts))
    assert verdict == expected
    if at_ms is not None:
        assert abs(took_ms - at_ms) <= 20


def test_time_runs_out() -> None:
    parts = [silence(1900), tone((300.0,), 60)] * 4
    assert judge(pcm(*parts), AmdConf(total=3000))[0] == "unsure"
