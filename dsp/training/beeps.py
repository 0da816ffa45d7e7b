"""``python -m dsp.training.beeps --pool DIRECTORY``: how well voicemail beeps are heard through the training's
random telephone line.

Composes a greeting, a pause and a beep, and as many calls without one (machines, people, people with music behind
them); streams each through the runtime's own detector. No synthetic voices, no training. Another ``--seed`` draws
other calls: change the ears by one and report another.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from dsp.dtmf import is_key
from dsp.frames import BLOCK_MS, SAMPLE_RATE_HZ, Blocks, Floats, Samples
from dsp.tones import Digit, Tone, ToneDetector
from dsp.training import Array
from dsp.training.channel import Rng, through
from dsp.training.clips import Clip, from_pool
from dsp.training.evaluate import rate

_KINDS: tuple[str, ...] = ("one note", "one note", "one note", "two at once", "two after one another")
_LENGTHS_MS = (70, 100, 150, 200, 300, 500, 700, 1000, 1500)
_HZ, _APART_HZ = (430.0, 2000.0), 110.0
_TWO_NOTES_MS = 200
_RAMPS_MS = (1.0, 5.0, 10.0)
_AMPLITUDE, _LEVEL_DB = 0.14, (-8.0, 6.0)
"""As loud as the voice (-20 dBFS), give or take."""
_LONGEST_S = 8.0
_FRAME = SAMPLE_RATE_HZ // 100
KEY = "two at once, those of a key"
RIGHT_MS = 150
"""A beep counts as found if its end is told within this of where it is."""
_Without = Literal["machine", "person", "person with music"]
_WITHOUT: tuple[_Without, ...] = ("machine", "person", "person with music")


@dataclass(frozen=True, slots=True)
class Beep:
    """What one sounds like: its kind, pitches in Hz, and the sound, -20 dBFS and thereabouts."""

    kind: str
    hz: tuple[float, float]
    sound: Array

    @property
    def ms(self) -> float:
        """Length."""
        return len(self.sound) / SAMPLE_RATE_HZ * 1000

    @property
    def group(self) -> str:
        """Its row in the table. A pair that is a key of a telephone is a digit, and meant to be."""
        if self.kind == "two at once" and is_key(min(self.hz), max(self.hz)):
            return KEY
        short = self.ms <= 100 and self.kind != "two after one another"
        return f"{self.kind}, {'100 ms or less' if short else 'longer'}"


@dataclass(frozen=True, slots=True)
class Line:
    """One call as the ears get it; ``end_ms`` is where the beep ends, ``None`` where there is none."""

    group: str
    beep: Beep | None
    end_ms: float | None
    samples: Samples


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one call: each event with the time at which it was told, in ms."""

    line: Line
    events: tuple[tuple[Tone | Digit, int], ...]

    @property
    def told_ms(self) -> float | None:
        """How long after its end the beep was told; ``None`` where it was not."""
        end_ms = self.line.end_ms
        if end_ms is None:
            return None
        right = [told - end_ms for event, told in self.events if _is_at(event, end_ms)]
        return right[0] if right else None

    @property
    def wrong(self) -> list[Tone | Digit]:
        """What was heard and is not there."""
        end_ms = self.line.end_ms
        return [event for event, _ in self.events if end_ms is None or not _is_at(event, end_ms)]


def _is_at(event: Tone | Digit, end_ms: float) -> bool:
    return isinstance(event, Tone) and event.kind == "beep" and abs(event.at_ms - end_ms) <= RIGHT_MS


def beep(rng: Rng) -> Beep:
    """One, two at once or two after another, 70 ms to 1.5 s."""
    kind = _KINDS[int(rng.integers(len(_KINDS)))]
    ms = _LENGTHS_MS[int(rng.integers(len(_LENGTHS_MS)))]
    ms = max(ms, _TWO_NOTES_MS) if kind == "two after one another" else ms
    first, second = rng.uniform(*_HZ), rng.uniform(*_HZ)
    while kind == "two at once" and abs(first - second) <= _APART_HZ:
        second = rng.uniform(*_HZ)
    at_s = np.arange(ms * SAMPLE_RATE_HZ // 1000) / SAMPLE_RATE_HZ
    one, other = (np.sin(2 * np.pi * hz * at_s) for hz in (first, second))
    if kind == "two at once":
        sound = 0.6 * (one + other * 10 ** (rng.uniform(-6, 0) / 20))
    else:
        sound = one if kind == "one note" else np.where(at_s < at_s[-1] / 2, one, other)
    ramp = _RAMPS_MS[int(rng.integers(len(_RAMPS_MS)))] / 1000
    edges = np.minimum(1.0, np.minimum(at_s, at_s[::-1]) / ramp)
    size = _AMPLITUDE * 10 ** (rng.uniform(*_LEVEL_DB) / 20)
    return Beep(kind, (first, second if kind != "one note" else 0.0), size * sound * edges)


class Lines:
    """Draws calls from the clips of a pool."""

    def __init__(self, clips: Sequence[Clip]) -> None:
        self._machines = [clip for clip in clips if clip.role in ("prompt", "fragment") and clip.seconds > 1]
        self._people = [clip for clip in clips if clip.role in ("short", "phrase")]
        self._music = [clip for clip in clips if clip.role == "music"]
        self._noises = [clip for clip in clips if clip.role == "noise"]

    def with_beep(self, rng: Rng) -> Line:
        """A machine's last words, 50 ms to 1.5 s of nothing, the beep, and quiet."""
        words = _pick(self._machines, rng).samples[-int(_LONGEST_S * SAMPLE_RATE_HZ) :]
        sounds = [_nothing(rng, 0.1, 0.8), words, _nothing(rng, 0.05, 1.5)]
        tone = beep(rng)
        before, upto = sum(map(len, sounds)), sum(map(len, sounds)) + len(tone.sound)
        sound = np.concatenate((*sounds, tone.sound, _nothing(rng, 0.8, 2.0)))
        active = np.zeros(len(sound) // _FRAME, dtype=bool)
        active[len(sounds[0]) // _FRAME : (before - len(sounds[2])) // _FRAME] = True
        active[before // _FRAME : upto // _FRAME] = True
        return Line(tone.group, tone, upto / SAMPLE_RATE_HZ * 1000, self._through(sound, active, rng))

    def without(self, rng: Rng) -> Line:
        """Somebody or something speaks, and no beep follows."""
        kind = _WITHOUT[int(rng.integers(len(_WITHOUT)))]
        if kind == "machine":
            words = _pick(self._machines, rng).samples
        else:
            first, second = (_pick(self._people, rng).samples for _ in range(2))
            words = np.concatenate((first, _nothing(rng, 0.3, 0.5), second))
        words = words[: int(_LONGEST_S * SAMPLE_RATE_HZ)]
        sound = np.concatenate((_nothing(rng, 0.1, 0.8), words, _nothing(rng, 0.8, 2.0)))
        if kind == "person with music":
            music = _of_length(_pick(self._music, rng).samples, len(sound), rng)
            sound = sound + music * 10 ** (rng.uniform(-26, -12) / 20)
        return Line(
            f"no beep, {kind}", None, None, self._through(sound, np.ones(len(sound), dtype=bool), rng)
        )

    def _through(self, sound: Array, active: Array, rng: Rng) -> Samples:
        sound = sound[: len(sound) // _FRAME * _FRAME].astype(np.float32)
        noise = _of_length(_pick(self._noises, rng).samples, len(sound), rng)
        return through(sound, active[: len(sound) // _FRAME], noise, rng)


def _pick(clips: Sequence[Clip], rng: Rng) -> Clip:
    return clips[int(rng.integers(len(clips)))]


def _nothing(rng: Rng, least_s: float, most_s: float) -> Floats:
    return np.zeros(int(rng.uniform(least_s, most_s) * SAMPLE_RATE_HZ), dtype=np.float32)


def _of_length(samples: Floats, length: int, rng: Rng) -> Floats:
    return np.resize(np.roll(samples, -int(rng.integers(len(samples)))), length)


def lines(clips: Sequence[Clip], seed: int, count: int) -> Iterator[Line]:
    """``count`` calls with a beep and as many without, each from a generator of its own."""
    drawn = Lines(clips)
    for number in range(count):
        yield drawn.with_beep(np.random.default_rng((seed, number, 1)))
        yield drawn.without(np.random.default_rng((seed, number, 0)))


def listen(line: Line, country: str = "DE") -> Heard:
    """Stream it."""
    ears = ToneDetector(country, digits=True)
    events: list[tuple[Tone | Digit, int]] = []
    for number, block in enumerate(Blocks().push(line.samples), start=1):
        events += [(event, number * BLOCK_MS) for event in ears.block(block)]
    return Heard(line, tuple(events))


def report(found: Sequence[Heard]) -> dict[str, Any]:
    """Beeps found by group, how soon they are told, and calls in which something else was heard."""
    groups: dict[str, list[Heard]] = defaultdict(list)
    for one in found:
        groups[one.line.group].append(one)
    beeps = [one for one in found if one.line.beep]
    told = [one.told_ms for one in beeps if one.told_ms is not None]
    return {
        "found": rate(one.told_ms is not None for one in beeps),
        "found_but_for_keys": rate(one.told_ms is not None for one in beeps if one.line.group != KEY),
        "told_ms_after_its_end": {
            f"p{part}": round(float(np.percentile(told, part))) for part in (50, 97, 100)
        },
        "found_by_group": {
            name: rate(one.told_ms is not None for one in group)
            for name, group in sorted(groups.items())
            if group[0].line.beep
        },
        "false_without_one": rate(bool(one.wrong) for one in found if not one.line.beep),
        "false_by_group": {
            name: rate(bool(one.wrong) for one in group) for name, group in sorted(groups.items())
        },
    }


def main() -> None:
    """Compose, listen, print."""
    parser = argparse.ArgumentParser(prog="python -m dsp.training.beeps", description=__doc__)
    parser.add_argument(
        "--pool", type=Path, required=True, help="folder with MANIFEST.csv and the recordings"
    )
    parser.add_argument("--calls", type=int, default=600, help="with a beep, and as many without")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    found = [listen(line) for line in lines(from_pool(args.pool), args.seed, args.calls)]
    print(json.dumps(report(found), indent=1))


if __name__ == "__main__":
    main()
