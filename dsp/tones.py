"""Call progress by ear: everything on the line that is a tone and means something, without any training.

Twenty millisecond frames go in, ``Tone`` and ``Digit`` events come out, each tone once. Rhythm is kept in
``cadence``, pitch in ``segments``, keys in ``dtmf``; this module knows the fixed single tones: SIT (ITU-T
E.180 and Bellcore), fax (ITU-T T.30: CNG 1100 Hz, CED 2100 Hz) and the voicemail beep, for which there is no
standard.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from dsp.cadence import CadenceFollower
from dsp.dtmf import Keypad
from dsp.frames import BLOCK_MS, Floats
from dsp.segments import PureTones, Stretch
from dsp.spectrum import FRAME_MS, Look, Spectrum

ToneKind = Literal["ringback", "busy", "congestion", "sit", "cng", "ced", "beep"]

_SIT_ITU = ((950.0, 50.0), (1400.0, 60.0), (1800.0, 60.0))
_SIT_SHORTEST_MS, _SIT_LONGEST_MS, _SIT_SURE_MS, _SIT_GAP_MS = 180, 480, 180, 80
_BELLCORE_LONG_MS = 327
_BELLCORE_THIRD_HZ = (1776.7, 12.0)
_BELLCORE_CODES = {
    "low short low short": "IC",
    "high long low short": "VC",
    "low short high long": "RO",
    "high long high long": "NC",
}
_CNG_HZ, _CNG_TOLERANCE_HZ, _CNG_MS, _CNG_CYCLE_MS = 1100.0, 38.0, (400, 620), (2500, 4500)
_CED_HZ, _CED_TOLERANCE_HZ, _CED_SURE_MS = 2100.0, 20.0, 500
_BEEP_HZ, _BEEP_LOW_HZ = (455.0, 2000.0), 600.0
_BEEP_MS, _BEEP_LOW_SHORTEST_MS = (120, 1500), 200
_QUIET_AFTER_MS = 140
_QUIET_DROP_DB = 12.0
_SPEECH_BEFORE_MS = 400
"""This much sound that is no tone makes a later tone a beep rather than a fax calling."""
_VOICE_DB = -45.0


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone that was recognised. ``at_ms``: end of the evidence (for a beep and CNG, the end of the tone).

    Times count from the answer once the leg is answered, before it from the first sample.
    """

    kind: ToneKind
    at_ms: int
    detail: str
    """What exactly: ``DE 425 Hz``, ``ITU``, ``IC``, ``1004 Hz 0.26 s``."""


@dataclass(frozen=True, slots=True)
class Digit:
    """A key pressed in band, reported when it is certain, once per press. Times as in ``Tone``."""

    digit: str
    at_ms: int


class ToneDetector:
    """One per leg; eats blocks of 100 ms."""

    def __init__(self, country: str, *, digits: bool) -> None:
        self._spectrum = Spectrum()
        self._cadence = CadenceFollower(country)
        self._pure = PureTones()
        self._keypad = Keypad() if digits else None
        self._at_ms = 0
        self._voice_ms = 0
        self._quiet_ms = 0
        self._last_cng_ms: int | None = None

    def block(self, block: Floats) -> list[Tone | Digit]:
        """Take 800 float samples; events with times in milliseconds since the first block."""
        found: list[Tone | Digit] = []
        for look in self._spectrum.look(block):
            self._at_ms += FRAME_MS
            found += self._frame(look)
        return found

    def _frame(self, look: Look) -> list[Tone | Digit]:
        found: list[Tone | Digit] = []
        if cadence := self._cadence.frame(look):
            hertz = "+".join(f"{hz:g}" for hz in cadence.hz)
            found.append(Tone(cadence.kind, self._at_ms, f"{cadence.country} {hertz} Hz"))
        if self._keypad and (digit := self._keypad.frame(look)):
            found.append(Digit(digit, self._at_ms))
        self._pure.frame(look, self._at_ms)
        self._listen(look)
        if self._pure.recent and (tone := self._single_tone()):
            found.append(tone)
        return found

    def _listen(self, look: Look) -> None:
        """Keep count of sound that is no tone, and of the quiet since the last tone."""
        last = self._pure.recent[-1] if self._pure.recent else None
        if last is not None and last.sounding:
            self._quiet_ms = 0
            return
        if last is not None and look.level_db <= last.level_db - _QUIET_DROP_DB:
            self._quiet_ms += FRAME_MS
        elif last is not None and not last.told:
            last.told = (
                self._at_ms - last.end_ms > 2 * FRAME_MS
            )  # ran into sound: it was part of speech or music
        if look.level_db >= _VOICE_DB and look.first_share + look.second_share < _VOICE_SHARE:
            self._voice_ms += FRAME_MS

    def _single_tone(self) -> Tone | None:
        """The meaning of the newest stretch, if it has one that has not been told."""
        last = self._pure.recent[-1]
        if last.told:
            return None
        tone = self._sit() or self._ced(last) or self._cng(last) or self._beep(last)
        if tone is not None:
            last.told = True
        return tone

    def _sit(self) -> Tone | None:
        three = self._pure.recent[-3:]
        if len(three) < 3 or three[2].ms < _SIT_SURE_MS:
            return None
        if any(later.start_ms - earlier.end_ms > _SIT_GAP_MS for earlier, later in pairwise(three)):
            return None
        if not all(_SIT_SHORTEST_MS <= stretch.ms <= _SIT_LONGEST_MS for stretch in three[:2]):
            return None
        if not all(
            abs(stretch.hz - hz) <= slack for stretch, (hz, slack) in zip(three, _SIT_ITU, strict=True)
        ):
            return None
        return Tone("sit", self._at_ms, _sit_name(three))

    def _ced(self, last: Stretch) -> Tone | None:
        if abs(last.hz - _CED_HZ) > _CED_TOLERANCE_HZ or last.ms < _CED_SURE_MS:
            return None
        return Tone("ced", self._at_ms, f"{last.hz:.0f} Hz")

    def _cng(self, last: Stretch) -> Tone | None:
        """A burst of 1100 Hz with quiet after it; where speech came before, a second one 3.5 s later is asked
        for.
        """
        if abs(last.hz - _CNG_HZ) > _CNG_TOLERANCE_HZ or not _CNG_MS[0] <= last.ms <= _CNG_MS[1]:
            return None
        if last.sounding or self._quiet_ms < _QUIET_AFTER_MS:
            return None
        before, self._last_cng_ms = self._last_cng_ms, last.start_ms
        again = before is not None and _CNG_CYCLE_MS[0] <= last.start_ms - before <= _CNG_CYCLE_MS[1]
        if self._voice_ms >= _SPEECH_BEFORE_MS and not again:
            return None
        return Tone("cng", last.end_ms, f"{last.hz:.0f} Hz")

    def _beep(self, last: Stretch) -> Tone | None:
        """A steady tone after speech, followed by quiet, that is nothing else."""
        if last.sounding or self._quiet_ms < _QUIET_AFTER_MS or self._voice_ms < _SPEECH_BEFORE_MS:
            return None
        shortest_ms = _BEEP_LOW_SHORTEST_MS if last.hz < _BEEP_LOW_HZ else _BEEP_MS[0]
        if not _BEEP_HZ[0] <= last.hz <= _BEEP_HZ[1] or not shortest_ms <= last.ms <= _BEEP_MS[1]:
            return None
        before = self._pure.recent[-2] if len(self._pure.recent) > 1 else None
        in_series = (
            before is not None and before.ms >= _BEEP_MS[0] and last.start_ms - before.end_ms < BLOCK_MS
        )
        if in_series or self._cadence.in_rhythm:
            return None
        return Tone("beep", last.end_ms, f"{last.hz:.0f} Hz {last.ms / 1000:.2f} s")


_VOICE_SHARE = 0.8


def _sit_name(three: list[Stretch]) -> str:
    """``IC``, ``VC``, ``RO``, ``NC`` by Bellcore's pitches and lengths, else ``ITU``."""
    first, second, third = three
    if abs(third.hz - _BELLCORE_THIRD_HZ[0]) > _BELLCORE_THIRD_HZ[1]:
        return "ITU"
    words = [
        _pick(first.hz, 913.8, 985.2),
        "long" if first.ms > _BELLCORE_LONG_MS else "short",
        _pick(second.hz, 1370.6, 1428.5),
        "long" if second.ms > _BELLCORE_LONG_MS else "short",
    ]
    return _BELLCORE_CODES.get(" ".join(words), "ITU")


def _pick(hz: float, low: float, high: float) -> str:
    return "low" if abs(hz - low) < abs(hz - high) else "high"
