"""The agents at their desks: their states, their phones, and who takes the next call.

Runs on the event loop. The rules of what may follow what are in ``agent`` (a pure table); here phones are opened and
closed to match: a nailed-up phone is called when its agent becomes ready and stays open between calls, a per-call
phone is called when its agent is reserved. Which call an agent gets, and what happens to that call, is the
switchboard's business: it is told through ``Listener``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from firmware.calls.agent import Agent, AgentEvent, move
from firmware.calls.sound_check import SoundChecks
from firmware.clock import Clock
from firmware.model import AgentState, AttemptUid, LegId, OperatorError, PhoneMode, Problem, UserId
from firmware.trunks.base import LegAnswered, LegEnded, LegEvent, Media, PhoneRoute

_log = logging.getLogger(__name__)

PHONE_RING_S = 20.0
"""How long a desk phone rings before its agent is paused as unreachable."""


@dataclass(frozen=True, slots=True)
class DeskUser:
    """What the store knows of a person who may sit at a desk."""

    user_id: UserId
    name: str
    phone_user: str
    phone_mode: PhoneMode


class Listener(Protocol):
    """Who wants to know what happens at the desks."""

    def agent_available(self) -> None:
        """Somebody became free to take a call."""

    def agent_connected(self, attempt: AttemptUid, agent: UserId) -> None:
        """The reserved agent's phone is open."""

    def agent_failed(self, attempt: AttemptUid, agent: UserId) -> None:
        """The reserved agent cannot take the call."""

    def agent_left(self, attempt: AttemptUid, agent: UserId) -> None:
        """The talking agent hung up."""


class Keeper(Protocol):
    """Who keeps records on offer, and wants to know of the telephones of agents who look at one."""

    def phone_opened(self, agent: UserId) -> None:
        """The telephone asked for with ``open_phone`` is open."""

    def phone_lost(self, agent: UserId) -> None:
        """It did not open, or is gone; the agent is paused."""


@dataclass(slots=True)
class _Desk:
    user: DeskUser
    agent: Agent
    leg: LegId | None = None
    phone_open: bool = False
    talk_s: float = 0.0
    pause_s: float = 0.0
    calls: int = 0


class Desks:
    """All desks of the box. ``changed`` is called with every agent whose state changed."""

    def __init__(self, clock: Clock, media: Media, changed: Callable[[Agent, Agent], None]) -> None:
        self._clock = clock
        self._media = media
        self._changed = changed
        self._desks: dict[UserId, _Desk] = {}
        self._legs: dict[LegId, _Desk] = {}
        self._leg_count = 0
        self.checks = SoundChecks(clock, media, self.end_check)
        self.listener: Listener | None = None
        self.keeper: Keeper | None = None

    # -- people ----------------------------------------------------------------------------------------------

    def adopt(self, users: Iterable[DeskUser]) -> None:
        """Take over the list of people as the store has it; those who are gone are logged out."""
        known = {user.user_id: user for user in users}
        for user_id in [u for u in self._desks if u not in known]:
            self._leave(self._desks.pop(user_id))
        for user_id, user in known.items():
            if user_id in self._desks:
                self._desks[user_id].user = user
            else:
                self._desks[user_id] = _Desk(user, Agent(user_id, user.name))

    def agents(self) -> list[Agent]:
        """Everybody, in order of name."""
        return sorted((desk.agent for desk in self._desks.values()), key=lambda agent: agent.name)

    def agent(self, user_id: UserId) -> Agent:
        """One agent; OperatorError when there is no such desk."""
        return self._desk(user_id).agent

    def state(self, user_id: UserId) -> AgentState:
        """Where an agent stands; ``LOGGED_OUT`` for somebody without a desk."""
        desk = self._desks.get(user_id)
        return AgentState.LOGGED_OUT if desk is None else desk.agent.state

    def attempt(self, user_id: UserId) -> AttemptUid | None:
        """The call on an agent's desk; None: there is none, or no such desk."""
        desk = self._desks.get(user_id)
        return None if desk is None else desk.agent.attempt

    def user(self, user_id: UserId) -> DeskUser:
        """The person at a desk; OperatorError when there is no such desk."""
        return self._desk(user_id).user

    def phone_open(self, user_id: UserId) -> bool:
        """Whether audio could flow to this agent's phone right now."""
        return self._desk(user_id).phone_open

    def figures(self, user_id: UserId) -> dict[str, float]:
        """Today's calls, seconds talked and paused of one agent since the service started."""
        desk = self._desk(user_id)
        return {"calls": desk.calls, "talk_s": desk.talk_s, "pause_s": desk.pause_s}

    def leg(self, user_id: UserId) -> LegId | None:
        """The leg to this agent's phone, if there is one."""
        desk = self._desks.get(user_id)
        return desk.leg if desk is not None else None

    # -- what the person wants -------------------------------------------------------------------------------

    def log_in(self, user_id: UserId) -> Agent:
        """Sit down; a second log-in changes nothing."""
        desk = self._desk(user_id)
        if desk.agent.state is AgentState.LOGGED_OUT:
            self._move(desk, AgentEvent.LOG_IN, reason="logged_in")
        return desk.agent

    def ready(self, user_id: UserId) -> Agent:
        """Ready for calls (or, while on a call, ready after it)."""
        desk = self._desk(user_id)
        if desk.agent.state is not AgentState.READY:
            self._ask(desk, AgentEvent.READY)
        return desk.agent

    def pause(self, user_id: UserId, reason: str) -> Agent:
        """No further calls, with a reason (or, while on a call, after it)."""
        desk = self._desk(user_id)
        self._ask(desk, AgentEvent.PAUSE, reason=reason)
        return desk.agent

    def log_out(self, user_id: UserId) -> Agent:
        """Leave (or, while on a call, after it). The phone is let go."""
        desk = self._desk(user_id)
        if desk.agent.state is not AgentState.LOGGED_OUT:
            self._ask(desk, AgentEvent.LOG_OUT)
        return desk.agent

    # -- what the switchboard wants --------------------------------------------------------------------------

    def available(self, user_ids: Collection[UserId]) -> list[UserId]:
        """Who of these could take a call now, longest idle first."""
        desks = [d for u, d in self._desks.items() if u in user_ids and self._can_take(d)]
        return [d.user.user_id for d in sorted(desks, key=lambda d: d.agent.since)]

    def reserve(self, user_id: UserId, attempt: AttemptUid) -> None:
        """Take an available agent for a call; ``agent_connected`` or ``agent_failed`` follows."""
        desk = self._desk(user_id)
        self._move(desk, AgentEvent.RESERVE, attempt=attempt)
        self._reach(desk, attempt)

    def can_invite(self, user_id: UserId) -> bool:
        """Whether somebody ready or paused could be asked into another's call now."""
        desk = self._desks.get(user_id)
        if desk is None or desk.agent.state not in (AgentState.READY, AgentState.PAUSED):
            return False
        return desk.user.phone_mode is PhoneMode.NAILED_UP or desk.leg is None

    def invite(self, user_id: UserId, attempt: AttemptUid) -> None:
        """Ask somebody into another's call; ``agent_connected`` or ``agent_failed`` follows."""
        desk = self._desk(user_id)
        self._move(desk, AgentEvent.INVITE, attempt=attempt)
        self._reach(desk, attempt)

    def _reach(self, desk: _Desk, attempt: AttemptUid) -> None:
        if desk.phone_open:
            assert self.listener is not None
            self.listener.agent_connected(attempt, desk.user.user_id)
        elif desk.leg is None:
            self._call_phone(desk)

    def take(self, user_id: UserId) -> bool:
        """Reserve a ready or paused agent for a record to look at; False when the agent cannot be had now."""
        desk = self._desk(user_id)
        closing = desk.user.phone_mode is PhoneMode.PER_CALL and desk.leg is not None
        if closing or desk.agent.state not in (AgentState.READY, AgentState.PAUSED):
            return False
        return self._move(desk, AgentEvent.TAKE)

    def open_phone(self, user_id: UserId) -> bool:
        """Whether a taken agent's phone is open; if not it is called, and the keeper is told what became of it."""
        desk = self._desk(user_id)
        if not desk.phone_open and desk.leg is None:
            self._call_phone(desk)
        return desk.phone_open

    def assign(self, user_id: UserId, attempt: AttemptUid) -> None:
        """The record a taken agent looked at is dialled now."""
        self._move(self._desk(user_id), AgentEvent.DIAL, attempt=attempt)

    def refresh(self, user_id: UserId) -> None:
        """Something about what is on this desk changed: show the agent anew."""
        agent = self._desk(user_id).agent
        self._changed(agent, agent)

    def release(self, user_id: UserId) -> None:
        """The reserved agent is not needed any more."""
        desk = self._desk(user_id)
        if self._move(desk, AgentEvent.RELEASE):
            self._rest(desk)

    def connected(self, user_id: UserId) -> None:
        """The reserved agent talks now."""
        self._move(self._desk(user_id), AgentEvent.CONNECT)

    def call_ended(self, user_id: UserId) -> None:
        """The conversation is over; the wrap-up begins."""
        desk = self._desk(user_id)
        desk.calls += 1
        self._move(desk, AgentEvent.CALL_ENDED)
        if desk.user.phone_mode is PhoneMode.PER_CALL and desk.leg is not None:
            self._media.hang_up(desk.leg)

    def wrapped_up(self, user_id: UserId) -> None:
        """The result is stored; what the agent wished for comes true."""
        desk = self._desk(user_id)
        if self._move(desk, AgentEvent.WRAPPED_UP):
            self._rest(desk)

    # -- sound check -----------------------------------------------------------------------------------------

    def begin_check(self, user_id: UserId) -> None:
        """Let a paused agent hear himself; a phone that is not open is called first."""
        desk = self._desk(user_id)
        if desk.agent.state is not AgentState.PAUSED:
            text = "A sound check needs a pause, so that no call comes in between."
            raise OperatorError(Problem("state", "check_in_pause_only", text))
        self.checks.want(user_id)
        if desk.leg is None:
            self._call_phone(desk)
        elif desk.phone_open:
            self._check(desk, desk.leg)

    def end_check(self, user_id: UserId) -> None:
        """Silence again; a phone that is called for each call is let go."""
        desk = self._desk(user_id)
        if not self.checks.end(user_id):
            return
        if desk.leg is not None and desk.user.phone_mode is PhoneMode.PER_CALL:
            self._media.hang_up(desk.leg)
        self._changed(desk.agent, desk.agent)

    def _check(self, desk: _Desk, leg: LegId) -> None:
        self.checks.begin(desk.user.user_id, leg)
        self._changed(desk.agent, desk.agent)

    # -- phones ----------------------------------------------------------------------------------------------

    def owns(self, leg: LegId) -> bool:
        """Whether a leg is a desk phone's."""
        return leg in self._legs

    def on_leg(self, event: LegEvent) -> None:
        """An event of a desk phone's leg."""
        desk = self._legs[event.leg]
        if isinstance(event, LegAnswered):
            desk.phone_open = True
            self._phone_opened(desk)
        elif isinstance(event, LegEnded):
            del self._legs[event.leg]
            desk.leg, desk.phone_open = None, False
            self._phone_closed(desk, event)

    def _phone_opened(self, desk: _Desk) -> None:
        assert self.listener is not None
        agent = desk.agent
        if desk.leg is not None and self.checks.wanted(agent.user_id):
            self._check(desk, desk.leg)
        elif agent.state is AgentState.RESERVED and agent.attempt is not None:
            self.listener.agent_connected(agent.attempt, agent.user_id)
        elif agent.state is AgentState.RESERVED and self.keeper is not None:
            self.keeper.phone_opened(agent.user_id)
        elif agent.state is AgentState.READY:
            self._changed(agent, agent)
            self.listener.agent_available()

    def _phone_closed(self, desk: _Desk, event: LegEnded) -> None:
        assert self.listener is not None
        agent = desk.agent
        if self.checks.end(agent.user_id):
            self._changed(agent, agent)
        reason = "phone_hung_up" if event.by_far_end and event.sip_code in (0, 200) else "phone_unreachable"
        if agent.state is AgentState.TALKING and agent.attempt is not None:
            self.listener.agent_left(agent.attempt, agent.user_id)
        elif agent.state is AgentState.RESERVED and agent.attempt is not None:
            self._move(desk, AgentEvent.PHONE_LOST, reason=reason)
            self.listener.agent_failed(agent.attempt, agent.user_id)
        elif agent.state is AgentState.RESERVED and self.keeper is not None:
            self._move(desk, AgentEvent.PHONE_LOST, reason=reason)
            self.keeper.phone_lost(agent.user_id)
        elif agent.state is AgentState.READY and desk.user.phone_mode is PhoneMode.NAILED_UP:
            self._move(desk, AgentEvent.PHONE_LOST, reason=reason)
        elif agent.state is AgentState.READY:
            self.listener.agent_available()

    def _call_phone(self, desk: _Desk) -> None:
        self._leg_count += 1
        leg = LegId(f"a{desk.user.user_id}-{self._leg_count}-{int(self._clock.utc())}")
        desk.leg = leg
        self._legs[leg] = desk
        self._media.originate(leg, PhoneRoute(desk.user.phone_user), "", PHONE_RING_S)

    # -- moving ----------------------------------------------------------------------------------------------

    def _can_take(self, desk: _Desk) -> bool:
        if desk.agent.state is not AgentState.READY:
            return False
        if desk.user.phone_mode is PhoneMode.NAILED_UP:
            return desk.phone_open
        return desk.leg is None

    def _rest(self, desk: _Desk) -> None:
        """After a call: let the phone and the others know what the agent is now."""
        assert self.listener is not None
        state = desk.agent.state
        if state is AgentState.LOGGED_OUT:
            self._leave(desk)
        elif state is AgentState.READY:
            self._become_ready(desk)
        elif desk.user.phone_mode is PhoneMode.PER_CALL and desk.leg is not None:
            self._media.hang_up(desk.leg)

    def _become_ready(self, desk: _Desk) -> None:
        assert self.listener is not None
        if desk.user.phone_mode is PhoneMode.NAILED_UP and desk.leg is None:
            self._call_phone(desk)
        elif desk.user.phone_mode is PhoneMode.PER_CALL and desk.leg is not None:
            self._media.hang_up(desk.leg)
        elif self._can_take(desk):
            self.listener.agent_available()

    def _leave(self, desk: _Desk) -> None:
        if desk.leg is not None:
            self._media.hang_up(desk.leg)

    def _ask(self, desk: _Desk, event: AgentEvent, reason: str = "") -> None:
        before = desk.agent.state
        if not self._move(desk, event, reason=reason):
            raise OperatorError(
                Problem(
                    "state",
                    "not_in_this_state",
                    f"{event.value} is not possible while {before.value}.",
                    {"event": event.value, "state": before.value},
                )
            )
        if before in (AgentState.PAUSED, AgentState.READY):
            self._rest(desk)

    def _move(
        self, desk: _Desk, event: AgentEvent, reason: str = "", attempt: AttemptUid | None = None
    ) -> bool:
        before = desk.agent
        after = move(before, event, self._clock.utc(), reason=reason, attempt=attempt)
        if after is None:
            return False
        if after.state is not before.state:
            self.checks.end(after.user_id)
        desk.agent = after
        self._account(desk, before, after)
        if after.state is not before.state:
            _log.info(
                "agent=%s %s → %s%s",
                after.user_id,
                before.state,
                after.state,
                f" ({reason})" if reason else "",
            )
        self._changed(before, after)
        return True

    def _account(self, desk: _Desk, before: Agent, after: Agent) -> None:
        lasted_s = max(0.0, after.since - before.since)
        if before.state is AgentState.TALKING:
            desk.talk_s += lasted_s
        elif before.state is AgentState.PAUSED:
            desk.pause_s += lasted_s

    def _desk(self, user_id: UserId) -> _Desk:
        desk = self._desks.get(user_id)
        if desk is None:
            raise OperatorError(
                Problem("user_id", "no_such_user", "There is no such agent.", {"user_id": user_id})
            )
        return desk
