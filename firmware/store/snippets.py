"""Prepared answers: in German, English or both, in groups, for all campaigns or some."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from firmware.model import CampaignId
from firmware.scripts.texts import refuse


@dataclass(frozen=True, slots=True)
class NewSnippet:
    """One prepared answer; ``part`` is its group, ``campaigns`` empty: all."""

    part: str
    title_de: str
    text_de: str
    title_en: str
    text_en: str
    campaigns: tuple[CampaignId, ...] = ()


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stored one. ``changed_at`` UTC seconds."""

    id: int
    said: NewSnippet
    changed_at: float
    changed_by: str


_COLUMNS = "id, part, title_de, text_de, title_en, text_en, campaigns, changed_at, changed_by"


def save(conn: sqlite3.Connection, number: int | None, new: NewSnippet, by: str, now: float) -> int:
    """Store a new one, or in the place of ``number``; returns its id. :raises OperatorError: unknown, or no answer."""
    for title, text in ((new.title_de, new.text_de), (new.title_en, new.text_en)):
        if text and not title:
            raise refuse("title_de" if text == new.text_de else "title_en", "snippet_title")
    if not (new.text_de or new.text_en):
        raise refuse("text_de", "snippet_empty")
    values = (
        *(new.part, new.title_de, new.text_de, new.title_en, new.text_en),
        *(json.dumps(sorted(set(new.campaigns))), now, by),
    )
    if number is None:
        return (
            conn.execute(
                "INSERT INTO snippet (part, title_de, text_de, title_en, text_en, campaigns, changed_at, changed_by)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                values,
            ).lastrowid
            or 0
        )
    done = conn.execute(
        "UPDATE snippet SET part = ?, title_de = ?, text_de = ?, title_en = ?, text_en = ?, campaigns = ?,"
        " changed_at = ?, changed_by = ? WHERE id = ?",
        (*values, number),
    )
    if not done.rowcount:
        raise refuse("id", "snippet_unknown")
    return number


def remove(conn: sqlite3.Connection, number: int) -> None:
    """Forget one. :raises OperatorError: there is none."""
    if not conn.execute("DELETE FROM snippet WHERE id = ?", (number,)).rowcount:
        raise refuse("id", "snippet_unknown")


def every(conn: sqlite3.Connection) -> list[Snippet]:
    """All of them, by group and title."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM snippet"  # noqa: S608
        " ORDER BY part COLLATE NOCASE, coalesce(nullif(title_de, ''), title_en) COLLATE NOCASE, id"
    )
    return [_read(row) for row in rows.fetchall()]


def for_campaign(conn: sqlite3.Connection, campaign: CampaignId | None) -> list[Snippet]:
    """Those a desk offers in a call of this campaign, or in none."""
    return [each for each in every(conn) if not each.said.campaigns or campaign in each.said.campaigns]


def _read(row: tuple[int, str, str, str, str, str, str, float, str]) -> Snippet:
    number, part, title_de, text_de, title_en, text_en, campaigns, at, by = row
    chosen = tuple(CampaignId(each) for each in json.loads(campaigns))
    return Snippet(number, NewSnippet(part, title_de, text_de, title_en, text_en, chosen), at, by)
