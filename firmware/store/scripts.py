"""Scripts and their versions, and what a desk shows for a campaign, both with their times.

Which version a call keeps follows from when it began: the newest of the script that its campaign had then, made by
then. Nothing is written down for that, so nothing about it can be lost.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from firmware.model import AttemptUid, CampaignId, ContactListId
from firmware.scripts import card as cards
from firmware.scripts.card import Card
from firmware.scripts.reading import plain_of, stored
from firmware.scripts.script import Steps
from firmware.scripts.texts import refuse
from firmware.store import contact_pages
from firmware.store.words import canonical


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a script; ``number`` counts from 1. Times are UTC seconds."""

    id: int
    script_id: int
    number: int
    name: str
    steps: Steps
    made_at: float
    made_by: str


@dataclass(frozen=True, slots=True)
class CampaignDesk:
    """What a desk shows for a campaign."""

    script_id: int | None
    card: Card


PLAIN_DESK = CampaignDesk(None, Card())

_VERSION = (
    "SELECT v.id, v.script_id, v.number, s.name, v.steps, v.made_at, v.made_by FROM script_version v"
    " JOIN script s ON s.id = v.script_id"
)


def create(conn: sqlite3.Connection, name: str, steps: Steps, by: str, now: float) -> int:
    """Store a new script with its first version; returns its id. :raises OperatorError: the name is taken."""
    _must_be_free(conn, name, 0)
    number = conn.execute("INSERT INTO script (name, made_at) VALUES (?, ?)", (name, now)).lastrowid or 0
    _add(conn, number, 1, steps, by, now)
    return number


def save(
    conn: sqlite3.Connection, script: int, name: str, steps: Steps, seen: int, by: str, now: float
) -> int:
    """Store a further version and perhaps another name; returns the version's number, the old one if nothing changed.

    :raises OperatorError: unknown, the name is taken, or somebody saved after version ``seen`` was read.
    """
    newest = latest(conn, script)
    _must_be_free(conn, name, script)
    if newest.number != seen:
        raise refuse("seen", "script_changed", version=newest.number, seen=seen)
    conn.execute("UPDATE script SET name = ? WHERE id = ?", (name, script))
    if newest.steps == steps:
        return seen
    _add(conn, script, seen + 1, steps, by, now)
    return seen + 1


def _add(conn: sqlite3.Connection, script: int, number: int, steps: Steps, by: str, now: float) -> None:
    conn.execute(
        "INSERT INTO script_version (script_id, number, steps, made_at, made_by) VALUES (?, ?, ?, ?, ?)",
        (script, number, json.dumps(plain_of(steps), ensure_ascii=False), now, by),
    )


def remove(conn: sqlite3.Connection, script: int, now: float) -> None:
    """Take a script away; its versions stay for the calls that had them. :raises OperatorError: unknown, or in use."""
    latest(conn, script)
    users = used_by(conn, script)
    if users:
        raise refuse("id", "script_in_use", campaigns=", ".join(users))
    conn.execute("UPDATE script SET removed_at = ? WHERE id = ?", (now, script))


def used_by(conn: sqlite3.Connection, script: int) -> list[str]:
    """Names of the campaigns whose desk shows the script now."""
    rows = conn.execute(
        "SELECT c.name FROM campaign c WHERE (SELECT script_id FROM campaign_desk d WHERE d.campaign_id = c.id"
        " ORDER BY d.id DESC LIMIT 1) = ? ORDER BY c.id",
        (script,),
    )
    return [str(name) for (name,) in rows]


def every(conn: sqlite3.Connection) -> list[Version]:
    """The newest version of each script in use, by name."""
    rows = conn.execute(
        f"{_VERSION} WHERE s.removed_at IS NULL"  # noqa: S608
        " AND v.number = (SELECT max(number) FROM script_version WHERE script_id = s.id)"
        " ORDER BY s.name COLLATE NOCASE"
    )
    return [_read(row) for row in rows.fetchall()]


def latest(conn: sqlite3.Connection, script: int) -> Version:
    """The newest version of a script in use. :raises OperatorError: there is no such script."""
    row = conn.execute(
        f"{_VERSION} WHERE s.id = ? AND s.removed_at IS NULL ORDER BY v.number DESC LIMIT 1",
        (script,),
    ).fetchone()
    if row is None:
        raise refuse("id", "script_unknown")
    return _read(row)


def version(conn: sqlite3.Connection, version_id: int) -> Version | None:
    """One version, of a removed script too."""
    row = conn.execute(f"{_VERSION} WHERE v.id = ?", (version_id,)).fetchone()
    return None if row is None else _read(row)


def began_at(conn: sqlite3.Connection, uid: AttemptUid) -> float | None:
    """When a call of either way began; None: there is none."""
    row = conn.execute(
        "SELECT started_at FROM attempt WHERE uid = ?1 UNION ALL SELECT offered_at FROM inbound_call WHERE uid = ?1",
        (uid,),
    ).fetchone()
    return None if row is None else float(row[0])


def version_at(conn: sqlite3.Connection, campaign: CampaignId, at: float) -> int | None:
    """The id of the version that a call of ``campaign`` begun ``at`` keeps; None: it has no script."""
    script = desk_of(conn, campaign, at).script_id
    if script is None:
        return None
    row = conn.execute(
        "SELECT id FROM script_version WHERE script_id = ? AND made_at <= ? ORDER BY number DESC LIMIT 1",
        (script, at),
    ).fetchone()
    return None if row is None else int(row[0])


def _read(row: tuple[int, int, int, str, str, float, str]) -> Version:
    number, script, count, name, steps, at, by = row
    return Version(number, script, count, name, stored(json.loads(steps)), at, by)


def _must_be_free(conn: sqlite3.Connection, name: str, besides: int) -> None:
    row = conn.execute(
        "SELECT 1 FROM script WHERE name = ? COLLATE NOCASE AND removed_at IS NULL AND id <> ?",
        (name, besides),
    ).fetchone()
    if row is not None:
        raise refuse("name", "script_name_taken")


# -- what a desk shows for a campaign ------------------------------------------------------------------------------


def set_desk(conn: sqlite3.Connection, campaign: CampaignId, desk: CampaignDesk, by: str, now: float) -> None:
    """From now on desks show this; calls under way keep what they began with. :raises OperatorError: no such script."""
    if desk.script_id is not None:
        latest(conn, desk.script_id)
    if desk_of(conn, campaign, now) == desk:
        return
    conn.execute(
        "INSERT INTO campaign_desk (campaign_id, script_id, card, at, made_by) VALUES (?, ?, ?, ?, ?)",
        (campaign, desk.script_id, canonical(cards.plain_of(desk.card)), now, by),
    )


def desk_of(conn: sqlite3.Connection, campaign: CampaignId, at: float) -> CampaignDesk:
    """What a desk shows for a call of ``campaign`` begun ``at``."""
    row = conn.execute(
        "SELECT script_id, card FROM campaign_desk WHERE campaign_id = ? AND at <= ? ORDER BY id DESC LIMIT 1",
        (campaign, at),
    ).fetchone()
    return PLAIN_DESK if row is None else CampaignDesk(row[0], cards.read(json.loads(row[1])))


def columns(conn: sqlite3.Connection, script: int | None = None) -> list[str]:
    """Columns that contacts have: of the lists of the campaigns a script is used by, else of every list."""
    rows = conn.execute(
        "SELECT DISTINCT c.contact_list_id FROM campaign c WHERE c.contact_list_id IS NOT NULL"
        " AND (SELECT script_id FROM campaign_desk d WHERE d.campaign_id = c.id ORDER BY d.id DESC LIMIT 1) = ?",
        (script,),
    ).fetchall()
    rows = rows or conn.execute("SELECT id FROM contact_list WHERE deleted_at IS NULL").fetchall()
    named = {name for (number,) in rows for name in contact_pages.columns(conn, ContactListId(number))}
    return sorted(named, key=str.casefold)


def columns_of(conn: sqlite3.Connection, campaign: CampaignId) -> list[str]:
    """Columns of the campaign's list."""
    row = conn.execute("SELECT contact_list_id FROM campaign WHERE id = ?", (campaign,)).fetchone()
    known = row is not None and row[0] is not None
    return contact_pages.columns(conn, ContactListId(row[0])) if known else []
