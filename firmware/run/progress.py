"""What a demonstration says in the terminal: a line that keeps itself current, and the report at the end."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from firmware.run.demonstration import Demonstration
    from firmware.run.report import Report

_TERMINAL_S = 0.5
_LOG_S = 5.0


class Progress:
    """Writes to standard output; ``quiet`` leaves it to the JSON report."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._terminal = sys.stdout.isatty()

    def say(self, text: str) -> None:
        """One line."""
        if not self._quiet:
            print(text, flush=True)

    async def follow(self, demonstration: Demonstration) -> None:
        """Show how far the campaign is, until cancelled."""
        while not self._quiet:
            figures = await demonstration.figures()
            if figures is not None:
                end = "\r" if self._terminal else "\n"
                print(f"{_line(figures):<110}", end=end, flush=True)
            await asyncio.sleep(_TERMINAL_S if self._terminal else _LOG_S)

    def report(self, report: Report) -> None:
        """The account of the run."""
        if self._quiet:
            print(json.dumps(dataclasses.asdict(report), indent=2, ensure_ascii=False))
            return
        print()
        for name, value in dataclasses.asdict(report).items():
            print(f"{name:<20} {_words(value)}")


def _line(figures: Mapping[str, Any]) -> str:
    done, contacts = figures["closed"], figures["contacts"]
    bar = "#" * round(20 * done / max(1, contacts))
    rate = 100 * figures["abandon_rate"]
    return (
        f"[{bar:<20}] {done}/{contacts} closed · {figures['attempts']} attempts · {figures['in_flight']} in flight · "
        f"{figures['live_answers']} people · {rate:.1f} % abandoned · {figures['pacing']['reason']}"
    )


def _words(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_words(each)}" for key, each in value.items()) or "-"
    if isinstance(value, (list, tuple)):
        return "; ".join(str(each) for each in value) or "none"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
