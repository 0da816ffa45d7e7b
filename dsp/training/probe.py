"""Does the line give the class away? A probe that sees only noise floor and band edges tries to tell people
from machines.

If it does much better than a coin, the network may have learnt studios instead of behaviour. A figure of the
model card.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dsp.frames import Samples
from dsp.training import Array
from dsp.training.compose import Call

_WINDOW = 256


def line_features(calls: Sequence[Call]) -> Array:
    """One row per call."""
    return np.stack([_of_line(call.samples) for call in calls])


def _of_line(samples: Samples) -> Array:
    """Twelve numbers about the line alone: quietest frames, share of digital silence, spectrum at the band's
    edges.
    """
    sound = samples.astype(np.float64) / 32768
    windows = sound[: len(sound) // _WINDOW * _WINDOW].reshape(-1, _WINDOW)
    power = np.square(np.abs(np.fft.rfft(windows * np.hanning(_WINDOW), axis=1))) + 1e-9
    frame_db = 10 * np.log10(power.mean(axis=1))
    quiet = power[frame_db <= np.percentile(frame_db, 10)].mean(axis=0)
    mean = power.mean(axis=0)
    edges = [(0, 3), (3, 6), (6, 10), (96, 104), (104, 112), (112, 120), (120, 129)]
    shape = [10 * np.log10(mean[low:high].mean() / mean[16:80].mean()) for low, high in edges]
    floor = np.percentile(frame_db, [1, 5, 10])
    return np.array(
        [*floor, 10 * np.log10(quiet[16:80].mean()), float(np.mean(windows.std(axis=1) == 0)), *shape]
    )


def balanced_accuracy(train: tuple[Array, Sequence[bool]], test: tuple[Array, Sequence[bool]]) -> float:
    """Logistic regression with squares and products on ``train``, judged on ``test``; 0.5 is a coin."""
    mean, scale = train[0].mean(axis=0), train[0].std(axis=0) + 1e-9
    weights = _fit(_expand((train[0] - mean) / scale), np.asarray(train[1], dtype=float))
    said = _expand((test[0] - mean) / scale) @ weights > 0
    truth = np.asarray(test[1], dtype=bool)
    return float((said[truth].mean() + (~said[~truth]).mean()) / 2)


def _expand(features: Array) -> Array:
    features = np.clip(features, -4, 4)
    first, second = np.triu_indices(features.shape[1])
    return np.column_stack([np.ones(len(features)), features, features[:, first] * features[:, second]])


def _fit(inputs: Array, truth: Array) -> Array:
    """Newton's method with a little ridge; both classes weigh the same."""
    weight = np.where(truth > 0, 0.5 / truth.mean(), 0.5 / (1 - truth.mean()))
    found = np.zeros(inputs.shape[1])
    for _ in range(15):
        odds = 1 / (1 + np.exp(-np.clip(inputs @ found, -30, 30)))
        slope = inputs.T @ (weight * (truth - odds)) - found
        curve = (inputs * (weight * odds * (1 - odds))[:, None]).T @ inputs + np.eye(len(found))
        found = found + np.linalg.solve(curve, slope)
    return found
