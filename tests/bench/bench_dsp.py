"""What the ears cost: processor time per 20 ms of audio and call, the model's step alone, and memory per call."""

from __future__ import annotations

import resource
import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from dsp import AmdModel, AmdSettings, Analyser
from dsp.features import BANDS, STEP_FRAMES, FrontEnd
from dsp.frames import SAMPLE_RATE_HZ
from dsp.spectrum import FRAME
from dsp.talk import TIMING
from dsp.tones import ToneDetector

Figures = list[tuple[str, str]]

_CALLS = 30
_ROUNDS = 5


def main(quick: bool) -> Figures:
    """30 calls side by side, fed in packets of 20 ms with something like speech."""
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    model = AmdModel.default()
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb
    repeats = 300 if quick else 3000
    seconds = 0.5 if quick else 3.0
    judging = _calls(seconds, AmdSettings(max_decision_s=10.0), model)
    hearing = _calls(seconds, AmdSettings(enabled=False), None)
    block = _speech(0.1).astype(np.float32) / 32768
    front_end, tones, state = FrontEnd(), ToneDetector("DE", digits=True), model.fresh_state()
    mel, timing = np.zeros((STEP_FRAMES, BANDS), np.float32), np.zeros(TIMING, np.float32)
    return [
        ("ears: per call and 20 ms, judging", f"{judging:.0f} us ({judging / 200:.2f} % of a core)"),
        ("ears: per call and 20 ms, tones only", f"{hearing:.0f} us ({hearing / 200:.2f} % of a core)"),
        ("ears: tones per 100 ms", f"{_time(lambda: tones.block(block), repeats):.0f} us"),
        ("ears: log-mel per 100 ms", f"{_time(lambda: front_end.step(block), repeats):.0f} us"),
        ("ears: model step per 100 ms", f"{_time(lambda: model.step(mel, timing, state), repeats):.0f} us"),
        ("ears: memory per call", f"{_memory_kb(model):.0f} kB"),
        ("ears: memory of the model", f"{grown_kb} kB"),
    ]


def _speech(seconds: float) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """Noise that swells four times a second."""
    time_s = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    swell = np.clip(np.sin(2 * np.pi * 4 * time_s), 0.01, 1.0) * 2000
    return (np.random.default_rng(1).normal(size=len(time_s)) * swell).astype(np.int16)


def _calls(seconds: float, settings: AmdSettings, model: AmdModel | None) -> float:
    """Microseconds of processor time per call and packet."""
    calls = [Analyser(settings, model) for _ in range(_CALLS)]
    for ears in calls:
        ears.answered()
    sound = _speech(seconds)
    began = time.process_time()
    for start in range(0, len(sound), FRAME):
        for ears in calls:
            ears.feed(sound[start : start + FRAME])
    packets = _CALLS * (len(sound) / FRAME)
    return (time.process_time() - began) / packets * 1e6


def _time(work: Callable[[], object], repeats: int) -> float:
    """Microseconds, the best of five rounds."""
    rounds = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        for _ in range(repeats // _ROUNDS):
            work()
        rounds.append((time.perf_counter() - began) / (repeats // _ROUNDS) * 1e6)
    return min(rounds)


def _memory_kb(model: AmdModel) -> float:
    """What one call holds after three seconds."""
    sound = _speech(3.0)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    calls = [Analyser(AmdSettings(max_decision_s=10.0), model) for _ in range(_CALLS)]
    for ears in calls:
        ears.answered()
        ears.feed(sound)
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return held / _CALLS / 1024
