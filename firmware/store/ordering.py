"""Keeps each campaign's order of its contacts ready, so that a claim reads the next one from an index.

A campaign that sorts, filters, or parts its contacts by owner or stage has an *ordering*: a row per contact of its
list with a key that sorts as bytes (``rulebook.order``), in groups of (stage, owner, zones), kept apart in those due,
waiting for their time, and not open. Making a million of them takes a while, so it is done in slices: a claim does a
small one and ``tend`` the rest between other tasks; nobody is called by an ordering that was never complete. Contacts
that came later have higher ids and are the tail of the same work. One that changed is ``stale`` and not called before
it has been looked at again, so a filter is never out of date; when its time comes, a waiting contact is moved over by
the next claim.

A new order makes a new ordering beside the old one, whose rows then go in slices too.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from firmware.model import CampaignId, CampaignState, ContactListId, DiallingMode
from firmware.rulebook import reading
from firmware.rulebook.order import Order, fits, key
from firmware.rulebook.subject import Subject
from firmware.store import campaigns
from firmware.store.words import canonical, e164, mapping

CLAIM_ROWS = 1000
"""Contacts a claim looks at for the ordering's sake before it chooses; nothing to do is the rule."""
SLICE_ROWS = 500
"""Contacts one slice of ``tend`` looks at: some 10 ms."""
_SPAN = 20_000
"""Ids one slice passes over at most; those of other lists cost next to nothing."""
YES = ("1", "x", "y", "yes", "j", "ja", "true", "wahr")
"""What counts as yes in a column of a list."""

_OF_CONTACT = "id, number, name, priority, attempts, last_attempt_at, list_id, zones, fields, state, next_at"
_PUT = (
    "INSERT OR REPLACE INTO contact_order"
    " (contact_id, order_id, stage, owner, zones, key, next_at, standing, fits, stale)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
)
_Stored = tuple[int, int, str, int, int, float | None, int, str, str, str, float]


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a contact's place depends on. ``owner_field`` is empty where nobody asks for owners."""

    order: Order = field(default_factory=Order)
    owner_field: str = ""
    staged: bool = False
    after: int = 0
    """With so many attempts behind it a contact is the agents'; 0: never for that."""
    by_field: str = ""
    """A custom field that makes a contact the agents' with any of ``YES``; empty: none does."""

    def stage(self, subject: Subject) -> int:
        """1: agents dial this contact themselves."""
        if not self.staged:
            return 0
        if self.after and subject.attempts >= self.after:
            return 1
        return int(bool(self.by_field) and small(subject.text(self.by_field)) in YES)

    def owner(self, subject: Subject, stage: int) -> str:
        """Whose the contact is, in small letters; empty: nobody's, or nobody asks."""
        asked = self.owner_field and (stage or not self.staged)
        return small(subject.text(self.owner_field)) if asked else ""


@dataclass(frozen=True, slots=True)
class Ordering:
    """One campaign's ordering. ``complete``: it may be called by."""

    id: int
    list_id: ContactListId
    plan: Plan
    built_to: int
    complete: bool


def small(text: str) -> str:
    """Small letters, ASCII only, without outer blanks: how owners are compared."""
    return "".join(c.lower() if c.isascii() else c for c in text.strip())


def set_order(conn: sqlite3.Connection, campaign: CampaignId, order: Order, who: str, now: float) -> None:
    """Keep the order a campaign calls its contacts in. :raises OperatorError: no such campaign."""
    campaigns.get(conn, campaign)
    if order.says_nothing:
        conn.execute("DELETE FROM campaign_order WHERE campaign_id = ?", (campaign,))
        return
    conn.execute(
        "INSERT OR REPLACE INTO campaign_order VALUES (?, ?, ?, ?)",
        (campaign, canonical(reading.plain_order(order)), now, who),
    )


def order_of(conn: sqlite3.Connection, campaign: CampaignId) -> Order:
    """Return the order a campaign calls its contacts in."""
    row = conn.execute("SELECT body FROM campaign_order WHERE campaign_id = ?", (campaign,)).fetchone()
    return Order() if row is None else _order(row[0])


def filter_json(order: Order) -> Any:
    """The filter of an order as JSON has it; None without one."""
    return reading.plain_order(order)["filter"]


def owner_of(conn: sqlite3.Connection, campaign: campaigns.Campaign, contact: int) -> str:
    """Return whose a contact is in a campaign that asks for owners, in small letters; empty: nobody's."""
    plan, found = _plan_json(conn, campaign), subject(conn, contact)
    if plan is None or found is None:
        return ""
    known = _plan(plan)
    return known.owner(found, known.stage(found))


def current(
    conn: sqlite3.Connection, campaign: campaigns.Campaign, now: float, rows: int | None = None
) -> Ordering | None:
    """Return the campaign's ordering, caught up by ``rows`` (``CLAIM_ROWS``); None where it needs none."""
    found = _begun(conn, campaign)
    if found is None:
        return None
    catch_up(conn, found, now, CLAIM_ROWS if rows is None else rows)
    return found if found.complete else _known(conn, campaign)


def _begun(conn: sqlite3.Connection, campaign: campaigns.Campaign) -> Ordering | None:
    """The campaign's ordering as far as it goes, begun where there is none yet; None where it needs none."""
    plan = _plan_json(conn, campaign)
    list_id = campaign.settings.contact_list_id
    if plan is None or list_id is None:
        _drop_others(conn, campaign.id, 0)
        return None
    found = _find(conn, campaign.id, list_id, plan)
    if found is None:
        conn.execute(
            "INSERT INTO contact_ordering (campaign_id, list_id, plan) VALUES (?, ?, ?)",
            (campaign.id, list_id, plan),
        )
        found = _find(conn, campaign.id, list_id, plan)
        assert found is not None, "it was just made"
        _drop_others(conn, campaign.id, found.id)
    return found


def catch_up(conn: sqlite3.Connection, ordering: Ordering, now: float, rows: int) -> bool:
    """Do up to ``rows`` of what an ordering needs; True while there may be more."""
    left = rows - _build(conn, ordering, now, rows)
    left -= _look_again(conn, ordering, now, max(0, left))
    left -= _wake(conn, ordering, now, max(0, left))
    return left <= 0 or ordering.built_to + _SPAN < _last_id(conn)


def tend(conn: sqlite3.Connection, now: float, rows: int = SLICE_ROWS) -> bool:
    """Do one slice for whichever campaign needs it; False when nothing is left to do."""
    for campaign in campaigns.running(conn):
        ordering = _begun(conn, campaign)
        if ordering is not None and catch_up(conn, ordering, now, rows):
            return True
    return _clear(conn, rows)


def _known(conn: sqlite3.Connection, campaign: campaigns.Campaign) -> Ordering | None:
    plan, list_id = _plan_json(conn, campaign), campaign.settings.contact_list_id
    return None if plan is None or list_id is None else _find(conn, campaign.id, list_id, plan)


def _find(conn: sqlite3.Connection, campaign: CampaignId, list_id: int, plan: str) -> Ordering | None:
    row = conn.execute(
        "SELECT id, built_to, complete FROM contact_ordering"
        " WHERE campaign_id = ? AND dropped = 0 AND list_id = ? AND plan = ?",
        (campaign, list_id, plan),
    ).fetchone()
    if row is None:
        return None
    return Ordering(row[0], ContactListId(list_id), _plan(plan), row[1], bool(row[2]))


def _drop_others(conn: sqlite3.Connection, campaign: CampaignId, kept: int) -> None:
    conn.execute(
        "UPDATE contact_ordering SET dropped = 1 WHERE campaign_id = ? AND dropped = 0 AND id <> ?",
        (campaign, kept),
    )


def _plan_json(conn: sqlite3.Connection, campaign: campaigns.Campaign) -> str | None:
    """What the campaign's ordering depends on, as it is stored; None where the list's own order will do."""
    settings = campaign.settings
    row = conn.execute("SELECT body FROM campaign_order WHERE campaign_id = ?", (campaign.id,)).fetchone()
    preview = settings.mode is DiallingMode.PREVIEW
    staged = not preview and bool(settings.preview_after or settings.preview_field)
    owner = settings.owner_field if preview or staged else ""
    if row is None and not owner and not staged:
        return None
    rest = (
        [owner, staged, settings.preview_after, settings.preview_field] if staged else [owner, False, 0, ""]
    )
    return canonical([None if row is None else mapping(row[0]), *rest])


@lru_cache(maxsize=64)
def _plan(text: str) -> Plan:
    body, owner, staged, after, by_field = _parsed(text)
    return Plan(Order() if body is None else reading.order(body), owner, staged, after, by_field)


@lru_cache(maxsize=64)
def _order(text: str) -> Order:
    return reading.order(mapping(text))


def _parsed(text: str) -> list[Any]:
    found = mapping('{"plan":' + text + "}")["plan"]
    assert isinstance(found, list)
    return found


# -- rows ------------------------------------------------------------------------------------------------------------


def _build(conn: sqlite3.Connection, ordering: Ordering, now: float, rows: int) -> int:
    """Give further contacts their rows; how many."""
    last = _last_id(conn)
    if ordering.built_to >= last:
        if not ordering.complete:
            conn.execute("UPDATE contact_ordering SET complete = 1 WHERE id = ?", (ordering.id,))
        return 0
    until = min(last, ordering.built_to + _SPAN)
    found: list[_Stored] = conn.execute(
        f"SELECT {_OF_CONTACT} FROM contact NOT INDEXED WHERE id > ? AND id <= ? AND list_id = ? ORDER BY id LIMIT ?",  # noqa: S608
        (ordering.built_to, until, ordering.list_id, rows),
    ).fetchall()
    conn.executemany(_PUT, [_row(ordering, each, now) for each in found])
    built_to = found[-1][0] if len(found) == rows else until
    conn.execute(
        "UPDATE contact_ordering SET built_to = ?, complete = max(complete, ?) WHERE id = ?",
        (built_to, built_to >= last, ordering.id),
    )
    return len(found)


def _look_again(conn: sqlite3.Connection, ordering: Ordering, now: float, rows: int) -> int:
    """Give contacts that changed their new places; how many."""
    stale = conn.execute(
        "SELECT contact_id, key FROM contact_order INDEXED BY contact_order_stale"
        " WHERE order_id = ? AND stale = 1 LIMIT ?",
        (ordering.id, rows),
    ).fetchall()
    sql = f"SELECT {_OF_CONTACT} FROM contact WHERE id = ?"  # noqa: S608 - constants only
    found = [(conn.execute(sql, (contact,)).fetchone(), place) for contact, place in stale]
    static = not ordering.plan.order.dynamic
    conn.executemany(
        _PUT,
        [_row(ordering, each, now, place if static else b"") for each, place in found if each is not None],
    )
    return len(stale)


def _wake(conn: sqlite3.Connection, ordering: Ordering, now: float, rows: int) -> int:
    """Put contacts whose time has come among those that are due; how many."""
    return conn.execute(
        "UPDATE contact_order SET standing = 0 WHERE order_id = ?1 AND contact_id IN"
        " (SELECT contact_id FROM contact_order INDEXED BY contact_order_waiting"
        " WHERE order_id = ?1 AND standing = 1 AND fits = 1 AND next_at <= ?2 ORDER BY next_at LIMIT ?3)",
        (ordering.id, now, rows),
    ).rowcount


def _row(ordering: Ordering, stored: _Stored, now: float, place: bytes = b"") -> tuple[Any, ...]:
    subject, plan = subject_of(stored), ordering.plan
    stage = plan.stage(subject)
    standing = 2 if stored[9] != "open" else int(stored[10] > now)
    return (
        subject.id,
        ordering.id,
        stage,
        plan.owner(subject, stage),
        subject.zones,
        place or key(plan.order, subject),
        stored[10],
        standing,
        fits(plan.order, subject),
    )


def subject_of(stored: _Stored) -> Subject:
    """A contact's row as conditions see it."""
    contact, number, name, priority, attempts, last_at, list_id, zones, fields = stored[:9]
    return Subject(contact, e164(number), name, priority, attempts, last_at, list_id, zones, mapping(fields))


def subject(conn: sqlite3.Connection, contact: int) -> Subject | None:
    """Return one contact as conditions see it; None if there is none."""
    row = conn.execute(f"SELECT {_OF_CONTACT} FROM contact WHERE id = ?", (contact,)).fetchone()  # noqa: S608
    return None if row is None else subject_of(row)


def _last_id(conn: sqlite3.Connection) -> int:
    row = conn.execute("SELECT seq FROM sqlite_sequence WHERE name = 'contact'").fetchone()
    return 0 if row is None else int(row[0])


def _clear(conn: sqlite3.Connection, rows: int) -> bool:
    """Remove rows of orderings nobody uses any more; False when there are none."""
    dropped = conn.execute("SELECT id, built_to FROM contact_ordering WHERE dropped = 1 LIMIT 1").fetchone()
    if dropped is None:
        return False
    ordering, built_to = dropped
    lowest = max(0, built_to - _SPAN)
    # From the end: the primary key begins with the contact, so a span of contacts is a span of the tree.
    gone = conn.execute(
        "DELETE FROM contact_order WHERE order_id = ?1 AND contact_id IN (SELECT contact_id FROM contact_order"
        " WHERE contact_id > ?2 AND contact_id <= ?3 AND order_id = ?1 LIMIT ?4)",
        (ordering, lowest, built_to, rows),
    ).rowcount
    if gone < rows and lowest == 0:
        conn.execute("DELETE FROM contact_ordering WHERE id = ?", (ordering,))
    elif gone < rows:
        conn.execute("UPDATE contact_ordering SET built_to = ? WHERE id = ?", (lowest, ordering))
    return True


# -- reading ---------------------------------------------------------------------------------------------------------

_DUE = "FROM contact_order INDEXED BY contact_order_due WHERE standing = 0 AND fits = 1 AND stale = 0"


def groups(
    conn: sqlite3.Connection, ordering: int, stage: int, owners: Iterable[str] | None
) -> list[tuple[str, str]]:
    """Return every (owner, zones) that due contacts of a stage have; ``owners`` None: of all owners."""
    if owners is None:
        return list(_steps(conn, ordering, stage))
    return [group for owner in dict.fromkeys(("", *owners)) for group in _steps(conn, ordering, stage, owner)]


def _steps(
    conn: sqlite3.Connection, ordering: int, stage: int, owner: str | None = None
) -> Iterator[tuple[str, str]]:
    """A few steps down the index for each group."""
    whose = _next(conn, "owner", ordering, stage, "owner >= ?", "") if owner is None else owner
    while whose is not None:
        zones = _next(conn, "zones", ordering, stage, "owner = ? AND zones >= ?", whose, "")
        while zones is not None:
            yield whose, zones
            zones = _next(conn, "zones", ordering, stage, "owner = ? AND zones > ?", whose, zones)
        whose = _next(conn, "owner", ordering, stage, "owner > ?", whose) if owner is None else None


def _next(
    conn: sqlite3.Connection, column: str, ordering: int, stage: int, beyond: str, *values: str
) -> str | None:
    # ``column`` and ``beyond`` are the constants above, never data.
    sql = f"SELECT {column} {_DUE} AND order_id = ? AND stage = ? AND {beyond} ORDER BY {column} LIMIT 1"
    row = conn.execute(sql, (ordering, stage, *values)).fetchone()
    return None if row is None else str(row[0])


def next_due(
    conn: sqlite3.Connection, ordering: Ordering, stage: int, asleep: Mapping[str, float], now: float
) -> float | None:
    """When there is a contact to ask about again; groups that are ``asleep`` not before they wake; None: never."""
    if not ordering.complete:
        return now
    soonest: list[float] = []
    for _, zones in _steps(conn, ordering.id, stage):
        if zones not in asleep:
            return now  # somebody is due already: whoever else waits comes no sooner
        soonest.append(asleep[zones])
    (waiting,) = conn.execute(
        "SELECT min(next_at) FROM contact_order INDEXED BY contact_order_waiting"
        " WHERE order_id = ? AND standing = 1 AND fits = 1",
        (ordering.id,),
    ).fetchone()
    if waiting is not None:
        soonest.append(waiting)
    return min((at for at in soonest if at < math.inf), default=None)


def waits(conn: sqlite3.Connection, campaign: CampaignId) -> bool:
    """Tell whether a running campaign's ordering has never been complete: nobody is called until it is."""
    found = campaigns.get(conn, campaign)
    if found.state is not CampaignState.RUNNING or found.settings.contact_list_id is None:
        return False
    if _plan_json(conn, found) is None:
        return False
    ordering = _known(conn, found)
    return ordering is None or not ordering.complete
