"""Who takes a call that comes in, and when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from firmware.inbound.happenings import Admission, Kind, Say
from firmware.inbound.hours import BadHoursError, is_open, read, read_all
from firmware.inbound.routing import Here, Rule, admit, choose, kind_of, number_of
from firmware.inbound.texts import spoken
from firmware.model import CallWindow

BERLIN = "Europe/Berlin"
MONDAY = datetime(2027, 1, 4, 9, 0, tzinfo=UTC).timestamp()
"""10:00 in Berlin."""
NEW_YEAR = datetime(2027, 1, 1, 9, 0, tzinfo=UTC).timestamp()
HOURS = read_all(["Mon-Fri 08:00-18:00"])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "always",
        "Mon",
        "Mon 8-18",
        "Mon 18:00-08:00",
        "Mon 08:00-25:00",
        "Mon 08:61-09:00",
        "Fri-Mon 08:00-09:00",
    ],
)
def test_what_are_no_opening_hours(text: str) -> None:
    with pytest.raises(BadHoursError):
        read(text)


def test_opening_hours_as_people_write_them() -> None:
    assert read(" sat  9:00 - 12:30 ") == (CallWindow(5, 540, 750),)
    assert read("Mon-Tue 00:00-24:00") == (CallWindow(0, 0, 1440), CallWindow(1, 0, 1440))


@pytest.mark.parametrize(
    ("hours_later", "opened"),
    [(-2.1, False), (-2.0, True), (7.9, True), (8.0, False), (5 * 24, False), (7 * 24, True)],
)
def test_the_office_is_open_by_its_own_clock(hours_later: float, opened: bool) -> None:
    assert is_open(HOURS, BERLIN, "", MONDAY + hours_later * 3600) is opened


def test_on_a_holiday_nobody_is_there_whatever_the_hours() -> None:
    assert is_open((), BERLIN, "", NEW_YEAR)
    assert not is_open((), BERLIN, "DE-BE", NEW_YEAR)
    assert not is_open(HOURS, BERLIN, "DE-BE", NEW_YEAR)
    assert is_open(HOURS, BERLIN, "DE-BE", MONDAY)


def here(*, full: bool = False, waiting: int = 0) -> Here:
    return Here("DE", BERLIN, full, waiting)


def test_a_call_nobody_takes_is_refused() -> None:
    assert admit(None, here(), MONDAY) is Admission.REFUSED


def test_a_call_over_the_last_line_is_busy_even_outside_the_hours() -> None:
    rule = Rule("office", hours=HOURS, most_waiting=2)
    assert admit(rule, here(full=True), MONDAY) is Admission.BUSY
    assert admit(rule, here(full=True), NEW_YEAR) is Admission.BUSY
    assert admit(rule, here(waiting=2), MONDAY) is Admission.BUSY
    assert admit(rule, here(waiting=1), MONDAY) is Admission.OPEN


def test_outside_the_hours_it_is_closed() -> None:
    assert admit(Rule("office", hours=HOURS), here(), MONDAY + 86400 * 5) is Admission.CLOSED


def test_a_rule_that_names_the_number_goes_before_one_for_all() -> None:
    everything, service = Rule("all"), Rule("service", numbers=("030 23125001",))
    rules = (everything, service)
    assert choose(rules, "p", "+493023125001", "DE") is service
    assert choose(rules, "p", "03023125001", "DE") is service
    assert choose(rules, "p", "+493023125002", "DE") is everything
    assert choose(rules, "p", "", "DE") is everything


def test_a_rule_of_another_trunk_does_not_fit() -> None:
    assert choose((Rule("one", trunk="a"),), "b", "+493023125001", "DE") is None


def test_a_gateway_may_tell_only_an_extension() -> None:
    rule = Rule("desk", numbers=("30",))
    assert choose((rule,), "p", "30", "DE") is rule


@pytest.mark.parametrize("text", ["", "anonymous", "P", "O", "30", "unavailable"])
def test_what_the_network_tells_that_is_no_number(text: str) -> None:
    assert number_of(text, "DE") == ""


@pytest.mark.parametrize("text", ["+493023125001", "03023125001", "00493023125001"])
def test_a_callers_number_however_it_is_told(text: str) -> None:
    assert number_of(text, "DE") == "+493023125001"


@pytest.mark.parametrize("language", ["de", "en", "fr"])
def test_every_announcement_has_words(language: str) -> None:
    assert len({spoken(say, language) for say in Say}) == len(Say)


def test_the_office_may_have_words_of_its_own() -> None:
    rule = Rule("office", texts=((Say.CLOSED, "Closed."),))
    assert (rule.text(Say.CLOSED), rule.text(Say.SORRY)) == ("Closed.", "")


@pytest.mark.parametrize(
    ("rule", "known", "called", "kind"),
    [
        (None, False, False, Kind.SERVICE),
        (Rule("office"), False, False, Kind.SERVICE),
        (Rule("office"), True, True, Kind.CALLBACK),
        (Rule("hotline", new_customers=True), False, False, Kind.NEW),
        (Rule("hotline", new_customers=True), True, False, Kind.SERVICE),
        (Rule("hotline", new_customers=True), True, True, Kind.CALLBACK),
    ],
)
@pytest.mark.req("DFI-006", "DFI-018")
def test_why_somebody_calls(rule: Rule | None, known: bool, called: bool, kind: Kind) -> None:
    assert kind_of(rule, known=known, called=called) is kind
