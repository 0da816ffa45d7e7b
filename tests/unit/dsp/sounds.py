"""Sounds for the ears' tests: exact tones, and speech by Debian's espeak-ng where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from functools import lru_cache

import numpy as np
import pytest
from numpy.typing import NDArray

Pcm = NDArray[np.int16]
RATE = 8000


def tone(hz: tuple[float, ...], ms: float, dbm0: float = -12.0) -> NDArray[np.float64]:
    """A sum of sines; ``dbm0`` is the level of each (0 dBm0 is 3.14 dB below a full-scale sine)."""
    time_s = np.arange(int(ms * RATE / 1000)) / RATE
    size = 10 ** ((dbm0 - 3.14) / 20)
    return np.asarray(sum(size * np.sin(2 * np.pi * one * time_s) for one in hz))


def silence(ms: float) -> NDArray[np.float64]:
    """Nothing."""
    return np.zeros(int(ms * RATE / 1000))


def pcm(*parts: NDArray[np.float64], noise_dbfs: float = -70.0, seed: int = 0) -> Pcm:
    """The parts after one another, with line noise, as 16-bit samples."""
    sound = np.concatenate(parts)
    noise = np.random.default_rng(seed).normal(size=len(sound)) * 10 ** (noise_dbfs / 20)
    return np.asarray(np.clip(np.round((sound + noise) * 32767), -32768, 32767), dtype=np.int16)


@lru_cache(maxsize=64)
def speech(text: str, voice: str = "en-gb", level: float = 0.1) -> NDArray[np.float64]:
    """``text`` spoken, 8 kHz, its loudest tenth at ``level``; skips the test where espeak-ng or sox are not
    installed.
    """
    if not (shutil.which("espeak-ng") and shutil.which("sox")):
        pytest.skip("espeak-ng and sox are not installed")
    spoken = subprocess.run(
        ["espeak-ng", "-v", voice, "--stdout", text], capture_output=True, check=True
    ).stdout
    raw = ["-t", "raw", "-r", str(RATE), "-c", "1", "-e", "signed-integer", "-b", "16", "-"]
    plain = subprocess.run(
        ["sox", "-D", "-t", "wav", "-", *raw], input=spoken, capture_output=True, check=True
    ).stdout
    samples = np.frombuffer(plain, dtype=np.int16).astype(np.float64)
    loud = np.abs(samples) > 200
    samples = samples[int(np.argmax(loud)) : len(samples) - int(np.argmax(loud[::-1]))]
    return samples * level / np.percentile(np.abs(samples), 90)
