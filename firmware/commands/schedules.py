"""Schedules of contact lists: ``list.schedule|switch_schedule|unschedule|run_schedule``, and the clock that runs them.

A run takes in the files that lie ready in the folder ``scheduled``, or makes finished contacts callable again.
Whoever asks for it (the clock, a person, another program), it is the same, it stands among the list's imports, and it
can be taken back there. A box that was off when a run was due does it once when it is back. A campaign that had ended
because its list was worked off goes on when a run brings contacts.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from firmware.campaigns import schedule as pure
from firmware.clock import Timer
from firmware.commands import deliveries
from firmware.commands.context import Context
from firmware.commands.imports import Imports, Work
from firmware.commands.list_sinks import Filling, must_exist
from firmware.commands.lists import READER
from firmware.commands.obstacles import revive
from firmware.commands.texts import problem, refuse
from firmware.control import Control
from firmware.model import RECYCLABLE, ContactListId, Disposition, OperatorError, Problem
from firmware.store import contacts, list_imports, list_schedules, mappings, recycling
from firmware.store.list_imports import Brought, Run
from firmware.store.list_schedules import Cause, NewSchedule, Schedule, ScheduleKind
from firmware.store.recycling import Wanted
from firmware.store.store import StoreError
from firmware.typed import Length, OneOf

if TYPE_CHECKING:
    import sqlite3

_log = logging.getLogger(__name__)

LOOK_S = 20.0
"""How often the clock is looked at."""
SETTLED_S = 1.0
"""A file that does not grow for so long is complete."""
MOST_FILES = 20
"""Files one run takes in; the others wait for the next."""
_DAY_S = 86400.0
_MOST_REST_DAYS = 365


class ScheduleCommands:
    """What people and programs ask of schedules, and what is done at its time."""

    def __init__(self, context: Context, imports: Imports) -> None:
        self._context, self._imports = context, imports
        self.folder = context.config.paths.state / "scheduled"
        self._timer: Timer | None = None
        self._looking: asyncio.Task[None] | None = None
        self._running: dict[int, asyncio.Task[None]] = {}

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("list.schedule", self.schedule)
        control.add("list.switch_schedule", self.switch)
        control.add("list.unschedule", self.unschedule)
        control.add("list.run_schedule", self.run)

    async def prepare(self) -> None:
        """Make the folder and begin to look at the clock."""
        await asyncio.to_thread(self.folder.mkdir, mode=0o770, parents=True, exist_ok=True)
        self._look_again()

    async def stop(self) -> None:
        """Begin no more; what is under way is broken off, and stands so on record."""
        if self._timer is not None:
            self._timer.cancel()
        tasks = [*self._running.values(), *([self._looking] if self._looking else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # -- asked by people and programs ----------------------------------------------------------------------------------

    async def schedule(
        self,
        id: ContactListId,  # noqa: A002
        kind: Annotated[str, OneOf(("import", "recycle"))],
        days: Annotated[list[int], Length(0, 7)],
        at: str = "06:00",
        source: str = "",
        mapping: str = "",
        update: bool = False,
        dispositions: Annotated[list[str], Length(0, 20)] | None = None,
        rest_days: float = 0.0,
        who: str = "",
    ) -> Mapping[str, Any]:
        """Do something with a list again and again -> ``schedule_id``, ``next_at``. No days: only when asked for."""
        await must_exist(self._context, id)
        new = _wanted(
            id, ScheduleKind(kind), days, at, source, mapping, update, dispositions or [], rest_days
        )
        now = self._context.clock.utc()
        next_at = pure.next_time(new.days, at, self._zone, now)

        def work(conn: sqlite3.Connection) -> int:
            if new.mapping and not any(each.name == new.mapping for each in mappings.every(conn)):
                raise refuse("mapping", "mapping_unknown")
            return list_schedules.make(conn, new, who, now, next_at)

        return {"schedule_id": await self._context.store.do(work), "next_at": next_at}

    async def switch(self, schedule_id: int, active: bool) -> None:
        """Let a schedule rest, or run at its times again."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> None:
            wanted = list_schedules.get(conn, schedule_id).wanted
            next_at = pure.next_time(wanted.days, wanted.at, self._zone, now) if active else None
            list_schedules.switch(conn, schedule_id, active, next_at)

        await self._context.store.do(work)

    async def unschedule(self, schedule_id: int) -> None:
        """Run it no more; what it did stays on record."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> None:
            list_schedules.get(conn, schedule_id)
            list_schedules.remove(conn, schedule_id, now)

        await self._context.store.do(work)

    async def run(
        self,
        schedule_id: int,
        list_id: ContactListId | None = None,
        cause: Annotated[str, OneOf(("hand", "trigger"))] = "hand",
        over_desk: bool = False,
        who: str = "",
    ) -> Mapping[str, Any]:
        """Run it now, whatever its time -> ``schedule_id``. ``list_id``: it must be one of this list's.

        ``over_desk``: this once the file is believed where agents have said otherwise since.
        """
        found = await self._context.store.do(lambda conn: list_schedules.get(conn, schedule_id))
        if list_id is not None and found.wanted.list_id != list_id:
            raise refuse("schedule_id", "list_schedule_unknown")
        if schedule_id in self._running:
            raise refuse("schedule_id", "list_schedule_running")
        if self._imports.busy and found.wanted.kind is ScheduleKind.IMPORT:
            raise refuse("schedule_id", "imports_busy", most=2)
        self._begin(found, Cause(cause), who, found.next_at, over_desk)
        return {"schedule_id": schedule_id}

    async def settled(self) -> None:
        """Return when no run is under way."""
        while self._running:
            await asyncio.wait(list(self._running.values()))

    # -- at its time ---------------------------------------------------------------------------------------------------

    async def look(self) -> None:
        """Begin what is due; a clock that is not known good begins nothing."""
        if any(str(each["key"]).startswith("clock") for each in self._context.dialling_allowed()):
            return
        now = self._context.clock.utc()
        for found in await self._context.store.do(lambda conn: list_schedules.due(conn, now)):
            busy = self._imports.busy and found.wanted.kind is ScheduleKind.IMPORT
            if found.id in self._running or busy:
                continue
            late = found.next_at is not None and now - found.next_at > pure.LATE_S
            next_at = pure.next_time(found.wanted.days, found.wanted.at, self._zone, now)
            self._begin(found, Cause.LATE if late else Cause.TIME, found.made_by, next_at)

    def _look_again(self) -> None:
        self._timer = self._context.clock.call_later(LOOK_S, self._look_again)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self.look())
            self._looking.add_done_callback(_told)

    def _begin(
        self, found: Schedule, cause: Cause, who: str, next_at: float | None, over_desk: bool = False
    ) -> None:
        task = asyncio.get_running_loop().create_task(self._run(found, cause, who, next_at, over_desk))
        self._running[found.id] = task
        task.add_done_callback(lambda done: self._over(found.id, done))

    def _over(self, number: int, task: asyncio.Task[None]) -> None:
        del self._running[number]
        _told(task)

    async def _run(
        self, found: Schedule, cause: Cause, who: str, next_at: float | None, over_desk: bool
    ) -> None:
        now = self._context.clock.utc()
        await self._context.store.do(lambda conn: list_schedules.ran(conn, found.id, now, next_at))
        _log.info("list=%s schedule=%s runs: %s %s", found.wanted.list_id, found.id, found.wanted.kind, cause)
        if found.wanted.kind is ScheduleKind.RECYCLE:
            await self._recycle(found, cause, who)
        else:
            await self._import(found, cause, who, over_desk)
        await self._go_on(found.wanted.list_id)

    async def _go_on(self, list_id: ContactListId) -> None:
        """Campaigns that had nobody left to call go on, and all of them look at the list."""
        now, up = self._context.clock.utc(), self._context.trunk_up
        trunks = {trunk.name: up(trunk.name) for trunk in self._context.config.trunks}
        for campaign in await self._context.store.do(lambda conn: revive(conn, list_id, now, trunks)):
            _log.info("campaign=%s finished → running: its list has contacts again", campaign)
        await self._context.campaigns_changed()
        self._context.wake()

    # -- contacts once more --------------------------------------------------------------------------------------------

    async def _recycle(self, found: Schedule, cause: Cause, who: str) -> None:
        store, wanted, now = self._context.store, found.wanted, self._context.clock.utc()
        run = Run(found.id, cause, "recycle")
        import_id = await store.do(lambda conn: list_imports.begin(conn, wanted.list_id, "", who, now, run))
        whom = Wanted(wanted.list_id, frozenset(wanted.dispositions), now - wanted.rest_s)
        looked_at = opened = blocked = 0
        after: int | None = 0
        try:
            while after is not None:
                at = after
                part = await store.do(lambda conn: recycling.some(conn, import_id, whom, at, now))  # noqa: B023
                after, looked_at = part.last, looked_at + part.looked_at
                opened, blocked = opened + part.opened, blocked + part.blocked
        except asyncio.CancelledError:
            await store.do(lambda conn: list_imports.break_off(conn, import_id))
            raise
        brought = Brought(looked_at, 0, opened, 0, 0, None)
        problems = [problem("schedule_id", "recycle_blocked", count=blocked)] if blocked else []

        def finish(conn: sqlite3.Connection) -> None:
            list_imports.finish(conn, import_id, brought)
            list_imports.note(conn, import_id, problems)

        await store.do(finish)

    # -- files ---------------------------------------------------------------------------------------------------------

    async def _import(self, found: Schedule, cause: Cause, who: str, over_desk: bool) -> None:
        files = await self._settled(found.wanted.source)
        if not files:
            missing = problem("source", "no_file_waiting", pattern=found.wanted.source)
            await self._nothing(found, cause, who, found.wanted.source, [missing])
        for file in files[:MOST_FILES]:
            await self._take(found, cause, who, file, over_desk)

    async def _settled(self, pattern: str) -> list[Path]:
        """Files of the folder that are meant and have stopped growing, oldest first."""
        before = await asyncio.to_thread(_sizes, self.folder, pattern)
        if not before:
            return []
        later = asyncio.Event()
        self._context.clock.call_later(SETTLED_S, later.set)
        await later.wait()
        now = await asyncio.to_thread(_sizes, self.folder, pattern)
        return [self.folder / name for name, size in now.items() if before.get(name) == size]

    async def _take(self, found: Schedule, cause: Cause, who: str, file: Path, over_desk: bool) -> None:
        """Import one file; it is moved among the uploads, where nobody outside can change it any more."""
        wanted = found.wanted
        try:
            upload = await deliveries.take(file, self._context.config.paths.uploads)
        except OSError as error:
            unread = problem("source", "file_not_taken", file=file.name, reason=error.strerror or str(error))
            await self._nothing(found, cause, who, file.name, [unread])
            return
        run = Run(found.id, cause)
        ways = (self._context, file.name, wanted.list_id)
        sink = Filling(*ways, update=wanted.renew, over_desk=over_desk, who=who, run=run)
        try:
            mapping, country = await deliveries.kept_mapping(
                self._context, self._imports, upload, await self._names(wanted)
            )
            order = {"mapping": mapping, "country": country or self._context.config.box.country}
            work = Work(READER, {**order, "now": self._context.clock.utc()})
            job = await self._imports.begin(sink, "contacts", file.name, str(upload), work)
        except OperatorError as refused:
            await deliveries.give_back(upload, file, refused)
            await self._nothing(found, cause, who, file.name, refused.problems)
            return
        ended = await self._imports.end_of(job)
        if ended is not None and ended.problems and sink.import_id:
            problems = [Problem(**each) for each in ended.problems]
            await self._context.store.do(lambda conn: list_imports.note(conn, sink.import_id, problems))

    async def _names(self, wanted: NewSchedule) -> tuple[str, ...]:
        """Mappings that may be meant: the schedule's, else one with the list's name."""
        if wanted.mapping:
            return (wanted.mapping,)
        name = await self._context.store.do(lambda conn: contacts.name_of(conn, wanted.list_id))
        return (name,)

    async def _nothing(
        self, found: Schedule, cause: Cause, who: str, name: str, problems: Sequence[Problem]
    ) -> None:
        """Put on record that a run brought nothing, and why."""
        now, run = self._context.clock.utc(), Run(found.id, cause)

        def work(conn: sqlite3.Connection) -> None:
            made = list_imports.begin(conn, found.wanted.list_id, name, who, now, run)
            list_imports.finish(conn, made, Brought(0, 0, 0, 0, 0, None))
            list_imports.note(conn, made, problems)

        await self._context.store.do(work)
        _log.warning(
            "list=%s schedule=%s brought nothing: %s", found.wanted.list_id, found.id, problems[0].text
        )

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._context.config.box.zone)


def _wanted(
    list_id: ContactListId,
    kind: ScheduleKind,
    days: Sequence[int],
    at: str,
    source: str,
    mapping: str,
    update: bool,
    dispositions: Sequence[str],
    rest_days: float,
) -> NewSchedule:
    """What somebody asks for. :raises OperatorError: with everything that is wrong."""
    problems: list[Problem] = []
    if any(not 0 <= day <= 6 for day in days) or len(set(days)) != len(days):
        problems.append(problem("days", "list_schedule_days"))
    if not pure.is_time(at):
        problems.append(problem("at", "list_schedule_time", value=at[:20]))
    if kind is ScheduleKind.IMPORT and not pure.is_pattern(source.strip()):
        problems.append(problem("source", "list_schedule_source"))
    allowed = {each.value for each in RECYCLABLE}
    wrong = [word for word in dispositions if word not in allowed]
    if kind is ScheduleKind.RECYCLE and (wrong or not dispositions):
        problems.append(problem("dispositions", "list_schedule_results", value=", ".join(wrong)[:80]))
    if not 0 <= rest_days <= _MOST_REST_DAYS:
        problems.append(problem("rest_days", "list_schedule_rest", most=_MOST_REST_DAYS))
    if problems:
        raise OperatorError(*problems)
    if kind is ScheduleKind.IMPORT:
        return NewSchedule(list_id, kind, sorted(days), at, source.strip(), mapping.strip(), update)
    results = tuple(Disposition(word) for word in dict.fromkeys(dispositions))
    return NewSchedule(list_id, kind, sorted(days), at, dispositions=results, rest_s=rest_days * _DAY_S)


def _sizes(folder: Path, pattern: str) -> dict[str, int]:
    """Name and size of the files that are meant, oldest first."""
    meant = (
        each for each in deliveries.files(folder) if fnmatchcase(each.name.casefold(), pattern.casefold())
    )
    found = sorted((each.stat().st_mtime, each.name, each.stat().st_size) for each in meant)
    return {name: size for _, name, size in found}


def _told(task: asyncio.Task[None]) -> None:
    if task.cancelled() or task.exception() is None:
        return
    if isinstance(task.exception(), StoreError):
        _log.warning("schedules of lists wait: %s", task.exception())
    else:
        _log.error("a schedule of a list did not run", exc_info=task.exception())
