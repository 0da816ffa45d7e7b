"""What becomes of a call on which no person is: the campaign's policy, late corrections, messages after the beep.

Pure, and part of the table in ``call``, whose essay tells the ways of a call. Three things are settled here. What is
hung up on, handed to an agent or left a message is the ``Policy``'s; a message the rules forbid for this contact falls
back to hanging up on machines and to an agent for the rest. A correction before anybody is connected counts as if it
had been the verdict; one that comes when an agent talks never takes the call away unless the campaign says so. And a
message begins only once the greeting is over: a voice or a second beep after that begins it anew, twice at most.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from firmware.calls.happenings import (
    Announce,
    AwaitBeep,
    Call,
    CallState,
    Command,
    Corrected,
    Event,
    HangUp,
    Heard,
    LeaveMessage,
    LetGo,
    NoteAudit,
    NoteMessage,
    PlayMessage,
    Policy,
    SeekAgent,
    Step,
    StopPlaying,
    StopSeeking,
    TellAgent,
)
from firmware.model import (
    AmdLabel,
    AttemptUid,
    CampaignSettings,
    DiallingMode,
    Disposition,
    MessageResult,
    OnCorrection,
    PersonAction,
    Side,
    VerdictAction,
)

MOST_RESTARTS = 2
"""A message is begun anew so often; then it is spoken to its end whatever is heard."""
_BY_CAUSE: dict[str, Disposition] = {
    "busy_tone": Disposition.BUSY,
    "congestion_tone": Disposition.UNREACHABLE,
}
"""Tones that say more than that nobody can be reached there."""
_NOBODY: dict[AmdLabel, Disposition] = {
    AmdLabel.FAX: Disposition.FAX,
    AmdLabel.INTERCEPT: Disposition.INTERCEPT,
}
BEFORE_ANSWER = (AmdLabel.INTERCEPT,)
"""Before the answer only a network announcement is believed: the rest may be ringback music."""


def policy_of(settings: CampaignSettings, uid: AttemptUid, *, may_speak: bool) -> Policy:
    """The policy of one call; ``may_speak``: the rules allow calls by machine to this contact."""
    return Policy(
        on_machine=settings.on_machine,
        on_screen=settings.on_screen,
        on_music=settings.on_music,
        on_silence=settings.on_silence,
        on_correction=settings.on_correction,
        on_person=settings.on_person,
        may_speak=may_speak,
        can_leave=may_speak and bool(settings.drop_text.strip() or settings.drop_file),
        agent_key=settings.agent_key,
        drawn=settings.mode is not DiallingMode.AGENTLESS and drawn(uid, settings.audit_share),
    )


def drawn(uid: AttemptUid, share: float) -> bool:
    """Whether an attempt is among the ``share`` that is audited: by its uid alone, so that anybody can check it."""
    lot = int.from_bytes(hashlib.sha256(uid.encode()).digest()[:8]) / 2**64
    return lot < share


def end(call: Call, outcome: Disposition, *before: Command) -> Step:
    """Hang up for good."""
    return replace(call, state=CallState.ENDING, outcome=outcome, ended_by=Side.BOX), [*before, HangUp()]


def person(call: Call) -> Step:
    """A person is there, or what the campaign treats as one. Whoever is hung up on has been abandoned."""
    if call.message and call.policy.on_person is PersonAction.HANG_UP:
        gone = replace(call, state=CallState.ANNOUNCING, live=True, outcome=Disposition.ABANDONED)
        return gone, [Announce()]
    if call.message and call.policy.on_person is PersonAction.FLOW:
        return replace(call, state=CallState.MESSAGE, live=True), [PlayMessage()]
    return replace(call, state=CallState.WAITING, live=True, message=False), [SeekAgent()]


def heard_before_answer(call: Call, event: Event) -> Step:
    """A network announcement or tone instead of a person."""
    assert isinstance(event, Heard)
    if event.label not in BEFORE_ANSWER:
        return call, []
    return end(call, _outcome(event.label, event.cause))


def heard(call: Call, event: Event) -> Step:
    """The verdict."""
    assert isinstance(event, Heard)
    return _judged(call, event.label, event.cause)


def _judged(call: Call, label: AmdLabel, cause: str) -> Step:
    if label in (AmdLabel.HUMAN, AmdLabel.UNSURE):
        return person(call)
    if label in _NOBODY:
        return end(call, _outcome(label, cause))
    call = replace(call, machine=label is AmdLabel.MACHINE)
    action, forbidden = _action(call.policy, label)
    if call.machine and call.policy.drawn and action is not VerdictAction.AGENT:
        return replace(call, state=CallState.WAITING, audited=True), [NoteAudit(), SeekAgent()]
    if action is VerdictAction.AGENT:
        return person(call)
    if action is VerdictAction.FLOW:
        spoken = replace(call, state=CallState.MESSAGE, message=True, agent_key=call.policy.agent_key)
        return spoken, [PlayMessage()]
    if action is VerdictAction.MESSAGE:
        return _leave(call)
    if label is AmdLabel.SILENCE:
        return replace(call, state=CallState.ANNOUNCING, outcome=Disposition.SILENCE), [Announce()]
    note: list[Command] = [NoteMessage(MessageResult.FORBIDDEN)] if forbidden else []
    return end(call, Disposition.MACHINE, *note)


def _action(policy: Policy, label: AmdLabel) -> tuple[VerdictAction, bool]:
    """What is done, and whether it is that because the campaign's wish is forbidden."""
    wished = {
        AmdLabel.MACHINE: policy.on_machine,
        AmdLabel.SCREEN: policy.on_screen,
        AmdLabel.MUSIC: policy.on_music,
        AmdLabel.SILENCE: policy.on_silence,
    }[label]
    possible = {VerdictAction.FLOW: policy.may_speak, VerdictAction.MESSAGE: policy.can_leave}
    if possible.get(wished, True):
        return wished, False
    instead = label in (AmdLabel.MACHINE, AmdLabel.SILENCE)
    return VerdictAction.HANG_UP if instead else VerdictAction.AGENT, wished is VerdictAction.MESSAGE


def _outcome(label: AmdLabel, cause: str) -> Disposition:
    return _BY_CAUSE.get(cause) or _NOBODY.get(label, Disposition.MACHINE)


# -- corrections ---------------------------------------------------------------------------------------------------


def corrected_waiting(call: Call, event: Event) -> Step:
    """Nobody is connected yet: the correction counts as the verdict would have, unless a key was pressed."""
    assert isinstance(event, Corrected)
    if call.message:
        return call, []
    after, commands = _judged(replace(call, live=False), event.label, event.cause)
    if after.state is CallState.WAITING:
        return after, [each for each in commands if not isinstance(each, SeekAgent)]
    return after, [StopSeeking(), *commands]


def corrected_speaking(call: Call, event: Event) -> Step:
    """The message with keys is being spoken, to a machine as it turns out."""
    assert isinstance(event, Corrected)
    action, _ = (
        _action(call.policy, event.label) if event.label not in _NOBODY else (VerdictAction.HANG_UP, False)
    )
    if call.outcome is not None or action in (VerdictAction.AGENT, VerdictAction.FLOW):
        return call, []
    after, commands = _judged(
        replace(call, live=False, policy=replace(call.policy, drawn=False)), event.label, event.cause
    )
    return after, [StopPlaying(), *commands]


def corrected_talking(call: Call, event: Event) -> Step:
    """An agent talks: told, and no more, unless the campaign says otherwise."""
    assert isinstance(event, Corrected)
    agent = call.agent
    assert agent is not None
    machine = event.label is AmdLabel.MACHINE
    call = replace(call, machine=machine, audited=call.audited or (machine and call.policy.drawn))
    wanted = call.policy.on_correction
    if wanted is OnCorrection.HANG_UP and not call.audited:
        return end(replace(call, agent=None), _outcome(event.label, event.cause), LetGo(agent))
    if wanted is OnCorrection.MESSAGE and machine and call.policy.can_leave and not call.audited:
        return handed_over(call, event)
    return call, [TellAgent()]


# -- messages ------------------------------------------------------------------------------------------------------


def handed_over(call: Call, _: Event) -> Step:
    """The agent is free; the call goes on to the message."""
    agent = call.agent
    if agent is None or not call.policy.can_leave:
        return call, []
    after, commands = _leave(replace(call, agent=None))
    return after, [LetGo(agent), *commands]


def _leave(call: Call) -> Step:
    leaving = replace(call, outcome=Disposition.MACHINE, live=False)
    if call.greeting_over:
        return replace(leaving, state=CallState.LEAVING_MESSAGE), [LeaveMessage()]
    listen = not call.machine
    return replace(leaving, state=CallState.AWAITING_BEEP, machine=True), [AwaitBeep(listen)]


def greeting_ended(call: Call, _: Event) -> Step:
    """Remembered: whoever decides to leave a message later need not wait."""
    return replace(call, greeting_over=True), []


def spoke_again(call: Call, _: Event) -> Step:
    """There will be another end."""
    return replace(call, greeting_over=False), []


def begin_message(call: Call, _: Event) -> Step:
    """What was waited for."""
    return replace(call, state=CallState.LEAVING_MESSAGE, greeting_over=True), [LeaveMessage()]


def second_beep(call: Call, _: Event) -> Step:
    """The recording began only now."""
    if call.restarts >= MOST_RESTARTS:
        return call, []
    return replace(call, restarts=call.restarts + 1), [StopPlaying(), LeaveMessage()]


def spoken_over(call: Call, _: Event) -> Step:
    """Somebody speaks: be silent and wait again."""
    if call.restarts >= MOST_RESTARTS:
        return call, []
    waiting = replace(call, state=CallState.AWAITING_BEEP, restarts=call.restarts + 1, greeting_over=False)
    return waiting, [StopPlaying(), AwaitBeep(listen=False)]


def message_left(call: Call, _: Event) -> Step:
    """It was heard to its end."""
    return end(call, Disposition.MACHINE, NoteMessage(MessageResult.LEFT))


def message_failed(call: Call, _: Event) -> Step:
    """It cannot be spoken."""
    return end(call, Disposition.MACHINE, NoteMessage(MessageResult.FAILED))


def no_end(call: Call, _: Event) -> Step:
    """The greeting does not end."""
    return end(call, Disposition.MACHINE, NoteMessage(MessageResult.NO_END))


def too_late(call: Call, _: Event) -> Step:
    """The call has lasted too long, or the box is being stopped."""
    return end(call, Disposition.MACHINE, NoteMessage(MessageResult.HUNG_UP))


def cut_off(call: Call, _: Event) -> Step:
    """The call has lasted too long, or the box is being stopped."""
    return end(call, Disposition.MACHINE, NoteMessage(MessageResult.CUT_OFF))


ENDED_IN: dict[CallState, MessageResult] = {
    CallState.AWAITING_BEEP: MessageResult.HUNG_UP,
    CallState.LEAVING_MESSAGE: MessageResult.CUT_OFF,
}
"""What became of a message when the leg is gone in that state."""
