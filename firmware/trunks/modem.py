"""The way out over one analog line: a voice modem's calls as legs.

Lives on the event loop. The driver (``board.modem``) has its own thread and tells what happened there; the bridge
(``SipMedia``) gives the leg its audio, so that announcements, recordings, judgement and the agent's telephone work as
on any other trunk. One call at a time. A call that comes in is offered once its caller is known (``_modem_bell``); one
that nobody wants is left ringing, for a caller on a line cannot be told that it is busy.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from board.modem.driver import ModemLine
from board.modem.events import Answered, Caller, Ended, Event, Failed, Moved, Outcome, Rang, Ready
from board.modem.table import State
from dsp.line.levels import Gain
from dsp.line.supervision import CallSettings
from firmware.clock import Clock, Timer
from firmware.line_habits import Habits
from firmware.model import AnswerConfidence, AnswerMethod, HangupCause, LegId
from firmware.trunks._modem_bell import Bell
from firmware.trunks._modem_dial import BadNumber, Barred, DialPlan
from firmware.trunks._modem_echo import CleanEar, CleanSound
from firmware.trunks._modem_levels import LevelSound
from firmware.trunks._modem_line import Bridge, Driver, LineSettings, LineStatus
from firmware.trunks._modem_notes import Guard, Notes
from firmware.trunks._modem_signs import LineListener
from firmware.trunks._modem_sound import LateSound
from firmware.trunks.base import (
    LegAnswered,
    LegEnded,
    LegOffered,
    LegRinging,
    NumberRoute,
)

_log = logging.getLogger(__name__)
_DIALLING_S = 15.0
"""From seizing the line to the first ring at the far end, at most; the time it may ring counts from there."""
_WATCH_S = 1.0
_BARRED_S = 24 * 3600.0
"""A modem that bars a number keeps it barred until it is switched off, or for hours: it is not asked again sooner."""

__all__ = ["AnalogLine", "Bridge", "Driver", "LineSettings", "LineStatus"]


@dataclass(slots=True)
class _Call:
    leg: LegId
    ear: LineListener
    digits: str = ""
    cause: HangupCause | None = None
    """Why we ended it, if we did."""
    text: str = ""
    answered: bool = False
    offered: CleanSound | None = None
    """Its sound, where the call came in and rings."""
    incoming: bool = False
    timers: list[Timer] = field(default_factory=list)


class AnalogLine:
    """One line. Everything here runs on the loop."""

    def __init__(
        self,
        settings: LineSettings,
        clock: Clock,
        bridge: Bridge,
        driver: Callable[[LineSettings, Callable[[Event], None]], Driver] | None = None,
    ) -> None:
        self.settings = settings
        self._clock = clock
        self._bridge = bridge
        self._driver = (driver or _modem)(settings, self._told)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._call: _Call | None = None
        self._bell = Bell()
        self._offers = 0
        self._up = False
        self._notes, self._guard = Notes(), Guard()
        self._notes.heard.gain = Gain(round(settings.heard_db * 10))
        self._notes.said.gain = Gain(round(settings.said_db * 10))
        self._watching: Timer | None = None
        self._borrower: Callable[[Event], None] | None = None
        self._barred: dict[str, float] = {}
        self.habits: Habits | None = None
        """What was learnt of the line and accepted; calls from then on go by it."""

    def start(self) -> None:
        """Look for the modem; it may be plugged in at any time."""
        self._loop = asyncio.get_running_loop()
        self._driver.start()
        self._watch()

    async def stop(self) -> None:
        """Put the line on-hook and let go of the port; the last event is on the loop when this returns."""
        if self._watching is not None:
            self._watching.cancel()
        await asyncio.to_thread(self._driver.stop)
        await asyncio.sleep(0)
        if self._call is not None and self._call.offered is not None:
            self._not_taken(self._call, HangupCause.REJECTED, by_far_end=False)

    @property
    def up(self) -> bool:
        """Whether there is a modem one can call over."""
        return self._up

    @property
    def free(self) -> bool:
        """Whether a call could be placed now."""
        return self._up and self._call is None and self._borrower is None and self._driver.state is State.IDLE

    @property
    def leg(self) -> LegId | None:
        """The leg on the line."""
        return None if self._call is None else self._call.leg

    def status(self) -> LineStatus:
        """The line at this moment."""
        driver, settings = self._driver, self.settings
        return LineStatus(
            settings.name, settings.trunk, settings.port, driver.state, driver.fault, driver.identity,
            driver.counters, self._bell.rings, self._notes.caller, tuple(self._notes.fields), self._guard.alarm,
            {"country": settings.country, "number": settings.number, **self._notes.plain(),
             "habits": self.habits.plain() if self.habits else None},
        )  # fmt: skip

    def lend(self, told: Callable[[Event], None]) -> Driver:
        """Hand a free line to a test until ``give_back``; its events go to ``told``. Raises ``BadNumber``."""
        if not self.free:
            raise BadNumber("the line is taken")
        self._borrower = told
        return self._driver

    def give_back(self) -> None:
        """The test is over and the line on-hook."""
        self._borrower = None

    # -- commands --------------------------------------------------------------------------------------------

    def originate(self, leg: LegId, route: NumberRoute, ring_timeout_s: float) -> None:
        """Place a call on a free line; ends with ``LegEnded`` in every case. Raises ``BadNumber``."""
        digits = DialPlan(self.settings.country, self.settings.outside).digits(route)
        if self._call is not None or self._borrower is not None:
            raise BadNumber("the line is taken")
        if self._barred.get(digits, 0.0) > self._clock.monotonic():
            raise Barred("the modem refuses this number after too many attempts")
        ear = LineListener(self._call_settings(), lambda: self._post(self._rang, leg, ring_timeout_s))
        call = self._call = _Call(leg, ear, digits)
        sound = LateSound()
        self._bridge.open_line(leg, sound.join, lambda text: self._post(self._fault, leg, text))
        clean = CleanSound(LevelSound(sound, self._notes.heard, self._notes.said))
        self._driver.dial(digits, CleanEar(call.ear, clean), clean)
        self._limit(call, _DIALLING_S + ring_timeout_s, self._give_up)

    def answer(self, leg: LegId) -> None:
        """Take the call that was offered."""
        call = self._of(leg)
        if call is not None and call.offered is not None:
            sound, call.offered = call.offered, None
            self._driver.answer(CleanEar(call.ear, sound), sound)

    def hang_up(self, leg: LegId) -> None:
        """End the call; one that was only offered rings on unheeded."""
        call = self._of(leg)
        if call is not None and call.offered is not None:
            self._not_taken(call, HangupCause.REJECTED, by_far_end=False)
        elif call is not None:
            self._end(call, HangupCause.NORMAL if call.answered else HangupCause.CANCELLED)

    def send_digits(self, leg: LegId, digits: str) -> None:
        """Keys as tones on the line."""
        if (call := self._of(leg)) is not None and call.answered:
            try:
                self._driver.send_digits(digits)
            except ValueError:
                _log.warning("leg=%s keys that no telephone has are not sent", leg)

    def hold(self, leg: LegId, *, held: bool) -> None:
        """Silence does not end a call on hold."""
        if (call := self._of(leg)) is not None:
            call.ear.held = held

    def flash(self, leg: LegId) -> bool:
        """Open the loop for a moment, as a telephone's recall key does; whether there was a call to do it in."""
        call = self._of(leg)
        up = call is not None and call.answered
        if up:
            self._driver.flash()
        return up

    def _call_settings(self) -> CallSettings:
        settings = self.settings.call()
        return self.habits.applied(settings) if self.habits is not None else settings

    def _end(self, call: _Call, cause: HangupCause, text: str = "") -> None:
        if call.cause is None:
            call.cause, call.text = cause, text
        self._driver.hang_up()

    def _limit(self, call: _Call, after_s: float, what: Callable[[LegId], None]) -> None:
        call.timers.append(self._clock.call_later(after_s, lambda: what(call.leg)))

    def _give_up(self, leg: LegId) -> None:
        call = self._of(leg)
        if call is not None and not call.answered:
            self._end(call, HangupCause.NO_ANSWER)

    def _too_long(self, leg: LegId) -> None:
        if (call := self._of(leg)) is not None:
            self._end(call, HangupCause.TOO_LONG)

    def _fault(self, leg: LegId, text: str) -> None:
        call = self._of(leg)
        if call is not None and call.offered is not None:
            self._not_taken(call, HangupCause.OUR_FAULT, by_far_end=False)
        elif call is not None:
            self._end(call, HangupCause.OUR_FAULT, text)

    def _of(self, leg: LegId) -> _Call | None:
        return self._call if self._call is not None and self._call.leg == leg else None

    # -- what the line tells ---------------------------------------------------------------------------------

    def _told(self, event: Event) -> None:
        """In the driver's thread."""
        self._post(self._happened, event)

    def _post(self, what: Callable[..., None], *args: object) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(what, *args)

    def _happened(self, event: Event) -> None:
        self._notes.take(event, self._clock.utc())
        if self._borrower is not None and not isinstance(event, Ready | Failed):
            self._borrower(event)
        elif isinstance(event, Answered):
            self._answered()
        elif isinstance(event, Ended):
            self._ended(event)
        elif isinstance(event, Ready):
            self._up = event.identity.duplex
            _log.info(
                "line %s: %s, %s", self.settings.name, event.identity.profile, event.identity.format.encoding
            )
        elif isinstance(event, Failed):
            self._up = False
            if self._borrower is not None:
                self._borrower(event)
        elif isinstance(event, Rang):
            self._bell.rang(event.count, self._clock.monotonic())
            self._offer()
        elif isinstance(event, Caller):
            self._bell.told(event.name, event.value, self._clock.monotonic())
            self._offer()
        elif isinstance(event, Moved) and event.state is not State.RINGING:
            self._silent(event.state)

    def _watch(self) -> None:
        """Once a second: is the line off-hook and nobody wants it so?"""
        self._watching = self._clock.call_later(_WATCH_S, self._watch)
        call, now = self._call, self._clock.monotonic()
        wanted = self._borrower is not None or (call is not None and call.cause is None)
        before = self._guard.alarm
        if self._guard.look(self._driver.state, wanted=wanted, at_s=now, silent_s=self._driver.silent_s):
            self._driver.hang_up()
        if self._guard.alarm != before:
            _log.warning("line %s: %s", self.settings.name, self._guard.alarm or "the hook is right again")

    # -- calls that come in ----------------------------------------------------------------------------------

    def _offer(self) -> None:
        """Tell of a call that comes in. One of ours that is under way is ended by the driver first (glare)."""
        if self._call is None and self._bell.due:
            self._offered()

    def _offered(self) -> _Call:
        self._bell.done()
        self._offers += 1
        leg = LegId(f"l-{self.settings.name}-{int(self._clock.utc())}-{self._offers}")
        sound = LateSound()
        clean = CleanSound(LevelSound(sound, self._notes.heard, self._notes.said))
        ear = LineListener(self._call_settings(), _nothing)
        call = self._call = _Call(leg, ear, offered=clean, incoming=True)
        self._bridge.open_line(leg, sound.join, lambda text: self._post(self._fault, leg, text))
        settings = self.settings
        _log.info("leg=%s line %s rings", leg, settings.name)
        self._bridge.line_event(LegOffered(leg, self._bell.caller, settings.number, trunk=settings.trunk))
        return call

    def _silent(self, state: State) -> None:
        """The line does not ring any more: it was answered, or the caller (or the modem) has gone."""
        call, gone = self._call, HangupCause.MEDIA_LOST if state is State.GONE else HangupCause.CANCELLED
        if state in (State.IDLE, State.GONE):
            if call is None and self._bell.missed:
                call = self._offered()
            if call is not None and call.offered is not None:
                self._not_taken(call, gone, by_far_end=state is State.IDLE)
            self._bell.quiet()
        elif state is State.TALKING:
            self._bell.quiet()

    def _not_taken(self, call: _Call, cause: HangupCause, *, by_far_end: bool) -> None:
        self._call = None
        self._bridge.line_event(LegEnded(call.leg, cause, by_far_end, text="not taken"))

    def _rang(self, leg: LegId, ring_timeout_s: float) -> None:
        call = self._of(leg)
        if call is not None and not call.answered:
            self._limit(call, ring_timeout_s, self._give_up)
            self._bridge.line_event(LegRinging(leg, early_media=False))

    def _answered(self) -> None:
        call = self._call
        if call is None or call.answered:
            return
        call.answered = True
        sign = call.ear.answer
        self._limit(call, self.settings.max_call_s, self._too_long)
        if sign is None:
            self._bridge.line_event(LegAnswered(call.leg))
            return
        _log.info("leg=%s answered by %s (%s)", call.leg, sign.method, sign.confidence)
        method, sure = AnswerMethod(sign.method.value), AnswerConfidence(sign.confidence.value)
        self._bridge.line_event(LegAnswered(call.leg, method, sure))

    def _ended(self, event: Ended) -> None:
        call, self._call = self._call, None
        if call is None:
            return
        for timer in call.timers:
            timer.cancel()
        if event.outcome is Outcome.HALF_DUPLEX:
            self._up = False
        cause, by_far_end = _meaning(event.outcome, call)
        if cause is HangupCause.BLACKLISTED:
            self._barred[call.digits] = self._clock.monotonic() + _BARRED_S
        text = call.text or event.text or event.outcome.value
        _log.info("leg=%s line %s: %s (%s)", call.leg, self.settings.name, event.outcome, text)
        self._bridge.line_event(LegEnded(call.leg, cause, by_far_end, text=text))
        self._offer()


def _nothing() -> None:
    """Nobody waits for the far end of a call that came in to ring."""


def _modem(settings: LineSettings, tell: Callable[[Event], None]) -> Driver:
    return ModemLine(settings.port, settings.driver(), tell)


_CAUSES = {
    Outcome.FAR_END: HangupCause.NORMAL,
    Outcome.BUSY: HangupCause.BUSY,
    Outcome.NO_ANSWER: HangupCause.NO_ANSWER,
    Outcome.NO_CARRIER: HangupCause.UNAVAILABLE,
    Outcome.UNPLUGGED: HangupCause.MEDIA_LOST,
    Outcome.STREAM_LOST: HangupCause.MEDIA_LOST,
    Outcome.DELAYED: HangupCause.DELAYED,
    Outcome.BLACKLISTED: HangupCause.BLACKLISTED,
}
"""Everything else is the line's trouble and not the far end's: a network failure, with the outcome as its text."""


def _meaning(outcome: Outcome, call: _Call) -> tuple[HangupCause, bool]:
    """The cause of the end, and whether the far end was behind it."""
    if outcome is Outcome.HUNG_UP:
        return call.cause or HangupCause.OUR_FAULT, False
    if outcome is Outcome.FAR_END and call.incoming and not call.answered:
        return HangupCause.CANCELLED, True
    if outcome is Outcome.FAR_END and not call.answered:
        return call.ear.cause or HangupCause.REJECTED, True
    if outcome is Outcome.BUSY:
        return call.ear.cause or HangupCause.BUSY, True
    return _CAUSES.get(outcome, HangupCause.NETWORK_FAILURE), outcome is Outcome.FAR_END
