"""``strowger line``: look after one analog line without a browser; the service must not hold its port meanwhile.

Thin: ``board.modem`` does the work. Nothing here dials: a line test listens to the dial tone, no more.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import threading
from collections.abc import Callable, Iterator

from board.modem import survey
from board.modem.driver import ModemLine
from board.modem.engine import Settings
from board.modem.events import Caller, Event, Failed, Hint, Moved, Outcome, Rang, Ready
from board.modem.ports import PortTrouble
from firmware.cli_permits import Add, Ask
from firmware.line_test import dial_tone
from firmware.model import OperatorError, Problem

_EXPECTED_HZ = 8000.0
_RATE_SLACK = 0.02


def add_to(add: Add, ask: Ask) -> None:
    """Add the commands."""
    every = add("list", "the lines of the running service and how they are", lambda given: _list(given, ask))
    every.add_argument("--json", action="store_true", help="everything, as JSON")
    for name, text, command in (
        ("probe", "ask the modem on a port what it is and what it can", _probe),
        ("test", "test a line: samples both ways, dial tone, its pitch and level; dials nothing", _test),
        (
            "listen",
            "tell what happens on a line (rings, caller ID, words of the modem) until Ctrl-C",
            _listen,
        ),
    ):
        parser = add(name, text, _guarded(command), configured=False)
        parser.add_argument("port", metavar="PORT", help="/dev/serial/by-id/..., serial:NUMBER or usb:1-1.3")
        parser.add_argument("--country", default="DE", help="of the line (default: DE)")


def _list(given: argparse.Namespace, ask: Ask) -> int:
    lines = asyncio.run(ask(given, "line.list"))
    if given.json:
        print(json.dumps(lines, indent=2, ensure_ascii=False))
        return 0
    for line in lines:
        wrong = line["wrong"]["key"]
        print(
            f"{line['name']:<16} {line['trunk']:<16} {line['state']:<22} {wrong or line['profile']}  {line['port']}"
        )
    return 0


def _guarded(command: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    def run(given: argparse.Namespace) -> int:
        try:
            return command(given)
        except PortTrouble as trouble:
            fault = trouble.fault
            raise OperatorError(Problem(given.port, fault.key, fault.text, fault.figures)) from trouble

    return run


def _probe(given: argparse.Namespace) -> int:
    for command, answer in survey.probe(given.port):
        print(f"{command:<14} {answer}", flush=True)
    return 0


def _test(given: argparse.Namespace) -> int:
    settings = Settings(given.country, dial_tone_s=30.0)
    outcome, rate = survey.measure(
        given.port, settings, lambda text: print(f"modem          {text}", flush=True)
    )
    duplex = outcome is Outcome.HUNG_UP
    exact = abs(rate - _EXPECTED_HZ) <= _RATE_SLACK * _EXPECTED_HZ
    print(f"duplex voice   {'yes' if duplex else f'no: {outcome.value}'}")
    print(f"samples        {rate:.0f} a second{'' if exact else ' (8000 expected)'}", flush=True)
    if not duplex:
        return 1
    heard = dial_tone(given.port, given.country)
    print(f"dial tone      {heard.text}")
    return 0 if exact and heard.found else 1


def _listen(given: argparse.Namespace) -> int:
    line = ModemLine(given.port, Settings(given.country), _tell)
    line.start()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    finally:
        line.stop()
    return 0


def _tell(event: Event) -> None:
    for text in _words(event):
        print(text, flush=True)


def _words(event: Event) -> Iterator[str]:
    if isinstance(event, Ready):
        yield f"ready: {event.identity.words} ({event.identity.profile}, {event.identity.format.encoding})"
    elif isinstance(event, Failed):
        yield event.fault.text
    elif isinstance(event, Moved):
        yield f"line {event.state.value}"
    elif isinstance(event, Rang):
        yield f"ring {event.count}"
    elif isinstance(event, Caller):
        yield f"{event.name} = {event.value}"
    elif isinstance(event, Hint):
        yield f"modem says {event.word}"
