"""What somebody of a department sees of the store: every table of it, as if the rest of the box did not exist.

A reader for departments carries temporary views that bear the tables' names. SQLite looks among those first, so each
question of the read model is narrowed whoever asked it, and none can forget to. ``SEEN`` says for each table which of
its rows are seen; a table it does not know shows none. What all departments may know stands in ``WHOLE_BOX``.

Things of the whole box: those kinds that are shared (``SHARED``: DNC lists, destinations and the like, which everybody
needs) are seen by all and changed by nobody of a department; campaigns, contact lists, wallboards, tokens and webhooks
are only for people of the whole box. The rules are put together from constants of this file alone.
"""

# ruff: noqa: S608

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from firmware.model import Owned, Scope
from firmware.store.dnc import SHIFT
from firmware.store.errors import StoreUnavailable
from firmware.store.opening import open_read_only

SHARED = frozenset({Owned.DNC_LIST, Owned.VIEW, Owned.DESTINATION, Owned.SCRIPT, Owned.SNIPPET, Owned.QUEUE})
"""Of these, what belongs to the whole box is seen by every department."""

_IDS = "@ids"
_HINT = re.compile(r" INDEXED BY \w+")


def _mine(kind: Owned, column: str = "id") -> str:
    rule = f"kind = '{kind}' AND department_id IN ({_IDS})"
    return f"{column} IN (SELECT object FROM main.belonging WHERE {rule})"


def _shared(kind: Owned, column: str = "id") -> str:
    rule = f"kind = '{kind}' AND department_id NOT IN ({_IDS})"
    return f"{column} NOT IN (SELECT object FROM main.belonging WHERE {rule})"


def _campaign(column: str = "campaign_id") -> str:
    return _mine(Owned.CAMPAIGN, column)


def _came_in(row: str = "") -> str:
    return f"({_campaign(f'{row}campaign_id')} OR {_mine(Owned.QUEUE, f'{row}rule')})"


def _call(column: str) -> str:
    """Of an attempt, or of a call that came in."""
    attempt = f"SELECT 1 FROM main.attempt a WHERE a.uid = {column} AND {_campaign('a.campaign_id')}"
    came = f"SELECT 1 FROM main.inbound_call i WHERE i.uid = {column} AND {_came_in('i.')}"
    return f"(EXISTS ({attempt}) OR EXISTS ({came}))"


def _contact(column: str = "contact_id") -> str:
    rule = _mine(Owned.LIST, "c.list_id")
    return f"EXISTS (SELECT 1 FROM main.contact c WHERE c.id = {column} AND {rule})"


def _colleague(column: str) -> str:
    """Somebody of these departments."""
    return f"{column} IN (SELECT user_id FROM main.user_department WHERE department_id IN ({_IDS}))"


def _known(column: str) -> str:
    """Somebody of these departments, or of the whole box."""
    return f"({_colleague(column)} OR {column} NOT IN (SELECT user_id FROM main.user_department))"


_OF_CAMPAIGN_ALERT = "('nobody_ready', 'abandon_near')"
_OF_DNC_LIST = f"entry / {SHIFT} IN (SELECT id FROM main.dnc_list WHERE {_shared(Owned.DNC_LIST)})"
_VIEW = _mine(Owned.VIEW, "view_id")

SEEN: Mapping[str, str] = {
    "access_request": "0",
    "agent_log": _colleague("user_id"),
    "alert": f"rule NOT IN {_OF_CAMPAIGN_ALERT} OR {_campaign('CAST(about AS INTEGER)')}",
    "alert_receiver": "0",
    "api_answer": _mine(Owned.TOKEN, "token_id"),
    "api_token": _mine(Owned.TOKEN),
    "attempt": _campaign(),
    "attempt_cleared": _call("attempt_uid"),
    "audit": _colleague("user_id"),
    "belonging": f"department_id IN ({_IDS})",
    "call_party": _call("attempt"),
    "call_step": _call("attempt"),
    "call_tape": _call("call"),
    "campaign": _campaign("id"),
    "campaign_count": _campaign(),
    "campaign_desk": _campaign(),
    "campaign_notice": _campaign(),
    "campaign_order": _campaign(),
    "campaign_rules": _campaign(),
    "contact": _mine(Owned.LIST, "list_id"),
    "contact_before": _contact(),
    "contact_edit": _contact(),
    "contact_import": _mine(Owned.LIST, "list_id"),
    "contact_list": _mine(Owned.LIST),
    "contact_number": _contact(),
    "contact_order": _contact(),
    "contact_ordering": _campaign(),
    "contact_recycled": _contact(),
    "department": f"id IN ({_IDS})",
    "desk_message": _colleague("to_user"),
    "destination": _shared(Owned.DESTINATION),
    "dnc_change": _shared(Owned.DNC_LIST, "list_id"),
    "dnc_entry": _OF_DNC_LIST,
    "dnc_list": _shared(Owned.DNC_LIST),
    "dnc_past": _OF_DNC_LIST,
    "dnc_prefix": _OF_DNC_LIST,
    "erasure": "0",
    "false_machine": _call("uid"),
    "form_answer": _call("attempt_uid"),
    "inbound_call": _came_in(),
    "invitation": _colleague("user_id"),
    "list_count": _mine(Owned.LIST, "list_id"),
    "list_schedule": _mine(Owned.LIST, "list_id"),
    "mail": f"purpose = 'report' AND about IN (SELECT id FROM main.report_schedule WHERE {_VIEW})",
    "mail_file": "0",
    "monitoring": _call("attempt"),
    "offer": _campaign(),
    "offer_log": _campaign(),
    "pacing_log": _campaign(),
    "pacing_state": _campaign(),
    "permit_link": _call("attempt_uid"),
    "promise": _campaign(),
    "promise_history": f"promise_id IN (SELECT id FROM main.promise WHERE {_campaign()})",
    "recovery_code": _colleague("user_id"),
    "refusal_cell": _campaign(),
    "report_schedule": _VIEW,
    "report_view": _shared(Owned.VIEW),
    "rule_fired": _campaign(),
    "script": _shared(Owned.SCRIPT),
    "script_version": _shared(Owned.SCRIPT, "script_id"),
    "scrub_answer": _OF_DNC_LIST,
    "scrub_service": _shared(Owned.DNC_LIST, "list_id"),
    "scrub_wanted": _OF_DNC_LIST,
    "second_factor": _colleague("user_id"),
    "session": _colleague("user_id"),
    "snippet": _shared(Owned.SNIPPET),
    "user": _known("id"),
    "user_department": f"department_id IN ({_IDS})",
    "user_role": _known("user_id"),
    "verdict_word": _call("attempt_uid"),
    "wall": _mine(Owned.WALL),
    "webhook_delivery": _mine(Owned.WEBHOOK, "subscription_id"),
    "webhook_event": _campaign(),
    "webhook_subscription": _mine(Owned.WEBHOOK),
}
"""Table -> which of its rows somebody of the departments ``@ids`` sees."""

WHOLE_BOX = frozenset(
    {
        "_sqlite_migrations",
        "audit_floor",
        "audit_head",
        "clearing",
        "consent",
        "consent_withdrawal",
        "import_mapping",
        "line_habit",
        "permit_head",
        "retention_run",
        "setting",
        "settings_kept",
        "sqlite_sequence",
    }
)
"""What every department may know: what people agreed to (a consent is given to the office), how columns are read, the
box's own settings and the heads of its chains. Settings that permits rest on are found only by the hash that a permit
names, so whoever sees the permit finds them and nobody else does."""


class _Narrowed(sqlite3.Connection):
    """A view has no indexes of its own, so what says by which to read a table is left out."""

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        return super().execute(_HINT.sub("", sql), parameters)


def open_for(path: Path, scope: Scope) -> sqlite3.Connection:
    """Open read-only for somebody of these departments. :raises StoreUnavailable:"""
    conn = open_read_only(path, _Narrowed)
    try:
        conn.execute("PRAGMA query_only = OFF")
        conn.execute("PRAGMA temp_store = MEMORY")
        tables = conn.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'").fetchall()
        _narrow(conn, (name for (name,) in tables), scope)
        conn.execute("PRAGMA query_only = ON")
    except sqlite3.Error as error:
        conn.close()
        raise StoreUnavailable(f"cannot read the database {path}: {error}") from error
    return conn


def _narrow(conn: sqlite3.Connection, tables: Iterable[str], scope: Scope) -> None:
    ids = ", ".join(str(int(each)) for each in sorted(scope)) or "-1"
    for table in tables:
        if table not in WHOLE_BOX:
            rule = SEEN.get(table, "0").replace(_IDS, ids)
            conn.execute(f'CREATE TEMP VIEW "{table}" AS SELECT * FROM main."{table}" WHERE {rule}')
