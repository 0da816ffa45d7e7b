"""Public holidays, from the tables of the ``holidays`` library: which days of a place are closed, offline.

A place is a country or one of its states: ``DE``, ``DE-BY``, ``FR-57``. Where a holiday is kept in parts of a state
only (Corpus Christi in Saxony and Thuringia, the Assumption in Bavaria) it counts for the whole state: the number
does not say in which part it is. The library is loaded when the first holiday is asked for and its tables are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.metadata import version

_EPOCH = date(1970, 1, 1).toordinal()
_BESIDES: Mapping[str, tuple[str, ...]] = {"DE": ("catholic",)}
"""Kinds of holidays beside the public ones that close a day in parts of a country."""


@lru_cache(maxsize=1)
def table_version() -> str:
    """Return the version of the tables, as permits name it."""
    return f"holidays {version('holidays')}"


def is_known(place: str) -> bool:
    """Tell whether there is a table for a place."""
    country, _, state = place.partition("-")
    states = _supported().get(country)
    return states is not None and (not state or state in states)


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


@lru_cache(maxsize=1)
def _supported() -> Mapping[str, frozenset[str]]:
    import holidays

    return {
        c: frozenset(states) for c, states in holidays.list_supported_countries(include_aliases=False).items()
    }


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
