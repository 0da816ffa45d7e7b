"""Calls as arrays: the runtime's own front end and speech timing over many composed calls, cached on disk.

Call number n of a split is always the same call: its random generator is seeded with the split, the seed and
n.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from dsp.features import HOPS_PER_BLOCK, FrontEnd
from dsp.frames import Blocks
from dsp.model import CLASSES
from dsp.talk import Loudness, Talk
from dsp.training import Array
from dsp.training.clips import Clip, Split
from dsp.training.compose import ANSWERS, CALL_S, Call, Composer, Mix

STEPS = int(CALL_S * 10)
_WORKERS = 2
_SPLIT_SEEDS = {"train": 1, "tune": 2, "test": 3}


@dataclass(frozen=True, slots=True)
class Arrays:
    """``frames`` (calls, 500, 32), ``timing`` (calls, 50, 9), ``speech`` (calls, 50) 0/1,
    ``label`` (calls,) index of the class.
    """

    frames: Array
    timing: Array
    speech: Array
    label: Array


def compose(composer: Composer, split: Split, seed: int, number: int) -> Call:
    """Call ``number`` of a split."""
    return composer.call(np.random.default_rng((_SPLIT_SEEDS[split], seed, number)))


def build(
    clips: Sequence[Clip], split: Split, count: int, seed: int, cache: Path, mix: Mix = ANSWERS
) -> Arrays:
    """Arrays of the first ``count`` calls; read from ``cache`` if the same have been made before by the same
    code.
    """
    digest = hashlib.sha256(b"".join((Path(__file__).parents[1] / name).read_bytes() for name in _SEEN))
    digest.update("".join(clip.name + clip.split for clip in clips).encode() + repr(mix).encode())
    path = cache / f"{split}_{count}_{seed}_{digest.hexdigest()[:12]}.npz"
    if path.exists():
        with np.load(path) as saved:
            return Arrays(*(saved[name] for name in Arrays.__slots__))
    slices = [range(start, min(start + 250, count)) for start in range(0, count, 250)]
    with ProcessPoolExecutor(_WORKERS, initializer=_hold, initargs=(clips, split, mix)) as pool:
        parts = list(pool.map(partial(_slice, split, seed), slices))
    arrays = Arrays(*(np.concatenate([part[index] for part in parts]) for index in range(4)))
    cache.mkdir(parents=True, exist_ok=True)
    np.savez(path, **{name: getattr(arrays, name) for name in Arrays.__slots__})
    return arrays


_SEEN = (
    "features.py",
    "talk.py",
    "frames.py",
    *(f"training/{name}.py" for name in ("channel", "clips", "compose", "variety")),
)


_composers: list[Composer] = []
"""A worker process keeps its composer here, so that the clips are handed over once."""


def _hold(clips: Sequence[Clip], split: Split, mix: Mix) -> None:
    _composers[:] = [Composer(clips, split, mix)]


def _slice(split: Split, seed: int, numbers: range) -> tuple[Array, ...]:
    rows = [features_of(compose(_composers[0], split, seed, number)) for number in numbers]
    return tuple(np.stack(column) for column in zip(*rows, strict=True))


def features_of(call: Call) -> tuple[Array, Array, Array, Array]:
    """One call through the front end, in the order of ``Arrays``."""
    front_end, loudness, talk = FrontEnd(), Loudness(), Talk()
    frames, timing = [], []
    for block in Blocks().push(call.samples):
        step = front_end.step(block)
        talk.step(loudness.step(step.voice_db))
        frames.append(step.mel[-HOPS_PER_BLOCK:])
        timing.append(talk.timing())
    speech = call.active.reshape(STEPS, -1).mean(axis=1) > 0.3
    label = np.array(CLASSES.index(call.label))
    return (
        np.concatenate(frames).astype(np.float16),
        np.stack(timing).astype(np.float16),
        speech.astype(np.int8),
        label.astype(np.int8),
    )
