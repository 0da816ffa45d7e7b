"""Everything stored about one number, and forgetting it: what goes, what is kept under a pseudonym, and why.

A pseudonym is a number of the unassigned country code 999, made of the real one with the box's own key
(``firmware.retention.pseudonym``): nobody finds the person by it, and whoever brings the number (the person, an
authority) still finds the permits of its calls. What is proof keeps its place under the pseudonym until its time is
over; an entry on a DNC list stays as it is, because without it the number would be called again.
"""

# ruff: noqa: S608 - queries are made of constants of this file
from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from firmware.model import OperatorError, Problem
from firmware.store import dnc, retention
from firmware.store.dnc_lookup import OPT_OUTS, SHIFT
from firmware.store.words import e164

_CONTACTS = (
    "SELECT id FROM contact WHERE number = :n OR dial = :n"
    " UNION SELECT contact_id FROM contact_number WHERE number = :n"
)
_ATTEMPTS = "SELECT uid FROM attempt WHERE number = :n"
_CALLS = f"{_ATTEMPTS} UNION SELECT uid FROM inbound_call WHERE caller_number = :n"
"""Of either way."""
_ABOUT = "'+' || :n IN (json_extract(body, '$.number'), json_extract(body, '$.caller'))"
"""What was told to other programs about the number."""
_OWN_ANSWERS = (
    f"attempt_uid IN ({_ATTEMPTS}) OR attempt_uid IN (SELECT uid FROM inbound_call WHERE caller_number = :n)"
)
_PROMISES = f"SELECT id FROM promise WHERE contact_id IN ({_CONTACTS}) OR attempt_uid IN ({_ATTEMPTS})"

PARTS: Mapping[str, str] = {
    "contacts": f"SELECT c.*, l.name AS list FROM contact c JOIN contact_list l ON l.id = c.list_id"
    f" WHERE c.id IN ({_CONTACTS})",
    "numbers": f"SELECT * FROM contact_number WHERE contact_id IN ({_CONTACTS})",
    "before_imports": f"SELECT * FROM contact_before WHERE contact_id IN ({_CONTACTS})",
    "attempts": "SELECT * FROM attempt WHERE number = :n ORDER BY started_at",
    "parties": f"SELECT * FROM call_party WHERE attempt IN ({_CALLS})",
    "tapes": f"SELECT call, file, began_at, ended_at, why FROM call_tape WHERE call IN ({_CALLS})",
    "verdict_words": f"SELECT * FROM verdict_word WHERE attempt_uid IN ({_ATTEMPTS})",
    "incoming": "SELECT * FROM inbound_call WHERE caller_number = :n ORDER BY offered_at",
    "answers": f"SELECT attempt_uid, saved_at, answers FROM form_answer WHERE {_OWN_ANSWERS}",
    "edits": "SELECT e.at, u.name AS by, e.field, e.old, e.new FROM contact_edit e JOIN user u ON u.id = e.user_id"
    f" WHERE e.contact_id IN ({_CONTACTS})",
    "promises": f"SELECT * FROM promise WHERE id IN ({_PROMISES})",
    "promise_history": f"SELECT * FROM promise_history WHERE promise_id IN ({_PROMISES})",
    "offers": f"SELECT * FROM offer_log WHERE contact_id IN ({_CONTACTS})",
    "rules": f"SELECT * FROM rule_fired WHERE contact_id IN ({_CONTACTS})",
    "consents": "SELECT c.*, w.at AS withdrawn_at, w.source AS withdrawn_source FROM consent c"
    " LEFT JOIN consent_withdrawal w ON w.consent_id = c.id WHERE c.number = :n",
    "dnc": f"SELECT l.name AS list, d.at, d.source, d.who, d.why, e.expires_at FROM dnc_entry e"
    f" JOIN dnc_list l ON l.id = e.entry / {SHIFT} JOIN dnc_change d ON d.id = e.change_id"
    f" WHERE e.entry % {SHIFT} = :n",
    "scrub": f"SELECT blocked, line_type, reason, answered_at FROM scrub_answer WHERE entry % {SHIFT} = :n",
    "told": f"SELECT event, at, body FROM webhook_event WHERE {_ABOUT}",
}
"""Every kind of data about a number, as a query over it."""


def everything(conn: sqlite3.Connection, number: int, pseudonym: int) -> dict[str, list[dict[str, Any]]]:
    """Return what is stored about a number, also under its pseudonym, by kind; kinds without anything are left out."""
    found: dict[str, list[dict[str, Any]]] = {}
    for kind, sql in PARTS.items():
        for each in (number, pseudonym):
            cursor = conn.execute(sql, {"n": each})
            names = [column[0] for column in cursor.description]
            rows = [_plain(dict(zip(names, row, strict=True))) for row in cursor]
            if rows:
                found.setdefault(kind, []).extend(rows)
    return found


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """JSON inside of a column as such."""
    return {name: _read(name, value) for name, value in row.items()}


def _read(name: str, value: Any) -> Any:
    if (
        name
        in ("fields", "permit", "verdict_figures", "corrected_figures", "figures", "did", "body", "answers")
        and value
    ):
        return json.loads(value)
    if name in ("number", "dial", "dialled", "caller_number") and isinstance(value, int):
        return e164(value)
    return value


def erase(
    conn: sqlite3.Connection, number: int, pseudonym: int, by: str, why: str, block: bool, now: float
) -> tuple[dict[str, int], list[str]]:
    """Forget a number; returns how much of what went or was kept, and the recordings whose files must go.

    ``block``: put it on the opt-outs where no DNC list has it, so that it is never called again.

    :raises OperatorError: there is a call with it right now.
    """
    _must_be_at_rest(conn, number)
    at = {"n": number, "p": pseudonym}
    files = [str(file) for (file,) in conn.execute(
        "SELECT recording FROM attempt WHERE number = :n AND recording IS NOT NULL"
        f" UNION SELECT file FROM call_tape WHERE call IN ({_CALLS})", at
    )]  # fmt: skip
    with retention.clearing(conn):
        account = {key: do(conn, at, now) for key, do in _ACTS}
    listed = int(conn.execute(f"SELECT count(*) FROM dnc_entry WHERE entry % {SHIFT} = :n", at).fetchone()[0])
    if block and not listed:
        listed = dnc.add(conn, OPT_OUTS, [e164(number)], "erasure", now, who=by, why=why)
    account = {**account, "recordings": len(files), "kept_dnc": listed}
    conn.execute(
        "INSERT INTO erasure (at, pseudonym, by, why, account) VALUES (?, ?, ?, ?, ?)",
        (now, pseudonym, by, why, json.dumps(account)),
    )
    return account, files


def _must_be_at_rest(conn: sqlite3.Connection, number: int) -> None:
    busy = conn.execute(
        f"SELECT 1 FROM contact WHERE state = 'in_flight' AND id IN ({_CONTACTS})"
        " UNION SELECT 1 FROM attempt WHERE number = :n AND disposition IS NULL"
        " UNION SELECT 1 FROM inbound_call WHERE caller_number = :n AND outcome IS NULL",
        {"n": number},
    ).fetchone()
    if busy is not None:
        text = "There is a call with this number right now. Erase it when the call is over."
        raise OperatorError(Problem("number", "erasure_call_under_way", text))


_At = Mapping[str, int]


def _delete(sql: str) -> Callable[[sqlite3.Connection, _At, float], int]:
    return lambda conn, at, _now: conn.execute(sql, at).rowcount


def _promises(conn: sqlite3.Connection, at: _At, _now: float) -> int:
    """Their notes; the row a trigger adds about that says nothing and goes again."""
    (last,) = conn.execute("SELECT coalesce(max(id), 0) FROM promise_history").fetchone()
    changed = conn.execute(
        f"UPDATE promise SET note = '' WHERE note <> '' AND id IN ({_PROMISES})",
        at,
    ).rowcount
    conn.execute("DELETE FROM promise_history WHERE id > ?", (last,))
    return changed


def _attempts(conn: sqlite3.Connection, at: _At, now: float) -> int:
    conn.execute(
        "INSERT INTO attempt_cleared SELECT uid, :now, 'erasure' FROM attempt WHERE number = :n"
        " ON CONFLICT DO NOTHING",
        {**at, "now": now},
    )
    conn.execute(f"UPDATE call_party SET note = '' WHERE attempt IN ({_CALLS})", at)
    conn.execute(f"DELETE FROM call_tape WHERE call IN ({_CALLS})", at)
    return conn.execute(
        "UPDATE attempt SET number = :p, permit = json_replace(permit, '$.number', '+' || :p), note = '', key = '',"
        " recording = NULL, verdict_figures = '{}', corrected_figures = '{}' WHERE number = :n",
        at,
    ).rowcount


_ACTS: tuple[tuple[str, Callable[[sqlite3.Connection, _At, float], int]], ...] = (
    ("promises", _promises),
    ("offers", _delete(f"DELETE FROM offer_log WHERE contact_id IN ({_CONTACTS})")),
    ("rules", _delete(f"DELETE FROM rule_fired WHERE contact_id IN ({_CONTACTS})")),
    ("answers_given", _delete(f"DELETE FROM form_answer WHERE {_OWN_ANSWERS}")),
    ("contacts", _delete(f"DELETE FROM contact WHERE id IN ({_CONTACTS})")),
    ("kept_attempts", _attempts),
    (
        "kept_incoming",
        _delete(
            "UPDATE inbound_call SET caller_number = :p, caller_text = '', note = '', contact_id = NULL"
            " WHERE caller_number = :n"
        ),
    ),
    ("kept_consents", _delete("UPDATE consent SET number = :p WHERE number = :n")),
    (
        "deliveries",
        _delete(
            f"DELETE FROM webhook_delivery WHERE event_id IN (SELECT id FROM webhook_event WHERE {_ABOUT})"
        ),
    ),
    ("events", _delete(f"DELETE FROM webhook_event WHERE {_ABOUT}")),
    ("answers", _delete("DELETE FROM api_answer WHERE body LIKE '%' || :n || '%'")),
    ("scrub", _delete(f"DELETE FROM scrub_answer WHERE entry % {SHIFT} = :n")),
    ("scrub_wanted", _delete(f"DELETE FROM scrub_wanted WHERE entry % {SHIFT} = :n")),
)
"""In this order: what hangs on a contact before the contact. Keys with ``kept_`` stay under the pseudonym."""


def pseudonyms(conn: sqlite3.Connection) -> dict[int, float]:
    """Return every pseudonym that was erased for, with the time of the last."""
    return {int(p): float(at) for p, at in conn.execute("SELECT pseudonym, max(at) FROM erasure GROUP BY 1")}


def numbers(conn: sqlite3.Connection) -> list[int]:
    """Return every number of a person there is in the clear, besides DNC lists."""
    rows = conn.execute(
        "SELECT number FROM contact UNION SELECT dial FROM contact WHERE dial IS NOT NULL"
        " UNION SELECT number FROM contact_number UNION SELECT number FROM attempt"
        " UNION SELECT caller_number FROM inbound_call WHERE caller_number IS NOT NULL"
        " UNION SELECT number FROM consent"
    )
    return [int(number) for (number,) in rows]


def accounts(conn: sqlite3.Connection, limit: int = 50) -> list[tuple[float, str, str, Mapping[str, int]]]:
    """Return the newest erasures: when, by whom, why, and what went or was kept."""
    sql = "SELECT at, by, why, account FROM erasure ORDER BY id DESC LIMIT ?"
    return [(at, by, why, json.loads(account)) for at, by, why, account in conn.execute(sql, (limit,))]
