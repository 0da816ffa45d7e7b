"""What a report is before it is a page, a PDF or a workbook: tables with a chart, in words of one language already.

Figures keep their value beside their words, so that a workbook can go on adding them up. Who counts what is the
report's maker's; how it looks is the page's, ``tables_pdf``'s and ``workbook``'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as people of one language read it, and its value."""

    text: str
    value: float


Cell = str | Figure


@dataclass(frozen=True, slots=True)
class Column:
    """One column; ``figure``: its cells are numbers."""

    title: str
    figure: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table. ``href`` is where its first cell leads on the page; ``sum``: it adds up others."""

    cells: tuple[Cell, ...]
    sum: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of bar; ``look`` is its class: ``calls reached lost``."""

    name: str
    look: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars over ``labels``, the series of one label before each other; ``label`` says what can be seen.

    ``labels`` are as short as an axis wants them, ``words`` the same in full.
    """

    label: str
    labels: tuple[str, ...]
    words: tuple[str, ...]
    series: tuple[Series, ...]

    @property
    def highest(self) -> float:
        """The largest value of all; 0 where there is nothing to draw."""
        return max((value for each in self.series for value in each.values), default=0.0)


@dataclass(frozen=True, slots=True)
class Table:
    """One table under its heading. ``empty`` is said in its place where it has no lines."""

    key: str
    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    note: str = ""
    empty: str = ""
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Tile:
    """A large figure with what it is measured against."""

    label: str
    figure: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One report. ``lines`` say of what and for when; ``foot`` stands on every page of paper."""

    title: str
    lines: tuple[str, ...]
    tiles: tuple[Tile, ...]
    tables: tuple[Table, ...]
    language: str
    foot: str = ""


def steps(highest: float, most: int = 4) -> tuple[float, ...]:
    """Values for the lines of a chart, from 0 to at least ``highest``: whole, round, at most ``most`` + 1."""
    if highest <= 0:
        return (0.0, 1.0)
    step = 1.0
    sizes = (1.0, 2.0, 5.0)
    turn = 0
    while highest / step > most:
        turn += 1
        step = sizes[turn % 3] * 10 ** (turn // 3)
    count = -int(-highest // step)
    return tuple(step * n for n in range(count + 1))


def texts(line: Line) -> Sequence[str]:
    """The line's cells as people read them."""
    return [cell if isinstance(cell, str) else cell.text for cell in line.cells]
