"""All ways out of a box with analog lines as one ``Media``: calls over a line's trunk go there, all others over SIP.

A leg on a line has its audio on the bridge of SIP, so what concerns audio (play, listen, record, bridge, hold) goes
to that backend whatever the leg; only placing, ending and keys differ.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from firmware.clock import Clock
from firmware.config import Config
from firmware.model import HangupCause, LegId
from firmware.trunks._modem_dial import BadNumber, Barred
from firmware.trunks.base import (
    LegEnded,
    LegEvent,
    ListenSettings,
    MediaHealth,
    PhoneRoute,
    Route,
    TrialRoute,
)
from firmware.trunks.modem import AnalogLine, LineSettings, LineStatus
from firmware.trunks.sip import SipMedia

_log = logging.getLogger(__name__)


def settings_of(config: Config) -> list[LineSettings]:
    """The lines of a settings file."""
    return [
        LineSettings(
            line.name, line.trunk_name, line.port, line.country or config.box.country, line.outside, line.dialling,
            line.wait_dial_tone, line.reversal_answers, line.silence_s, config.dialling.max_call_s, number=line.number,
            heard_db=line.heard_db, said_db=line.said_db,
        )
        for line in config.lines
    ]  # fmt: skip


class LinesMedia:
    """``Media`` over SIP and lines."""

    def __init__(self, sip: SipMedia, lines: Sequence[LineSettings], clock: Clock) -> None:
        self._sip = sip
        self._lines = [AnalogLine(settings, clock, sip) for settings in lines]
        self._deliver: Callable[[LegEvent], None] = lambda _: None

    async def start(self, deliver: Callable[[LegEvent], None]) -> None:
        """Open for business; a line without its modem comes up when that is plugged in."""
        self._deliver = deliver
        await self._sip.start(deliver)
        for line in self._lines:
            line.start()

    async def stop(self) -> None:
        """Lines first: their legs need the bridge until they are on-hook."""
        await asyncio.gather(*(line.stop() for line in self._lines))
        await self._sip.stop()

    def originate(self, leg: LegId, route: Route, caller_id: str, ring_timeout_s: float) -> None:
        """Place a call over SIP, or over a free line of the route's trunk. ``caller_id`` means nothing on a line."""
        if isinstance(route, PhoneRoute) or not self._of_trunk(route.trunk):
            self._sip.originate(leg, route, caller_id, ring_timeout_s)
            return
        wanted = route.line if isinstance(route, TrialRoute) else ""
        fitting = [line for line in self._of_trunk(route.trunk) if wanted in ("", line.settings.name)]
        line = next((line for line in fitting if line.free), None)
        if line is None:
            self._refuse(leg, HangupCause.NETWORK_FAILURE, "no line of the trunk is free")
            return
        try:
            line.originate(leg, route, ring_timeout_s)
        except Barred as error:
            self._refuse(leg, HangupCause.BLACKLISTED, str(error))
        except BadNumber as error:
            _log.error("leg=%s not dialled: %s", leg, error)
            self._refuse(leg, HangupCause.OUR_FAULT, str(error))

    def answer(self, leg: LegId) -> None:
        """Accept an offered leg."""
        line = self._carrying(leg)
        if line is None:
            self._sip.answer(leg)
        else:
            line.answer(leg)

    def hang_up(self, leg: LegId, sip_code: int = 0) -> None:
        """End a leg."""
        line = self._carrying(leg)
        if line is None:
            self._sip.hang_up(leg, sip_code)
        else:
            line.hang_up(leg)

    def hold(self, leg: LegId) -> None:
        """Nobody is heard by the far end any more."""
        self._sip.hold(leg)
        self._tell_held(leg, held=True)

    def unhold(self, leg: LegId) -> None:
        """And again."""
        self._sip.unhold(leg)
        self._tell_held(leg, held=False)

    def send_digits(self, leg: LegId, digits: str) -> None:
        """Keys: as events over SIP, as tones on a line."""
        line = self._carrying(leg)
        if line is None:
            self._sip.send_digits(leg, digits)
        else:
            line.send_digits(leg, digits)

    def play(self, leg: LegId, prompt: Path) -> None:
        """Play a file."""
        self._sip.play(leg, prompt)

    def stop_playing(self, leg: LegId) -> None:
        """Stop at once."""
        self._sip.stop_playing(leg)

    def listen(self, leg: LegId, settings: ListenSettings) -> None:
        """Let the ears judge this leg."""
        self._sip.listen(leg, settings)

    def stop_listening(self, leg: LegId) -> None:
        """And no more."""
        self._sip.stop_listening(leg)

    def bridge(self, first: LegId, second: LegId) -> None:
        """Connect two legs, whatever they travel on."""
        self._sip.bridge(first, second)

    def unbridge(self, first: LegId, second: LegId) -> None:
        """Disconnect them."""
        self._sip.unbridge(first, second)

    def feed(self, speaker: LegId, hearer: LegId) -> None:
        """One hears the other."""
        self._sip.feed(speaker, hearer)

    def unfeed(self, speaker: LegId, hearer: LegId) -> None:
        """And no more."""
        self._sip.unfeed(speaker, hearer)

    def record(self, customer: LegId, agent: LegId, path: Path) -> None:
        """Write a stereo WAV."""
        self._sip.record(customer, agent, path)

    def stop_recording(self, customer: LegId) -> None:
        """Close the file."""
        self._sip.stop_recording(customer)

    def health(self) -> MediaHealth:
        """How the backend is; a trunk of lines is up while one of its modems is."""
        health = self._sip.health()
        ups: dict[str, bool] = {}
        for line in self._lines:
            ups[line.settings.trunk] = ups.get(line.settings.trunk, False) or line.up
        return replace(health, trunks={**health.trunks, **ups})

    def lines(self) -> Sequence[AnalogLine]:
        """The lines themselves, for tests and what was learnt of them."""
        return tuple(self._lines)

    def status(self) -> list[LineStatus]:
        """Every line at this moment."""
        return [line.status() for line in self._lines]

    def wrong(self) -> dict[str, tuple[str, Mapping[str, Any]]]:
        """Each line: the key of what is wrong with it (empty: nothing) and the figures of that."""
        return {status.name: status.wrong() for status in self.status()}

    @property
    def faults(self) -> int:
        """Failures of our own code so far."""
        return self._sip.faults

    def _of_trunk(self, trunk: str) -> list[AnalogLine]:
        return [line for line in self._lines if line.settings.trunk == trunk]

    def _tell_held(self, leg: LegId, *, held: bool) -> None:
        if (line := self._carrying(leg)) is not None:
            line.hold(leg, held=held)

    def _carrying(self, leg: LegId) -> AnalogLine | None:
        return next((line for line in self._lines if line.leg == leg), None)

    def _refuse(self, leg: LegId, cause: HangupCause, text: str) -> None:
        ended = LegEnded(leg, cause, False, text=text)
        asyncio.get_running_loop().call_soon(self._deliver, ended)
