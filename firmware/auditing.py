"""Which commands count as changes, and how one is told in the log: one table, asked by ``control`` for each command.

Whatever a command writes to the store is a change and is logged with it, in the same transaction, whether anybody
thought of it or not. ``QUIET`` names the exceptions: what calls and desks do all day stands in attempts and the
agents' log already. ``OUTSIDE`` names changes that leave no row: they are logged once they are done.
"""

from __future__ import annotations

import pwd
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from firmware.clock import Clock
from firmware.journal import mask, one_line
from firmware.store import audit
from firmware.store.audit import Actor, Entry
from firmware.store.audited import Change, current
from firmware.store.store import Store
from firmware.typed import Secret

QUIET_NOUNS = frozenset({"desk", "answer", "dry_run"})
"""Their commands are the day's work of a desk, or housekeeping of the programs' interface, or paper."""
QUIET = frozenset({"session.touch", "token.touch", "second_factor.begin", "second_factor.check"})
OUTSIDE = frozenset(
    {
        "access.ask",
        "access.open",
        "backup.make",
        "backup.new_key",
        "backup.password",
        "backup.trust",
        "box.confirm_clock",
        "line.learn",
        "line.test",
        "list.export",
        "network.set",
        "network.settle",
        "privacy.export",
        "recording.add",
        "recording.remove",
        "reset.ask",
        "reset.confirm",
        "settings.apply",
        "settings.change",
        "settings.put_trunk",
        "settings.remove_trunk",
        "settings.undo",
        "support.bundle",
        "tape.play",
        "technician.call",
        "technician.provision",
        "update.cancel",
        "update.drop",
        "update.go_back",
        "update.install",
        "update.offer",
        "update.plan",
        "update.restart",
    }
)
"""What leaves the box or lies in files (exports, backups, settings, recordings, updates), and what somebody who looks
after it does with its lines and doors."""

_OBJECTS = {
    "second_factor": "user_id",
    "session": "user_id",
    "invitation": "user_id",
    "dnc": "list_id",
}
"""The argument that names the object where it is not ``id``."""
_SECRET = ("password", "secret", "token", "hash", "ha1", "recovery")
_SECRET_WHOLE = frozenset({"code", "key", "pin", "paper"})
_PERSONAL = frozenset({"contact", "lead", "consent", "callback", "inbound"})
"""Of these, texts are about people on lists, whose data must be able to go: only that they changed is logged."""
_TELLING = frozenset(
    {"number", "numbers", "whom", "source", "purpose", "act", "state", "kind", "cause", "list"}
)
HIDDEN = "•••"
_LONGEST, _MOST, _DEEPEST = 300, 24, 4


class Auditor:
    """Opens a change for each command and closes it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    @contextmanager
    def command(self, name: str, arguments: Mapping[str, Any], actor: Actor) -> Iterator[Change | None]:
        """What is written inside belongs to this change."""
        change = None if is_quiet(name) else _change(name, arguments, actor, self._clock.utc())
        token = current.set(change)
        try:
            yield change
        finally:
            current.reset(token)

    async def done(self, change: Change | None) -> None:
        """The command succeeded: log it if it leaves no row and was not logged with one."""
        if change is None or change.kept or change.entry.command not in OUTSIDE:
            return
        change.kept = True
        await self._store.do(lambda conn: audit.append(conn, change.entry))


def is_quiet(name: str) -> bool:
    """Whether a command is never logged."""
    return name in QUIET or name.partition(".")[0] in QUIET_NOUNS


def at_console(user: int) -> Actor:
    """Somebody on the machine itself, by the system's user number (``SO_PEERCRED``, unix(7))."""
    try:
        name = pwd.getpwuid(user).pw_name
    except KeyError:
        name = str(user)
    return Actor(name)


def _change(name: str, arguments: Mapping[str, Any], actor: Actor, now: float) -> Change:
    noun = name.partition(".")[0]
    key = _OBJECTS.get(noun, "id")
    number = arguments.get(key)
    named = number if isinstance(number, (int, str)) and not isinstance(number, bool) else ""
    given = {argument: value for argument, value in arguments.items() if argument != key}
    label = one_line(mask(str(arguments.get("name") or "")))[:80]
    entry = Entry(now, actor, name, str(named), label, {}, shown(noun, given))
    return Change(entry, noun, lambda values: shown(noun, values))


def shown(noun: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values fit for the log: nothing secret, numbers masked, nothing endless."""
    personal = noun in _PERSONAL
    return {name: _shown(name, value, personal, _DEEPEST) for name, value in values.items()}


def _shown(name: str, value: Any, personal: bool, depth: int) -> Any:
    if isinstance(value, Secret) or (
        _is_secret(name, depth == _DEEPEST) and value not in (None, "", True, False)
    ):
        return HIDDEN
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        if depth == 0 or len(value) > _MOST * 4:
            return {"entries": len(value)}
        return {str(key): _shown(str(key), each, personal, depth - 1) for key, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        if depth == 0 or len(value) > _MOST:
            return {"entries": len(value)}
        return [_shown(name, each, personal, depth - 1) for each in value]
    return _text(name, str(value), personal)


def _text(name: str, text: str, personal: bool) -> str:
    if personal and text and name not in _TELLING and not name.endswith("_id"):
        return HIDDEN
    if name == "url":
        parts = urlsplit(text)
        text = f"{parts.scheme}://{parts.hostname or ''}/…"
    return one_line(mask(text))[:_LONGEST]


def _is_secret(name: str, outermost: bool) -> bool:
    lowered = name.lower()
    return (outermost and lowered in _SECRET_WHOLE) or any(part in lowered for part in _SECRET)
