"""A line test's results: each a figure with its unit, limits, verdict and a hint what to do. Pure.

A hint is a key; its sentence in English is here for the command line, in both languages with the pages' words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from dsp.line.measure import Figure, Mark

HINTS: Mapping[str, str] = {
    "line_hint_battery": "Is the line plugged in, at the right socket? Measure the socket with another telephone.",
    "line_hint_current": "The loop is too long, or a second device draws current: unplug everything else.",
    "line_hint_dial_tone": "No dial tone: check cable, socket and the line's country; behind an exchange, the way out.",
    "line_hint_late": "The dial tone comes late: the exchange is loaded, or a device in front of the line is.",
    "line_hint_quiet": "The tone is faint: a long line, a splitter too many, or a gain that is set too low.",
    "line_hint_loud": "The tone is loud: set the gain of what is heard lower.",
    "line_hint_noise": "There is noise on the line: try a shorter cable, another socket, and without splitters.",
    "line_hint_hum": "There is hum: keep the cable away from mains leads; check the earth of devices in between.",
    "line_hint_echo": "Much of what we say comes back: check the line's country; unplug other devices on the line.",
    "line_hint_keys": "Keys are not understood as sent: look at noise and levels first.",
    "line_hint_delay": "Sound is on its way for long: a router or gateway in between buffers much.",
    "line_hint_loop": "The other line was not reached or not heard: test it by itself, and check its own number.",
    "line_hint_loop_level": "The call between the lines is too faint or too loud: compare the gains of both.",
}
_TOO = {
    "on_hook_volts": ("line_hint_battery", "line_hint_battery"),
    "off_hook_volts": ("line_hint_current", "line_hint_current"),
    "loop_milliamps": ("line_hint_current", "line_hint_current"),
    "dial_tone_delay": ("line_hint_dial_tone", "line_hint_late"),
    "dial_tone_level": ("line_hint_quiet", "line_hint_loud"),
    "noise": ("line_hint_noise", "line_hint_noise"),
    "hum": ("line_hint_hum", "line_hint_hum"),
    "echo_delay": ("line_hint_echo", "line_hint_delay"),
    "keys": ("line_hint_keys", "line_hint_keys"),
    "set_up": ("line_hint_loop", "line_hint_loop"),
    "one_way": ("line_hint_loop", "line_hint_delay"),
    "loop_gain": ("line_hint_loop_level", "line_hint_loop_level"),
}
"""Hints where a figure is too small and too large."""
_ECHO = ("line_hint_echo", "line_hint_echo")
_MISSING = {"dial_tone_level": "line_hint_dial_tone", "loop_gain": "line_hint_loop"}
_WORST = (Mark.BAD, Mark.WARN, Mark.GOOD)


@dataclass(frozen=True, slots=True)
class Result:
    """One figure of one test. ``verdict`` none: not measured, or nothing to judge."""

    test: str
    figure: str
    value: float | None
    unit: str
    least: float | None
    most: float | None
    verdict: Mark
    hint: str

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        return {**asdict(self), "verdict": self.verdict.value}


def results(test: str, figures: Iterable[Figure]) -> list[Result]:
    """A test's figures with their hints."""
    return [
        Result(test, one.name, one.value, one.unit, one.least, one.most, one.mark, _hint(one))
        for one in figures
    ]


def verdict(all_of_them: Sequence[Result]) -> str:
    """Of a whole test: its worst; empty where nothing was judged."""
    marks = {one.verdict for one in all_of_them}
    return next((mark.value for mark in _WORST if mark in marks), "")


def _hint(figure: Figure) -> str:
    if figure.mark not in (Mark.WARN, Mark.BAD):
        return ""
    low, high = _TOO.get(figure.name, _ECHO)
    if figure.value is None:
        return _MISSING.get(figure.name, low)
    return high if figure.most is not None and figure.value > figure.most else low
