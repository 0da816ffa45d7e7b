"""Calls that come in: written as they happen, concluded once, and what was promised in them.

No permit and no attempt: whoever calls us asks for the call. A caller is looked up in every list by the number; the
results of such a call stand here, and change a contact only where the person wants no calls or was promised one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from firmware.campaigns import defaults
from firmware.inbound.happenings import Outcome
from firmware.model import (
    AttemptUid,
    CampaignId,
    CampaignState,
    ContactId,
    ContactListId,
    ContactState,
    Disposition,
    HangupCause,
    OperatorError,
    Problem,
    Side,
    UserId,
    WrapUpCode,
)
from firmware.scripts.answers import Kept
from firmware.store import callbacks, campaigns, contact_numbers, contacts, dnc, form_answers, webhooks
from firmware.store.words import digits, e164

MISSED = frozenset({Outcome.MISSED, Outcome.CLOSED, Outcome.BUSY, Outcome.REFUSED, Outcome.INTERRUPTED})
"""Somebody called and met nobody, and was promised nothing."""
COLUMNS = (
    "i.uid, i.rule, i.trunk, i.number_called, i.caller_text, i.caller_number, i.contact_id, i.campaign_id,"
    " i.offered_at, i.answered_at, i.connected_at, i.ended_at, i.ended_by, i.outcome, i.user_id, i.wrap_up_code,"
    " i.disposition, i.note, i.key, i.promise_id, i.called_back_at, i.handed_at, i.contact_list_id,"
    " (SELECT answers FROM form_answer WHERE attempt_uid = i.uid)"
)


@dataclass(frozen=True, slots=True)
class InboundCall:
    """One call that came in. Times are UTC seconds; numbers E.164, empty where unknown."""

    uid: AttemptUid
    rule: str
    trunk: str
    number_called: str
    caller_text: str
    caller: str
    contact_id: ContactId | None
    campaign_id: CampaignId | None
    offered_at: float
    answered_at: float | None = None
    connected_at: float | None = None
    ended_at: float | None = None
    ended_by: Side | None = None
    outcome: Outcome | None = None
    user_id: UserId | None = None
    wrap_up_code: str = ""
    disposition: Disposition | None = None
    note: str = ""
    key: str = ""
    promise_id: int | None = None
    called_back_at: float | None = None
    handed_at: float | None = None
    """From then on somebody else than ``user_id`` had the caller."""
    contact_list_id: ContactListId | None = None
    answers: tuple[Kept, ...] = ()
    """What the agent wrote into the fields of the script."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as far as the lists know: the contact, and the campaign its results and callbacks belong to."""

    contact: contacts.Contact | None
    campaign: campaigns.Campaign | None
    called: bool = False
    """The contact is open in a list that the (running) campaign calls: this is a call back."""


@dataclass(frozen=True, slots=True)
class Result:
    """What an agent says of a call."""

    disposition: Disposition
    code: str
    note: str
    key: str
    user_id: UserId | None
    callback_at: float | None = None
    callback_owner: UserId | None = None


# -- who calls -------------------------------------------------------------------------------------------------------


def look_up(conn: sqlite3.Connection, number: str, campaign_name: str) -> Caller:
    """Find who has ``number`` (E.164, may be empty) in any list, and whose campaign it is.

    A list that a running campaign calls goes first, then the one of ``campaign_name`` (the campaign of the settings),
    then the one called last.
    """
    campaign = campaign_named(conn, campaign_name)
    contact = _contact(conn, number, campaign.settings.contact_list_id if campaign else None)
    of_list = _of_list(conn, contact.list_id) if contact is not None else None
    running = of_list is not None and of_list.state is CampaignState.RUNNING
    called = contact is not None and running and contact.state is not ContactState.CLOSED
    return Caller(contact, of_list if called else campaign or of_list, called)


def campaign_named(conn: sqlite3.Connection, name: str) -> campaigns.Campaign | None:
    """Return the youngest campaign of that name that is not over, else the youngest."""
    row = conn.execute(
        "SELECT id FROM campaign WHERE name = ? AND ? <> ''"
        " ORDER BY state IN ('stopped', 'finished', 'draft'), id DESC LIMIT 1",
        (name, name),
    ).fetchone()
    return None if row is None else campaigns.get(conn, CampaignId(row[0]))


def _of_list(conn: sqlite3.Connection, list_id: ContactListId) -> campaigns.Campaign | None:
    row = conn.execute(
        "SELECT id FROM campaign WHERE contact_list_id = ? AND state <> 'draft'"
        " ORDER BY state <> 'running', id DESC LIMIT 1",
        (list_id,),
    ).fetchone()
    return None if row is None else campaigns.get(conn, CampaignId(row[0]))


_CALLED = (
    "(c.state <> 'closed' AND EXISTS"
    " (SELECT 1 FROM campaign k WHERE k.contact_list_id = l.id AND k.state = 'running'))"
)


def _contact(conn: sqlite3.Connection, number: str, first: ContactListId | None) -> contacts.Contact | None:
    """A contact with the number, list by list: each has an index by number. Other numbers of contacts come second."""
    if not number:
        return None
    wanted = {"number": digits(number), "first": first or 0}
    row = conn.execute(
        "SELECT c.id FROM contact_list l JOIN contact c ON c.list_id = l.id AND c.number = :number"  # noqa: S608
        " WHERE l.deleted_at IS NULL"
        f" ORDER BY {_CALLED} DESC, l.id = :first DESC, coalesce(c.last_attempt_at, 0) DESC, c.id DESC LIMIT 1",
        wanted,
    ).fetchone()
    row = (
        row
        or conn.execute(
            "SELECT c.id FROM contact_number n JOIN contact c ON c.id = n.contact_id"  # noqa: S608 - constants
            " JOIN contact_list l ON l.id = c.list_id AND l.deleted_at IS NULL WHERE n.number = :number"
            f" ORDER BY {_CALLED} DESC, l.id = :first DESC, coalesce(c.last_attempt_at, 0) DESC, c.id DESC LIMIT 1",
            wanted,
        ).fetchone()
    )
    return None if row is None else contacts.get(conn, ContactId(row[0]))


# -- as it happens ---------------------------------------------------------------------------------------------------


def offered(conn: sqlite3.Connection, call: InboundCall) -> None:
    """Write that a call came in."""
    conn.execute(
        "INSERT INTO inbound_call (uid, rule, trunk, number_called, caller_text, caller_number, contact_id,"
        " campaign_id, offered_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            call.uid, call.rule, call.trunk, call.number_called, call.caller_text,
            digits(call.caller) if call.caller else None, call.contact_id, call.campaign_id, call.offered_at,
        ),
    )  # fmt: skip


def known(conn: sqlite3.Connection, uid: AttemptUid, who: Caller) -> None:
    """Write who calls."""
    contact, listed = (who.contact.id, who.contact.list_id) if who.contact else (None, None)
    conn.execute(
        "UPDATE inbound_call SET contact_id = ?, contact_list_id = ?, campaign_id = ? WHERE uid = ?",
        (contact, listed, who.campaign.id if who.campaign else None, uid),
    )


def answered(conn: sqlite3.Connection, uid: AttemptUid, at: float) -> None:
    """Write that we picked up."""
    conn.execute("UPDATE inbound_call SET answered_at = ? WHERE uid = ? AND answered_at IS NULL", (at, uid))


def connected(conn: sqlite3.Connection, uid: AttemptUid, user: UserId, at: float) -> None:
    """Write that an agent speaks with the caller."""
    conn.execute("UPDATE inbound_call SET connected_at = ?, user_id = ? WHERE uid = ?", (at, user, uid))
    _tell(conn, uid, "inbound.answered", at)


def handed(conn: sqlite3.Connection, uid: AttemptUid, at: float) -> None:
    """Write that the agent who took the call is free of it: somebody else has the caller."""
    conn.execute("UPDATE inbound_call SET handed_at = coalesce(handed_at, ?) WHERE uid = ?", (at, uid))


def ended(
    conn: sqlite3.Connection, uid: AttemptUid, cause: HangupCause, by: Side, outcome: Outcome, at: float
) -> None:
    """Write that the leg is gone and what became of the call; a promised callback stays its outcome."""
    conn.execute(
        "UPDATE inbound_call SET ended_at = ?, hangup_cause = ?, ended_by = ?,"
        " outcome = iif(promise_id IS NOT NULL AND ? <> 'answered', 'callback', ?) WHERE uid = ?",
        (at, cause, by, outcome, outcome, uid),
    )
    _tell_end(conn, uid, at)


def interrupt_open(conn: sqlite3.Connection, now: float) -> int:
    """At boot: calls that were up when the box stopped are over; returns how many."""
    uids = [AttemptUid(uid) for (uid,) in conn.execute("SELECT uid FROM inbound_call WHERE outcome IS NULL")]
    conn.execute(
        "UPDATE inbound_call SET ended_at = coalesce(ended_at, ?), ended_by = coalesce(ended_by, 'box'),"
        " outcome = iif(promise_id IS NULL, 'interrupted', 'callback') WHERE outcome IS NULL",
        (now,),
    )
    for uid in uids:
        _tell_end(conn, uid, now)
    return len(uids)


_TOLD = (
    "uid", "trunk", "number_called", "caller", "campaign_id", "contact_id", "contact_list_id", "outcome", "disposition",
    "wrap_up_code", "note", "ended_by",
)  # fmt: skip
_TIMES = ("offered_at", "answered_at", "connected_at", "handed_at", "ended_at")


def _tell_end(conn: sqlite3.Connection, uid: AttemptUid, at: float) -> None:
    call = find(conn, uid)
    if call is not None and call.outcome in MISSED:
        _tell(conn, uid, "inbound.missed", at)
    _tell(conn, uid, "inbound.ended", at)


def _tell(conn: sqlite3.Connection, uid: AttemptUid, event: str, at: float) -> None:
    """Let webhooks know; the body is what the programs' interface says of the call."""
    call = find(conn, uid)
    if call is None:
        return
    body = {name: getattr(call, name) for name in _TOLD}
    times = {name: webhooks.moment(getattr(call, name)) for name in _TIMES}
    more = {
        "answers": [asdict(each) for each in call.answers],
        "queue": call.rule,
        "agent_id": call.user_id,
        "callback_id": call.promise_id,
    }
    webhooks.enqueue(conn, event, {**body, **times, **more}, at, call.campaign_id)


# -- the result ------------------------------------------------------------------------------------------------------


def conclude(conn: sqlite3.Connection, uid: AttemptUid, result: Result, zone: str, at: float) -> None:
    """Keep what the agent says; the same ``key`` twice changes nothing.

    :raises OperatorError: unknown call, another result is kept, or a callback has neither contact nor campaign.
    """
    call = get(conn, uid)
    if call.disposition is not None:
        if call.key == result.key:
            return
        raise OperatorError(
            Problem(
                "attempt",
                "attempt_closed",
                f"This call is already closed as {call.disposition}.",
                {"disposition": str(call.disposition)},
            )
        )
    if call.user_id is not None and result.user_id not in (None, call.user_id):
        raise OperatorError(
            Problem("attempt", "attempt_closed", "This call was another agent's.", {"disposition": ""})
        )
    conn.execute(
        "UPDATE inbound_call SET disposition = ?, wrap_up_code = ?, note = ?, key = ?, disposed_at = ? WHERE uid = ?",
        (result.disposition, result.code, result.note, result.key, at, uid),
    )
    _tell(conn, uid, "inbound.result", at)
    if result.disposition is Disposition.DO_NOT_CALL:
        _opt_out(conn, call, at)
    if result.disposition is Disposition.CALLBACK and result.callback_at is not None:
        promise(
            conn,
            call,
            result.callback_at,
            zone,
            at,
            owner=result.callback_owner,
            note=result.note,
            by=result.user_id,
        )


def promise(
    conn: sqlite3.Connection,
    call: InboundCall,
    promised_at: float,
    zone: str,
    at: float,
    *,
    owner: UserId | None = None,
    note: str = "",
    by: UserId | None = None,
) -> int:
    """Promise the caller a callback, adding the number to the campaign's list where nobody knows it; its id.

    :raises OperatorError: the caller withheld the number, or there is no campaign whose list could take it.
    """
    contact = call.contact_id or _added(conn, call, zone)
    if contact is None or call.campaign_id is None:
        raise OperatorError(
            Problem(
                "callback_at",
                "caller_unknown",
                "Nobody can be promised a callback: the number is not known, or no campaign takes it.",
            )
        )
    number = callbacks.make_for(
        conn, call.uid, contact, call.campaign_id, promised_at, zone, owner, note, at, by
    )
    conn.execute(
        "UPDATE contact SET state = 'open', closed_reason = NULL, next_at = 9e999"
        " WHERE id = ? AND state = 'closed'",
        (contact,),
    )
    conn.execute(
        "UPDATE inbound_call SET promise_id = ?, contact_id = ?,"
        " outcome = iif(outcome = 'missed', 'callback', outcome) WHERE uid = ?",
        (number, contact, call.uid),
    )
    return number


def _added(conn: sqlite3.Connection, call: InboundCall, zone: str) -> ContactId | None:
    """The caller as a new contact of the campaign's list, due when that was promised."""
    if not call.caller or call.campaign_id is None:
        return None
    listed = campaigns.get(conn, call.campaign_id).settings.contact_list_id
    if listed is None:
        return None
    contacts.add(conn, listed, [contacts.NewContact(call.caller, "", (zone,), 0, {})])
    row = conn.execute(
        "SELECT id FROM contact WHERE list_id = ? AND number = ?", (listed, digits(call.caller))
    ).fetchone()
    return None if row is None else ContactId(row[0])


def _opt_out(conn: sqlite3.Connection, call: InboundCall, at: float) -> None:
    """The person does not want to be called: not at this number, and at none of their others."""
    others = contact_numbers.of_contact(conn, call.contact_id) if call.contact_id is not None else []
    numbers = dict.fromkeys(each for each in (call.caller, *(o.number for o in others)) if each)
    if numbers:
        dnc.add(conn, dnc.OPT_OUTS, numbers, f"inbound {call.uid}", at)


def seen_to(conn: sqlite3.Connection, uid: AttemptUid, at: float) -> InboundCall:
    """Somebody sees to a missed call now; returns it. :raises OperatorError: unknown."""
    call = get(conn, uid)
    conn.execute(
        "UPDATE inbound_call SET called_back_at = coalesce(called_back_at, ?) WHERE uid = ?", (at, uid)
    )
    return call


# -- reading ---------------------------------------------------------------------------------------------------------


def get(conn: sqlite3.Connection, uid: AttemptUid) -> InboundCall:
    """Return one call. :raises OperatorError: unknown."""
    found = find(conn, uid)
    if found is None:
        raise OperatorError(Problem("attempt", "attempt_unknown", f"There is no attempt {uid}."))
    return found


def find(conn: sqlite3.Connection, uid: AttemptUid) -> InboundCall | None:
    """Return one call, if it came in."""
    row = conn.execute(f"SELECT {COLUMNS} FROM inbound_call i WHERE i.uid = ?", (uid,)).fetchone()  # noqa: S608
    return None if row is None else read(row)


def codes_of(conn: sqlite3.Connection, call: InboundCall) -> Sequence[WrapUpCode]:
    """Return the results an agent may give: the campaign's, else the box's."""
    if call.campaign_id is None:
        return defaults.WRAP_UP_CODES
    return campaigns.get(conn, call.campaign_id).settings.wrap_up_codes or defaults.WRAP_UP_CODES


def of_person(
    conn: sqlite3.Connection, number: str, contact: ContactId | None, most: int = 20
) -> list[InboundCall]:
    """Return the latest calls of a contact (None: of nobody known) or from a number (may be empty), newest first."""
    sql = (
        f"SELECT {COLUMNS} FROM inbound_call i WHERE i.caller_number = ? OR i.contact_id = ?"  # noqa: S608
        " ORDER BY i.id DESC LIMIT ?"
    )
    caller = digits(number) if number else None
    return [read(row) for row in conn.execute(sql, (caller, contact, most)).fetchall()]


def read(row: Sequence[Any]) -> InboundCall:
    """Turn a row of ``COLUMNS`` into a call."""
    (
        uid,
        rule,
        trunk,
        called,
        text,
        caller,
        contact,
        campaign,
        offered_at,
        answered_at,
        connected_at,
        *rest,
    ) = row
    ended_at, ended_by, outcome, user, code, disposition, note, key, promise_id, called_back_at, *more = rest
    handed_at, listed, answers = more
    return InboundCall(
        AttemptUid(uid), rule, trunk, called, text, e164(caller) if caller else "",
        None if contact is None else ContactId(contact), None if campaign is None else CampaignId(campaign),
        offered_at, answered_at, connected_at, ended_at, Side(ended_by) if ended_by else None,
        Outcome(outcome) if outcome else None, None if user is None else UserId(user), code or "",
        Disposition(disposition) if disposition else None, note, key or "", promise_id, called_back_at,
        handed_at, None if listed is None else ContactListId(listed), form_answers.read(answers),
    )  # fmt: skip
