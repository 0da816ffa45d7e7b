"""What an object looks like for the log of changes: a name, and those of its values that may stand there.

Nothing secret (passwords, keys, tokens) and nothing that tells who somebody on a contact list is; whether an entry's
texts hold telephone numbers is ``firmware.auditing``'s to look after.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from firmware.store.words import mapping


@dataclass(frozen=True, slots=True)
class Seen:
    """An object at one moment."""

    label: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Kind:
    table: str
    label: str
    """A column or an expression."""
    columns: tuple[str, ...]
    key: str = "id"


_ROLES = "(SELECT group_concat(role, ', ') FROM user_role r WHERE r.user_id = user.id) AS roles"
_USER = _Kind("user", "name", ("login", "name", _ROLES, "phone_mode", "language", "active"))
_KINDS: dict[str, _Kind] = {
    "user": _USER,
    "second_factor": _USER,
    "session": _USER,
    "invitation": _USER,
    "campaign": _Kind("campaign", "name", ("name", "state", "contact_list_id", "settings")),
    "list": _Kind("contact_list", "name", ("name", "deleted_at")),
    "dnc": _Kind("dnc_list", "name", ("name", "version", "entries")),
    "token": _Kind(
        "api_token", "name", ("name", "hint", "scopes", "sources", "rate", "expires_at", "revoked_at")
    ),
    "webhook": _Kind("webhook_subscription", "''", ("url", "events", "campaign_id", "active", "deleted_at")),
    "script": _Kind("script", "name", ("name", "removed_at")),
    "snippet": _Kind(
        "snippet",
        "coalesce(nullif(title_de, ''), title_en)",
        ("part", "title_de", "text_de", "title_en", "text_en", "campaigns"),
    ),
    "contact": _Kind("contact", "''", ("list_id", "zones", "priority", "state", "next_at")),
    "callback": _Kind(
        "promise", "''", ("contact_id", "campaign_id", "kind", "owner", "promised_at", "state")
    ),
}


def look(conn: sqlite3.Connection, noun: str, number: str) -> Seen | None:
    """The object a noun's number names; None where there is none, or nothing is told of its kind."""
    kind = _KINDS.get(noun)
    if kind is None or not number:
        return None
    conn_row = conn.execute(
        f"SELECT {kind.label}, {', '.join(kind.columns)} FROM {kind.table} WHERE {kind.key} = ?",  # noqa: S608
        (number,),
    )
    names = [column[0] for column in conn_row.description]
    row = conn_row.fetchone()
    if row is None:
        return None
    values = dict(zip(names[1:], row[1:], strict=True))
    settings = mapping(values.pop("settings", "{}"))
    return Seen(str(row[0]), {**values, **settings})
