"""Carries out what the table of calls that come in says: looks callers up, finds them agents, plays, bridges, writes.

Runs on the event loop, in front of the switchboard: events of legs and news from the desks that are about calls it
carries are its own, all others are handed on. Agents are reserved at the same desks as for outbound calls, so nobody is
promised twice: calls that are on their way keep the agents they may need, and the dialler counts callers who wait.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Coroutine, Mapping
from typing import TYPE_CHECKING, Any

from firmware.calls.desks import Desks
from firmware.calls.parties import Happening
from firmware.calls.switchboard import Switchboard
from firmware.calls.talk import Talk, Turn, Ways
from firmware.clock import Clock
from firmware.inbound import call as table
from firmware.inbound import happenings as words
from firmware.inbound.happenings import Admission, Kind, State
from firmware.inbound.routing import Here, admit, choose, number_of
from firmware.model import AgentState, AttemptUid, LegId, PhoneMode, UserId
from firmware.reception.hands import Hands
from firmware.reception.live import Incoming
from firmware.reception.settings import ReceptionSettings
from firmware.reception.voice import Voice
from firmware.store import attempts, inbound
from firmware.store.store import Store, StoreError
from firmware.trunks.base import (
    LegAnswered,
    LegDigit,
    LegEnded,
    LegEvent,
    LegHeld,
    LegOffered,
    LegPlayed,
    Media,
)

if TYPE_CHECKING:
    import sqlite3

_log = logging.getLogger(__name__)


def _nobody_held() -> Collection[UserId]:
    return ()


def _unwatched(_: Incoming) -> None: ...


def _never(_: UserId) -> bool:
    return False


class Reception:
    """All calls that came in and are not concluded. Implements the desks' ``Listener`` in front of the switchboard."""

    def __init__(
        self,
        clock: Clock,
        store: Store,
        media: Media,
        desks: Desks,
        switchboard: Switchboard,
        voice: Voice,
        settings: ReceptionSettings,
        automatic: Callable[[Incoming], Coroutine[Any, Any, None]],
    ) -> None:
        """``automatic`` stores the result of a call whose agent gave none in time."""
        self._clock = clock
        self._store = store
        self._media = media
        self._desks = desks
        self._switchboard = switchboard
        self._settings = settings
        self._by_leg: dict[LegId, Incoming] = {}
        self._by_uid: dict[AttemptUid, Incoming] = {}
        self._hands = Hands(
            clock, store, media, desks, voice, settings, self.happened, automatic, self.position
        )
        self._company = switchboard.company
        self._company.find = self._talk
        self._seeking = False
        self.marked: set[UserId] = set()
        """Agents who pause for the dialler and take calls that come in all the same."""
        self.held: Callable[[], Collection[UserId]] = _nobody_held
        """Agents who are kept for something else: a promised callback."""
        self.watch: Callable[[Incoming], None] = _unwatched
        """Who wants to know of every change of a call."""
        self.spoken_for: Callable[[UserId], bool] = _never
        """Whether a call on its way may need this agent."""
        desks.listener = self

    # -- looking ---------------------------------------------------------------------------------------------

    def live(self) -> list[Incoming]:
        """Every call that is not concluded, oldest first."""
        return list(self._by_uid.values())

    def find(self, uid: AttemptUid) -> Incoming | None:
        """One of them."""
        return self._by_uid.get(uid)

    def at(self, user: UserId) -> Incoming | None:
        """The call on an agent's desk: shown, spoken, or to be wrapped up; also one that was begun by a colleague."""
        attempt = self._desks.attempt(user)
        return None if attempt is None else self._by_uid.get(attempt)

    def _talk(self, uid: AttemptUid) -> Talk | None:
        return self._by_uid.get(uid) or self._switchboard.find(uid)

    def queue(self, rule: str) -> list[Incoming]:
        """Who waits at a rule, in the order they are put through."""
        named = (live for live in self._by_uid.values() if live.rule is not None and live.rule.name == rule)
        return sorted((live for live in named if live.call.seeking), key=_turn)

    def position(self, live: Incoming) -> int:
        """The place of a caller among those who wait at the same rule, from 1; 0: not waiting."""
        queue = [] if live.rule is None else self.queue(live.rule.name)
        return next((place for place, each in enumerate(queue, 1) if each is live), 0)

    def legs_on(self, trunk: str) -> int:
        """Lines of a trunk that calls coming in take up, and whoever was asked into them."""
        return sum(live.lines for live in self._by_uid.values() if live.trunk == trunk)

    def waiting_for(self, team: Collection[UserId]) -> int:
        """Callers who wait for one of these agents."""
        agents = frozenset(team)
        waiting = (live for live in self._by_uid.values() if live.waits)
        return sum(1 for live in waiting if not agents.isdisjoint(self._team(live)))

    @property
    def busy(self) -> bool:
        """Whether something is being looked up, spoken or written."""
        return self._hands.busy

    # -- what the desk wants ---------------------------------------------------------------------------------

    def accept(self, user: UserId) -> bool:
        """The agent takes the call that is shown; False where none is."""
        return self._for_asked(user, words.Accepted())

    def decline(self, user: UserId) -> bool:
        """The agent leaves it to another; False where none is shown."""
        return self._for_asked(user, words.Declined())

    def mark(self, user: UserId, *, on: bool) -> None:
        """Whether this agent takes calls that come in while pausing."""
        (self.marked.add if on else self.marked.discard)(user)
        self._desks.refresh(user)
        self.seek_all()

    def closed(self, live: Incoming) -> None:
        """The result is durable: its agent goes on, and the call leaves the books once nobody else has it."""
        if live.final or live.uid not in self._by_uid:
            return
        live.final = True
        live.stop("wrap_up")
        self._gone_if_over(live)
        if live.call.agent is not None:
            self._desks.wrapped_up(live.call.agent)

    def _gone_if_over(self, live: Incoming) -> None:
        if live.final and not live.on_the_line and not live.owing:
            self._by_uid.pop(live.uid, None)
            self.watch(live)

    def end_all(self) -> None:
        """The box is being stopped: end every call in an orderly way."""
        for live in self.live():
            self._expire(live)

    def _expire(self, live: Incoming) -> None:
        if live.call.talked:
            self._company.happen(live, Happening.STOPPED)
        self.happened(live, words.Expired())

    def _ways(self, live: Incoming) -> Ways:
        return Ways(
            lambda turn: self._turned(live, turn),
            lambda: self._changed(live),
            lambda limit_s: self._hands.timer(live, "limit", limit_s, lambda: self._expire(live)),
            lambda: self._gone_if_over(live),
            lambda: self._hands.conclude(live),
            lambda: self._team(live) - live.passed,
        )

    def _turned(self, live: Incoming, turn: Turn) -> None:
        """What those who take part mean for the call itself."""
        if turn is Turn.HANDED:
            now = self._clock.utc()
            self._store.post(lambda conn: inbound.handed(conn, live.uid, now))
        self.happened(live, _TURNS[turn])

    async def drain(self, at_most_s: float) -> None:
        """Wait for what is under way, but not for ever."""
        await self._hands.drain(at_most_s)

    def _for_asked(self, user: UserId, event: words.Event) -> bool:
        live = next((each for each in self._by_uid.values() if each.call.asked == user), None)
        if live is not None:
            self.happened(live, event)
        return live is not None

    # -- what happens ----------------------------------------------------------------------------------------

    def on_leg(self, event: LegEvent) -> None:
        """An event of the media backend: our own, a key on an asked agent's phone, or the switchboard's."""
        if isinstance(event, LegOffered) and not event.phone:
            self._offered(event)
        elif (live := self._by_leg.get(event.leg)) is not None:
            self._on_caller(live, event)
        elif isinstance(event, LegDigit) and (asked := self._asked_on(event.leg)) is not None:
            self.happened(asked, words.Accepted())
        else:
            self._switchboard.on_leg(event)

    def _on_caller(self, live: Incoming, event: LegEvent) -> None:
        if isinstance(event, LegAnswered):
            now = self._clock.utc()
            self._store.post(lambda conn: inbound.answered(conn, live.uid, now))
            self.happened(live, words.Answered())
        elif isinstance(event, LegPlayed):
            if not self._company.wiring.played(event.leg):
                self._hands.said(live, live.speaking)
        elif isinstance(event, LegDigit):
            self.happened(live, words.Key(event.digit))
        elif isinstance(event, LegHeld):
            live.held = event.held
            self._changed(live)
        elif isinstance(event, LegEnded):
            del self._by_leg[event.leg]
            live.cause, live.ended_at = event.cause, self._clock.utc()
            live.cancel()
            if live.call.talked:
                self._company.happen(live, Happening.CUSTOMER_LEFT)
            self.happened(live, words.Ended(event.by_far_end))
            self._gone_if_over(live)

    def _asked_on(self, leg: LegId) -> Incoming | None:
        asked = (live for live in self._by_uid.values() if live.call.asked is not None)
        return next((live for live in asked if self._desks.leg(_id(live.call.asked)) == leg), None)

    def _offered(self, event: LegOffered) -> None:
        now, country = self._clock.utc(), self._settings.country
        rule = choose(self._settings.rules, event.trunk, event.called, country)
        caller = number_of(event.caller, country)
        live = Incoming(
            attempts.new_uid(now), event.leg, event.trunk, event.called, caller, rule, now,
            self._clock.monotonic(), since=now, shown_as=self._settings.shown_as.get(event.trunk, ""),
        )  # fmt: skip
        live.ways = self._ways(live)
        self._by_leg[event.leg] = self._by_uid[live.uid] = live
        self.watch(live)
        _log.info("incoming=%s trunk=%s rule=%s offered", live.uid, live.trunk, rule.name if rule else "none")
        row = inbound.InboundCall(
            live.uid,
            rule.name if rule else "",
            live.trunk,
            live.called,
            event.caller,
            caller,
            None,
            None,
            now,
        )
        self._store.post(lambda conn: inbound.offered(conn, row))
        self._hands.later(self._admit(live))

    async def _admit(self, live: Incoming) -> None:
        """Look the caller up, then decide. A store that fails costs the name, not the call."""

        def work(conn: sqlite3.Connection) -> inbound.Caller:
            who = inbound.look_up(conn, live.caller, live.rule.campaign if live.rule else "")
            inbound.known(conn, live.uid, who)
            return who

        try:
            live.who = await self._store.do(work)
        except StoreError as error:
            _log.error("incoming=%s the caller was not looked up: %s", live.uid, error)
        if live.call.state is State.OFFERED:
            live.call = table.with_policy(live.call, _policy(live))
            self.happened(live, words.Admitted(admit(live.rule, self._here(live), self._clock.utc())))

    def _here(self, live: Incoming) -> Here:
        others = [each for each in self._by_uid.values() if each is not live and each.on_the_line]
        outbound = [call for call in self._switchboard.live() if call.on_the_line]
        used = sum(1 for each in others if each.trunk == live.trunk)
        used += sum(1 for call in outbound if call.settings.trunk == live.trunk)
        full = used >= self._settings.lines.get(live.trunk, used + 1)
        waiting = sum(1 for each in others if each.rule is live.rule and each.call.seeking)
        return Here(self._settings.country, self._settings.zone, full, waiting)

    def happened(self, live: Incoming, event: words.Event) -> None:
        """Feed one event to a call and carry out what follows."""
        before = live.call
        live.call, commands = table.step(before, event)
        moved = live.call.state is not before.state
        if moved:
            live.since = self._clock.utc()
            elapsed_s = self._clock.monotonic() - live.offered_mono_s
            _log.info("incoming=%s %s → %s +%.1fs", live.uid, before.state, live.call.state, elapsed_s)
        if isinstance(event, words.Admitted) and event.admission is Admission.OPEN and live.rule is not None:
            self._hands.after(live, "ring", live.rule.ring_s, words.RungLong())
            self._hands.after(live, "wait", live.rule.wait_s, words.WaitOver())
        if moved and live.call.state is State.ENDED:
            self._hands.write_end(live)
        for command in commands:
            self._carry_out(live, command)
        if moved:
            self._company.true_up(live)
        if live.call != before:
            self._changed(live)

    def _carry_out(self, live: Incoming, command: words.Command) -> None:
        if not isinstance(command, words.Seek):
            self._hands.carry_out(live, command)
        elif live.waits:
            self._seek(live)
        if isinstance(command, words.Close):
            live.final = True
            self._gone_if_over(live)
        elif isinstance(command, words.Connect):
            always = live.rule is not None and live.rule.record
            on_request = live.rule is not None and live.rule.record_on_request
            self._company.tapes.allow(live, always=always, on_request=on_request)
        elif isinstance(command, words.PassOver) and command.ignored:
            self.marked.discard(command.agent)  # who is not there does not take calls in a pause either

    def _changed(self, live: Incoming) -> None:
        self.watch(live)
        others = {party.user for party in (live.first, live.other) if party is not None}
        for user in {live.call.agent, live.call.asked, live.reserved, *others} - {None}:
            self._desks.refresh(_id(user))

    # -- what the desks say ----------------------------------------------------------------------------------

    def agent_available(self) -> None:
        """Outbound calls that wait go first: the law gives them seconds. Then callers."""
        self._switchboard.agent_available()
        self._company.available(self.live())
        self.seek_all()

    def agent_connected(self, attempt: AttemptUid, agent: UserId) -> None:
        """The reserved agent's phone is open."""
        live = self._by_uid.get(attempt)
        if live is None:
            self._switchboard.agent_connected(attempt, agent)
        elif self._company.connected(live, agent):
            pass
        elif not live.call.seeking:
            live.reserved = None
            self._desks.release(agent)
        else:
            by_phone = self._desks.user(agent).phone_mode is PhoneMode.PER_CALL
            self.happened(live, words.AgentReady(agent, by_phone))

    def agent_failed(self, attempt: AttemptUid, agent: UserId) -> None:
        """The reserved agent's phone is gone: the next one."""
        live = self._by_uid.get(attempt)
        if live is None:
            self._switchboard.agent_failed(attempt, agent)
        elif not self._company.agent_gone(live, agent):
            live.reserved = None
            self.happened(live, words.AgentLost())

    def agent_left(self, attempt: AttemptUid, agent: UserId) -> None:
        """The talking agent hung up the phone."""
        live = self._by_uid.get(attempt)
        if live is None:
            self._switchboard.agent_left(attempt, agent)
        elif not self._company.agent_gone(live, agent):
            self.happened(live, words.AgentLeft())

    def seek_all(self) -> None:
        """Somebody may be free: who calls back first, then new customers, then who has waited longest."""
        if self._seeking:
            return
        self._seeking = True
        try:
            for live in sorted(self.live(), key=_turn):
                if live.waits:
                    self._seek(live)
        finally:
            self._seeking = False

    def _seek(self, live: Incoming) -> None:
        team = self._team(live)
        free = [user for user in self._desks.available(team) if self._may_take(live, user)]
        if free:
            live.reserved = free[0]
            self._desks.reserve(free[0], live.uid)
            return
        for user in sorted(team & self.marked - live.passed):
            if self._desks.state(user) is AgentState.PAUSED and self._desks.take(user):
                live.reserved = user
                self._desks.assign(user, live.uid)
                if self._desks.open_phone(user):
                    self.agent_connected(live.uid, user)
                return

    def _team(self, live: Incoming) -> frozenset[UserId]:
        """Who may take it: who calls back, the agents of that campaign, if one is there; the agents of the campaign
        the settings name; otherwise everybody."""
        agents = self._desks.agents()
        everybody = frozenset(agent.user_id for agent in agents)
        if live.who.called and live.who.campaign is not None:
            there = frozenset(a.user_id for a in agents if a.state is not AgentState.LOGGED_OUT)
            if mine := there & frozenset(live.who.campaign.settings.agent_ids):
                return mine
        if live.rule is None or not live.rule.campaign or live.who.campaign is None:
            return everybody
        return everybody & frozenset(live.who.campaign.settings.agent_ids)

    def _may_take(self, live: Incoming, user: UserId) -> bool:
        return user not in live.passed and user not in self.held() and not self.spoken_for(user)


_TURNS: Mapping[Turn, words.Event] = {
    Turn.END: words.AgentLeft(),
    Turn.HANDED: words.HandedOn(),
    Turn.GAVE_UP: words.GaveUp(),
}


def _turn(live: Incoming) -> tuple[int, float]:
    return list(Kind).index(live.kind), live.offered_mono_s


def _policy(live: Incoming) -> words.Policy:
    rule, campaign = live.rule, live.who.campaign
    if rule is None:
        return words.Policy()
    listed = campaign is not None and campaign.settings.contact_list_id is not None
    able = bool(live.caller) and listed
    return words.Policy(rule.by_key, rule.call_back and able)


def _id(user: UserId | None) -> UserId:
    assert user is not None
    return user
