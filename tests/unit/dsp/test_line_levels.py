"""Gain in tenths of a decibel, and level meters."""

from __future__ import annotations

import numpy as np
import pytest

from dsp.line.levels import Gain, level
from tests.unit.dsp.sounds import pcm, tone


@pytest.mark.parametrize("tenths", [-300, -75, -1, 1, 33, 60])
def test_a_gain_is_exact_to_a_tenth(tenths: int) -> None:
    sound = pcm(tone((1004.0,), 500, -20.0), noise_dbfs=-120)
    louder, clipped = Gain(tenths).apply(sound)
    assert level(louder).rms_db - level(sound).rms_db == pytest.approx(tenths / 10, abs=0.11)
    assert clipped == 0


def test_what_does_not_fit_is_counted_and_cut_off() -> None:
    sound = np.array([100, -30_000, 30_000, -32_768], np.int16)
    louder, clipped = Gain(60).apply(sound)
    assert (louder.tolist(), clipped) == ([200, -32_768, 32_767, -32_768], 3)


def test_no_gain_touches_nothing() -> None:
    sound = np.arange(10, dtype=np.int16)
    assert Gain().apply(sound)[0] is sound


@pytest.mark.parametrize("tenths", [-301, 121])
def test_gains_have_limits(tenths: int) -> None:
    with pytest.raises(ValueError, match="dB"):
        Gain(tenths)


def test_a_tone_is_named_by_its_level() -> None:
    measured = level(pcm(tone((1000.0,), 500, -10.0), noise_dbfs=-120))
    assert measured.dbm0 == pytest.approx(-10.0, abs=0.1)
    assert measured.peak_db == pytest.approx(-13.1, abs=0.2)
    assert level(np.zeros(160, np.int16)).rms_db == -100.0
    assert level(np.zeros(0, np.int16)).peak_db == -100.0
    assert level(np.full(160, -32_768, np.int16)).peak_db == 0.0
