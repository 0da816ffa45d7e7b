"""A campaign's term [Laufzeit]: the first and the last day on which it may call, by the office's own clock.

A day begins and ends at midnight of the zone that is kept with the settings, so that a permit can be asked again; call
windows stay the contact's own. Without days a campaign knows no term. Pure.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from firmware.compliance.windows import UnknownZoneError, zone_info
from firmware.model import CampaignSettings, Refusal


def zone_of(settings: CampaignSettings) -> str:
    """Return the zone the days are counted in."""
    return settings.days_zone or settings.default_zone


def begins_at(settings: CampaignSettings) -> float | None:
    """Return the first moment of the first day, UTC seconds; None: there is no first day."""
    return _midnight(settings.first_day, zone_of(settings), 0) if settings.first_day else None


def ends_at(settings: CampaignSettings) -> float | None:
    """Return the moment at which the last day is over, UTC seconds; None: there is no last day."""
    return _midnight(settings.last_day, zone_of(settings), 1) if settings.last_day else None


def is_over(settings: CampaignSettings, now: float) -> bool:
    """Tell whether the last day has passed at ``now`` (UTC seconds)."""
    end = ends_at(settings)
    return end is not None and now >= end


def refusal(settings: CampaignSettings, now: float) -> Refusal | None:
    """Return why nobody is called at ``now`` (UTC seconds): the campaign has not begun, or is over.

    Both are the campaign's, not the contact's: nobody is moved or closed by them.
    """
    begin = begins_at(settings)
    if begin is not None and now < begin:
        figures = {"day": settings.first_day, "zone": zone_of(settings)}
        return Refusal("campaign_not_begun", until=begin, figures=figures, of_zones=True)
    if is_over(settings, now):
        figures = {"day": settings.last_day, "zone": zone_of(settings)}
        return Refusal("campaign_over", figures=figures, of_zones=True)
    return None


def contains(settings: CampaignSettings, day: date) -> bool:
    """Tell whether a day of the office's calendar lies within the term."""
    text = day.isoformat()
    return (not settings.first_day or settings.first_day <= text) and (
        not settings.last_day or text <= settings.last_day
    )


def said(settings: CampaignSettings) -> str:
    """Write the term the way a permit keeps it: ``2026-11-02/2026-11-30 Europe/Berlin``; empty: there is none."""
    if not settings.first_day and not settings.last_day:
        return ""
    return f"{settings.first_day or '..'}/{settings.last_day or '..'} {zone_of(settings)}"


def day(text: str) -> date | None:
    """Read ``YYYY-MM-DD``; None where it is none, or so far away that no clock shows it."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text and 2000 <= found.year <= 2999 else None


@lru_cache(maxsize=1024)
def _midnight(text: str, zone: str, days_later: int) -> float:
    """Midnight at the beginning of a day; of an unknown zone, UTC's: the settings were checked when they came in."""
    found = day(text) or date(2000, 1, 1)
    try:
        info = zone_info(zone)
    except UnknownZoneError:
        return datetime.combine(found + timedelta(days=days_later), time(), UTC).timestamp()
    return datetime.combine(found + timedelta(days=days_later), time(), info).timestamp()
