"""Logging: to journald when systemd started us, else to stderr; numbers masked, one event one line.

The API: ``set_up(level)`` once at start; modules use ``logging.getLogger(__name__)`` as everywhere;
``transition(log, attempt, leg, before, after, after_s)`` writes the one line every change of state has.

Masking is done on the finished text, so that arguments and tracebacks cannot slip past it: whatever looks
like a telephone number keeps its first and last digits. Attempt uids, dates and addresses stay readable.
What came from a wire cannot forge a line or colour a terminal: control characters become ``·``, and lines
of a traceback are indented.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Mapping
from typing import Any, TextIO

_LEFT_ALONE = (
    r"\b(?=\w*[A-Za-z])[0-9A-Za-z]{26}\b"  # an attempt's uid
    r"|\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?)?"  # a date, with its time
    r"|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b"  # an IPv4 address
    r"|0x[0-9a-fA-F]+"
)
_NUMBER = r"\+?\d(?:[ ()/.\-]{0,3}\d){6,}"
_SENSITIVE = re.compile(f"(?P<kept>{_LEFT_ALONE})|(?P<number>{_NUMBER})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_PRIORITIES = {logging.CRITICAL: 2, logging.ERROR: 3, logging.WARNING: 4, logging.INFO: 6, logging.DEBUG: 7}
"""syslog(3) levels."""
_STDERR_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


def mask(text: str) -> str:
    """``text`` with every telephone number in it reduced to its first three and last two digits."""
    return _SENSITIVE.sub(_masked, text)


def one_line(text: str) -> str:
    """``text`` without characters that could end a line or steer a terminal."""
    return _CONTROL.sub("·", text)


def transition(log: logging.Logger, attempt: str, leg: str, before: str, after: str, after_s: float) -> None:
    """``attempt=… leg=customer ringing → answered +3.2s``; ``after_s`` since the state before began."""
    log.info("attempt=%s leg=%s %s → %s %+.1fs", attempt, leg, before, after, after_s)


def set_up(level: int = logging.INFO, environment: Mapping[str, str] = os.environ) -> None:
    """Send every logger's messages of ``level`` and above to the journal, or to stderr outside of systemd."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.addHandler(
        JournalHandler() if _under_systemd(environment, sys.stderr) else stderr_handler(sys.stderr)
    )
    root.setLevel(level)


class PlainFormatter(logging.Formatter):
    """Masks and flattens what the standard formatter made; lines of a traceback are indented."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and below it, indented, the traceback if there is one."""
        trace = self._trace(record)
        plain = logging.makeLogRecord(
            {**record.__dict__, "exc_info": None, "exc_text": None, "stack_info": None}
        )
        first = one_line(mask(super().format(plain)))
        return "\n".join((first, *(f"    {one_line(mask(line))}" for line in trace)))

    def _trace(self, record: logging.LogRecord) -> list[str]:
        text = self.formatException(record.exc_info) if record.exc_info else ""
        return (text + "\n" + (record.stack_info or "")).strip().splitlines()


def stderr_handler(stream: TextIO) -> logging.Handler:
    """For a terminal or a file: time, level, module and text."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PlainFormatter(_STDERR_FORMAT))
    return handler


class JournalHandler(logging.Handler):
    """Native journal entries: priority, logger and source line as fields of their own.

    systemd's own handler would also send the unmasked arguments.
    """

    def __init__(self, send: Any = None) -> None:
        super().__init__()
        self.setFormatter(PlainFormatter("%(message)s"))
        self._send = send or _journal_send()

    def emit(self, record: logging.LogRecord) -> None:
        """Hand one record to journald."""
        try:
            self._send(
                self.format(record),
                PRIORITY=str(_PRIORITIES.get(record.levelno, 6)),
                LOGGER=record.name,
                THREAD_NAME=record.threadName or "",
                CODE_FILE=record.pathname,
                CODE_LINE=record.lineno,
                CODE_FUNC=record.funcName,
                SYSLOG_IDENTIFIER="strowger",
            )
        except Exception:  # noqa: BLE001 - logging's own rule: a handler reports its failure and never raises
            self.handleError(record)


def _masked(found: re.Match[str]) -> str:
    number = found["number"]
    if number is None:
        return found["kept"]
    plus = "+" if number.startswith("+") else ""
    digits = [c for c in number if c.isdigit()]
    return f"{plus}{''.join(digits[:3])}{'•' * (len(digits) - 5)}{''.join(digits[-2:])}"


def _under_systemd(environment: Mapping[str, str], stream: TextIO) -> bool:
    """JOURNAL_STREAM names the device and inode of a stderr that leads to the journal (systemd.exec(5))."""
    device, _, inode = environment.get("JOURNAL_STREAM", "").partition(":")
    try:
        found = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return (device, inode) == (str(found.st_dev), str(found.st_ino))


def _journal_send() -> Any:
    from systemd.journal import send

    return send
