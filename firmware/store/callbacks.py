"""The ledger of promised callbacks: made with a call's final word, dialled at their time, kept or missed.

A contact with an open promise is due at no time of its own; triggers see to that and write the history
(``schema_v6``). What a promise becomes is ``firmware.callbacks.rules``' to say, who may be called the judge's; here it
is written, in the transaction of whatever made it so. Lists for people are in ``callback_lists``.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from dataclasses import asdict, fields, replace
from typing import Any

from firmware.callbacks import rules as pure
from firmware.callbacks.promise import CallbackRules, Promise, PromiseKind, PromiseState
from firmware.model import (
    AttemptUid,
    CampaignId,
    Claim,
    ContactId,
    Disposition,
    OperatorError,
    Permit,
    Problem,
    Refusal,
    UserId,
)
from firmware.store import campaigns, claims, contact_numbers, settings, webhooks
from firmware.store.attempt_rows import Attempt
from firmware.store.candidates import Candidate

RULES_KEY = "callback_rules"
CAMPAIGN_AT_FAULT_S = 600.0
"""Where a campaign's own settings forbid every call, a promise is asked about again after this."""

COLUMNS = (
    "p.id, p.root, p.contact_id, p.campaign_id, p.attempt_uid, p.kind, p.owner, p.promised_at, p.lawful_at, p.law,"
    " p.due_at, p.zone, p.note, p.made_at, p.made_by, p.tries, p.first_try_at, p.state, p.closed_at, p.version"
)
LATE = (
    "p.state = 'open' AND p.first_try_at IS NULL AND p.lawful_at < :late_before AND NOT EXISTS"
    " (SELECT 1 FROM contact f WHERE f.id = p.contact_id AND f.state = 'in_flight')"
)
"""Late, as a condition: ``late_before`` is now less the grace."""


def read(row: tuple[Any, ...]) -> Promise:
    """Turn a row of ``COLUMNS`` into a promise."""
    number, root, contact, campaign, uid, kind, owner, promised_at, lawful_at, law, *rest = row
    due_at, zone, note, made_at, made_by, tries, first_try_at, state, closed_at, version = rest
    return Promise(
        number, root, ContactId(contact), CampaignId(campaign), AttemptUid(uid), PromiseKind(kind),
        None if owner is None else UserId(owner), promised_at, lawful_at, law, due_at, zone, note, made_at,
        None if made_by is None else UserId(made_by), tries, first_try_at, PromiseState(state), closed_at, version,
    )  # fmt: skip


# -- reading ---------------------------------------------------------------------------------------------------------


def rules_in_force(conn: sqlite3.Connection) -> CallbackRules:
    """Return how the office keeps its promises; what it has not set is as the box has it."""
    kept = settings.get(conn, RULES_KEY, {})
    known = {each.name for each in fields(CallbackRules)}
    return CallbackRules(**{name: value for name, value in kept.items() if name in known})


def set_rules(conn: sqlite3.Connection, rules: CallbackRules) -> None:
    """Store how the office keeps its promises."""
    settings.put(conn, RULES_KEY, asdict(rules))


def get(conn: sqlite3.Connection, promise: int) -> Promise:
    """Return one promise. :raises OperatorError: unknown."""
    row = conn.execute(f"SELECT {COLUMNS} FROM promise p WHERE p.id = ?", (promise,)).fetchone()  # noqa: S608
    if row is None:
        raise OperatorError(Problem("id", "promise_unknown", f"There is no promised callback {promise}."))
    return read(row)


def open_of(conn: sqlite3.Connection, contact: ContactId) -> Promise | None:
    """Return the contact's open promise, if there is one."""
    sql = f"SELECT {COLUMNS} FROM promise p WHERE p.contact_id = ? AND p.state = 'open'"  # noqa: S608
    row = conn.execute(sql, (contact,)).fetchone()
    return None if row is None else read(row)


def agenda(conn: sqlite3.Connection, until: float) -> list[Promise]:
    """Return the open promises due by ``until`` whose person could be called: longest due first.

    Left out are those whose contact is being called or lies on a desk, by whichever way.
    """
    rows = conn.execute(
        f"SELECT {COLUMNS} FROM promise p JOIN contact c ON c.id = p.contact_id"  # noqa: S608
        " WHERE p.state = 'open' AND p.due_at <= ? AND c.state = 'open'"
        " AND NOT EXISTS (SELECT 1 FROM offer o WHERE o.contact_id = c.id)"
        " AND NOT EXISTS (SELECT 1 FROM contact f WHERE f.state = 'in_flight' AND f.dialled = c.dialled)"
        " ORDER BY p.due_at, p.id",
        (until,),
    )
    return [read(row) for row in rows.fetchall()]


def late(conn: sqlite3.Connection, now: float) -> int:
    """Count open promises that nobody has called for, or calls now, although their time and the grace are over."""
    before = {"late_before": now - rules_in_force(conn).grace_s}
    return int(conn.execute(f"SELECT count(*) FROM promise p WHERE {LATE}", before).fetchone()[0])  # noqa: S608


# -- making and ending -------------------------------------------------------------------------------------------------


def make(
    conn: sqlite3.Connection,
    attempt: Attempt,
    promised_at: float,
    zone: str,
    owner: UserId | None,
    note: str,
    at: float,
    by: UserId | None,
) -> int:
    """Write a promise made in ``attempt``, personal where it has an owner; returns its id.

    One that stood open for the contact is withdrawn: the person has agreed to another time. So is this one where the
    contact is gone.
    """
    return make_for(
        conn, attempt.uid, attempt.contact_id, attempt.campaign_id, promised_at, zone, owner, note, at, by
    )


def make_for(
    conn: sqlite3.Connection,
    uid: AttemptUid,
    contact: ContactId,
    campaign: CampaignId,
    promised_at: float,
    zone: str,
    owner: UserId | None,
    note: str,
    at: float,
    by: UserId | None,
    cause: str = "",
) -> int:
    """Write a promise made in the call ``uid``, an attempt or one that came in; else as ``make``.

    A promise that was made in no call at all has a uid of its own, and ``cause`` says who made it.
    """
    before = open_of(conn, contact)
    if before is not None:
        end(conn, before, PromiseState.WITHDRAWN, at, by, "agreed_anew")
    kind = PromiseKind.TEAM if owner is None else PromiseKind.PERSONAL
    fresh = Promise(
        0, 0, contact, campaign, uid, kind, owner, promised_at, promised_at, "",
        promised_at, zone, note, at, by, 0, None, PromiseState.OPEN, None, 1,
    )  # fmt: skip
    number = _insert(conn, fresh, at, by, cause)
    _tell(conn, get(conn, number), at)
    if conn.execute("SELECT 1 FROM contact WHERE id = ?", (contact,)).fetchone() is None:
        end(conn, get(conn, number), PromiseState.WITHDRAWN, at, None, "contact_gone")
    return number


def end(
    conn: sqlite3.Connection, promise: Promise, state: PromiseState, at: float, by: UserId | None, cause: str
) -> None:
    """End an open promise as ``state``."""
    ended = replace(promise, state=state, closed_at=at, version=promise.version + 1)
    _update(conn, ended, at, by, cause)


def after_attempt(
    conn: sqlite3.Connection,
    attempt: Attempt,
    disposition: Disposition,
    at: float,
    next_at: float | None,
    *,
    final: bool,
) -> float | None:
    """Write what a call's final word means for its contact's open promise; returns when the contact is due.

    To be asked just before the disposition is stored. ``next_at`` is what the campaign's own rules say (None:
    closed), and stands unless the promise is still open: then the contact waits for it. ``final``: the contact is
    closed for good.
    """
    promise = open_of(conn, attempt.contact_id)
    if promise is None:
        return next_at
    if promise.attempt_uid == attempt.uid and not final:
        return math.inf  # whoever took this very call over has promised it
    call = pure.Tried(attempt.started_at, disposition, attempt.talking_at is not None, final)
    after = pure.tried(promise, call, at, rules_in_force(conn))
    if after != promise:
        _update(conn, after, at, attempt.user_id, str(disposition))
    return math.inf if after.state is PromiseState.OPEN else next_at


def skipped(conn: sqlite3.Connection, contact: ContactId, user: UserId, until: float, now: float) -> None:
    """The agent who had the contact of a promise on the desk left it for later."""
    promise = open_of(conn, contact)
    if promise is not None:
        later = replace(promise, due_at=max(promise.due_at, until), version=promise.version + 1)
        _update(conn, later, now, user, "skipped")


# -- what people change ------------------------------------------------------------------------------------------------


def seen(conn: sqlite3.Connection, promise: int, version: int, *states: PromiseState) -> Promise:
    """Return a promise as it was shown. :raises OperatorError: unknown, changed since, or in no such state."""
    found = get(conn, promise)
    if found.version != version:
        raise OperatorError(
            Problem("version", "promise_changed", "Somebody has changed this callback meanwhile: look again.")
        )
    if found.state not in (states or (PromiseState.OPEN,)):
        figures = {"state": str(found.state)}
        raise OperatorError(
            Problem("id", "promise_not_open", f"This callback is {found.state} already.", figures)
        )
    return found


def move(conn: sqlite3.Connection, promise: Promise, at: float, now: float, by: UserId | None) -> int:
    """Promise another time; returns the id of what is open now.

    A promise that is late already stays missed, and a new one with the same root begins.
    """
    rules = rules_in_force(conn)
    tried_late = promise.first_try_at is not None and promise.first_try_at > promise.lawful_at + rules.grace_s
    if pure.is_late(promise, now, rules) or tried_late:
        end(conn, promise, PromiseState.MISSED, now, by, "moved")
        number = _insert(conn, pure.moved(promise, at), now, by, "moved")
    else:
        _update(conn, pure.moved(promise, at), now, by, "moved")
        number = promise.id
    _tell(conn, get(conn, number), now)
    return number


def pass_on(
    conn: sqlite3.Connection,
    promise: Promise,
    owner: UserId | None,
    now: float,
    by: UserId | None,
    cause: str,
) -> int:
    """Give a promise to another owner or (None) to the team; returns the id of the one that goes on."""
    end(conn, promise, PromiseState.PASSED_ON, now, by, cause)
    kind = PromiseKind.TEAM if owner is None else PromiseKind.PERSONAL
    return _insert(conn, replace(promise, kind=kind, owner=owner), now, by, cause)


def reopen(conn: sqlite3.Connection, promise: Promise, now: float, by: UserId | None) -> None:
    """Take a withdrawal back. :raises OperatorError: its contact is gone, closed or has another promise."""
    row = conn.execute("SELECT state FROM contact WHERE id = ?", (promise.contact_id,)).fetchone()
    if row is None or row[0] == "closed" or open_of(conn, promise.contact_id) is not None:
        raise OperatorError(
            Problem(
                "id",
                "promise_cannot_reopen",
                "This callback cannot be brought back: its contact has gone on.",
            )
        )
    back = replace(promise, state=PromiseState.OPEN, closed_at=None, version=promise.version + 1)
    _update(conn, back, now, by, "undone")


# -- dialling ----------------------------------------------------------------------------------------------------------


def ask_law(
    conn: sqlite3.Connection, campaign: campaigns.Campaign, promise: Promise, now: float, judge: claims.Judge
) -> Candidate | Refusal:
    """Return who is to be called, if the judge permits it now; else the refusal, and the promise says so.

    ``campaign`` and ``judge`` leave the campaign's own limits out (``rules.without_own_limits``).

    :raises OperatorError: the campaign has no contact list, or a DNC list it must ask is gone.
    """
    found = claims.judge_contact(conn, campaign, promise.contact_id, now, judge, note=True)
    if isinstance(found, Refusal):
        return found
    candidate, answer = found
    if isinstance(answer, Permit):
        return candidate
    _refused(conn, campaign, promise, candidate.number, answer, now)
    return answer


def claim(
    conn: sqlite3.Connection, campaign: campaigns.Campaign, promise: Promise, now: float, judge: claims.Judge
) -> Claim | Refusal:
    """Claim the contact of a promise that is to be dialled now; ``campaign`` and ``judge`` as for ``ask_law``.

    :raises OperatorError: as ``ask_law``.
    """
    asked = ask_law(conn, campaign, promise, now, judge)
    if isinstance(asked, Refusal):
        return asked
    return claims.claim_contact(conn, campaign, promise.contact_id, now, judge, move=False)


def _refused(
    conn: sqlite3.Connection,
    campaign: campaigns.Campaign,
    promise: Promise,
    number: str,
    refusal: Refusal,
    now: float,
) -> None:
    """Let the law move the promise, or end it where the law forbids the call for good."""
    campaigns.note_refusals(conn, campaign.id, Counter([refusal.rule]), now)
    rule, until = refusal.rule, refusal.until
    if until is not None:
        _update(conn, pure.postponed(promise, rule, until, now, rules_in_force(conn)), now, None, rule)
    elif refusal.of_zones:
        # The campaign is at fault, not the hour: the promise is not excused by it.
        later = replace(promise, due_at=now + CAMPAIGN_AT_FAULT_S, version=promise.version + 1)
        _update(conn, later, now, None, rule)
    elif not contact_numbers.pass_on(conn, promise.contact_id, number, rule, campaign.id, 0):
        end(conn, promise, PromiseState.WITHDRAWN, now, None, rule)
        conn.execute(
            "UPDATE contact SET state = 'closed', closed_reason = ? WHERE id = ?", (rule, promise.contact_id)
        )


# -- rows --------------------------------------------------------------------------------------------------------------


def _insert(conn: sqlite3.Connection, promise: Promise, at: float, by: UserId | None, cause: str) -> int:
    """Add a row for ``promise`` as an open one; without a root it is the first of its line."""
    (number,) = conn.execute("SELECT coalesce(max(id), 0) + 1 FROM promise").fetchone()
    conn.execute(
        "INSERT INTO promise (id, root, contact_id, campaign_id, attempt_uid, kind, owner, promised_at, lawful_at,"
        " law, due_at, zone, note, made_at, made_by, tries, first_try_at, cause, moved_by, changed_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number, promise.root or number, promise.contact_id, promise.campaign_id, promise.attempt_uid,
            promise.kind, promise.owner, promise.promised_at, promise.lawful_at, promise.law, promise.due_at,
            promise.zone, promise.note, promise.made_at, promise.made_by, promise.tries, promise.first_try_at,
            cause, by, at,
        ),
    )  # fmt: skip
    return int(number)


def _tell(conn: sqlite3.Connection, promise: Promise, at: float) -> None:
    """Let webhooks know of a time that was promised."""
    (called,) = conn.execute(
        "SELECT '+' || coalesce((SELECT number FROM attempt WHERE uid = ?1),"
        " (SELECT caller_number FROM inbound_call WHERE uid = ?1), (SELECT dialled FROM contact WHERE id = ?2))",
        (promise.attempt_uid, promise.contact_id),
    ).fetchone()
    body = {
        "callback_id": promise.id,
        "contact_id": promise.contact_id,
        "campaign_id": promise.campaign_id,
        "attempt": promise.attempt_uid,
        "number": called,
        "agent_id": promise.owner,
        "promised_at": webhooks.moment(promise.promised_at),
        "zone": promise.zone,
        "note": promise.note,
    }
    webhooks.enqueue(conn, "callback.promised", body, at, promise.campaign_id)


def _update(conn: sqlite3.Connection, promise: Promise, at: float, by: UserId | None, cause: str) -> None:
    conn.execute(
        "UPDATE promise SET promised_at = ?, lawful_at = ?, law = ?, due_at = ?, tries = ?, first_try_at = ?,"
        " state = ?, closed_at = ?, version = ?, cause = ?, moved_by = ?, changed_at = ? WHERE id = ?",
        (
            promise.promised_at, promise.lawful_at, promise.law, promise.due_at, promise.tries,
            promise.first_try_at, promise.state, promise.closed_at, promise.version, cause, by, at, promise.id,
        ),
    )  # fmt: skip
