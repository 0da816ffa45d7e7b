"""What the page of the design system shows: the tokens, read from the style sheet itself, and the names of its parts.

Pure but for reading the sheet once: a colour that is changed there is changed on the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from firmware.papers.tables import Chart, Column, Line, Series, Table
from web_ui.language import N_, Language

_SHEET = Path(__file__).parent / "static/strowger.css"
_ICONS = Path(__file__).parent / "static/icons.svg"

MEANINGS: Mapping[str, str] = {
    "paper": N_("Behind everything"),
    "card": N_("Cards, fields, the bar at the top"),
    "sunk": N_("Under the pointer, sums, what lies deeper"),
    "ink": N_("Words"),
    "soft": N_("Words of less weight: hints, labels of figures"),
    "line": N_("Lines that separate"),
    "strong-line": N_("Edges of what can be used: fields and buttons"),
    "brand": N_("The one thing to do next, links, what is chosen"),
    "brand-ink": N_("Words on the brand colour"),
    "brand-soft": N_("Behind what is chosen"),
    "focus": N_("Around what the keyboard is on"),
    "green": N_("Well: ready, running, reached"),
    "blue": N_("Now: dialling, ringing, in a call"),
    "amber": N_("Waits or wants a look: paused, reserved"),
    "purple": N_("Afterwards: wrap-up, callback"),
    "grey": N_("Off, or over"),
    "red": N_("Broken, refused, abandoned; never for decoration"),
    "bar-done": N_("Bars: done, reached"),
    "bar-flying": N_("Bars: on its way"),
    "bar-rest": N_("Bars: not yet"),
}
"""What a colour stands for; a token ``NAME-soft`` is the ground behind ``NAME``."""

STATES = (
    *(("ready", "ready"), ("talking", "talking"), ("paused", "paused"), ("reserved", "reserved")),
    *(("wrap_up", "wrap_up"), ("logged_out", "logged_out")),
)
"""An agent's states with their icons, as the badges show them."""


@dataclass(frozen=True, slots=True)
class Colour:
    """A token with its value by day and by night."""

    name: str
    light: str
    dark: str
    meaning: str


def colours(sheet: str) -> Sequence[Colour]:
    """The colour tokens of a style sheet, in its order."""
    light, dark = map(_values, _roots(sheet))
    return [
        Colour(
            name,
            value,
            dark.get(name, value),
            MEANINGS.get(name, MEANINGS.get(name.removesuffix("-soft"), "")),
        )
        for name, value in light.items()
    ]


def _values(part: str) -> dict[str, str]:
    found: list[tuple[str, str]] = re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", part)
    return dict(found)


def _roots(sheet: str) -> tuple[str, str]:
    """What stands in the first ``:root`` and in the one for dark screens."""
    light, dark = re.findall(r":root \{(.*?)\n *\}", sheet, re.DOTALL)[:2]
    return light, dark


@cache
def tokens() -> Sequence[Colour]:
    """The colours of the sheet that is served."""
    return colours(_SHEET.read_text(encoding="utf-8"))


@cache
def icons() -> Sequence[str]:
    """Names of all icons."""
    return re.findall(r'<symbol id="([a-z_-]+)"', _ICONS.read_text(encoding="utf-8"))


def sample_table(language: Language) -> Table:
    """A table with a chart, as reports have them; the figures are made up and say so."""
    _ = language.gettext
    days = [language.weekday_long(day) for day in range(5)]
    calls, reached, lost = (40, 52, 47, 60, 38), (17, 23, 21, 30, 16), (0, 1, 0, 1, 0)
    lines = [
        Line((day, *map(language.number, figures)))
        for day, *figures in zip(days, calls, reached, lost, strict=True)
    ]
    total = Line((_("Total"), *(language.number(sum(each)) for each in (calls, reached, lost))), sum=True)
    series = (
        *(Series(_("Calls"), "calls", calls), Series(_("People reached"), "reached", reached)),
        Series(_("Abandoned"), "lost", lost),
    )
    chart = Chart(
        _("Invented figures of five days; the table below has the same."), tuple(days), tuple(days), series
    )
    columns = (
        Column(_("Day"), False),
        Column(_("Calls")),
        Column(_("People reached")),
        Column(_("Abandoned")),
    )
    return Table("sample", _("A chart, and the table behind it"), columns, (*lines, total), chart=chart)
