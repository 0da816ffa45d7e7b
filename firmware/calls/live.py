"""One live call and those who follow it: the plain values and promises the switchboard works with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from firmware.calls.call import Call, CallState
from firmware.calls.talk import Party, Talk
from firmware.clock import Timer
from firmware.model import (
    AnswerConfidence,
    AnswerMethod,
    AttemptUid,
    CampaignSettings,
    Claim,
    Disposition,
    HangupCause,
    MessageResult,
    NewParty,
    PartyResult,
    Side,
    TapeEnd,
    UserId,
)
from firmware.trunks.base import LegCorrected, LegHeard

__all__ = ["MAY_NEED_AGENT", "Books", "GreetingEnd", "LiveCall", "Messenger", "Party", "Talk", "Watcher"]

MAY_NEED_AGENT = frozenset({CallState.DIALLING, CallState.RINGING, CallState.LISTENING, CallState.WAITING})
"""States from which a call may still come to ask for an agent."""


class Books(Protocol):
    """Where the switchboard writes what happened; every method returns at once and keeps order."""

    def ringing(self, uid: AttemptUid, at: float) -> None:
        """The far end rings."""

    def answered(
        self, uid: AttemptUid, at: float, method: AnswerMethod, confidence: AnswerConfidence
    ) -> None:
        """The far end accepted."""

    def heard(self, uid: AttemptUid, verdict: LegHeard, at: float) -> None:
        """The ears' verdict."""

    def heard_early(self, uid: AttemptUid, verdict: LegHeard, at: float) -> None:
        """What was heard before the answer."""

    def corrected(self, uid: AttemptUid, verdict: LegCorrected, at: float) -> None:
        """The verdict was wrong; it is kept beside the first."""

    def audited(self, uid: AttemptUid) -> None:
        """Judged a machine, and an agent is to hear it all the same."""

    def message_began(self, uid: AttemptUid, ended: GreetingEnd | None, at: float) -> None:
        """The message for a machine is being spoken; ``ended``: what was waited for, and when it came."""

    def message(self, uid: AttemptUid, result: MessageResult, at: float) -> None:
        """What became of it."""

    def talking(self, uid: AttemptUid, agent: UserId, at: float, recording: Path | None) -> None:
        """Customer and agent are connected."""

    def ended(self, uid: AttemptUid, cause: HangupCause, by: Side, sip_code: int, at: float) -> None:
        """The customer's leg is gone."""

    def dispose(self, live: LiveCall, disposition: Disposition, at: float) -> None:
        """The final word without an agent; ``Switchboard.closed`` is called once it is durable."""

    def asked(self, party: NewParty, at: float) -> None:
        """Somebody is asked into a call."""

    def party_answered(self, uid: str, at: float) -> None:
        """They are there."""

    def party_handed(self, uid: str, at: float) -> None:
        """The customer is theirs."""

    def handed_on(self, uid: AttemptUid, at: float) -> None:
        """The agent of the attempt has no more to do with the customer: that is the attempt's end."""

    def party_ended(self, uid: str, result: PartyResult, at: float) -> None:
        """Their part is over."""

    def tape_began(self, call: AttemptUid, file: str, at: float) -> None:
        """A piece of a call is being recorded."""

    def tape_ended(self, file: str, why: TapeEnd, at: float) -> None:
        """And no more."""

    def step(self, attempt: AttemptUid, what: str, user: UserId | None, about: str, at: float) -> None:
        """Something was done with a call that is up; ``user`` None: by the box, the customer, the network."""


class Messenger(Protocol):
    """Who speaks to people where no agent does; every method returns at once, ``happened`` tells what became of it."""

    def prepare(self, live: LiveCall) -> None:
        """A call is on its way whose person will hear a message."""

    def play(self, live: LiveCall) -> None:
        """Let the person hear it: ``LegPlayed`` follows, or ``MessageFailed``."""

    def announce(self, live: LiveCall, otherwise: Path | None) -> None:
        """Tell a person that no agent is free, in the campaign's words, else as ``otherwise``: ``LegPlayed`` follows,
        or ``Announced`` where nothing can be played."""

    def prepare_drop(self, live: LiveCall) -> None:
        """A message is to be left on a machine soon."""

    def leave(self, live: LiveCall) -> None:
        """Leave it: ``LegPlayed`` follows, or ``MessageFailed``; the books are told when it begins."""

    def opt_out(self, live: LiveCall) -> None:
        """The person wants no further call: ``OptedOut`` follows when that is durable."""


class Watcher(Protocol):
    """Who follows every call the box places by itself (pacing)."""

    def placed(self, live: LiveCall) -> None:
        """A call is on its way."""

    def moved(self, live: LiveCall, before: CallState) -> None:
        """Its state is another than ``before``."""


@dataclass(frozen=True, slots=True)
class GreetingEnd:
    """How and when (UTC) a machine's greeting ended."""

    cause: str
    at: float


@dataclass(slots=True)
class LiveCall(Talk):
    """An attempt that is not closed yet."""

    claim: Claim
    settings: CampaignSettings
    call: Call
    since: float
    started_mono_s: float
    verdict: LegHeard | None = None
    correction: LegCorrected | None = None
    answered_at: float | None = None
    greeting_end: GreetingEnd | None = None
    owner: UserId | None = None
    """The agent who dialled this record and listens already; None for calls the box places by itself."""
    hold: Timer | None = None
    limit: Timer | None = None
    wrap_up_limit: Timer | None = None

    @property
    def is_up(self) -> bool:
        """Whether people can talk with each other in it."""
        return self.call.state.is_up

    @property
    def agent(self) -> UserId | None:
        """The agent of the attempt."""
        return self.call.agent

    @property
    def caller_id(self) -> str:
        """The campaign's."""
        return self.settings.caller_id

    @property
    def wrap_up_limit_s(self) -> float:
        """The campaign's."""
        return self.settings.wrap_up_limit_s

    @property
    def automatic_code(self) -> str:
        """The campaign's."""
        return self.settings.automatic_wrap_up_code

    @property
    def needs_agent(self) -> bool:
        """Whether this call may still come to ask for an agent (pacing counts these)."""
        return self.call.state in MAY_NEED_AGENT

    @property
    def on_the_line(self) -> bool:
        """Whether the leg still occupies a line of its trunk."""
        return self.call.state is not CallState.ENDED
