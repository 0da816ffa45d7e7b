"""Schedules in words, and that the form offers what the service takes."""

from __future__ import annotations

import pytest

from firmware.model import RECYCLABLE, ContactListId, Disposition
from firmware.store.list_schedules import NewSchedule, Schedule, ScheduleKind
from web_ui import schedule_words
from web_ui.language import Languages

LIST = ContactListId(1)


def schedule(wanted: NewSchedule, active: bool = True) -> Schedule:
    return Schedule(1, wanted, active, "maria", 0.0, None, None)


def test_the_form_offers_what_the_service_takes() -> None:
    assert set(RECYCLABLE) >= schedule_words.CHOSEN


@pytest.mark.parametrize(
    ("wanted", "what", "when"),
    [
        (
            NewSchedule(LIST, ScheduleKind.IMPORT, (0, 1, 2, 3, 4, 5, 6), "06:00", "crm*.csv", "CRM", True),
            "Take in files crm*.csv, columns as in “CRM”, known contacts are brought up to date",
            "every day, 06:00",
        ),
        (
            NewSchedule(
                LIST, ScheduleKind.RECYCLE, (0,), "07:30", dispositions=(Disposition.BUSY,), rest_s=86400.0
            ),
            "Call once more: Busy, after 1 day of rest",
            "Monday, 07:30",
        ),
        (
            NewSchedule(LIST, ScheduleKind.IMPORT, (), "06:00", "*.csv"),
            "Take in files *.csv",
            "only when it is asked for",
        ),
    ],
)
def test_what_is_done_and_when(wanted: NewSchedule, what: str, when: str) -> None:
    english = Languages("Europe/Berlin", "en").get("en")
    assert schedule_words.what(schedule(wanted), english) == what
    assert schedule_words.when(schedule(wanted), english) == when
    assert schedule_words.when(schedule(wanted, active=False), english) == "rests"
