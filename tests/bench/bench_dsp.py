"""What the ears cost, beside what they may cost: processor time per 100 ms of audio and stream with one stream and with
thirty, the parts of it, memory per stream, the model's size.
"""

from __future__ import annotations

import resource
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np

import dsp
from dsp import AmdModel, AmdSettings, Analyser
from dsp.features import BANDS, STEP_FRAMES, FrontEnd
from dsp.frames import BLOCK, SAMPLE_RATE_HZ
from dsp.talk import TIMING
from dsp.tones import ToneDetector

Figures = list[tuple[str, str]]

_PACKET = 160
_STREAMS = 30
_ROUNDS = 5
_LIMIT_MS, _LIMIT_STREAM_KB, _LIMIT_MODEL_KB = 1.0, 200, 100
_JUDGING = AmdSettings(max_decision_s=10.0, digits=True)


def main(quick: bool) -> Figures:
    """Streams side by side, fed in packets of 20 ms with something like speech; all of them judging all the time."""
    before_kb = _resident_kb()
    model = AmdModel.default()
    grown_kb = _resident_kb() - before_kb
    repeats = 300 if quick else 3000
    seconds = 1.0 if quick else 4.0
    block = _speech(0.1).astype(np.float32) / 32768
    front_end, tones, state = FrontEnd(), ToneDetector("DE", digits=True), model.fresh_state()
    mel, timing = np.zeros((STEP_FRAMES, BANDS), np.float32), np.zeros(TIMING, np.float32)
    one, thirty = (_cost_ms(streams, seconds, _JUDGING, model) for streams in (1, _STREAMS))
    deaf = _cost_ms(_STREAMS, seconds, AmdSettings(enabled=False, digits=True), None)
    traced_kb, resident_kb = _memory_kb(model)
    limit, file_kb = f"of {_LIMIT_MS:.1f} ms allowed", _model_kb()
    return [
        ("ears: 100 ms of audio, one stream", f"{one:.3f} ms {limit}"),
        (
            f"ears: the same, {_STREAMS} streams at once",
            f"{thirty:.3f} ms {limit} ({thirty * 30:.0f} % of a core)",
        ),
        (f"ears: tones alone, {_STREAMS} streams", f"{deaf:.3f} ms"),
        ("ears: tones per 100 ms", f"{_time(lambda: tones.block(block), repeats):.0f} us"),
        ("ears: log-mel per 100 ms", f"{_time(lambda: front_end.step(block), repeats):.0f} us"),
        ("ears: model step per 100 ms", f"{_time(lambda: model.step(mel, timing, state), repeats):.0f} us"),
        ("ears: memory per stream, Python's", f"{traced_kb:.0f} kB of {_LIMIT_STREAM_KB} kB allowed"),
        ("ears: memory per stream, resident", f"{resident_kb:.0f} kB of {_LIMIT_STREAM_KB} kB allowed"),
        ("ears: the model's file", f"{file_kb:.0f} kB of {_LIMIT_MODEL_KB} kB allowed"),
        ("ears: memory of the model", f"{grown_kb:.0f} kB"),
    ]


def _speech(seconds: float) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """Noise that swells four times a second."""
    time_s = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    swell = np.clip(np.sin(2 * np.pi * 4 * time_s), 0.01, 1.0) * 2000
    return (np.random.default_rng(1).normal(size=len(time_s)) * swell).astype(np.int16)


def _cost_ms(streams: int, seconds: float, settings: AmdSettings, model: AmdModel | None) -> float:
    """Processor time per stream and 100 ms of audio."""
    calls = _answered(streams, settings, model)
    sound = _speech(seconds)
    began = time.process_time()
    for start in range(0, len(sound), _PACKET):
        for ears in calls:
            ears.feed(sound[start : start + _PACKET])
    return (time.process_time() - began) / streams / (len(sound) / BLOCK) * 1e3


def _answered(streams: int, settings: AmdSettings, model: AmdModel | None) -> list[Analyser]:
    calls = [Analyser(settings, model) for _ in range(streams)]
    for ears in calls:
        ears.answered()
    return calls


def _time(work: Callable[[], object], repeats: int) -> float:
    """Microseconds of processor time, the best of five rounds."""
    rounds = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        for _ in range(repeats // _ROUNDS):
            work()
        rounds.append((time.process_time() - began) / (repeats // _ROUNDS) * 1e6)
    return min(rounds)


def _memory_kb(model: AmdModel) -> tuple[float, float]:
    """What one stream holds after three seconds: by Python's own count, and by what the process grew."""
    sound, many = _speech(3.0), 10 * _STREAMS
    before_kb = _resident_kb()
    calls = _answered(many, _JUDGING, model)
    for ears in calls:
        ears.feed(sound)
    resident_kb = (_resident_kb() - before_kb) / many
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    more = _answered(_STREAMS, _JUDGING, model)
    for ears in more:
        ears.feed(sound)
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return held / _STREAMS / 1024, resident_kb


def _resident_kb() -> float:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1024


def _model_kb() -> float:
    return (Path(dsp.__file__).parent / "models" / "amd.tflite").stat().st_size / 1024
