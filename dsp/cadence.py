"""Ringback, busy and congestion: a progress tone switched on and off in its country's rhythm.

One follower keeps the recent on and off times; after each change it asks whether they end in a known pattern.
Speech or music between the bursts clears the memory: only quiet counts as off. Which tone is on belongs to
``spectrum``.
"""

from __future__ import annotations

from dataclasses import dataclass

from dsp.countries import Cadence, Progress, ordered_for
from dsp.spectrum import FRAME_MS, Look

_QUIETEST_DB = -46.0
_PURITY = 0.8
_DROP_DB = 8.0
"""Off means at least this much quieter than the tone was."""
_ODD_FRAMES = 6
"""This many frames in a row that are neither tone nor quiet end the rhythm; a lost packet blurs five."""
_GLITCH_MS = 80
"""A shorter gap in a burst is a lost packet, and belongs to it."""
_LONG_OFF_MS = 900
"""A pause at least this long need not be waited out: ringback is known early in its pause."""
_EPISODE_OVER_MS = 7000
"""Longer without the tone than any cadence's pause: the next one is news again."""
_HZ_TOLERANCE = 25.0
_MEMORY = 13
_SLACK_MS, _SLACK = 45, 0.12
"""A span fits if it is within 45 ms or 12 % of the pattern's."""
_FAST_CYCLE_MS = 620
"""So fast a rhythm must be heard three times: Italy's dial tone and Spain's congestion begin like busy tones."""


@dataclass(slots=True)
class _Span:
    on: bool
    frames: int = 0
    heard: int = 0
    """Frames that were this clearly; the others lie between."""
    hz_sum: float = 0.0
    dual_frames: int = 0

    @property
    def ms(self) -> int:
        return self.frames * FRAME_MS


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A progress tone that was recognised: the likeliest cadence, and every country that has one like it."""

    cadence: Cadence
    countries: tuple[str, ...]
    ms: int
    """Since the tone that fitted first began."""


class CadenceFollower:
    """Feeds on frames, answers with a rhythm once per episode of the tone."""

    def __init__(self, country: str, own: tuple[Cadence, ...] = ()) -> None:
        """``own``: cadences of one line, before all others."""
        self._country = country
        self._own = len(own)
        self._cadences = (*own, *ordered_for(country))
        self._spans: list[_Span] = [_Span(on=False)]
        self._tone_db = 0.0
        self._odd = 0
        self._reported: Progress | None = None
        self.sounding = False
        """The latest frame was a progress tone by its pitch, in rhythm or not."""

    @property
    def in_rhythm(self) -> bool:
        """A reported progress tone is still going on (its bursts are then no voicemail beeps)."""
        return self._reported is not None

    def frame(self, look: Look) -> Rhythm | None:
        """Take the next frame; the rhythm that has just become certain, else ``None``."""
        dual = _is_wide_pair(look)
        self.sounding = look.smooth_drop_db < _DROP_DB and (dual or _is_single(look))
        if self.sounding:
            self._odd = 0
            self._tone_db = look.smooth_db
            span = self._span(on=True)
            span.hz_sum += look.low_hz
            span.dual_frames += dual
        elif look.smooth_db <= self._tone_db - _DROP_DB:
            self._odd = 0
            span = self._span(on=False)
        else:
            self._odd_frame()
            return None
        span.frames += 1
        span.heard += 1
        if not span.on and span.ms > _EPISODE_OVER_MS:
            self._reported = None
        return self._match()

    def _odd_frame(self) -> None:
        """A frame at the edge of a burst keeps the rhythm; more in a row are speech or music and end it."""
        self._odd += 1
        self._spans[-1].frames += 1
        if self._odd >= _ODD_FRAMES:
            self._spans = [_Span(on=False)]
            self._reported = None

    def _span(self, *, on: bool) -> _Span:
        spans = self._spans
        if spans[-1].on == on:
            return spans[-1]
        if on and len(spans) > 2 and spans[-1].ms < _GLITCH_MS:
            spans[-2].frames += spans.pop().frames
            return spans[-1]
        spans.append(_Span(on=on))
        del spans[:-_MEMORY]
        return spans[-1]

    def _match(self) -> Rhythm | None:
        """Short cadences are judged when the next burst begins, long ones (ringback) early in their pause."""
        last = self._spans[-1]
        if (last.on and last.frames > 1) or (not last.on and last.ms != _LONG_OFF_MS):
            return None
        known = self._spans[:-1] if last.on else self._spans
        misses = [
            (rank >= self._own, cadence.country != self._country, miss, cadence.variant, rank)
            for rank, cadence in enumerate(self._cadences)
            if (miss := _misfit(known, cadence, last.on)) >= 0
        ]
        if not misses:
            return None
        best = self._cadences[min(misses)[-1]]
        if best.kind == self._reported:
            return None
        self._reported = best.kind
        alike = [self._cadences[rank] for *_, rank in sorted(misses)]
        countries = tuple(dict.fromkeys(one.country for one in alike if one.kind == best.kind))
        return Rhythm(best, countries, sum(span.ms for span in self._spans[-_length(best, last.on) :]))


def _cycles(cadence: Cadence) -> int:
    """How often the pattern must have been heard."""
    if cadence.pattern_ms[-1] >= _LONG_OFF_MS or len(cadence.pattern_ms) > 4:
        return 1
    return 3 if sum(cadence.pattern_ms) <= _FAST_CYCLE_MS else 2


def _length(cadence: Cadence, next_burst: bool) -> int:
    """Spans that a match covers, the burst after it included."""
    return len(cadence.pattern_ms) * _cycles(cadence) + next_burst


def _misfit(spans: list[_Span], cadence: Cadence, next_burst: bool) -> int:
    """Milliseconds by which the latest spans miss the pattern; -1: no match."""
    long_pause = cadence.pattern_ms[-1] >= _LONG_OFF_MS
    wanted = cadence.pattern_ms * _cycles(cadence)
    spans = spans[-len(wanted) :]
    if len(spans) < len(wanted) or not spans[0].on or long_pause == next_burst:
        return -1
    if long_pause:
        spans, wanted = spans[:-1], wanted[:-1]
    misses = [abs(span.ms - ms) for span, ms in zip(spans, wanted, strict=True)]
    if any(miss > max(_SLACK_MS, ms * _SLACK) for miss, ms in zip(misses, wanted, strict=True)):
        return -1
    return sum(misses) if all(_sounds_like(span, cadence.hz) for span in spans if span.on) else -1


def _is_single(look: Look) -> bool:
    return look.smooth_db >= _QUIETEST_DB and look.low_share >= _PURITY


def _is_wide_pair(look: Look) -> bool:
    """480 + 620 Hz, the one pair in the table that 40 ms can take apart."""
    if look.smooth_db < _QUIETEST_DB or look.first_share + look.second_share < _PURITY:
        return False
    low, high = sorted((look.first_hz, look.second_hz))
    balanced = look.second_share * 6.3 >= look.first_share
    return balanced and abs(low - 480.0) <= _HZ_TOLERANCE and abs(high - 620.0) <= _HZ_TOLERANCE


def _sounds_like(span: _Span, hz: tuple[float, ...]) -> bool:
    mostly_dual = span.dual_frames * 2 > span.heard
    if mostly_dual or max(hz) > 600:
        return mostly_dual and max(hz) > 600
    return abs(span.hz_sum / max(1, span.heard) - sum(hz) / len(hz)) <= _HZ_TOLERANCE
