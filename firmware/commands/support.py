"""``support.bundle``: what somebody elsewhere needs to help, and nothing about anybody.

What goes in is chosen, never filtered out: settings by their shape (figures, choices and names of parts), figures of
health, counts of rows, the schema, and the bare lines of the journal (``recent``). Names, numbers, addresses of people,
secrets, texts of campaigns and of far ends have no way in.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from firmware import machine
from firmware.commands.context import Context
from firmware.control import Control
from firmware.probe import SystemProbe
from firmware.recent import LEFT_OUT
from firmware.store import insight
from firmware.store.store import open_read_only

if TYPE_CHECKING:
    import sqlite3

_TEXTS_KEPT = {
    ("box", "language"), ("box", "zone"), ("box", "country"), ("paths", "state"), ("paths", "runtime"),
    ("trunks", "transport"), ("lines", "country"), ("lines", "dialling"), ("dialling", "trusted_clock"),
    ("web", "second_factor"), ("web", "agent_figures"), ("backup", "at"),
}  # fmt: skip
"""Settings whose text says nothing about anybody; every other text is only said to be set or not."""
_MACHINE_KEPT = {
    "disk": ("total_bytes", "free_bytes", "worn_percent"),
    "heat": ("celsius",),
    "clock": ("synchronised", "source", "offset_ms", "error_ms"),
    "version": ("strowger", "slot", "kernel", "hardware", "booted_at"),
}
README = """\
What is in here: versions, settings without names and secrets, health, counts, the schema of the database, and the last
lines of the journal without anything that came from people, files or wires ({left_out} stands for what was left out).
Was hier drin ist: Versionen, Einstellungen ohne Namen und Geheimnisse, Zustand, Anzahlen, das Schema der Datenbank und
die letzten Journalzeilen ohne alles, was von Menschen, aus Dateien oder vom Draht kam ({left_out} steht dafür).
"""


class SupportCommands:
    """The command."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add_to(self, control: Control) -> None:
        """Answer it."""
        control.add("support.bundle", self.bundle)

    async def bundle(self) -> Mapping[str, Any]:
        """A ZIP -> ``name``, and ``content`` as base64."""
        context = self._context
        snapshot = context.hub.snapshot()
        counted = await asyncio.to_thread(_looked_into, context.config.paths.database)
        found = await asyncio.to_thread(machine.everything, context.config.paths.state, SystemProbe())
        files = {
            "README.txt": README.format(left_out=LEFT_OUT),
            "versions.json": _json(machine.versions()),
            "settings.json": _json(bare_settings(context.config)),
            "machine.json": _json(_machine(found)),
            "health.json": _json([_check(each) for each in snapshot["health"]]),
            "parts.json": _json(_counts(snapshot)),
            "tables.json": _json(counted["rows"]),
            "schema.sql": counted["schema"],
            "journal.txt": "".join(self._journal()),
        }
        content = await asyncio.to_thread(_zip, files)
        moment = datetime.fromtimestamp(context.clock.utc(), UTC)
        return {
            "name": f"support-{moment:%Y%m%d-%H%M%S}.zip",
            "content": base64.b64encode(content).decode(),
        }

    def _journal(self) -> Iterator[str]:
        for line in self._context.machinery.recent.lines():
            at = datetime.fromtimestamp(line.at, UTC).isoformat(timespec="milliseconds")
            yield f"{at} {line.level} {line.logger}: {line.bare}\n"


def bare_settings(config: object, section: str = "") -> dict[str, Any]:
    """Settings by their shape: figures and choices as they are, every other text only as set or not."""
    shown: dict[str, Any] = {}
    for each in fields(config):  # type: ignore[arg-type]
        value = getattr(config, each.name)
        if is_dataclass(value) and not _secret(value):
            shown[each.name] = bare_settings(value, each.name)
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            shown[each.name] = [bare_settings(entry, each.name) for entry in value]
        else:
            shown[each.name] = _bare(section, each.name, value)
    return shown


def _secret(value: object) -> bool:
    return type(value).__name__ == "Secret"


def _bare(section: str, name: str, value: object) -> object:
    if _secret(value):
        return LEFT_OUT
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, tuple | list):
        return {"count": len(value)}
    if (section, name) in _TEXTS_KEPT or isinstance(value, Enum):
        return str(value)
    return LEFT_OUT if str(value) else ""


def _machine(found: list[dict[str, Any]]) -> dict[str, Any]:
    parts = {part["part"]: part for part in found}
    shown: dict[str, Any] = {
        part: {key: parts[part].get(key) for key in keys} for part, keys in _MACHINE_KEPT.items()
    }
    shown["network"] = [
        {"up": each["up"], "speed_mbit": each["speed_mbit"], "addresses": len(each["addresses"])}
        for each in parts["network"]["interfaces"]
    ]
    return shown


def _check(check: Mapping[str, Any]) -> dict[str, Any]:
    """A check by its kind: what it is called after may be a trunk's or a line's name."""
    figures = {
        key: value for key, value in check.get("figures", {}).items() if isinstance(value, bool | int | float)
    }
    kind = str(check["check"]).partition(":")[0]
    return {"check": kind, "ok": check["ok"], "key": check["key"], "figures": figures}


def _counts(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """How many of each part of the box there are, and in which states."""
    shown: dict[str, Any] = {}
    for kind in ("agents", "calls", "campaigns", "trunks", "lines", "phones"):
        states: dict[str, int] = {}
        for each in snapshot[kind]:
            state = str(each.get("state", each.get("up", each.get("registered", ""))))
            states[state] = states.get(state, 0) + 1
        shown[kind] = states
    return shown


def _looked_into(database: Path) -> Mapping[str, Any]:
    def look(conn: sqlite3.Connection) -> Mapping[str, Any]:
        return {"schema": insight.schema(conn), "rows": insight.rows(conn)}

    conn = open_read_only(database)
    try:
        return look(conn)
    finally:
        conn.close()


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _zip(files: Mapping[str, str]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, text in files.items():
            bundle.writestr(name, text)
    return whole.getvalue()
