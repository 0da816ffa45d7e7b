"""Reads a TOML file into a ``Config`` and collects every mistake.

Leaves what may be set to ``shape``, the reading of single values to ``firmware.typed``, ports to ``ports`` and what
was set on the pages to ``own``.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from stat import S_IROTH
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from firmware.compliance.holiday_tables import is_known
from firmware.config import own, ports, shape
from firmware.inbound import hours
from firmware.model import OperatorError, Problem
from firmware.typed import Secret, fields_of, read_table, unknown

_SECTIONS: dict[str, type] = {
    "box": shape.BoxConfig,
    "paths": shape.PathsConfig,
    "sip": shape.SipConfig,
    "edge": shape.EdgeConfig,
    "dialling": shape.DiallingConfig,
    "web": shape.WebConfig,
    "webhooks": shape.WebhooksConfig,
    "mail": shape.MailConfig,
    "backup": shape.BackupConfig,
    "power": shape.PowerConfig,
    "board": shape.BoardConfig,
}
_LISTS = ("trunk", "line", "inbound")
_LARGEST_FILE = 1 << 20
_Entry = TypeVar("_Entry")


def load(path: Path | None) -> shape.Config:
    """Read and check a settings file with what was set on the pages; ``None`` gives the defaults.

    Raises ``OperatorError`` with every mistake found: unreadable file, TOML syntax (with its line), unknown
    or missing keys, wrong types, values out of range, trunk names or ports used twice, unreadable password
    files.
    """
    if path is None:
        return shape.Config()
    text, tables = file_of(path)
    file = own.file_below(tables)
    changed = file_of(file)[1] if file.exists() else {}
    return checked(path, text, own.laid_over(tables, own.known(changed)), own.places(changed))


def file_of(path: Path) -> tuple[str, dict[str, Any]]:
    """Text and tables of a TOML file. :raises OperatorError: it cannot be read, or is none"""
    text = _text(path)
    return text, _tables(path, text)


def checked(path: Path, text: str, tables: Mapping[str, Any], elsewhere: Container[str] = ()) -> shape.Config:
    """Read the tables of the file ``path``; ``elsewhere`` names what does not stand in its ``text``.

    :raises OperatorError: every mistake
    """
    reading = _Reading(tables, text, elsewhere)
    config = reading.config()
    if not reading.problems:
        reading.problems += _together(config)
        config = _with_passwords(config, path.parent, reading.problems)
    if reading.problems:
        raise OperatorError(*(reading.with_line(problem) for problem in reading.problems))
    return config


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise _failure(path, "file_unreadable", f"cannot be read: {error.strerror}", {}) from error
    if len(raw) > _LARGEST_FILE:
        raise _failure(path, "file_too_large", "is too large for a settings file", {"most": _LARGEST_FILE})
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _failure(path, "file_not_utf8", f"line {line} is not UTF-8 text", {"line": line}) from error


def _tables(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _failure(
            path, "file_not_toml", f"is not valid TOML: {error}", {"detail": str(error)}
        ) from error


def _failure(path: Path, key: str, text: str, figures: Mapping[str, Any]) -> OperatorError:
    return OperatorError(Problem(str(path), key, f"{path}: {text}", {"path": str(path), **figures}))


class _Reading:
    """One pass over the parsed tables; ``problems`` fills up on the way."""

    def __init__(self, tables: Mapping[str, Any], text: str, elsewhere: Container[str]) -> None:
        self._tables = tables
        self._lines = {place: line for place, line in _key_lines(text) if place not in elsewhere}
        self.problems: list[Problem] = []

    def config(self) -> shape.Config:
        """Everything that could be read; what could not is at its default and in ``problems``."""
        for name in self._tables:
            if name not in _SECTIONS and name not in _LISTS:
                self.problems.append(unknown(name, (*_SECTIONS, *_LISTS), lambda key: f"[{key}]"))
        sections = {name: self._section(name, kind) for name, kind in _SECTIONS.items()}
        trunks = self._entries("trunk", shape.TrunkConfig)
        lines = self._entries("line", shape.LineConfig)
        inbound = self._entries("inbound", shape.InboundConfig)
        return shape.Config(trunks=trunks, lines=lines, inbound=inbound, **sections)

    def with_line(self, problem: Problem) -> Problem:
        """The same problem, told with its line in the file where that is known."""
        line = self._lines.get(re.sub(r"(?<=\w)\[\d+\]$|\.\..*", "", problem.where))
        if line is None:
            return problem
        return replace(
            problem, text=f"line {line}: {problem.text}", figures={**problem.figures, "line": line}
        )

    def _section(self, name: str, kind: type) -> Any:
        values = self._table(self._tables.get(name, {}), f"[{name}]")
        read = read_table(values, fields_of(kind), lambda key: f"[{name}] {key}", self.problems)
        return kind(**read)

    def _entries(self, name: str, kind: type[_Entry]) -> tuple[_Entry, ...]:
        entries = self._tables.get(name, [])
        if not isinstance(entries, list):
            text = f"must be written with double brackets, one [[{name}]] for each {name}"
            self._wrong(f"[[{name}]]", text)
            return ()
        read = [self._entry(_place(name, number), kind, entry) for number, entry in enumerate(entries, 1)]
        return tuple(entry for entry in read if entry is not None)

    def _entry(self, place: Callable[[str], str], kind: type[_Entry], entry: object) -> _Entry | None:
        before = len(self.problems)
        read = read_table(self._table(entry, place("").rstrip()), fields_of(kind), place, self.problems)
        return kind(**read) if len(self.problems) == before else None

    def _table(self, values: object, where: str) -> Mapping[str, object]:
        if isinstance(values, dict):
            return values
        self._wrong(where, "must be a table of settings")
        return {}

    def _wrong(self, where: str, text: str) -> None:
        self.problems.append(Problem(where, "wrong_type", f"{where}: {text}", {"expected": text}))


def _place(name: str, number: int) -> Callable[[str], str]:
    return lambda key: f"[[{name}]] {number} {key}"


def _trunk_place(number: int) -> Callable[[str], str]:
    return _place("trunk", number)


def _key_lines(text: str) -> Iterator[tuple[str, int]]:
    """Where each key and header stands. A plain scan: a key inside a multi-line text may be taken for one."""
    section, counts = "", Counter[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*(\[\[?)\s*([\w.-]+)\s*\]", line):
            if header[1] == "[[":
                counts[header[2]] += 1
                section = f"[[{header[2]}]] {counts[header[2]]}"
            else:
                section = f"[{header[2]}]"
            yield section, number
        elif key := re.match(r"\s*\"?([\w-]+)\"?\s*=", line):
            yield f"{section} {key[1]}".strip(), number


def _together(config: shape.Config) -> list[Problem]:
    """What single values cannot tell."""
    problems = [
        *_ranges(config),
        *_names(config),
        *_line_names(config),
        *_inbound(config),
        *ports.clashes(config),
    ]
    try:
        ZoneInfo(config.box.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = config.box.zone
        problems.append(_of("[box] zone", "unknown_zone", f"{zone!r} is not a time zone", value=zone))
    problems.extend(_networks(config.webhooks.private_networks))
    problems.extend(_mail(config.mail))
    problems.extend(
        _of(f"[paths] {key}", "not_absolute", "must begin with /")
        for key in ("state", "runtime")
        if not getattr(config.paths, key).is_absolute()
    )
    return problems


def _mail(mail: shape.MailConfig) -> Iterator[Problem]:
    """A server is no use without an address to send from, and a password is given once."""
    if mail.host and not mail.sender:
        yield _of("[mail] sender", "mail_needs_sender", "is needed when host is set")
    if mail.password and mail.password_file:
        yield _of("[mail] password_file", "password_given_twice", "give the password or the file, not both")


def _networks(texts: tuple[str, ...]) -> Iterator[Problem]:
    for text in texts:
        try:
            ipaddress.ip_network(text, strict=False)
        except ValueError:
            yield _of("[webhooks] private_networks", "not_a_network", f"{text!r} is no network", value=text)


def _ranges(config: shape.Config) -> Iterator[Problem]:
    ranges = (
        ("[sip] rtp_last", config.sip.rtp_first, config.sip.rtp_last),
        ("[edge] rtpengine_last", config.edge.rtpengine_first, config.edge.rtpengine_last),
    )
    for where, first, last in ranges:
        if last <= first:
            yield _of(where, "range_reversed", f"{last} must be more than {first}", first=first, last=last)


def _names(config: shape.Config) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for number, trunk in enumerate(config.trunks, 1):
        place = _trunk_place(number)
        if trunk.name in seen:
            text = f"{trunk.name!r} is already the name of trunk {seen[trunk.name]}"
            yield _of(place("name"), "duplicate_name", text, value=trunk.name, other=seen[trunk.name])
        seen.setdefault(trunk.name, number)
        if trunk.register and not trunk.username:
            yield _of(place("username"), "needed_to_register", "is needed when register is true")
        if trunk.password and trunk.password_file:
            yield _of(
                place("password_file"), "password_given_twice", "give the password or the file, not both"
            )


def _line_names(config: shape.Config) -> Iterator[Problem]:
    """A line is known by its name, a modem serves one line, and a trunk is of lines or of a provider."""
    trunks = {trunk.name for trunk in config.trunks}
    for number, line in enumerate(config.lines, 1):
        place, before = _place("line", number), config.lines[: number - 1]
        for key in ("name", "port"):
            value = getattr(line, key)
            if any(getattr(other, key) == value for other in before):
                yield _of(place(key), "line_twice", f"{value!r} is already that of another line", value=value)
        if line.trunk_name in trunks:
            text = f"{line.trunk_name!r} is the name of a [[trunk]]"
            yield _of(
                place("trunk" if line.trunk else "name"), "line_trunk_taken", text, value=line.trunk_name
            )


def _inbound(config: shape.Config) -> Iterator[Problem]:
    """Names used once, trunks that exist, hours and places that can be read, callbacks that can be promised."""
    known = {trunk.name for trunk in config.with_line_trunks().trunks}
    for number, entry in enumerate(config.inbound, 1):
        place = _place("inbound", number)
        if any(other.name == entry.name for other in config.inbound[: number - 1]):
            text = f"{entry.name!r} is already the name of another [[inbound]]"
            yield _of(place("name"), "inbound_twice", text, value=entry.name)
        if entry.trunk and entry.trunk not in known:
            yield _of(
                place("trunk"), "unknown_trunk", f"there is no trunk {entry.trunk!r}", value=entry.trunk
            )
        for line in entry.hours:
            try:
                hours.read(line)
            except hours.BadHoursError:
                text = f"{line!r} are no opening hours; write them like Mon-Fri 08:00-18:00"
                yield _of(place("hours"), "not_hours", text, value=line)
        if entry.holidays and not is_known(entry.holidays):
            text = f"there is no table of holidays for {entry.holidays!r}"
            yield _of(place("holidays"), "unknown_holidays", text, value=entry.holidays)
        if entry.then == "callback" and not entry.campaign:
            text = "needs a campaign, which then dials the callbacks"
            yield _of(place("then"), "callback_needs_campaign", text)


_Holder = TypeVar("_Holder", shape.TrunkConfig, shape.MailConfig)


def _with_passwords(config: shape.Config, folder: Path, problems: list[Problem]) -> shape.Config:
    trunks = tuple(
        _with_password(trunk, folder, _trunk_place(number)("password_file"), problems)
        for number, trunk in enumerate(config.trunks, 1)
    )
    mail = _with_password(config.mail, folder, "[mail] password_file", problems)
    return replace(config, trunks=trunks, mail=mail)


def _with_password(holder: _Holder, folder: Path, where: str, problems: list[Problem]) -> _Holder:
    if not holder.password_file or holder.password:
        return holder
    file = folder / holder.password_file
    try:
        mode, password = file.stat().st_mode, file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror or "cannot be read") if isinstance(error, OSError) else "is not UTF-8 text"
        problems.append(_of(where, "file_unreadable", f"{file}: {reason}", path=str(file)))
        return holder
    if mode & S_IROTH:
        text = f"{file} can be read by everybody; use chmod o= {file}"
        problems.append(_of(where, "file_readable_by_others", text, path=str(file)))
    if not password:
        problems.append(_of(where, "file_empty", f"{file} is empty", path=str(file)))
    return replace(holder, password=Secret(password))


def _of(where: str, key: str, text: str, **figures: object) -> Problem:
    return Problem(where, key, f"{where}: {text}", figures)
