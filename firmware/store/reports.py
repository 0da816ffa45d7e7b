"""The read model: what the web pages show, from read-only connections, callable from any thread.

Everything returned is a frozen dataclass or a list of them. Sort orders come from lists in this file; a text a
person typed reaches SQL only as a parameter. Deciding and changing is the service's, by its control socket.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from firmware.model import CampaignId, ContactId, ContactListId, OperatorError, Role, Scope, UserId
from firmware.store import (
    activity,
    admissions,
    attempts,
    callback_lists,
    campaigns,
    contacts,
    desk_edits,
    dnc,
    dnc_history,
    list_reports,
    mappings,
    pacing_log,
    register_ages,
    scrub,
    second_factors,
    sessions,
    users,
    verdict_words,
)
from firmware.store.activity import Cell, Period, Totals
from firmware.store.activity_kinds import CALLER_WAITS_S, INBOUND, RESULT, WAITS_S, Tally, TallyCell
from firmware.store.admissions import Request
from firmware.store.alerts import Alert
from firmware.store.api_reports import ApiReports, Choice, Delivery, Subscription, Token, Whole
from firmware.store.attempt_rows import COLUMNS, Attempt, Verdict, read
from firmware.store.campaigns import Campaign, Counters
from firmware.store.company_reports import CompanyReports
from firmware.store.contacts import Contact
from firmware.store.departments import Department
from firmware.store.desk_edits import Edit
from firmware.store.dnc import DncEntry, DncList
from firmware.store.dnc_history import Change
from firmware.store.errors import StoreUnavailable
from firmware.store.inbound_reports import InboundCall, InboundReports
from firmware.store.list_reports import ContactList, Import, ListReport
from firmware.store.mappings import SavedMapping
from firmware.store.order_reports import OrderReports
from firmware.store.pacing_log import PacingNote
from firmware.store.reading import Readers
from firmware.store.register_ages import RegisterAge
from firmware.store.scope_reports import ScopeReports
from firmware.store.scrub import ScrubService
from firmware.store.second_factors import SecondFactor
from firmware.store.sessions import Session
from firmware.store.tape_reports import PiecesAsked, RecordedPiece, TapeReports
from firmware.store.tokens import SCOPES
from firmware.store.users import User
from firmware.store.verdict_words import VerdictWord
from firmware.store.view_reports import ViewReports
from firmware.store.walls import Wall
from firmware.store.webhooks import EVENTS, moment

__all__ = [
    "CALLER_WAITS_S",
    "EVENTS",
    "INBOUND",
    "RESULT",
    "SCOPES",
    "WAITS_S",
    "Alert",
    "Attempt",
    "Campaign",
    "Cell",
    "Change",
    "Choice",
    "Contact",
    "ContactList",
    "Counters",
    "Delivery",
    "Department",
    "DncEntry",
    "DncList",
    "Edit",
    "Import",
    "InboundCall",
    "ListReport",
    "PacingNote",
    "Page",
    "Period",
    "PiecesAsked",
    "RecordedPiece",
    "RegisterAge",
    "Reports",
    "SavedMapping",
    "ScrubService",
    "SecondFactor",
    "Session",
    "StoreUnavailable",
    "Subscription",
    "Tally",
    "TallyCell",
    "Token",
    "Totals",
    "User",
    "Verdict",
    "VerdictWord",
    "Wall",
    "Whole",
    "moment",
]

T = TypeVar("T")
PER_PAGE = 50
_DNC_ENTRY = "entry, at, source, expires_at, who, why"
ATTEMPT_ORDERS: Mapping[str, str] = {
    "newest": "id DESC",
    "oldest": "id",
    "number": "number, id",
    "disposition": "disposition, id DESC",
    "agent": "user_id, id DESC",
    "longest": "ended_at - answered_at DESC, id DESC",
}


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a longer list; ``page`` counts from 1, ``pages`` is at least 1."""

    rows: list[T]
    page: int
    pages: int
    total: int


class Reports(
    ApiReports, CompanyReports, InboundReports, OrderReports, ScopeReports, TapeReports, ViewReports
):
    """Every question the pages ask. Raises nothing but ``StoreUnavailable``.

    With a ``scope`` the answers are what somebody of these departments may know.
    """

    def __init__(self, path: Path, scope: Scope | None = None) -> None:
        self._path, self.scope = path, scope
        self._readers = Readers(path, scope=scope)

    def close(self) -> None:
        """Let go of the database."""
        self._readers.close()

    def seen_by(self, scope: Scope) -> Reports:
        """The same for somebody of these departments; a read model of its own, to be closed by itself."""
        return Reports(self._path, scope)

    def callbacks_of(
        self, campaign: CampaignId, now: float, most: int
    ) -> tuple[int, list[Mapping[str, Any]]]:
        """How many promises of a campaign are open, and the next of them as ``callback.list`` tells them."""
        with self._readers.read() as conn:
            choice = callback_lists.Choice("open", campaign=campaign)
            return callback_lists.listing(conn, choice, now, most)

    def access_requests(self) -> Sequence[Request]:
        """People who ask for access: those who wait, the oldest first, then those decided, the newest first."""
        with self._readers.read() as conn:
            return admissions.newest(conn)

    def access_request(self, request: int) -> Request | None:
        """One of them."""
        with self._readers.read() as conn:
            return admissions.get(conn, request)

    def takes_access_requests(self) -> bool:
        """Whether people may ask."""
        with self._readers.read() as conn:
            return admissions.is_open(conn)

    def user_by_login(self, login: str) -> User | None:
        """The active user with this login."""
        with self._readers.read() as conn:
            return users.by_login(conn, login)

    def user(self, user: UserId) -> User | None:
        """A user, removed ones too."""
        with self._readers.read() as conn:
            return users.get(conn, user)

    def users(self) -> list[User]:
        """Every user ever, by name; ``active`` tells removed ones."""
        with self._readers.read() as conn:
            return users.every(conn, removed=True)

    def second_factor(self, user: UserId) -> SecondFactor | None:
        """What somebody logs in with besides the password."""
        with self._readers.read() as conn:
            return second_factors.get(conn, user)

    def second_factor_roles(self) -> frozenset[Role]:
        """Of which roles everybody must have one."""
        with self._readers.read() as conn:
            return second_factors.demanded(conn)

    def session(self, token_hash: str) -> Session | None:
        """A login, expired or not."""
        with self._readers.read() as conn:
            return sessions.get(conn, token_hash)

    def campaigns(self) -> list[Campaign]:
        """All campaigns with their counters, newest first."""
        with self._readers.read() as conn:
            return campaigns.every(conn)

    def campaign(self, campaign: CampaignId) -> Campaign | None:
        """One campaign with its counters."""
        try:
            with self._readers.read() as conn:
                return campaigns.get(conn, campaign)
        except OperatorError:
            return None

    def campaign_progress(self, campaign: CampaignId) -> Counters | None:
        """Where a campaign stands; costs the same for any number of contacts."""
        try:
            with self._readers.read() as conn:
                return campaigns.counters(conn, campaign)
        except OperatorError:
            return None

    def pacing_notes(self, campaign: CampaignId, limit: int = 20) -> list[PacingNote]:
        """The newest decisions of a campaign's pacing, newest first."""
        with self._readers.read() as conn:
            return pacing_log.latest(conn, campaign, limit)

    def contact_lists(self) -> list[ContactList]:
        """Every list that is in use, newest first."""
        with self._readers.read() as conn:
            return list_reports.every(conn)

    def list_report(self, list_id: ContactListId) -> ListReport | None:
        """One list with its imports."""
        with self._readers.read() as conn:
            return list_reports.one(conn, list_id)

    def import_mappings(self) -> list[SavedMapping]:
        """Column mappings kept by name."""
        with self._readers.read() as conn:
            return mappings.every(conn)

    def contacts(self, list_id: ContactListId, search: str = "", page: int = 1) -> Page[Contact]:
        """Contacts of a list by number; ``search`` is how the number begins."""
        where, values = _beginning("number", 0, search)
        source = f"FROM contact WHERE list_id = ? AND {where}"
        with self._readers.read() as conn:
            (total,) = conn.execute(f"SELECT count(*) {source}", (list_id, *values)).fetchone()
            sql = f"SELECT {contacts.COLUMNS} {source} ORDER BY number"
            return _page(conn, total, sql, (list_id, *values), page, contacts.read)

    def dnc_lists(self) -> list[DncList]:
        """Every DNC list, the opt-outs first."""
        with self._readers.read() as conn:
            return dnc.lists(conn)

    def register_ages(self, now: float) -> dict[int, RegisterAge]:
        """The lists that are national registers, by id, with their age at ``now``."""
        with self._readers.read() as conn:
            return {each.list_id: each for each in register_ages.ages(conn, now)}

    def dnc_entries(self, list_id: int, search: str = "", page: int = 1) -> Page[DncEntry]:
        """Numbers of a list in order; ``search`` is how they begin."""
        where, values = _beginning("entry", list_id * dnc.SHIFT, search)
        source = "FROM dnc_entry JOIN dnc_change ON dnc_change.id = change_id"
        with self._readers.read() as conn:
            total = conn.execute(f"SELECT count(*) FROM dnc_entry WHERE {where}", values).fetchone()  # noqa: S608
            sql = f"SELECT {_DNC_ENTRY} {source} WHERE {where} ORDER BY entry"
            return _page(conn, total[0], sql, values, page, _dnc_entry)

    def dnc_beginnings(self, list_id: int) -> list[DncEntry]:
        """Every beginning of numbers that a list blocks, with its ``*``."""
        source = "FROM dnc_prefix JOIN dnc_change ON dnc_change.id = change_id"
        sql = f"SELECT {_DNC_ENTRY} {source} WHERE entry BETWEEN ? AND ? ORDER BY entry"
        with self._readers.read() as conn:
            rows = conn.execute(sql, dnc.span(list_id)).fetchall()
        found = map(_dnc_entry, rows)
        return [replace(each, number=each.number + dnc.PREFIX_MARK) for each in found]

    def dnc_changes(self, list_id: int, page: int = 1) -> Page[Change]:
        """What happened to a list, the newest first."""
        with self._readers.read() as conn:
            count = "SELECT count(*) FROM dnc_change WHERE list_id = ?"
            (total,) = conn.execute(count, (list_id,)).fetchone()
            sql = f"{dnc_history.CHANGES} ORDER BY version DESC"
            return _page(conn, total, sql, (list_id,), page, lambda row: Change(*row))

    def scrub_service(self, list_id: int) -> ScrubService | None:
        """The external service a list stands for, without its token."""
        with self._readers.read() as conn:
            found = scrub.services(conn)
        return next((replace(each, token="") for each in found if each.list_id == list_id), None)

    def attempts(
        self,
        campaign: CampaignId | None = None,
        contact: ContactId | None = None,
        page: int = 1,
        order: str = "newest",
    ) -> Page[Attempt]:
        """Attempts of a campaign, of a contact, or all; an ``order`` not in ``ATTEMPT_ORDERS`` is ``newest``."""
        conditions: dict[str, tuple[object, ...]] = {}
        if campaign is not None:
            conditions["campaign_id = ?"] = (campaign,)
        if contact is not None:
            conditions[attempts.OF_CONTACT] = (contact, contact)
        where = " AND ".join(conditions) or "1"
        values = tuple(value for each in conditions.values() for value in each)
        by = ATTEMPT_ORDERS.get(order, ATTEMPT_ORDERS["newest"])
        with self._readers.read() as conn:
            (total,) = conn.execute(f"SELECT count(*) FROM attempt WHERE {where}", values).fetchone()  # noqa: S608
            sql = f"SELECT {COLUMNS} FROM attempt WHERE {where} ORDER BY {by}"  # noqa: S608
            return _page(conn, total, sql, values, page, read)

    def activity(self, period: Period) -> list[Cell]:
        """What happened in a period, in quarters of an hour; every report is a sum of these."""
        with self._readers.read() as conn:
            return activity.cells(conn, period)

    def history(self, period: Period, page: int = 1) -> Page[Attempt]:
        """The attempts of a period that were sent, newest first."""
        with self._readers.read() as conn:
            total = activity.count(conn, period)
            pages = max(1, -(-total // PER_PAGE))
            page = min(max(1, page), pages)
            rows = activity.history(conn, period, PER_PAGE, (page - 1) * PER_PAGE)
        return Page(rows, page, pages, total)

    def history_after(
        self, period: Period, last: tuple[float, str] | None, limit: int = 1000
    ) -> list[Attempt]:
        """The next attempts of a period in order of time, for long lists in slices."""
        with self._readers.read() as conn:
            return activity.after(conn, period, last, limit)

    def answer_labels(self, period: Period) -> tuple[str, ...]:
        """Labels of the fields that were filled in during a period's calls."""
        with self._readers.read() as conn:
            return activity.answer_labels(conn, period)

    def desk_edits(self, contact: ContactId, uid: str) -> list[Edit]:
        """What an agent changed about a contact in one call, in order."""
        with self._readers.read() as conn:
            return desk_edits.of_call(conn, contact, uid)

    def attempt(self, uid: str) -> Attempt | None:
        """One attempt with its permit."""
        with self._readers.read() as conn:
            row = conn.execute(f"SELECT {COLUMNS} FROM attempt WHERE uid = ?", (uid,)).fetchone()  # noqa: S608
        return None if row is None else read(row)

    def verdict_words(self, uid: str) -> list[VerdictWord]:
        """What people said about an attempt's verdict, oldest first."""
        with self._readers.read() as conn:
            return verdict_words.of_attempt(conn, uid)


def _page(
    conn: sqlite3.Connection,
    total: int,
    sql: str,
    values: tuple[object, ...],
    page: int,
    make: Callable[[Any], T],
) -> Page[T]:
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, page), pages)
    rows = conn.execute(f"{sql} LIMIT ? OFFSET ?", (*values, PER_PAGE, (page - 1) * PER_PAGE))
    return Page([make(row) for row in rows.fetchall()], page, pages, total)


def _dnc_entry(row: tuple[int, float, str, float | None, str, str]) -> DncEntry:
    return DncEntry(dnc.number_of(row[0]), *row[1:])


def _beginning(column: str, base: int, search: str) -> tuple[str, tuple[int, ...]]:
    """Condition for integers that begin with the digits in ``search``: one range per possible length."""
    digits = _digits(search)
    if not digits:
        return f"{column} BETWEEN ? AND ?", (base + 1, base + dnc.SHIFT - 1)
    ranges: list[int] = []
    for more in range(16 - len(digits)):
        first = int(digits) * 10**more
        ranges += (base + first, base + first + 10**more - 1)
    condition = " OR ".join([f"{column} BETWEEN ? AND ?"] * (len(ranges) // 2))
    return f"({condition})", tuple(ranges)


def _digits(search: str) -> str:
    return "".join(c for c in search if c.isascii() and c.isdigit()).lstrip("0")[:15]
