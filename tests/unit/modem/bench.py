"""A driver's engine and a simulated modem on a simulated line, wired together on a clock that is only counted."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from typing import TypeVar

from board.modem.companding import Samples
from board.modem.engine import Engine, Settings, Sign
from board.modem.events import Ended, Event
from board.modem.sounds import Duplex, Sound
from board.modem.table import Input, State
from board.sim.line import FarEnd, LineSim
from board.sim.line.port import LinePort
from board.sim.modem import ModemSim
from board.sim.modem_kinds import CX930XX_2X, Faults, Kind

NUMBER = "02312312500"
TICK_S = 0.02
E = TypeVar("E")


class Ear:
    """A listener that says what a test tells it to, and after so much sound that there is a dial tone."""

    def __init__(self, dial_tone_after: int = 4000) -> None:
        self.states: list[State] = []
        self.words: list[str] = []
        self.on_word: dict[str, Input] = {}
        self._left = dial_tone_after

    def heard(self, samples: Samples) -> Iterable[Sign]:
        if self._left > 0:
            self._left -= len(samples) if abs(samples.astype(int)).mean() > 100 else 0
            if self._left <= 0:
                return (Sign(Input.HEARD_DIAL_TONE),)
        return ()

    def hinted(self, word: str) -> Iterable[Sign]:
        self.words.append(word)
        return (Sign(self.on_word[word], word),) if word in self.on_word else ()

    def moved(self, state: State) -> None:
        self.states.append(state)


class Bench:
    """``run`` lets time pass; bytes travel in pieces of any size, as on a real port."""

    def __init__(
        self,
        kind: Kind = CX930XX_2X,
        *,
        line: LinePort | None = None,
        faults: Faults | None = None,
        settings: Settings | None = None,
        seed: int = 1,
    ) -> None:
        self.line = line or LineSim("DE", {NUMBER: FarEnd()}.get)
        self.modem = ModemSim(self.line, kind, faults or Faults())
        self.events: list[Event] = []
        self.engine = Engine(settings or Settings(), self.events.append)
        self.now = 100.0
        self.random = random.Random(seed)
        self._in = bytearray()
        self._out = bytearray()

    def started(self) -> Bench:
        self.engine.opened(self.now)
        self.run(40, until=lambda: self.engine.state in (State.IDLE, State.GONE))
        return self

    def dial(self, ear: Ear, sound: Sound | None = None, number: str = NUMBER) -> None:
        self.engine.dial(number, ear, sound or Duplex(), self.now)

    def run(self, seconds: float, until: Callable[[], bool] = lambda: False) -> bool:
        """Whether ``until`` came true."""
        for _ in range(round(seconds / TICK_S)):
            if until():
                return True
            self.tick()
        return until()

    def reach(self, state: State, seconds: float = 30) -> None:
        assert self.run(seconds, lambda: self.engine.state is state), (self.engine.state, self.events[-5:])

    def tick(self) -> None:
        self.now += TICK_S
        self._out += self.engine.take()
        self.modem.host(self._piece(self._out))
        self._in += self.modem.tick()
        self.engine.feed(self._piece(self._in), self.now)
        self.engine.feed(self._piece(self._in), self.now)
        self.engine.turn(self.now)

    def _piece(self, queue: bytearray) -> bytes:
        """Now and then all but the last few bytes of what is there."""
        kept = 0 if self.random.random() < 0.7 else self.random.randint(0, 40)
        size = max(0, len(queue) - kept)
        piece = bytes(queue[:size])
        del queue[:size]
        return piece

    def all(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def ended(self) -> Ended | None:
        return next(iter(self.all(Ended)), None)
