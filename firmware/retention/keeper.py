"""The night: what is over its time goes, class by class, in small steps beside dialling, and it is noted what went."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from firmware.clock import Clock, Timer
from firmware.config import Config
from firmware.mail.rhythm import next_time
from firmware.store import retention
from firmware.store.retention import CLASSES, DAY_S
from firmware.store.store import Store, StoreError, open_read_only

_log = logging.getLogger(__name__)

AT = "03:40"
"""After the backup, before the morning; by the office's clock."""


class RetentionKeeper:
    """Clears away from ``start`` to ``stop``."""

    def __init__(self, config: Config, clock: Clock, store: Store) -> None:
        self._config, self._clock, self._store = config, clock, store
        self._timer: Timer | None = None
        self._task: asyncio.Task[Mapping[str, int]] | None = None

    async def start(self) -> None:
        """Wait for the night."""
        self._wait()

    async def stop(self) -> None:
        """Wait no more; a night under way ends after its step."""
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @property
    def running(self) -> bool:
        """Whether it is clearing away."""
        return self._task is not None

    def next_at(self) -> float:
        """When the next night is (UTC seconds)."""
        return next_time("daily", 0, AT, ZoneInfo(self._config.box.zone), self._clock.utc())

    def begin(self) -> asyncio.Task[Mapping[str, int]] | None:
        """Clear away now; None while that is being done."""
        if self.running:
            return None
        self._task = asyncio.get_running_loop().create_task(self.clear())
        self._task.add_done_callback(self._done)
        return self._task

    async def over(self, days: Mapping[str, int]) -> Mapping[str, int]:
        """How much of each class the next night will remove, if it is kept for so many days; reads only."""
        at, files = self.next_at(), self._config.paths.reports

        def read() -> dict[str, int]:
            conn = open_read_only(self._config.paths.database)
            try:
                counted = {key: retention.over(conn, key, at - days[key] * DAY_S) for key in CLASSES}
            finally:
                conn.close()
            counted["files"] = len(_old_files(files, at - days["files"] * DAY_S))
            return counted

        await self._store.do(lambda _: None)
        return await asyncio.to_thread(read)

    async def clear(self) -> Mapping[str, int]:
        """One night; returns what went."""
        now, removed, error = self._clock.utc(), dict.fromkeys(CLASSES, 0), ""
        run = await self._store.do(lambda conn: retention.begin_run(conn, now))
        days = await self._store.do(retention.days)
        for key in CLASSES:
            try:
                removed[key] = await self._clear(key, now - days[key] * DAY_S)
            except (OSError, StoreError) as failed:
                _log.error("retention: %s: %s", key, failed)
                error = f"{key}: {failed}"
        ended = self._clock.utc()
        await self._store.do(lambda conn: retention.end_run(conn, run, removed, error, ended))
        _log.info(
            "retention: %s", ", ".join(f"{key}={n}" for key, n in removed.items() if n) or "nothing was due"
        )
        return removed

    async def _clear(self, key: str, before: float) -> int:
        if key == "files":
            return await asyncio.to_thread(_remove_files, self._config.paths.reports, before)
        total = 0
        while gone := await self._step(key, before):
            total += gone
            await asyncio.sleep(0)  # calls go first
        return total

    async def _step(self, key: str, before: float) -> int:
        if key != "recordings":
            now = self._clock.utc()
            return await self._store.do(lambda conn: retention.step(conn, key, before, now))
        found = await self._store.do(lambda conn: retention.recordings(conn, before))
        await asyncio.to_thread(remove_recordings, self._config.paths.recordings, [file for _, file in found])
        uids = [uid for uid, _ in found]
        await self._store.do(lambda conn: retention.forget_recordings(conn, uids))
        return len(uids)

    def _wait(self) -> None:
        ahead_s = max(1.0, self.next_at() - self._clock.utc())
        self._timer = self._clock.call_later(ahead_s, self._night)

    def _night(self) -> None:
        self.begin()
        self._wait()

    def _done(self, task: asyncio.Task[Mapping[str, int]]) -> None:
        self._task = None
        if not task.cancelled() and task.exception() is not None:
            _log.error("retention: the night was not noted", exc_info=task.exception())


def remove_recordings(folder: Path, files: list[str]) -> None:
    """Delete recordings; one that is gone is gone. Only files of the folder, whatever the record says."""
    inside = folder.resolve()
    for file in files:
        path = (folder / file).resolve()
        if path.is_relative_to(inside) and path != inside:
            path.unlink(missing_ok=True)


def _old_files(folder: Path, before: float) -> list[Path]:
    if not folder.is_dir():
        return []
    return [path for path in folder.iterdir() if path.is_file() and path.stat().st_mtime < before]


def _remove_files(folder: Path, before: float) -> int:
    old = _old_files(folder, before)
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
