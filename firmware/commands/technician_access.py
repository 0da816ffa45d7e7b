"""A technician's way in over the control socket: ``access.state|ask|open``. Passes on what was typed, decides nothing.

Whether they are right is looked at by a script that runs as root and shows the code on the box's own screen
(``image/overlay/usr/lib/strowger/technician``): somebody has to stand before the box. SSH is open until the next
restart, four hours at most.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from firmware.commands.appliance_texts import refuse
from firmware.control import Control
from firmware.typed import Length, Matches

_KEY = Matches(
    r"(?:ssh-ed25519|ecdsa-sha2-nistp(?:256|384|521)|ssh-rsa|sk-ssh-ed25519@openssh\.com) [A-Za-z0-9+/=]{40,2000}"
    r"(?: [\x20-\x7e]{0,200})?",
    "a public key, one line that begins with ssh-ed25519 or the like",
)
_STATES = frozenset({"asked", "open", "wrong", "refused", "too-late", "shut"})


class AccessCommands:
    """Two files for root to look at. ``told``: where root says how it is."""

    def __init__(self, runtime: Path, flashed: Path, told: Path = Path("/run/strowger-technician")) -> None:
        self._runtime, self._flashed, self._told = runtime, flashed, told

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in ("state", "ask", "open"):
            control.add(f"access.{name}", getattr(self, name))

    async def state(self) -> Mapping[str, Any]:
        """How it is -> ``possible``, ``state`` (``shut asked wrong refused too-late open``), ``figure`` (``open``:
        until when, UTC; ``wrong``: tries left)."""
        return await asyncio.to_thread(self._state)

    async def ask(self, key: Annotated[str, Length(60, 2300), _KEY]) -> None:
        """Knock with a public key; the box shows a code on its screen."""
        await self._leave("technician-key", key)

    async def open(self, code: Annotated[str, Matches(r"\d{6}", "the six digits on the screen")]) -> None:
        """Say the code on the screen."""
        await self._leave("technician-code", code)

    async def _leave(self, name: str, text: str) -> None:
        if not self._flashed.exists():
            raise refuse("", "access_not_flashed")
        await asyncio.to_thread(self._write, name, text)

    def _write(self, name: str, text: str) -> None:
        made = self._runtime / f"{name}.new"
        fd = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "w", encoding="ascii") as file:
            file.write(f"{text}\n")
        made.replace(self._runtime / name)

    def _state(self) -> Mapping[str, Any]:
        try:
            state, _, figure = (self._told / "state").read_text("ascii", "replace").strip().partition(" ")
        except OSError:
            state, figure = "shut", ""
        return {
            "possible": self._flashed.exists(),
            "state": state if state in _STATES else "shut",
            "figure": int(figure) if figure.isdigit() else 0,
        }
