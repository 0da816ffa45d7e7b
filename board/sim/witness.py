"""The witness: what happened on the far side, one JSON line an event, independent of the box's own records.

    {"t": 1700000000.123, "call_id": "…", "number": "+49…", "caller": "+49…", "behaviour": "human",
     "event": "invite|ringing|answered|spoke|heard_speech|…|ended", …figures of the event}

`t` is Unix time. Lines are written in the order things were noticed; a `heard_speech` carries the time the sound
began, so it can be earlier than the line before it. Tests wait for events here.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

logger = logging.getLogger(__name__)
_KEEP = 50_000


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `figures` differ by event; the README lists them."""

    t: float
    call_id: str
    number: str
    caller: str
    behaviour: str
    event: str
    figures: dict[str, object]

    def as_json(self) -> str:
        """Return the line of the log."""
        fixed = {
            name: getattr(self, name) for name in ("t", "call_id", "number", "caller", "behaviour", "event")
        }
        return json.dumps({**fixed, "t": round(self.t, 6), **self.figures}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose events they are: the fields every line of one call carries."""

    call_id: str = ""
    number: str = ""
    caller: str = ""
    behaviour: str = ""


@dataclass(slots=True)
class _Waiter:
    wanted: dict[str, str]
    left: int
    found: asyncio.Future[Event]

    def sees(self, event: Event) -> None:
        if not self.found.done() and all(
            getattr(event, name) == value for name, value in self.wanted.items()
        ):
            self.left -= 1
            if self.left == 0:
                self.found.set_result(event)


def _open(log: Path) -> TextIO:
    """Open for appending, line by line; what a caller sent that is no UTF-8 is written with backslashes."""
    return log.open("a", encoding="utf-8", errors="backslashreplace", buffering=1)


class Witness:
    """Keeps the last 50,000 events and writes all of them to a file if one is named."""

    def __init__(self, log: Path | None = None) -> None:
        """Open the log for appending. Raises OSError."""
        self.events: deque[Event] = deque(maxlen=_KEEP)
        self.unwritten = 0
        self._file: TextIO | None = _open(log) if log else None
        self._waiters: list[_Waiter] = []

    def record(self, subject: Subject, event: str, figures: dict[str, object], at: float = 0.0) -> Event:
        """Note an event; `at` is now unless given."""
        made = Event(at or time.time(), subject.call_id, subject.number, subject.caller, subject.behaviour, event,
                     figures)  # fmt: skip
        self.events.append(made)
        self._write(made)
        for waiter in self._waiters:
            waiter.sees(made)
        return made

    def _write(self, event: Event) -> None:
        if not self._file:
            return
        try:
            self._file.write(event.as_json() + "\n")
        except OSError as why:
            if not self.unwritten:
                logger.error("the log cannot be written: %s", why)
            self.unwritten += 1

    async def wait_for(
        self, event: str, *, number: str = "", call_id: str = "", behaviour: str = "", nth: int = 1,
        timeout_s: float = 10.0,
    ) -> Event:  # fmt: skip
        """Return the nth such event, past or to come. Raises TimeoutError saying what did happen."""
        named = {"event": event, "number": number, "call_id": call_id, "behaviour": behaviour}
        waiter = _Waiter({name: value for name, value in named.items() if value}, nth,
                         asyncio.get_running_loop().create_future())  # fmt: skip
        for past in self.events:
            waiter.sees(past)
        self._waiters.append(waiter)
        try:
            return await asyncio.wait_for(waiter.found, timeout_s)
        except TimeoutError:
            seen = [f"{one.event}({one.number})" for one in list(self.events)[-20:]]
            raise TimeoutError(
                f"no {waiter.wanted} in {timeout_s} s; last events: {', '.join(seen)}"
            ) from None
        finally:
            self._waiters.remove(waiter)

    def close(self) -> None:
        """Close the log."""
        if self._file:
            try:
                self._file.close()
            except OSError as why:
                logger.error("the end of the log cannot be written: %s", why)
                self.unwritten += 1
            self._file = None
