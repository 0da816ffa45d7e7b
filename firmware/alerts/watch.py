"""Conditions over time become alerts that begin and end, each once. Pure: ``now_s`` is monotonic and an argument."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from firmware.alerts.rules import RULES
from firmware.alerts.seen import About, Conditions


@dataclass(frozen=True, slots=True)
class Change:
    """An alert begins, or (``ended``) is over."""

    about: About
    ended: bool
    figures: Mapping[str, Any] = field(default_factory=dict)


class Watch:
    """Which alerts are open, and since when conditions hold or not."""

    def __init__(self, open_now: Collection[About] = ()) -> None:
        """``open_now`` had begun before this watch did."""
        self._open = set(open_now)
        self._since: dict[About, float] = {}
        """Since when a condition is not as its alert is: holds without one, or no longer holds."""

    @property
    def open_now(self) -> frozenset[About]:
        """Alerts that have begun and not ended."""
        return frozenset(self._open)

    def step(self, found: Conditions, now_s: float) -> list[Change]:
        """What begins and what ends at this look, in order of the rules' names."""
        changes = []
        for about in sorted({*found, *self._open, *self._since}):
            holds, is_open = about in found, about in self._open
            if holds == is_open:
                self._since.pop(about, None)
                continue
            since = self._since.setdefault(about, now_s)
            rule = RULES[about[0]]
            if now_s - since < (rule.after_s if holds else rule.over_s):
                continue
            del self._since[about]
            changes.append(Change(about, not holds, found.get(about, {})))
            if holds:
                self._open.add(about)
            else:
                self._open.discard(about)
        return changes
