"""What a line remembers for whoever looks after it (caller ID, last end, volts, levels), and who watches its hook.

``Guard`` is ``dsp.line.guard`` for a driver that knows no volts: a line that is off-hook though no call wants it is
stuck, and so is one whose thread no longer moves. On the event loop.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from board.modem.events import Caller, Ended, Event, Hint, Rang, Volts
from board.modem.table import State
from board.modem.words import Word
from dsp.line.guard import Alarm, GuardSettings, GuardState, guard
from dsp.line.wires import Wires
from firmware.trunks._modem_bell import FRESH_S
from firmware.trunks._modem_levels import Meter, plain

_ON_HOOK = (State.GONE, State.STARTING, State.IDLE, State.RINGING)
_SILENT_S = 20.0
"""A line's thread reads its port 50 times a second, and waits 6 s at most where a modem does not let go."""


@dataclass(slots=True)
class Notes:
    """Of one line, since the service began. Times are UTC seconds."""

    caller: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)
    caller_at: float | None = None
    last: dict[str, Any] | None = None
    volts: float | None = None
    volts_at: float | None = None
    reversed_at: float | None = None
    heard: Meter = field(default_factory=Meter)
    said: Meter = field(default_factory=Meter)

    def take(self, event: Event, now: float) -> None:
        """Something happened on the line."""
        if isinstance(event, Rang):
            if event.count == 1 and (self.caller_at is None or now - self.caller_at > FRESH_S):
                self.caller, self.fields = "", []
        elif isinstance(event, Caller):
            self._caller(event, now)
        elif isinstance(event, Ended):
            self.last = {"outcome": event.outcome.value, "text": event.text, "at": now}
        elif isinstance(event, Volts) and not event.off_hook:
            self.volts, self.volts_at = event.volts, now
        elif isinstance(event, Hint) and event.word == Word.REVERSAL:
            self.reversed_at = now

    def _caller(self, event: Caller, now: float) -> None:
        if any(name == event.name for name, _ in self.fields):
            self.fields = []
        self.fields.append((event.name, event.value))
        self.caller_at = now
        if event.name == "NMBR":
            self.caller = event.value

    def plain(self) -> dict[str, Any]:
        """As the control socket shows it; what a modem never knows is null."""
        return {
            "volts": self.volts, "volts_at": self.volts_at, "milliamps": None, "reversed_at": self.reversed_at,
            "levels": plain(self.heard, self.said), "last": self.last, "caller_at": self.caller_at,
            "gain": {"heard_db": self.heard.gain.tenths / 10, "said_db": self.said.gain.tenths / 10},
        }  # fmt: skip


class Guard:
    """Looked at once a second."""

    def __init__(self) -> None:
        self._state = GuardState()
        self.alarm = ""
        """``left_off_hook``, ``stuck`` or empty."""

    def look(self, state: State, *, wanted: bool, at_s: float, silent_s: float) -> bool:
        """``wanted``: a call wants the line off-hook; ``silent_s``: since its thread was seen alive. Whether the alarm
        for a line left off-hook has just come."""
        wires = Wires(round(at_s * 1000), off_hook=state not in _ON_HOOK)
        self._state, changes = guard(GuardSettings(), self._state, wires, in_call=wanted)
        left = Alarm.LEFT_OFF_HOOK in self._state.raised
        self.alarm = "stuck" if silent_s > _SILENT_S else Alarm.LEFT_OFF_HOOK.value if left else ""
        return any(one.raised for one in changes)
