"""Factory reset over the control socket: ``reset.ask`` says what would go and gives a code, ``reset.confirm`` takes it.

The code guards against a slip, not against somebody with the right to do it. The work is done at the next boot, by
``firmware.reset``; here only the mark is left and the restart asked for.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

from firmware import reset
from firmware.clock import Clock
from firmware.commands.appliance_texts import refuse
from firmware.control import Control
from firmware.typed import Length

_log = logging.getLogger(__name__)

PATIENCE_S = 600.0
_DIGITS = 6


class ResetCommands:
    """One question at a time. ``calls``: how many are under way; ``flashed``: exists only on a flashed box."""

    def __init__(
        self, clock: Clock, calls: Callable[[], int], state: Path, runtime: Path, flashed: Path
    ) -> None:
        self._clock, self._calls = clock, calls
        self._state, self._runtime, self._flashed = state, runtime, flashed
        self._asked: tuple[reset.Kind, str, float] | None = None

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in ("ask", "confirm"):
            control.add(f"reset.{name}", getattr(self, name))

    async def ask(self, kind: reset.Kind) -> Mapping[str, Any]:
        """What is meant, ``wipe`` or ``keep-data`` -> ``code``, to be said again within ten minutes."""
        if not self._flashed.exists():
            raise refuse("", "reset_not_flashed")
        if (self._runtime / "on-trial").exists():
            raise refuse("", "reset_on_trial")
        code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
        self._asked = (kind, code, self._clock.monotonic())
        return {"code": code}

    async def confirm(self, code: Annotated[str, Length(0, 20)], force: bool = False) -> Mapping[str, Any]:
        """Reset at the restart that follows at once -> ``kind``. Refused during calls unless forced."""
        kind, wanted, at_s = self._asked or (None, "", 0.0)
        if kind is None or self._clock.monotonic() - at_s > PATIENCE_S:
            raise refuse("code", "reset_not_asked")
        if (calls := self._calls()) and not force:
            raise refuse("", "calls_now", calls=calls)
        self._asked = None
        if not secrets.compare_digest(code.strip().encode(), wanted.encode()):
            raise refuse("code", "reset_code_wrong")
        _log.warning("factory reset: %s", kind)
        await asyncio.to_thread(reset.ask_for, self._state, kind)
        await asyncio.to_thread((self._runtime / "restart-wanted").touch)
        return {"kind": kind}
