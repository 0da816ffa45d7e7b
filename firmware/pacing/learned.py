"""What a campaign has learned: how long things take, and what share of calls a person answers.

Both forget: old observations weigh less, by events and not by hours, so that a campaign that rested knows what it
knew. Both come back from their ``state()`` exactly, through JSON. What is done with it is ``forecast``'s.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_HEAVY_TAIL = 0.002
"""Share of a survival table that follows ``(1 + t/60)^-2``: gives ages never seen yet a release rate all the same."""


def edges(fine_s: float, fine_until_s: float, growth: float, until_s: float) -> list[float]:
    """Bin edges: even steps first, then each bin ``growth`` times as wide as the one before."""
    out = [i * fine_s for i in range(int(fine_until_s / fine_s) + 1)]
    while out[-1] < until_s:
        out.append(out[-1] * growth)
    return out


class Durations:
    """A histogram of durations in seconds that forgets, and its survival function."""

    def __init__(self, bins: Sequence[float], prior: Sequence[float], half_life: float) -> None:
        self.bins = list(bins)
        self.counts = [float(v) for v in prior]
        self._growth = 2.0 ** (1.0 / half_life)
        self._weight = 1.0
        self._edges: Floats = np.array(self.bins)

    def add(self, seconds: float) -> None:
        """Count one duration; a negative one (a clock set back) counts as zero."""
        self._weight *= self._growth
        bin_ = bisect_right(self.bins, max(0.0, seconds)) - 1
        self.counts[min(bin_, len(self.counts) - 1)] += self._weight
        if self._weight > 1e9:
            self._rescale()

    def add_cut_short(self, seconds: float, share: float) -> None:
        """Count ``share`` of a duration known only to be longer than ``seconds``: as the rest of the table has it."""
        first = min(bisect_right(self.bins, max(0.0, seconds)), len(self.counts) - 1)
        beyond = sum(self.counts[first:])
        self._weight *= 1.0 + (self._growth - 1.0) * share
        if beyond > 0.0:
            scale = 1.0 + self._weight * share / beyond
            self.counts[first:] = [v * scale for v in self.counts[first:]]

    def _rescale(self) -> None:
        self.counts = [v / self._weight for v in self.counts]
        self._weight = 1.0

    def survival(self, at: Floats) -> Floats:
        """Probability to last longer than each of ``at`` seconds; never quite zero."""
        counts = np.array(self.counts)
        total = float(counts.sum()) or 1.0
        known = np.concatenate(([1.0], 1.0 - np.cumsum(counts) / total))
        seen = np.interp(at, self._edges, np.maximum(known, 0.0))
        tail = _HEAVY_TAIL / np.square(1.0 + at / 60.0)
        out: Floats = seen * (1.0 - _HEAVY_TAIL) + tail
        return out

    def mean_s(self) -> float:
        """The mean duration; bins count at their middle."""
        total = sum(self.counts) or 1.0
        middles = ((low + high) / 2 for low, high in pairwise(self.bins))
        return sum(m * c for m, c in zip(middles, self.counts, strict=True)) / total

    def state(self) -> dict[str, Any]:
        """For JSON."""
        self._rescale()
        return {"counts": [float(f"{v:.9g}") for v in self.counts]}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over an earlier ``state()``; one of another shape is left alone (the bins have changed since)."""
        counts = state.get("counts")
        if isinstance(counts, list) and len(counts) == len(self.counts):
            self.counts, self._weight = [float(v) for v in counts], 1.0


class Share:
    """A share of events that follows its own drift: a slow estimate, and a quick one it jumps to on a sudden rise.

    ``half_life`` is in events and may be changed as the pace of events changes (``follow``): the more events there
    are in the time over which the share drifts, the more of them can be averaged.
    """

    def __init__(
        self, prior: float, weight: float, half_life: float = 80.0, quick: float = 20.0, alarm: float = 2.5
    ) -> None:
        self._alarm = alarm
        self.yes, self.no = prior * weight, (1.0 - prior) * weight
        self._quick_yes, self._quick_no = self.yes, self.no
        self._keep = 0.5 ** (1.0 / half_life)
        self._quick_keep = 0.5 ** (1.0 / quick)

    def follow(self, half_life: float) -> None:
        """From now on forget half in this many events."""
        self._keep = 0.5 ** (1.0 / half_life)

    def add(self, happened: float) -> None:
        """Count one event: 1 it happened, 0 it did not, between them the probability that it would have."""
        keep, quick = self._keep, self._quick_keep
        self.yes, self.no = self.yes * keep + happened, self.no * keep + 1.0 - happened
        self._quick_yes = self._quick_yes * quick + happened
        self._quick_no = self._quick_no * quick + 1.0 - happened
        if self._jumped():
            self.yes, self.no = self._quick_yes, self._quick_no

    def _jumped(self) -> bool:
        """Whether the quick estimate has left the slow one behind, upwards, by more than chance."""
        slow = self.yes / (self.yes + self.no)
        seen = self._quick_yes + self._quick_no
        error = math.sqrt(max(slow * (1.0 - slow), 1e-6) / seen)
        return self._alarm * error < self._quick_yes / seen - slow

    def value(self) -> float:
        """The share."""
        return self.yes / (self.yes + self.no)

    def state(self) -> dict[str, Any]:
        """For JSON."""
        return {"yes": self.yes, "no": self.no, "quick_yes": self._quick_yes, "quick_no": self._quick_no}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over an earlier ``state()``."""
        values = [float(state.get(key, 0.0)) for key in ("yes", "no", "quick_yes", "quick_no")]
        if min(values) >= 0.0 and values[0] + values[1] > 0.0 and values[2] + values[3] > 0.0:
            self.yes, self.no, self._quick_yes, self._quick_no = values
