"""The words of one outbound call: its states, what is known of it, what can happen to it, what is to be done.

Plain values, no rules: ``call`` and ``machines`` are the table over them, ``switchboard`` carries out the commands.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from firmware.model import (
    AmdLabel,
    Disposition,
    HangupCause,
    MessageResult,
    OnCorrection,
    PersonAction,
    Side,
    UserId,
    VerdictAction,
)


class CallState(StrEnum):
    """Where a call stands."""

    DIALLING = "dialling"
    RINGING = "ringing"
    LISTENING = "listening"
    MESSAGE = "message"
    WAITING = "waiting"
    BRIDGED = "bridged"
    HANDED = "handed"
    ANNOUNCING = "announcing"
    AWAITING_BEEP = "awaiting_beep"
    LEAVING_MESSAGE = "leaving_message"
    ENDING = "ending"
    ENDED = "ended"

    @property
    def is_up(self) -> bool:
        """Whether people can talk with each other in it."""
        return self in (CallState.BRIDGED, CallState.HANDED)


@dataclass(frozen=True, slots=True)
class Policy:
    """What the campaign wants done with verdicts, and what the rules allow of it for this contact."""

    on_machine: VerdictAction = VerdictAction.HANG_UP
    on_screen: VerdictAction = VerdictAction.AGENT
    on_music: VerdictAction = VerdictAction.AGENT
    on_silence: VerdictAction = VerdictAction.HANG_UP
    on_correction: OnCorrection = OnCorrection.TELL
    on_person: PersonAction = PersonAction.FLOW
    """Where nobody but machines is expected to be spoken to by an agent (``Call.message``)."""
    may_speak: bool = True
    """The contact may be spoken to by machine."""
    can_leave: bool = False
    """There is a message to leave on machines, and it may be left."""
    agent_key: bool = False
    """Key 2 asks for an agent while a message plays."""
    drawn: bool = False
    """Should it be judged a machine, an agent hears it all the same, to count the wrong verdicts."""


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
    forwards: bool = False
    """That key hands the call to an agent or a destination that is named, not to whoever is free."""
    handed: bool = False
    """The customer is no longer with the agent of the attempt, whose wrap-up has begun; ``parties`` knows with whom."""
    objected: bool = False
    """Told that no agent is free, the person pressed the key against further calls."""
    live: bool = False
    """A person answered: this call counts in the abandon rate's denominator."""
    policy: Policy = Policy()
    machine: bool = False
    """The ears take it for a machine and wait for the end of its greeting."""
    greeting_over: bool = False
    """The machine listens now."""
    audited: bool = False
    """Judged a machine, and an agent is to hear it all the same."""
    restarts: int = 0
    """How often the message was begun anew."""


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
    """The ears' verdict; ``cause`` is the key of its reason."""

    label: AmdLabel
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Corrected:
    """The verdict was wrong, this one is right."""

    label: AmdLabel
    cause: str = ""


@dataclass(frozen=True, slots=True)
class GreetingEnded:
    """The machine listens now."""


@dataclass(frozen=True, slots=True)
class SpokeAgain:
    """It speaks again, or a person does."""


@dataclass(frozen=True, slots=True)
class WaitOver:
    """The end of the greeting has not come in time."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The agent leaves the call to the message."""


@dataclass(frozen=True, slots=True)
class HandedOn:
    """Somebody else has the customer from now on, or is being looked for."""


@dataclass(frozen=True, slots=True)
class GaveUp:
    """Nobody takes a customer who was handed on."""


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
    | Corrected
    | GreetingEnded
    | SpokeAgain
    | WaitOver
    | HandedOver
    | HandedOn
    | GaveUp
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
class Forward:
    """Hand the call to the agent or the destination that the campaign names."""


@dataclass(frozen=True, slots=True)
class TellAgent:
    """Say at the agent's desk that it is no person."""


@dataclass(frozen=True, slots=True)
class LetGo:
    """The agent is free at once, without a wrap-up; the customer's leg stays."""

    agent: UserId


@dataclass(frozen=True, slots=True)
class NoteAudit:
    """Write down that an agent hears this machine verdict."""


@dataclass(frozen=True, slots=True)
class AwaitBeep:
    """Begin to wait for the end of the greeting; ``listen`` where the ears do not know yet that it is a machine."""

    listen: bool


@dataclass(frozen=True, slots=True)
class LeaveMessage:
    """Speak the message that is left on machines."""


@dataclass(frozen=True, slots=True)
class NoteMessage:
    """Write down what became of it."""

    result: MessageResult


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
    | Forward
    | TellAgent
    | LetGo
    | NoteAudit
    | AwaitBeep
    | LeaveMessage
    | NoteMessage
    | HangUp
    | WrapUp
    | Dispose
)

Step = tuple[Call, list[Command]]
