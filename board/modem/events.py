"""What a line tells: plain values, in the order in which it happened. ``Outcome`` is how a call on it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from board.modem.formats import Format
from board.modem.table import State


class Outcome(StrEnum):
    """Why the line went back on-hook, or never left it."""

    HUNG_UP = "hung_up"
    """We were asked to."""
    FAR_END = "far_end"
    BUSY = "busy"
    NO_DIAL_TONE = "no_dial_tone"
    NO_CARRIER = "no_carrier"
    """The modem gave up dialling and does not say why."""
    NO_ANSWER = "no_answer"
    DELAYED = "delayed"
    """The modem's country rules want a longer pause before this number is dialled again."""
    BLACKLISTED = "blacklisted"
    """The modem's country rules bar this number after too many attempts."""
    GLARE = "glare"
    """Somebody was calling in at the same moment."""
    HALF_DUPLEX = "half_duplex"
    """The modem cannot speak and hear at once; nobody can be connected over it."""
    STREAM_LOST = "stream_lost"
    MODEM_SILENT = "modem_silent"
    """The modem did not answer a command, or refused one it must take."""
    UNPLUGGED = "unplugged"
    LINE_GONE = "line_gone"
    """There is no modem to dial with."""
    IN_USE = "in_use"
    """A call is up on the line already."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the modem says it is, and what it will be used with."""

    profile: str
    words: str
    format: Format
    duplex: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no line on a port. ``key`` is stable, ``text`` the English sentence with the way out."""

    key: str
    text: str
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ready:
    """The modem is set up, the line on-hook."""

    identity: Identity


@dataclass(frozen=True, slots=True)
class Failed:
    """There is no line on this port now; the driver tries again by itself."""

    fault: Fault


@dataclass(frozen=True, slots=True)
class Moved:
    """The line stands elsewhere in its table."""

    state: State


@dataclass(frozen=True, slots=True)
class Answered:
    """The far end took the call; by which sign is known to whoever gave it."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The call is over and the line on-hook, or gone. Exactly once for every ``dial``."""

    outcome: Outcome
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rang:
    """The bell, once a burst. ``count`` since the line was last quiet."""

    count: int


@dataclass(frozen=True, slots=True)
class Caller:
    """One line of caller ID as the modem decoded it (``NMBR``, ``NAME`` ...); may come before or after a ring."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Volts:
    """What a modem measured between the wires, where it was asked to and can."""

    off_hook: bool
    volts: float


@dataclass(frozen=True, slots=True)
class Hint:
    """A word of the modem inside the stream (``words.Word``) or a key (``0-9A-D*#``), for whoever listens."""

    word: str


Event = Ready | Failed | Moved | Answered | Ended | Rang | Caller | Volts | Hint
