"""The last lines of the journal, kept in memory twice: masked for people on the box, and bare for those who help.

A bare line keeps what our own code says and the figures in it; every text that came from a person, a file or a wire is
left out. It is made from the sentence in the code and its arguments, so nothing has to be recognised as personal to be
left out: what is not known to be harmless is. Tracebacks keep their places and the kind of error, not its words.
"""

from __future__ import annotations

import logging
import re
import traceback
from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import Any

from firmware.journal import mask, one_line

MOST_LINES = 3000
LEFT_OUT = "‹…›"
_LEG = re.compile(r"\b(?:attempt|leg)=([0-9A-Za-z_-]{1,64})")
_UID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}|a\d{1,9}-\d{1,9}")
"""An attempt's uid, or the leg of an agent's phone."""
_MOST_NUMBER = 10**7
_FIELD = re.compile(r"%[-+ #0]*(?:\d+)?(?:\.\d+)?[sdrfgxi]|%%")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the journal. ``about``: the attempt or leg it names; ``at`` is UTC."""

    at: float
    level: str
    logger: str
    text: str
    bare: str
    about: str


class Recent(logging.Handler):
    """The lines; give it to the root logger. Any thread may log."""

    def __init__(self, most: int = MOST_LINES) -> None:
        super().__init__(logging.INFO)
        self._lines: deque[Line] = deque(maxlen=most)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        try:
            text = record.getMessage()
        except (TypeError, ValueError):
            text = str(record.msg)  # logging itself tells of the mistake
        found = _LEG.search(text)
        shown = one_line(mask(text))
        line = Line(
            record.created, record.levelname, record.name, shown, bare(record), found[1] if found else ""
        )
        self._lines.append(line)

    def lines(self) -> list[Line]:
        """All of them, oldest first."""
        return list(self._lines)

    def about(self, leg: str) -> list[Line]:
        """Those that name this attempt or leg."""
        return [line for line in self.lines() if line.about == leg]


def bare(record: logging.LogRecord) -> str:
    """A record without anything that may be about somebody."""
    if isinstance(record.args, dict) or not record.args:
        said = str(record.msg) if not record.args else LEFT_OUT
        return one_line(mask(_only_ours(said, record) + _where(record)))
    values = iter(record.args if isinstance(record.args, tuple) else (record.args,))
    said = _FIELD.sub(lambda found: _value(found[0], values), str(record.msg))
    return one_line(mask(said + _where(record)))


def _only_ours(said: str, record: logging.LogRecord) -> str:
    """A ready-made sentence of other libraries may hold anything; ours are written with their figures apart."""
    return said if record.name.split(".")[0] in ("firmware", "board", "dsp", "web_ui") else LEFT_OUT


def _value(field: str, values: Any) -> str:
    if field == "%%":
        return "%"
    value = next(values, None)
    return field % value if _harmless(value) and not field.endswith("r") else LEFT_OUT


def _harmless(value: object) -> bool:
    if isinstance(value, Enum | bool) or value is None:
        return True
    if isinstance(value, int | float):
        return abs(value) < _MOST_NUMBER
    return isinstance(value, str) and bool(_UID.fullmatch(value))


def _where(record: logging.LogRecord) -> str:
    if not record.exc_info or record.exc_info[0] is None:
        return ""
    frames = traceback.extract_tb(record.exc_info[2])
    places = " ← ".join(
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in reversed(frames)
    )
    return f" [{record.exc_info[0].__name__} at {places}]"
