"""Ringback, busy and congestion: a progress tone switched on and off in its country's rhythm.

One follower keeps the recent on and off times; after each change it asks whether they end in a known pattern.
Speech or music between the bursts clears the memory: only quiet counts as off. Which tone is on belongs to
``spectrum``.
"""

from __future__ import annotations

from dataclasses import dataclass

from dsp.countries import Cadence, Progress, ordered_for
from dsp.spectrum import FRAME_MS, Look

_QUIETEST_DB = -45.0
_PURITY = 0.85
_DROP_DB = 9.0
"""Off means at least this much quieter than the tone was."""
_ODD_FRAMES = 3
"""This many frames in a row that are neither tone nor quiet end the rhythm."""
_LONG_OFF_MS = 900
"""A pause at least this long need not be waited out: ringback is known early in its pause."""
_EPISODE_OVER_MS = 7000
"""Longer without the tone than any cadence's pause: the next one is news again."""
_HZ_TOLERANCE = 25.0
_MEMORY = 9
_SLACK_MS, _SLACK = 45, 0.12
"""A span fits if it is within 45 ms or 12 % of the pattern's."""


@dataclass(slots=True)
class _Span:
    on: bool
    frames: int = 0
    hz_sum: float = 0.0
    dual_frames: int = 0

    @property
    def ms(self) -> int:
        return self.frames * FRAME_MS


class CadenceFollower:
    """Feeds on frames, answers with a cadence once per episode of the tone."""

    def __init__(self, country: str) -> None:
        self._country = country
        self._cadences = ordered_for(country)
        self._spans: list[_Span] = [_Span(on=False)]
        self._tone_db = 0.0
        self._odd = 0
        self._reported: Progress | None = None

    @property
    def in_rhythm(self) -> bool:
        """A reported progress tone is still going on (its bursts are then no voicemail beeps)."""
        return self._reported is not None

    def frame(self, look: Look) -> Cadence | None:
        """Take the next frame; the cadence that has just become certain, else ``None``."""
        dual = _is_wide_pair(look)
        if dual or _is_single(look):
            self._odd = 0
            self._tone_db = look.level_db
            span = self._span(on=True)
            span.hz_sum += look.low_hz
            span.dual_frames += dual
        elif look.level_db <= self._tone_db - _DROP_DB:
            self._odd = 0
            span = self._span(on=False)
        else:
            self._odd_frame()
            return None
        span.frames += 1
        if not span.on and span.ms > _EPISODE_OVER_MS:
            self._reported = None
        return self._match()

    def _odd_frame(self) -> None:
        """A frame at the edge of a burst keeps the rhythm; three in a row are speech or music and end it."""
        self._odd += 1
        self._spans[-1].frames += 1
        if self._odd >= _ODD_FRAMES:
            self._spans = [_Span(on=False)]
            self._reported = None

    def _span(self, *, on: bool) -> _Span:
        if self._spans[-1].on != on:
            self._spans.append(_Span(on=on))
            del self._spans[:-_MEMORY]
        return self._spans[-1]

    def _match(self) -> Cadence | None:
        """Short cadences are judged when the next burst begins, long ones (ringback) early in their pause."""
        spans, last = self._spans, self._spans[-1]
        if last.on and last.frames > 1:
            return None
        known = spans[:-1] if last.on else spans
        misfits = [
            (misfit, rank)
            for rank, c in enumerate(self._cadences)
            if (misfit := _misfit(known, c, last.on)) >= 0
        ]
        if not misfits:
            return None
        own = [found for found in misfits if self._cadences[found[1]].country == self._country]
        cadence = self._cadences[min(own or misfits)[1]]
        if cadence.kind == self._reported:
            return None
        self._reported = cadence.kind
        return cadence


def _misfit(spans: list[_Span], cadence: Cadence, next_burst: bool) -> int:
    """Milliseconds by which the latest spans miss one cycle of a long pattern or two of a short one; -1: no
    match.
    """
    long_pause = cadence.pattern_ms[-1] >= _LONG_OFF_MS
    wanted = cadence.pattern_ms * (1 if long_pause else 2)
    spans = spans[-len(wanted) :]
    if len(spans) < len(wanted) or not spans[0].on or long_pause == next_burst:
        return -1
    if long_pause:
        if spans[-1].ms < _LONG_OFF_MS:
            return -1
        spans, wanted = spans[:-1], wanted[:-1]
    misses = [abs(span.ms - ms) for span, ms in zip(spans, wanted, strict=True)]
    if any(miss > max(_SLACK_MS, ms * _SLACK) for miss, ms in zip(misses, wanted, strict=True)):
        return -1
    return sum(misses) if all(_sounds_like(span, cadence.hz) for span in spans if span.on) else -1


def _is_single(look: Look) -> bool:
    return look.level_db >= _QUIETEST_DB and look.low_share >= _PURITY


def _is_wide_pair(look: Look) -> bool:
    """480 + 620 Hz, the one pair in the table that 40 ms can take apart."""
    if look.level_db < _QUIETEST_DB or look.first_share + look.second_share < _PURITY:
        return False
    low, high = sorted((look.first_hz, look.second_hz))
    balanced = look.second_share * 6.3 >= look.first_share
    return balanced and abs(low - 480.0) <= _HZ_TOLERANCE and abs(high - 620.0) <= _HZ_TOLERANCE


def _sounds_like(span: _Span, hz: tuple[float, ...]) -> bool:
    mostly_dual = span.dual_frames * 2 > span.frames
    if mostly_dual or max(hz) > 600:
        return mostly_dual and max(hz) > 600
    return abs(span.hz_sum / span.frames - sum(hz) / len(hz)) <= _HZ_TOLERANCE
