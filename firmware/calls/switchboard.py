"""Carries out what the table of states says: one ``LiveCall`` per attempt, from the INVITE to the disposition.

Runs on the event loop. In: leg events from the media backend, news from the desks. Out: commands to the backend,
rows to the store, changes to whoever watches. It never decides what may be dialled (``dialler``) and never what a
state means (``call``). A call leaves the books only when its leg is gone *and* its final word is durable. Machines are
its hand ``drops``', whoever is asked in its hand ``company``'s; what is left is one list of ways in and out of a call,
which is why the file is longer than others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from firmware.calls import call as table
from firmware.calls.call import Call, CallState
from firmware.calls.company import Company, Wanted
from firmware.calls.desks import Desks
from firmware.calls.drops import Drops
from firmware.calls.live import MAY_NEED_AGENT, Books, LiveCall, Messenger, Watcher
from firmware.calls.machines import BEFORE_ANSWER, policy_of
from firmware.calls.parties import Happening
from firmware.calls.talk import Turn, Ways
from firmware.clock import Clock, Timer
from firmware.compliance.judge import may_be_spoken_to
from firmware.model import (
    AttemptUid,
    CampaignSettings,
    Claim,
    DiallingMode,
    LegId,
    PersonAction,
    Side,
    UserId,
)
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
    ListenSettings,
    Media,
    TrunkRoute,
)

__all__ = ["Books", "LiveCall", "Messenger", "Switchboard", "SwitchboardSettings", "Watcher"]

_log = logging.getLogger(__name__)


AGENT_KEY_HOLD_S = 45.0
"""Who asked for an agent by a key waits longer than somebody who was called by surprise."""
ANNOUNCEMENT_LIMIT_S = 60.0
"""However long the prompt: a call without an agent is over after this."""

_NOT_AVAILABLE = 480
"""What somebody hears who calls the box: nobody takes calls here (RFC 3261 §21.4.18)."""


class OwnsLegs(Protocol):
    """Somebody else's legs on the same backend."""

    def on_leg(self, event: LegEvent) -> bool:
        """An event of a leg; False: it is none of theirs."""


@dataclass(frozen=True, slots=True)
class SwitchboardSettings:
    """What the box, not the campaign, decides."""

    max_call_s: float
    recordings: Path
    announcement: Callable[[], Path | None]
    may_record: Callable[[], bool]
    music: Callable[[], Path | None] = lambda: None
    """What somebody who waits hears, again and again."""
    handed_limit_s: float = 1800.0
    """The longest that a customer and a destination may talk."""


class Switchboard:
    """All live calls. Implements the desks' ``Listener``."""

    def __init__(
        self,
        clock: Clock,
        media: Media,
        desks: Desks,
        books: Books,
        settings: SwitchboardSettings,
        changed: Callable[[LiveCall], None],
        freed: Callable[[], None],
        wrap_up_expired: Callable[[LiveCall], None],
    ) -> None:
        self._clock = clock
        self._media = media
        self._desks = desks
        self._books = books
        self._settings = settings
        self._changed = changed
        self._freed = freed
        self._wrap_up_expired = wrap_up_expired
        self._by_leg: dict[LegId, LiveCall] = {}
        self._by_uid: dict[AttemptUid, LiveCall] = {}
        self.watcher: Watcher | None = None
        self.monitors: OwnsLegs | None = None
        """Whose legs supervisors' are."""
        self.forward_to: Callable[[LiveCall], Wanted | None] | None = None
        """Whom key 2 of a campaign reaches; None where that entry or agent is gone."""
        self.company = Company(
            clock,
            media,
            desks,
            books,
            settings.music,
            settings.handed_limit_s,
            settings.recordings,
            settings.may_record,
            self.find,
        )
        self.drops = Drops(clock, media, desks, books, self.happened, self._forward, self.company.tapes)
        desks.listener = self

    @property
    def messenger(self) -> Messenger | None:
        """Who speaks where no agent does."""
        return self.drops.messenger

    @messenger.setter
    def messenger(self, messenger: Messenger | None) -> None:
        self.drops.messenger = messenger

    # -- looking ---------------------------------------------------------------------------------------------

    def live(self) -> list[LiveCall]:
        """Every attempt that is not closed, oldest first."""
        return list(self._by_uid.values())

    def find(self, uid: AttemptUid) -> LiveCall | None:
        """One live call."""
        return self._by_uid.get(uid)

    # -- beginning and ending --------------------------------------------------------------------------------

    def place(self, claim: Claim, settings: CampaignSettings, owner: UserId | None = None) -> LiveCall:
        """Place the call of a claim whose intent is durable.

        ``owner`` is the agent who dials and whose phone is open: nobody has to judge what answers, and whoever it is
        is connected at once.
        """
        leg = LegId(claim.attempt_uid)
        agentless = settings.mode is DiallingMode.AGENTLESS and owner is None
        amd = settings.amd_enabled and owner is None
        policy = policy_of(settings, claim.attempt_uid, may_speak=may_be_spoken_to(claim.permit, settings))
        keys, forwards = agentless and settings.agent_key, bool(settings.agent_key_to)
        call = Call(amd, message=agentless, agent_key=keys, forwards=forwards, policy=policy)
        now, mono_s = self._clock.utc(), self._clock.monotonic()
        live = LiveCall(claim.attempt_uid, leg, settings.trunk, claim, settings, call, now, mono_s)
        live.ways = self._ways(live)
        live.owner = live.reserved = owner
        if owner is not None:
            self._desks.assign(owner, live.uid)
        self._by_leg[leg] = live
        self._by_uid[live.uid] = live
        self._limit(live, self._settings.max_call_s)
        self._changed(live)
        if self.watcher is not None and owner is None:
            self.watcher.placed(live)
        if agentless and settings.on_person is PersonAction.FLOW and self.messenger is not None:
            self.messenger.prepare(live)
        route = TrunkRoute(claim.permit, settings.trunk)
        self._media.originate(leg, route, settings.caller_id, settings.ring_timeout_s)
        return live

    def _ways(self, live: LiveCall) -> Ways:
        return Ways(
            lambda turn: self._turned(live, turn),
            lambda: self._changed(live),
            lambda limit_s: self._limit(live, limit_s),
            lambda: self._gone_if_over(live),
            lambda: self._wrap_up_expired(live),
            lambda: live.settings.agent_ids,
        )

    def _turned(self, live: LiveCall, turn: Turn) -> None:
        """What those who take part mean for the call itself."""
        if turn is Turn.HANDED:
            self._books.handed_on(live.uid, self._clock.utc())
        self.happened(live, _TURNS[turn])

    def closed(self, live: LiveCall) -> None:
        """The final word is durable: its agent goes on, and the attempt leaves the books once nobody else has it."""
        if live.final or live.uid not in self._by_uid:
            return
        live.final = True
        _cancel(live.wrap_up_limit)
        self._gone_if_over(live)
        if live.call.agent is not None:
            self._desks.wrapped_up(live.call.agent)
        elif live.reserved is not None:
            self._desks.release(live.reserved)
        self._freed()

    def _forward(self, live: LiveCall) -> None:
        self.company.forward(live, None if self.forward_to is None else self.forward_to(live))

    def _gone_if_over(self, live: LiveCall) -> None:
        if (
            live.final
            and not live.on_the_line
            and not live.owing
            and self._by_uid.pop(live.uid, None) is not None
        ):
            self._changed(live)

    def give_up(self, live: LiveCall) -> None:
        """Whoever answered now would meet nobody: let it ring no longer."""
        self.happened(live, table.Expired())

    def hand_over(self, live: LiveCall) -> None:
        """The agent leaves the call to the message that is left on machines."""
        if live.other is None:
            self.happened(live, table.HandedOver())

    def message_began(self, live: LiveCall) -> None:
        """The messenger began to speak to a machine."""
        self._books.message_began(live.uid, live.greeting_end, self._clock.utc())

    def end_all(self) -> None:
        """The box is being stopped: end every call in an orderly way."""
        for live in self.live():
            self._expire(live)

    # -- what happens ----------------------------------------------------------------------------------------

    def on_leg(self, event: LegEvent) -> None:
        """An event of the media backend."""
        if isinstance(event, LegOffered):
            self._media.hang_up(event.leg, _NOT_AVAILABLE)
            return
        if self.company.on_leg(event) or (self.monitors is not None and self.monitors.on_leg(event)):
            pass
        elif self._desks.owns(event.leg):
            self._desks.on_leg(event)
        elif (live := self._by_leg.get(event.leg)) is not None:
            self._on_customer_leg(live, event)

    def _on_customer_leg(self, live: LiveCall, event: LegEvent) -> None:
        if isinstance(event, LegRinging):
            self._books.ringing(live.uid, self._clock.utc())
            self.happened(live, table.Ringing(event.early_media))
        elif isinstance(event, LegAnswered):
            live.answered_at = self._clock.utc()
            self._books.answered(live.uid, live.answered_at, event.method, event.confidence)
            self.drops.prepare(live)
            self.happened(live, table.Answered())
        elif isinstance(event, LegHeard):
            self._heard(live, event)
        elif isinstance(event, LegCorrected | LegGreetingEnd | LegSpoke):
            self.drops.on_later(live, event)
        elif isinstance(event, LegPlayed):
            self.happened(live, table.Announced())
        elif isinstance(event, LegDigit):
            self.happened(live, table.Digit(event.digit))
        elif isinstance(event, LegHeld):
            live.held = event.held
            self._changed(live)
        elif isinstance(event, LegEnded):
            self._leg_ended(live, event)

    def happened(self, live: LiveCall, event: table.Event) -> None:
        """Feed one event to a call and carry out what follows."""
        before = live.call
        live.call, commands = table.step(before, event)
        moved = live.call.state is not before.state
        if moved:
            live.since = self._clock.utc()
            elapsed_s = self._clock.monotonic() - live.started_mono_s
            _log.info("attempt=%s %s → %s +%.1fs", live.uid, before.state, live.call.state, elapsed_s)
            if self.watcher is not None and live.owner is None:
                self.watcher.moved(live, before.state)
        for command in commands:
            self._carry_out(live, command)
        if moved:
            self.company.true_up(live)
        self._changed(live)
        if before.state in MAY_NEED_AGENT and live.call.state not in MAY_NEED_AGENT:
            self._freed()

    def _heard(self, live: LiveCall, event: LegHeard) -> None:
        """Before the answer only what ends the call is a verdict; whatever it was is kept."""
        now, early = self._clock.utc(), live.call.state is CallState.RINGING
        if early:
            self._books.heard_early(live.uid, event, now)
        judged = live.call.state is CallState.LISTENING or (early and event.label in BEFORE_ANSWER)
        if judged and live.verdict is None:
            live.verdict = event
            self._books.heard(live.uid, event, now)
        self.happened(live, table.Heard(event.label, event.cause))

    def _leg_ended(self, live: LiveCall, event: LegEnded) -> None:
        del self._by_leg[event.leg]
        _cancel(live.limit)
        _cancel(live.hold)
        ended_by = live.call.ended_by or (Side.CUSTOMER if event.by_far_end else Side.BOX)
        self._books.ended(live.uid, event.cause, ended_by, event.sip_code, self._clock.utc())
        self.company.happen(live, Happening.CUSTOMER_LEFT)
        self.happened(live, table.Ended(event.cause, event.by_far_end))
        self._gone_if_over(live)

    # -- what the desks say ----------------------------------------------------------------------------------

    def agent_available(self) -> None:
        """Give the agent the call that has waited longest, or tell the dialler."""
        self.company.available(self.live())
        for live in self.live():
            if live.call.state is CallState.WAITING and live.reserved is None:
                self._reserve(live)
        self._freed()

    def agent_connected(self, attempt: AttemptUid, agent: UserId) -> None:
        """The reserved agent's phone is open."""
        live = self._by_uid.get(attempt)
        if live is not None and self.company.connected(live, agent):
            return
        if live is None or live.call.state is not CallState.WAITING:
            self._desks.release(agent)
            return
        self.happened(live, table.AgentConnected(agent))

    def agent_failed(self, attempt: AttemptUid, agent: UserId) -> None:
        """The reserved agent's phone did not open: try the next one."""
        live = self._by_uid.get(attempt)
        if live is not None and not self.company.agent_gone(live, agent):
            live.reserved = None
            if live.call.state is CallState.WAITING:
                self._reserve(live)
            elif live.owner is not None:
                self.happened(live, table.AgentLeft())

    def agent_left(self, attempt: AttemptUid, agent: UserId) -> None:
        """The talking agent hung up the phone."""
        live = self._by_uid.get(attempt)
        if live is not None and not self.company.agent_gone(live, agent):
            self.happened(live, table.AgentLeft())

    def _limit(self, live: LiveCall, limit_s: float) -> None:
        _cancel(live.limit)
        live.limit = self._clock.call_later(limit_s, lambda: self._expire(live))

    def _expire(self, live: LiveCall) -> None:
        self.company.happen(live, Happening.STOPPED)
        self.happened(live, table.Expired())

    # -- commands --------------------------------------------------------------------------------------------

    def _carry_out(self, live: LiveCall, command: table.Command) -> None:
        match command:
            case table.Listen():
                self._listen(live)
            case table.SeekAgent():
                self._seek(live)
            case table.StopSeeking():
                self._stop_seeking(live)
            case table.Connect(agent=agent):
                self._connect(live, agent)
            case table.Announce():
                self._announce(live)
            case table.HangUp():
                self._media.hang_up(live.leg)
            case table.WrapUp(agent=agent):
                self._wrap_up(live, agent)
            case table.Dispose(disposition=disposition):
                self._books.dispose(live, disposition, self._clock.utc())
            case _:
                self.drops.carry_out(live, command)

    def _listen(self, live: LiveCall) -> None:
        settings = live.settings
        keys = settings.mode is DiallingMode.AGENTLESS
        listen = ListenSettings(live.call.amd, settings.country, settings.amd_sensitivity, keys=keys)
        self._media.listen(live.leg, listen)

    def _seek(self, live: LiveCall) -> None:
        hold_s = AGENT_KEY_HOLD_S if live.call.message else live.settings.hold_s
        live.hold = self._clock.call_later(hold_s, lambda: self.happened(live, table.HoldExpired()))
        if live.reserved is not None and self._desks.phone_open(live.reserved):
            self.happened(live, table.AgentConnected(live.reserved))
        else:
            self._reserve(live)

    def _reserve(self, live: LiveCall) -> None:
        free = self._desks.available(live.settings.agent_ids)
        if free:
            live.reserved = free[0]
            self._desks.reserve(free[0], live.uid)

    def _stop_seeking(self, live: LiveCall) -> None:
        _cancel(live.hold)
        if live.reserved is not None:
            agent, live.reserved = live.reserved, None
            self._desks.release(agent)

    def _connect(self, live: LiveCall, agent: UserId) -> None:
        _cancel(live.hold)
        assert self._desks.leg(agent) is not None
        always, on_request = live.settings.record_calls, live.settings.record_on_request
        recording = self.company.tapes.allow(live, always=always, on_request=on_request)
        self._desks.connected(agent)
        self.drops.connected(agent)
        self._books.talking(live.uid, agent, self._clock.utc(), recording)

    def _announce(self, live: LiveCall) -> None:
        self._limit(live, ANNOUNCEMENT_LIMIT_S)
        prompt = self._settings.announcement()
        if live.settings.abandon_text and self.messenger is not None:
            self.messenger.announce(live, prompt)
        elif prompt is None:
            self.happened(live, table.Announced())
        else:
            self._media.play(live.leg, prompt)

    def _wrap_up(self, live: LiveCall, agent: UserId) -> None:
        live.wrap_up_limit = self._clock.call_later(
            live.settings.wrap_up_limit_s, lambda: self._wrap_up_expired(live)
        )
        self._desks.call_ended(agent)


_TURNS: Mapping[Turn, table.Event] = {
    Turn.END: table.AgentLeft(),
    Turn.HANDED: table.HandedOn(),
    Turn.GAVE_UP: table.GaveUp(),
}


def _cancel(timer: Timer | None) -> None:
    if timer is not None:
        timer.cancel()
