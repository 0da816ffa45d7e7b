"""What the other party of a call does: a script for one call, out or in.

Data and the reading of recordings; `switch` plays it.
"""

from __future__ import annotations

import wave
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import numpy as np

from board.sim.line.fsk import Modulation
from board.sim.line.messages import Caller
from board.sim.line.port import SAMPLE_RATE, Samples


class Outcome(StrEnum):
    """How far a call out gets."""

    ANSWER = "answer"
    NO_ANSWER = "no_answer"
    """Rings until we give up."""
    BUSY = "busy"
    CONGESTION = "congestion"
    SIT = "sit"
    """The special information tone, over and over."""
    UNOBTAINABLE = "unobtainable"
    """A steady tone where the country has one, else congestion."""
    SILENCE = "silence"
    """Nothing is ever heard."""


class HangUp(StrEnum):
    """What the line does when the far end has gone."""

    BUSY = "busy"
    CONGESTION = "congestion"
    DIAL_TONE = "dial"
    CPC = "cpc"
    """The exchange opens the loop for a moment."""
    REVERSAL = "reversal"
    SILENCE = "silence"


class Talker(Protocol):
    """A far end that listens: one frame (20 ms, int16[160]) in, one out."""

    def frame(self, heard: Samples) -> Samples:
        """Hear and speak."""


@dataclass(frozen=True, slots=True, eq=False)
class FarEnd:
    """One party. Times in ms."""

    outcome: Outcome = Outcome.ANSWER
    set_up_ms: int = 1000
    """From the last digit to ringback or the outcome's tone."""
    rings: int = 2
    """Bursts of ringback before the answer; 0 answers out of silence."""
    ringback_country: str = ""
    """Whose ringback is heard; "" is the line's own."""
    answer_reversal: bool = False
    metering_ms: int = 0
    """A metering pulse each so long after the answer; 0 is none."""
    voice: Samples | None = None
    """What it says once answered; 8 kHz."""
    voice_after_ms: int = 400
    voice_repeats: bool = False
    talker: Callable[[], Talker] | None = None
    """Instead of `voice`."""
    talk_ms: int | None = None
    """Hangs up so long after the answer; None stays until we do, or `hangs_up_after_voice`."""
    hangs_up_after_voice: bool = False
    hang_up: HangUp = HangUp.BUSY


@dataclass(frozen=True, slots=True, eq=False)
class IncomingCall:
    """A call that comes in; `party` is who speaks once we have answered."""

    caller: Caller | None = None
    gives_up_after: int | None = 8
    """Rounds of the ring cadence."""
    party: FarEnd = field(default_factory=FarEnd)
    modulation: Modulation | None = None
    """Other than the country's: level, twist, a clock that is off."""
    raw: bytes | None = None
    """Caller-ID bytes to send instead of a proper message."""


def recording(path: Path) -> Samples:
    """Samples of a WAV file of one channel, 8 kHz, 16 bit; ValueError says what is wrong with another."""
    with wave.open(str(path), "rb") as file:
        kind = (file.getnchannels(), file.getframerate(), file.getsampwidth())
        if kind != (1, SAMPLE_RATE, 2):
            raise ValueError(f"{path}: one channel, {SAMPLE_RATE} Hz, 16 bit is wanted, not {kind}")
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.int16)
