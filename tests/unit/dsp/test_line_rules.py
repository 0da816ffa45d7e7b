"""The rules of signalling one by one: what each step says, and above all when it keeps still."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from board.sim.line import FarEnd, Faults, Hook, IncomingCall, LineSim
from dsp.line import answer, disconnect, seize
from dsp.line.answer import Answered, AnswerMethod, AnswerSettings, AnswerState, Confidence, Refused
from dsp.line.disconnect import DisconnectMethod, DisconnectSettings, DisconnectState
from dsp.line.ears import Heard, LineEars
from dsp.line.guard import Alarm, Change, GuardSettings, GuardState, guard, ready_to_seize
from dsp.line.seize import MayDial, NoDialling, Refusal, SeizeSettings, SeizeState
from dsp.line.wires import Notice, Wires
from dsp.tones import Tone
from tests.unit.dsp.line_rig import babble, look

LOADED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""How long an example takes says more of the machine's load than of the code."""

UP = DisconnectState(began_ms=10_000, off_hook_ms=0)


def wires(at_ms: int, *, battery: bool | None = True, turned: bool | None = False) -> Wires:
    return Wires(at_ms, off_hook=True, battery=battery, reversed=turned)


def ended(state: DisconnectState, *looks: Wires, **settings: object) -> disconnect.Disconnected | None:
    rules = replace(DisconnectSettings(), **settings)  # type: ignore[arg-type]
    for one in looks:
        state, said = disconnect.watch(rules, state, one)
        if said:
            return said
    return None


def loops(battery: bool, from_ms: int, to_ms: int) -> list[Wires]:
    return [wires(at, battery=battery) for at in range(from_ms, to_ms, 20)]


def test_a_loop_opened_for_long_enough_is_the_end() -> None:
    said = ended(UP, *loops(True, 20_000, 20_100), *loops(False, 20_100, 20_300))
    assert said is not None
    assert (said.method, said.at_ms) == (DisconnectMethod.CPC, 20_180)


def test_a_loop_opened_for_a_moment_is_not() -> None:
    looks = [*loops(False, 20_000, 20_080), *loops(True, 20_080, 20_200), *loops(False, 20_200, 20_280)]
    assert ended(UP, *looks) is None


def test_the_loop_is_not_looked_at_just_after_going_off_hook() -> None:
    fresh = DisconnectState(began_ms=0, off_hook_ms=0)
    assert ended(fresh, *loops(False, 0, 640), *loops(True, 640, 2000)) is None
    assert ended(fresh, *loops(False, 0, 800)) is not None


def test_a_flash_of_ours_is_not_taken_for_an_opened_loop() -> None:
    flashing = disconnect.flashed(UP, 20_000, 200)
    assert ended(flashing, *loops(False, 20_000, 20_220), *loops(True, 20_220, 21_000)) is None


def test_a_driver_that_knows_nothing_of_the_wires_ends_no_call() -> None:
    looks = [wires(at, battery=None, turned=None) for at in range(20_000, 30_000, 20)]
    assert ended(UP, *looks, reversal=True) is None


def test_a_reversal_ends_a_call_where_the_line_does_that_and_only_there() -> None:
    looks = [wires(20_000), wires(20_020, turned=True)]
    assert ended(UP, *looks) is None
    said = ended(UP, *looks, reversal=True)
    assert said is not None
    assert said.method is DisconnectMethod.REVERSAL


def test_the_reversal_of_the_answer_is_not_the_end() -> None:
    looks = [wires(10_020), wires(10_040, turned=True), wires(10_600, turned=True), wires(20_000)]
    said = ended(UP, *looks, reversal=True)
    assert said is not None
    assert said.at_ms == 20_000


def quiet(at_ms: int) -> Heard:
    return Heard(at_ms, -65.0)


@pytest.mark.parametrize(
    ("notice", "reverses", "method"),
    [
        (Notice.OPENED, False, DisconnectMethod.CPC),
        (Notice.REVERSED, True, DisconnectMethod.REVERSAL),
        (Notice.REVERSED, False, None),
    ],
)
def test_a_word_about_the_wires_is_masked_and_believed_like_a_look_at_them(
    notice: Notice, reverses: bool, method: DisconnectMethod | None
) -> None:
    rules = DisconnectSettings(reversal=reverses)
    assert disconnect.noticed(rules, UP, UP.began_ms + 500, notice)[1] is None
    flashing = disconnect.flashed(UP, 20_000, 200)
    assert disconnect.noticed(rules, flashing, 20_300, notice)[1] is None
    state, said = disconnect.noticed(rules, flashing, 21_000, notice)
    assert (said.method if said else None) is method
    assert disconnect.noticed(rules, state, 22_000, notice)[1] is None or method is None


def test_a_word_about_the_wires_answers_only_where_the_line_reverses() -> None:
    for reverses in (False, True):
        rules = AnswerSettings(reversal=reverses)
        assert answer.noticed(rules, AnswerState(0), 500, Notice.REVERSED)[1] is None
        said = answer.noticed(rules, AnswerState(0), 5000, Notice.OPENED)[1]
        assert (said == Answered(5000, AnswerMethod.REVERSAL, Confidence.CERTAIN)) is reverses


def test_silence_ends_a_call_but_not_on_hold() -> None:
    rules = DisconnectSettings(silence_ms=5000)
    talking, _ = disconnect.listen(rules, UP, Heard(20_000, -20.0, voice_ms=100))
    held = disconnect.hold(talking, 20_000, held=True)
    for state, wanted in ((talking, True), (held, False)):
        said = None
        for at_ms in range(20_100, 30_000, 100):
            state, one = disconnect.listen(rules, state, quiet(at_ms))
            said = said or one
        assert (said is not None) == wanted


def test_after_hold_silence_counts_from_the_beginning() -> None:
    rules = DisconnectSettings(silence_ms=5000)
    held = disconnect.hold(UP, 20_000, held=True)
    back = disconnect.hold(held, 30_000, held=False)
    back, early = disconnect.listen(rules, back, quiet(34_900))
    _, late = disconnect.listen(rules, back, quiet(35_000))
    assert early is None
    assert late is not None


def test_no_call_lasts_for_ever() -> None:
    rules = DisconnectSettings(maximum_ms=60_000)
    _, said = disconnect.listen(rules, UP, Heard(70_000, -20.0, voice_ms=100))
    assert said is not None
    assert said.method is DisconnectMethod.MAXIMUM


def test_so_many_rounds_of_busy_tone_as_are_asked_for() -> None:
    busy = Tone("busy", 21_940, "DE 425 Hz", 1940, (480, 480))

    def rounds(cycles: int) -> int:
        rules = DisconnectSettings(cycles=cycles)
        state, said = disconnect.listen(rules, UP, Heard(22_000, -20.0, tones=(busy,), progress="busy"))
        at_ms = 22_000
        while not said:
            at_ms += 100
            state, said = disconnect.listen(rules, state, Heard(at_ms, -20.0, progress="busy"))
        return said.at_ms - 20_000

    assert 3 * 960 <= rounds(3) < 3 * 960 + 100
    assert 6 * 960 <= rounds(6) < 6 * 960 + 100


def test_a_busy_tone_that_stops_was_somebody_elses() -> None:
    busy = Tone("busy", 21_940, "DE 425 Hz", 1940, (480, 480))
    state, _ = disconnect.listen(
        DisconnectSettings(), UP, Heard(22_000, -20.0, tones=(busy,), progress="busy")
    )
    for at_ms in range(22_100, 40_000, 100):
        state, said = disconnect.listen(DisconnectSettings(), state, Heard(at_ms, -20.0, voice_ms=80))
        assert said is None


@settings(LOADED)
@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(20, 2000)), max_size=60))
def test_an_end_is_told_once_whatever_the_wires_do(moves: list[tuple[bool, bool, int]]) -> None:
    state, at_ms, told = UP, 10_000, 0
    for battery, turned, ms in moves:
        at_ms += ms
        state, said = disconnect.watch(
            DisconnectSettings(reversal=True), state, wires(at_ms, battery=battery, turned=turned)
        )
        told += said is not None
    assert told <= 1


def test_an_answer_is_told_once() -> None:
    state = AnswerState(0)
    tone = Heard(3000, -20.0, tones=(Tone("ced", 3000, "2100 Hz"),))
    state, first = answer.listen(AnswerSettings(), state, tone)
    state, again = answer.listen(AnswerSettings(), state, tone)
    assert isinstance(first, Answered)
    assert first.method is AnswerMethod.MODEM_TONE
    assert again is None
    assert answer.watch(AnswerSettings(), state, replace(wires(3100), metering=9))[1] is None


def test_voices_before_any_ringback_need_longer() -> None:
    state, said, at_ms = AnswerState(0), None, 0
    while not said:
        at_ms += 100
        state, said = answer.listen(AnswerSettings(), state, Heard(at_ms, -20.0, voice_ms=100))
    assert isinstance(said, Answered)
    assert (said.method, said.at_ms) == (AnswerMethod.VOICE, 1200)


def test_a_timer_answers_where_it_is_set() -> None:
    _, said = answer.listen(AnswerSettings(timer_ms=6600), AnswerState(0), quiet(6600))
    assert isinstance(said, Answered)
    assert said.method is AnswerMethod.TIMER
    _, never = answer.listen(AnswerSettings(tones=False), AnswerState(0), quiet(60_000))
    assert never is None
    _, given_up = answer.listen(AnswerSettings(tones=False), AnswerState(0), quiet(120_000))
    assert isinstance(given_up, Refused)


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        (Heard(600, -20.0, dial_ms=600, dial_hz=(425.0,)), MayDial(600, 600, (425.0,), -20.0)),
        (Heard(600, -20.0, dial_ms=500), None),
        (Heard(300, -20.0, dial_ms=900), None),
        (Heard(2000, -20.0, unobtainable_ms=700), NoDialling(2000, Refusal.UNOBTAINABLE)),
        (Heard(2000, -20.0, progress="congestion"), NoDialling(2000, Refusal.BUSY)),
        (Heard(2000, -20.0, progress="ringback"), None),
        (Heard(5000, -70.0), NoDialling(5000, Refusal.NO_DIAL_TONE)),
    ],
)
def test_may_we_dial(heard: Heard, said: MayDial | NoDialling | None) -> None:
    assert seize.seize(SeizeSettings(), SeizeState(0), heard)[1] == said


def test_no_tone_is_heard_in_voices() -> None:
    ears = LineEars("DE")
    heard = ears.feed(babble(120, seed=5))
    assert max(one.dial_ms for one in heard) < 400
    assert not [one for one in heard if one.progress]
    assert sum(one.voice_ms for one in heard) > 30_000


def watched(
    line: LineSim, ms: int, *, in_call: bool = False, state: GuardState | None = None
) -> tuple[GuardState, list[Change]]:
    state, changes = state or GuardState(), []
    for _ in range(ms // 20):
        line.advance(20)
        state, more = guard(GuardSettings(), state, look(line), in_call=in_call)
        changes += more
    return state, changes


@pytest.mark.parametrize(
    ("faults", "alarm"),
    [(Faults(dead=True), Alarm.NO_BATTERY), (Faults(battery_v=24.0), Alarm.LOW_BATTERY)],
)
def test_a_bad_battery_is_an_alarm_and_ceases_to_be_one(faults: Faults, alarm: Alarm) -> None:
    line = LineSim("DE", faults=faults)
    state, changes = watched(line, 8000)
    assert [(one.alarm, one.raised) for one in changes] == [(alarm, True)]
    assert ready_to_seize(state, 8000) == alarm
    line.faults = Faults()
    state, changes = watched(line, 4000, state=state)
    assert [(one.alarm, one.raised) for one in changes] == [(alarm, False)]
    assert ready_to_seize(state, 12_000) == ""


def test_a_relay_that_sticks_is_an_alarm() -> None:
    line = LineSim("DE")
    line.set_hook(Hook.OFF)
    watched(line, 1000, in_call=True)
    line.faults = Faults(stuck_off_hook=True)
    line.set_hook(Hook.ON)
    state, changes = watched(line, 5000)
    assert [one.alarm for one in changes] == [Alarm.STUCK_OFF_HOOK]
    assert ready_to_seize(state, 6000) == Alarm.STUCK_OFF_HOOK


def test_a_line_left_open_after_a_call_is_an_alarm() -> None:
    line = LineSim("DE")
    line.set_hook(Hook.OFF)
    assert watched(line, 20_000, in_call=True)[1] == []
    assert [one.alarm for one in watched(line, 20_000)[1]] == [Alarm.LEFT_OFF_HOOK]


def test_another_telephone_in_use_keeps_us_off_the_line() -> None:
    line = LineSim("GB")
    line.extension(off_hook=True)
    state, changes = watched(line, 5000)
    assert [one.alarm for one in changes] == [Alarm.EXTENSION_IN_USE]
    assert ready_to_seize(state, 5000) == Alarm.EXTENSION_IN_USE


def test_a_call_that_rings_and_is_answered_alarms_nobody() -> None:
    line = LineSim("GB")
    line.ring(IncomingCall(party=FarEnd(voice=babble(3))))
    state, ringing = watched(line, 7000)
    line.set_hook(Hook.OFF)
    _, talking = watched(line, 8000, in_call=True, state=state)
    assert ringing + talking == []


def test_a_line_rests_after_a_call() -> None:
    state, _ = guard(GuardSettings(), GuardState(), Wires(1000, off_hook=False), in_call=False)
    assert (ready_to_seize(state, 2900), ready_to_seize(state, 3000)) == ("resting", "")
    assert ready_to_seize(GuardState(), 99_000) == "resting"
