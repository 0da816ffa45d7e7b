"""What is wrong with a script, step by step: found by walking its ways on. Grave findings keep it from being saved."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from firmware.scripts.merging import fields_in
from firmware.scripts.script import END, Steps, leads_to, ways_on


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one step (``at``, counted from 0): a stable key with its figures."""

    at: int
    key: str
    grave: bool
    figures: Mapping[str, Any] = field(default_factory=dict)


def findings(steps: Steps, columns: Collection[str]) -> list[Finding]:
    """Everything there is to say, in order of the steps. ``columns``: what contacts may have, in any case."""
    found = [*_nowhere(steps), *_endless(steps), *_unreachable(steps), *_unknown(steps, columns)]
    return sorted(found, key=lambda each: (each.at, not each.grave))


def _nowhere(steps: Steps) -> Iterator[Finding]:
    known = {step.id for step in steps} | {END}
    for at, step in enumerate(steps):
        for branch in step.branches:
            if leads_to(steps, at, branch.go) not in known:
                yield Finding(at, "branch_nowhere", True, {"step": step.heading, "branch": branch.label})
            if not branch.label:
                yield Finding(at, "branch_without_answer", True, {"step": step.heading})
        if not step.branches and leads_to(steps, at, step.next) not in known:
            yield Finding(at, "step_nowhere", True, {"step": step.heading})


def _endless(steps: Steps) -> Iterator[Finding]:
    """Steps from which no way leads to the end; one that leads to nowhere is told as that."""
    places = {step.id: at for at, step in enumerate(steps)}
    ways = [ways_on(steps, at) for at in range(len(steps))]
    ending = {at for at, on in enumerate(ways) if any(go == END or go not in places for go in on)}
    while more := {
        at
        for at, on in enumerate(ways)
        if at not in ending and any(places.get(go, -1) in ending for go in on)
    }:
        ending |= more
    for at, step in enumerate(steps):
        if at not in ending:
            yield Finding(at, "step_endless", True, {"step": step.heading})


def _unreachable(steps: Steps) -> Iterator[Finding]:
    places = {step.id: at for at, step in enumerate(steps)}
    reached: set[int] = set()
    ahead = [0] if steps else []
    while ahead:
        at = ahead.pop()
        if at not in reached:
            reached.add(at)
            ahead += [places[go] for go in ways_on(steps, at) if go in places]
    for at, step in enumerate(steps):
        if at not in reached:
            yield Finding(at, "step_unreachable", False, {"step": step.heading})


def _unknown(steps: Steps, columns: Collection[str]) -> Iterator[Finding]:
    known = {name.casefold() for name in columns}
    for at, step in enumerate(steps):
        for name in fields_in(f"{step.heading} {step.text}"):
            if name.casefold() not in known:
                yield Finding(at, "column_unknown", False, {"step": step.heading, "field": f"{{{name}}}"})
