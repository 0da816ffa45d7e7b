"""Calls coming in: bursts counted in every country's rhythm, caller ID first, then the answer."""

from __future__ import annotations

import pytest

from board.sim.line import PROFILES, Caller, Hook, IncomingCall, LineSim
from dsp.caller_id import CallerIdEars
from dsp.line.ringing import GivenUp, MayAnswer, RingEvent, RingSettings, RingState, Rung, caller_known, ring
from dsp.line.wires import Wires
from tests.unit.dsp.line_rig import SILENT, look


def heard(line: LineSim, ms: int) -> list[RingEvent]:
    ears, state, events = CallerIdEars(line.country), RingState(), []
    for _ in range(ms // 20):
        rx = line.frame(SILENT)
        if ears.feed(rx):
            state = caller_known(state, line.state.at_ms)
        state, more = ring(RingSettings(), state, look(line))
        events += more
    return events


@pytest.mark.parametrize("country", PROFILES)
def test_every_countrys_bursts_are_counted_and_the_end_is_noticed(country: str) -> None:
    line = LineSim(country)
    line.ring(IncomingCall(gives_up_after=3))
    events = heard(line, 30_000)
    assert [one.bursts for one in events if isinstance(one, Rung)] == [1, 2, 3]
    assert [type(one) for one in events if not isinstance(one, Rung)] == [MayAnswer, GivenUp]
    assert events[-1].bursts == 3


@pytest.mark.parametrize("country", PROFILES)
def test_the_answer_waits_for_the_caller_id_and_no_longer(country: str) -> None:
    line = LineSim(country)
    line.ring(IncomingCall(Caller("03023125101"), gives_up_after=2))
    may = next(one for one in heard(line, 12_000) if isinstance(one, MayAnswer))
    assert (may.caller_known, may.bursts) == (True, 1)


def test_without_a_caller_id_the_second_burst_will_do() -> None:
    line = LineSim("DE")
    line.ring(IncomingCall())
    may = next(one for one in heard(line, 8000) if isinstance(one, MayAnswer))
    assert (may.caller_known, may.bursts) == (False, 2)


def looks(*bursts_ms: tuple[int, int], until_ms: int) -> list[Wires]:
    return [
        Wires(at_ms, off_hook=False, ringing=any(begin <= at_ms < end for begin, end in bursts_ms))
        for at_ms in range(0, until_ms, 20)
    ]


def events_of(rows: list[Wires]) -> list[RingEvent]:
    state, events = RingState(), []
    for one in rows:
        state, more = ring(RingSettings(), state, one)
        events += more
    return events


def test_a_knock_on_the_wires_is_no_call() -> None:
    assert events_of(looks((1000, 1060), (3000, 3100), until_ms=20_000)) == []


def test_after_a_call_has_been_given_up_the_next_counts_from_one() -> None:
    events = events_of(looks((0, 1000), (12_000, 13_000), until_ms=14_000))
    assert [one.bursts for one in events] == [1, 1, 1]
    assert isinstance(events[1], GivenUp)


def test_a_message_that_no_call_follows_is_not_the_next_callers() -> None:
    state = caller_known(RingState(), 0)
    may = []
    for one in looks((20_000, 21_000), (25_000, 26_000), until_ms=27_000):
        state, more = ring(RingSettings(), state, one)
        may += [each for each in more if isinstance(each, MayAnswer)]
    assert [(each.caller_known, each.bursts) for each in may] == [(False, 2)]


def test_off_hook_all_is_forgotten() -> None:
    line = LineSim("DE")
    line.ring(IncomingCall())
    state, _ = ring(RingSettings(), RingState(), look(line))
    line.advance(500)
    state, _ = ring(RingSettings(), state, look(line))
    line.set_hook(Hook.OFF)
    line.advance(20)
    assert ring(RingSettings(), state, look(line)) == (RingState(), ())
