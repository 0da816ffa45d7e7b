"""Adds to a verdict the few numbers that let another threshold be asked later (``replay``). See README.md.

Stands between the ears' thread and ``dsp``'s analyser; what is heard and decided stays the analyser's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType

from dsp import AmdModel, AmdSettings, Analyser, Event, TrackPoint, Verdict
from dsp.amd import HEARD, STEADY_STEPS, Limits, steady
from dsp.frames import Samples

PEAK = "machine_peak"
AT_LAST = "machine_at_last"
_STEP_MS = 100


class Keeping:
    """An analyser whose verdicts carry these numbers."""

    def __init__(self, settings: AmdSettings, model: AmdModel, *, machine: bool = False) -> None:
        self._settings = settings
        self._limits = model.card.limits[settings.sensitivity]
        self._analyser = Analyser(settings, model, machine=machine)

    def done(self) -> bool:
        """As the analyser's."""
        return self._analyser.done()

    def answered(self) -> None:
        """The far end accepted."""
        self._analyser.answered()

    def feed(self, samples: Samples) -> list[Event]:
        """As the analyser's."""
        return [self._with_kept(event) for event in self._analyser.feed(samples)]

    def _with_kept(self, event: Event) -> Event:
        if not isinstance(event, Verdict):
            return event
        track = [point for point in self._analyser.features() if point.at_ms <= event.at_ms]
        last = "at_last" in event.figures
        more = kept(track, self._settings.max_decision_s, self._limits, settled=last)
        return replace(event, figures=MappingProxyType({**event.figures, **more}))


def kept(
    track: Iterable[TrackPoint], max_decision_s: float, limits: Limits, *, settled: bool = False
) -> dict[str, float]:
    """The numbers for a verdict that fell at the end of ``track``: odds 0..1, cut to four decimals.

    ``settled``: the verdict says itself that its step was the last one, which with ``settle_before_ms`` comes before
    the time is up.
    """
    points = list(track)
    speech_ms, peak = 0, 0.0
    for place, point in enumerate(points, 1):
        speech_ms += _STEP_MS if point.odds.speech >= HEARD else 0
        lately = (earlier.odds.machine for earlier in points[max(0, place - STEADY_STEPS) : place])
        machine = _cut(steady(lately)) if speech_ms >= limits.machine_speech_ms else 0.0
        if point.at_ms + _STEP_MS > max_decision_s * 1000 or (settled and place == len(points)):
            return {PEAK: peak, AT_LAST: machine}
        peak = max(peak, machine)
    return {PEAK: peak}


def _cut(odds: float) -> float:
    return math.floor(odds * 10_000) / 10_000
