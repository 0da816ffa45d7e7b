"""``strowger amd evaluate``: how often the ears are wrong over labelled files, and how fast and sure they are.

``UNSURE`` is treated as a person by a caller, so the shares come twice: what was called a person, and what was let
through to an agent. The first verdict counts; what later corrections would have made of it is a table of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dsp import Verdict
from firmware.listen.classify import Listening, status
from firmware.listen.errors import UnreadableFile
from firmware.listen.hearing import Hearing
from firmware.listen.manifest import Case
from firmware.listen.many import answers
from firmware.listen.statistics import Share, percentile

_LOST = ("MACHINE", "INTERCEPT", "FAX", "MUSIC")
"""Nobody is connected with these."""
_THROUGH = ("HUMAN", "UNSURE")
_BEEP_WITHIN_S = 0.15
_FEW_WRONG = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one file was heard as; times in seconds since the answer."""

    status: str
    final: str
    cause: str
    seconds: float
    beep_s: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """All cases that could be heard, with their outcomes; the others in words."""

    heard: tuple[tuple[Case, Outcome], ...] = field(repr=False)
    unreadable: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Judging:
    """Hears the case of a file; sent to other processes."""

    listening: Listening
    early_media_s: dict[Path, float]

    def __call__(self, file: Path) -> Outcome:
        early_s = self.early_media_s.get(file, self.listening.early_media_s)
        return _outcome(replace(self.listening, early_media_s=early_s)(file))


def evaluate(cases: Sequence[Case], listening: Listening, jobs: int = 0) -> Report:
    """Hear all of them."""
    early = {case.file: case.early_media_s for case in cases if case.early_media_s is not None}
    found = answers([case.file for case in cases], _Judging(listening, early), jobs)
    heard: list[tuple[Case, Outcome]] = []
    unreadable: list[str] = []
    for case, (_, outcome) in zip(cases, found, strict=True):
        if isinstance(outcome, UnreadableFile):
            unreadable.append(str(outcome))
        else:
            heard.append((case, outcome))
    return Report(tuple(heard), tuple(unreadable))


def _outcome(hearing: Hearing) -> Outcome:
    word = hearing.word
    assert word is not None, "a call is always judged in the end"
    last = hearing.verdicts[-1].event if hearing.verdicts else None
    final = status(last.label.value) if isinstance(last, Verdict) else status(word.label)
    beep_s = None if hearing.beep_ms is None else hearing.beep_ms / 1000
    return Outcome(status(word.label), final, word.words["en"], word.heard_ms / 1000, beep_s)


def as_json(report: Report) -> dict[str, Any]:
    """Every figure, and the files that were judged wrongly."""
    return {
        "files": len(report.heard),
        "unreadable": list(report.unreadable),
        "errors": {name: share.as_json() for name, share in errors(report.heard).items()},
        "confusion": _confusion(report.heard, lambda outcome: outcome.status),
        "confusion_after_corrections": _confusion(report.heard, lambda outcome: outcome.final),
        "by_kind": _grouped(report.heard, lambda case: case.kind),
        "by_language": _grouped(report.heard, lambda case: case.language),
        "seconds": timing(report.heard),
        "beep": {name: share.as_json() for name, share in beeps(report.heard).items()},
        "wrong": _wrong(report.heard),
    }


def errors(heard: Iterable[tuple[Case, Outcome]]) -> dict[str, Share]:
    """The rates people ask for first. Labels without cases are left out."""
    heard = list(heard)
    rates = {
        "human called machine": _share(heard, "HUMAN", ("MACHINE",)),
        "human not connected": _share(heard, "HUMAN", _LOST),
        "machine called human": _share(heard, "MACHINE", ("HUMAN",)),
        "machine let through": _share(heard, "MACHINE", _THROUGH),
        "announcement called human": _share(heard, "INTERCEPT", ("HUMAN",)),
        "announcement let through": _share(heard, "INTERCEPT", _THROUGH),
    }
    for label in ("SCREEN", "FAX", "MUSIC", "SILENCE"):
        rates[f"{label.lower()} called otherwise"] = _share(heard, label, (label,), wrong=True)
    return {name: share for name, share in rates.items() if share.of}


def timing(heard: Iterable[tuple[Case, Outcome]]) -> dict[str, dict[str, float]]:
    """Seconds since the answer of all verdicts, of each label's, and of persons' since the end of their first words."""
    heard = list(heard)
    rows = {"all verdicts": [outcome.seconds for _, outcome in heard]}
    for label in sorted({case.label for case, _ in heard}):
        rows[label.lower()] = [outcome.seconds for case, outcome in heard if case.label == label]
    after = [
        outcome.seconds - case.first_utterance_end_s
        for case, outcome in heard
        if case.label == outcome.status == "HUMAN" and case.first_utterance_end_s is not None
    ]
    if after:
        rows["human after the first utterance"] = after
    return {name: _percentiles(values) for name, values in rows.items() if values}


def beeps(heard: Iterable[tuple[Case, Outcome]]) -> dict[str, Share]:
    """How many beeps were found, how many of those heard were right, and how many calls without one had one."""
    known = [(case.beep_s, outcome.beep_s) for case, outcome in heard if case.beep_known]
    there = [(true_s, heard_s) for true_s, heard_s in known if true_s is not None]
    told = [(true_s, heard_s) for true_s, heard_s in known if heard_s is not None]
    without = [heard_s for true_s, heard_s in known if true_s is None]
    shares = {
        "found within 0.15 s": Share(sum(_right(*pair) for pair in there), len(there)),
        "right of those heard": Share(sum(_right(*pair) for pair in told), len(told)),
        "heard where there is none": Share(sum(heard_s is not None for heard_s in without), len(without)),
    }
    return {name: share for name, share in shares.items() if share.of}


def as_text(report: Report) -> str:
    """The same for people, without the list of files."""
    lines = [f"{len(report.heard)} files heard, {len(report.unreadable)} not readable", ""]
    lines += [f"{name:<34}{share}" for name, share in errors(report.heard).items()]
    for title, table in (("kind", "by_kind"), ("language", "by_language")):
        for group, rates in as_json(report)[table].items():
            lines += ["", f"{title} {group}"]
            lines += [f"  {name:<32}{Share(rate['count'], rate['of'])}" for name, rate in rates.items()]
    lines += ["", f"{'seconds since the answer':<34}{'p50':>7}{'p95':>7}{'max':>7}"]
    for name, row in timing(report.heard).items():
        lines.append(f"{name:<34}" + "".join(f"{value:7.2f}" for value in row.values()))
    if found := beeps(report.heard):
        lines += [""] + [f"{'beep ' + name:<34}{share}" for name, share in found.items()]
    return "\n".join(lines) + "\n"


def _share(
    heard: list[tuple[Case, Outcome]], label: str, statuses: Sequence[str], *, wrong: bool = False
) -> Share:
    cases = [outcome for case, outcome in heard if case.label == label]
    return Share(sum((outcome.status in statuses) != wrong for outcome in cases), len(cases))


def _confusion(
    heard: Iterable[tuple[Case, Outcome]], judged: Callable[[Outcome], str]
) -> dict[str, dict[str, dict[str, object]]]:
    counts: dict[str, Counter[str]] = {}
    for case, outcome in heard:
        counts.setdefault(case.label, Counter())[judged(outcome)] += 1
    return {
        label: {found: Share(n, row.total()).as_json() for found, n in row.most_common()}
        for label, row in sorted(counts.items())
    }


def _grouped(heard: Iterable[tuple[Case, Outcome]], key: Callable[[Case], str]) -> dict[str, Any]:
    groups: dict[str, list[tuple[Case, Outcome]]] = {}
    for case, outcome in heard:
        if key(case):
            groups.setdefault(key(case), []).append((case, outcome))
    return {
        group: {name: share.as_json() for name, share in errors(rows).items()}
        for group, rows in sorted(groups.items())
    }


def _wrong(heard: Iterable[tuple[Case, Outcome]]) -> list[dict[str, str]]:
    """Files whose first verdict was not their label; ``UNSURE`` is no mistake with a person."""
    found = [
        {"file": str(case.file), "label": case.label, "status": outcome.status, "cause": outcome.cause}
        for case, outcome in heard
        if outcome.status != case.label and (case.label, outcome.status) != ("HUMAN", "UNSURE")
    ]
    return found[:_FEW_WRONG]


def _right(true_s: float | None, heard_s: float | None) -> bool:
    return true_s is not None and heard_s is not None and abs(heard_s - true_s) <= _BEEP_WITHIN_S


def _percentiles(values: list[float]) -> dict[str, float]:
    return {
        "p50": round(percentile(values, 50), 3),
        "p95": round(percentile(values, 95), 3),
        "max": round(max(values), 3),
    }
