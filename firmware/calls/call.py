"""One outbound call as a table of states: what has happened in, what to do next out.

Pure: no clock, no I/O. ``step(call, event)`` looks the pair (state, kind of event) up in ``_TABLE`` and returns the
new call and the commands somebody else carries out (``switchboard``). A pair that is not in the table is a late
echo and changes nothing: networks deliver events after we have stopped caring, and ignoring them here means nobody
has to ask "is it still alive?" anywhere else. ``Ended`` is the one event that is handled in every state. What becomes
of calls on which no person is, is ``machines``' part of the table; who else takes part in a call that is up is
``parties``'.

The way of a call that goes well::

    dialling -> ringing -> listening -> waiting -> bridged -> ended          (the agent's wrap-up code follows)

and the ways it can go otherwise::

    dialling, ringing -> ended                  busy, no answer, rejected, ...      the hangup cause is the disposition
    ringing -> ending -> ended                  an intercept announcement in early media
    listening -> ending -> ended                machine, fax, intercept
    listening -> announcing -> ending -> ended  nobody spoke: told who called, then hung up
    waiting -> announcing -> ending -> ended    no agent in time: announcement, counted abandoned
    listening -> message -> ending -> ended     no agent at all: a message is heard to its end
    listening -> announcing -> ending -> ended  ... or a campaign for machines alone: told who called, counted abandoned
    message -> waiting -> ...                   ... and key 2 asks for an agent
    message -> ending -> ended                  ... and key 9 forbids further calls, written down before we hang up
    listening -> awaiting beep                  a machine on which a message is left, once its greeting is over
    awaiting beep -> leaving message -> ending -> ended
    leaving message -> awaiting beep            ... somebody spoke: silent, and once more from the beginning
    waiting, message -> awaiting beep, ending   what passed for a person turned out to be a machine
    bridged -> awaiting beep                    ... so it did when an agent talked, who leaves it to the message
    dialling, ringing -> ending -> ended        the agent who dialled a record by hand hung up
    bridged -> handed -> ending -> ended        the agent handed the customer on; the wrap-up follows at once
    message -> handed -> ending -> ended        ... so did the box, after key 2
    handed -> announcing -> ending -> ended     ... and nobody takes the customer

``ending`` is the time between our BYE or CANCEL and the wire's confirmation: a leg counts until it is really gone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from firmware.calls import machines
from firmware.calls.happenings import (
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
    Forward,
    GaveUp,
    GreetingEnded,
    HandedOn,
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
    OptedOut,
    OptOut,
    PlayMessage,
    Policy,
    Ringing,
    SeekAgent,
    SpokeAgain,
    Step,
    StopPlaying,
    StopSeeking,
    TellAgent,
    WaitOver,
    WrapUp,
)
from firmware.model import Disposition, HangupCause, Side

__all__ = [
    "AGENT_KEY",
    "CAUSE_TO_DISPOSITION",
    "OPT_OUT_KEY",
    "AgentConnected",
    "AgentLeft",
    "Announce",
    "Announced",
    "Answered",
    "AwaitBeep",
    "Call",
    "CallState",
    "Command",
    "Connect",
    "Corrected",
    "Digit",
    "Dispose",
    "Ended",
    "Event",
    "Expired",
    "Forward",
    "GaveUp",
    "GreetingEnded",
    "HandedOn",
    "HandedOver",
    "HangUp",
    "Heard",
    "HoldExpired",
    "LeaveMessage",
    "LetGo",
    "Listen",
    "MessageFailed",
    "NoteAudit",
    "NoteMessage",
    "OptOut",
    "OptedOut",
    "PlayMessage",
    "Policy",
    "Ringing",
    "SeekAgent",
    "SpokeAgain",
    "Step",
    "StopPlaying",
    "StopSeeking",
    "TellAgent",
    "WaitOver",
    "WrapUp",
    "step",
]

CAUSE_TO_DISPOSITION: dict[HangupCause, Disposition] = {
    HangupCause.NORMAL: Disposition.HUNG_UP,
    HangupCause.BUSY: Disposition.BUSY,
    HangupCause.NO_ANSWER: Disposition.NO_ANSWER,
    HangupCause.CANCELLED: Disposition.NO_ANSWER,
    HangupCause.REJECTED: Disposition.REJECTED,
    HangupCause.NOT_FOUND: Disposition.UNREACHABLE,
    HangupCause.UNAVAILABLE: Disposition.UNREACHABLE,
    HangupCause.NETWORK_FAILURE: Disposition.FAILED,
    HangupCause.MEDIA_LOST: Disposition.FAILED,
    HangupCause.TOO_LONG: Disposition.FAILED,
    HangupCause.OUR_FAULT: Disposition.FAILED,
    HangupCause.DELAYED: Disposition.FAILED,
    HangupCause.BLACKLISTED: Disposition.FAILED,
}
"""What a hangup cause means for a call nobody has judged yet."""

OPT_OUT_KEY = "9"
AGENT_KEY = "2"


def step(call: Call, event: Event) -> Step:
    """What ``event`` makes of ``call``, and what to do about it."""
    if isinstance(event, Ended):
        return _ended(call, event)
    action = _TABLE.get((call.state, type(event)))
    return action(call, event) if action is not None else (call, [])


def _ringing(call: Call, event: Event) -> Step:
    assert isinstance(event, Ringing)
    listen: list[Command] = [Listen()] if event.early_media else []
    return replace(call, state=CallState.RINGING), listen


def _answered(call: Call, _: Event) -> Step:
    if call.amd:
        return replace(call, state=CallState.LISTENING), [Listen()]
    return machines.person(call)


def _key(call: Call, event: Event) -> Step:
    """Key 9: never again, and that is written down before we hang up. Key 2: an agent, where there are any."""
    assert isinstance(event, Digit)
    if call.outcome is not None:
        return call, []
    if event.key == OPT_OUT_KEY:
        return replace(call, outcome=Disposition.DO_NOT_CALL), [StopPlaying(), OptOut()]
    if event.key == AGENT_KEY and call.agent_key and call.forwards:
        forwarded = replace(call, state=CallState.HANDED, handed=True, outcome=Disposition.CONTACTED)
        return forwarded, [StopPlaying(), Forward()]
    if event.key == AGENT_KEY and call.agent_key:
        return replace(call, state=CallState.WAITING), [StopPlaying(), SeekAgent()]
    return call, []


def _message_over(call: Call, _: Event) -> Step:
    return (call, []) if call.outcome is not None else machines.end(call, Disposition.CONTACTED)


def _message_failed(call: Call, _: Event) -> Step:
    return (call, []) if call.outcome is not None else machines.end(call, Disposition.FAILED)


def _opted_out(call: Call, _: Event) -> Step:
    return machines.end(call, Disposition.DO_NOT_CALL)


def _connected(call: Call, event: Event) -> Step:
    assert isinstance(event, AgentConnected)
    return replace(call, state=CallState.BRIDGED, agent=event.agent), [Connect(event.agent)]


def _hold_expired(call: Call, _: Event) -> Step:
    """Nobody is abandoned where the verdict was a machine and an agent was only to check it."""
    if call.audited:
        return machines.end(call, Disposition.MACHINE, StopSeeking())
    abandoned = replace(call, state=CallState.ANNOUNCING, outcome=Disposition.ABANDONED)
    return abandoned, [StopSeeking(), Announce()]


def _announced(call: Call, _: Event) -> Step:
    return replace(call, state=CallState.ENDING, ended_by=Side.BOX), [HangUp()]


def _key_announced(call: Call, event: Event) -> Step:
    """Who heard that no agent is free can object by key, as after any message; the call stays an abandoned one."""
    assert isinstance(event, Digit)
    if event.key != OPT_OUT_KEY or call.objected:
        return call, []
    return replace(call, objected=True), [OptOut()]


def _agent_left(call: Call, _: Event) -> Step:
    return replace(call, state=CallState.ENDING, ended_by=Side.AGENT), [HangUp()]


def _handed_on(call: Call, _: Event) -> Step:
    assert call.agent is not None
    return replace(call, state=CallState.HANDED, handed=True), [WrapUp(call.agent)]


def _gave_up(call: Call, _: Event) -> Step:
    return replace(call, state=CallState.ANNOUNCING), [Announce()]


def _expired(call: Call, _: Event) -> Step:
    return replace(call, state=CallState.ENDING, ended_by=Side.BOX), [HangUp()]


def _expired_waiting(call: Call, _: Event) -> Step:
    """A person who is cut off before an agent came was abandoned, whatever our reason."""
    if call.audited:
        return machines.end(call, Disposition.MACHINE, StopSeeking())
    cut = replace(call, state=CallState.ENDING, outcome=Disposition.ABANDONED, ended_by=Side.BOX)
    return cut, [StopSeeking(), HangUp()]


def _ended(call: Call, event: Ended) -> Step:
    if call.state is CallState.ENDED:
        return call, []
    ended_by = call.ended_by or (Side.CUSTOMER if event.by_far_end else Side.BOX)
    gone = replace(call, state=CallState.ENDED, ended_by=ended_by)
    if call.agent is not None:
        return gone, [] if call.handed else [WrapUp(call.agent)]
    outcome = call.outcome or (Disposition.MACHINE if call.audited else CAUSE_TO_DISPOSITION[event.cause])
    before: list[Command] = [StopSeeking()] if call.state is CallState.WAITING else []
    if result := machines.ENDED_IN.get(call.state):
        before.append(NoteMessage(result))
    return replace(gone, outcome=outcome), [*before, Dispose(outcome)]


_TABLE: dict[tuple[CallState, type[Event]], Callable[[Call, Event], Step]] = {
    (CallState.DIALLING, Ringing): _ringing,
    (CallState.DIALLING, Answered): _answered,
    (CallState.DIALLING, AgentLeft): _agent_left,
    (CallState.DIALLING, Expired): _expired,
    (CallState.RINGING, Ringing): _ringing,
    (CallState.RINGING, Answered): _answered,
    (CallState.RINGING, Heard): machines.heard_before_answer,
    (CallState.RINGING, AgentLeft): _agent_left,
    (CallState.RINGING, Expired): _expired,
    (CallState.LISTENING, Heard): machines.heard,
    (CallState.LISTENING, Expired): _expired,
    (CallState.MESSAGE, Digit): _key,
    (CallState.MESSAGE, Announced): _message_over,
    (CallState.MESSAGE, MessageFailed): _message_failed,
    (CallState.MESSAGE, OptedOut): _opted_out,
    (CallState.MESSAGE, Expired): _expired,
    (CallState.MESSAGE, Corrected): machines.corrected_speaking,
    (CallState.MESSAGE, GreetingEnded): machines.greeting_ended,
    (CallState.MESSAGE, SpokeAgain): machines.spoke_again,
    (CallState.WAITING, AgentConnected): _connected,
    (CallState.WAITING, HoldExpired): _hold_expired,
    (CallState.WAITING, Expired): _expired_waiting,
    (CallState.WAITING, Corrected): machines.corrected_waiting,
    (CallState.WAITING, GreetingEnded): machines.greeting_ended,
    (CallState.WAITING, SpokeAgain): machines.spoke_again,
    (CallState.BRIDGED, Corrected): machines.corrected_talking,
    (CallState.BRIDGED, GreetingEnded): machines.greeting_ended,
    (CallState.BRIDGED, SpokeAgain): machines.spoke_again,
    (CallState.BRIDGED, HandedOver): machines.handed_over,
    (CallState.AWAITING_BEEP, GreetingEnded): machines.begin_message,
    (CallState.AWAITING_BEEP, WaitOver): machines.no_end,
    (CallState.AWAITING_BEEP, Expired): machines.too_late,
    (CallState.LEAVING_MESSAGE, Announced): machines.message_left,
    (CallState.LEAVING_MESSAGE, GreetingEnded): machines.second_beep,
    (CallState.LEAVING_MESSAGE, SpokeAgain): machines.spoken_over,
    (CallState.LEAVING_MESSAGE, MessageFailed): machines.message_failed,
    (CallState.LEAVING_MESSAGE, Expired): machines.cut_off,
    (CallState.BRIDGED, AgentLeft): _agent_left,
    (CallState.BRIDGED, Expired): _expired,
    (CallState.BRIDGED, HandedOn): _handed_on,
    (CallState.HANDED, AgentLeft): _agent_left,
    (CallState.HANDED, GaveUp): _gave_up,
    (CallState.HANDED, Expired): _expired,
    (CallState.ANNOUNCING, Announced): _announced,
    (CallState.ANNOUNCING, Digit): _key_announced,
    (CallState.ANNOUNCING, OptedOut): _announced,
    (CallState.ANNOUNCING, Expired): _expired,
}
