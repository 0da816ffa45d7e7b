"""Call progress tones of the countries this box is likely to call (ITU-T E.180 supplement 2 and national
variants).

Data only. Sources: the supplement as Asterisk's table of indications has it; variants from spandsp's; Germany's row
agrees with 1TR110-1. Denmark and Sweden are Asterisk's; Denmark's variants are not confirmed by a source at hand.

A pattern is on, off, on, off ... in milliseconds. The set country is searched first; after it all the others, because a
roaming mobile answers with the ringback of the network it is in. A ``variant`` is heard on some of a country's
exchanges only and stands back behind the usual form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Progress = Literal["ringback", "busy", "congestion"]


@dataclass(frozen=True, slots=True)
class Cadence:
    """One tone of one country."""

    country: str
    kind: Progress
    hz: tuple[float, ...]
    pattern_ms: tuple[int, ...]
    variant: bool = False


CADENCES: tuple[Cadence, ...] = (
    Cadence("DE", "ringback", (425,), (1000, 4000)),
    Cadence("DE", "ringback", (425,), (1000, 5000), variant=True),
    Cadence("DE", "busy", (425,), (480, 480)),
    Cadence("DE", "busy", (425,), (150, 475), variant=True),
    Cadence("DE", "congestion", (425,), (240, 240)),
    Cadence("AT", "ringback", (420,), (1000, 5000)),
    Cadence("AT", "busy", (420,), (400, 400)),
    Cadence("AT", "busy", (450,), (300, 300), variant=True),
    Cadence("AT", "congestion", (420,), (200, 200)),
    Cadence("CH", "ringback", (425,), (1000, 4000)),
    Cadence("CH", "busy", (425,), (500, 500)),
    Cadence("CH", "busy", (425,), (250, 250), variant=True),
    Cadence("CH", "congestion", (425,), (200, 200)),
    Cadence("GB", "ringback", (400, 450), (400, 200, 400, 2000)),
    Cadence("GB", "ringback", (375, 425), (400, 200, 400, 2000), variant=True),
    Cadence("GB", "ringback", (383, 417), (400, 200, 400, 2000), variant=True),
    Cadence("GB", "busy", (400,), (375, 375)),
    Cadence("GB", "congestion", (400,), (400, 350, 225, 525)),
    Cadence("US", "ringback", (440, 480), (2000, 4000)),
    Cadence("US", "ringback", (440, 480), (1000, 3000), variant=True),
    Cadence("US", "busy", (480, 620), (500, 500)),
    Cadence("US", "congestion", (480, 620), (250, 250)),
    Cadence("FR", "ringback", (440,), (1500, 3500)),
    Cadence("FR", "busy", (440,), (500, 500)),
    Cadence("FR", "congestion", (440,), (250, 250)),
    Cadence("IT", "ringback", (425,), (1000, 4000)),
    Cadence("IT", "busy", (425,), (500, 500)),
    Cadence("IT", "congestion", (425,), (200, 200)),
    Cadence("ES", "ringback", (425,), (1500, 3000)),
    Cadence("ES", "busy", (425,), (200, 200)),
    Cadence("ES", "congestion", (425,), (200, 200, 200, 200, 200, 600)),
    Cadence("ES", "congestion", (425,), (250, 250), variant=True),
    Cadence("NL", "ringback", (425,), (1000, 4000)),
    Cadence("NL", "busy", (425,), (500, 500)),
    Cadence("NL", "congestion", (425,), (250, 250)),
    Cadence("PL", "ringback", (425,), (1000, 4000)),
    Cadence("PL", "busy", (425,), (500, 500)),
    Cadence("DK", "ringback", (425,), (1000, 4000)),
    Cadence("DK", "busy", (425,), (500, 500)),
    Cadence("DK", "busy", (425,), (250, 250), variant=True),
    Cadence("DK", "congestion", (425,), (200, 200)),
    Cadence("DK", "congestion", (425,), (450, 450), variant=True),
    Cadence("SE", "ringback", (425,), (1000, 5000)),
    Cadence("SE", "busy", (425,), (250, 250)),
    Cadence("SE", "congestion", (425,), (250, 750)),
)
"""Poland's congestion tone is its busy tone; some exchanges of Italy (0.2/0.2) and the Netherlands (0.25/0.25) have the
rhythm of congestion for busy, and of those it is called congestion. The dial tones of Italy (0.2/0.2/0.6/1.0 s), Spain
(1.0/0.1), the Netherlands (0.5/0.05) and Switzerland (1.1/1.1) have a rhythm too and must fit none of these."""


def ordered_for(country: str) -> tuple[Cadence, ...]:
    """All cadences, those of ``country`` (ISO 3166 code) first; variants only of that country.

    An unknown country simply has none of its own.
    """
    own = sorted((one for one in CADENCES if one.country == country), key=lambda one: one.variant)
    return (*own, *(one for one in CADENCES if one.country != country and not one.variant))
