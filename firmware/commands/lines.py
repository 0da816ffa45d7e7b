"""What the box's analog lines are doing: ``line.list``. Looking only; a line is tested with ``strowger line``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from firmware.control import Control
from firmware.trunks.lines import LinesMedia


class LineCommands:
    """Of a box without lines: an empty list."""

    def __init__(self, lines: LinesMedia | None) -> None:
        self._lines = lines

    def add_to(self, control: Control) -> None:
        """Answer this command."""
        control.add("line.list", self.every)

    async def every(self) -> Sequence[dict[str, Any]]:
        """Each line: ``name trunk port state modem profile format duplex counters rings caller wrong``."""
        return [status.plain() for status in self._lines.status()] if self._lines is not None else []
