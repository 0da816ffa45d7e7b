"""What a steady tone means: SIT (ITU-T E.180 and Bellcore), fax (T.30: CNG, CED; V.8: ANSam; V.21), modems
(V.22bis, Bell 103, V.25 calling tone, V.8bis), and the voicemail beep, for which there is no standard.

Stretches come from ``segments``, rhythms are the business of ``cadence``. Everything here needs no training and
is certain, or is not said.
"""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np

from dsp.beep import BEEP_MS, MOST_NOTES, NOTE_GAP_MS, notes_of, pitch_of
from dsp.cadence import CadenceFollower
from dsp.countries import ordered_for
from dsp.segments import SteadyTones, Stretch
from dsp.spectrum import FRAME_MS, Look

SignalKind = Literal["sit", "cng", "ced", "modem", "beep"]

_SIT_ITU = ((950.0, 55.0), (1400.0, 75.0), (1800.0, 65.0))
_SIT_SHORTEST_MS, _SIT_LONGEST_MS, _SIT_SURE_MS = 180, 480, 220
_SITS = {
    "ITU": ((950.0, 1400.0, 1800.0), (330, 330)),
    "IC": ((913.8, 1370.6, 1776.7), (274, 274)),
    "VC": ((985.2, 1370.6, 1776.7), (380, 274)),
    "RO": ((913.8, 1428.5, 1776.7), (274, 380)),
    "NC": ((985.2, 1428.5, 1776.7), (380, 380)),
}
_SIT_HZ, _SIT_MS = 10.0, 25.0
"""How far off is one step of unlikeliness: an ITU tone is off by 24 Hz where Bellcore's differ by 36."""
_ANSWER_HZ, _ANSWER_TOLERANCE_HZ, _ANSWER_SURE_MS = 2100.0, 20.0, 450
_ANSWER_REST_MS = 2000
_ANSAM_HZ, _ANSAM_DEPTH = 15.0, 0.1
_MODEM_HZ, _MODEM_TOLERANCE_HZ = (2225.0, 2250.0), 12.0
_V8BIS_PAIRS, _V8BIS_TOLERANCE_HZ, _V8BIS_SURE_MS = ((1375.0, 2002.0), (1529.0, 2225.0)), 15.0, 250
_V21_SHARE, _V21_SURE_FRAMES, _V21_CHANGE, _V21_STEADY_DB = 0.8, 40, 0.05, 6.0
_V21_MISSING = 8
"""Frames that a lost packet spoils."""
_PROGRESS_HZ, _PROGRESS_SLACK = 8.0, 0.15
"""So near to a busy tone a beep is taken for one: some machines beep at 440 Hz, 15 above Germany's."""
_QUIET_AFTER_MS, _LOUD_AFTER_MS, _QUIET_DROP_DB = 40, 50, 6.0
_BURST_QUIET_MS = 120
_SPEECH_BEFORE_MS, _GREETING_MS = 300, 1000
"""So much sound that is no tone there must be before a beep; and so much that a burst like a calling fax's is one too,
for noise is sound as well."""
_VOICE_DB, _ABOVE_FLOOR_DB, _FLOOR_RISE_DB = -46.0, 8.0, 0.02
_NO_VOICE_MS = 100
"""What is steady for so long is no voice."""
_HELD_MS, _HELD_HZ = 150, 2.5
"""A note held so long and so exactly is an instrument's."""
_LEVELS = 50


class _Calling(NamedTuple):
    """How a machine calls: bursts of one tone with a pause between; ``cycle_ms`` from one start to the next."""

    hz: float
    slack_hz: float
    burst_ms: tuple[int, int]
    cycle_ms: tuple[int, int]


_CNG = _Calling(1100.0, 40.0, (415, 585), (2500, 4500))
_MODEM = _Calling(1300.0, 15.0, (450, 750), (1900, 3000))


class Signal(NamedTuple):
    """What was recognised and where it began and ended (so far), in milliseconds since the first sample."""

    kind: SignalKind
    start_ms: int
    end_ms: int
    detail: str


class Signals:
    """Listens to one leg."""

    def __init__(self, country: str) -> None:
        self._tones = SteadyTones()
        self._progress = [one for one in ordered_for(country) if one.country == country]
        self._voice_ms = 0
        self._floor_db = 0.0
        """The line's own noise: the quietest of late."""
        self._quiet_ms = 0
        self._loud_ms = 0
        self._bursts: dict[_Calling, int] = {}
        self._levels: deque[float] = deque(maxlen=_LEVELS)
        self._fsk = _Fsk()
        self._reported: Stretch | None = None
        self._held: Stretch | None = None
        self.held_ms = 0
        """How long notes have been held so far, as only an instrument holds them."""
        self._no_machine = False
        """A fax, a modem or the network has spoken: what follows is no voicemail beep."""

    def frame(self, look: Look, at_ms: int, progress: CadenceFollower) -> Signal | None:
        """Take the frame that ends at ``at_ms``, which ``progress`` has had already."""
        self._tones.frame(look, at_ms)
        self._listen(look, at_ms, progress.sounding)
        last = self._tones.last
        signal = self._fsk.frame(look, at_ms)
        if signal is None and last is not None and not last.told:
            signal = self._meaning(last, at_ms, progress.in_rhythm)
            last.told = signal is not None
            self._reported = last if last.told else self._reported
        if signal is not None and signal.kind != "beep":
            self._no_machine = True
        return signal

    @property
    def lasted_ms(self) -> int:
        """When the steady tone that was reported last ended, or until when it has lasted."""
        return self._reported.end_ms if self._reported else 0

    def _listen(self, look: Look, at_ms: int, progress: bool) -> None:
        """Keep count of sound that is no tone, and of the quiet since the last tone."""
        last = self._tones.last
        self._floor_db = min(self._floor_db + _FLOOR_RISE_DB, look.smooth_db)
        voice = look.level_db >= max(_VOICE_DB, self._floor_db + _ABOVE_FLOOR_DB) and not progress
        if voice:
            self._voice_ms += FRAME_MS
        if last is not None and last.end_ms == at_ms:
            self._quiet_ms = self._loud_ms = 0
            if last.frames == 1:
                self._levels.clear()
            self._levels.append(look.level_db)
            if last.ms >= _HELD_MS and last.wander_hz <= _HELD_HZ and not progress:
                self.held_ms += FRAME_MS if last is self._held else last.ms
                self._held = last
            if last.ms >= _NO_VOICE_MS and voice:
                self._voice_ms -= last.ms if last.ms < _NO_VOICE_MS + FRAME_MS else FRAME_MS
        elif last is not None and not last.told:
            if look.smooth_db <= last.level_db - _QUIET_DROP_DB:
                self._quiet_ms += FRAME_MS
            else:
                self._loud_ms += FRAME_MS  # it ran into sound: it was part of speech or music
                last.told = not last.sounding and self._loud_ms > _LOUD_AFTER_MS

    def _meaning(self, last: Stretch, at_ms: int, in_rhythm: bool) -> Signal | None:
        single = last.second_hz == 0.0
        signal = self._sit(at_ms) or self._answer(last) or self._burst(last) if single else self._v8bis(last)
        return signal or (None if in_rhythm or self._no_machine else self._beep(last))

    def _sit(self, at_ms: int) -> Signal | None:
        three = self._tones.recent[-3:]
        if len(three) < 3 or three[2].ms < _SIT_SURE_MS or any(tone.second_hz for tone in three):
            return None
        if any(later.start_ms - earlier.end_ms > NOTE_GAP_MS for earlier, later in pairwise(three)):
            return None
        if not all(_SIT_SHORTEST_MS <= tone.ms <= _SIT_LONGEST_MS for tone in three[:2]):
            return None
        if not all(abs(tone.hz - hz) <= slack for tone, (hz, slack) in zip(three, _SIT_ITU, strict=True)):
            return None
        return Signal("sit", three[0].start_ms, at_ms, _sit_name(three))

    def _answer(self, last: Stretch) -> Signal | None:
        """The far end is a fax or a modem and says so."""
        if last.ms < _ANSWER_SURE_MS or self._answered(last):
            return None
        if abs(last.hz - _ANSWER_HZ) <= _ANSWER_TOLERANCE_HZ:
            name = "ANSam" if self._swells() else "CED"
            return Signal("ced", last.start_ms, last.end_ms, f"{name} {last.hz:.0f} Hz")
        if any(abs(last.hz - hz) <= _MODEM_TOLERANCE_HZ for hz in _MODEM_HZ):
            return Signal("modem", last.start_ms, last.end_ms, f"answer {last.hz:.0f} Hz")
        return None

    def _answered(self, last: Stretch) -> bool:
        """Whether this is but the rest of an answer tone that was told before a lost packet."""
        return any(
            one.told and one.ms >= _ANSWER_SURE_MS and abs(one.hz - last.hz) <= _ANSWER_TOLERANCE_HZ
            for one in self._tones.recent[:-1]
            if last.start_ms - one.end_ms <= _ANSWER_REST_MS
        )

    def _swells(self) -> bool:
        """Whether the tone is modulated by 15 Hz, as V.8 wants it of a modem that can do V.34."""
        size = 10 ** (np.array(self._levels) / 20)
        turns = np.exp(-2j * np.pi * _ANSAM_HZ * np.arange(len(size)) * FRAME_MS / 1000)
        return bool(2 * abs(((size - size.mean()) * turns).mean()) > _ANSAM_DEPTH * size.mean())

    def _burst(self, last: Stretch) -> Signal | None:
        """A fax or modem calling: a burst with quiet after it; where speech came before, a second one at its time
        is asked for.
        """
        if last.sounding or self._quiet_ms < _BURST_QUIET_MS:
            return None
        calling = _calling(last)
        if calling is None or (self._voice_ms >= _GREETING_MS and not self._again(last, calling)):
            return None
        self._bursts[calling] = last.start_ms
        kind: SignalKind = "cng" if calling is _CNG else "modem"
        detail = "" if calling is _CNG else "calling "
        return Signal(kind, last.start_ms, last.end_ms, f"{detail}{last.hz:.0f} Hz")

    def _again(self, last: Stretch, calling: _Calling) -> bool:
        """Whether there was such a burst before, as long ago as the far end waits between two."""
        before_ms = self._bursts.get(calling)
        return (
            before_ms is not None and calling.cycle_ms[0] <= last.start_ms - before_ms <= calling.cycle_ms[1]
        )

    def _v8bis(self, last: Stretch) -> Signal | None:
        pair = (last.hz, last.second_hz)
        if last.ms < _V8BIS_SURE_MS or not any(_near(pair, one, _V8BIS_TOLERANCE_HZ) for one in _V8BIS_PAIRS):
            return None
        return Signal("modem", last.start_ms, last.end_ms, "V.8bis")

    def _beep(self, last: Stretch) -> Signal | None:
        """A steady tone after speech, followed by quiet, that is nothing else."""
        calling = _calling(last)
        if calling is not None and self._again(last, calling):
            return None
        voice_ms = _GREETING_MS if calling else _SPEECH_BEFORE_MS
        if last.sounding or self._quiet_ms < _QUIET_AFTER_MS or self._voice_ms < voice_ms:
            return None
        parts = notes_of(self._tones.recent)
        start_ms = parts[0].start_ms if parts else last.start_ms
        if not 0 < len(parts) <= MOST_NOTES or not BEEP_MS[0] <= last.end_ms - start_ms <= BEEP_MS[1]:
            return None
        if any(self._is_progress(part) for part in parts):
            return None
        if calling is not None:
            self._bursts[calling] = last.start_ms
        pitches = ", ".join(pitch_of(part) for part in parts)
        seconds = (last.end_ms - start_ms) / 1000
        return Signal("beep", start_ms, last.end_ms, f"{pitches} Hz {seconds:.2f} s")

    def _is_progress(self, part: Stretch) -> bool:
        """A burst of the country's own busy or ringback tone, heard for the first time."""
        if part.second_hz:
            return _near((part.hz, part.second_hz), (480.0, 620.0), _PROGRESS_HZ)
        return any(
            abs(sum(one.hz) / len(one.hz) - part.hz) <= _PROGRESS_HZ
            and abs(part.ms - on_ms) <= on_ms * _PROGRESS_SLACK
            for one in self._progress
            for on_ms in one.pattern_ms[::2]
        )


class _Fsk:
    """The upper channel of V.21, 1650 and 1850 Hz by turns, as an answering fax begins to talk with.

    A bit lasts 3.3 ms, the window 40: what it sees changes all the time, while a steady tone or pair in the same band
    does not.
    """

    def __init__(self) -> None:
        self._frames = 0
        self._missed = 0
        self._change = 0.0
        self._before = 0.0
        self._told = False

    def frame(self, look: Look, at_ms: int) -> Signal | None:
        """The start of it, once."""
        if look.fsk_share < _V21_SHARE or look.level_db < _VOICE_DB or abs(look.drop_db) > _V21_STEADY_DB:
            self._missed += 1
            if self._missed > _V21_MISSING:
                self._frames, self._change = 0, 0.0
            return None
        if self._frames and not self._missed:
            self._change += abs(look.first_share - self._before)
        self._frames += 1
        self._missed = 0
        self._before = look.first_share
        if self._told or self._frames < _V21_SURE_FRAMES or self._change < _V21_CHANGE * self._frames:
            return None
        self._told = True
        return Signal("modem", at_ms - self._frames * FRAME_MS, at_ms, "V.21")


def _calling(part: Stretch) -> _Calling | None:
    """Whose burst it is like: a calling fax's, a calling modem's, nobody's."""
    for one in (_CNG, _MODEM):
        at_its_pitch = part.second_hz == 0.0 and abs(part.hz - one.hz) <= one.slack_hz
        if at_its_pitch and one.burst_ms[0] <= part.ms <= one.burst_ms[1]:
            return one
    return None


def _near(pair: tuple[float, float], nominal: tuple[float, float], slack_hz: float) -> bool:
    return all(abs(hz - wanted) <= slack_hz for hz, wanted in zip(pair, nominal, strict=True))


def _sit_name(three: list[Stretch]) -> str:
    """``IC``, ``VC``, ``RO``, ``NC`` by Bellcore's pitches and lengths, else ``ITU``: whichever is least far off."""

    def unlikely(name: str) -> float:
        hertz, lengths = _SITS[name]
        pitch = sum(((tone.hz - hz) / _SIT_HZ) ** 2 for tone, hz in zip(three, hertz, strict=True))
        return pitch + sum(((tone.ms - ms) / _SIT_MS) ** 2 for tone, ms in zip(three, lengths, strict=False))

    return min(_SITS, key=unlikely)
