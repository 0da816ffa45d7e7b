"""Call progress by ear: everything on the line that is a tone and means something, without any training.

Blocks go in, ``Tone`` and ``Digit`` events come out, each tone once. Rhythm is kept in ``cadence``, the meaning of
single tones in ``signals``, keys in ``dtmf``; this module puts them side by side, in order of time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dsp.cadence import CadenceFollower, Rhythm
from dsp.countries import Cadence
from dsp.dtmf import Keypad
from dsp.frames import BLOCK_MS, Floats
from dsp.signals import Signals
from dsp.spectrum import FRAME_MS, Spectrum

PROGRESS = ("ringback", "busy", "congestion")
ToneKind = Literal["ringback", "busy", "congestion", "sit", "cng", "ced", "modem", "beep"]


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone that was recognised. ``at_ms``: end of the evidence (for a beep and CNG, the end of the tone).

    Times count from the answer once the leg is answered, before it from the first sample.
    """

    kind: ToneKind
    at_ms: int
    detail: str
    """What exactly: ``DE CH IT 425 Hz``, ``ITU``, ``IC``, ``ANSam 2100 Hz``, ``1004 Hz 0.26 s``."""
    length_ms: int = 0
    """How long the evidence lasted: it began so long before ``at_ms``."""
    pattern_ms: tuple[int, ...] = ()
    """On, off ... of ringback, busy and congestion."""


@dataclass(frozen=True, slots=True)
class Digit:
    """A key pressed in band, reported when it is certain, once per press. Times as in ``Tone``."""

    digit: str
    at_ms: int
    length_ms: int = 0
    """How long it had been down by then."""


class ToneDetector:
    """One per leg; eats blocks of 100 ms."""

    def __init__(self, country: str, *, digits: bool, own: tuple[Cadence, ...] = ()) -> None:
        """``own``: rhythms that stand before every country's."""
        self._spectrum = Spectrum()
        self._cadence = CadenceFollower(country, own)
        self._signals = Signals(country)
        self._keypad = Keypad() if digits else None
        self._at_ms = 0
        self._progress_ms = 0

    @property
    def held_ms(self) -> int:
        """How long notes have been held since the first block, as instruments hold them and voices do not."""
        return self._signals.held_ms

    def lasted_ms(self, event: Tone | Digit) -> int:
        """Until when the latest event of its sort has lasted so far: a busy tone is reported long before it ends."""
        if isinstance(event, Digit):
            held_ms = self._keypad.held_ms if self._keypad else 0
            return event.at_ms - event.length_ms + max(held_ms, event.length_ms)
        lasted_ms = self._progress_ms if event.kind in PROGRESS else self._signals.lasted_ms
        return max(event.at_ms, lasted_ms)

    def block(self, block: Floats) -> list[Tone | Digit]:
        """Take 800 float samples; events with times in milliseconds since the first block."""
        found: list[Tone | Digit] = []
        for look in self._spectrum.look(block):
            self._at_ms += FRAME_MS
            if rhythm := self._cadence.frame(look):
                found.append(_progress(rhythm, self._at_ms))
            if self._cadence.sounding and self._cadence.in_rhythm:
                self._progress_ms = self._at_ms
            signal = self._signals.frame(look, self._at_ms, self._cadence)
            if signal:
                length_ms = signal.end_ms - signal.start_ms
                found.append(Tone(signal.kind, signal.end_ms, signal.detail, length_ms))
        if self._keypad:
            start_ms = self._at_ms - BLOCK_MS
            found += [Digit(key, start_ms + at_ms, ms) for key, at_ms, ms in self._keypad.block(block)]
        return sorted(found, key=lambda event: event.at_ms)


def _progress(rhythm: Rhythm, at_ms: int) -> Tone:
    hertz = "+".join(f"{hz:g}" for hz in rhythm.cadence.hz)
    return Tone(
        rhythm.cadence.kind,
        at_ms,
        f"{' '.join(rhythm.countries)} {hertz} Hz",
        rhythm.ms,
        rhythm.cadence.pattern_ms,
    )
