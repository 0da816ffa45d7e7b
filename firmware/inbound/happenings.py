"""The words of one call that comes in: its states, what is known of it, what can happen to it, what is to be done.

Plain values, no rules: ``call`` is the table over them, ``firmware.reception`` carries out the commands.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from firmware.model import Side, UserId


class State(StrEnum):
    """Where a call stands."""

    OFFERED = "offered"
    """Nothing was decided yet."""
    RINGING = "ringing"
    """The caller hears it ring; an agent is sought."""
    ANSWERING = "answering"
    """We pick up; what follows is in ``Call.next``."""
    GREETING = "greeting"
    WAITING = "waiting"
    """The caller hears music; an agent is sought."""
    TALKING = "talking"
    HANDED = "handed"
    """Somebody else than the agent who took the call has the caller, or is sought."""
    ASKING = "asking"
    """The caller is asked to press a key for a callback."""
    NOTING = "noting"
    """The callback is being written down."""
    LAST_WORDS = "last_words"
    """An announcement, then we hang up."""
    ENDING = "ending"
    ENDED = "ended"


class Outcome(StrEnum):
    """What became of a call; the words of the store."""

    ANSWERED = "answered"
    """An agent spoke with the caller."""
    MISSED = "missed"
    CLOSED = "closed"
    """Outside the opening hours."""
    BUSY = "busy"
    """All lines were taken, or too many callers waited."""
    REFUSED = "refused"
    """No settings say who takes such calls."""
    CALLBACK = "callback"
    """The caller asked to be called back, and that was promised."""
    INTERRUPTED = "interrupted"
    """The box stopped."""


class Kind(StrEnum):
    """Why somebody calls, as far as the box can tell; the first goes first."""

    CALLBACK = "callback"
    """A contact whom a running campaign calls, or has called: they call back."""
    NEW = "new"
    """Nobody knows the number, and it is one for new customers."""
    SERVICE = "service"


class Admission(StrEnum):
    """What is to be done with a call that is offered."""

    OPEN = "open"
    CLOSED = "closed"
    BUSY = "busy"
    REFUSED = "refused"


class Say(StrEnum):
    """Announcements."""

    GREETING = "greeting"
    CLOSED = "closed"
    SORRY = "sorry"
    """Nobody came in time."""
    OFFER = "offer"
    """Press 1 and we will call you back."""
    NOTED = "noted"
    POSITION = "position"
    """Which place among those who wait."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What the settings want for this call."""

    by_key: bool = True
    """An agent accepts by a key; otherwise the call is put through at once."""
    call_back: bool = False
    """Who has waited longest is offered a callback, and one can be promised."""


@dataclass(frozen=True, slots=True)
class Call:
    """What is known of a call. ``agent`` speaks or is about to; ``asked`` has been shown the call and may accept."""

    policy: Policy = Policy()
    state: State = State.OFFERED
    agent: UserId | None = None
    asked: UserId | None = None
    next: State = State.GREETING
    """What follows once we have picked up."""
    words: Say = Say.SORRY
    """The last words."""
    answered: bool = False
    talked: bool = False
    outcome: Outcome | None = None
    ended_by: Side | None = None
    handed: bool = False
    """The agent who took the call is free of it."""

    @property
    def seeking(self) -> bool:
        """Whether an agent is wanted."""
        waits = self.state in (State.RINGING, State.GREETING, State.WAITING)
        return waits or (self.state is State.ANSWERING and self.next is State.GREETING)


# -- events ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Admitted:
    """It was looked up what is to be done with it."""

    admission: Admission


@dataclass(frozen=True, slots=True)
class Answered:
    """We have picked up: audio flows."""


@dataclass(frozen=True, slots=True)
class AgentReady:
    """An agent is reserved and the phone is open; ``accepted``: by picking it up."""

    agent: UserId
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """The agent who was asked takes the call."""


@dataclass(frozen=True, slots=True)
class Declined:
    """The agent who was asked does not, or did nothing for too long (``ignored``)."""

    ignored: bool = False


@dataclass(frozen=True, slots=True)
class AgentLost:
    """The reserved agent's phone is gone."""


@dataclass(frozen=True, slots=True)
class RungLong:
    """It has rung long enough: the caller is to be greeted."""


@dataclass(frozen=True, slots=True)
class PositionDue:
    """It is time to tell who waits which place they have."""


@dataclass(frozen=True, slots=True)
class WaitOver:
    """The caller has waited as long as the settings allow."""


@dataclass(frozen=True, slots=True)
class Said:
    """An announcement has been heard to its end, or cannot be played."""


@dataclass(frozen=True, slots=True)
class Key:
    """The caller pressed a key."""

    key: str


@dataclass(frozen=True, slots=True)
class KeyTimeOver:
    """No key was pressed after the question."""


@dataclass(frozen=True, slots=True)
class Noted:
    """The callback is promised (``kept``), or could not be."""

    kept: bool = True


@dataclass(frozen=True, slots=True)
class AgentLeft:
    """The agent hung up."""


@dataclass(frozen=True, slots=True)
class HandedOn:
    """Somebody else has the caller from now on, or is being looked for."""


@dataclass(frozen=True, slots=True)
class GaveUp:
    """Nobody takes a caller who was handed on."""


@dataclass(frozen=True, slots=True)
class Expired:
    """The box ends the call: it is too long, or the box stops."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The leg is gone."""

    by_far_end: bool = True


Event = (
    Admitted
    | Answered
    | AgentReady
    | Accepted
    | Declined
    | AgentLost
    | RungLong
    | PositionDue
    | WaitOver
    | Said
    | Key
    | KeyTimeOver
    | Noted
    | AgentLeft
    | HandedOn
    | GaveUp
    | Expired
    | Ended
)

# -- commands ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Refuse:
    """Turn the call away unanswered; ``busy`` or not there."""

    busy: bool = False


@dataclass(frozen=True, slots=True)
class PickUp:
    """Answer the leg; ``Answered`` follows, or the end."""


@dataclass(frozen=True, slots=True)
class Seek:
    """Reserve an agent as soon as there is one."""


@dataclass(frozen=True, slots=True)
class StopSeeking:
    """No agent is wanted any more; one who is reserved is free."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Show the call to the agent and let the phone sound."""

    agent: UserId


@dataclass(frozen=True, slots=True)
class StopAsking:
    """The phone is to be silent."""

    agent: UserId


@dataclass(frozen=True, slots=True)
class PassOver:
    """The agent did not take it and is free; who ``ignored`` it is paused."""

    agent: UserId
    ignored: bool


@dataclass(frozen=True, slots=True)
class Speak:
    """Play an announcement; ``Said`` follows."""

    what: Say


@dataclass(frozen=True, slots=True)
class PlayMusic:
    """Music until something else is to be heard."""


@dataclass(frozen=True, slots=True)
class BeSilent:
    """Stop what is being played."""


@dataclass(frozen=True, slots=True)
class AwaitKey:
    """Give the caller a moment to press the key."""


@dataclass(frozen=True, slots=True)
class NoteCallback:
    """Promise a callback; ``Noted`` follows."""


@dataclass(frozen=True, slots=True)
class Connect:
    """Bridge caller and agent."""

    agent: UserId


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the caller's leg."""


@dataclass(frozen=True, slots=True)
class WrapUp:
    """The conversation is over: the agent owes the result."""

    agent: UserId


@dataclass(frozen=True, slots=True)
class Close:
    """The final word, without an agent."""

    outcome: Outcome


Command = (
    Refuse
    | PickUp
    | Seek
    | StopSeeking
    | Ask
    | StopAsking
    | PassOver
    | Speak
    | PlayMusic
    | BeSilent
    | AwaitKey
    | NoteCallback
    | Connect
    | HangUp
    | WrapUp
    | Close
)

Step = tuple[Call, list[Command]]
