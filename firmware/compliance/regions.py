"""Where within its country a contact may be, as far as public holidays differ there.

Asked in this order: a column that names the state, a postcode, the number's area code; what none of them tells may be
anywhere in the country, and then every state must allow the call. The tables are ``area_codes``', the holidays
``holiday_tables``'.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from firmware.compliance.area_codes import AREAS, POSTCODES, STATE_NAMES
from firmware.compliance.holiday_tables import is_known, states_of
from firmware.compliance.number_plans import BY_CODE, PLANS

STATE_COLUMNS = frozenset(
    {
        "region",
        "state",
        "federal state",
        "bundesland",
        "kanton",
        "canton",
        "county",
        "département",
        "departement",
    }
)
POSTCODE_COLUMNS = frozenset(
    {"postcode", "post code", "postal code", "zip", "zip code", "plz", "postleitzahl", "npa", "code postal"}
)
_LONGEST_BEGINNING = 4


def places_of(number: str, fields: Mapping[str, str], country: str) -> tuple[str, ...]:
    """Return the places (``DE-BY``) whose holidays may be a contact's; ``country`` is where a number without a plan
    of ours belongs. Empty where no table of holidays is known."""
    state = postcode = ""
    for name, value in fields.items():
        column = name.casefold()
        if column in STATE_COLUMNS:
            state = value
        elif column in POSTCODE_COLUMNS:
            postcode = value
    return _places(number[: _LONGEST_BEGINNING + 3], state.strip(), postcode.strip(), country)


def country_of(number: str, otherwise: str) -> str:
    """Return the country an E.164 number belongs to, among those with rules of their own; else ``otherwise``."""
    return _BY_CODE.get(number[1:3]) or _BY_CODE.get(number[1:2]) or otherwise


@lru_cache(maxsize=16384)
def _places(beginning: str, state: str, postcode: str, otherwise: str) -> tuple[str, ...]:
    country = country_of(beginning, otherwise)
    named = _named(country, state)
    if named:
        return (named,)
    found = _by_beginning(POSTCODES.get(country, {}), postcode) if postcode else ()
    if not found:
        found = _by_beginning(AREAS.get(country, {}), _national(beginning))
    if found:
        return found
    everywhere = states_of(country)
    return everywhere or ((country,) if is_known(country) else ())


def _named(country: str, state: str) -> str:
    """A state as people write it (``BY``, ``DE-BY``, ``Bayern``); empty if it is none."""
    if not state:
        return ""
    code = STATE_NAMES.get(country, {}).get(state.casefold(), state.upper().removeprefix(f"{country}-"))
    place = f"{country}-{code}"
    return place if place in states_of(country) else ""


def _by_beginning(table: Mapping[str, tuple[str, ...]], digits: str) -> tuple[str, ...]:
    for length in range(min(len(digits), _LONGEST_BEGINNING), 0, -1):
        found = table.get(digits[:length])
        if found:
            return found
    return ()


def _national(number: str) -> str:
    """The first digits after the country code."""
    for length in (2, 1):
        if number[1 : 1 + length] in _BY_CODE:
            return number[1 + length :]
    return ""


_BY_CODE: Mapping[str, str] = {
    **{code: next(c for c, plan in PLANS.items() if plan is found) for code, found in BY_CODE.items()},
    "33": "FR",
}
"""Country code to country; the United States stand for all of their code."""
