"""The rhythm behind a reported progress tone, looked up by the country its detail names first."""

from __future__ import annotations

from dsp.countries import CADENCES
from dsp.tones import Tone

_USUAL_MS = {"ringback": (1000, 4000)}
_ANY_MS = (500, 500)


def pattern_ms(tone: Tone) -> tuple[int, ...]:
    """On, off ... of a ringback, busy or congestion tone; a usual one where the table has none."""
    country = tone.detail.split(" ", 1)[0]
    known = (one.pattern_ms for one in CADENCES if (one.country, one.kind) == (country, tone.kind))
    return next(known, _USUAL_MS.get(tone.kind, _ANY_MS))
