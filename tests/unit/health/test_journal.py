"""The journal: nothing a number or a forged line could slip past."""

from __future__ import annotations

import io
import logging
import os
import subprocess
import sys
from typing import Any

import pytest

from firmware.journal import JournalHandler, mask, set_up, stderr_handler, transition


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("+493023125001", "+493•••••••01"),
        ("calling 030 23125-001 now", "calling 030••••••01 now"),
        ("sip:+493023125001@trunk", "sip:+493•••••••01@trunk"),
        ("(030) 23125/001", "(030••••••01"),
        ("n4930231250012x", "n493••••••••12x"),
        ("+1 212 555-0123, +441632960001", "+121••••••23, +441•••••••01"),
        ("00493023125001", "004•••••••••01"),
        ("+49.30.231.25.001", "+493•••••••01"),
    ],
)
def test_numbers_are_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T05:21:07",
        "2026-11-22 05:21:07,123",
        "192.168.100.200:5060",
        "attempt=01KAQ7Z0000123456789ABCDEF",
        "0x7f1234567890",
        "pid 123456",
        "30.5 s, 12 of 1000",
    ],
)
def test_what_is_no_number_stays(text: str) -> None:
    assert mask(text) == text


def written(use: Any) -> str:
    stream = io.StringIO()
    log = logging.Logger("test")
    log.addHandler(stderr_handler(stream))
    use(log)
    return stream.getvalue()


def test_a_line_cannot_be_forged_nor_a_terminal_steered() -> None:
    text = written(lambda log: log.warning("from %s", "x\r\n2026-11-22 INFO all well\x1b[31m\u2028\x9b"))
    assert text.count("\n") == 1
    assert not any(c in text for c in "\r\x1b\u2028\x9b")
    assert "x··2026-11-22 INFO all well·[31m··" in text


def test_tracebacks_are_indented_and_masked() -> None:
    def use(log: logging.Logger) -> None:
        try:
            raise ValueError("no such number +493023125001\nJan 1 root: forged")
        except ValueError:
            log.exception("attempt failed for %s", "+493023125001")

    lines = written(use).splitlines()
    assert "23125" not in "\n".join(lines)
    assert all(line.startswith("    ") for line in lines[1:])
    assert any("ValueError" in line for line in lines)


def test_a_change_of_state_is_one_line() -> None:
    text = written(lambda log: transition(log, "812", "customer", "ringing", "answered", 3.21))
    assert text.endswith("attempt=812 leg=customer ringing → answered +3.2s\n")


def test_the_journal_gets_fields_but_no_unmasked_arguments() -> None:
    sent: list[tuple[str, dict[str, Any]]] = []
    log = logging.Logger("firmware.test")
    log.addHandler(JournalHandler(lambda text, **fields: sent.append((text, fields))))
    log.error("calling %s", "+493023125001")
    ((text, fields),) = sent
    assert text == "calling +493•••••••01"
    assert (fields["PRIORITY"], fields["LOGGER"]) == ("3", "firmware.test")
    assert "23125" not in str(fields)


def test_a_journal_that_fails_does_not_stop_the_service(capsys: pytest.CaptureFixture[str]) -> None:
    def fail(text: str, **fields: Any) -> None:
        raise OSError("no journal")

    log = logging.Logger("firmware.test")
    log.addHandler(JournalHandler(fail))
    log.error("anything")
    assert "no journal" in capsys.readouterr().err


CHILD = """
import logging, sys
from firmware.journal import set_up
set_up()
print(type(logging.getLogger().handlers[0]).__name__)
"""


def test_where_messages_go_depends_on_who_started_us(tmp_path: Any) -> None:
    with (tmp_path / "stderr").open("w") as stderr:
        found = os.fstat(stderr.fileno())
        answers = []
        for stream in (f"{found.st_dev}:{found.st_ino}", f"{found.st_dev}:1", ""):
            environment = {**os.environ, "JOURNAL_STREAM": stream}
            child = subprocess.run(
                [sys.executable, "-c", CHILD],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=stderr,
                check=True,
            )
            answers.append(child.stdout.decode().strip())
    assert answers == ["JournalHandler", "StreamHandler", "StreamHandler"]


def test_setting_up_twice_leaves_one_handler() -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        set_up(environment={})
        set_up(environment={})
        assert len(root.handlers) == 1
    finally:
        root.handlers[:] = before
        root.setLevel(level)
