"""A campaign's first and last day in words: beside its settings, in a permit, and when it has ended by itself. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime

from firmware.model import CampaignSettings
from web_ui.language import Language


def day(text: str, language: Language) -> str:
    """A day written ``YYYY-MM-DD`` as people of the language write it; as it stands where it is none."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return text
    noon = datetime(found.year, found.month, found.day, 12, tzinfo=language.zone or UTC)
    return language.date(noon.timestamp())


def term(first: str, last: str, language: Language) -> str:
    """From when to when a campaign calls; empty where it knows no days."""
    _ = language.gettext
    if first and last:
        return _("from {first} to {last}", first=day(first, language), last=day(last, language))
    if first:
        return _("from {first} on", first=day(first, language))
    return _("until {last}", last=day(last, language)) if last else ""


def of(settings: CampaignSettings, language: Language) -> str:
    """The same of a campaign's settings."""
    return term(settings.first_day, settings.last_day, language)


def kept(text: str, language: Language) -> str:
    """The term as a permit keeps it (``2026-11-02/2026-11-30 Europe/Berlin``), in words; empty: there was none."""
    days, _mark, zone = text.partition(" ")
    first, _mark, last = days.partition("/")
    said = term(first.strip("."), last.strip("."), language)
    return f"{said} ({zone})" if said and zone else said
