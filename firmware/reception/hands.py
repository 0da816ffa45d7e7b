"""The hands of the reception: commands of the table become commands to the trunk, the desks and the store.

Keeps the timers of calls and what is under way for them: announcements being spoken, callbacks being written down.
Which call an agent gets is ``reception``'s.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

from firmware.calls.desks import Desks
from firmware.clock import Clock
from firmware.compliance.numbers import zones_of
from firmware.inbound import happenings as words
from firmware.inbound.happenings import Outcome, Say
from firmware.model import Side, UserId
from firmware.reception.live import Incoming
from firmware.reception.settings import ReceptionSettings
from firmware.reception.sounds import OFFER_TONE_S
from firmware.reception.voice import Voice
from firmware.store import inbound
from firmware.store.store import Store, StoreError
from firmware.trunks.base import ListenSettings, Media

if TYPE_CHECKING:
    import sqlite3

_log = logging.getLogger(__name__)

BUSY_HERE, NOT_HERE = 486, 480
"""RFC 3261 §21.4.24 and §21.4.18."""
ANNOUNCEMENT_LIMIT_S = 60.0
"""However long: after this what follows an announcement follows."""
KEY_S = 8.0
"""How long a key is waited for after the question."""
AGAIN_S = 2.0
CALLBACK_IN_S = 600.0
"""A callback asked for by key is promised for so much later; the law may move it."""


class Hands:
    """Carries commands out; what comes of them goes to ``happened``."""

    def __init__(
        self,
        clock: Clock,
        store: Store,
        media: Media,
        desks: Desks,
        voice: Voice,
        settings: ReceptionSettings,
        happened: Callable[[Incoming, words.Event], None],
        automatic: Callable[[Incoming], Coroutine[Any, Any, None]],
        position: Callable[[Incoming], int],
    ) -> None:
        """``position``: the place of a caller among those who wait for the same agents, from 1."""
        self._clock = clock
        self._store = store
        self._media = media
        self._desks = desks
        self._voice = voice
        self._settings = settings
        self._happened = happened
        self._automatic = automatic
        self._position = position
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return bool(self._tasks)

    async def drain(self, at_most_s: float) -> None:
        """Wait for what is under way, but not for ever."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=at_most_s)
        for task in self._tasks:
            task.cancel()

    def carry_out(self, live: Incoming, command: words.Command) -> None:
        """Do what the table says; looking for an agent is not among it."""
        match command:
            case words.Speak(what=what):
                self._say(live, what)
            case words.PlayMusic():
                live.speaking = turn = object()
                self.later(self._music(live, turn))
                self._tell_position_later(live)
            case words.BeSilent():
                self._be_silent(live)
            case words.AwaitKey():
                self.after(live, "key", KEY_S, words.KeyTimeOver())
            case words.NoteCallback():
                live.stop("key")
                self.later(self._note_callback(live))
            case words.StopSeeking() | words.Ask() | words.StopAsking() | words.PassOver():
                self._about_agent(live, command)
            case _:
                self._about_leg(live, command)

    def _about_agent(
        self, live: Incoming, command: words.StopSeeking | words.Ask | words.StopAsking | words.PassOver
    ) -> None:
        match command:
            case words.StopSeeking():
                self._let_go(live)
            case words.Ask(agent=agent):
                self.after(live, "offer", OFFER_TONE_S, words.Declined(ignored=True))
                self.later(self._sound(live, agent))
            case words.StopAsking(agent=agent):
                live.stop("offer")
                if (leg := self._desks.leg(agent)) is not None:
                    self._media.stop_playing(leg)
            case words.PassOver(agent=agent, ignored=ignored):
                self._pass_over(live, agent, ignored=ignored)

    def _about_leg(self, live: Incoming, command: words.Command) -> None:
        match command:
            case words.Refuse(busy=busy):
                self._media.hang_up(live.leg, BUSY_HERE if busy else NOT_HERE)
            case words.PickUp():
                self._media.answer(live.leg)
                live.to.limit(self._settings.max_call_s)
            case words.Connect(agent=agent):
                self._connect(live, agent)
            case words.WrapUp(agent=agent):
                self._wrap_up(live, agent)
            case words.HangUp():
                self._media.hang_up(live.leg)

    # -- what the caller hears -------------------------------------------------------------------------------

    def _say(self, live: Incoming, what: Say) -> None:
        live.speaking = turn = object()
        self.later(self._speak(live, what, turn))

    def _be_silent(self, live: Incoming) -> None:
        live.speaking = None
        live.stop("speech")
        self._media.stop_playing(live.leg)

    def _let_go(self, live: Incoming) -> None:
        live.stop("offer")
        if live.reserved is not None:
            agent, live.reserved = live.reserved, None
            self._desks.release(agent)

    def _pass_over(self, live: Incoming, agent: UserId, *, ignored: bool) -> None:
        live.passed.add(agent)
        live.reserved = None
        if ignored:
            self._desks.pause(agent, "missed_call")
        self._desks.release(agent)

    async def _sound(self, live: Incoming, agent: UserId) -> None:
        path, leg = await self._voice.tone(), self._desks.leg(agent)
        if path is not None and leg is not None and live.call.asked == agent:
            self._media.play(leg, path)

    def _tell_position_later(self, live: Incoming) -> None:
        """From the first music on, again and again; music that only begins anew does not put it off."""
        every_s = 0.0 if live.rule is None else live.rule.position_s
        if every_s > 0 and "position" not in live.timers:
            self.timer(live, "position", every_s, lambda: self._position_due(live))

    def _position_due(self, live: Incoming) -> None:
        live.stop("position")
        self._happened(live, words.PositionDue())

    async def _speak(self, live: Incoming, what: Say, turn: object) -> None:
        path = await self._voice.words(what, live.rule, self._position(live))
        if live.speaking is not turn:
            return
        if what is Say.OFFER:
            self._media.listen(live.leg, ListenSettings(amd=False, country=self._settings.country, keys=True))
        self.timer(live, "speech", ANNOUNCEMENT_LIMIT_S, partial(self.said, live, turn))
        if path is None:
            self.said(live, turn)
        else:
            self._media.play(live.leg, path)

    async def _music(self, live: Incoming, turn: object) -> None:
        path = await self._voice.music(live.rule)
        if path is not None and live.speaking is turn:
            self._media.play(live.leg, path)

    def said(self, live: Incoming, turn: object | None) -> None:
        """What was being played is over; nothing where something else is played since."""
        if turn is None or live.speaking is not turn:
            return
        live.speaking = None
        live.stop("speech")
        self._happened(live, words.Said())

    async def _note_callback(self, live: Incoming) -> None:
        now, settings = self._clock.utc(), live.who.campaign.settings if live.who.campaign else None
        zone = (*zones_of(live.caller), settings.default_zone if settings else self._settings.zone)[0]

        def work(conn: sqlite3.Connection) -> None:
            inbound.promise(conn, inbound.get(conn, live.uid), now + CALLBACK_IN_S, zone, now)

        try:
            await self._store.do(work)
        except StoreError as error:
            _log.error("incoming=%s the callback was not promised: %s", live.uid, error)
            self._happened(live, words.Noted(kept=False))
        else:
            self._happened(live, words.Noted())

    def _connect(self, live: Incoming, agent: UserId) -> None:
        for name in ("ring", "wait", "offer", "speech", "position"):
            live.stop(name)
        now = self._clock.utc()
        assert self._desks.leg(agent) is not None
        self._desks.connected(agent)
        self._store.post(lambda conn: inbound.connected(conn, live.uid, agent, now))

    def _wrap_up(self, live: Incoming, agent: UserId) -> None:
        self.timer(live, "wrap_up", live.wrap_up_limit_s, lambda: self.conclude(live))
        self._desks.call_ended(agent)

    def conclude(self, live: Incoming) -> None:
        """The automatic result is it."""
        self.later(self._conclude(live))

    async def _conclude(self, live: Incoming) -> None:
        """The time for a result has passed; a store that fails is asked again."""
        try:
            await self._automatic(live)
        except StoreError as error:
            _log.error("incoming=%s the result is kept, not stored: %s", live.uid, error)
            self.timer(live, "wrap_up", AGAIN_S, lambda: self.conclude(live))

    def write_end(self, live: Incoming) -> None:
        """The leg is gone: what became of the call is written."""
        outcome = live.call.outcome or Outcome.MISSED
        uid, cause, by = live.uid, live.cause, live.call.ended_by or Side.BOX
        at = live.ended_at or self._clock.utc()
        self._store.post(lambda conn: inbound.ended(conn, uid, cause, by, outcome, at))

    # -- time ------------------------------------------------------------------------------------------------

    def after(self, live: Incoming, name: str, delay_s: float, event: words.Event) -> None:
        """Let something happen to a call after ``delay_s``, unless the timer is stopped."""
        self.timer(live, name, delay_s, lambda: self._happened(live, event))

    def timer(self, live: Incoming, name: str, delay_s: float, what: Callable[[], None]) -> None:
        """Do something after ``delay_s``, unless the timer is stopped."""
        live.stop(name)
        live.timers[name] = self._clock.call_later(delay_s, what)

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that takes a while."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("a call that came in met a fault of ours", exc_info=error)
