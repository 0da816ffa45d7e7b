"""What a sheet of paper is: a title, sections of rows, and a foot. How it looks is ``pdf``'s."""

from __future__ import annotations

from dataclasses import dataclass

Row = tuple[str, str]
"""What it is, and what it says."""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document. ``foot`` stands on every page."""

    title: str
    lines: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: str
    language: str
