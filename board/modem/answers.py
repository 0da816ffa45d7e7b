"""What a modem says in command state: result codes, information, rings and caller ID (V.250 §5.7, V.253 §8).

``Lines`` cuts the byte stream into lines, ``read`` says what a line is. Both are pure. Binary rubbish, echo of
commands and result codes as numbers (``ATV0``, before the first command has been heard) are expected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_LONGEST = 512
"""No line of a modem is longer; rubbish at boot may be."""


class Result(StrEnum):
    """A final result code: the command before it is over."""

    OK = "OK"
    CONNECT = "CONNECT"
    ERROR = "ERROR"
    NO_CARRIER = "NO CARRIER"
    NO_DIAL_TONE = "NO DIALTONE"
    BUSY = "BUSY"
    NO_ANSWER = "NO ANSWER"
    DELAYED = "DELAYED"
    BLACKLISTED = "BLACKLISTED"


@dataclass(frozen=True, slots=True)
class Ring:
    """The bell. ``kind`` is empty, or what distinctive ringing called it."""

    kind: str = ""


@dataclass(frozen=True, slots=True)
class CallerField:
    """One line of caller ID: ``NMBR``, ``NAME``, ``DATE``, ``TIME``, ``MESG`` ..."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Text:
    """Anything else: information asked for, an echo, rubbish."""

    text: str


Answer = Result | Ring | CallerField | Text

_NUMERIC: dict[str, Result | Ring] = {
    "0": Result.OK, "1": Result.CONNECT, "2": Ring(), "3": Result.NO_CARRIER, "4": Result.ERROR,
    "6": Result.NO_DIAL_TONE, "7": Result.BUSY, "8": Result.NO_ANSWER, "24": Result.DELAYED, "32": Result.BLACKLISTED,
}  # fmt: skip
_SPELLINGS = {"NO DIAL TONE": Result.NO_DIAL_TONE, "VCON": Result.OK, "BLACK LISTED": Result.BLACKLISTED}
_CALLER = re.compile(r"^(DATE|TIME|NMBR|NAME|MESG|DDN_NMBR|DSC_REASON|PRIVACY)\s*=\s*(.*)$")
_BELL = re.compile(r"^RING(?:\s+([A-Z0-9]+))?$")
_SILENT_BELL = re.compile(r"^(?:DRON|DROF)\s*=\s*\d+$")


def read(line: str, *, numeric: bool = False) -> Answer:
    """What a line is. ``numeric``: bare numbers may be result codes."""
    words = line.strip()
    if numeric and words in _NUMERIC:
        return _NUMERIC[words]
    if words in Result._value2member_map_:
        return Result(words)
    if words in _SPELLINGS:
        return _SPELLINGS[words]
    if words.startswith(("CONNECT ", "DELAYED ", "BLACKLISTED ")):
        return Result(words.split()[0])
    if words.startswith("+CME ERROR"):
        return Result.ERROR
    if bell := _BELL.match(words):
        return Ring(bell[1] or "")
    if caller := _CALLER.match(words):
        return CallerField(caller[1], caller[2].strip())
    return Text(words)


def is_bell_rhythm(answer: Answer) -> bool:
    """``DRON=``/``DROF=``: how long the bell was on and off; it tells of a ring, and is none itself."""
    return isinstance(answer, Text) and _SILENT_BELL.match(answer.text) is not None


class Lines:
    """Bytes to lines. CR, LF or both end one; empty ones are nothing. A NUL or a DLE is dropped."""

    def __init__(self) -> None:
        self._open = bytearray()

    def feed(self, byte: int) -> str | None:
        """One byte; a line when it ends one."""
        if byte in (0x0D, 0x0A):
            line, self._open = bytes(self._open), bytearray()
            return line.decode("ascii", "replace").strip() or None
        if byte >= 0x20 and len(self._open) < _LONGEST:
            self._open.append(byte)
        return None

    def clear(self) -> None:
        """Forget a line under way."""
        self._open.clear()
