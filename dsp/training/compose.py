"""Answered calls put together from clips: what a person does after picking up, and what a machine does.

A person says something short, perhaps a sentence, and waits; a machine goes on. So that nothing but behaviour
decides, some machines are recorded by the people of the human clips and some people have prompt or synthetic
voices. Every call then goes through the same ``channel``. There are two mixes: ``ANSWERS``, a guess at what
happens, and ``LESSONS``, harder, from which a part of the model learns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dsp.frames import Floats, Samples
from dsp.model import CLASSES
from dsp.training import Array, variety
from dsp.training.channel import Rng, through
from dsp.training.clips import Clip, Role, Split

CALL_S = 5.0
CALL_SAMPLES = int(CALL_S * 8000)
_LAID_S = 6.0
_PACE = (0.82, 1.2)
"""In training every call is played this much slower or faster, which also makes other voices of the few there
are.
"""


@dataclass(frozen=True, slots=True)
class Mix:
    """What is composed how often."""

    labels: Mapping[str, float]
    people: Mapping[str, float]
    machines: Mapping[str, float]
    synthetic_short: float
    synthetic_phrase: float
    """Shares of people with a synthetic voice, by how they answer."""
    prompt_person: float
    """Share of people who answer in the voice and words of a short prompt."""
    walls: float = 0.0
    """Share of calls in a room with walls."""
    taken_anew: float = 0.0
    """Share of calls taken by another microphone."""


ANSWERS = Mix(
    labels={"human": 0.46, "machine": 0.41, "music": 0.05, "silence": 0.08},
    people={"hello": 0.57, "name": 0.20, "phrase": 0.18, "long": 0.05},
    machines={"greeting": 0.33, "prompts": 0.32, "synthetic": 0.25, "home": 0.10},
    synthetic_short=0.25,
    synthetic_phrase=0.08,
    prompt_person=0.07,
)
"""A guess at real answers."""
LESSONS = Mix(
    labels={"human": 0.49, "machine": 0.40, "music": 0.05, "silence": 0.06},
    people={"hello": 0.40, "name": 0.18, "phrase": 0.28, "long": 0.14},
    machines={"greeting": 0.30, "prompts": 0.30, "synthetic": 0.27, "home": 0.13},
    synthetic_short=0.25,
    synthetic_phrase=0.16,
    prompt_person=0.15,
    walls=0.25,
    taken_anew=0.4,
)
"""The hard calls oftener, more people who talk on among them, in more rooms."""


@dataclass(frozen=True, slots=True)
class Call:
    """Five seconds from the answer on; ``active`` marks speech per 10 ms, ``kind`` says how it was made.

    ``language`` is that of the first clip, ``zxx`` where nobody speaks.
    """

    label: str
    kind: str
    names: tuple[str, ...]
    language: str
    samples: Samples
    active: Array


class Composer:
    """Draws calls from the clips of one split."""

    def __init__(self, clips: Sequence[Clip], split: Split, mix: Mix = ANSWERS) -> None:
        self._vary = split == "train"
        self._mix = mix
        self._roles: dict[Role, list[Clip]] = defaultdict(list)
        self._voices: dict[tuple[Role, str], list[Clip]] = defaultdict(list)
        for clip in clips:
            if clip.split == split:
                self._roles[clip.role].append(clip)
                self._voices[clip.role, clip.voice].append(clip)

    def call(self, rng: Rng, label: str | None = None) -> Call:
        """One call of a random class, or of the class given."""
        label = label or str(rng.choice(CLASSES, p=[self._mix.labels[name] for name in CLASSES]))
        parts: list[tuple[float, Clip]] = []
        if label == "human":
            kind = self._human(parts, rng)
        elif label == "machine":
            kind = self._machine(parts, rng)
        elif label == "music":
            kind = "music"
            parts.append((rng.uniform(0, 0.8), self._any("music", rng)))
        else:
            kind = "silence"
        pace = float(rng.uniform(*_PACE)) if self._vary else 1.0
        if self._mix.taken_anew and rng.random() < self._mix.taken_anew:
            parts = _taken_anew(parts, rng)
        speech, active = _at_pace(*_lay(parts, rng, talk=label != "music"), pace)
        if self._mix.walls and rng.random() < self._mix.walls:
            speech = variety.room(speech, rng)
        samples = through(speech, active, self._noise(rng), rng)
        names = tuple(clip.name for _, clip in parts)
        return Call(label, kind, names, parts[0][1].language if parts else "zxx", samples, active)

    def _human(self, parts: list[tuple[float, Clip]], rng: Rng) -> str:
        at_s = _onset(rng)
        kind = _drawn(self._mix.people, rng)
        talkative = kind in ("phrase", "long")
        synthetic = rng.random() < (self._mix.synthetic_phrase if talkative else self._mix.synthetic_short)
        first = self._by_voice("phrase" if talkative else "short", rng, synthetic=synthetic)
        if kind in ("hello", "phrase") and rng.random() < self._mix.prompt_person:
            first = self._brief_prompt(rng, 1.6 if kind == "hello" else 2.5)
        at_s = _say(parts, at_s, first)
        if kind == "name":
            at_s = _say(parts, at_s + rng.uniform(0.12, 0.4), self._same_voice(first, rng))
        if kind == "long":
            at_s = _say(parts, at_s + rng.uniform(0.02, 0.2), self._same_voice(first, rng))
        if rng.random() < 0.4:
            _say(parts, at_s + rng.uniform(0.9, 2.2), self._same_voice(first, rng, role="short"))
        return kind

    def _machine(self, parts: list[tuple[float, Clip]], rng: Rng) -> str:
        at_s = _onset(rng)
        kind = _drawn(self._mix.machines, rng)
        if kind in ("greeting", "synthetic"):
            first = self._by_voice("greeting", rng, synthetic=kind == "synthetic")
        elif kind == "prompts":
            first = self._any("prompt", rng)
        else:
            first = self._by_voice("phrase", rng, synthetic=False)
        if rng.random() < 0.12 and (hello := self._hello_like(first, rng)) is not None:
            at_s = _say(parts, at_s, hello) + rng.uniform(0.3, 1.1)
        while at_s < _LAID_S:
            at_s = _say(parts, at_s, first) + rng.uniform(0.03, 0.35)
            first = self._same_voice(first, rng)
        return kind

    def _by_voice(self, role: Role, rng: Rng, *, synthetic: bool) -> Clip:
        """A voice first, then a clip of it: a crowd of a thousand clips must not drown the others."""
        clips = [clip for clip in self._roles[role] if _is_synthetic(clip) == synthetic]
        voices = sorted({clip.voice for clip in clips})
        sizes = np.sqrt([len(self._voices[role, voice]) for voice in voices])
        voice = voices[int(rng.choice(len(voices), p=sizes / sizes.sum()))]
        return _pick(self._voices[role, voice], rng)

    def _brief_prompt(self, rng: Rng, longest_s: float) -> Clip:
        brief = [clip for clip in self._roles["prompt"] + self._roles["fragment"] if clip.seconds < longest_s]
        return _pick(brief, rng)

    def _hello_like(self, clip: Clip, rng: Rng) -> Clip | None:
        """Something brief in the same voice: the "Hello." that some machines begin with."""
        roles: tuple[Role, ...] = ("fragment", "short")
        brief = [other for role in roles for other in self._voices[role, clip.voice]]
        return (
            _pick([other for other in brief if other.language == clip.language] or brief, rng)
            if brief
            else None
        )

    def _same_voice(self, clip: Clip, rng: Rng, role: Role | None = None) -> Clip:
        """Another clip of the same voice and language, of a role that fits; the clip itself if there is none."""
        others = self._voices[role or clip.role, clip.voice]
        same = [other for other in others if other.language == clip.language]
        return _pick(same, rng) if same else clip

    def _any(self, role: Role, rng: Rng) -> Clip:
        return _pick(self._roles[role], rng)

    def _noise(self, rng: Rng) -> Floats:
        role: Role = "noise" if rng.random() < 0.85 or not self._roles["music"] else "music"
        samples = self._any(role, rng).samples
        start = int(rng.integers(0, len(samples)))
        return np.tile(np.roll(samples, -start), 1 + CALL_SAMPLES // len(samples))[:CALL_SAMPLES]


def _drawn(shares: Mapping[str, float], rng: Rng) -> str:
    return str(rng.choice(list(shares), p=list(shares.values())))


def _is_synthetic(clip: Clip) -> bool:
    return clip.source.endswith("(Debian)")


def _pick(clips: Sequence[Clip], rng: Rng) -> Clip:
    return clips[int(rng.integers(len(clips)))]


def _onset(rng: Rng) -> float:
    """Seconds from the answer to the first sound; drawn alike for both classes."""
    return float(rng.uniform(1.0, 2.0) if rng.random() < 0.25 else rng.uniform(0.0, 1.0))


def _say(parts: list[tuple[float, Clip]], at_s: float, clip: Clip) -> float:
    parts.append((at_s, clip))
    return at_s + clip.seconds


def _taken_anew(parts: Sequence[tuple[float, Clip]], rng: Rng) -> list[tuple[float, Clip]]:
    """All clips of a call by one other microphone."""
    seed = int(rng.integers(2**32))
    return [
        (at_s, replace(clip, samples=variety.recorded(clip.samples, np.random.default_rng(seed))))
        for at_s, clip in parts
    ]


def _lay(parts: Sequence[tuple[float, Clip]], rng: Rng, *, talk: bool) -> tuple[Floats, Array]:
    """Put the clips in their places, each a little louder or softer."""
    sound = np.zeros(int(_LAID_S * 8000), dtype=np.float32)
    active = np.zeros(int(_LAID_S * 100), dtype=bool)
    for at_s, clip in parts:
        frame = int(at_s * 100)
        if frame >= len(active):
            continue
        samples = clip.samples[: len(sound) - frame * 80] * np.float32(10 ** (rng.uniform(-2, 2) / 20))
        sound[frame * 80 : frame * 80 + len(samples)] += samples
        if talk:
            marks = clip.active[: len(active) - frame]
            active[frame : frame + len(marks)] |= marks
    return sound, active


def _at_pace(sound: Floats, active: Array, pace: float) -> tuple[Floats, Array]:
    """Play faster (``pace`` above 1) or slower, pitch and all, and keep five seconds."""
    where = np.minimum(np.arange(CALL_SAMPLES) * pace, len(sound) - 1.0)
    marks = np.minimum((np.arange(CALL_SAMPLES // 80) * pace).astype(int), len(active) - 1)
    return np.interp(where, np.arange(len(sound)), sound).astype(np.float32), active[marks]
