"""What the next seconds will bring: answers of the calls under way, agents who become free, and the risk of one more.

Tables of probabilities over a few look-ahead points, built from what was learned (``refresh``, now and then) and
summed per question (``Outlook``). A call that is answered ``x`` seconds from now is served if an agent is free by
``x + hold_s``; so the risk of one more call is the probability, averaged over when *it* would be answered, that by
then the answers before it have taken every agent that is free or has become free. The sum of many independent yes/no
events is taken as normal. Times are seconds, rows are ages; no clock.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import erfc, log, sqrt
from typing import Any

import numpy as np

from firmware.pacing.learned import Durations, Floats, Share, edges

POINTS_S = (0.5, 1.5, 2.5, 4.0, 5.5, 7.0, 9.0, 11.0, 14.0, 18.0, 24.0)
_CELLS_S = (1.0, 2.0, 3.25, 4.75, 6.25, 8.0, 10.0, 12.5, 16.0, 21.0, 1e6)
"""Where the cell of each look-ahead point ends."""
_K = len(POINTS_S)
_POINTS: Floats = np.array(POINTS_S)
_ROOT_HALF = math.sqrt(0.5)

_STEP_S = 0.5
_ROWS = 120
"""Ages of a call: half seconds up to a minute. The table holds dialling rows, then ringing rows, then one for calls
picked up that are still being listened to."""
_TALK_ROWS = 240
_WRAP_ROWS = 150
_BUSY_ROWS = _TALK_ROWS + _WRAP_ROWS
_RINGING = _BUSY_ROWS + _ROWS
_TINY = 1e-6
_SHARE_STEP = 0.02
_FINE_S = 60
_GROWTH = 1.04
_LOG_GROWTH = math.log(_GROWTH)
_LAST_S = _ROWS * _STEP_S
_LATE_WEIGHT = 0.2
"""What an answer after the shortest ring allowed weighs, where hopeless calls are given up."""
_LISTEN_S = 1.25
"""When a picked-up call is decided, roughly: until then its verdict is open."""


def age_row(age_s: float, rows: int) -> int:
    """Row of an age: a second each up to a minute, then wider and wider."""
    if age_s < _FINE_S:
        return max(0, int(age_s))
    return min(rows - 1, _FINE_S + int(log(age_s / _FINE_S) / _LOG_GROWTH))


def _row(age_s: float) -> int:
    """Row of a call's age outside the table: its first or its last."""
    return _ROWS - 1 if age_s > 0.0 else 0


def _row_ages(rows: int) -> Floats:
    ages = [i + 0.5 if i < _FINE_S else _FINE_S * _GROWTH ** (i - _FINE_S + 0.5) for i in range(rows)]
    return np.array(ages)


class Outlook:
    """Mean and variance of (answers so far minus agents freed so far) at each look-ahead point."""

    __slots__ = ("mean", "variance")

    def __init__(self, mean: list[float], variance: list[float]) -> None:
        self.mean = mean
        self.variance = variance

    def plus(self, answers: Sequence[float]) -> Outlook:
        """With one more call, answered by each point with these probabilities."""
        return Outlook(
            [m + q for m, q in zip(self.mean, answers, strict=True)],
            [v + q * (1.0 - q) for v, q in zip(self.variance, answers, strict=True)],
        )


class Forecast:
    """The learned durations and shares of one campaign, and the tables built from them."""

    def __init__(self, hold_s: float, ring_timeout_s: float, min_ring_s: float, gives_up: bool) -> None:
        self._hold_s = hold_s
        self._late_from_s = min_ring_s if gives_up else 1e9
        ring_bins = [i * _STEP_S for i in range(_ROWS + 1)]
        handling_bins = edges(1.0, 60.0, 1.05, 7200.0)
        self.until_ringing = Durations(ring_bins, _bump(ring_bins, 2.3, 0.4, 10.0), 500)
        self.until_answer = Durations(ring_bins, _bump(ring_bins, 8.5, 0.7, 15.0), 600)
        self.until_failure = Durations(ring_bins, _bump(ring_bins, ring_timeout_s - 2.0, 0.3, 15.0), 600)
        self.talk = Durations(handling_bins, _bump(handling_bins, 60.0, 1.0, 8.0), 1500)
        self.wrap = Durations(handling_bins, _bump(handling_bins, 10.0, 0.8, 8.0), 1500)
        self.live = Share(0.25, 10.0)
        self.rings = Share(0.9, 10.0, 400.0, alarm=99.0)
        """Share of failed calls that rang at all."""
        self.picked = Share(0.5, 10.0, 200.0, alarm=99.0)
        """Share of picked-up calls that turn out to be a person."""
        self._table = np.zeros((_RINGING + _ROWS + 1, 2 * _K))
        """Per row of agents, then calls: expected change of (answers minus agents freed), and its variance."""
        self._share = -1.0
        self.new_call: list[float] = []
        """Probability that a call started now is answered by each look-ahead point."""
        self.refresh()

    def _parts(self) -> dict[str, Durations | Share]:
        names = ("until_ringing", "until_answer", "until_failure", "talk", "wrap", "live", "rings", "picked")
        return {name: getattr(self, name) for name in names}

    def state(self) -> dict[str, Any]:
        """For JSON."""
        return {name: part.state() for name, part in self._parts().items()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over an earlier ``state()`` as far as it fits."""
        for name, part in self._parts().items():
            if isinstance(state.get(name), Mapping):
                part.restore(state[name])
        self.refresh()

    # -- tables ----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Build the tables anew from what has been learned since; a fraction of a millisecond."""
        busy = np.vstack((self._talk_table(), self._wrap_table()))
        self._table[:_BUSY_ROWS, :_K] = -busy
        self._table[:_BUSY_ROWS, _K:] = busy * (1.0 - busy)
        self._call_tables()
        self._share = -1.0
        self._follow_share()

    def _talk_table(self) -> Floats:
        """Probability that an agent who has talked for the row's age is free at each point plus hold."""
        ages = _row_ages(_TALK_ROWS)
        reach = int(POINTS_S[-1] + self._hold_s) + 1
        lags = np.arange(reach + 1.0)
        lasting = self.talk.survival(ages[:, None] + lags)
        ending = (lasting[:, :-1] - lasting[:, 1:]) / lasting[:, :1]
        rest = _POINTS[None, :] + self._hold_s - (lags[:-1, None] + 0.5)
        wrapped = np.where(rest > 0.0, 1.0 - self.wrap.survival(np.maximum(rest, 0.0)), 0.0)
        out: Floats = np.minimum(ending @ wrapped, 1.0)
        return out

    def _wrap_table(self) -> Floats:
        ages = _row_ages(_WRAP_ROWS)[:, None]
        out: Floats = 1.0 - self.wrap.survival(ages + _POINTS + self._hold_s) / self.wrap.survival(ages)
        return out

    def _call_tables(self) -> None:
        grid = np.arange(2 * _ROWS + 1) * _STEP_S
        ring, answer = self.until_ringing.survival(grid), self.until_answer.survival(grid)
        fail = self.until_failure.survival(grid)
        rows = np.arange(_ROWS)
        ahead = (_POINTS / _STEP_S).astype(int)
        ringing = answer[rows][:, None] - answer[rows[:, None] + ahead]
        starts = ring[:-1] - ring[1:]
        """When ringing begins, per half second; a call still dialling is a sum over those left."""
        answered = 1.0 - answer
        dialling = np.empty((_ROWS, _K))
        for k, steps in enumerate(ahead.tolist()):
            kernel = answered[steps:0:-1]
            dialling[:, k] = np.correlate(starts[: _ROWS + steps - 1], kernel, "valid")[:_ROWS]
        listening = np.where(_POINTS > _LISTEN_S, 1.0, 0.4)[None, :]
        self._soon = np.vstack((dialling, ringing, listening))
        self._open_live = np.concatenate((ring[rows], answer[rows], [1.0]))
        self._open_dead = np.concatenate((ring[rows], self.rings.value() * fail[rows], [1.0]))
        self._first = dialling[0]
        self._cells = self._cell_weights(ring, answer)

    def _cell_weights(self, ring: Floats, answer: Floats) -> list[float]:
        """When a call started now would be answered, over the cells of the look-ahead points.

        Answers later than the shortest ring that is allowed weigh little where hopeless calls are given up: by then
        it is known whether an agent is there.
        """
        ends = [min(int(end / _STEP_S), 2 * _ROWS) for end in _CELLS_S]
        density = np.convolve(ring[:-1] - ring[1:], answer[:-1] - answer[1:])[: 2 * _ROWS]
        total = np.concatenate(([0.0], np.cumsum(density)))
        weights = np.diff(total[ends], prepend=0.0)
        late = np.array([1.0 if end <= self._late_from_s + 2.0 else _LATE_WEIGHT for end in _CELLS_S])
        cells: list[float] = (weights * late / max(float((weights * late).sum()), 1e-9)).tolist()
        return cells

    # -- questions ---------------------------------------------------------------------------------------------

    PICKED_UP_ROW = _RINGING + _ROWS
    """Row of a call that somebody or something has answered and that is being listened to."""

    @staticmethod
    def dialling_rows(ages_s: Iterable[float]) -> list[int]:
        """Rows of calls that have not begun to ring."""
        return [_BUSY_ROWS + (int(age / _STEP_S) if 0.0 < age < _LAST_S else _row(age)) for age in ages_s]

    @staticmethod
    def ringing_rows(ages_s: Iterable[float]) -> list[int]:
        """Rows of calls that have been ringing for so long."""
        return [_RINGING + (int(age / _STEP_S) if 0.0 < age < _LAST_S else _row(age)) for age in ages_s]

    @staticmethod
    def talk_rows(ages_s: Iterable[float]) -> list[int]:
        """Rows of agents who have talked for so long."""
        return [int(age) if 0.0 < age < _FINE_S else age_row(age, _TALK_ROWS) for age in ages_s]

    @staticmethod
    def wrap_rows(ages_s: Iterable[float]) -> list[int]:
        """Rows of agents who have wrapped up for so long."""
        return [
            _TALK_ROWS + (int(age) if 0.0 < age < _FINE_S else age_row(age, _WRAP_ROWS)) for age in ages_s
        ]

    def outlook(self, rows: list[int]) -> Outlook:
        """What busy agents and calls under way (their rows) add up to."""
        self._follow_share()
        if not rows:
            return Outlook([0.0] * _K, [_TINY] * _K)
        total = np.add.reduce(self._table.take(rows, axis=0)).tolist()
        return Outlook(total[:_K], [v + _TINY for v in total[_K:]])

    def _follow_share(self) -> None:
        """Calls' rows follow the share of live answers in small steps."""
        share = self.live.value()
        if abs(share - self._share) > _SHARE_STEP * self._share:
            self._share = share
            chance = share / (self._open_live * share + self._open_dead * (1.0 - share))
            chance[-1] = self.picked.value()
            answers = np.minimum(self._soon * chance[:, None], 1.0)
            self._table[_BUSY_ROWS:, :_K] = answers
            self._table[_BUSY_ROWS:, _K:] = answers * (1.0 - answers)
            self.new_call = (self._first * share).tolist()

    def risk(self, outlook: Outlook, room: float) -> float:
        """Probability that the answer of one more call would meet no free agent."""
        total, rest = 0.0, (0.5 - room) * _ROOT_HALF
        for weight, mean, variance in zip(self._cells, outlook.mean, outlook.variance, strict=True):
            total += weight * erfc(-(rest + mean * _ROOT_HALF) / sqrt(variance))
        return 0.5 * total

    def soon(self, row: int) -> float:
        """Probability that the call in this row is answered within the next second or so."""
        return float(self._table[row, 1])

    def live_share(self, ringing_s: float) -> float:
        """Probability that a call that has rung for so long without answer would be answered by a person yet."""
        row, p = self.ringing_rows([ringing_s])[0] - _BUSY_ROWS, self.live.value()
        live = float(self._open_live[row]) * p
        return float(live / (live + float(self._open_dead[row]) * (1.0 - p) + 1e-12))


def _bump(bins: Sequence[float], median: float, sigma: float, weight: float) -> list[float]:
    """A log-normal guess, with a little everywhere."""
    cdf = [0.5 * math.erfc(-math.log(max(b, 1e-9) / median) / sigma * _ROOT_HALF) for b in bins]
    return [weight * (high - low) + 0.2 / len(bins) for low, high in pairwise(cdf)]
