"""Nights on which clocks change, half-hour zones, the leap day, a clock set back: every contact is called, and only
inside its windows. The real judge and the real claim, a tick every five minutes."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from firmware.compliance.judge import judge
from firmware.model import CallWindow, CampaignId, CampaignSettings, CampaignState
from firmware.store import attempts, campaigns, claims, contacts
from tests.unit.store.helpers import number

NIGHT = tuple(CallWindow(day, 90, 210) for day in range(7))
"""01:30 to 03:30, across the hour at which clocks change in all zones below."""
SECOND_HALF = tuple(CallWindow(day, 120, 180) for day in range(7))
"""02:00 to 03:00, which does not exist on a night in spring and comes twice in autumn."""
TICK_S = 300.0
ANY_DAY = {
    "hours": [{"weekday": day, "start_min": 0, "end_min": 1440} for day in range(7)],
    "holidays": False,
}
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Kathmandu")
NIGHTS = ("2027-03-28", "2027-10-31", "2027-03-14", "2027-11-07", "2027-10-03", "2027-04-04", "2028-02-29")


def settings(list_id: object, windows: tuple[CallWindow, ...]) -> CampaignSettings:
    return CampaignSettings("c", list_id, windows=windows, rule_pack="own", rules=ANY_DAY)  # type: ignore[arg-type]


def campaign_of(conn: sqlite3.Connection, windows: tuple[CallWindow, ...], each: int = 3) -> CampaignId:
    """Contacts in every zone, and some that may be in two."""
    list_id = contacts.create_list(conn, "l", 0.0)
    zones = [*((zone,) for zone in ZONES), ("Asia/Kolkata", "Asia/Kathmandu")]
    rows = [contacts.NewContact(number(i), "", zones[i % len(zones)]) for i in range(each * len(zones))]
    contacts.add(conn, list_id, rows)
    campaign = campaigns.create(conn, settings(list_id, windows), 0.0)
    campaigns.set_state(conn, campaign, CampaignState.RUNNING, 0.0)
    return campaign


def tick(conn: sqlite3.Connection, campaign: CampaignId, now: float) -> list[claims.Claim]:
    found = campaigns.get(conn, campaign)
    return claims.claim_due(conn, found, now, 1, lambda c: judge(c, found.settings, now)).claims


def inside(zone: str, at: float, windows: tuple[CallWindow, ...]) -> bool:
    """By the wall clock of the place, which is what the person who picks up goes by."""
    here = datetime.fromtimestamp(at, ZoneInfo(zone))
    minute = here.hour * 60 + here.minute
    return any(w.weekday == here.weekday() and w.start_min <= minute < w.end_min for w in windows)


@pytest.mark.req("GEN-061", "GEN-064")
@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("windows", [NIGHT, SECOND_HALF], ids=["long", "short"])
def test_no_call_outside_its_window_and_none_lost(
    conn: sqlite3.Connection, night: str, windows: tuple[CallWindow, ...]
) -> None:
    campaign = campaign_of(conn, windows)
    begin = datetime.fromisoformat(f"{night}T00:00:00+00:00").timestamp() - 30 * 3600
    called: list[str] = []
    for step in range(int(78 * 3600 / TICK_S)):
        now = begin + step * TICK_S
        for made in tick(conn, campaign, now):
            zones = made.permit.zone.split(", ")
            assert all(inside(zone, now, windows) for zone in zones)
            called.append(made.number)
    assert sorted(called) == sorted(number(i) for i in range(18))


@pytest.mark.req("GEN-061")
@pytest.mark.parametrize("back_at_h", [0, 1, 2, 5, 26])
def test_a_clock_set_back_calls_nobody_at_night_and_loses_nobody(
    conn: sqlite3.Connection, back_at_h: int
) -> None:
    campaign = campaign_of(conn, NIGHT)
    now = datetime.fromisoformat("2027-06-01T00:00:00+00:00").timestamp()
    called: list[str] = []
    for step in range(int(60 * 3600 / TICK_S)):
        now += TICK_S
        if step == int(back_at_h * 3600 / TICK_S):
            now -= 3600.0
        for made in tick(conn, campaign, now):
            assert all(inside(zone, now, NIGHT) for zone in made.permit.zone.split(", "))
            called.append(made.number)
    assert sorted(called) == sorted(number(i) for i in range(18))


def test_a_clock_that_was_a_day_ahead_postpones_but_loses_nobody(conn: sqlite3.Connection) -> None:
    """What a wrong clock set aside comes up when the right one reaches that time, at the latest."""
    campaign = campaign_of(conn, tuple(CallWindow(day, 0, 1440) for day in range(7)), each=1)
    begin = datetime.fromisoformat("2027-06-01T10:00:00+00:00").timestamp()
    (first,) = tick(conn, campaign, begin + 86400)
    attempts.dispose(conn, first.attempt_uid, attempts.Disposition.BUSY, begin + 86400, begin + 90_000)
    called = []
    for hour in range(40):
        called += [made.number for made in tick(conn, campaign, begin + hour * 3600)]
    assert sorted(called) == sorted(number(i) for i in range(6))
    assert called[-1] == first.number


@pytest.mark.parametrize("day", ["2028-02-29", "2028-02-28", "2028-03-01"])
def test_the_leap_day_is_a_day_like_any_other(conn: sqlite3.Connection, day: str) -> None:
    tuesdays = (CallWindow(1, 600, 660),)
    campaign = campaign_of(conn, tuesdays, each=1)
    noon = datetime.fromisoformat(f"{day}T10:30:00+01:00").timestamp()
    called = [made.permit.zone for made in tick(conn, campaign, noon)]
    assert called == (["Europe/Berlin"] if day == "2028-02-29" else [])
