"""Asks a modem what it is and what it can: for the person who has it in hand. Waits; runs in the caller's thread.

What only a bench can tell is measured: samples in five seconds of duplex voice, the line's volts where a modem reads
them. The line is on-hook before and afterwards.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from board.modem.answers import Answer, Result, Text
from board.modem.dialogues import set_up
from board.modem.engine import Engine, Settings
from board.modem.events import Ended, Event, Failed, Outcome, Ready
from board.modem.ports import Port, PortTrouble
from board.modem.sounds import Duplex
from board.modem.table import State
from board.modem.wire import Wire

QUESTIONS = ("I0", "I3", "+FMI?", "+FMM?", "+FCLASS=?", "+FCLASS=8", "+VSM=?", "+VLS=?", "-TRV")
_ANSWER_S = 3.0
_MEASURE_S = 5.0
_PATIENCE_S = 30.0


def probe(name: str) -> Iterator[tuple[str, str]]:
    """What the modem answers to each question: (command, answer in one line). Raises ``PortTrouble``."""
    port = Port(name)
    try:
        _quiet(port)
        yield from ((f"AT{question}", _asked(port, question)) for question in ("E0", "H0", *QUESTIONS, "H0"))
    finally:
        port.close()


def measure(name: str, settings: Settings, tell: Callable[[str], None]) -> tuple[Outcome, float]:
    """Seize the line for five seconds and count: how it ended, samples a second heard. Raises ``PortTrouble``."""
    port, events = Port(name), list[Event]()
    engine = Engine(settings, events.append)
    try:
        engine.opened(time.monotonic())
        _until(port, engine, lambda: engine.state in (State.IDLE, State.GONE))
        for event in events:
            if isinstance(event, Failed):
                raise PortTrouble(event.fault)
            if isinstance(event, Ready):
                tell(f"{event.identity.profile}, {event.identity.format.encoding}")
        return _counted(port, engine, events)
    finally:
        port.close()


def _counted(port: Port, engine: Engine, events: list[Event]) -> tuple[Outcome, float]:
    engine.dial("0", _Deaf(), Duplex(), time.monotonic())
    _until(port, engine, lambda: engine.state is State.DIAL_TONE or _ended(events) is not None)
    began, before = time.monotonic(), engine.counters.heard
    _until(port, engine, lambda: time.monotonic() - began >= _MEASURE_S or _ended(events) is not None)
    rate = (engine.counters.heard - before) / max(time.monotonic() - began, 0.001)
    engine.hang_up(time.monotonic())
    _until(port, engine, lambda: _ended(events) is not None)
    return _ended(events) or Outcome.MODEM_SILENT, rate


class _Deaf:
    """Hears nothing, so that nothing is dialled."""

    def heard(self, samples: object) -> tuple[()]:
        """Nothing."""
        del samples
        return ()

    def hinted(self, word: str) -> tuple[()]:
        """Nothing."""
        del word
        return ()

    def moved(self, state: State) -> None:
        """Nothing."""


def _until(port: Port, engine: Engine, reached: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not reached() and time.monotonic() < until:
        engine.turn(time.monotonic())
        port.write(engine.take())
        engine.feed(port.read(), time.monotonic())


def _ended(events: list[Event]) -> Outcome | None:
    return next((event.outcome for event in events if isinstance(event, Ended)), None)


def _quiet(port: Port) -> None:
    """Out of whatever state it is in, and its last words read away."""
    first = next(iter(set_up("")))
    port.write(getattr(first, "raw", b"\r"))
    while port.read():
        continue


def _asked(port: Port, question: str) -> str:
    port.write(f"AT{question}\r".encode("ascii"))
    wire, said = Wire(), list[str]()
    until = time.monotonic() + _ANSWER_S
    while time.monotonic() < until:
        for item in wire.feed(port.read()):
            if isinstance(item, Result):
                return " / ".join([*said, item.value])
            if text := _words(item, question):
                said.append(text)
    return " / ".join([*said, "no answer"])


def _words(item: Answer | bytes | int, question: str) -> str:
    return item.text if isinstance(item, Text) and item.text != f"AT{question}" else ""
