"""The table of calls that come in, to its corners: first everything that goes wrong."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.inbound.call import step, with_policy
from firmware.inbound.happenings import (
    Accepted,
    Admission,
    Admitted,
    AgentLeft,
    AgentLost,
    AgentReady,
    Answered,
    Ask,
    AwaitKey,
    BeSilent,
    Call,
    Close,
    Command,
    Connect,
    Declined,
    Ended,
    Event,
    Expired,
    HangUp,
    Key,
    KeyTimeOver,
    NoteCallback,
    Noted,
    Outcome,
    PassOver,
    PickUp,
    PlayMusic,
    Policy,
    Refuse,
    RungLong,
    Said,
    Say,
    Seek,
    Speak,
    State,
    StopAsking,
    StopSeeking,
    WaitOver,
    WrapUp,
)
from firmware.model import Side, UserId

ANNA, BEN = UserId(1), UserId(2)
OPEN, CLOSED = Admitted(Admission.OPEN), Admitted(Admission.CLOSED)
PLAIN, AT_ONCE, CALLS_BACK = Policy(), Policy(by_key=False), Policy(call_back=True)


def run(*events: Event, policy: Policy = PLAIN) -> tuple[Call, list[Command]]:
    """The call after these events, and what the last of them asked for."""
    call, commands = with_policy(Call(), policy), list[Command]()
    for event in events:
        call, commands = step(call, event)
    return call, commands


WAITING = (OPEN, RungLong(), Answered(), Said())
TALKING = (OPEN, AgentReady(ANNA), Accepted(), Answered())

# -- what goes wrong -----------------------------------------------------------------------------------------------


def test_nobody_takes_such_calls() -> None:
    call, commands = run(Admitted(Admission.REFUSED))
    assert (call.outcome, commands) == (Outcome.REFUSED, [Refuse(busy=False)])
    call, commands = step(call, Ended(by_far_end=False))
    assert (call.state, call.ended_by, commands) == (State.ENDED, Side.BOX, [Close(Outcome.REFUSED)])


def test_all_lines_are_taken() -> None:
    call, commands = run(Admitted(Admission.BUSY))
    assert (call.outcome, commands) == (Outcome.BUSY, [Refuse(busy=True)])


def test_the_caller_gives_up_before_anything_was_decided() -> None:
    call, commands = run(Ended())
    assert (call.state, commands) == (State.ENDED, [Close(Outcome.MISSED)])
    assert step(call, OPEN) == (call, [])


def test_the_caller_gives_up_while_it_rings() -> None:
    call, commands = run(OPEN, Ended())
    assert (call.outcome, call.ended_by) == (Outcome.MISSED, Side.CUSTOMER)
    assert commands == [StopSeeking(), Close(Outcome.MISSED)]


def test_the_caller_gives_up_while_an_agent_is_asked() -> None:
    call, commands = run(OPEN, AgentReady(ANNA), Ended())
    assert commands == [StopAsking(ANNA), StopSeeking(), Close(Outcome.MISSED)]
    assert step(call, Accepted()) == (call, []), "the agent was too late"


def test_the_caller_gives_up_after_the_agent_accepted_and_before_we_have_picked_up() -> None:
    call, commands = run(OPEN, AgentReady(ANNA), Accepted(), Ended())
    assert commands == [StopSeeking(), Close(Outcome.MISSED)]
    assert (call.agent, call.outcome) == (None, Outcome.MISSED)


def test_the_agents_phone_dies_while_asked() -> None:
    call, commands = run(OPEN, AgentReady(ANNA), AgentLost())
    assert (call.asked, commands) == (None, [StopAsking(ANNA), Seek()])


def test_the_agents_phone_dies_while_we_pick_up() -> None:
    call, commands = run(OPEN, AgentReady(ANNA), Accepted(), AgentLost())
    assert (call.agent, commands) == (None, [Seek()])
    call, commands = step(call, Answered())
    assert (call.state, commands) == (State.GREETING, [Speak(Say.GREETING)])


def test_the_agents_phone_dies_in_the_conversation() -> None:
    """That is how many people hang up."""
    call, commands = run(*TALKING, AgentLeft())
    assert (call.state, call.ended_by, commands) == (State.ENDING, Side.AGENT, [HangUp()])
    call, commands = step(call, Ended(by_far_end=False))
    assert (call.ended_by, call.outcome, commands) == (Side.AGENT, Outcome.ANSWERED, [WrapUp(ANNA)])


def test_an_agent_who_declines_is_passed_over_without_a_pause() -> None:
    call, commands = run(OPEN, AgentReady(ANNA), Declined())
    assert commands == [StopAsking(ANNA), PassOver(ANNA, ignored=False), Seek()]
    assert step(call, AgentReady(BEN))[1] == [Ask(BEN)]


def test_an_agent_who_does_nothing_is_passed_over_and_paused() -> None:
    _, commands = run(OPEN, AgentReady(ANNA), Declined(ignored=True))
    assert PassOver(ANNA, ignored=True) in commands


def test_nobody_declines_what_was_not_shown() -> None:
    call, _ = run(OPEN)
    for event in (Accepted(), Declined()):
        assert step(call, event) == (call, [])


def test_nobody_comes_in_time() -> None:
    call, commands = run(*WAITING, WaitOver())
    assert (call.state, call.outcome) == (State.LAST_WORDS, Outcome.MISSED)
    assert commands == [StopSeeking(), Speak(Say.SORRY)]
    assert step(call, Said())[1] == [HangUp()]


def test_nobody_comes_in_time_and_it_still_rings() -> None:
    call, commands = run(OPEN, WaitOver())
    assert commands == [StopSeeking(), PickUp()]
    assert step(call, Answered())[1] == [Speak(Say.SORRY)]


def test_the_wait_is_over_while_we_pick_up() -> None:
    call, commands = run(OPEN, RungLong(), WaitOver())
    assert commands == [StopSeeking()]
    assert step(call, Answered())[1] == [Speak(Say.SORRY)]


def test_the_wait_is_over_while_an_agent_is_asked() -> None:
    call, commands = run(*WAITING, AgentReady(ANNA), WaitOver())
    assert commands == [StopAsking(ANNA), StopSeeking(), Speak(Say.SORRY)]
    assert step(call, Accepted()) == (call, [])


def test_the_wait_is_over_when_an_agent_has_just_taken_it() -> None:
    call, _ = run(OPEN, AgentReady(ANNA), Accepted())
    assert step(call, WaitOver()) == (call, [])


def test_an_agent_comes_too_late() -> None:
    call, _ = run(*WAITING, WaitOver())
    assert step(call, AgentReady(ANNA)) == (call, [])


@pytest.mark.parametrize("events", [(OPEN,), (*WAITING,), (*WAITING, AgentReady(ANNA)), (*TALKING,)])
def test_the_box_stops(events: tuple[Event, ...]) -> None:
    before, _ = run(*events)
    call, commands = step(before, Expired())
    assert call.state is State.ENDING
    assert commands[-1] == (HangUp() if before.answered else Refuse())
    assert (StopSeeking() in commands) == before.seeking
    call, commands = step(call, Ended(by_far_end=False))
    assert commands == ([WrapUp(ANNA)] if before.talked else [Close(Outcome.MISSED)])
    assert call.ended_by is Side.BOX


def test_the_box_stops_while_we_pick_up_for_an_agent() -> None:
    call, commands = run(OPEN, AgentReady(ANNA), Accepted(), Expired())
    assert commands == [StopSeeking(), Refuse()]
    assert step(call, Ended())[1] == [Close(Outcome.MISSED)]


def test_a_callback_that_cannot_be_written_is_not_said_to_be_promised() -> None:
    call, commands = run(*WAITING, WaitOver(), Key("1"), Noted(kept=False), policy=CALLS_BACK)
    assert (call.outcome, commands) == (Outcome.MISSED, [Speak(Say.SORRY)])


def test_who_hangs_up_while_the_callback_is_written_is_called_back() -> None:
    call, commands = run(*WAITING, WaitOver(), Key("1"), Ended(), policy=CALLS_BACK)
    assert commands == [Close(Outcome.MISSED)]
    call, commands = step(call, Noted())
    assert (call.outcome, commands) == (Outcome.CALLBACK, [])


def test_other_keys_mean_nothing() -> None:
    call, commands = run(*WAITING, WaitOver(), Key("2"), policy=CALLS_BACK)
    assert (call.state, commands) == (State.ASKING, [])


def test_who_presses_nothing_is_hung_up_on() -> None:
    assert run(*WAITING, WaitOver(), Said(), policy=CALLS_BACK)[1] == [AwaitKey()]
    _, commands = run(*WAITING, WaitOver(), Said(), KeyTimeOver(), policy=CALLS_BACK)
    assert commands == [HangUp()]


def test_the_end_comes_once() -> None:
    call, _ = run(*TALKING, Ended())
    assert step(call, Ended()) == (call, [])


# -- what goes well ------------------------------------------------------------------------------------------------


def test_an_agent_takes_the_call_by_a_key() -> None:
    assert run(OPEN)[1] == [Seek()]
    assert run(OPEN, AgentReady(ANNA))[1] == [Ask(ANNA)]
    assert run(OPEN, AgentReady(ANNA), Accepted())[1] == [StopAsking(ANNA), PickUp()]
    call, commands = run(*TALKING)
    assert (call.state, call.agent, commands) == (State.TALKING, ANNA, [Connect(ANNA)])
    call, commands = step(call, Ended())
    assert (call.outcome, commands) == (Outcome.ANSWERED, [WrapUp(ANNA)])


def test_a_phone_that_was_picked_up_needs_no_key() -> None:
    assert run(OPEN, AgentReady(ANNA, accepted=True))[1] == [PickUp()]


def test_calls_can_be_put_through_at_once() -> None:
    assert run(OPEN, AgentReady(ANNA), policy=AT_ONCE)[1] == [PickUp()]
    assert run(*WAITING, AgentReady(ANNA), policy=AT_ONCE)[1] == [BeSilent(), Connect(ANNA)]


def test_who_has_heard_it_ring_long_enough_is_greeted_and_hears_music() -> None:
    assert run(OPEN, RungLong())[1] == [PickUp()]
    assert run(OPEN, RungLong(), Answered())[1] == [Speak(Say.GREETING)]
    assert run(*WAITING)[1] == [PlayMusic()]
    assert run(*WAITING, Said())[1] == [PlayMusic()], "the music begins anew"


def test_an_agent_is_asked_while_the_greeting_lasts() -> None:
    call, commands = run(OPEN, RungLong(), Answered(), AgentReady(ANNA), Accepted())
    assert (call.state, commands) == (State.TALKING, [StopAsking(ANNA), BeSilent(), Connect(ANNA)])


def test_an_agent_who_was_asked_while_it_rang_accepts_while_we_pick_up() -> None:
    call, commands = run(OPEN, AgentReady(ANNA), RungLong(), Accepted())
    assert (call.state, commands) == (State.ANSWERING, [StopAsking(ANNA)])
    assert step(call, Answered())[1] == [Connect(ANNA)]


def test_outside_the_hours_an_announcement_is_heard() -> None:
    assert run(CLOSED)[1] == [PickUp()]
    call, commands = run(CLOSED, Answered())
    assert commands == [Speak(Say.CLOSED)]
    call, _ = step(call, Said())
    assert step(call, Ended(by_far_end=False))[1] == [Close(Outcome.CLOSED)]


def test_a_callback_is_promised_by_key() -> None:
    _, commands = run(*WAITING, WaitOver(), policy=CALLS_BACK)
    assert commands == [StopSeeking(), Speak(Say.OFFER)]
    assert run(*WAITING, WaitOver(), Key("1"), policy=CALLS_BACK)[1] == [BeSilent(), NoteCallback()]
    call, commands = run(*WAITING, WaitOver(), Key("1"), Noted(), policy=CALLS_BACK)
    assert (call.outcome, commands) == (Outcome.CALLBACK, [Speak(Say.NOTED)])
    call, _ = step(call, Said())
    assert step(call, Ended(by_far_end=False))[1] == [Close(Outcome.CALLBACK)]


# -- always --------------------------------------------------------------------------------------------------------

EVENTS: tuple[Event, ...] = (
    *(Admitted(each) for each in Admission), Answered(), AgentReady(ANNA), AgentReady(BEN, accepted=True),
    Accepted(), Declined(), Declined(ignored=True), AgentLost(), RungLong(), WaitOver(), Said(), Key("1"),
    KeyTimeOver(), Noted(), Noted(kept=False), AgentLeft(), Expired(),
)  # fmt: skip


@given(st.sampled_from([PLAIN, AT_ONCE, CALLS_BACK]), st.lists(st.sampled_from(EVENTS), max_size=14))
def test_whatever_happens_a_call_ends_once_and_nobody_stays_reserved(
    policy: Policy, events: list[Event]
) -> None:
    call = with_policy(Call(), policy)
    done: list[Command] = []
    for event in (*events, Ended(), *events):
        before = call
        call, commands = step(call, event)
        done += commands
        if before.state is State.ENDED:
            assert commands == []
        if any(isinstance(each, Connect) for each in commands):
            assert call.talked
            assert call.answered
    assert call.state is State.ENDED
    assert call.asked is None
    finals = [each for each in done if isinstance(each, Close | WrapUp)]
    assert len(finals) == 1
    assert isinstance(finals[0], WrapUp) == call.talked
    assert sum(isinstance(each, Connect) for each in done) <= 1
    asked = [each for each in done if isinstance(each, Ask | StopAsking)]
    for one, two in itertools.pairwise(asked):
        assert isinstance(one, Ask) != isinstance(two, Ask), "one agent is asked at a time"
    assert not asked or isinstance(asked[-1], StopAsking)
