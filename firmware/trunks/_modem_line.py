"""One analog line as the settings have it, as it is at this moment, and the two it stands between: driver and bridge.

Values and protocols only; what happens on the line is ``modem``'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from board.modem.dialogues import Dialling
from board.modem.engine import Listener
from board.modem.engine import Settings as DriverSettings
from board.modem.events import Fault, Identity
from board.modem.sounds import Sound
from board.modem.stream import Counters
from board.modem.table import State
from dsp.line.answer import AnswerSettings
from dsp.line.country import line_country
from dsp.line.disconnect import DisconnectSettings
from dsp.line.supervision import CallSettings
from firmware.compliance.numbers import mask
from firmware.model import LegId
from firmware.trunks._modem_sound import BridgeSound
from firmware.trunks.base import LegEvent

_NEVER_MS = 1 << 31


@dataclass(frozen=True, slots=True)
class LineSettings:
    """One line as the settings file has it."""

    name: str
    trunk: str
    port: str
    country: str = "DE"
    outside: str = ""
    dialling: str = "tones"
    """``tones`` (ours, in the audio), ``modem`` or ``pulse`` (by the modem itself)."""
    wait_dial_tone: bool = True
    reversal_answers: bool = False
    silence_s: float = 60.0
    max_call_s: float = 7200.0
    number: str = ""
    """Its own, E.164; the called of what comes in."""
    heard_db: float = 0.0
    """Gain of what is heard on the line, to a tenth of a decibel."""
    said_db: float = 0.0

    def driver(self) -> DriverSettings:
        """What the driver has to know."""
        dialling = Dialling(by_modem=self.dialling != "tones", pulse=self.dialling == "pulse")
        flash_ms = line_country(self.country).flash_ms
        return DriverSettings(self.country, dialling, blind=not self.wait_dial_tone, flash_ms=flash_ms)

    def call(self) -> CallSettings:
        """What the rules of signalling have to know. How long it may ring and last is counted here, not there."""
        return CallSettings(
            self.country,
            answer=AnswerSettings(reversal=self.reversal_answers, no_answer_ms=_NEVER_MS),
            disconnect=DisconnectSettings(
                reversal=self.reversal_answers, silence_ms=round(self.silence_s * 1000), maximum_ms=0
            ),
        )


@dataclass(frozen=True, slots=True)
class LineStatus:
    """A line at this moment, for health and for whoever looks after it."""

    name: str
    trunk: str
    port: str
    state: State
    fault: Fault | None
    identity: Identity | None
    counters: Counters
    rings: int = 0
    caller: str = ""
    caller_fields: Sequence[tuple[str, str]] = ()
    """Caller ID word by word, as the modem told it."""
    alarm: str = ""
    """What the guard has raised, as a key."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Levels, volts, the last end and whatever else the line knows, as ``plain`` shows it."""

    @property
    def idle(self) -> bool:
        """Whether a call could be placed now, as far as the line goes."""
        return self.state is State.IDLE

    def wrong(self) -> tuple[str, Mapping[str, Any]]:
        """What keeps calls from being placed: a key and its figures; an empty key while nothing does."""
        named = {"line": self.name, "port": self.port}
        if self.fault is not None:
            return self.fault.key, {**named, **self.fault.figures}
        if self.identity is not None and not self.identity.duplex:
            return "line_half_duplex", {**named, "modem": self.identity.profile}
        if self.alarm:
            return f"line_{self.alarm}", named
        return "", {}

    def plain(self) -> dict[str, Any]:
        """As the control socket shows it."""
        identity, (key, figures) = self.identity, self.wrong()
        return {
            "name": self.name, "trunk": self.trunk, "port": self.port, "state": self.state.value,
            "modem": identity.words if identity else "", "profile": identity.profile if identity else "",
            "format": identity.format.encoding.value if identity else "",
            "duplex": bool(identity and identity.duplex), "counters": asdict(self.counters),
            "alarms": [self.alarm] if self.alarm else [], **self.more,
            "caller_raw": [[name, mask(value)] for name, value in self.caller_fields],
            "rings": self.rings, "caller": self.caller, "wrong": {"key": key, "figures": dict(figures)},
        }  # fmt: skip


class Driver(Protocol):
    """Who owns the port: ``ModemLine``."""

    @property
    def state(self) -> State:
        """Where the line stands."""

    @property
    def silent_s(self) -> float:
        """Since its thread was last seen alive."""

    @property
    def fault(self) -> Fault | None:
        """Why there is no line now."""

    @property
    def identity(self) -> Identity | None:
        """Who the modem is."""

    @property
    def counters(self) -> Counters:
        """Samples of the latest call."""

    def start(self) -> None:
        """Look for the modem."""

    def stop(self) -> None:
        """Put the line on-hook; waits until it is."""

    def dial(self, digits: str, listener: Listener, sound: Sound, *, measure: bool = False) -> None:
        """Call; ``measure``: with volts, where the modem can tell."""

    def answer(self, listener: Listener, sound: Sound) -> None:
        """Take the call that rings."""

    def flash(self) -> None:
        """Open the loop for a moment."""

    def hang_up(self) -> None:
        """End the call."""

    def send_digits(self, digits: str) -> None:
        """Keys as tones. Raises ``ValueError`` for what are no keys."""


class Bridge(Protocol):
    """Who gives a leg its audio: ``SipMedia``."""

    def open_line(self, leg: LegId, use: Callable[[BridgeSound], None], fail: Callable[[str], None]) -> None:
        """Make room for the leg; ``use`` and ``fail`` may be called in any thread."""

    def line_event(self, event: LegEvent) -> None:
        """Tell of the leg; with ``LegEnded`` its room is gone."""
