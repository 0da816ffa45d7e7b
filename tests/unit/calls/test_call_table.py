"""The table of states of a call, walked by hand and exhaustively."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from firmware.calls.call import (
    AgentConnected,
    AgentLeft,
    Announce,
    Announced,
    Answered,
    Call,
    CallState,
    Command,
    Connect,
    Digit,
    Dispose,
    Ended,
    Event,
    Expired,
    HangUp,
    Heard,
    HoldExpired,
    Listen,
    MessageFailed,
    OptedOut,
    OptOut,
    PlayMessage,
    Ringing,
    SeekAgent,
    StopSeeking,
    WrapUp,
    step,
)
from firmware.model import AmdLabel, Disposition, HangupCause, Side, UserId

ANNA = UserId(7)


def walk(call: Call, *events: Event) -> tuple[Call, list[Command]]:
    commands: list[Command] = []
    for event in events:
        call, new = step(call, event)
        commands += new
    return call, commands


def test_a_person_talks_with_an_agent_and_hangs_up() -> None:
    call, commands = walk(
        Call(amd=True),
        Ringing(),
        Answered(),
        Heard(AmdLabel.HUMAN),
        AgentConnected(ANNA),
        Ended(HangupCause.NORMAL, by_far_end=True),
    )
    assert commands == [Listen(), SeekAgent(), Connect(ANNA), WrapUp(ANNA)]
    assert (call.state, call.outcome, call.ended_by, call.live) == (
        CallState.ENDED,
        None,
        Side.CUSTOMER,
        True,
    )


def test_the_agent_hanging_up_is_remembered_as_the_one_who_ended_it() -> None:
    call, commands = walk(
        Call(amd=False),
        Answered(),
        AgentConnected(ANNA),
        AgentLeft(),
        Ended(HangupCause.NORMAL, by_far_end=False),
    )
    assert commands == [SeekAgent(), Connect(ANNA), HangUp(), WrapUp(ANNA)]
    assert call.ended_by is Side.AGENT


@pytest.mark.parametrize(
    ("label", "disposition"),
    [
        (AmdLabel.MACHINE, Disposition.MACHINE),
        (AmdLabel.FAX, Disposition.FAX),
        (AmdLabel.INTERCEPT, Disposition.INTERCEPT),
    ],
)
def test_what_is_not_a_person_is_hung_up_on(label: AmdLabel, disposition: Disposition) -> None:
    call, commands = walk(
        Call(amd=True), Answered(), Heard(label), Ended(HangupCause.NORMAL, by_far_end=False)
    )
    assert commands == [Listen(), HangUp(), Dispose(disposition)]
    assert not call.live


@pytest.mark.parametrize("label", [AmdLabel.HUMAN, AmdLabel.UNSURE])
def test_unsure_counts_as_a_person(label: AmdLabel) -> None:
    call, commands = walk(Call(amd=True), Answered(), Heard(label))
    assert call.state is CallState.WAITING
    assert call.live
    assert commands == [Listen(), SeekAgent()]


def test_silence_is_told_who_called_and_is_no_live_answer() -> None:
    call, commands = walk(
        Call(amd=True),
        Answered(),
        Heard(AmdLabel.SILENCE),
        Announced(),
        Ended(HangupCause.NORMAL, by_far_end=False),
    )
    assert commands == [Listen(), Announce(), HangUp(), Dispose(Disposition.SILENCE)]
    assert not call.live


def test_no_agent_in_time_is_an_abandoned_call_with_an_announcement() -> None:
    call, commands = walk(
        Call(amd=True),
        Answered(),
        Heard(AmdLabel.HUMAN),
        HoldExpired(),
        Announced(),
        Ended(HangupCause.NORMAL, by_far_end=False),
    )
    assert commands == [
        Listen(),
        SeekAgent(),
        StopSeeking(),
        Announce(),
        HangUp(),
        Dispose(Disposition.ABANDONED),
    ]
    assert call.live


def test_an_agent_who_comes_during_the_announcement_comes_too_late() -> None:
    waiting, _ = walk(Call(amd=False), Answered(), HoldExpired())
    assert step(waiting, AgentConnected(ANNA)) == (waiting, [])


def test_hanging_up_before_the_hold_time_is_over_is_not_an_abandoned_call() -> None:
    call, commands = walk(Call(amd=False), Answered(), Ended(HangupCause.NORMAL, by_far_end=True))
    assert commands == [SeekAgent(), StopSeeking(), Dispose(Disposition.HUNG_UP)]
    assert call.outcome is Disposition.HUNG_UP


def test_before_the_answer_only_an_intercept_is_believed() -> None:
    ringing, commands = walk(Call(amd=True), Ringing(early_media=True))
    assert commands == [Listen()]
    assert step(ringing, Heard(AmdLabel.HUMAN)) == (ringing, [])
    ended, commands = walk(ringing, Heard(AmdLabel.INTERCEPT), Ended(HangupCause.CANCELLED, by_far_end=False))
    assert commands == [HangUp(), Dispose(Disposition.INTERCEPT)]
    assert ended.ended_by is Side.BOX


@pytest.mark.parametrize(
    ("cause", "disposition"),
    [
        (HangupCause.BUSY, Disposition.BUSY),
        (HangupCause.NO_ANSWER, Disposition.NO_ANSWER),
        (HangupCause.NOT_FOUND, Disposition.UNREACHABLE),
        (HangupCause.REJECTED, Disposition.REJECTED),
        (HangupCause.NETWORK_FAILURE, Disposition.FAILED),
    ],
)
def test_a_call_nobody_answered_is_disposed_by_its_hangup_cause(
    cause: HangupCause, disposition: Disposition
) -> None:
    _, commands = walk(Call(amd=True), Ringing(), Ended(cause, by_far_end=True))
    assert commands == [Dispose(disposition)]


def test_a_message_is_played_before_anybody_is_asked_for_and_key_two_only_where_it_is_offered() -> None:
    call, commands = walk(Call(amd=False, message=True), Ringing(), Answered())
    assert (call.state, commands) == (CallState.MESSAGE, [PlayMessage()])
    assert step(call, Digit("2")) == (call, [])
    over, commands = step(call, Announced())
    assert (over.outcome, commands) == (Disposition.CONTACTED, [HangUp()])
    asked, _ = walk(WITH_MESSAGE, Answered(), Digit("2"))
    assert asked.state is CallState.WAITING


@pytest.mark.parametrize("rung", [True, False])
def test_an_agent_who_dialled_may_give_up_before_the_answer(rung: bool) -> None:
    call, commands = walk(Call(amd=False), *([Ringing()] if rung else []), AgentLeft())
    assert (call.state, call.ended_by, commands) == (CallState.ENDING, Side.AGENT, [HangUp()])
    _, commands = step(call, Ended(HangupCause.CANCELLED, by_far_end=False))
    assert commands == [Dispose(Disposition.NO_ANSWER)]


def test_stopping_the_box_while_a_person_waits_counts_as_abandoned() -> None:
    _, commands = walk(Call(amd=False), Answered(), Expired(), Ended(HangupCause.NORMAL, by_far_end=False))
    assert commands[-1] == Dispose(Disposition.ABANDONED)


EVENTS: list[Event] = [
    Ringing(),
    Ringing(early_media=True),
    Answered(),
    *[Heard(label) for label in AmdLabel],
    AgentConnected(ANNA),
    HoldExpired(),
    Announced(),
    Digit("9"),
    Digit("2"),
    Digit("5"),
    OptedOut(),
    MessageFailed(),
    AgentLeft(),
    Expired(),
    *[Ended(cause, far) for cause in HangupCause for far in (True, False)],
]


def every_walk(call: Call, depth: int) -> Iterator[list[tuple[Call, Event, list[Command]]]]:
    """Every sequence of events that changes something, down to the end of the call."""
    for event in EVENTS:
        after, commands = step(call, event)
        if after == call and not commands:
            continue
        here = (after, event, commands)
        if after.state is CallState.ENDED or depth == 0:
            yield [here]
            continue
        for rest in every_walk(after, depth - 1):
            yield [here, *rest]


WITH_MESSAGE = Call(amd=False, message=True, agent_key=True)


@pytest.mark.parametrize(
    "call", [Call(amd=True), Call(amd=False), WITH_MESSAGE], ids=["ears", "no ears", "message"]
)
def test_every_way_a_call_can_go_ends_in_exactly_one_final_word(call: Call) -> None:
    seen = 0
    for path in every_walk(call, depth=5):
        commands = [command for _, _, new in path for command in new]
        last = path[-1][0]
        if last.state is not CallState.ENDED:
            continue
        seen += 1
        final = [c for c in commands if isinstance(c, (Dispose, WrapUp))]
        assert len(final) == 1
        assert isinstance(final[0], WrapUp) == (Connect(ANNA) in commands)
        assert sum(isinstance(c, HangUp) for c in commands) <= 1
        assert commands.count(Connect(ANNA)) <= 1
        assert commands.count(OptOut()) <= 1
        announced = (
            Announce() in commands
        )  # it stays what it was counted as, and the number is blocked all the same
        assert OptOut() not in commands or announced or final == [Dispose(Disposition.DO_NOT_CALL)]
        if SeekAgent() in commands:
            assert last.live
            assert Connect(ANNA) in commands or StopSeeking() in commands
    assert seen > 500


@pytest.mark.req("GEN-034")
def test_who_found_no_agent_objects_by_key_and_the_call_stays_abandoned() -> None:
    waiting, _ = walk(Call(amd=False), Ringing(), Answered(), HoldExpired())
    assert (waiting.state, waiting.outcome) == (CallState.ANNOUNCING, Disposition.ABANDONED)
    same, commands = step(waiting, Digit("9"))
    assert (same.state, same.outcome, commands) == (waiting.state, Disposition.ABANDONED, [OptOut()])
    assert step(same, Digit("9")) == (same, [])
    assert step(waiting, Digit("2")) == (waiting, [])
    over, commands = step(same, OptedOut())
    assert (over.state, over.outcome, commands) == (CallState.ENDING, Disposition.ABANDONED, [HangUp()])


def test_nothing_happens_after_the_end() -> None:
    ended, _ = walk(Call(amd=True), Ended(HangupCause.BUSY, by_far_end=True))
    for event in EVENTS:
        assert step(ended, event) == (ended, [])
