"""What the shipped file does on calls of voices it has never heard: the real analyser, beside app_amd on the
same audio.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dsp.amd import AmdSettings, Label, Limits, Sensitivity, Verdict
from dsp.analyser import Analyser
from dsp.model import AmdModel
from dsp.training import app_amd, thresholds
from dsp.training.compose import Call

_CHUNK = 160
_EXAMPLES = 3
"""Calls named for each kind of error."""
_WRONG = {"human": (Label.MACHINE,), "machine": (Label.HUMAN,), "music": (Label.MACHINE, Label.HUMAN)}
"""Verdicts that are errors, not doubt; the rest of ``machine`` is counted as left unsure."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One call, the verdict on it and what app_amd would have said."""

    call: Call
    verdict: Verdict
    app_amd: str
    app_amd_ms: int

    @property
    def wait_ms(self) -> int:
        """From the end of the first utterance to the verdict; negative while it was still going on."""
        active = np.flatnonzero(self.call.active)
        if not len(active):
            return 0
        pauses = np.flatnonzero(np.diff(active) > 30)
        return self.verdict.at_ms - 10 * (int(active[pauses[0]] if len(pauses) else active[-1]) + 1)


def judge(
    model: AmdModel, calls: Sequence[Call], presets: Iterable[Sensitivity]
) -> dict[Sensitivity, list[Judged]]:
    """Stream each call through an analyser in 20 ms pieces, once for each preset."""
    theirs = [app_amd.judge(call.samples) for call in calls]
    return {name: _judge(model, calls, theirs, AmdSettings(sensitivity=name)) for name in presets}


def _judge(
    model: AmdModel, calls: Sequence[Call], theirs: Sequence[tuple[str, int]], settings: AmdSettings
) -> list[Judged]:
    return [
        Judged(call, _verdict(model, call, settings), *other)
        for call, other in zip(calls, theirs, strict=True)
    ]


def _verdict(model: AmdModel, call: Call, settings: AmdSettings) -> Verdict:
    ears = Analyser(settings, model)
    ears.answered()
    for start in range(0, len(call.samples), _CHUNK):
        for event in ears.feed(call.samples[start : start + _CHUNK]):
            if isinstance(event, Verdict):
                return event
    raise AssertionError("a verdict falls within five seconds")


def agreement(
    judged: Sequence[Judged], floats: Sequence[thresholds.Trace], limits: Limits
) -> dict[str, float]:
    """Share of calls on which the int8 file says the same as the float network, and at the same time.

    Without music, where the notes that the ears hear decide as well.
    """
    settings = AmdSettings()
    both = [
        (one.verdict, thresholds.verdict_of(trace, settings, limits))
        for one, trace in zip(judged, floats, strict=True)
        if one.call.label != "music"
    ]
    same_label = np.mean([ours.label == other.label for ours, other in both])
    same_time = np.mean([abs(ours.at_ms - other.at_ms) <= 100 for ours, other in both])
    return {"label": round(float(same_label), 4), "within_100_ms": round(float(same_time), 4)}


def report(judged: Sequence[Judged]) -> dict[str, Any]:
    """Verdicts by class and kind, error rates with 95 % intervals, times; and app_amd's errors."""
    people = [one for one in judged if one.call.label == "human"]
    machines = [one for one in judged if one.call.label == "machine"]
    verdicts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in judged:
        verdicts[f"{one.call.label}/{one.call.kind}"][one.verdict.label.value] += 1
    short = [one for one in people if one.call.kind in ("hello", "name")]
    languages = sorted({one.call.language for one in people + machines})
    return {
        "verdicts": {kind: dict(counts.most_common()) for kind, counts in sorted(verdicts.items())},
        "by_language": {
            language: _errors([one for one in people + machines if one.call.language == language])
            for language in languages
        },
        "still_wrong": _examples(judged),
        "human_called_machine": rate(one.verdict.label == Label.MACHINE for one in people),
        "short_answer_called_machine": rate(one.verdict.label == Label.MACHINE for one in short),
        "machine_found": rate(one.verdict.label == Label.MACHINE for one in machines),
        "machine_called_human": rate(one.verdict.label == Label.HUMAN for one in machines),
        "machine_left_unsure": rate(one.verdict.label in (Label.UNSURE, Label.SILENCE) for one in machines),
        "verdict_ms": _percentiles([one.verdict.at_ms for one in judged]),
        "human_wait_after_first_utterance_ms": _percentiles(
            [one.wait_ms for one in people if one.verdict.label == Label.HUMAN]
        ),
        "app_amd_default": {
            "human_called_machine": rate(one.app_amd == "machine" for one in people),
            "short_answer_called_machine": rate(one.app_amd == "machine" for one in short),
            "machine_called_human": rate(one.app_amd == "human" for one in machines),
            "verdict_ms": _percentiles([one.app_amd_ms for one in judged]),
        },
    }


def _errors(judged: Sequence[Judged]) -> dict[str, Any]:
    """The two rates that matter most, of some of the calls."""
    people = [one for one in judged if one.call.label == "human"]
    machines = [one for one in judged if one.call.label == "machine"]
    return {
        "human_called_machine": rate(one.verdict.label == Label.MACHINE for one in people),
        "machine_found": rate(one.verdict.label == Label.MACHINE for one in machines),
        "machine_called_human": rate(one.verdict.label == Label.HUMAN for one in machines),
    }


def _examples(judged: Sequence[Judged]) -> dict[str, list[str]]:
    """The first clips of three calls of each error, by class, kind and what was said."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in judged:
        if one.verdict.label in _WRONG.get(one.call.label, ()):
            named = found[f"{one.call.label}/{one.call.kind} called {one.verdict.label.value}"]
            if len(named) < _EXAMPLES:
                named.append(" + ".join(one.call.names[:2]))
    return dict(sorted(found.items()))


def rate(hits: Iterable[bool]) -> dict[str, float]:
    """Share with Wilson's 95 % interval."""
    marks = list(hits)
    if not marks:
        return {"calls": 0}
    count, share, z = len(marks), sum(marks) / len(marks), 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    reach = z * np.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    return {"rate": round(share, 4), "low": round(low, 4), "high": round(high, 4), "calls": count}


def _percentiles(values: Sequence[int]) -> dict[str, int]:
    if not values:
        return {}
    p50, p95 = np.percentile(values, [50, 95])
    return {"p50": int(p50), "p95": int(p95)}
