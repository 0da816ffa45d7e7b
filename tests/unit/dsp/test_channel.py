"""The training's telephone line changes a voice but never swallows it."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from dsp.training.channel import a_law, mu_law, through
from tests.unit.dsp.sounds import silence, speech


@pytest.mark.parametrize("law", [a_law, mu_law])
def test_companding_is_near_and_does_it_once(law: object) -> None:
    pcm = np.arange(-32000, 32001, 7).astype(np.int16)
    once = law(pcm)  # type: ignore[operator]
    error = np.abs(once.astype(int) - pcm)
    assert (error <= np.maximum(np.abs(pcm.astype(int)) / 16, 8)).all()
    assert np.array_equal(law(once), once)  # type: ignore[operator]


def test_speech_survives_every_draw_and_the_same_draw_is_the_same_line() -> None:
    if not shutil.which("sox"):
        pytest.skip("sox is not installed")
    words = speech("Good morning, how can I help you?").astype(np.float32)
    sound = np.concatenate((silence(500), words, silence(500))).astype(np.float32)[
        : (len(words) + 8000) // 80 * 80
    ]
    active = np.zeros(len(sound) // 80, dtype=bool)
    active[50 : 50 + len(words) // 80] = True
    noise = np.random.default_rng(0).normal(size=len(sound)).astype(np.float32)
    for seed in range(40):
        heard = through(sound, active, noise, np.random.default_rng(seed))
        assert heard.dtype == np.int16
        assert len(heard) == len(sound)
        voiced = heard[: active.size * 80].reshape(-1, 80)[active].astype(float)
        assert np.sqrt(np.mean(voiced**2)) > 32768 * 10 ** (-50 / 20)
        if seed % 8 == 0:
            assert np.array_equal(heard, through(sound, active, noise, np.random.default_rng(seed)))
