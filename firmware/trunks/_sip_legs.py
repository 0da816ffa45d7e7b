"""The table of legs in the SIP thread: commands in, events out, burial.

Everything here runs in the SIP thread and outside the library's callbacks, except where it says so. Leaves the thread
and the endpoint to ``_sip_thread``, deadlines and checks to ``_sip_audit``.
"""

from __future__ import annotations

import itertools
import logging
import re
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pjsua2 as pj

from firmware.clock import Clock
from firmware.ears import Ears
from firmware.model import HangupCause, LegId
from firmware.trunks._sip_address import BadRoute, Dial, dial
from firmware.trunks._sip_audio import LegAudio
from firmware.trunks._sip_audit import Audit
from firmware.trunks._sip_gateway import WORDS, Gone, Rings, Through, caller_of, new_ear
from firmware.trunks._sip_leg import Leg, call_options, new_call
from firmware.trunks._sip_lines import LineLeg, LineLegs
from firmware.trunks._sip_prompt import Prompt, Prompts
from firmware.trunks._sip_settings import SipSettings
from firmware.trunks.base import LegEnded, LegEvent, LegOffered, LegPlayed, ListenSettings, Route

_log = logging.getLogger(__name__)
_RING_BACK_AFTER_S = 0.5
"""A leg offered and not refused by then hears ringing."""
_USER = re.compile(r"<?sips?:([^@;>]*)@")


class Legs:
    """All legs. Commands for a leg that has gone do nothing: its ``LegEnded`` is on its way or has arrived."""

    def __init__(
        self, settings: SipSettings, clock: Clock, ears: Ears, emit: Callable[[LegEvent], None]
    ) -> None:
        self.settings = settings
        self.ears = ears
        self.emit = emit
        self.account: pj.Account | None = None
        self.ports: Callable[[], int] = lambda: 1
        self.audit = Audit(self)
        self.lines = LineLegs(self)
        self.faults = 0
        self._clock = clock
        self._legs: dict[LegId, Leg] = {}
        self._dead: list[Leg] = []
        self._playing: set[Leg | LineLeg] = set()
        self._rings: dict[int, pj.AudioRing] = {}
        self._soon: deque[Callable[[], None]] = deque()
        self._boot = secrets.token_hex(4)
        self._numbers = itertools.count(1)
        self._prompts = Prompts()
        if any(word not in WORDS for word in settings.supervision.values()):
            new_ear(settings.country)  # what it takes is read now, not in the first call

    def __len__(self) -> int:
        return len(self._legs)

    def all(self) -> list[Leg]:
        """The legs at this moment."""
        return list(self._legs.values())

    # Commands.

    def originate(self, name: LegId, route: Route, caller_id: str, ring_timeout_s: float) -> None:
        """Place a call."""
        try:
            wanted = dial(name, route, caller_id, self.settings, self._boot)
        except BadRoute as error:
            self.faults += 1
            _log.error("leg=%s not dialled: %s", name, error)
            self.emit(LegEnded(name, HangupCause.OUR_FAULT, False, text=str(error)))
            return
        leg = self._legs[name] = Leg(self, name, phone=route.kind == "phone")
        leg.ring_by = self._clock.monotonic() + ring_timeout_s
        leg.supervision = self.settings.supervision.get(route.trunk, "")
        leg.wanted = replace(wanted, call_id=f"again-{wanted.call_id}") if leg.phone else None
        self._dial(leg, wanted)

    def _dial(self, leg: Leg, wanted: Dial) -> None:
        try:
            new_call(self.account, leg).makeCall(wanted.to, _invite(wanted))
        except pj.Error as error:
            self.fault(leg, f"not dialled: {error.reason}")

    def answer(self, name: LegId) -> None:
        """Accept an offered leg."""
        if (leg := self._legs.get(name)) is not None:
            leg.accept(pj.PJSIP_SC_OK)

    def hang_up(self, name: LegId, status: int) -> None:
        """End a leg as its state asks for."""
        if (leg := self._legs.get(name)) is not None:
            refusal = HangupCause.REJECTED if leg.offered else HangupCause.CANCELLED
            leg.end(HangupCause.NORMAL if leg.through else refusal, 0 if leg.answered else status)

    def hold(self, name: LegId, held: bool) -> None:
        """Put on hold or take back."""
        if (leg := self._legs.get(name)) is not None:
            leg.hold(held=held)
        elif (line := self.lines.get(name)) is not None:
            line.audio.silence(held)

    def send_digits(self, name: LegId, digits: str) -> None:
        """Send DTMF."""
        if (leg := self._legs.get(name)) is not None and leg.answered and leg.ended is None:
            leg.send_digits(digits)

    def play(self, name: LegId, path: Path | None) -> None:
        """Play a file, or stop."""
        leg = self._legs.get(name) or self.lines.get(name)
        if leg is None:
            return
        leg.audio.play(None if path is None else Prompt(self._prompts.load(path)))
        if path is not None:
            self._playing.add(leg)

    def bridge(self, first: LegId, second: LegId) -> None:
        """Connect two legs."""
        ours, theirs = self._audio(first), self._audio(second)
        if ours is not None and theirs is not None:
            ours.bridge(theirs)

    def unbridge(self, first: LegId, second: LegId) -> None:
        """Disconnect them."""
        ours, theirs = self._audio(first), self._audio(second)
        if ours is not None and theirs is not None:
            ours.unbridge(theirs)

    def feed(self, speaker: LegId, hearer: LegId) -> None:
        """Let one leg hear another."""
        ours, theirs = self._audio(speaker), self._audio(hearer)
        if ours is not None and theirs is not None:
            ours.speak_to(theirs)

    def unfeed(self, speaker: LegId, hearer: LegId) -> None:
        """And no more."""
        ours, theirs = self._audio(speaker), self._audio(hearer)
        if ours is not None and theirs is not None:
            ours.fall_silent(theirs)

    def listen(self, name: LegId, settings: ListenSettings) -> None:
        """Let the ears judge a leg."""
        if self._know(name):
            self.ears.listen(name, settings)

    def stop_listening(self, name: LegId) -> None:
        """And no more."""
        if self._know(name):
            self.ears.stop_listening(name)

    def record(self, customer: LegId, agent: LegId, path: Path) -> None:
        """Record two legs."""
        if self._know(customer, agent):
            self.ears.record(customer, agent, path)

    def stop_recording(self, customer: LegId) -> None:
        """Close that file."""
        if self._know(customer):
            self.ears.stop_recording(customer)

    def hang_up_all(self) -> None:
        """At the end of the service."""
        for name in list(self._legs):
            self.guarded(name, lambda name=name: self.hang_up(name, 0))  # type: ignore[misc]

    def _know(self, *names: LegId) -> bool:
        return all(self._audio(name) is not None for name in names)

    def _audio(self, name: LegId) -> LegAudio | None:
        leg = self._legs.get(name) or self.lines.get(name)
        return None if leg is None else leg.audio

    # Called from the library's callbacks.

    def next_offer(self) -> LegId:
        """A name for a leg that comes in."""
        return LegId(f"o{self._boot}-{next(self._numbers)}")

    def offered(self, name: LegId, call_id: int, message: str) -> None:
        """Somebody calls us."""
        now = self._clock.monotonic()
        phone = _value(message, "X-Strowger-Phone")
        leg = self._legs[name] = Leg(self, name, phone=bool(phone), offered=True)
        leg.ring_back_at, leg.ring_by = now + _RING_BACK_AFTER_S, now + self.settings.offer_timeout_s
        info = new_call(self.account, leg, call_id).getInfo()
        trunk = "" if phone else _value(message, "X-Strowger-Trunk")
        caller = _user(info.remoteUri)
        if trunk in self.settings.gateways:
            caller = caller_of(caller, self.settings.gateways[trunk], self.settings.country)
        self.emit(LegOffered(name, caller, _user(info.localUri), phone, trunk))

    def on_answered(self, leg: Leg) -> None:
        """From now on the leg's length counts."""
        limit_s = self.settings.max_phone_s if leg.phone else self.settings.max_call_s
        leg.end_by = self._clock.monotonic() + limit_s
        self.ears.answered(leg.id)

    def supervise(self, leg: Leg) -> None:
        """A gateway has accepted and knows nothing of the far end: its audio tells."""
        leg.ear = new_ear(self.settings.country)
        self.ears.watch(leg.id, leg.ear, partial(self._heard, leg))

    def _heard(self, leg: Leg, sign: object) -> None:
        """In the thread of the ears: what it means is for ours."""
        assert isinstance(sign, Rings | Through | Gone)
        self._soon.append(lambda: self.guarded(leg.id, lambda: leg.heard(sign)))

    def on_audio(self, leg: Leg) -> None:
        """The leg has a ring."""
        self.on_ring(leg.id, leg.audio)

    def on_ring(self, name: LegId, audio: LegAudio) -> None:
        """From now on the ears may hear it."""
        ring = audio.ring
        assert ring is not None
        self._rings[id(ring)] = ring
        self.ears.attach(name, ring)

    def dial_again(self, leg: Leg) -> None:
        """The same leg with a new dialogue, as soon as no callback is under way."""
        self._soon.append(lambda: self._dial_again(leg))

    def _dial_again(self, leg: Leg) -> None:
        wanted, leg.wanted, leg.redialling = leg.wanted, None, False
        if leg.our_cause is not None or wanted is None:
            leg.ended = LegEnded(leg.id, leg.our_cause or HangupCause.OUR_FAULT, False, text=leg.our_text)
            self.bury(leg)
            return
        if leg.call is not None:
            leg.call.leg = None
            leg.call = None
        self._dial(leg, wanted)

    def fault(self, leg: Leg, text: str) -> None:
        """Something of ours failed: end that leg soon, count it, leave the others alone."""
        self.faults += 1
        _log.error("leg=%s ends by our fault: %s", leg.id, text)
        self._soon.append(lambda: self._end_by_fault(leg, text))

    def bury(self, leg: Leg) -> None:
        """The leg has ended; let go of it as soon as no callback is under way."""
        self._dead.append(leg)

    # Turns of the thread.

    def turn(self) -> None:
        """What is due, announcements, burials."""
        while self._soon:
            self._soon.popleft()()
        self.audit.turn(self._clock.monotonic())
        for leg in list(self._playing):
            if leg.audio.feed():
                self.emit(LegPlayed(leg.id))
            if not leg.audio.playing:
                self._playing.discard(leg)
        while self._dead:
            self._bury(self._dead.pop())

    def guarded(self, name: LegId | None, what: Callable[[], None]) -> None:
        """Run ``what``; a failure is counted and ends the leg it was for."""
        try:
            what()
        except Exception:  # noqa: BLE001 - the thread must live
            _log.exception("leg=%s a command failed", name)
            self._blame(name)

    def _blame(self, name: LegId | None) -> None:
        leg = self._legs.get(name) if name is not None else None
        line = self.lines.get(name) if name is not None else None
        if leg is not None:
            self.fault(leg, "command failed")
            return
        self.faults += 1
        if line is not None:
            line.fail("command failed")

    @property
    def playing(self) -> bool:
        """Whether any leg hears an announcement."""
        return bool(self._playing)

    def expected_ports(self) -> int:
        """How many ports on the bridge are ours, at most."""
        return len(self._rings) + len(self._legs) + len(self.lines)

    def forget(self) -> None:
        """Drop every object of the library, before the library goes."""
        for leg in self.all():
            leg.audio.close()
            if leg.call is not None:
                leg.call.leg = None
            leg.call = None
        self.lines.forget()
        self._legs.clear()
        self._dead.clear()
        self._playing.clear()
        self._soon.clear()
        self._rings.clear()
        self.account = None

    def _end_by_fault(self, leg: Leg, text: str) -> None:
        try:
            leg.end(HangupCause.OUR_FAULT, text=text)
        except pj.Error as error:
            _log.error("leg=%s cannot be hung up: %s", leg.id, error.reason)
        if leg.ended is None:  # the library knows no call of it (any more)
            leg.ended = LegEnded(leg.id, HangupCause.OUR_FAULT, False, text=text)
            self.bury(leg)

    def _bury(self, leg: Leg) -> None:
        if self._legs.pop(leg.id, None) is None:
            return
        self.let_go(leg.id, leg.audio)
        if leg.call is not None:
            leg.call.leg = None
            leg.call = None
        assert leg.ended is not None
        self.emit(leg.ended)

    def let_go(self, name: LegId, audio: LegAudio) -> None:
        """Take a leg's audio off the bridge; its ring goes when the ears have let go of it."""
        key = id(audio.close())  # not the ring: the ears would hold it, and could be the last to drop it
        self.ears.detach(name, lambda: self._release(key))

    def _release(self, key: int) -> None:
        """The ears have let go of a leg, and of its ring if it had one. Called from their thread: the drop itself
        waits for ours."""
        self._soon.append(lambda: self._rings.pop(key, None))


def _invite(wanted: Dial) -> pj.CallOpParam:
    options = call_options()
    options.opt.customCallId = wanted.call_id
    options.txOption.targetUri = wanted.target
    options.txOption.localUri = wanted.sender
    if wanted.identity:
        header = pj.SipHeader()
        header.hName, header.hValue = "P-Asserted-Identity", wanted.identity
        options.txOption.headers.append(header)
    return options


def _user(uri: Any) -> str:
    found = _USER.search(str(uri))
    return found[1] if found else ""


def _value(message: str, name: str) -> str:
    found = re.search(rf"^{name}:[ \t]*([^\r\n]*)", message, re.MULTILINE | re.IGNORECASE)
    return found[1].strip() if found else ""
