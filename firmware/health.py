"""Is the box well enough to dial, to record? Every check is a value with a stable key and its figures.

The API, on the event loop::

    health = Health(clock, SystemProbe(), limits_of(config)) health.stored(newest_timestamp)        # at
    start, from the store: no clock may be older than its own records health.look(vitals)
    # every few seconds -> tuple[Check, ...], also kept in health.checks health.dialling_allowed()
    # -> reasons against it, empty when all is well; asks the clock anew health.recording_allowed()
    health.confirm_clock()                 # a person vouches for the clock

``Vitals`` are what only the service knows (ages of heartbeats, trunks); what the machine knows comes from
``probe``. Stopping, publishing and telling systemd is left to the service, the watchdog to ``notify``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from firmware.clock import Clock
from firmware.config import Config
from firmware.probe import Probe

_log = logging.getLogger(__name__)

RELEASED_AT = datetime(2026, 5, 1, tzinfo=UTC).timestamp()
"""No clock that is right can show an earlier time; raised with a release."""
BEHIND_RECORDS_S = 60.0
"""How far the clock may lie behind the newest time in the store."""
STEP_S = 2.0
"""The wall clock moved against the monotonic one by more than this: somebody set it."""
STEP_SHOWN_S = 600.0
_WARN_DISK = 0.15
_RECORD_DISK = 0.08
_WARN_MEMORY = 0.05
_MB = 1 << 20


class Severity(StrEnum):
    """What a failed check means."""

    NOTE = "note"
    WARNING = "warning"
    NO_RECORDING = "no_recording"
    NO_DIALLING = "no_dialling"


@dataclass(frozen=True, slots=True)
class Check:
    """One look at one thing. ``key`` says what was found (empty: nothing to say), ``figures`` how much of it."""

    check: str
    ok: bool
    severity: Severity = Severity.NOTE
    key: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As the snapshot shows it."""
        return {
            "check": self.check,
            "ok": self.ok,
            "severity": self.severity,
            "key": self.key,
            "figures": dict(self.figures),
        }


@dataclass(frozen=True, slots=True)
class Limits:
    """Where dialling ends. Shares are 0..1 of free disk."""

    state: Path
    min_free_disk: float
    trusted_clock: str
    """``auto`` or ``require`` (synchronised by NTP)."""
    store_age_s: float = 10.0
    sip_age_s: float = 3.0
    edge_age_s: float = 20.0


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the service's parts last said of themselves. Ages are seconds since the last sign of life; ``None``:
    this part does not exist here."""

    store_age_s: float
    sip_age_s: float | None = None
    edge_age_s: float | None = None
    ballast_present: bool = True
    leaked_legs: int = 0
    on_trial: bool = False
    """This version has yet to prove itself on this box and works on a copy of the data."""
    trunks: Mapping[str, bool] = field(default_factory=dict)
    lines: Mapping[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    """Each analog line: what is wrong with it (empty: nothing) and the figures of that."""
    webhooks: Mapping[str, bool] = field(default_factory=dict)
    """Receivers that do not listen -> whether they were given up."""
    backup: tuple[str, Mapping[str, Any]] = ("", {})
    """What is wrong with the nightly backup, as a key with figures; an empty key: nothing."""
    registers: tuple[str, Mapping[str, Any]] = ("", {})
    """National registers that are too old, as a key with figures; an empty key: none is."""
    promises_late: int = 0
    """Promised callbacks nobody has made although their time is over."""
    update_due: bool = False
    """An update waits for the last call."""
    crashes: int = 0
    """So many crashes of the service that it is a loop; 0: it is none."""
    power: tuple[str, Mapping[str, Any]] = ("", {})
    """What is wrong with the supply of power, as a key with figures; an empty key: nothing."""
    power_stops: bool = False
    """On battery: no new calls."""


def limits_of(config: Config) -> Limits:
    """The limits a configuration sets."""
    dialling = config.dialling
    return Limits(config.paths.state, dialling.min_free_disk, dialling.trusted_clock)


class Health:
    """Keeps the last look and what the clock did."""

    def __init__(self, clock: Clock, probe: Probe, limits: Limits) -> None:
        self._clock = clock
        self._probe = probe
        self._limits = limits
        self._newest_at = 0.0
        self._offset_s = clock.utc() - clock.monotonic()
        self._step: tuple[float, float] | None = None
        self.checks: tuple[Check, ...] = ()

    def stored(self, newest_at: float) -> None:
        """The newest time found in the store (UTC seconds)."""
        self._newest_at = max(self._newest_at, newest_at)

    def confirm_clock(self) -> float:
        """A person says the clock is right although records are newer; returns the time now accepted."""
        self._newest_at = self._clock.utc()
        _log.warning("the clock was confirmed by a person at %s", _iso(self._newest_at))
        return self._newest_at

    def look(self, vitals: Vitals) -> tuple[Check, ...]:
        """Look at everything once."""
        before = {check.check: check for check in self.checks}
        clock = self._look_at_clock()
        self.checks = (clock, self._step_check(), self._disk(), self._memory(), *self._parts(vitals))
        for check in self.checks:
            _tell(before.get(check.check), check)
        return self.checks

    def dialling_allowed(self) -> list[Mapping[str, Any]]:
        """Reasons not to dial now, as ``{"check", "key", "figures"}``; empty when all is well."""
        if not self.checks:
            return [{"check": "start", "key": "not_checked_yet", "figures": {}}]
        current = (self._look_at_clock(), *self.checks[1:])
        return [
            {"check": check.check, "key": check.key, "figures": dict(check.figures)}
            for check in current
            if not check.ok and check.severity is Severity.NO_DIALLING
        ]

    def recording_allowed(self) -> bool:
        """Whether there is room to record calls."""
        return bool(self.checks) and not any(
            check.check == "disk" and check.severity in (Severity.NO_RECORDING, Severity.NO_DIALLING)
            for check in self.checks
            if not check.ok
        )

    # -- the clock -------------------------------------------------------------------------------------------

    def _look_at_clock(self) -> Check:
        now, monotonic_s = self._clock.utc(), self._clock.monotonic()
        self._notice_step(now - monotonic_s, monotonic_s)
        earliest = max(RELEASED_AT, self._newest_at - BEHIND_RECORDS_S)
        if now < earliest:
            figures = {"now": _iso(now), "earliest": _iso(earliest)}
            return Check("clock", False, Severity.NO_DIALLING, "clock_implausible", figures)
        self._newest_at = max(self._newest_at, now)
        if self._probe.clock_synchronised():
            return Check("clock", True)
        required = self._limits.trusted_clock == "require"
        severity = Severity.NO_DIALLING if required else Severity.NOTE
        return Check("clock", not required, severity, "clock_not_synchronised")

    def _notice_step(self, offset_s: float, monotonic_s: float) -> None:
        by_s = offset_s - self._offset_s
        if abs(by_s) > STEP_S:
            _log.warning("the clock was set by %+.1f s", by_s)
            self._step = (by_s, monotonic_s)
        self._offset_s = offset_s

    def _step_check(self) -> Check:
        if self._step is None or self._clock.monotonic() - self._step[1] > STEP_SHOWN_S:
            return Check("clock_step", True)
        return Check(
            "clock_step", False, Severity.WARNING, "clock_stepped", {"by_s": round(self._step[0], 1)}
        )

    # -- the machine -----------------------------------------------------------------------------------------

    def _disk(self) -> Check:
        try:
            disk = self._probe.disk(self._limits.state)
        except OSError as error:
            return Check(
                "disk", False, Severity.NO_DIALLING, "disk_unreadable", {"reason": error.strerror or ""}
            )
        figures = {
            "free_percent": round(disk.free_share * 100, 1),
            "free_mb": disk.free_bytes // _MB // 10 * 10,
        }
        if disk.free_share < self._limits.min_free_disk:
            return Check("disk", False, Severity.NO_DIALLING, "disk_full", figures)
        if disk.free_share < max(_RECORD_DISK, self._limits.min_free_disk):
            return Check("disk", False, Severity.NO_RECORDING, "disk_nearly_full", figures)
        if disk.free_share < _WARN_DISK:
            return Check("disk", False, Severity.WARNING, "disk_low", figures)
        return Check("disk", True, figures=figures)

    def _memory(self) -> Check:
        memory = self._probe.memory()
        figures = {
            "available_mb": memory.available_bytes // _MB // 50 * 50,
            "own_mb": memory.own_bytes // _MB // 5 * 5,
        }
        if memory.available_bytes < _WARN_MEMORY * memory.total_bytes:
            return Check("memory", False, Severity.WARNING, "memory_low", figures)
        return Check("memory", True, figures=figures)

    # -- our own parts ---------------------------------------------------------------------------------------

    def _parts(self, vitals: Vitals) -> Iterator[Check]:
        limits = self._limits
        yield _alive("store", "store_stuck", vitals.store_age_s, limits.store_age_s)
        if vitals.sip_age_s is not None:
            yield _alive("sip", "sip_stuck", vitals.sip_age_s, limits.sip_age_s)
        if vitals.edge_age_s is not None:
            yield _alive("edge", "edge_silent", vitals.edge_age_s, limits.edge_age_s)
        yield _holds("reserve", vitals.ballast_present, "reserve_spent", {})
        yield _holds("legs", not vitals.leaked_legs, "legs_leaked", {"legs": vitals.leaked_legs})
        if vitals.on_trial:
            yield Check("version", False, Severity.NO_DIALLING, "version_on_trial")
        yield from _appliance(vitals)
        key, figures = vitals.backup
        yield _holds("backup", not key, key, figures)
        key, figures = vitals.registers
        yield _holds("registers", not key, key, figures)
        late = vitals.promises_late
        yield _holds("promises", not late, "promises_late", {"count": late})
        for name, up in vitals.trunks.items():
            yield _holds(f"trunk:{name}", up, "trunk_down", {"trunk": name})
        for name, (key, figures) in vitals.lines.items():
            yield _holds(f"line:{name}", not key, key, figures)
        yield _webhooks(vitals.webhooks)


def _appliance(vitals: Vitals) -> Iterator[Check]:
    """What ends dialling although every part is well; callers and emergency calls go on."""
    if vitals.update_due:
        yield Check("update", False, Severity.NO_DIALLING, "update_due")
    if vitals.crashes:
        yield Check("crashes", False, Severity.NO_DIALLING, "crash_loop", {"count": vitals.crashes})
    key, figures = vitals.power
    if vitals.power_stops:
        yield Check("power", False, Severity.NO_DIALLING, key, figures)
    else:
        yield _holds("power", not key, key, figures)


def _alive(check: str, key: str, age_s: float, most_s: float) -> Check:
    if age_s <= most_s:
        return Check(check, True)
    return Check(check, False, Severity.NO_DIALLING, key, {"silent_s": round(age_s)})


def _holds(check: str, ok: bool, key: str, figures: Mapping[str, Any]) -> Check:
    return Check(check, True) if ok else Check(check, False, Severity.WARNING, key, figures)


def _webhooks(failing: Mapping[str, bool]) -> Check:
    """The first receiver that was given up, else the first that does not listen."""
    for url, stopped in sorted(failing.items(), key=lambda each: not each[1]):
        return _holds("webhooks", False, "webhook_stopped" if stopped else "webhook_failing", {"url": url})
    return Check("webhooks", True)


def _tell(before: Check | None, now: Check) -> None:
    """One line in the journal for each change of a check's word."""
    if (before.key if before else "") != now.key:
        level = logging.WARNING if not now.ok else logging.INFO
        figures = " ".join(f"{name}={value}" for name, value in now.figures.items())
        _log.log(level, "check=%s %s %s", now.check, now.key or "well", figures)


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
