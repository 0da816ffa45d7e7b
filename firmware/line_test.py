"""What a line test hears: seizes a line, waits for the dial tone, measures it, hangs up. Dials nothing.

Used by the command line; the same steps serve a page. Blocking, in the caller's thread; the port must be free.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from board.modem.companding import Samples
from board.modem.driver import ModemLine
from board.modem.engine import Settings, Sign
from board.modem.events import Ended, Event, Failed, Ready
from board.modem.ports import PortTrouble
from board.modem.sounds import Duplex
from board.modem.table import Input, State
from dsp.line.supervision import CallSettings
from firmware.trunks._modem_signs import LineListener

_PATIENCE_S = 60.0
_OVERLOAD_DBM = 3.14
_RATE_HZ = 8000


@dataclass(frozen=True, slots=True)
class DialTone:
    """What was heard: ``hertz`` of the strongest tone, ``dbm`` of all of it (0 dBm0 as G.711 has it)."""

    found: bool
    hertz: float = 0.0
    dbm: float = 0.0
    after_ms: int = 0
    reason: str = ""

    @property
    def text(self) -> str:
        """For people."""
        if not self.found:
            return f"none: {self.reason}"
        return f"{self.hertz:.0f} Hz, {self.dbm:.1f} dBm0, heard {self.after_ms} ms after seizing"


class _Ear:
    """The call's own ear, kept from going on: a dial tone is noted, and that is all."""

    def __init__(self, country: str) -> None:
        self._ear = LineListener(CallSettings(country), lambda: None)
        self.samples: list[Samples] = []
        self.found = False

    def heard(self, samples: Samples) -> Iterator[Sign]:
        """Until the dial tone is certain; then the wait for it is over."""
        if not self.found:
            self.samples.append(samples)
            for sign in self._ear.heard(samples):
                self.found = sign.happened is Input.HEARD_DIAL_TONE
                yield Sign(Input.NO_DIAL_TONE, sign.text)

    def hinted(self, word: str) -> Iterator[Sign]:
        """Nothing follows from a word."""
        del word
        yield from ()

    def moved(self, state: State) -> None:
        """The line stands elsewhere."""
        self._ear.moved(state)


def dial_tone(port: str, country: str) -> DialTone:
    """Seize the line and listen. Raises ``PortTrouble``."""
    ear, over, ready = _Ear(country), threading.Event(), threading.Event()
    events: list[Event] = []

    def told(event: Event) -> None:
        events.append(event)
        if isinstance(event, Ready | Failed):
            ready.set()
        if isinstance(event, Ended):
            over.set()

    line = ModemLine(port, Settings(country), told)
    line.start()
    try:
        ready.wait(_PATIENCE_S)
        if line.fault is not None:
            raise PortTrouble(line.fault)
        line.dial("0", ear, Duplex())
        over.wait(_PATIENCE_S)
    finally:
        line.stop()
    return _measured(ear, next((event.text for event in events if isinstance(event, Ended)), "no end"))


def _measured(ear: _Ear, reason: str) -> DialTone:
    if not ear.found:
        return DialTone(found=False, reason=reason)
    heard = np.concatenate(ear.samples).astype(np.float64)
    tone = heard[-_RATE_HZ // 2 :]
    power = np.abs(np.fft.rfft(tone * np.hanning(len(tone)))) ** 2
    hertz = float(np.argmax(power) * _RATE_HZ / len(tone))
    dbm = float(10 * np.log10(np.mean(tone**2) / (32767**2 / 2)) + _OVERLOAD_DBM)
    return DialTone(True, hertz, dbm, round(len(heard) / 8))
