"""Public holidays, from the tables of the ``holidays`` library: which days of a place are closed, offline.

A place is a country or one of its states: ``DE``, ``DE-BY``, ``FR-57``. Where a holiday is kept in parts of a state
only (Corpus Christi in Saxony and Thuringia, the Assumption in Bavaria) it counts for the whole state: the number
does not say in which part it is. The library is loaded when the first holiday is asked for and its tables are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

_EPOCH = date(1970, 1, 1).toordinal()
_BESIDES: Mapping[str, tuple[str, ...]] = {"DE": ("catholic",)}
"""Kinds of holidays beside the public ones that close a day in parts of a country."""


@lru_cache(maxsize=1)
def table_version() -> str:
    """Return the version of the tables, as permits name it."""
    from importlib.metadata import (
        version,  # reads half of the library for e-mail: not for the edge, not for the pages
    )

    return f"holidays {version('holidays')}"


def is_known(place: str) -> bool:
    """Tell whether there is a table for a place."""
    country, _, state = place.partition("-")
    states = _states(country)
    return states is not None and (not state or state in states)


def load(country: str, year: int) -> None:
    """Load a country's tables for a year and the next, so that the first call of the day need not wait for them."""
    table_version()
    for place in states_of(country) or (country,):
        closed_days(place, year)
        closed_days(place, year + 1)


def states_of(country: str) -> tuple[str, ...]:
    """Return the places of a country that have a table of their own; empty where there are none."""
    return _STATES.get(country, ())


@lru_cache(maxsize=512)
def closed_days(place: str, year: int) -> frozenset[int]:
    """Return the holidays of a place in a year, as days since 1 January 1970. Empty for an unknown place."""
    return frozenset(day.toordinal() - _EPOCH for day in _named(place, year))


def is_closed(place: str, day: int) -> bool:
    """Tell whether a day (since 1970) is a holiday of a place."""
    return day in closed_days(place, date.fromordinal(day + _EPOCH).year)


def name_of(place: str, day: int) -> str:
    """Return what a holiday is called (English), by its day since 1970; empty on any other day."""
    at = date.fromordinal(day + _EPOCH)
    return _named(place, at.year).get(at, "")


@lru_cache(maxsize=512)
def _named(place: str, year: int) -> Mapping[date, str]:
    import holidays

    if not is_known(place):
        return {}
    country, _, state = place.partition("-")
    found = holidays.country_holidays(
        country,
        subdiv=state or None,
        years=year,
        language="en_US",
        categories=("public", *_BESIDES.get(country, ())),
    )
    return {day: str(name) for day, name in found.items() if day.year == year}


@lru_cache(maxsize=64)
def _states(country: str) -> frozenset[str] | None:
    """The states a country has a table for, None without a table. Loads that country's table and no other."""
    import holidays

    if not (len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()):
        return None
    table = getattr(holidays, country, None)
    return None if table is None else frozenset(table.subdivisions)


_STATES: Mapping[str, tuple[str, ...]] = {
    "DE": tuple(f"DE-{state}" for state in "BB BE BW BY HB HE HH MV NI NW RP SH SL SN ST TH".split()),
    "CH": tuple(
        f"CH-{state}"
        for state in "AG AI AR BE BL BS FR GE GL GR JU LU NE NW OW SG SH SO SZ TG TI UR VD VS ZG ZH".split()
    ),
    "GB": ("GB-ENG", "GB-NIR", "GB-SCT", "GB-WLS"),
    "FR": ("FR", "FR-57", "FR-6AE"),
}
"""Where holidays differ within a country. France: the rest, Moselle, and European Alsace."""
