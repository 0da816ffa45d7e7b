"""Updates over the control socket: ``update.check|install|state|restart``.

``install`` answers at once and works on; ``state`` says how far it is. Writing the other slot disturbs no call by
itself, but takes the disk and a processor; so it is refused during calls, and so is the restart that starts the new
version, unless forced. What is refused and why is ``firmware.update.rules``'.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from firmware.control import Control
from firmware.model import OperatorError, Problem
from firmware.update import rauc
from firmware.update.rules import refusals
from firmware.update.texts import problem

_log = logging.getLogger(__name__)

TAKEN_BACK = Path("/data/system/taken-back")
"""Written at boot when a version did not prove itself: ``VERSION REASON``."""


class UpdateCommands:
    """One update at a time. ``calls``: how many calls are under way; ``runtime``: the service's folder in /run."""

    def __init__(self, calls: Callable[[], int], runtime: Path) -> None:
        self._calls = calls
        self._restart_wanted = runtime / "restart-wanted"
        self._task: asyncio.Task[None] | None = None
        self._step = ""
        self._version = ""
        self._failed: Problem | None = None

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in ("check", "install", "state", "restart"):
            control.add(f"update.{name}", getattr(self, name))

    async def check(self, file: Path, force: bool = False) -> Mapping[str, Any]:
        """Look into a bundle -> ``version``, ``installed`` (the one running). Refuses with every reason."""
        box = rauc.this_box()
        bundle = await rauc.look_into(file)
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
        ``problem``, ``taken_back`` (version and reason of an update that did not prove itself; empty: none)."""
        box = rauc.this_box()
        shown = self._failed
        return {
            "running": box.version,
            "state": self._state,
            "version": self._version,
            "step": self._step,
            "problem": None
            if shown is None
            else {"key": shown.key, "text": shown.text, "figures": shown.figures},
            "taken_back": await asyncio.to_thread(_taken_back),
        }

    async def restart(self, force: bool = False) -> Mapping[str, Any]:
        """Start the installed version: systemd restarts the machine once the file it watches is there."""
        if self._state != "installed":
            raise OperatorError(problem("update_nothing_installed"))
        if (calls := self._calls()) and not force:
            raise OperatorError(problem("update_calls", calls=calls))
        await asyncio.to_thread(self._restart_wanted.touch)
        return {"version": self._version}

    async def stop(self) -> None:
        """An installation under way is RAUC's and goes on without us; only our watching ends."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

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

    async def _install(self, file: Path) -> None:
        _log.warning("update: installing version %s", self._version)
        self._failed = await rauc.install(file, self._progress)
        _log.warning("update: %s", self._failed.text if self._failed else "installed; a restart starts it")

    def _progress(self, line: str) -> None:
        self._step = line


def _taken_back() -> str:
    return TAKEN_BACK.read_text("utf-8").strip() if TAKEN_BACK.exists() else ""
