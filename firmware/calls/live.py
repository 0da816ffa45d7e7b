"""One live call and those who follow it: the plain values and promises the switchboard works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from firmware.calls.call import Call, CallState
from firmware.calls.parties import Parties
from firmware.clock import Timer
from firmware.model import (
    AnswerConfidence,
    AnswerMethod,
    AttemptUid,
    CampaignSettings,
    Claim,
    Disposition,
    HangupCause,
    LegId,
    MessageResult,
    NewParty,
    PartyKind,
    PartyResult,
    Side,
    UserId,
)
from firmware.trunks.base import DestinationRoute, LegCorrected, LegHeard

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
class Party:
    """Somebody besides the customer and the agent of the attempt."""

    uid: str
    kind: PartyKind
    name: str
    user: UserId | None = None
    leg: LegId | None = None
    """A destination's; an agent's is the desk's."""
    route: DestinationRoute | None = None
    answered: bool = False
    over: bool = False
    wrap_up_limit: Timer | None = None


@dataclass(slots=True)
class LiveCall:
    """An attempt that is not closed yet."""

    claim: Claim
    settings: CampaignSettings
    leg: LegId
    call: Call
    since: float
    started_mono_s: float
    verdict: LegHeard | None = None
    correction: LegCorrected | None = None
    answered_at: float | None = None
    greeting_end: GreetingEnd | None = None
    reserved: UserId | None = None
    owner: UserId | None = None
    """The agent who dialled this record and listens already; None for calls the box places by itself."""
    hold: Timer | None = None
    limit: Timer | None = None
    wrap_up_limit: Timer | None = None
    held: bool = False
    recording: Path | None = None
    parties: Parties = field(default_factory=Parties)
    first: Party | None = None
    """Who has the customer, once it is no longer the agent of the attempt."""
    other: Party | None = None
    """Who was asked in."""
    owing: list[Party] = field(default_factory=list)
    """Agents who had the customer and owe a result."""
    asked: int = 0
    told: str = ""
    """Why the last who was asked in did not come."""
    seeking: Timer | None = None
    wired: frozenset[tuple[LegId, LegId]] = frozenset()
    """(who speaks, who hears it) as the backend was told."""
    music: frozenset[LegId] = frozenset()
    """Who hears music."""
    we_hold: bool = False
    final: bool = False
    """The attempt's final word is durable."""

    @property
    def uid(self) -> AttemptUid:
        """The attempt's uid."""
        return self.claim.attempt_uid

    @property
    def needs_agent(self) -> bool:
        """Whether this call may still come to ask for an agent (pacing counts these)."""
        return self.call.state in MAY_NEED_AGENT

    @property
    def lines(self) -> int:
        """How many lines of its trunk the call occupies: the customer's, and those to destinations."""
        others = sum(party is not None and party.leg is not None for party in (self.first, self.other))
        return int(self.on_the_line) + others

    @property
    def on_the_line(self) -> bool:
        """Whether the leg still occupies a line of its trunk."""
        return self.call.state is not CallState.ENDED
