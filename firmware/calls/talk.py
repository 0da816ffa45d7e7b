"""A call in which people may talk, as those who take part see it: one kind, whichever way the call came.

``LiveCall`` (an attempt) and the reception's ``Incoming`` are such calls. What parties, wiring, recordings and
supervisors need of a call is here and nothing else; what the call's own table wants is its owner's, who is told by
``Ways``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from dataclasses import KW_ONLY, dataclass, field
from enum import StrEnum

from firmware.calls.parties import Parties
from firmware.clock import Timer
from firmware.model import AttemptUid, LegId, PartyKind, UserId
from firmware.trunks.base import DestinationRoute


class Turn(StrEnum):
    """What the parties mean for the call itself."""

    END = "end"
    """Hang up on the customer: an agent did."""
    HANDED = "handed"
    """The agent it began with is free of it; somebody else has the customer, or is sought."""
    GAVE_UP = "gave_up"
    """Nobody takes the customer: say so, then hang up."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How those who take part reach whoever carries the call."""

    turned: Callable[[Turn], None]
    changed: Callable[[], None]
    limit: Callable[[float], None]
    """End the call after so many seconds from now."""
    over: Callable[[], None]
    """The last who owed a result for this call has given it."""
    conclude: Callable[[], None]
    """Give the automatic result for the agent the call began with."""
    team: Callable[[], Collection[UserId]]
    """Who may be sought for a customer whom nobody has any more."""


@dataclass(slots=True)
class Party:
    """Somebody besides the customer and the agent the call began with."""

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


@dataclass(frozen=True, slots=True)
class Tape:
    """A piece of a recording under way: whom it hears, and its file's name."""

    customer: LegId
    agent: LegId
    file: str


@dataclass(slots=True)
class Talk(ABC):
    """What is known of such a call. ``leg`` is the customer's."""

    uid: AttemptUid
    leg: LegId
    trunk: str
    _: KW_ONLY
    ways: Ways | None = None
    reserved: UserId | None = None
    held: bool = False
    parties: Parties = field(default_factory=Parties)
    first: Party | None = None
    """Who has the customer, once it is no longer the agent the call began with."""
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
    moving: bool = False
    """People are changing places at this moment."""
    recordable: bool = False
    """The office lets the call be recorded, at once or when the customer agrees."""
    records: bool = False
    """It is to be recorded wherever its consent covers those who talk (``tapes``)."""
    tape: Tape | None = None
    tapes: int = 0
    """Pieces recorded so far."""
    final: bool = False
    """The final word of the agent the call began with is durable."""

    @property
    @abstractmethod
    def is_up(self) -> bool:
        """Whether people can talk with each other in it."""

    @property
    @abstractmethod
    def on_the_line(self) -> bool:
        """Whether the leg still occupies a line of its trunk."""

    @property
    @abstractmethod
    def agent(self) -> UserId | None:
        """The agent it began with."""

    @property
    @abstractmethod
    def caller_id(self) -> str:
        """The office's number, shown to destinations that are asked in."""

    @property
    @abstractmethod
    def wrap_up_limit_s(self) -> float:
        """How long an agent has for the result."""

    @property
    @abstractmethod
    def automatic_code(self) -> str:
        """The result when that time has passed."""

    @property
    def lines(self) -> int:
        """How many lines of its trunk the call occupies: the customer's, and those to destinations."""
        others = sum(party is not None and party.leg is not None for party in (self.first, self.other))
        return int(self.on_the_line) + others

    @property
    def to(self) -> Ways:
        """Whoever carries the call."""
        assert self.ways is not None
        return self.ways
