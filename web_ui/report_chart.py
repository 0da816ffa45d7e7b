"""Where the bars, lines and words of a chart lie, for the SVG a page shows. Pure: a ``Chart`` in, coordinates out.

The drawing is 360 by 190 units and as wide as its card; the style sheet keeps its letters readable at every width.
Colours are never alone: the legend names them, each group of bars carries its figures as a title, and the table with
the same figures follows.
"""

from __future__ import annotations

from dataclasses import dataclass

from firmware.papers.tables import Chart, steps
from web_ui.language import Language

WIDE, HIGH = 360, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 38.0, 4.0, 8.0, 20.0
_MOST_LABELS = 6


@dataclass(frozen=True, slots=True)
class Box:
    """One bar."""

    look: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Group:
    """The bars of one interval, with their figures in words."""

    words: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A word at a place: ``x`` of a label below, ``y`` of a line of the scale."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All there is to draw."""

    groups: tuple[Group, ...]
    scale: tuple[Mark, ...]
    labels: tuple[Mark, ...]
    left: float = _LEFT
    right: float = WIDE - _RIGHT
    foot: float = HIGH - 6.0


def drawing(chart: Chart, language: Language) -> Drawing:
    """Lay the chart out; its highest value must be above 0."""
    marks = steps(chart.highest)
    high, each = HIGH - _TOP - _BOTTOM, (WIDE - _LEFT - _RIGHT) / len(chart.labels)

    def y_of(value: float) -> float:
        return round(_TOP + high * (1 - value / marks[-1]), 2)

    groups = []
    for n, words in enumerate(chart.words):
        boxes = tuple(
            Box(
                series.look,
                round(_LEFT + n * each + each * 0.12, 2),
                y_of(series.values[n]),
                round(each * 0.76, 2),
                round(high * series.values[n] / marks[-1], 2),
            )
            for series in chart.series
            if series.values[n]
        )
        told = "; ".join(f"{series.name}: {language.number(series.values[n])}" for series in chart.series)
        groups.append(Group(f"{words}. {told}", boxes))
    apart = -(-len(chart.labels) // _MOST_LABELS)
    labels = [
        Mark(round(_LEFT + (n + 0.5) * each, 2), label)
        for n, label in enumerate(chart.labels)
        if n % apart == 0
    ]
    scale = [Mark(y_of(mark), language.number(mark)) for mark in marks]
    return Drawing(tuple(group for group in groups if group.boxes), tuple(scale), tuple(labels))
