"""Steady tones, single or in pairs, as stretches with a start, an end and a pitch: the raw material of SIT, fax
tones and beeps.

Takes frames from ``spectrum``; what a stretch means is decided in ``signals``.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from dsp.spectrum import FRAME_MS, Look

_OPENS, _GOES_ON = 0.85, 0.6
"""Share of all power that the tone must have to be noticed, and to be believed to last: a lost packet or a phase
reversal (ANSam has one every 450 ms) blurs the window for a while."""
_QUIETEST_DB, _LOWEST_HZ = -46.0, 300.0
"""Fainter or lower it is the line's own hum, and nothing that begins here."""
_DRIFT_HZ = 20.0
_DROP_DB = 8.0
_ECHO_MS, _ECHO_DB = 300, 5.0
_LEVEL_FRAMES = 15
_MISSING = 4
"""Frames a tone may miss."""
_BLUR_HZ = 50.0
"""So near, another pitch is the same tone seen through a blurred window, for as long as a tone may miss."""
_PAIRED = 4
"""Frames before a pair is believed: where one tone follows another at once, the window sees both for a while."""
_MEMORY = 6
_BEFORE = 8
_WEAKER = 12.0
"""The weaker tone of a pair has at least this fraction (11 dB) of the stronger one's power ..."""
_APART_HZ = 90.0
"""... and lies at least this far away, where the window tells them apart."""


@dataclass(slots=True)
class Stretch:
    """A steady tone, in milliseconds since the start of the audio; ``sounding`` until it has ended."""

    start_ms: int
    end_ms: int
    hz: float
    """The lower one of a pair."""
    second_hz: float
    """The upper one of a pair; 0 for a single tone."""
    level_db: float
    purity: float
    wander_hz: float = 0.0
    """How far the pitch (either one) is from its mean, on average over the pure frames."""
    rise_db: float = 0.0
    """How much louder it began than the quietest moment just before."""
    frames: int = 1
    pure_frames: int = 1
    sounding: bool = True
    told: bool = False
    """Set by whoever has reported it, or found it to be nothing."""
    beside_hz: float = 0.0
    beside_share: float = 0.0
    beside_frames: int = 0
    """A second peak that stays: its pitch, what both together have of the power, and for how many frames."""
    newest_db: float = 0.0
    """Level of the newest frame, which may be cut off and does not count yet."""
    whole_frames: int = 0
    whole_db: float = 0.0
    swing: float = 0.0
    """How many frames are whole, their mean level, and the sum of the squares of what they are off it."""

    @property
    def ms(self) -> int:
        """Length so far."""
        return self.end_ms - self.start_ms

    @property
    def ripple_db(self) -> float:
        """How far the level swings about its mean, the first frame and the last left out."""
        return math.sqrt(self.swing / self.whole_frames) if self.whole_frames else 0.0


class SteadyTones:
    """Keeps the last few stretches of one leg, newest last."""

    def __init__(self) -> None:
        self.recent: list[Stretch] = []
        self._missed = 0
        self._paired = 0
        self._before: deque[float] = deque([-100.0], maxlen=_BEFORE)

    @property
    def last(self) -> Stretch | None:
        """The newest."""
        return self.recent[-1] if self.recent else None

    def frame(self, look: Look, at_ms: int) -> None:
        """Take the frame that ends at ``at_ms``: it continues, ends or opens a stretch."""
        last = self.recent[-1] if self.recent and self.recent[-1].sounding else None
        heard = look.level_db >= _QUIETEST_DB and look.drop_db < _DROP_DB
        loud = last is not None and look.level_db >= last.level_db - _DROP_DB
        if last is not None and heard and loud and _goes_on(last, look):
            _extend(last, look, at_ms)
            self._missed = self._paired = 0
            return
        self._missed += 1
        pitch = self._new_pitch(look) if heard else None
        if last is not None and pitch is not None and self._missed <= _MISSING and _blurred(last, pitch):
            pitch = None
        if last is not None and (pitch is not None or self._missed > _MISSING):
            last.sounding = False
        if pitch is not None and not self._echoes(pitch, look, at_ms):
            self._open(pitch, look, at_ms)
        self._before.append(look.level_db)

    def _echoes(self, pitch: tuple[float, float], look: Look, at_ms: int) -> bool:
        """A tone that has just ended comes back more quietly."""
        return any(
            at_ms - one.end_ms <= _ECHO_MS
            and look.level_db <= one.level_db - _ECHO_DB
            and abs(pitch[0] - one.hz) <= _DRIFT_HZ
            and abs(pitch[1] - one.second_hz) <= _DRIFT_HZ
            for one in self.recent
        )

    def _new_pitch(self, look: Look) -> tuple[float, float] | None:
        pitch = _pitch(look, _OPENS)
        self._paired = self._paired + 1 if pitch is not None and pitch[1] else 0
        if pitch is None or pitch[0] < _LOWEST_HZ:
            return None
        return pitch if self._paired in (0, _PAIRED) else None

    def _open(self, pitch: tuple[float, float], look: Look, at_ms: int) -> None:
        start_ms = at_ms - FRAME_MS * max(1, self._paired)
        rise_db = look.level_db - min(self._before)
        purity = _purity(look, pitch)
        opened = Stretch(start_ms, at_ms, *pitch, look.level_db, purity, rise_db=rise_db)
        for level_db in list(self._before)[-self._paired + 2 :] if self._paired > 1 else ():
            _weigh(opened, level_db)
        opened.newest_db = look.level_db
        self.recent.append(opened)
        del self.recent[:-_MEMORY]
        self._missed = self._paired = 0


def _blurred(last: Stretch, pitch: tuple[float, float]) -> bool:
    return last.second_hz == pitch[1] == 0.0 and abs(pitch[0] - last.hz) <= _BLUR_HZ


def _purity(look: Look, pitch: tuple[float, float]) -> float:
    """A pair's own two peaks; of a single tone also the third harmonic that clipping makes."""
    clipped = abs(look.second_hz - 3 * look.first_hz) <= _DRIFT_HZ
    return look.first_share + (look.second_share if pitch[1] or clipped else 0.0)


def _pitch(look: Look, share: float) -> tuple[float, float] | None:
    """The single tone (second 0) or the pair that has this share of the power, if one has."""
    if look.first_share >= share:
        return look.first_hz, 0.0
    low, high = sorted((look.first_hz, look.second_hz))
    together = look.first_share + look.second_share
    if together < share or look.second_share * _WEAKER < look.first_share or high - low < _APART_HZ:
        return None
    return low, high


def _goes_on(last: Stretch, look: Look) -> bool:
    if last.second_hz == 0.0:
        return look.first_share >= _GOES_ON and abs(look.first_hz - last.hz) <= _DRIFT_HZ
    low, high = sorted((look.first_hz, look.second_hz))
    if look.first_share + look.second_share < _GOES_ON:
        return False
    return abs(low - last.hz) <= _DRIFT_HZ and abs(high - last.second_hz) <= _DRIFT_HZ


def _extend(stretch: Stretch, look: Look, at_ms: int) -> None:
    stretch.frames += 1
    stretch.end_ms = at_ms
    stretch.level_db += (look.level_db - stretch.level_db) / min(stretch.frames, _LEVEL_FRAMES)
    if stretch.frames > 2 or stretch.second_hz:
        _weigh(stretch, stretch.newest_db)
    stretch.newest_db = look.level_db
    low, high = sorted((look.first_hz, look.second_hz))
    pitch = (low, high) if stretch.second_hz else (look.first_hz, 0.0)
    if not stretch.second_hz:
        _look_beside(stretch, look)
    if look.first_share + (look.second_share if stretch.second_hz else 0.0) < _OPENS:
        return
    stretch.pure_frames += 1
    weight = 1 / stretch.pure_frames
    stretch.purity += (_purity(look, pitch) - stretch.purity) * weight
    stretch.hz += (pitch[0] - stretch.hz) * weight
    stretch.second_hz += (pitch[1] - stretch.second_hz) * weight
    off_hz = max(abs(pitch[0] - stretch.hz), abs(pitch[1] - stretch.second_hz))
    stretch.wander_hz += (off_hz - stretch.wander_hz) * weight


def _weigh(stretch: Stretch, level_db: float) -> None:
    """Count a frame that is known to be whole."""
    stretch.whole_frames += 1
    off_db = level_db - stretch.whole_db
    stretch.whole_db += off_db / stretch.whole_frames
    stretch.swing += off_db * (level_db - stretch.whole_db)


def _look_beside(stretch: Stretch, look: Look) -> None:
    """Where one tone of a pair is much the stronger, it is taken for a single one at first."""
    together = look.first_share + look.second_share
    if together < _OPENS or look.second_share * _WEAKER < look.first_share:
        return
    if abs(look.second_hz - stretch.beside_hz) > _DRIFT_HZ or not stretch.beside_frames:
        stretch.beside_frames, stretch.beside_hz, stretch.beside_share = 0, look.second_hz, together
    stretch.beside_frames += 1
    weight = 1 / stretch.beside_frames
    stretch.beside_hz += (look.second_hz - stretch.beside_hz) * weight
    stretch.beside_share += (together - stretch.beside_share) * weight
