"""How sure is sure enough: the decision's limits, chosen on the tune split for a tolerated share of people
cut off.

Replays the runtime's own ``Decision`` over stored odds, so what is tuned is what decides.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from dsp.amd import (
    HEARD,
    STEADY_STEPS,
    AmdSettings,
    Decision,
    Label,
    Limits,
    Odds,
    Sensitivity,
    Verdict,
    steady,
)  # fmt: skip
from dsp.model import CLASSES, odds_of
from dsp.talk import Talk
from dsp.training import Array
from dsp.training.dataset import Arrays

TOLERATED: dict[Sensitivity, float] = {"careful": 0.004, "balanced": 0.01, "eager": 0.03}
"""Share of people called machines on the tune split that each preset may cost."""

_EARLY = (0.8, 0.84, 0.88, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995)
_LATE = (*(number / 20 for number in range(10, 15)), *(number / 50 for number in range(38, 50)), 0.99)
_NEVER = 2.0
_PATIENCE = Limits(
    machine=_NEVER, machine_at_last=_NEVER, human=0.95, human_talking=0.985, quiet_ms=400,
    machine_speech_ms=1500, human_waiting=0.84, waiting_ms=600, settle_before_ms=500, settle_after_ms=2200,
)  # fmt: skip
"""What the presets have in common. A person waits 0.5 s on the median; odds of 0.85 throughout find people 0.1 s sooner
and take a quarter more machines that pause for people. Half a second before time is up whoever has been heard for 2.2 s
is settled: that costs next to nothing at the share of people that ``balanced`` tolerates."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One call as the decision sees it."""

    label: str
    odds: Sequence[Odds]
    talk: Sequence[Talk]


@dataclass(frozen=True, slots=True)
class _Held:
    """A call under limits that never name a machine: what is said then and when, and the highest odds of a machine
    until then: those that would have ended the wait, and those when time was up."""

    trace: Trace
    verdict: Verdict
    early: float
    late: float

    def called_machine(self, early: float, late: float) -> bool:
        """What ``Decision`` would have said under these odds."""
        return self.verdict.label == Label.MACHINE or self.early >= early or self.late >= late


@dataclass(frozen=True, slots=True)
class _Tried:
    """Odds for a machine, early and when time is up; the people they cut off and the machines they miss."""

    early: float
    late: float
    cut_off: float
    missed: float


def traces(arrays: Arrays, logits: Array, temperature: float) -> list[Trace]:
    """Odds and speech timing of every step of every call."""
    return [
        _trace(CLASSES[label], rows, temperature) for label, rows in zip(arrays.label, logits, strict=True)
    ]


def _trace(label: str, rows: Array, temperature: float) -> Trace:
    odds = [odds_of(row, temperature) for row in rows]
    talk, seen = Talk(), []
    for now in odds:
        talk.step([now.speech >= HEARD] * 10)
        seen.append(copy.copy(talk))
    return Trace(label, odds, seen)


def verdict_of(trace: Trace, settings: AmdSettings, limits: Limits) -> Verdict:
    """Run the decision over a trace."""
    decision = Decision(settings, limits)
    for odds, talk in zip(trace.odds, trace.talk, strict=True):
        if verdict := decision.step(odds, talk):
            return verdict
    raise AssertionError("a decision falls before the trace ends")


def best_temperature(arrays: Arrays, logits: Array) -> float:
    """The temperature under which the odds of the steps after the first speech are least surprised by the
    truth.
    """
    heard = np.maximum.accumulate(arrays.speech, axis=1).astype(bool)
    classes, truth = (
        logits[..., : len(CLASSES)][heard],
        np.repeat(arrays.label[:, None], heard.shape[1], 1)[heard],
    )

    def surprise(temperature: float) -> float:
        scaled = classes / temperature
        top = scaled.max(axis=1)
        total = np.log(np.exp(scaled - top[:, None]).sum(axis=1)) + top
        return float(np.mean(total - scaled[np.arange(len(truth)), truth]))

    return min((float(value) for value in np.arange(0.6, 3.01, 0.1)), key=surprise)


def choose(found: Sequence[Trace]) -> dict[Sensitivity, Limits]:
    """For each preset the limits that miss fewest machines while cutting off no more people than tolerated.

    ``balanced`` comes first; no limit of ``careful`` is below its own, none of ``eager`` above.
    """
    held = [_hold(trace, _PATIENCE) for trace in found if trace.label in ("human", "machine")]
    tried = [
        _Tried(early, late, *_errors(held, early, late))
        for early, late in product(_EARLY, _LATE)
        if late <= early
    ]
    middle = _best(tried, TOLERATED["balanced"])
    stricter = [one for one in tried if one.early >= middle.early and one.late >= middle.late]
    looser = [one for one in tried if one.early <= middle.early and one.late <= middle.late]
    chosen: dict[Sensitivity, _Tried] = {
        "careful": _best(stricter, TOLERATED["careful"]),
        "balanced": middle,
        "eager": _best(looser, TOLERATED["eager"]),
    }
    return {
        name: replace(_PATIENCE, machine=one.early, machine_at_last=one.late) for name, one in chosen.items()
    }


def _best(tried: Sequence[_Tried], tolerated: float) -> _Tried:
    """Fewest machines missed among those that are tolerated; where none is, fewest people cut off."""
    allowed = [one for one in tried if one.cut_off <= tolerated] or [min(tried, key=lambda one: one.cut_off)]
    return min(allowed, key=lambda one: (one.missed, one.cut_off))


def _hold(trace: Trace, limits: Limits) -> _Held:
    verdict = verdict_of(trace, AmdSettings(), limits)
    machine = [now.machine for now in trace.odds]
    odds = [
        steady(machine[max(0, place - STEADY_STEPS) : place])
        for place, talk in enumerate(trace.talk, 1)
        if talk.at_ms <= verdict.at_ms and talk.speech_ms >= limits.machine_speech_ms
    ]
    if "at_last" not in verdict.figures:
        return _Held(trace, verdict, max(odds, default=0.0), 0.0)
    *before, late = odds or [0.0]
    return _Held(trace, verdict, max(before, default=0.0), late)


def _errors(held: Sequence[_Held], early: float, late: float) -> tuple[float, float]:
    """Share of people called machines, share of machines not called machines."""
    called = [(one.trace.label, one.called_machine(early, late)) for one in held]
    people = [machine for label, machine in called if label == "human"]
    machines = [machine for label, machine in called if label == "machine"]
    return sum(people) / len(people), 1 - sum(machines) / len(machines)
