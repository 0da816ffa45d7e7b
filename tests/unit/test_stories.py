"""The stories of calls: order, bounds, who belongs together; and the lines of the journal that go with them."""

from __future__ import annotations

import logging

from firmware.clock import FakeClock
from firmware.model import AmdLabel, HangupCause, LegId
from firmware.recent import LEFT_OUT, Recent
from firmware.stories import MOST_HAPPENINGS, Stories
from firmware.trunks.base import LegAnswered, LegDigit, LegEnded, LegHeard, LegOffered, LegRinging

UID, PHONE = LegId("01K0000000000000000000000A"), LegId("a5-1")


def placed(stories: Stories, leg: LegId = UID, kind: str = "trunk", trunk: str = "provider") -> None:
    stories.placed_leg(leg, kind, trunk, 25.0)


def words(stories: Stories, leg: str = UID) -> list[str]:
    return [each.what for each in stories.story(leg)[0]]


def test_a_leg_nobody_knows_has_no_story() -> None:
    stories = Stories(FakeClock())
    stories.event(LegRinging(UID, early_media=False))
    assert stories.story(UID) == ((), 0)
    assert not stories.known(UID)


def test_what_happened_stands_in_order_with_who_and_when() -> None:
    clock = FakeClock()
    stories = Stories(clock)
    placed(stories)
    clock.step_utc(2)
    stories.event(LegRinging(UID, early_media=False))
    clock.step_utc(3)
    stories.event(LegAnswered(UID))
    stories.event(LegHeard(UID, AmdLabel.HUMAN, 0.9, "speech", {}, 400))
    clock.step_utc(60)
    stories.event(LegEnded(UID, HangupCause.NORMAL, True, 200, 16))
    told, dropped = stories.story(UID)
    assert [(each.by, each.what) for each in told] == [
        ("box", "called"), ("far_end", "ringing"), ("far_end", "answered"), ("ears", "heard"), ("far_end", "ended"),
    ]  # fmt: skip
    assert [round(each.at - told[0].at) for each in told] == [0, 2, 5, 5, 65]
    assert told[-1].figures["q850"] == 16
    assert dropped == 0


def test_the_phone_it_was_connected_with_belongs_to_the_story_and_its_other_calls_do_not() -> None:
    clock = FakeClock()
    stories = Stories(clock)
    placed(stories, PHONE, "phone", "")
    stories.event(LegAnswered(PHONE))
    clock.step_utc(100)
    placed(stories)
    stories.event(LegAnswered(UID))
    stories.met(UID, PHONE)
    clock.step_utc(5)
    stories.note(PHONE, "far_end", "held")
    clock.step_utc(5)
    stories.event(LegEnded(UID, HangupCause.NORMAL, True))
    clock.step_utc(5)
    stories.event(LegEnded(PHONE, HangupCause.NORMAL, True))
    assert words(stories) == ["called", "answered", "connected", "held", "ended"]
    assert [each.leg for each in stories.story(UID)[0]][3] == PHONE


def test_a_call_that_never_ends_and_a_busy_day_stay_bounded() -> None:
    stories = Stories(FakeClock(), most_legs=3)
    placed(stories)
    for _ in range(MOST_HAPPENINGS + 50):
        stories.event(LegDigit(UID, "1"))
    told, dropped = stories.story(UID)
    assert (len(told), dropped) == (MOST_HAPPENINGS, 51)
    for number in range(3):
        placed(stories, LegId(f"leg-{number}"))
    assert not stories.known(UID)


def test_a_trunk_keeps_its_last_refusal_and_our_own_ends_are_none() -> None:
    clock = FakeClock()
    stories = Stories(clock)
    placed(stories)
    stories.event(LegEnded(UID, HangupCause.CANCELLED, False, 487))
    assert stories.failures == {}
    placed(stories, LegId("x"))
    stories.event(LegEnded(LegId("x"), HangupCause.REJECTED, True, 403, 21, "Forbidden"))
    assert (stories.failures["provider"].code, stories.failures["provider"].q850) == (403, 21)
    placed(stories, PHONE, "phone", "")
    stories.event(LegEnded(PHONE, HangupCause.BUSY, True, 486))
    assert set(stories.failures) == {"provider"}
    assert stories.placed == {"provider": 2}


def test_who_calls_us_has_a_story_too() -> None:
    stories = Stories(FakeClock())
    stories.event(LegOffered(LegId("in-1"), "+493023125001", "+493023125002"))
    assert words(stories, "in-1") == ["offered"]
    assert "+4930" not in str(stories.story("in-1"))


def logged(
    say: str, *args: object, name: str = "firmware.books", error: BaseException | None = None
) -> Recent:
    recent = Recent()
    info = (type(error), error, error.__traceback__) if error else None
    recent.handle(logging.LogRecord(name, logging.WARNING, "f.py", 1, say, args, info))
    return recent


def test_a_line_is_found_by_the_attempt_it_names_and_is_masked() -> None:
    recent = logged("attempt=%s dialled %s", UID, "+493023125001")
    (line,) = recent.about(UID)
    assert "3023125001" not in line.text
    assert "dialled +49" in line.text
    assert line.bare == f"attempt={UID} dialled {LEFT_OUT}"
    assert recent.about("other") == []


def test_a_bare_line_keeps_figures_and_states_and_nothing_anybody_wrote() -> None:
    (line,) = logged("took %.1f s, %d rows of %s by %r", 1.25, 17, "Kundenliste", "Ada").lines()
    assert line.bare == f"took 1.2 s, 17 rows of {LEFT_OUT} by {LEFT_OUT}"
    (line,) = logged("leg=%s ended: %s", "a5-1", HangupCause.BUSY).lines()
    assert line.bare == "leg=a5-1 ended: busy"


def test_numbers_too_long_for_a_figure_and_foreign_sentences_are_left_out() -> None:
    assert logged("from %s", 493023125001).lines()[0].bare == f"from {LEFT_OUT}"
    assert logged("GET /?name=Ada", name="urllib3").lines()[0].bare == LEFT_OUT
    assert logged("100 %% of %s", "Ada").lines()[0].bare == f"100 % of {LEFT_OUT}"


def test_of_a_traceback_the_places_stay_and_the_words_go() -> None:
    def fail() -> None:
        raise ValueError("Ada Lovelace +493023125001")

    try:
        fail()
    except ValueError as error:
        (line,) = logged("command %s failed", "x", error=error).lines()
    assert "ValueError at" in line.bare
    assert "fail" in line.bare
    assert "Ada" not in line.bare


def test_the_oldest_lines_go_first() -> None:
    recent = Recent(most=2)
    for number in range(3):
        recent.handle(logging.LogRecord("firmware", logging.INFO, "f", 1, "line %d", (number,), None))
    assert [line.text for line in recent.lines()] == ["line 1", "line 2"]
