"""The command side of the simulated modem: characters in, commands out; results and information back (V.250 §5).

Cuts a command line into its commands and frames what is answered. What a command does is `modem`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_COMMAND = re.compile(
    r"(?P<dial>D[^;]*;?)|(?P<long>[+\-*%#][A-Z0-9]+(?:=\?|\?|=[^;]*)?);?|(?P<short>[&\\]?[A-Z](?:\d+=\d+|\d*=\d+|\d+\?|\d*))",
    re.IGNORECASE,
)
_NUMBERS = {
    "OK": 0, "CONNECT": 1, "RING": 2, "NO CARRIER": 3, "ERROR": 4, "NO DIALTONE": 6, "BUSY": 7, "NO ANSWER": 8,
    "DELAYED": 24, "BLACKLISTED": 32,
}  # fmt: skip


@dataclass(slots=True)
class Manner:
    """How it answers: echo (E), results at all (Q), as words or numbers (V)."""

    echo: bool = True
    quiet: bool = False
    words: bool = True


def split(line: str) -> list[str]:
    """The commands of a line after its AT, in capitals. Raises ValueError where one cannot be read."""
    commands, at = [], 0
    text = line.strip().replace(" ", "")
    while at < len(text):
        found = _COMMAND.match(text, at)
        if found is None:
            raise ValueError(f"no command at {text[at:]!r}")
        commands.append(found[0].rstrip(";").upper() if not found["dial"] else found[0].upper())
        at = found.end()
    return commands


class Keyboard:
    """Characters of the computer to command lines. `A/` is not known here; nobody uses it."""

    def __init__(self) -> None:
        self._line = bytearray()

    def type(self, byte: int) -> str | None:
        """One character; the command line it ends, without AT. A line that is no command is passed over."""
        if byte != 0x0D:
            if len(self._line) < 200:
                self._line.append(byte)
            return None
        line, self._line = bytes(self._line), bytearray()
        at = line.upper().rfind(b"AT")
        return line[at + 2 :].decode("ascii", "replace") if at >= 0 else None


def framed(text: str, manner: Manner) -> bytes:
    """A result code or a line of information as it leaves the modem."""
    if text in _NUMBERS:
        if manner.quiet:
            return b""
        if not manner.words:
            return b"%d\r" % _NUMBERS[text]
    return (
        f"\r\n{text}\r\n".encode("ascii", "replace")
        if manner.words
        else f"{text}\r\n".encode("ascii", "replace")
    )
