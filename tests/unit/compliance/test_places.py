"""Public holidays per state, where a contact may be, and calls on days that are none."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.compliance.area_codes import AREAS, POSTCODES
from firmware.compliance.holiday_tables import closed_days, is_closed, is_known, name_of, states_of
from firmware.compliance.judge import judge
from firmware.compliance.regions import places_of
from firmware.compliance.windows import next_opening
from firmware.model import CallWindow, CampaignSettings, Permit, Refusal
from tests.unit.compliance.test_judge import Someone

ALWAYS = tuple(CallWindow(day, 0, 1440) for day in range(7))
SETTINGS = CampaignSettings("x", windows=ALWAYS)
STATES = "BB BE BW BY HB HE HH MV NI NW RP SH SL SN ST TH".split()
KEPT = {
    "2026-01-06": "BW BY ST",
    "2026-03-08": "BE MV",
    "2026-06-04": "BW BY HE NW RP SL SN TH",
    "2026-08-15": "BY SL",
    "2026-09-20": "TH",
    "2026-10-31": "BB HB HH MV NI SH SN ST TH",
    "2026-11-01": "BW BY NW RP SL",
    "2026-11-18": "SN",
    "2026-10-03": " ".join(STATES),
    "2026-12-25": " ".join(STATES),
    "2026-11-17": "",
}
"""Bundesländer and their holidays in 2026, as their laws on Sundays and holidays name them."""


def days(text: str) -> int:
    return date.fromisoformat(text).toordinal() - date(1970, 1, 1).toordinal()


def noon(text: str, zone: str = "Europe/Berlin") -> float:
    return datetime.fromisoformat(f"{text}T12:00").replace(tzinfo=ZoneInfo(zone)).timestamp()


@pytest.mark.req("GEN-063")
@pytest.mark.parametrize("day", KEPT)
@pytest.mark.parametrize("state", STATES)
def test_the_holidays_of_sixteen_states(state: str, day: str) -> None:
    assert is_closed(f"DE-{state}", days(day)) is (state in KEPT[day].split())


def test_a_place_nobody_knows_has_no_holidays() -> None:
    assert not is_known("DE-XX")
    assert not is_known("XX")
    assert closed_days("XX", 2026) == frozenset()
    assert name_of("DE", days("2026-12-25")) == "Christmas Day"
    assert name_of("DE", days("2026-12-27")) == ""


@pytest.mark.parametrize("country", AREAS)
def test_every_table_names_places_that_have_holidays(country: str) -> None:
    tables = (AREAS[country], POSTCODES.get(country, {}))
    named = {place for table in tables for places in table.values() for place in places}
    assert named
    assert all(is_known(place) for place in named)
    assert set(states_of(country)) >= named


@pytest.mark.parametrize(
    ("number", "fields", "places"),
    [
        ("+498912345678", {}, ["DE-BY"]),
        ("+493023125000", {}, ["DE-BE", "DE-BB"]),
        ("+491711234567", {}, [f"DE-{s}" for s in STATES]),
        ("+491711234567", {"PLZ": "80331"}, ["DE-BY"]),
        ("+491711234567", {"Postleitzahl": "37073"}, ["DE-NI", "DE-TH", "DE-HE", "DE-NW"]),
        ("+493023125000", {"Bundesland": "Sachsen", "PLZ": "80331"}, ["DE-SN"]),
        ("+493023125000", {"region": "de-by"}, ["DE-BY"]),
        ("+493023125000", {"region": "Nowhere"}, ["DE-BE", "DE-BB"]),
        ("+493023125000", {"PLZ": "D-80331"}, ["DE-BE", "DE-BB"]),
        ("+41443123456", {}, ["CH-ZH", "CH-SZ", "CH-AG"]),
        ("+41791234567", {"Kanton": "Genève"}, ["CH-GE"]),
        ("+442890960123", {}, ["GB-NIR"]),
        ("+441632960123", {}, ["GB-ENG", "GB-NIR", "GB-SCT", "GB-WLS"]),
        ("+33399000000", {}, ["FR", "FR-57", "FR-6AE"]),
        ("+33399000000", {"code postal": "67000"}, ["FR-6AE"]),
        ("+33199000000", {}, ["FR"]),
        ("+43131000000", {}, ["AT"]),
    ],
)
def test_where_a_contact_may_be(number: str, fields: dict[str, str], places: list[str]) -> None:
    assert sorted(places_of(number, fields, "DE")) == sorted(places)


@pytest.mark.req("GEN-063")
@pytest.mark.parametrize(
    ("someone", "day", "called"),
    [
        ({"number": "+498912345678"}, "2026-06-04", False),
        ({"number": "+494023125000"}, "2026-06-04", True),
        ({"number": "+491711234567"}, "2026-06-04", False),
        ({"number": "+491711234567", "fields": {"Bundesland": "Berlin"}}, "2026-06-04", True),
        ({"number": "+498912345678", "fields": {"PLZ": "10115"}}, "2026-06-04", True),
        ({"number": "+493023125000"}, "2026-12-25", False),
    ],
)
def test_nobody_is_called_on_a_holiday_where_they_may_be(
    someone: dict[str, Any], day: str, called: bool
) -> None:
    answer = judge(Someone(**someone), SETTINGS, noon(day))
    assert isinstance(answer, Permit) is called
    if isinstance(answer, Refusal):
        assert answer.rule == "holiday"
        assert not answer.of_zones
        assert answer.until is not None
        assert isinstance(judge(Someone(**someone), SETTINGS, answer.until), Permit)


def test_a_holiday_is_the_day_there_not_the_day_here() -> None:
    """Boxing Day has begun in Auckland when Christmas is not over in Berlin; each keeps its own calendar's day."""
    late = (CallWindow(5, 0, 1440),)
    settings = CampaignSettings(
        "x", country="NZ", rule_pack="own", windows=late, rules={"hours": [WHOLE_SATURDAY]}
    )
    there = Someone(number="+6449123456", zones=("Pacific/Auckland",))
    monday_off = datetime(2026, 12, 26, 9, tzinfo=ZoneInfo("Pacific/Auckland")).timestamp()
    refusal = judge(there, settings, monday_off)
    assert isinstance(refusal, Refusal)
    assert (refusal.rule, refusal.figures["places"]) == ("holiday", "NZ")


WHOLE_SATURDAY = {"weekday": 5, "start_min": 0, "end_min": 1440}


def test_a_campaign_of_mondays_survives_easter() -> None:
    mondays = (CallWindow(0, 600, 700),)
    easter = noon("2027-03-28")
    found = next_opening(mondays, ("Europe/Berlin",), easter, ("DE-BY",))
    assert found == datetime(2027, 4, 5, 10, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()


def test_a_weekday_that_is_closed_for_weeks_opens_again() -> None:
    """25 December and 1 January fall on the same weekday; with a list of all states so may what is between."""
    fridays = (CallWindow(4, 600, 700),)
    found = next_opening(fridays, ("Europe/Berlin",), noon("2026-12-24"), ("DE-BY",))
    assert found == datetime(2027, 1, 8, 10, tzinfo=ZoneInfo("Europe/Berlin")).timestamp()


@given(
    st.sampled_from(["+498912345678", "+491711234567", "+493023125000", "+41443123456", "+33399000000"]),
    st.floats(noon("2026-01-01"), noon("2029-01-01")),
)
def test_whoever_is_permitted_keeps_no_holiday_anywhere_they_may_be(number: str, at: float) -> None:
    answer = judge(Someone(number=number, zones=()), SETTINGS, at)
    if isinstance(answer, Permit):
        local = datetime.fromisoformat(answer.local_time)
        day = local.date().toordinal() - date(1970, 1, 1).toordinal()
        assert answer.regions
        assert not any(is_closed(place, day) for place in answer.regions.split(", "))
