"""How a country's lines want to be treated: dial tones, keys, pulses, flash, opened loops. Data only.

ITU-T E.180 supplement 2 and national practice for the tones, ES 201 235 and national levels for keys (Switzerland and
the United States send both groups alike), E.180 and TBR 21 for pulses. Busy and ringback are ``dsp.countries``'.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

Hz = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LineCountry:
    """One country. Times in ms, levels in dBm0 of each of the two tones."""

    country: str
    dial: tuple[Hz, ...] = ((425.0,),)
    """Tones that mean dial, steady or (where ``dial_patterns`` says so) switched."""
    dial_patterns: tuple[tuple[int, ...], ...] = ()
    """On, off, on, off ... of dial tones with a rhythm."""
    unobtainable: Hz = ()
    """A steady tone that means the opposite."""
    key_ms: tuple[int, int] = (100, 100)
    low_dbm0: float = -11.0
    high_dbm0: float = -9.0
    pulse_ms: tuple[int, int] = (61, 39)
    """Break and make of a dial pulse."""
    between_digits_ms: int = 800
    flash_ms: int = 100
    cpc_ms: int = 80
    """An opened loop so long means that the far end has gone."""


_COUNTRIES = (
    LineCountry("DE", ((425.0,), (450.0,), (400.0, 425.0)), flash_ms=200),
    LineCountry("AT", ((420.0,), (450.0,), (380.0, 420.0))),
    LineCountry("CH", ((425.0,), (500.0,), (340.0, 425.0)), low_dbm0=-10.0, high_dbm0=-10.0),
    LineCountry("GB", ((350.0, 440.0), (440.0,)), unobtainable=(400.0,), pulse_ms=(67, 33)),
    LineCountry(
        "US", ((350.0, 440.0),), low_dbm0=-10.0, high_dbm0=-10.0, flash_ms=700, pulse_ms=(61, 39), cpc_ms=200
    ),
    LineCountry("FR", ((440.0,), (330.0, 440.0)), pulse_ms=(67, 33), flash_ms=250),
    LineCountry("IT", ((425.0,),), ((200, 200, 600, 1000),)),
    LineCountry("ES", ((425.0,), (600.0,)), ((1000, 100),)),
    LineCountry("NL", ((425.0,), (450.0,)), ((500, 50),)),
    LineCountry("PL", ((425.0,), (350.0, 425.0))),
    LineCountry("DK"),
    LineCountry("SE"),
)
COUNTRIES: dict[str, LineCountry] = {one.country: one for one in _COUNTRIES}


def line_country(country: str) -> LineCountry:
    """An ISO 3166 code's habits; one that is not in the table is treated like a plain European line."""
    return COUNTRIES.get(country) or replace(LineCountry("DE"), country=country)
