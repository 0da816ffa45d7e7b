"""Settings on the pages: ``settings.state|change|put_trunk|remove_trunk|put_inbound|test_trunk|undo|apply``.

What may be set and where it is kept is ``firmware.config.own``'s. A change is read as the next start would read it,
together with the settings file, and refused with every mistake; it counts after ``apply``, which restarts the services.
"""

from __future__ import annotations

import asyncio
import logging
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Annotated, Any

from firmware.commands.appliance_texts import refuse
from firmware.config import Config, TrunkConfig, own, reader
from firmware.config.providers import providers
from firmware.config.shape import InboundConfig
from firmware.control import Control
from firmware.model import OperatorError, Problem
from firmware.trunks import registration
from firmware.typed import Length, Secret

_log = logging.getLogger(__name__)

FLASHED = Path("/etc/rauc/system.conf")
"""Only a flashed box has units that restart the services when they are asked to."""
_Changes = dict[str, Any]


class SettingsCommands:
    """One settings file of the pages."""

    def __init__(
        self, config: Config, file: Path | None, calls: Callable[[], int], flashed: Path = FLASHED
    ) -> None:
        """``config`` was read from ``file``; ``calls``: how many are under way."""
        self._config, self._file, self._calls = config, file, calls
        self._own = own.Own(config.paths.state)
        self._apply_wanted = config.paths.runtime / "apply-wanted"
        self._flashed = flashed
        self._one = asyncio.Lock()

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in (
            "state",
            "change",
            "put_trunk",
            "remove_trunk",
            "put_inbound",
            "test_trunk",
            "undo",
            "apply",
        ):
            control.add(f"settings.{name}", getattr(self, name))

    async def state(self) -> Mapping[str, Any]:
        """What the next start will find -> ``writable``, ``values`` by section and key, ``trunks`` (without their
        passwords; ``own``: set on the pages), ``changed``, ``restart_needed``, ``may_undo``, ``providers``."""
        return await asyncio.to_thread(self._state)

    async def change(self, section: Annotated[str, Length(1, 40)], values: Mapping[str, Any]) -> None:
        """Set keys of one section; the others stay. Refuses with every mistake."""
        allowed = own.SECTIONS.get(section, frozenset())
        if strange := sorted(set(values) - allowed):
            raise refuse(strange[0], "settings_not_here", value=f"[{section}] {strange[0]}")
        await self._write(lambda tables: {**tables, section: {**tables.get(section, {}), **values}})

    async def put_trunk(self, values: Mapping[str, Any]) -> None:
        """Add the trunk ``name`` or replace what the pages set of it. ``password`` is kept in a file of its own;
        without one the password stays as it is."""
        given = {key: value for key, value in values.items() if key != "password_file"}
        secret = given.pop("password", None)
        name = str(given.get("name", ""))

        def changed(tables: _Changes) -> _Changes:
            before: _Changes = next((each for each in tables.get("trunk", []) if each["name"] == name), {})
            entry = dict(given)
            if secret:
                self._read(self._laid(_with_trunk(tables, entry)))
                entry["password_file"] = str(self._own.keep_secret(name, str(secret)))
            elif "password_file" in before:
                entry["password_file"] = before["password_file"]
            return _with_trunk(tables, entry)

        await self._write(changed)

    async def put_inbound(self, values: Mapping[str, Any]) -> None:
        """Who takes calls that come in: add the rule ``name`` or change keys of it; the others stay."""

        def changed(tables: _Changes) -> _Changes:
            rules = [dict(each) for each in tables.get("inbound", [])]
            mine = next((each for each in rules if each["name"] == values.get("name")), None)
            if mine is None:
                coming = next(
                    (each for each in self._next().inbound if each.name == values.get("name")), None
                )
                mine = {} if coming is None else _plain_entry(coming)
                rules.append(mine)
            mine.update(values)
            return {**tables, "inbound": rules}

        await self._write(changed)

    async def remove_trunk(self, name: str) -> None:
        """Take away a trunk that was set on the pages."""

        def changed(tables: _Changes) -> _Changes:
            rest = [each for each in tables.get("trunk", []) if each["name"] != name]
            if len(rest) == len(tables.get("trunk", [])):
                known = self._config.trunk(name) is not None
                raise refuse("name", "settings_in_file" if known else "trunk_unknown", value=name)
            return {**tables, "trunk": rest}

        await self._write(changed)

    async def test_trunk(self, name: str) -> Mapping[str, Any]:
        """Ask a trunk's provider, with what the next start will use -> ``well``, ``key``, ``figures``."""
        trunk = (await asyncio.to_thread(self._next)).trunk(name)
        if trunk is None:
            raise refuse("name", "trunk_unknown", value=name)
        outcome = await registration.ask(trunk)
        _log.info("trunk=%s test: %s", name, outcome.key)
        return {"well": outcome.well, "key": outcome.key, "figures": dict(outcome.figures)}

    async def undo(self) -> None:
        """Take back the last change; once more brings it back."""
        async with self._one:
            if not self._own.may_undo:
                raise refuse("", "settings_no_undo")
            await asyncio.to_thread(self._own.undo)

    async def apply(self, force: bool = False) -> None:
        """Restart the services with the new settings: systemd does once the file it watches is there."""
        if not self._flashed.exists():
            raise refuse("", "restart_by_hand")
        if (calls := self._calls()) and not force:
            raise refuse("", "calls_now", calls=calls)
        await asyncio.to_thread(self._apply_wanted.touch)

    # -- below -----------------------------------------------------------------------------------------------

    def _state(self) -> Mapping[str, Any]:
        changed, coming = self._changed(), self._next()
        mine = {each["name"] for each in changed.get("trunk", [])}
        return {
            "writable": self._file is not None,
            "values": {
                section: {key: getattr(getattr(coming, section), key) for key in sorted(keys)}
                for section, keys in own.SECTIONS.items()
            },
            "trunks": [_shown(trunk) | {"own": trunk.name in mine} for trunk in coming.trunks],
            "inbound": [_plain_entry(rule) for rule in coming.inbound],
            "changed": own.places(changed),
            "restart_needed": self._file is not None and coming.with_line_trunks() != self._config,
            "may_undo": self._own.may_undo,
            "providers": [asdict(provider) for provider in providers()],
            "restarts_itself": self._flashed.exists(),
        }

    def _changed(self) -> _Changes:
        try:
            return self._own.tables()
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise refuse("", "settings_unreadable", reason=str(error)) from error

    def _next(self) -> Config:
        """As the next start will read it."""
        return reader.load(self._file) if self._file is not None else self._config

    def _laid(self, changed: _Changes) -> _Changes:
        assert self._file is not None
        return own.laid_over(reader.file_of(self._file)[1], own.known(changed))

    def _read(self, tables: _Changes) -> None:
        assert self._file is not None
        reader.checked(self._file, "", tables)

    async def _write(self, change: Callable[[_Changes], _Changes]) -> None:
        if self._file is None:
            raise refuse("", "settings_no_file")

        def work() -> None:
            changed = change(self._changed())
            self._read(self._laid(changed))
            self._own.write(changed)

        async with self._one:
            try:
                await asyncio.to_thread(work)
            except OperatorError as refused:
                raise OperatorError(*map(_by_field, refused.problems)) from refused
            except (TypeError, ValueError) as error:
                raise refuse("", "settings_unreadable", reason=str(error)) from error
        _log.info("settings were changed on the pages")


def _with_trunk(tables: _Changes, entry: _Changes) -> _Changes:
    trunks = list(tables.get("trunk", []))
    at = next((n for n, each in enumerate(trunks) if each["name"] == entry.get("name")), len(trunks))
    trunks[at : at + 1] = [entry]
    return {**tables, "trunk": trunks}


def _by_field(found: Problem) -> Problem:
    """A problem of ``[box] name`` belongs to the form's field ``name``."""
    return replace(found, where=found.where.rpartition(" ")[2])


def _plain_entry(rule: InboundConfig) -> dict[str, Any]:
    """As the settings file would have it."""
    plain = {entry.name: getattr(rule, entry.name) for entry in fields(rule)}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in plain.items()}


def _shown(trunk: TrunkConfig) -> dict[str, Any]:
    """Without what nobody is shown."""
    plain = {entry.name: getattr(trunk, entry.name) for entry in fields(trunk)}
    secret: Secret = plain.pop("password")
    del plain["password_file"]
    return plain | {"has_password": bool(secret)}
