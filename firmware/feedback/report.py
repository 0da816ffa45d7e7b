"""The box's own measurements of its ears, from stored verdicts and people's words. Pure. See README.md.

Verdicts go in one by one (``Counting.add``), one plain mapping comes out, the same for the page and the command line.
Shares are those of ``firmware.listen.statistics``: count, cases, share, Wilson's 95 % interval.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from dsp.amd import Limits
from firmware.feedback.replay import Outcome, outcome, replay
from firmware.listen.statistics import Share, percentile
from firmware.model import AmdLabel
from firmware.store.verdict_words import Judged, Said

PRESETS = ("careful", "balanced", "eager")
"""From the one that cuts off the fewest people."""
_Z2 = 1.959963984540054**2
_WORDLESS = "none"
_MOST_CAUSES = 20


class Counting:
    """Adds verdicts up. ``limits`` are the present model's, by preset."""

    def __init__(self, limits: Mapping[str, Limits]) -> None:
        self._limits = limits
        self._matrix: dict[AmdLabel, Counter[str]] = {}
        self._how: Counter[str] = Counter()
        self._causes: Counter[tuple[str, str, str]] = Counter()
        self._decided_ms: dict[AmdLabel, list[int]] = {}
        self._heard: Counter[tuple[bool, bool]] = Counter()
        self._presets = {name: _Preset() for name in PRESETS}

    def add(self, judged: Judged) -> None:
        """Count one verdict."""
        word = judged.said.value if judged.said is not None else _WORDLESS
        self._matrix.setdefault(judged.verdict, Counter())[word] += 1
        self._causes[judged.verdict.value, judged.cause, word] += 1
        self._heard[judged.connected, judged.said is not None] += 1
        if judged.how is not None:
            self._how[judged.how.value] += 1
        if judged.decided_ms is not None and judged.decided_ms >= 0:
            self._decided_ms.setdefault(judged.verdict, []).append(judged.decided_ms)
        own = self._limits.get(judged.sensitivity or "")
        for name, preset in self._presets.items():
            same = judged.sensitivity == name
            made = replay(judged.verdict, judged.figures, own, self._limits[name], same=same)
            preset.add(judged, made)

    def report(self, current: str | None = None, target: float | None = None) -> dict[str, Any]:
        """All of it; with a campaign's preset and abandon target also what they suggest."""
        return {
            "calls": self._calls(),
            "matrix": [_row(label, self._matrix[label]) for label in AmdLabel if label in self._matrix],
            "causes": self._by_cause(),
            "decided_ms": self._times(),
            "presets": [
                {"name": name, **preset.as_json(), "limits": asdict(self._limits[name])}
                for name, preset in self._presets.items()
            ],
            "current": current,
            **self._suggestion(current, target),
        }

    def _calls(self) -> dict[str, Any]:
        heard, unheard = self._heard[True, True], self._heard[False, True]
        return {
            "judged": self._heard.total(),
            "heard": Share(heard, heard + self._heard[True, False]).as_json(),
            "unheard": Share(unheard, unheard + self._heard[False, False]).as_json(),
            "by": dict(self._how),
        }

    def _by_cause(self) -> list[dict[str, Any]]:
        totals: Counter[tuple[str, str]] = Counter()
        for (verdict, cause, _), count in self._causes.items():
            totals[verdict, cause] += count
        return [
            {
                "verdict": verdict,
                "cause": cause,
                "calls": calls,
                **{said.value: self._causes[verdict, cause, said.value] for said in Said},
            }
            for (verdict, cause), calls in totals.most_common(_MOST_CAUSES)
        ]

    def _times(self) -> list[dict[str, Any]]:
        every = [ms for times in self._decided_ms.values() for ms in times]
        rows = [(label.value, self._decided_ms[label]) for label in AmdLabel if label in self._decided_ms]
        return [
            {"verdict": name, "calls": len(times), "p50": percentile(times, 50), "p95": percentile(times, 95)}
            for name, times in [*rows, *([("all", every)] if every else [])]
        ]

    def _suggestion(self, current: str | None, target: float | None) -> dict[str, Any]:
        if current is None or not target:
            return {"suggested": None, "persons": 0, "persons_needed": None}
        needed = math.ceil(_Z2 * (1 - target) / target)
        persons = self._presets[PRESETS[0]].persons.total()
        found: str | None = None
        if persons >= needed:
            sound = [name for name in PRESETS if self._presets[name].at_worst().interval[1] <= target]
            among = sound or PRESETS[:1]
            found = min(among, key=lambda name: self._presets[name].machines[Outcome.AGENT])
        return {"suggested": found, "persons": persons, "persons_needed": needed}


class _Preset:
    """What one preset would have made of the calls, by what they were."""

    def __init__(self) -> None:
        self.persons: Counter[Outcome] = Counter()
        self.machines: Counter[Outcome] = Counter()
        self.hung_up: Counter[Outcome] = Counter()
        """Calls on which the box hung up and nobody said what they were."""

    def add(self, judged: Judged, made: Outcome) -> None:
        """Count one call."""
        if judged.said is not None:
            (self.persons if judged.said is Said.PERSON else self.machines)[made] += 1
        elif outcome(judged.verdict) is Outcome.MACHINE:
            self.hung_up[made] += 1

    def at_worst(self) -> Share:
        """Persons cut off, those that cannot be told among them."""
        return Share(self.persons[Outcome.MACHINE] + self.persons[Outcome.UNKNOWN], self.persons.total())

    def as_json(self) -> dict[str, Any]:
        """Shares of what can be told, and how many cannot."""
        return {
            "persons_lost": _known(self.persons, Outcome.MACHINE).as_json(),
            "persons_unknown": self.persons[Outcome.UNKNOWN],
            "machines_through": _known(self.machines, Outcome.AGENT).as_json(),
            "machines_unknown": self.machines[Outcome.UNKNOWN],
            "unheard_connected": _known(self.hung_up, Outcome.AGENT).as_json(),
            "unheard_unknown": self.hung_up[Outcome.UNKNOWN],
        }


def _known(counts: Counter[Outcome], what: Outcome) -> Share:
    return Share(counts[what], counts.total() - counts[Outcome.UNKNOWN])


def _row(label: AmdLabel, counts: Counter[str]) -> dict[str, Any]:
    words = sum(counts[said.value] for said in Said)
    shares = {said.value: Share(counts[said.value], words).as_json() for said in Said}
    return {"verdict": label.value, "calls": counts.total(), _WORDLESS: counts[_WORDLESS], **shares}
