"""The way out over one analog line: a voice modem's calls as legs.

Lives on the event loop. The driver (``board.modem``) has its own thread and tells what happened there; the bridge
(``SipMedia``) gives the leg its audio, so that announcements, recordings, judgement and the agent's telephone work as
on any other trunk. One call at a time. Calls that come in are seen and logged; nobody answers them yet.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from board.modem.dialogues import Dialling
from board.modem.driver import ModemLine
from board.modem.engine import Listener
from board.modem.engine import Settings as DriverSettings
from board.modem.events import Answered, Caller, Ended, Event, Failed, Fault, Identity, Outcome, Rang, Ready
from board.modem.sounds import Sound
from board.modem.stream import Counters
from board.modem.table import State
from dsp.line.answer import AnswerSettings
from dsp.line.country import line_country
from dsp.line.disconnect import DisconnectSettings
from dsp.line.supervision import CallSettings
from firmware.clock import Clock, Timer
from firmware.model import AnswerConfidence, AnswerMethod, HangupCause, LegId
from firmware.trunks._modem_dial import BadNumber, DialPlan
from firmware.trunks._modem_echo import CleanEar, CleanSound
from firmware.trunks._modem_signs import LineListener
from firmware.trunks._modem_sound import BridgeSound, LateSound
from firmware.trunks.base import (
    LegAnswered,
    LegEnded,
    LegEvent,
    LegRinging,
    NumberRoute,
)

_log = logging.getLogger(__name__)
_DIALLING_S = 15.0
"""From seizing the line to the first ring at the far end, at most; the time it may ring counts from there."""
_NEVER_MS = 1 << 31


@dataclass(frozen=True, slots=True)
class LineSettings:
    """One line as the settings file has it."""

    name: str
    trunk: str
    port: str
    country: str = "DE"
    outside: str = ""
    dialling: str = "tones"
    """``tones`` (ours, in the audio), ``modem`` or ``pulse`` (by the modem itself)."""
    wait_dial_tone: bool = True
    reversal_answers: bool = False
    silence_s: float = 60.0
    max_call_s: float = 7200.0

    def driver(self) -> DriverSettings:
        """What the driver has to know."""
        dialling = Dialling(by_modem=self.dialling != "tones", pulse=self.dialling == "pulse")
        flash_ms = line_country(self.country).flash_ms
        return DriverSettings(self.country, dialling, blind=not self.wait_dial_tone, flash_ms=flash_ms)

    def call(self) -> CallSettings:
        """What the rules of signalling have to know. How long it may ring and last is counted here, not there."""
        return CallSettings(
            self.country,
            answer=AnswerSettings(reversal=self.reversal_answers, no_answer_ms=_NEVER_MS),
            disconnect=DisconnectSettings(
                reversal=self.reversal_answers, silence_ms=round(self.silence_s * 1000), maximum_ms=0
            ),
        )


@dataclass(frozen=True, slots=True)
class LineStatus:
    """A line at this moment, for health and for whoever looks after it."""

    name: str
    trunk: str
    port: str
    state: State
    fault: Fault | None
    identity: Identity | None
    counters: Counters
    rings: int = 0
    caller: str = ""

    def wrong(self) -> tuple[str, Mapping[str, Any]]:
        """What keeps calls from being placed: a key and its figures; an empty key while nothing does."""
        named = {"line": self.name, "port": self.port}
        if self.fault is not None:
            return self.fault.key, {**named, **self.fault.figures}
        if self.identity is not None and not self.identity.duplex:
            return "line_half_duplex", {**named, "modem": self.identity.profile}
        return "", {}

    def plain(self) -> dict[str, Any]:
        """As the control socket shows it."""
        identity, (key, figures) = self.identity, self.wrong()
        return {
            "name": self.name, "trunk": self.trunk, "port": self.port, "state": self.state.value,
            "modem": identity.words if identity else "", "profile": identity.profile if identity else "",
            "format": identity.format.encoding.value if identity else "",
            "duplex": bool(identity and identity.duplex), "counters": asdict(self.counters),
            "rings": self.rings, "caller": self.caller, "wrong": {"key": key, "figures": dict(figures)},
        }  # fmt: skip


class Driver(Protocol):
    """Who owns the port: ``ModemLine``."""

    @property
    def state(self) -> State:
        """Where the line stands."""

    @property
    def fault(self) -> Fault | None:
        """Why there is no line now."""

    @property
    def identity(self) -> Identity | None:
        """Who the modem is."""

    @property
    def counters(self) -> Counters:
        """Samples of the latest call."""

    def start(self) -> None:
        """Look for the modem."""

    def stop(self) -> None:
        """Put the line on-hook; waits until it is."""

    def dial(self, digits: str, listener: Listener, sound: Sound) -> None:
        """Call."""

    def hang_up(self) -> None:
        """End the call."""

    def send_digits(self, digits: str) -> None:
        """Keys as tones. Raises ``ValueError`` for what are no keys."""


class Bridge(Protocol):
    """Who gives a leg its audio: ``SipMedia``."""

    def open_line(self, leg: LegId, use: Callable[[BridgeSound], None], fail: Callable[[str], None]) -> None:
        """Make room for the leg; ``use`` and ``fail`` may be called in any thread."""

    def line_event(self, event: LegEvent) -> None:
        """Tell of the leg; with ``LegEnded`` its room is gone."""


@dataclass(slots=True)
class _Call:
    leg: LegId
    ear: LineListener
    cause: HangupCause | None = None
    """Why we ended it, if we did."""
    text: str = ""
    answered: bool = False
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
        self._rings, self._caller = 0, ""
        self._up = False

    def start(self) -> None:
        """Look for the modem; it may be plugged in at any time."""
        self._loop = asyncio.get_running_loop()
        self._driver.start()

    async def stop(self) -> None:
        """Put the line on-hook and let go of the port; the last event is on the loop when this returns."""
        await asyncio.to_thread(self._driver.stop)
        await asyncio.sleep(0)

    @property
    def up(self) -> bool:
        """Whether there is a modem one can call over."""
        return self._up

    @property
    def free(self) -> bool:
        """Whether a call could be placed now."""
        return self._up and self._call is None and self._driver.state is State.IDLE

    @property
    def leg(self) -> LegId | None:
        """The leg on the line."""
        return None if self._call is None else self._call.leg

    def status(self) -> LineStatus:
        """The line at this moment."""
        driver, settings = self._driver, self.settings
        return LineStatus(
            settings.name, settings.trunk, settings.port, driver.state, driver.fault, driver.identity,
            driver.counters, self._rings, self._caller,
        )  # fmt: skip

    # -- commands --------------------------------------------------------------------------------------------

    def originate(self, leg: LegId, route: NumberRoute, ring_timeout_s: float) -> None:
        """Place a call on a free line; ends with ``LegEnded`` in every case. Raises ``BadNumber``."""
        digits = DialPlan(self.settings.country, self.settings.outside).digits(route)
        if self._call is not None:
            raise BadNumber("the line is taken")
        ear = LineListener(self.settings.call(), lambda: self._post(self._rang, leg, ring_timeout_s))
        call = self._call = _Call(leg, ear)
        sound = LateSound()
        self._bridge.open_line(leg, sound.join, lambda text: self._post(self._fault, leg, text))
        clean = CleanSound(sound)
        self._driver.dial(digits, CleanEar(call.ear, clean), clean)
        self._limit(call, _DIALLING_S + ring_timeout_s, self._give_up)

    def hang_up(self, leg: LegId) -> None:
        """End the call."""
        if (call := self._of(leg)) is not None:
            self._end(call, HangupCause.NORMAL if call.answered else HangupCause.CANCELLED)

    def send_digits(self, leg: LegId, digits: str) -> None:
        """Keys as tones on the line."""
        if (call := self._of(leg)) is not None and call.answered:
            try:
                self._driver.send_digits(digits)
            except ValueError:
                _log.warning("leg=%s keys that no telephone has are not sent", leg)

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
        if (call := self._of(leg)) is not None:
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
        if isinstance(event, Answered):
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
        elif isinstance(event, Rang):
            self._rings = event.count
            _log.info("line %s rings (%d); calls in are not answered", self.settings.name, event.count)
        elif isinstance(event, Caller) and event.name == "NMBR":
            self._caller = event.value

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
        text = call.text or event.text or event.outcome.value
        _log.info("leg=%s line %s: %s (%s)", call.leg, self.settings.name, event.outcome, text)
        self._bridge.line_event(LegEnded(call.leg, cause, by_far_end, text=text))


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
    if outcome is Outcome.FAR_END and not call.answered:
        return call.ear.cause or HangupCause.REJECTED, True
    if outcome is Outcome.BUSY:
        return call.ear.cause or HangupCause.BUSY, True
    return _CAUSES.get(outcome, HangupCause.NETWORK_FAILURE), outcome is Outcome.FAR_END
