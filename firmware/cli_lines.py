"""``strowger line``: look after analog lines without a browser.

A line of the running service is named by its name, and the service tests it; a port by its path, and then nobody else
may hold it. A test calls nobody, unless a loopback to another line of the box is asked for; learning calls the number
of a telephone somebody holds in hand. The work is ``board.modem``'s and ``line_jobs``'.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from board.modem import survey
from board.modem.driver import ModemLine
from board.modem.engine import Settings
from board.modem.events import Caller, Event, Failed, Hint, Moved, Outcome, Rang, Ready
from board.modem.ports import PortTrouble
from dsp.line.supervision import CallSettings
from firmware.cli_permits import Add, Ask
from firmware.clock import SystemClock
from firmware.commands.line_texts import refuse
from firmware.compliance.numbers import is_emergency
from firmware.line_jobs import LineJob, PortLender
from firmware.line_results import HINTS
from firmware.model import OperatorError, Problem

_EXPECTED_HZ = 8000.0
_RATE_SLACK = 0.02
_PATIENCE_S = 60.0
_LONGEST_S = 240.0
_PORT_HELP = "/dev/serial/by-id/..., serial:NUMBER or usb:1-1.3"


def add_to(add: Add, ask: Ask) -> None:
    """Add the commands."""
    every = add("list", "the lines of the running service and how they are", lambda given: _list(given, ask))
    every.add_argument("--json", action="store_true", help="everything, as JSON")
    for name, text, command in (
        ("probe", "ask the modem on a port what it is and what it can", _probe),
        (
            "listen",
            "tell what happens on a line (rings, caller ID, words of the modem) until Ctrl-C",
            _listen,
        ),
    ):
        parser = add(name, text, _guarded(command), configured=False)
        _name_port(parser, _PORT_HELP)
    test = add(
        "test",
        "test a line: samples, battery, dial tone, noise, echo, keys; calls nobody but with --loop",
        _guarded(lambda given: _test(given, ask)),
    )
    _name_port(test, f"a line of the running service, or a port: {_PORT_HELP}")
    test.add_argument("--loop", metavar="LINE", default="", help="call this other line of the service, too")
    learn = add(
        "learn",
        "call a telephone you hold, hear how its hanging up shows on the line, and propose settings",
        _guarded(lambda given: _learn(given, ask)),
    )
    _name_port(learn, f"a line of the running service, or a port: {_PORT_HELP}")
    learn.add_argument(
        "number", metavar="NUMBER", help="of the telephone in your hand: answer it, then hang up"
    )
    learn.add_argument("--accept", action="store_true", help="make all that is proposed the line's settings")
    for parser in (test, learn):
        parser.add_argument("--json", action="store_true", help="as JSON")


def _name_port(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("port", metavar="PORT", help=text)
    parser.add_argument("--country", default="DE", help="of the line on a port (default: DE)")


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


def _is_port(given: argparse.Namespace) -> bool:
    return any(sign in given.port for sign in "/:")


def _test(given: argparse.Namespace, ask: Ask) -> int:
    if not _is_port(given):
        return _report(given, asyncio.run(_followed(given, ask, "line.test", loop=given.loop)))
    told = (lambda _: None) if given.json else (lambda text: print(f"modem          {text}", flush=True))
    outcome, rate = survey.measure(given.port, Settings(given.country, dial_tone_s=30.0), told)
    duplex = outcome is Outcome.HUNG_UP
    exact = abs(rate - _EXPECTED_HZ) <= _RATE_SLACK * _EXPECTED_HZ
    if not given.json:
        print(f"duplex voice   {'yes' if duplex else f'no: {outcome.value}'}")
        print(f"samples        {rate:.0f} a second{'' if exact else ' (8000 expected)'}", flush=True)
    if not duplex:
        return 1
    done = _report(given, _alone(given, lambda job: job.test(given.country)))
    return done if exact else 1


def _learn(given: argparse.Namespace, ask: Ask) -> int:
    if _is_port(given):
        digits = "".join(each for each in given.number if each in "0123456789*#")
        if is_emergency(digits, given.country):
            raise refuse("NUMBER", "line_emergency", text=given.number)
        return _report(given, _alone(given, lambda job: job.learn(CallSettings(given.country), digits)))
    return asyncio.run(_learn_and_accept(given, ask))


async def _learn_and_accept(given: argparse.Namespace, ask: Ask) -> int:
    job = await _followed(given, ask, "line.learn", number=given.number)
    code = _report(given, job)
    if given.accept and job["proposals"]:
        await ask(given, "line.accept", name=given.port, proposals=list(range(len(job["proposals"]))))
        print("accepted: calls from now on go by this")
    elif job["proposals"]:
        print("nothing was changed; with --accept it would have been")
    return code


async def _followed(given: argparse.Namespace, ask: Ask, command: str, **more: Any) -> Mapping[str, Any]:
    """Begin a job of the service and wait for its end."""
    job: Mapping[str, Any] = await ask(given, command, name=given.port, **more)
    step = ""
    while job["running"]:
        if job["step"] != step and not given.json:
            step = job["step"]
            print(f"... {step}", flush=True)
        await asyncio.sleep(1)
        job = await ask(given, "line.job", name=given.port)
    return job


def _alone(given: argparse.Namespace, begin: Callable[[LineJob], None]) -> Mapping[str, Any]:
    """A job on a port that nobody else holds. Raises ``PortTrouble``."""
    ready, over = threading.Event(), threading.Event()
    lender = PortLender(
        given.port,
        Settings(given.country),
        lambda event: ready.set() if isinstance(event, Ready | Failed) else None,
    )
    clock = SystemClock()
    job = LineJob(
        given.port, lender, clock.utc, clock.monotonic, lambda now: None if now.running else over.set()
    )
    lender.driver.start()
    try:
        ready.wait(_PATIENCE_S)
        if lender.driver.fault is not None:
            raise PortTrouble(lender.driver.fault)
        begin(job)
        over.wait(_LONGEST_S)
    finally:
        lender.driver.stop()
    return job.plain()


def _report(given: argparse.Namespace, job: Mapping[str, Any]) -> int:
    if given.json:
        print(json.dumps(job, indent=2, ensure_ascii=False))
    else:
        for line in _told(job):
            print(line)
    good = job["verdict"] in ("good", "warn") if job["kind"] == "test" else bool(job["proposals"])
    return 0 if good and not job["failed"]["key"] else 1


def _told(job: Mapping[str, Any]) -> Iterator[str]:
    for one in job["results"]:
        value = "not measured" if one["value"] is None else f"{one['value']:g} {one['unit']}"
        limits = " to ".join(f"{end:g}" for end in (one["least"], one["most"]) if end is not None)
        yield f"{one['figure']:<28} {value:<14} {one['verdict']:<5} {f'({limits})' if limits else ''}".rstrip()
        if one["hint"]:
            yield f"    {HINTS[one['hint']]}"
    for number, one in enumerate(job["proposals"], 1):
        pitch = " + ".join(f"{hz:g} Hz" for hz in one["hz"])
        rhythm = "/".join(f"{ms}" for ms in one["pattern_ms"])
        more = ", ".join(part for part in (pitch, rhythm and f"{rhythm} ms") if part)
        yield f"{number}. {one['method']} ({one['confidence']}) {more}".rstrip()
    if job["failed"]["key"]:
        yield f"failed: {job['failed']['key']}"


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
