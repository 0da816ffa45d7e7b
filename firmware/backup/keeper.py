"""Has a backup made every night, remembers how it went, and says so when it is time to worry.

What it remembers is in ``backup/`` below the state: the box's own key, the public half of the recovery key and the
account of the last backup. The secret half of the recovery key is told once and kept nowhere.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from firmware.backup import age
from firmware.backup.errors import BackupFailed
from firmware.backup.keeping import keep
from firmware.backup.order import Order
from firmware.backup.servers import carrier_of
from firmware.clock import Clock, Timer
from firmware.config import Config

_log = logging.getLogger(__name__)

_MAKER = (sys.executable, "-m", "firmware.backup.maker")
LATE_S = 50 * 3600.0
"""Older than this, the last good backup is too old: two nights were missed."""


@dataclass(frozen=True, slots=True)
class Last:
    """How the last backup went. ``account`` of the last good one; ``failed_at`` and ``key`` of a failure since."""

    good_at: float | None = None
    account: Mapping[str, Any] = field(default_factory=dict)
    failed_at: float | None = None
    key: str = ""
    text: str = ""


class Keeper:
    """The nightly backup of one box."""

    def __init__(self, clock: Clock, config: Config, settings_file: Path | None = None) -> None:
        self._clock, self._config = clock, config
        self._settings_file = settings_file
        self._folder = config.paths.state / "backup"
        self._timer: Timer | None = None
        self._task: asyncio.Task[None] | None = None
        self.last = Last()
        self.recovery = ""
        """Public half of the recovery key; empty: there is none yet."""
        self.server = carrier_of(config.backup.folder, self._folder)
        """Where the folder is none of the box's own."""
        self._facts: Mapping[str, Any] | None = None
        self._lacks = ""

    # -- life ------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Read what is remembered and wait for the night."""
        await asyncio.to_thread(self._recall)
        self._wait()

    async def stop(self) -> None:
        """Wait no more; a backup under way is broken off and leaves nothing behind but its scratch folder."""
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @property
    def running(self) -> bool:
        """Whether a backup is being made."""
        return self._task is not None

    @property
    def wanted(self) -> bool:
        """Whether there is a folder for backups."""
        return bool(self._config.backup.folder)

    def state(self) -> Mapping[str, Any]:
        """As the page shows it."""
        return {
            "folder": self._config.backup.folder,
            "at": self._config.backup.at,
            "keep_days": self._config.backup.keep_days,
            "recovery": self.recovery,
            "running": self.running,
            "next_at": self.next_at() if self.wanted and self.recovery else None,
            "last": asdict(self.last),
            "server": self._facts and {**self._facts, "lacks": self._lacks},
        }

    def worry(self) -> tuple[str, Mapping[str, Any]]:
        """What is wrong, as a key with figures; an empty key: nothing."""
        if not self.wanted:
            return "", {}
        if not self.recovery:
            return "backup_no_recovery_key", {}
        if self._lacks:
            return self._lacks, {}
        if self.last.key:
            return "backup_failed", {"reason": self.last.key}
        if self.last.good_at is not None and self._clock.utc() - self.last.good_at > LATE_S:
            return "backup_late", {"hours": round((self._clock.utc() - self.last.good_at) / 3600)}
        return "", {}

    # -- making ----------------------------------------------------------------------------------------------

    def next_at(self) -> float:
        """When the next one is due (UTC seconds): the next time the office's clock shows the hour."""
        zone = ZoneInfo(self._config.box.zone)
        now = datetime.fromtimestamp(self._clock.utc(), zone)
        hour, minute = map(int, self._config.backup.at.split(":"))
        due = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if due <= now:
            due = (due + timedelta(days=1)).replace(fold=0)
        return due.timestamp()

    def make(self) -> bool:
        """Begin a backup now; False while one is being made."""
        if self.running:
            return False
        self._task = asyncio.get_running_loop().create_task(self._make())
        self._task.add_done_callback(self._done)
        return True

    async def new_recovery_key(self) -> str:
        """Make a recovery key; the secret half is returned and forgotten. Raises ``BackupFailed``."""
        public, secret = await asyncio.to_thread(age.new_key)
        await asyncio.to_thread(keep, self._folder / "recovery.pub", public + "\n")
        self.recovery = public
        return secret

    # -- the server ------------------------------------------------------------------------------------------

    async def look_anew(self) -> None:
        """A person has done something about the server: read what it still lacks."""
        await asyncio.to_thread(self._read_server)

    async def try_server(self) -> None:
        """Write a small file there and delete it. Raises ``BackupFailed``."""
        if self.server is None:
            raise BackupFailed("backup_no_server", "Backups do not go to a server.")
        await asyncio.to_thread(self.server.try_out, self._folder / "try")

    def _read_server(self) -> None:
        if self.server is not None:
            self._facts, self._lacks = self.server.facts(), self.server.lacks()

    # -- below -----------------------------------------------------------------------------------------------

    def _wait(self) -> None:
        if self.wanted:
            self._timer = self._clock.call_later(max(1.0, self.next_at() - self._clock.utc()), self._night)

    def _night(self) -> None:
        if self.recovery:
            self.make()
        self._wait()

    async def _make(self) -> None:
        began = self._clock.utc()
        try:
            account = await self._ordered()
        except BackupFailed as failed:
            _log.error("backup: %s", failed)
            self.last = Last(self.last.good_at, self.last.account, began, failed.key, str(failed))
        else:
            _log.info("backup: %s made and tried, %d bytes", account["file"], account["size"])
            self.last = Last(began, account)
        await asyncio.to_thread(keep, self._folder / "last.json", json.dumps(asdict(self.last)))

    async def _ordered(self) -> Mapping[str, Any]:
        if not self.wanted:
            raise BackupFailed("backup_not_set", "No folder for backups is set: [backup] folder.")
        if not self.recovery:
            raise BackupFailed("backup_no_recovery_key", "There is no recovery key yet.")
        if self._lacks:
            raise BackupFailed(self._lacks, "Something is to be done first before backups go to this server.")
        own = await asyncio.to_thread(self._own_key)
        process = await asyncio.create_subprocess_exec(
            *_MAKER, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True
        )
        try:
            told, _ = await process.communicate(json.dumps(asdict(self._order(own))).encode() + b"\n")
        except asyncio.CancelledError:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # with whatever it has begun: age, sftp
            await process.wait()
            raise
        if process.returncode or not told:
            raise BackupFailed("backup_broken_off", "The backup was broken off.")
        answer = json.loads(told)
        if "failed" in answer:
            raise BackupFailed(answer["failed"]["key"], answer["failed"]["text"])
        account: Mapping[str, Any] = answer["account"]
        return account

    def _order(self, own: str) -> Order:
        wanted = self._config.backup
        return Order(
            state=str(self._config.paths.state),
            folder=wanted.folder,
            box=self._config.box.name,
            recipients=(own, self.recovery),
            secret_file=str(self._folder / "box.key"),
            config=str(self._settings_file or ""),
            recordings=wanted.recordings,
            keep_days=wanted.keep_days,
            at=self._clock.utc(),
            own_disk=wanted.own_disk,
        )

    def _own_key(self) -> str:
        file = self._folder / "box.key"
        if not file.exists():
            _, secret = age.new_key()
            keep(file, secret + "\n")
        return age.public_of(age.read_key(file))

    def _done(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if not task.cancelled() and task.exception() is not None:
            _log.error("backup: its account could not be kept", exc_info=task.exception())

    def _recall(self) -> None:
        self._read_server()
        try:
            self.recovery = (self._folder / "recovery.pub").read_text().strip()
        except FileNotFoundError:
            return
        try:
            self.last = Last(**json.loads((self._folder / "last.json").read_text()))
        except (FileNotFoundError, ValueError, TypeError):
            self.last = Last()
