"""Updates over the control socket: ``update.check|install|state|restart|offer|plan|cancel|drop|go_back``.

``install`` answers at once and works on; ``state`` says how far it is. Writing the other slot disturbs no call by
itself, but takes the disk and a processor; so it is refused during calls, and so is the restart that starts the new
version, unless forced. ``plan`` waits for the last call instead. What is refused and why is ``firmware.update.rules``'.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

from firmware.clock import Clock
from firmware.control import Control
from firmware.model import OperatorError, Problem
from firmware.store.migrations import NAMES
from firmware.typed import Length, Matches
from firmware.update import rauc, slots
from firmware.update.plan import Plan, Planner
from firmware.update.rauc import Place
from firmware.update.rules import refusals
from firmware.update.shelf import Shelf, plain
from firmware.update.texts import problem

_log = logging.getLogger(__name__)

_COMMANDS = ("check", "install", "state", "restart", "offer", "plan", "cancel", "drop", "go_back")
LATE_S = 60.0
"""A time this little in the past is now."""
_UPLOAD = Matches(r"[0-9a-f]{32}\.raucb", "the name of an upload")


class UpdateCommands:
    """One update at a time. ``calls``: how many calls are under way; ``runtime``, ``state``, ``uploads``: folders."""

    def __init__(
        self, clock: Clock, calls: Callable[[], int], runtime: Path, state: Path, place: Place | None = None
    ) -> None:
        self._clock, self._calls, self._place = clock, calls, place or Place()
        self._restart_wanted = runtime / "restart-wanted"
        self._uploads = state / "uploads"
        self.shelf = Shelf(state / "update", self._place)
        self.planner = Planner(
            clock, state / "update" / "plan.json", calls, self._carry_out, self._restart, self._start
        )
        self._task: asyncio.Task[None] | None = None
        self._others: set[asyncio.Task[None]] = set()
        self._step = ""
        self._version = ""
        self._failed: Problem | None = None
        self._back = False

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in _COMMANDS:
            control.add(f"update.{name}", getattr(self, name))

    async def prepare(self) -> None:
        """Take up a plan of before."""
        await self.planner.recall()

    async def check(self, file: Path, force: bool = False) -> Mapping[str, Any]:
        """Look into a bundle -> ``version``, ``installed`` (the one running). Refuses with every reason."""
        box = rauc.this_box(self._place.release)
        bundle = await rauc.look_into(file, self._place.keyring)
        if found := refusals(bundle, box, self._calls(), force=force):
            raise OperatorError(*found)
        return {"version": bundle.version, "installed": box.version}

    async def install(self, file: Path, force: bool = False) -> Mapping[str, Any]:
        """Begin to install a bundle -> as ``check``. It is booted at the next restart."""
        if self._busy:
            raise OperatorError(problem("update_under_way"))
        found = await self.check(file, force)
        if self._busy:
            raise OperatorError(problem("update_under_way"))
        self._version, self._step, self._failed = found["version"], "", None
        self._task = asyncio.create_task(self._install(file), name="update")
        return found

    async def state(self) -> Mapping[str, Any]:
        """How far it is -> ``running``, ``state`` (``none installing installed failed``), ``version``, ``step``,
        ``problem``, ``taken_back`` (version and reason of an update that did not prove itself; empty: none),
        ``bundles``, ``plan``, ``slots`` (``proven_at``, ``taken_back``...), ``calls``, ``schema``."""
        box = rauc.this_box(self._place.release)
        seen = await asyncio.to_thread(slots.look, self._place)
        plan = self.planner.plan
        return {
            "running": box.version,
            "board": box.compatible,
            "state": self._state,
            "version": self._version,
            "step": self._step,
            "problem": None if self._failed is None else plain(self._failed),
            "taken_back": f"{seen.taken_back} {seen.taken_back_reason}".strip(),
            "slots": {name: getattr(seen, name) for name in seen.__slots__},
            "may_go_back": bool(seen.other_version) and not self._too_old(seen),
            "bundles": [each.plain() for each in await self.shelf.bundles(box)],
            "plan": None if plan is None else {"version": plan.version, "at": plan.at, "force": plan.force},
            "due": self.planner.due,
            "restarting": self._restart_wanted.exists(),
            "calls": self._calls(),
        }

    async def restart(self, force: bool = False) -> Mapping[str, Any]:
        """Start the installed version: systemd restarts the machine once the file it watches is there."""
        if self._state != "installed" and not self._back:
            raise OperatorError(problem("update_nothing_installed"))
        if (calls := self._calls()) and not force:
            raise OperatorError(problem("update_calls", calls=calls))
        await self._restart()
        return {"version": self._version}

    async def offer(self, upload: Annotated[str, _UPLOAD], name: Annotated[str, Length(1, 200)]) -> None:
        """Take over an uploaded file; ``state`` shows what it is."""
        rauc.this_box(self._place.release)
        file = self._uploads / upload
        if not file.is_file() or file.is_symlink():
            raise OperatorError(problem("update_no_file", file=name))
        await self.shelf.take(file, name)

    async def plan(self, file: Path, at: float | None = None, force: bool = False) -> Mapping[str, Any]:
        """Install and start a bundle from ``at`` (UTC) on, now without it, as soon as nobody is on the telephone."""
        if self._busy:
            raise OperatorError(problem("update_under_way"))
        now = self._clock.utc()
        if at is not None and at < now - LATE_S:
            raise OperatorError(problem("update_plan_past"))
        found = await self.check(file, force=True)
        await self.planner.make(Plan(str(file), found["version"], at or now, force))
        _log.warning("update: version %s is planned", found["version"])
        return found

    async def cancel(self) -> None:
        """Give up the plan; what RAUC is writing already it finishes, but nothing is started."""
        if self.planner.plan is None:
            raise OperatorError(problem("update_not_planned"))
        await self.planner.drop()

    async def drop(self) -> None:
        """Delete what was uploaded."""
        await self.shelf.drop()

    async def go_back(self, force: bool = False) -> Mapping[str, Any]:
        """Start the version in the other slot, which has proved itself here before -> ``version``."""
        box = rauc.this_box(self._place.release)
        seen = await asyncio.to_thread(slots.look, self._place)
        if not seen.other_version:
            raise OperatorError(problem("update_nothing_to_go_back_to"))
        if self._too_old(seen):
            raise OperatorError(problem("update_other_cannot_read", version=seen.other_version))
        if (calls := self._calls()) and not force:
            raise OperatorError(problem("update_calls", calls=calls))
        if self._busy:
            raise OperatorError(problem("update_under_way"))
        if failed := await rauc.go_back():
            raise OperatorError(failed)
        _log.warning("update: going back from version %s to %s", box.version, seen.other_version)
        self._back = True
        await self._restart()
        return {"version": seen.other_version}

    async def stop(self) -> None:
        """An installation under way is RAUC's and goes on without us; only our watching ends."""
        self.planner.stop()
        tasks = [task for task in (self._task, *self._others) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @staticmethod
    def _too_old(seen: slots.Slots) -> bool:
        """Whether the other version could not open what this one has written."""
        return seen.other_schema < len(NAMES)

    @property
    def _busy(self) -> bool:
        return self._task is not None and not self._task.done()

    @property
    def _state(self) -> str:
        if self._task is None:
            return "none"
        if self._busy:
            return "installing"
        return "failed" if self._failed else "installed"

    async def _carry_out(self, plan: Plan) -> bool:
        """The plan's installation; whether it went well."""
        try:
            await self.install(Path(plan.file), force=True)
        except OperatorError as refused:
            self._failed = refused.problems[0]
            self._task = self._task or asyncio.create_task(asyncio.sleep(0))
            _log.warning("update: %s", self._failed.text)
            return False
        assert self._task is not None
        await self._task
        return self._failed is None

    async def _restart(self) -> None:
        await asyncio.to_thread(self._restart_wanted.touch)

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._others.add(task)
        task.add_done_callback(self._others.discard)

    async def _install(self, file: Path) -> None:
        _log.warning("update: installing version %s", self._version)
        self._failed = await rauc.install(file, self._progress)
        _log.warning("update: %s", self._failed.text if self._failed else "installed; a restart starts it")

    def _progress(self, line: str) -> None:
        self._step = line
