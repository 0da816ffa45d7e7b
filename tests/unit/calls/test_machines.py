"""Machines in the table of states: what the campaign wants with them, late corrections, messages after the beep."""

from __future__ import annotations

from dataclasses import replace

import pytest

from firmware.calls import machines
from firmware.calls.call import (
    AgentConnected,
    AgentLeft,
    Announce,
    Announced,
    Answered,
    AwaitBeep,
    Call,
    CallState,
    Command,
    Connect,
    Corrected,
    Digit,
    Dispose,
    Ended,
    Event,
    Expired,
    GreetingEnded,
    HandedOver,
    HangUp,
    Heard,
    HoldExpired,
    LeaveMessage,
    LetGo,
    Listen,
    MessageFailed,
    NoteAudit,
    NoteMessage,
    OptOut,
    PlayMessage,
    Policy,
    Ringing,
    SeekAgent,
    SpokeAgain,
    StopPlaying,
    StopSeeking,
    TellAgent,
    WaitOver,
    WrapUp,
    step,
)
from firmware.model import (
    AmdLabel,
    AttemptUid,
    CampaignSettings,
    DiallingMode,
    Disposition,
    HangupCause,
    MessageResult,
    OnCorrection,
    PersonAction,
    Side,
    UserId,
    VerdictAction,
)

ANNA = UserId(7)
PLAIN = Policy()
GONE = Ended(HangupCause.NORMAL, by_far_end=True)
OUR_END = Ended(HangupCause.NORMAL, by_far_end=False)
LEAVES = Policy(on_machine=VerdictAction.MESSAGE, can_leave=True)
MACHINE, HUMAN = AmdLabel.MACHINE, AmdLabel.HUMAN


def walk(policy: Policy, *events: Event, call: Call | None = None) -> tuple[Call, list[Command]]:
    call = call or Call(amd=True, policy=policy)
    commands: list[Command] = []
    for event in events:
        call, new = step(call, event)
        commands += new
    return call, commands


def talking(policy: Policy = PLAIN) -> Call:
    return walk(policy, Answered(), Heard(HUMAN), AgentConnected(ANNA))[0]


# -- failures first ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "result"),
    [
        ((GONE,), MessageResult.HUNG_UP),
        ((WaitOver(), OUR_END), MessageResult.NO_END),
        ((Expired(), OUR_END), MessageResult.HUNG_UP),
        ((GreetingEnded(), GONE), MessageResult.CUT_OFF),
        ((GreetingEnded(), MessageFailed(), OUR_END), MessageResult.FAILED),
        ((GreetingEnded(), Expired(), OUR_END), MessageResult.CUT_OFF),
        ((GreetingEnded(), SpokeAgain(), GONE), MessageResult.HUNG_UP),
        ((GreetingEnded(), Announced(), OUR_END), MessageResult.LEFT),
    ],
)
def test_what_became_of_a_message_is_noted_once(events: tuple[Event, ...], result: MessageResult) -> None:
    call, commands = walk(LEAVES, Answered(), Heard(MACHINE), *events)
    assert [each.result for each in commands if isinstance(each, NoteMessage)] == [result]
    assert commands[-1] == Dispose(Disposition.MACHINE)
    assert call.state is CallState.ENDED
    assert not call.live


def test_a_correction_after_the_end_changes_nothing() -> None:
    over, _ = walk(Policy(), AgentLeft(), call=talking())
    for late in (Corrected(MACHINE), HandedOver(), GreetingEnded(), SpokeAgain(), WaitOver()):
        assert step(over, late) == (over, [])
        assert step(step(over, GONE)[0], late)[1] == []


def test_the_agent_hangs_up_in_the_moment_of_handing_over() -> None:
    policy = Policy(can_leave=True)
    first, commands = walk(policy, AgentLeft(), HandedOver(), GONE, call=talking(policy))
    assert commands == [HangUp(), WrapUp(ANNA)]
    assert first.ended_by is Side.AGENT
    second, commands = walk(policy, HandedOver(), AgentLeft(), call=talking(policy))
    assert commands == [LetGo(ANNA), AwaitBeep(listen=True)]
    assert second.state is CallState.AWAITING_BEEP


def test_without_a_message_nothing_is_handed_over() -> None:
    call = talking(Policy(can_leave=False))
    assert step(call, HandedOver()) == (call, [])


def test_a_message_the_rules_forbid_is_said_to_be_and_the_machine_hung_up_on() -> None:
    forbidden = replace(LEAVES, may_speak=False, can_leave=False)
    _, commands = walk(forbidden, Answered(), Heard(MACHINE))
    assert commands == [Listen(), NoteMessage(MessageResult.FORBIDDEN), HangUp()]


# -- the verdict ---------------------------------------------------------------------------------------------------


@pytest.mark.req("GEN-021")
@pytest.mark.parametrize(
    ("policy", "label", "command"),
    [
        (Policy(), MACHINE, HangUp()),
        (Policy(on_machine=VerdictAction.AGENT), MACHINE, SeekAgent()),
        (Policy(on_machine=VerdictAction.FLOW), MACHINE, PlayMessage()),
        (LEAVES, MACHINE, AwaitBeep(listen=False)),
        (Policy(), AmdLabel.MUSIC, SeekAgent()),
        (Policy(on_music=VerdictAction.HANG_UP), AmdLabel.MUSIC, HangUp()),
        (Policy(), AmdLabel.SCREEN, SeekAgent()),
        (Policy(on_screen=VerdictAction.MESSAGE, can_leave=True), AmdLabel.SCREEN, AwaitBeep(listen=True)),
        (Policy(on_screen=VerdictAction.MESSAGE), AmdLabel.SCREEN, SeekAgent()),
        (Policy(on_screen=VerdictAction.FLOW, may_speak=False), AmdLabel.SCREEN, SeekAgent()),
        (Policy(on_silence=VerdictAction.AGENT), AmdLabel.SILENCE, SeekAgent()),
        (Policy(on_silence=VerdictAction.FLOW), AmdLabel.SILENCE, PlayMessage()),
        (Policy(on_machine=VerdictAction.AGENT), AmdLabel.FAX, HangUp()),
    ],
)
def test_every_verdict_has_its_action(policy: Policy, label: AmdLabel, command: Command) -> None:
    assert walk(policy, Answered(), Heard(label))[1] == [Listen(), command]


def test_a_busy_tone_is_no_dead_number() -> None:
    before, _ = walk(Policy(), Ringing(early_media=True), Heard(AmdLabel.INTERCEPT, "busy_tone"))
    after, _ = walk(Policy(), Answered(), Heard(AmdLabel.INTERCEPT, "congestion_tone"))
    assert (before.outcome, after.outcome) == (Disposition.BUSY, Disposition.UNREACHABLE)


# -- corrections ---------------------------------------------------------------------------------------------------


@pytest.mark.req("GEN-017")
def test_an_agent_is_told_and_keeps_the_call() -> None:
    call, commands = walk(Policy(), Corrected(MACHINE), call=talking())
    assert commands == [TellAgent()]
    assert (call.state, call.agent) == (CallState.BRIDGED, ANNA)
    assert step(call, AgentLeft())[1] == [HangUp()]


def test_the_campaign_may_hang_up_on_a_corrected_call_and_free_the_agent() -> None:
    policy = Policy(on_correction=OnCorrection.HANG_UP)
    call, commands = walk(policy, Corrected(MACHINE), OUR_END, call=talking(policy))
    assert commands == [LetGo(ANNA), HangUp(), Dispose(Disposition.MACHINE)]
    assert call.ended_by is Side.BOX


def test_the_campaign_may_leave_a_message_on_a_corrected_call() -> None:
    policy = Policy(on_correction=OnCorrection.MESSAGE, can_leave=True)
    _, commands = walk(
        policy, Corrected(MACHINE), GreetingEnded(), Announced(), OUR_END, call=talking(policy)
    )
    assert commands == [
        LetGo(ANNA),
        AwaitBeep(listen=False),
        LeaveMessage(),
        NoteMessage(MessageResult.LEFT),
        HangUp(),
        Dispose(Disposition.MACHINE),
    ]
    fax = walk(policy, Corrected(AmdLabel.FAX), call=talking(policy))
    assert fax[1] == [TellAgent()]


@pytest.mark.parametrize(
    ("policy", "commands", "state"),
    [
        (Policy(), [StopSeeking(), HangUp()], CallState.ENDING),
        (LEAVES, [StopSeeking(), AwaitBeep(listen=False)], CallState.AWAITING_BEEP),
        (Policy(on_machine=VerdictAction.AGENT), [], CallState.WAITING),
        (Policy(drawn=True), [NoteAudit()], CallState.WAITING),
    ],
)
def test_before_an_agent_is_there_a_correction_is_the_verdict(
    policy: Policy, commands: list[Command], state: CallState
) -> None:
    waiting, _ = walk(policy, Answered(), Heard(AmdLabel.UNSURE))
    call, found = step(waiting, Corrected(MACHINE))
    assert (found, call.state) == (commands, state)
    assert call.live is (policy.on_machine is VerdictAction.AGENT)


def test_who_pressed_a_key_is_no_machine() -> None:
    flow = Call(amd=True, message=True, agent_key=True)
    waiting, _ = walk(Policy(), Answered(), Heard(AmdLabel.UNSURE), Digit("2"), call=flow)
    assert step(waiting, Corrected(MACHINE)) == (waiting, [])
    leaving, commands = walk(Policy(), Answered(), Heard(AmdLabel.UNSURE), Digit("9"), call=flow)
    assert commands[-1] == OptOut()
    assert step(leaving, Corrected(MACHINE)) == (leaving, [])


@pytest.mark.parametrize(
    ("policy", "commands"),
    [
        (Policy(), [StopPlaying(), HangUp()]),
        (LEAVES, [StopPlaying(), AwaitBeep(listen=False)]),
        (Policy(on_machine=VerdictAction.FLOW), []),
    ],
)
def test_a_message_with_keys_is_not_spoken_on_to_a_machine(policy: Policy, commands: list[Command]) -> None:
    flow = Call(amd=True, message=True, policy=policy)
    speaking, _ = walk(policy, Answered(), Heard(AmdLabel.UNSURE), call=flow)
    assert step(speaking, Corrected(MACHINE))[1] == commands


# -- messages ------------------------------------------------------------------------------------------------------


def test_an_agent_leaves_the_call_to_the_message() -> None:
    policy = Policy(can_leave=True)
    corrected, _ = walk(policy, Corrected(MACHINE), GreetingEnded(), call=talking(policy))
    call, commands = step(corrected, HandedOver())
    assert commands == [LetGo(ANNA), LeaveMessage()]
    assert (call.agent, call.state) == (None, CallState.LEAVING_MESSAGE)
    spoke, _ = step(corrected, SpokeAgain())
    assert step(spoke, HandedOver())[1] == [LetGo(ANNA), AwaitBeep(listen=False)]


@pytest.mark.parametrize(
    ("event", "again"),
    [
        (SpokeAgain(), [StopPlaying(), AwaitBeep(listen=False), LeaveMessage()]),
        (GreetingEnded(), [StopPlaying(), LeaveMessage()]),
    ],
)
def test_a_voice_or_a_second_beep_begins_the_message_anew_twice_at_most(
    event: Event, again: list[Command]
) -> None:
    leaving, _ = walk(LEAVES, Answered(), Heard(MACHINE), GreetingEnded())
    call, commands = leaving, []
    for _ in range(machines.MOST_RESTARTS):
        call, new = walk(LEAVES, event, *([GreetingEnded()] if event == SpokeAgain() else []), call=call)
        commands += new
    assert commands == again * machines.MOST_RESTARTS
    assert step(call, event) == (call, [])
    assert step(call, Announced())[1] == [NoteMessage(MessageResult.LEFT), HangUp()]


# -- audits --------------------------------------------------------------------------------------------------------


def test_an_audited_machine_reaches_an_agent_or_is_hung_up_on_and_nobody_is_abandoned() -> None:
    call, commands = walk(Policy(drawn=True), Answered(), Heard(MACHINE), AgentConnected(ANNA))
    assert commands == [Listen(), NoteAudit(), SeekAgent(), Connect(ANNA)]
    assert (call.audited, call.live) == (True, False)
    for nobody in (HoldExpired(), Expired()):
        _, commands = walk(Policy(drawn=True), Answered(), Heard(MACHINE), nobody, OUR_END)
        assert commands == [
            *[Listen(), NoteAudit(), SeekAgent(), StopSeeking(), HangUp()],
            Dispose(Disposition.MACHINE),
        ]
    _, commands = walk(Policy(drawn=True), Answered(), Heard(MACHINE), GONE)
    assert commands[-1] == Dispose(Disposition.MACHINE)


def test_the_draw_can_be_checked_and_keeps_its_share() -> None:
    uids = [AttemptUid(f"{number:026d}") for number in range(4000)]
    taken = [uid for uid in uids if machines.drawn(uid, 0.1)]
    assert taken == [uid for uid in uids if machines.drawn(uid, 0.1)]
    assert 320 <= len(taken) <= 480
    assert not any(machines.drawn(uid, 0.0) for uid in uids)
    assert all(machines.drawn(uid, 1.0) for uid in uids)


@pytest.mark.req("GEN-024")
@pytest.mark.parametrize(
    ("wanted", "state", "command", "outcome"),
    [
        (PersonAction.FLOW, CallState.MESSAGE, PlayMessage(), None),
        (PersonAction.AGENT, CallState.WAITING, SeekAgent(), None),
        (PersonAction.HANG_UP, CallState.ANNOUNCING, Announce(), Disposition.ABANDONED),
    ],
)
@pytest.mark.parametrize("label", [AmdLabel.HUMAN, AmdLabel.UNSURE])
def test_a_person_hears_a_message_meets_an_agent_or_is_abandoned(
    wanted: PersonAction, state: CallState, command: Command, outcome: Disposition | None, label: AmdLabel
) -> None:
    policy = Policy(on_person=wanted, on_machine=VerdictAction.MESSAGE, can_leave=True)
    ringing = Call(amd=True, message=True, policy=policy)
    listening, _ = step(step(ringing, Ringing())[0], Answered())
    call, commands = step(listening, Heard(label))
    assert (call.state, commands, call.outcome, call.live) == (state, [command], outcome, True)
    left, commands = step(listening, Heard(AmdLabel.MACHINE))
    assert (left.state, left.live) == (CallState.AWAITING_BEEP, False), "a machine is left its message"
    if wanted is PersonAction.AGENT:
        late, _ = step(call, Corrected(AmdLabel.MACHINE))
        assert late.state is CallState.AWAITING_BEEP
    if wanted is PersonAction.HANG_UP:
        call, commands = step(call, Digit("9"))
        assert commands == [OptOut()]
        call, commands = step(call, Announced())
        assert commands == [HangUp()]
        call, commands = step(call, Ended(HangupCause.NORMAL, by_far_end=False))
        assert commands == [Dispose(Disposition.ABANDONED)]


def test_nobody_is_drawn_where_there_are_no_agents() -> None:
    settings = CampaignSettings(name="T", mode=DiallingMode.AGENTLESS, audit_share=1.0, drop_text="Hello.")
    policy = machines.policy_of(settings, AttemptUid("x" * 26), may_speak=True)
    assert (policy.drawn, policy.can_leave) == (False, True)
    assert not machines.policy_of(settings, AttemptUid("x" * 26), may_speak=False).can_leave
