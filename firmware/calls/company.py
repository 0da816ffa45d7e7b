"""Carries out what the table of parties says: asks others into a call, hands customers over.

The switchboard's third hand, on the event loop, and the reception's: it works on any ``Talk``, whichever way the call
came. What may follow what is ``parties``', what becomes of the customer's leg the call's own table's (``Turn``), the
bridge ``wiring``'s, what is recorded ``tapes``'. A destination is an entry of the
office's directory, and only whoever made ``Wanted`` of it (the desk's commands, the campaign's settings) has looked it
up: no number is taken from anybody.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from firmware.calls import parties
from firmware.calls.desks import Desks
from firmware.calls.live import Books
from firmware.calls.parties import Happening, Order, Stage, Who
from firmware.calls.talk import Party, Talk, Turn
from firmware.calls.tapes import Tapes
from firmware.calls.wiring import Wiring
from firmware.clock import Clock, Timer
from firmware.model import (
    AgentState,
    AttemptUid,
    Destination,
    LegId,
    NewParty,
    PartyKind,
    PartyResult,
    UserId,
)
from firmware.trunks.base import DestinationRoute, LegAnswered, LegEnded, LegEvent, LegPlayed, Media

_log = logging.getLogger(__name__)

DESTINATION_RING_S = 25.0
QUEUE_WAIT_S = 45.0
"""How long an agent is sought for a customer whom nobody has any more."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to ask in: a colleague, or an entry of the directory."""

    user: UserId | None = None
    destination: Destination | None = None


class Company:
    """Who else takes part in the calls that are up."""

    def __init__(
        self,
        clock: Clock,
        media: Media,
        desks: Desks,
        books: Books,
        music: Callable[[], Path | None],
        handed_limit_s: float,
        recordings: Path,
        room: Callable[[], bool],
        find: Callable[[AttemptUid], Talk | None],
    ) -> None:
        """``music``: what who waits hears; ``room``: whether the disk has room for recordings."""
        self._clock = clock
        self._media = media
        self._desks = desks
        self._books = books
        self._handed_limit_s = handed_limit_s
        self.find = find
        """A call that is not concluded, whichever way it came."""
        self._legs: dict[LegId, Talk] = {}
        self.wiring = Wiring(media, music, self.leg)
        self.tapes = Tapes(clock, media, books, recordings, room, self.leg)
        self.expired: Callable[[Talk, Party], None] = lambda *_: None
        """The wrap-up limit of an agent who was handed the customer has passed."""

    # -- looking ---------------------------------------------------------------------------------------------

    def first_agent(self, live: Talk) -> UserId | None:
        """The agent who has the customer."""
        if live.first is not None:
            return live.first.user
        return live.agent if live.parties.first and not live.parties.handed else None

    def who(self, live: Talk, agent: UserId) -> Who | None:
        """As what an agent takes part."""
        if live.other is not None and live.other.user == agent:
            return Who.OTHER
        return Who.FIRST if self.first_agent(live) == agent else None

    def owes(self, live: Talk, agent: UserId) -> Party | None:
        """The part of an agent who was handed the customer and has not given a result."""
        return next((party for party in live.owing if party.user == agent), None)

    def leg(self, live: Talk, who: Who) -> LegId | None:
        """The leg of a party."""
        if who is Who.CUSTOMER:
            return live.leg
        party = live.other if who is Who.OTHER else live.first
        if who is Who.FIRST and party is None:
            agent = self.first_agent(live)
            return None if agent is None else self._desks.leg(agent)
        if party is None:
            return None
        return party.leg if party.user is None else self._desks.leg(party.user)

    # -- what people and the network do ----------------------------------------------------------------------

    def ask(self, live: Talk, by: UserId, wanted: Wanted, *, blind: bool) -> bool:
        """Ask somebody in; False: not possible now, or not to be had."""
        event = Happening.ASK_BLIND if blind else Happening.ASK
        if parties.move(live.parties, event) is None or not self._can_be_had(wanted):
            return False
        if live.we_hold:
            self.hold(live, held=False)
        live.told = ""
        live.other = self._party(live, wanted, blind=blind, by=by)
        return self.happen(live, event, by)

    def forward(self, live: Talk, wanted: Wanted | None) -> None:
        """Hand on a caller who pressed a key; None: who was meant is gone, whoever is free is sought."""
        live.told = ""
        if wanted is not None and self._can_be_had(wanted):
            live.other = self._party(live, wanted, blind=True, by=None)
        self.happen(live, Happening.FORWARD, None)

    def happen(self, live: Talk, event: Happening, by: UserId | None = None) -> bool:
        """Feed one event to the table and carry out what follows; False: it is not possible now."""
        step = parties.move(live.parties, event)
        if step is None:
            return False
        about = "" if live.other is None else live.other.name
        before, (live.parties, orders) = live.parties, step
        if orders or before != live.parties:
            self._books.step(live.uid, event, by, about, self._clock.utc())
            _log.info("attempt=%s parties %s → %s (%s)", live.uid, before.stage, live.parties.stage, event)
        if event in _ENDING and live.first is not None:
            self._end_part(live.first, _RESULTS.get(event, PartyResult.LEFT))
        outer, live.moving = live.moving, True
        for order in orders:
            self._carry_out(live, order, event)
        live.moving = outer
        self.true_up(live)
        self._show(live)
        return True

    def at(self, agent: UserId) -> Talk | None:
        """The call on an agent's desk, whichever way it came."""
        attempt = self._desks.attempt(agent)
        return None if attempt is None else self.find(attempt)

    def true_up(self, live: Talk) -> None:
        """Make true who hears whom, and what is recorded; not while people change places, but right after."""
        if live.moving:
            return
        self.wiring.true_up(live)
        self.tapes.true_up(live)

    def hold(self, live: Talk, *, held: bool) -> None:
        """The first puts the customer on hold, or takes them back."""
        live.we_hold = live.held = held
        if held:
            self._media.hold(live.leg)
        else:
            self._media.unhold(live.leg)
        self.true_up(live)
        live.to.changed()

    def connected(self, live: Talk, agent: UserId) -> bool:
        """An agent's phone is open; False: it is nobody who was asked into this call."""
        other = live.other
        if other is None or other.user != agent:
            return False
        self._answered(live, other)
        return True

    def agent_gone(self, live: Talk, agent: UserId) -> bool:
        """An agent hung up or lost the phone; False: the call's own table knows what to do."""
        who = self.who(live, agent)
        if who is Who.OTHER:
            return self.happen(live, Happening.OTHER_LEFT, agent)
        plain = live.parties.stage is Stage.TALK and not live.parties.handed
        return who is Who.FIRST and not plain and self.happen(live, Happening.FIRST_LEFT, agent)

    def hang_up(self, live: Talk, agent: UserId) -> bool:
        """An agent pressed the button; False: the call's own table knows what to do."""
        if self.who(live, agent) is Who.OTHER:
            return self.happen(live, Happening.OTHER_LEFT, agent)
        plain = live.parties.stage is Stage.TALK and not live.parties.handed
        return not plain and self.happen(live, Happening.HANG_UP, agent)

    def available(self, lives: Iterable[Talk]) -> None:
        """Somebody became free: whoever waits without anybody comes first."""
        for live in lives:
            if live.parties.stage is Stage.SEEKING and live.other is None:
                self._seek(live)

    # -- legs of destinations, music -------------------------------------------------------------------------

    def on_leg(self, event: LegEvent) -> bool:
        """An event of a leg; False: it is none of ours."""
        if isinstance(event, LegPlayed) and self.wiring.played(event.leg):
            return True
        live = self._legs.get(event.leg)
        if live is None:
            return False
        other = live.other
        if isinstance(event, LegAnswered) and other is not None and other.leg == event.leg:
            self._answered(live, other)
        elif isinstance(event, LegEnded):
            del self._legs[event.leg]
            self.wiring.forget(event.leg)
            self._destination_gone(live, event.leg)
        return True

    def _destination_gone(self, live: Talk, leg: LegId) -> None:
        if live.other is not None and live.other.leg == leg:
            self.happen(live, Happening.OTHER_LEFT)
        elif live.first is not None and live.first.leg == leg:
            self.happen(live, Happening.FIRST_LEFT)

    # -- carrying out ----------------------------------------------------------------------------------------

    def _carry_out(self, live: Talk, order: Order, event: Happening) -> None:
        match order:
            case Order.CALL:
                self._call(live)
            case Order.DROP:
                self._drop(live, event)
            case Order.LET_GO:
                self._let_go_first(live, event)
            case Order.PROMOTE:
                self._promote(live)
            case Order.TELL:
                self._did_not_come(live)
            case Order.SEEK:
                self._did_not_come(live)
                self._seek(live)
            case Order.STOP_SEEKING:
                _cancel(live.seeking)
                live.seeking = None
                self._drop(live, event)
            case Order.END:
                live.to.turned(Turn.END)
            case Order.GIVE_UP:
                self.wiring.true_up(live)  # no music into the announcement
                live.to.turned(Turn.GAVE_UP)

    def _can_be_had(self, wanted: Wanted) -> bool:
        return wanted.destination is not None or (
            wanted.user is not None and self._desks.can_invite(wanted.user)
        )

    def _party(self, live: Talk, wanted: Wanted, *, blind: bool, by: UserId | None) -> Party:
        live.asked += 1
        uid, entry = f"{live.uid}-{live.asked}", wanted.destination
        if entry is not None:
            kind, name, leg = PartyKind.DESTINATION, entry.name, LegId(uid)
            route = DestinationRoute(entry.number, live.trunk, entry.id)
            party = Party(uid, kind, name, leg=leg, route=route)
        else:
            assert wanted.user is not None
            kind = PartyKind.AGENT
            party = Party(uid, kind, self._desks.user(wanted.user).name, wanted.user)
        new = NewParty(uid, live.uid, kind, party.name, blind, wanted.user, entry, by)
        self._books.asked(new, self._clock.utc())
        return party

    def _call(self, live: Talk) -> None:
        other = live.other
        if other is None:
            self.happen(live, Happening.OTHER_LEFT)
        elif other.user is not None:
            self._desks.invite(other.user, live.uid)
        elif other.leg is not None and other.route is not None:
            self._legs[other.leg] = live
            self._media.originate(other.leg, other.route, live.caller_id, DESTINATION_RING_S)

    def _answered(self, live: Talk, other: Party) -> None:
        other.answered = True
        self._books.party_answered(other.uid, self._clock.utc())
        if other.user is not None:
            self._desks.connected(other.user)
        if not self.happen(live, Happening.ANSWERED, other.user):
            self._drop(live, Happening.TAKE_BACK)

    def _drop(self, live: Talk, event: Happening) -> None:
        """Let the other go, who never had the customer."""
        other, live.other = live.other, None
        if other is None:
            return
        self._end_part(other, _RESULTS.get(event, PartyResult.TAKEN_BACK))
        if other.leg is not None:
            self._media.hang_up(other.leg)
        elif other.user is not None:
            self._free(other.user)

    def _did_not_come(self, live: Talk) -> None:
        """The other is gone by themselves, or was never there."""
        other, live.other = live.other, None
        if other is None:
            return
        live.told = "left" if other.answered else "not_answered"
        self._end_part(other, PartyResult.LEFT if other.answered else PartyResult.NOT_ANSWERED)
        if other.user is not None:
            self._free(other.user)

    def _free(self, agent: UserId) -> None:
        """Back to what the agent was before, without a wrap-up."""
        if self._desks.state(agent) is AgentState.TALKING:
            self._desks.call_ended(agent)
            self._desks.wrapped_up(agent)
        else:
            self._desks.release(agent)

    def _let_go_first(self, live: Talk, event: Happening) -> None:
        first = live.first
        if first is None:
            live.to.turned(Turn.HANDED)
            return
        live.first = None
        result = PartyResult.HANDED if event in _HANDING else _RESULTS.get(event, PartyResult.LEFT)
        self._end_part(first, result)
        if first.leg is not None:
            self._media.hang_up(first.leg)
        elif first.user is not None:
            live.owing.append(first)
            limit_s = live.wrap_up_limit_s
            first.wrap_up_limit = self._clock.call_later(limit_s, lambda: self.expired(live, first))
            self._desks.call_ended(first.user)

    def settled(self, live: Talk, party: Party) -> None:
        """The result of an agent who was handed the customer is durable."""
        if party not in live.owing:
            return
        live.owing.remove(party)
        _cancel(party.wrap_up_limit)
        assert party.user is not None
        self._desks.wrapped_up(party.user)
        live.to.over()

    def _promote(self, live: Talk) -> None:
        live.first, live.other = live.other, None
        assert live.first is not None
        _cancel(live.seeking)
        live.seeking = None
        self._books.party_handed(live.first.uid, self._clock.utc())
        if live.first.user is None:
            live.to.limit(self._handed_limit_s)

    def _seek(self, live: Talk) -> None:
        if live.seeking is None:
            live.seeking = self._clock.call_later(QUEUE_WAIT_S, lambda: self._nobody(live))
        team = live.to.team()
        if not team:
            self.happen(live, Happening.NOBODY)
            return
        free = self._desks.available(team)
        if free:
            live.asked += 1
            uid, name = f"{live.uid}-{live.asked}", self._desks.user(free[0]).name
            live.other = Party(uid, PartyKind.QUEUE, name, free[0])
            new = NewParty(uid, live.uid, PartyKind.QUEUE, name, True, free[0])
            self._books.asked(new, self._clock.utc())
            self._desks.reserve(free[0], live.uid)

    def _nobody(self, live: Talk) -> None:
        self.happen(live, Happening.NOBODY)

    def _end_part(self, party: Party, result: PartyResult) -> None:
        if party.over:
            return
        party.over = True
        self._books.party_ended(party.uid, result, self._clock.utc())

    def _show(self, live: Talk) -> None:
        live.to.changed()
        for agent in (self.first_agent(live), None if live.other is None else live.other.user):
            if agent is not None:
                self._desks.refresh(agent)


_HANDING = (Happening.COMPLETE, Happening.ANSWERED)
_ENDING = (Happening.FIRST_LEFT, Happening.HANG_UP, Happening.STOPPED)
_RESULTS = {
    Happening.CUSTOMER_LEFT: PartyResult.CUSTOMER_LEFT,
    Happening.STOPPED: PartyResult.STOPPED,
    Happening.NOBODY: PartyResult.NOBODY,
}
"""How a part ends that is ended by others; by nobody else: taken back, or left."""


def _cancel(timer: Timer | None) -> None:
    if timer is not None:
        timer.cancel()
