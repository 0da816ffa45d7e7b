"""What people set on the pages: a file of the service's own, laid over the settings file.

The settings file belongs to whoever installed the box and is never written by a program. ``settings.toml`` below the
state belongs to the service; it holds only what the pages changed. Every change is read as the box would read it at its
next start before anything is written, the file is replaced in one step, and the one before it is kept: ``undo`` changes
the two. A change counts once the box has been restarted. Passwords lie in files of their own in ``secrets/``, whose
group is the edge's where the box was installed, so that the pages never see them.

A key that a newer version wrote and this one does not know is left out: an older version must come up with it.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import secrets
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from firmware.config import shape

_log = logging.getLogger(__name__)

NAME = "settings.toml"
BEFORE = "settings.before.toml"
SECRETS = "secrets"
SECTIONS: Mapping[str, frozenset[str]] = {
    "box": frozenset({"name", "language", "zone", "country"}),
    "sip": frozenset({"domain"}),
    "dialling": frozenset({"calls_per_second", "max_call_s", "emergency", "trusted_clock"}),
    "web": frozenset({"names", "second_factor", "agent_figures"}),
    "backup": frozenset({"folder", "at", "keep_days", "recordings", "own_disk"}),
    "power": frozenset({"ups", "server", "low_percent"}),
}
"""What pages may change. Paths, ports and networks stay with whoever installed the box."""
LISTS: Mapping[str, type] = {"trunk": shape.TrunkConfig, "inbound": shape.InboundConfig}
"""Entries that pages may add, change and take away again."""
Tables = Mapping[str, Any]


def file_below(tables: Tables) -> Path:
    """Where the file lies, by the settings file's own words; whatever is wrong in those is told elsewhere."""
    paths = tables.get("paths")
    state = paths.get("state") if isinstance(paths, dict) else None
    return (Path(state) if isinstance(state, str) else shape.PathsConfig().state) / NAME


def known(changed: Tables) -> Tables:
    """The same without what this version does not know."""
    kept: dict[str, Any] = {}
    for name, table in changed.items():
        if name in SECTIONS and isinstance(table, dict):
            kept[name] = {key: value for key, value in table.items() if key in SECTIONS[name]}
        elif name in LISTS and isinstance(table, list):
            names = {entry.name for entry in fields(LISTS[name])}
            kept[name] = [{key: value for key, value in entry.items() if key in names} for entry in table]
    if dropped := sorted(set(places(changed)) - set(places(kept))):
        _log.warning("settings of another version are left out: %s", ", ".join(dropped))
    return kept


def laid_over(tables: Tables, changed: Tables) -> dict[str, Any]:
    """The settings file's tables with the pages' over them; entries of one name are one."""
    made = dict(tables)
    for name, table in changed.items():
        below = made.get(name)
        if name in LISTS:
            made[name] = _entries(below if isinstance(below, list) else [], table)
        else:
            made[name] = {**(below if isinstance(below, dict) else {}), **table}
    return made


def _entries(below: list[Any], over: list[Any]) -> list[Any]:
    mine = {entry.get("name"): entry for entry in over}
    kept = [
        mine.pop(entry["name"]) if isinstance(entry, dict) and entry.get("name") in mine else entry
        for entry in below
    ]
    return [*kept, *mine.values()]


def places(changed: Tables) -> list[str]:
    """``[box] name`` and the like, of everything in the tables."""
    return list(_places(changed))


def _places(changed: Tables) -> Iterator[str]:
    for name, table in changed.items():
        if isinstance(table, dict):
            yield from (f"[{name}] {key}" for key in table)
        elif isinstance(table, list):
            for number, entry in enumerate(table, 1):
                yield from (f"[[{name}]] {number} {key}" for key in entry)


def text_of(changed: Tables) -> str:
    """As TOML. :raises ValueError: it would not read back as the same"""
    lines = ["# Written by the box: what was set on its pages. The settings file lies below it."]
    for name, table in changed.items():
        entries = table if name in LISTS else [table]
        head = f"[[{name}]]" if name in LISTS else f"[{name}]"
        for entry in entries:
            lines += ["", head, *(f"{key} = {_value(value)}" for key, value in entry.items())]
    text = "\n".join(lines) + "\n"
    if tomllib.loads(text) != {name: table for name, table in changed.items() if table or name not in LISTS}:
        raise ValueError("these settings cannot be written as TOML")
    return text


def _value(value: object) -> str:
    """TOML and JSON write the values we have the same way, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


class Own:
    """The file in one folder. Blocking; nothing here looks at what a setting means."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.file = state / NAME

    def tables(self) -> dict[str, Any]:
        """What it holds; empty when nothing was ever set. :raises OSError, tomllib.TOMLDecodeError:"""
        return self._read(self.file)

    @property
    def may_undo(self) -> bool:
        """Whether there is a file to go back to."""
        return (self.state / BEFORE).exists()

    def stamp(self) -> str:
        """Changes whenever the file does."""
        return hashlib.sha256(self.file.read_bytes() if self.file.exists() else b"").hexdigest()

    def write(self, changed: Tables) -> None:
        """Replace the file; durable when this returns. The one before is kept for ``undo``."""
        text = text_of(changed)
        self._put(BEFORE, self.file.read_text("utf-8") if self.file.exists() else "")
        self._put(NAME, text)
        self._sweep()

    def undo(self) -> None:
        """Change the file with the one before it. :raises FileNotFoundError: there is none"""
        before = (self.state / BEFORE).read_text("utf-8")
        now = self.file.read_text("utf-8") if self.file.exists() else ""
        self._put(NAME, before)
        self._put(BEFORE, now)

    def keep_secret(self, name: str, secret: str) -> Path:
        """Keep a password in a file of its own; its path. A new one each time, so that ``undo`` finds the old."""
        folder = self.state / SECRETS
        folder.mkdir(mode=0o750, exist_ok=True)
        file = folder / f"{name}.{secrets.token_hex(4)}"
        _durably(file, secret)
        return file

    def _put(self, name: str, text: str) -> None:
        made = self.state / f"{name}.new"
        _durably(made, text)
        made.replace(self.state / name)
        _sync(self.state)

    def _sweep(self) -> None:
        """Delete passwords that neither the file nor the one before it names."""
        named = {
            entry.get("password_file")
            for tables in (self.tables(), self._read(self.state / BEFORE))
            for entry in tables.get("trunk", ())
        }
        for file in (self.state / SECRETS).glob("*"):
            if str(file) not in named:
                file.unlink()

    @staticmethod
    def _read(file: Path) -> dict[str, Any]:
        return tomllib.loads(file.read_text("utf-8")) if file.exists() else {}


def _durably(file: Path, text: str) -> None:
    fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o640)
    with os.fdopen(fd, "w", encoding="utf-8") as written:
        os.fchmod(fd, 0o640)
        written.write(text)
        written.flush()
        os.fsync(fd)


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
