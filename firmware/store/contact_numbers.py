"""Several numbers of one contact: which is dialled next, and which are tried no more.

A contact with one number has no rows here. With several, each has its place, its kind and perhaps a reason why it is
tried no more; ``contact.dial`` names the one to dial next where that is not the first. The claim dials
``contact.dialled`` and knows nothing of all this. How often a number may be dialled counts every contact that has it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from firmware.model import CampaignId, ContactId, ContactListId, Refusal
from firmware.store.words import digits, e164

AGAINST_NUMBER = frozenset(
    {"dnc", "number_used_up", "invalid_number", "emergency_number", "campaign_limit", "no_consent"}
)
"""Refusals that speak of the number and not of the contact: another of its numbers may be called all the same."""


class NumberKind(StrEnum):
    """What sort of number it is, as far as the list says."""

    UNKNOWN = ""
    MOBILE = "mobile"
    WORK = "work"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class ContactNumber:
    """One number of a contact (E.164); ``next`` marks the one dialled next."""

    number: str
    kind: NumberKind
    closed_reason: str | None
    next: bool


def put(
    conn: sqlite3.Connection,
    list_id: ContactListId,
    number: str,
    numbers: Sequence[tuple[str, str]],
    brought_by: int | None = None,
) -> None:
    """Give the contact with this (first) number all its numbers, kind and E.164 each, in the order to be tried.

    Numbers it has keep their places and reasons, new ones follow. A contact the list does not have, or that another
    import than ``brought_by`` brought, is passed over.
    """
    sql = "SELECT id FROM contact WHERE list_id = ?1 AND number = ?2 AND (?3 IS NULL OR import_id IS ?3)"
    row = conn.execute(sql, (list_id, digits(number), brought_by)).fetchone()
    if row is None:
        return
    conn.executemany(
        "INSERT INTO contact_number (contact_id, place, number, kind)"
        " SELECT ?1, coalesce(max(place) + 1, 0), ?2, ?3 FROM contact_number WHERE contact_id = ?1"
        " ON CONFLICT DO NOTHING",
        [(row[0], digits(each), kind) for kind, each in numbers],
    )


def of_contact(conn: sqlite3.Connection, contact: ContactId) -> list[ContactNumber]:
    """Return every number of a contact in the order they are tried; empty where the contact is gone."""
    row = conn.execute("SELECT number, dialled FROM contact WHERE id = ?", (contact,)).fetchone()
    if row is None:
        return []
    sql = "SELECT number, kind, closed_reason FROM contact_number WHERE contact_id = ? ORDER BY place"
    found = conn.execute(sql, (contact,)).fetchall() or [(row[0], "", None)]
    return [ContactNumber(e164(n), NumberKind(kind), why, n == row[1]) for n, kind, why in found]


def close_number(conn: sqlite3.Connection, contact: ContactId, number: str, reason: str) -> None:
    """Try this number of the contact no more."""
    conn.execute(
        "UPDATE contact_number SET closed_reason = ? WHERE contact_id = ? AND number = ?",
        (reason, contact, digits(number)),
    )


def another(
    conn: sqlite3.Connection, contact: ContactId, number: str, campaign: CampaignId, most: int
) -> str | None:
    """Return the number to try after ``number``: the next open one in order, round and round; None without one.

    ``most`` is how often a campaign may dial one number, whichever contact it belongs to (0: as often as it likes).
    """
    rows = conn.execute(
        "SELECT n.number FROM contact_number n WHERE n.contact_id = ?1 AND n.closed_reason IS NULL"
        " AND n.number <> ?2 ORDER BY n.place <= (SELECT place FROM contact_number"
        " WHERE contact_id = ?1 AND number = ?2), n.place",
        (contact, digits(number)),
    ).fetchall()
    for (candidate,) in rows:
        if not most or dials(conn, candidate, campaign) < most:
            return e164(candidate)
    return None


def used_up(dialled: int, most: int) -> Refusal | None:
    """Say that a number has been dialled often enough: ``dialled`` times by the campaign, of ``most`` (0: no limit)."""
    if not most or dialled < most:
        return None
    return Refusal("number_used_up", figures={"attempts": str(dialled), "limit": str(most)})


def pass_on(
    conn: sqlite3.Connection, contact: ContactId, number: str, rule: str, campaign: CampaignId, most: int
) -> bool:
    """Go on to the contact's next number where ``rule`` is for good and against this one; False without another."""
    if rule not in AGAINST_NUMBER:
        return False
    close_number(conn, contact, number, rule)
    other = another(conn, contact, number, campaign, most)
    if other is None:
        return False
    dial_next(conn, contact, other)
    return True


def dial_next(conn: sqlite3.Connection, contact: ContactId, number: str) -> None:
    """Let the contact's next call go to this number."""
    conn.execute("UPDATE contact SET dial = nullif(?, number) WHERE id = ?", (digits(number), contact))


def dials(conn: sqlite3.Connection, number: int, campaign: CampaignId) -> int:
    """How often a campaign has dialled a (stored) number, for whichever contact."""
    sql = "SELECT count(*) FROM attempt WHERE number = ? AND campaign_id = ? AND sent = 1"
    return int(conn.execute(sql, (number, campaign)).fetchone()[0])
