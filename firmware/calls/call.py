"""One outbound call as a table of states: what has happened in, what to do next out.

Pure: no clock, no I/O. ``step(call, event)`` looks the pair (state, kind of event) up in ``_TABLE`` and returns the
new call and the commands somebody else carries out (``switchboard``). A pair that is not in the table is a late
echo and changes nothing: networks deliver events after we have stopped caring, and ignoring them here means nobody
has to ask "is it still alive?" anywhere else. ``Ended`` is the one event that is handled in every state.

The way of a call that goes well::

    dialling -> ringing -> listening -> waiting -> bridged -> ended          (the agent's wrap-up code follows)

and the ways it can go otherwise::

    dialling, ringing -> ended                  busy, no answer, rejected, ...      the hangup cause is the disposition
    ringing -> ending -> ended                  an intercept announcement in early media
    listening -> ending -> ended                machine, fax, intercept
    listening -> announcing -> ending -> ended  nobody spoke: told who called, then hung up
    waiting -> announcing -> ending -> ended    no agent in time: announcement, counted abandoned
    listening -> message -> ending -> ended     no agent at all: a message is heard to its end
    message -> waiting -> ...                   ... and key 2 asks for an agent
    message -> ending -> ended                  ... and key 9 forbids further calls, written down before we hang up
    dialling, ringing -> ending -> ended        the agent who dialled a record by hand hung up

``ending`` is the time between our BYE or CANCEL and the wire's confirmation: a leg counts until it is really gone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from firmware.model import AmdLabel, Disposition, HangupCause, Side, UserId


class CallState(StrEnum):
    """Where a call stands."""

    DIALLING = "dialling"
    RINGING = "ringing"
    LISTENING = "listening"
    MESSAGE = "message"
    WAITING = "waiting"
    BRIDGED = "bridged"
    ANNOUNCING = "announcing"
    ENDING = "ending"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of a call. ``outcome`` is its disposition once that is decided; ``None`` after ``ENDED``
    means an agent spoke and owes the wrap-up code."""

    amd: bool
    state: CallState = CallState.DIALLING
    agent: UserId | None = None
    outcome: Disposition | None = None
    ended_by: Side | None = None
    message: bool = False
    """Whoever answers hears a message; agents come only on a key."""
    agent_key: bool = False
    """Key 2 asks for an agent."""
    live: bool = False
    """A person answered: this call counts in the abandon rate's denominator."""


# -- events ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ringing:
    """The far end rings; ``early_media`` when it can already be heard."""

    early_media: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """The far end accepted the call."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The ears' verdict."""

    label: AmdLabel


@dataclass(frozen=True, slots=True)
class AgentConnected:
    """An agent's phone is open and the agent is reserved for this call."""

    agent: UserId


@dataclass(frozen=True, slots=True)
class HoldExpired:
    """The person has waited as long as the campaign allows."""


@dataclass(frozen=True, slots=True)
class Announced:
    """The announcement has been heard to its end, or cannot be played."""


@dataclass(frozen=True, slots=True)
class Digit:
    """The person pressed a key."""

    key: str


@dataclass(frozen=True, slots=True)
class OptedOut:
    """The person's number is on the list of opt-outs, for good."""


@dataclass(frozen=True, slots=True)
class MessageFailed:
    """The message cannot be spoken."""


@dataclass(frozen=True, slots=True)
class AgentLeft:
    """The agent hung up, or the agent's phone is gone."""


@dataclass(frozen=True, slots=True)
class Expired:
    """The longest duration a call may have is over, or the box is being stopped."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The customer's leg is gone."""

    cause: HangupCause
    by_far_end: bool


Event = (
    Ringing
    | Answered
    | Heard
    | AgentConnected
    | HoldExpired
    | Announced
    | Digit
    | OptedOut
    | MessageFailed
    | AgentLeft
    | Expired
    | Ended
)

# -- commands ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listen:
    """Let the ears judge the leg."""


@dataclass(frozen=True, slots=True)
class SeekAgent:
    """Reserve an agent and start the hold time."""


@dataclass(frozen=True, slots=True)
class StopSeeking:
    """Nobody needs an agent any more: cancel the hold time, release whoever is reserved."""


@dataclass(frozen=True, slots=True)
class Connect:
    """Bridge customer and agent; record if the campaign says so."""

    agent: UserId


@dataclass(frozen=True, slots=True)
class Announce:
    """Play the announcement for a call without an agent."""


@dataclass(frozen=True, slots=True)
class PlayMessage:
    """Let the person hear the campaign's message."""


@dataclass(frozen=True, slots=True)
class StopPlaying:
    """Be silent at once."""


@dataclass(frozen=True, slots=True)
class OptOut:
    """Put the number on the list of opt-outs; ``OptedOut`` follows when it is durable."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the customer's leg."""


@dataclass(frozen=True, slots=True)
class WrapUp:
    """The conversation is over: the agent owes the wrap-up code."""

    agent: UserId


@dataclass(frozen=True, slots=True)
class Dispose:
    """The final word, without an agent."""

    disposition: Disposition


Command = (
    Listen
    | SeekAgent
    | StopSeeking
    | Connect
    | Announce
    | PlayMessage
    | StopPlaying
    | OptOut
    | HangUp
    | WrapUp
    | Dispose
)
Step = tuple[Call, list[Command]]

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
}
"""What a hangup cause means for a call nobody has judged yet."""

OPT_OUT_KEY = "9"
AGENT_KEY = "2"

_NOT_A_PERSON: dict[AmdLabel, Disposition] = {
    AmdLabel.MACHINE: Disposition.MACHINE,
    AmdLabel.FAX: Disposition.FAX,
    AmdLabel.INTERCEPT: Disposition.INTERCEPT,
}


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
    return _person(call)


def _person(call: Call) -> Step:
    """A person is there."""
    if call.message:
        return replace(call, state=CallState.MESSAGE, live=True), [PlayMessage()]
    return replace(call, state=CallState.WAITING, live=True), [SeekAgent()]


def _key(call: Call, event: Event) -> Step:
    """Key 9: never again, and that is written down before we hang up. Key 2: an agent, where there are any."""
    assert isinstance(event, Digit)
    if call.outcome is not None:
        return call, []
    if event.key == OPT_OUT_KEY:
        return replace(call, outcome=Disposition.DO_NOT_CALL), [StopPlaying(), OptOut()]
    if event.key == AGENT_KEY and call.agent_key:
        return replace(call, state=CallState.WAITING), [StopPlaying(), SeekAgent()]
    return call, []


def _message_over(call: Call, _: Event) -> Step:
    return (call, []) if call.outcome is not None else _end(call, Disposition.CONTACTED)


def _message_failed(call: Call, _: Event) -> Step:
    return (call, []) if call.outcome is not None else _end(call, Disposition.FAILED)


def _opted_out(call: Call, _: Event) -> Step:
    return _end(call, Disposition.DO_NOT_CALL)


def _heard_before_answer(call: Call, event: Event) -> Step:
    """Before the answer only a network announcement is believed: the rest may be ringback music."""
    assert isinstance(event, Heard)
    if event.label is not AmdLabel.INTERCEPT:
        return call, []
    return _end(call, Disposition.INTERCEPT)


def _heard(call: Call, event: Event) -> Step:
    assert isinstance(event, Heard)
    if event.label in _NOT_A_PERSON:
        return _end(call, _NOT_A_PERSON[event.label])
    if event.label is AmdLabel.SILENCE:
        return replace(call, state=CallState.ANNOUNCING, outcome=Disposition.SILENCE), [Announce()]
    return _person(call)


def _connected(call: Call, event: Event) -> Step:
    assert isinstance(event, AgentConnected)
    return replace(call, state=CallState.BRIDGED, agent=event.agent), [Connect(event.agent)]


def _hold_expired(call: Call, _: Event) -> Step:
    abandoned = replace(call, state=CallState.ANNOUNCING, outcome=Disposition.ABANDONED)
    return abandoned, [StopSeeking(), Announce()]


def _announced(call: Call, _: Event) -> Step:
    return replace(call, state=CallState.ENDING, ended_by=Side.BOX), [HangUp()]


def _agent_left(call: Call, _: Event) -> Step:
    return replace(call, state=CallState.ENDING, ended_by=Side.AGENT), [HangUp()]


def _expired(call: Call, _: Event) -> Step:
    return replace(call, state=CallState.ENDING, ended_by=Side.BOX), [HangUp()]


def _expired_waiting(call: Call, _: Event) -> Step:
    """A person who is cut off before an agent came was abandoned, whatever our reason."""
    cut = replace(call, state=CallState.ENDING, outcome=Disposition.ABANDONED, ended_by=Side.BOX)
    return cut, [StopSeeking(), HangUp()]


def _end(call: Call, outcome: Disposition) -> Step:
    return replace(call, state=CallState.ENDING, outcome=outcome, ended_by=Side.BOX), [HangUp()]


def _ended(call: Call, event: Ended) -> Step:
    if call.state is CallState.ENDED:
        return call, []
    ended_by = call.ended_by or (Side.CUSTOMER if event.by_far_end else Side.BOX)
    gone = replace(call, state=CallState.ENDED, ended_by=ended_by)
    if call.agent is not None:
        return gone, [WrapUp(call.agent)]
    outcome = call.outcome or CAUSE_TO_DISPOSITION[event.cause]
    seeking: list[Command] = [StopSeeking()] if call.state is CallState.WAITING else []
    return replace(gone, outcome=outcome), [*seeking, Dispose(outcome)]


_TABLE: dict[tuple[CallState, type[Event]], Callable[[Call, Event], Step]] = {
    (CallState.DIALLING, Ringing): _ringing,
    (CallState.DIALLING, Answered): _answered,
    (CallState.DIALLING, AgentLeft): _agent_left,
    (CallState.DIALLING, Expired): _expired,
    (CallState.RINGING, Ringing): _ringing,
    (CallState.RINGING, Answered): _answered,
    (CallState.RINGING, Heard): _heard_before_answer,
    (CallState.RINGING, AgentLeft): _agent_left,
    (CallState.RINGING, Expired): _expired,
    (CallState.LISTENING, Heard): _heard,
    (CallState.LISTENING, Expired): _expired,
    (CallState.MESSAGE, Digit): _key,
    (CallState.MESSAGE, Announced): _message_over,
    (CallState.MESSAGE, MessageFailed): _message_failed,
    (CallState.MESSAGE, OptedOut): _opted_out,
    (CallState.MESSAGE, Expired): _expired,
    (CallState.WAITING, AgentConnected): _connected,
    (CallState.WAITING, HoldExpired): _hold_expired,
    (CallState.WAITING, Expired): _expired_waiting,
    (CallState.BRIDGED, AgentLeft): _agent_left,
    (CallState.BRIDGED, Expired): _expired,
    (CallState.ANNOUNCING, Announced): _announced,
    (CallState.ANNOUNCING, Expired): _expired,
}
