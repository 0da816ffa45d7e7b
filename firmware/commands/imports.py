"""Imports: an uploaded file, read by a process of its own, stored portion by portion while calls go on.

An import is a task with a ``Sink`` for its rows. Progress goes to the hub as ``import`` events, at most
five a second; the last one has ``done``. Whatever ends an import (success, cancelling, a full disk, a dead
reader), the upload is deleted and a sink that is not complete is dropped. One that dies with the whole
service is dropped at the next start.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from firmware.commands.context import Context
from firmware.commands.texts import problem, refuse
from firmware.model import OperatorError, Problem
from firmware.store.store import StoreError

_log = logging.getLogger(__name__)

MOST_AT_ONCE = 2
EVENT_GAP_S = 0.2
_LINE_BYTES = 8 << 20
"""A portion's line; a single row can have 65,536 characters of its own."""
_KEPT_EVENTS = 20
MOST_EXAMPLES = 20
"""Values of agents that a file says otherwise, told one by one; all of them are counted."""
_PARTIAL = ".partial"


@dataclass(frozen=True, slots=True)
class Progress:
    """One ``import`` event. ``list_id`` is the list being filled; ``report`` names the file with damaged rows."""

    job: str
    kind: str
    name: str
    list_id: int | None = None
    rows: int = 0
    new: int = 0
    updated: int = 0
    duplicate: int = 0
    damaged: int = 0
    blocked: int = 0
    """New contacts whose number stands on a DNC list now; they are kept, and never called while it does."""
    without_consent: int = 0
    desk: int = 0
    """Contacts of which agents have said otherwise than the file since."""
    examples: Sequence[Mapping[str, Any]] = ()
    """The first such values: ``contact_id, name, number, field`` (empty: the name), ``desk, file, before, at``."""
    over_desk: bool = False
    """The file is believed, not the agents."""
    dry: bool = False
    """Only looked at: nothing is written."""
    done: bool = False
    report: str | None = None
    problems: Sequence[Mapping[str, Any]] = field(default=())


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a portion's rows; those counted nowhere were there already."""

    new: int = 0
    updated: int = 0
    blocked: int = 0
    without_consent: int = 0
    desk: int = 0
    examples: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """Which reader does it (a module to run), and its order besides the file, the report and the language."""

    module: str
    order: Mapping[str, Any]


class Sink(Protocol):
    """Where rows go. Every method is one store transaction."""

    async def begin(self) -> int | None:
        """Ready to take rows; the id of the list, None without one."""

    async def store(self, rows: Sequence[Sequence[Any]]) -> Kept:
        """Keep a portion (``number, name, zones, priority, fields`` each)."""

    async def complete(self, progress: Progress) -> None:
        """All rows are in."""

    async def drop(self) -> None:
        """There will be no more; forget what should not stay half done."""


class ImportFailedError(Exception):
    """The reader ended without an end."""


class Imports:
    """The imports that are running."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._jobs: dict[str, asyncio.Task[Progress]] = {}
        self._finished: list[str] = []

    async def begin(
        self,
        sink: Sink,
        kind: str,
        name: str,
        path: str,
        work: Work,
        *,
        dry: bool = False,
        over_desk: bool = False,
    ) -> str:
        """Start an import -> its job. ``OperatorError`` if the file is no upload or cannot be read as ordered:
        then it is kept, so that the person can try again."""
        if self.busy:
            raise refuse("path", "imports_busy", most=MOST_AT_ONCE)
        if not self._context.room():
            raise refuse("path", "disk_nearly_full")
        upload = self.upload(path)
        job = secrets.token_hex(8)
        order = {
            **work.order,
            "path": str(upload),
            "report": str(self._report(job)) + _PARTIAL,
            "language": self._context.config.box.language,
        }
        try:
            reader = await _Reader.start(work.module, order)
        except ImportFailedError as error:
            raise refuse("path", "file_too_much") from error
        begun = Progress(job, kind, name, dry=dry, over_desk=over_desk)
        running = _Job(self._context, reader, sink, begun, upload, self._report(job))
        task = asyncio.get_running_loop().create_task(running.run())
        self._jobs[job] = task
        task.add_done_callback(lambda _: self._ended(job))
        return job

    async def ask(self, module: str, path: str, order: Mapping[str, Any]) -> dict[str, Any]:
        """Let a reader look at an upload -> its first answer. ``OperatorError`` if it cannot."""
        asked = {
            **order,
            "path": str(self.upload(path)),
            "mapping": {},
            "country": "",
            "report": "",
            "language": "",
        }
        try:
            reader = await _Reader.start(module, asked)
        except ImportFailedError as error:
            raise refuse("path", "file_too_much") from error
        await reader.stop()
        return reader.first

    @property
    def busy(self) -> bool:
        """Whether no further import can begin now."""
        return len(self._jobs) >= MOST_AT_ONCE

    async def end_of(self, job: str) -> Progress | None:
        """Return what came of an import when it has ended; None where nobody knows it."""
        task = self._jobs.get(job)
        if task is None:
            return None
        await asyncio.wait([task])
        return None if task.cancelled() else task.result()

    def is_running(self, job: str) -> bool:
        """Whether this one has not ended."""
        return job in self._jobs

    def upload(self, path: str) -> Path:
        """The uploaded file at ``path``; nothing outside the uploads folder is ever opened."""
        found, folder = Path(path), self._context.config.paths.uploads
        if found.parent != folder or found.is_symlink() or not found.is_file():
            raise refuse("path", "not_an_upload")
        return found

    def cancel(self, job: str) -> None:
        """End an import early."""
        if job not in self._jobs:
            raise refuse("job", "import_unknown")
        self._jobs[job].cancel()

    async def stop(self) -> None:
        """End all of them."""
        for task in self._jobs.values():
            task.cancel()
        await asyncio.gather(*self._jobs.values(), return_exceptions=True)

    async def wait(self) -> None:
        """Return when no import is running."""
        while self._jobs:
            await asyncio.gather(*self._jobs.values(), return_exceptions=True)

    def _report(self, job: str) -> Path:
        return self._context.config.paths.reports / f"import-{job}.csv"

    def _ended(self, job: str) -> None:
        del self._jobs[job]
        self._finished.append(job)
        while len(self._finished) > _KEPT_EVENTS:
            self._context.hub.remove("import", self._finished.pop(0))


class _Job:
    """One import from begin to end."""

    def __init__(
        self, context: Context, reader: _Reader, sink: Sink, progress: Progress, upload: Path, report: Path
    ) -> None:
        self._context, self._reader, self._sink = context, reader, sink
        self._progress, self._upload, self._report = progress, upload, report
        self._told_s = float("-inf")

    async def run(self) -> Progress:
        """Read, store, tell -> how it ended; never raises."""
        problems: list[Problem] = []
        try:
            await self._work()
        except asyncio.CancelledError:
            problems = [problem("job", "import_cancelled")]
        except OperatorError as refused:
            problems = list(refused.problems)
        except StoreError as error:
            problems = [problem("job", "store_failed", reason=str(error))]
        except Exception:  # noqa: BLE001 - the top of a task: the person who waits must hear of it
            _log.exception("import %s failed", self._progress.job)
            problems = [problem("job", "import_failed")]
        await self._end(problems)
        return self._progress

    async def _work(self) -> None:
        list_id = await self._sink.begin()
        self._progress = replace(self._progress, list_id=list_id)
        async for answer in self._reader.answers():
            if not self._context.room():
                raise refuse("job", "disk_nearly_full")
            portion = answer.get("portion", ())
            self._count(answer, await self._sink.store(portion) if portion else Kept())
        await self._keep_report()
        await self._sink.complete(self._progress)

    def _count(self, answer: Mapping[str, int], kept: Kept) -> None:
        rows, damaged, before = answer["rows"], answer["damaged"], self._progress
        new, updated = answer.get("new", before.new + kept.new), before.updated + kept.updated
        self._progress = replace(
            before,
            rows=rows,
            damaged=damaged,
            new=new,
            updated=updated,
            duplicate=max(0, rows - damaged - new - updated),
            blocked=before.blocked + kept.blocked,
            without_consent=before.without_consent + kept.without_consent,
            desk=before.desk + kept.desk,
            examples=(*before.examples, *kept.examples)[:MOST_EXAMPLES],
        )
        now_s = self._context.clock.monotonic()
        if now_s - self._told_s >= EVENT_GAP_S:
            self._told_s = now_s
            self._tell()

    async def _keep_report(self) -> None:
        if self._progress.damaged:
            await asyncio.to_thread(_partial(self._report).replace, self._report)
            self._progress = replace(self._progress, report=self._report.name)

    async def _end(self, problems: list[Problem]) -> None:
        await self._reader.stop()
        if problems:
            try:
                await self._sink.drop()
            except StoreError as error:
                _log.warning("import %s not dropped, the next start will: %s", self._progress.job, error)
        # What was only looked at is still to be imported.
        leftovers = (_partial(self._report), *(() if self._progress.dry else (self._upload,)))
        for leftover in leftovers:
            await asyncio.to_thread(leftover.unlink, missing_ok=True)
        self._progress = replace(
            self._progress, done=True, problems=tuple(asdict(found) for found in problems)
        )
        _log.info(
            "import=%s rows=%d new=%d updated=%d duplicate=%d damaged=%d %s",
            self._progress.job,
            self._progress.rows,
            self._progress.new,
            self._progress.updated,
            self._progress.duplicate,
            self._progress.damaged,
            problems[0].key if problems else "done",
        )
        self._tell()

    def _tell(self) -> None:
        self._context.hub.publish("import", asdict(self._progress))


class _Reader:
    """The process that reads."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.first: dict[str, Any] = {}
        """Its word about the file as a whole."""

    @classmethod
    async def start(cls, module: str, order: Mapping[str, Any]) -> _Reader:
        """Start it and wait for its word about the file as a whole."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LINE_BYTES,
            start_new_session=True,
        )
        reader = cls(process)
        try:
            await reader._send(order)
            reader.first = await reader._receive()
            if "problems" in reader.first:
                raise OperatorError(*(Problem(**found) for found in reader.first["problems"]))
        except BaseException:
            await reader.stop()
            raise
        return reader

    async def answers(self) -> Any:
        """Each portion, and the end."""
        while True:
            answer = await self._receive()
            yield answer
            if answer.get("end"):
                return

    async def stop(self) -> None:
        """Make sure that it is gone."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    async def _send(self, order: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        await self._process.stdin.drain()

    async def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line.endswith(b"\n"):
            raise ImportFailedError(f"the reader ended with status {await self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer


def _partial(report: Path) -> Path:
    return report.with_name(report.name + _PARTIAL)


def sweep(uploads: Path, reports: Path, older_than_at: float) -> int:
    """At start: delete uploads and exports from before ``older_than_at`` (UTC), and what nobody finished; how many."""
    kept = [*uploads.iterdir(), *reports.glob("export-*.csv"), *reports.glob("export-*.xlsx")]
    stale = [file for file in kept if file.is_file() and file.stat().st_mtime < older_than_at]
    stale += reports.glob(f"*{_PARTIAL}")
    for file in stale:
        file.unlink(missing_ok=True)
    return len(stale)
