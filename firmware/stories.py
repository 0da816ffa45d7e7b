"""The story of each call: what was asked of the ways out and what they told, in order, kept for a while in memory.

Runs on the event loop. ``ToldMedia`` (``trunks.told``) notes what we ask of a leg, ``Stories.event`` what a leg tells;
``recent.Recent`` has the lines of the journal. Nothing here is written to disk: the times that matter for ever stand
in the attempt. Bounded in calls and in happenings of one call; the oldest call goes first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from firmware.clock import Clock
from firmware.model import LegId
from firmware.trunks.base import (
    LegAnswered,
    LegCorrected,
    LegDigit,
    LegEnded,
    LegEvent,
    LegGreetingEnd,
    LegHeard,
    LegHeld,
    LegOffered,
    LegPlayed,
    LegRinging,
    LegSpoke,
)

MOST_LEGS = 4000
"""A day of a busy box; some 20 MB at the very most, and a tenth of that in truth."""
MOST_HAPPENINGS = 200
FAILED_FROM = 400
"""SIP status codes from here on are refusals (RFC 3261 §21)."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened to a leg. ``by``: ``box``, ``far_end`` or ``ears``; ``what`` is a stable key."""

    at: float
    by: str
    what: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    leg: str = ""

    def plain(self) -> dict[str, Any]:
        """As the control socket shows it."""
        return {
            "at": self.at,
            "by": self.by,
            "what": self.what,
            "figures": dict(self.figures),
            "leg": self.leg,
        }


@dataclass(frozen=True, slots=True)
class Failure:
    """The last refusal of a trunk: SIP status, Q.850 cause (0: none was told), the far end's words, and when (UTC)."""

    code: int
    q850: int
    text: str
    at: float


@dataclass(slots=True)
class _Leg:
    route: str
    """``phone``, or the trunk's name."""
    over: str
    started_at: float
    happenings: list[Happening] = field(default_factory=list)
    met: list[str] = field(default_factory=list)
    """Legs it was connected with."""
    dropped: int = 0


class Stories:
    """Every leg of late."""

    def __init__(self, clock: Clock, most_legs: int = MOST_LEGS) -> None:
        self._clock = clock
        self._most = most_legs
        self._legs: OrderedDict[str, _Leg] = OrderedDict()
        self.failures: dict[str, Failure] = {}
        """Trunk -> its last refusal."""
        self.placed: dict[str, int] = {}
        """Trunk -> calls placed since the start."""

    # -- noting ----------------------------------------------------------------------------------------------

    def placed_leg(self, leg: LegId, kind: str, trunk: str, ring_timeout_s: float) -> None:
        """A call leaves the box."""
        entry = _Leg(kind, trunk, self._clock.utc())
        self._legs[leg] = entry
        while len(self._legs) > self._most:
            self._legs.popitem(last=False)
        if kind == "trunk":
            self.placed[trunk] = self.placed.get(trunk, 0) + 1
        self.note(leg, "box", "called", kind=kind, trunk=trunk, ring_s=ring_timeout_s)

    def note(self, leg: LegId, by: str, what: str, **figures: Any) -> None:
        """Something happened to a leg; one nobody placed or offered is not kept."""
        entry = self._legs.get(leg)
        if entry is None:
            return
        if len(entry.happenings) >= MOST_HAPPENINGS:
            entry.dropped += 1
            return
        entry.happenings.append(Happening(self._clock.utc(), by, what, figures, leg))

    def met(self, first: LegId, second: LegId) -> None:
        """Two legs hear each other."""
        for one, other in ((first, second), (second, first)):
            self.note(one, "box", "connected", other=other)
            entry = self._legs.get(one)
            if entry is not None and other not in entry.met:
                entry.met.append(other)

    def event(self, event: LegEvent) -> None:
        """What a leg told."""
        if isinstance(event, LegOffered):
            self._legs[event.leg] = _Leg("offered", "", self._clock.utc())
            self.note(event.leg, "far_end", "offered", phone=bool(event.phone))
            return
        by, what, figures = _told(event)
        self.note(event.leg, by, what, **figures)
        if isinstance(event, LegEnded):
            self._failed(event)

    def _failed(self, event: LegEnded) -> None:
        entry = self._legs.get(event.leg)
        if (
            entry is not None
            and entry.route == "trunk"
            and event.by_far_end
            and event.sip_code >= FAILED_FROM
        ):
            self.failures[entry.over] = Failure(event.sip_code, event.q850, event.text, self._clock.utc())

    # -- telling ---------------------------------------------------------------------------------------------

    def known(self, leg: str) -> bool:
        """Whether this call is still remembered."""
        return leg in self._legs

    def story(self, leg: str) -> tuple[Sequence[Happening], int]:
        """Everything about a call and the phones it was connected with, in order; and how much found no room."""
        entry = self._legs.get(leg)
        if entry is None:
            return (), 0
        end_at = entry.happenings[-1].at if entry.happenings else entry.started_at
        found = list(entry.happenings)
        for other in entry.met:
            met = self._legs.get(other)
            if met is not None:
                found += [
                    each for each in met.happenings if self._concerns(each, leg, entry.started_at, end_at)
                ]
        return sorted(found, key=lambda each: each.at), entry.dropped

    @staticmethod
    def _concerns(each: Happening, leg: str, first_at: float, last_at: float) -> bool:
        told_already = each.what == "connected" and each.figures.get("other") == leg
        return first_at <= each.at <= last_at and not told_already


def _told(event: LegEvent) -> tuple[str, str, dict[str, Any]]:  # noqa: C901 - one line for each event
    match event:
        case LegRinging(early_media=early):
            return "far_end", "early_media" if early else "ringing", {}
        case LegAnswered():
            return "far_end", "answered", {"method": str(event.method), "confidence": str(event.confidence)}
        case LegHeld(held=held):
            return "far_end", "held" if held else "taken_back", {}
        case LegDigit(digit=digit):
            return "far_end", "key", {"key": digit}
        case LegPlayed():
            return "box", "played", {}
        case LegHeard(label=label, confidence=sure, cause=cause, at_ms=at_ms):
            return "ears", "heard", {"label": str(label), "confidence": sure, "cause": cause, "at_ms": at_ms}
        case LegCorrected(label=label, confidence=sure, cause=cause, at_ms=at_ms):
            return (
                "ears",
                "corrected",
                {"label": str(label), "confidence": sure, "cause": cause, "at_ms": at_ms},
            )
        case LegGreetingEnd(cause=cause, at_ms=at_ms):
            return "ears", "greeting_end", {"cause": cause, "at_ms": at_ms}
        case LegSpoke(at_ms=at_ms):
            return "ears", "spoke", {"at_ms": at_ms}
        case LegEnded():
            by = "far_end" if event.by_far_end else "box"
            figures = {"cause": str(event.cause), "sip_code": event.sip_code, "q850": event.q850}
            return by, "ended", {**figures, "text": event.text}
        case LegOffered():
            return "far_end", "offered", {}
