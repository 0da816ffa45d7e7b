"""A way out without a wire: scripted far ends on the service's own clock.

A shipped backend like any other, chosen in ``service``: scenario tests and the campaign simulator run whole days with
it in seconds. What each number does is told by ``far_end``; everything else (states, store, pacing, compliance) is
the real thing. It plays no audio: a prompt lasts ``prompt_s``, a verdict comes when the script says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from firmware.clock import Clock, Timer
from firmware.model import AmdLabel, HangupCause, LegId
from firmware.trunks.base import (
    LegAnswered,
    LegCorrected,
    LegDigit,
    LegEnded,
    LegEvent,
    LegGreetingEnd,
    LegHeard,
    LegOffered,
    LegPlayed,
    LegRinging,
    LegSpoke,
    ListenSettings,
    MediaHealth,
    Route,
)

WIRE_S = 0.01
"""How long the simulated wire takes to confirm a hang-up."""


@dataclass(frozen=True, slots=True)
class FarEnd:
    """What one call meets. Times in seconds; ``None`` means it never happens."""

    rings_after_s: float | None = 0.2
    early_media: bool = False
    answers_after_s: float | None = None
    refuses: tuple[float, int, HangupCause] | None = None
    """After how long, with which SIP status, meaning what."""
    label: AmdLabel = AmdLabel.HUMAN
    recognised_after_s: float = 1.0
    """After the answer (or after ringing, in early media)."""
    hangs_up_after_s: float | None = None
    """After the answer."""
    turns_out: AmdLabel | None = None
    """The verdict is corrected to this ``turns_out_after_s`` after the answer."""
    turns_out_after_s: float = 4.0
    beeps_after_s: float | None = None
    """After the answer; a machine without it is never heard to end its greeting."""


@dataclass(frozen=True, slots=True)
class Placed:
    """An INVITE as the far side would have seen it."""

    leg: LegId
    route: Route
    at: float


class SimulatedOutside:
    """An edge at which every phone is registered and every trunk answers, until told otherwise."""

    def __init__(self, trunks: Iterable[str]) -> None:
        self.up = True
        self.trunks: dict[str, bool] = dict.fromkeys(trunks, True)
        self.phones: dict[str, bool] = {}

    async def start(self) -> None:
        """Nothing to watch."""

    async def stop(self) -> None:
        """Nothing to let go of."""

    def want_phones(self, phones: Mapping[str, str]) -> None:
        """They all register at once."""
        self.phones = dict.fromkeys(phones, True)

    async def phones_known(self) -> bool:
        """There is nobody to be told."""
        return True


class _Leg:
    def __init__(self, route: Route | None, far_end: FarEnd) -> None:
        """``route`` None: it came in."""
        self.route = route
        self.far_end = far_end
        self.answered = False
        self.answered_s = 0.0
        self.heard_to_the_end = False
        self.timers: list[Timer] = []
        self.prompt: Timer | None = None


class SimulatedMedia:
    """``Media`` over scripted far ends."""

    def __init__(self, clock: Clock, far_end: Callable[[Route, int], FarEnd], prompt_s: float = 4.0) -> None:
        self._clock = clock
        self._far_end = far_end
        self._prompt_s = prompt_s
        self._deliver: Callable[[LegEvent], None] = lambda _: None
        self._legs: dict[LegId, _Leg] = {}
        self._times_called: dict[str, int] = {}
        self.placed: list[Placed] = []
        self.feeds: set[tuple[LegId, LegId]] = set()
        """(who speaks, who hears it)."""

    async def start(self, deliver: Callable[[LegEvent], None]) -> None:
        """Open for business."""
        self._deliver = deliver

    async def stop(self) -> None:
        """Forget every leg without a word, as a power cut would."""
        for leg in self._legs.values():
            _cancel(leg)
        self._legs.clear()

    def originate(self, leg: LegId, route: Route, caller_id: str, ring_timeout_s: float) -> None:
        """Place a call to a scripted far end."""
        del caller_id
        count = self._times_called[route.address] = self._times_called.get(route.address, 0) + 1
        self.placed.append(Placed(leg, route, self._clock.utc()))
        entry = self._legs[leg] = _Leg(route, self._far_end(route, count))
        end = entry.far_end
        if end.refuses is not None:
            after_s, code, cause = end.refuses
            self._later(leg, after_s, lambda: self._gone(leg, cause, by_far_end=True, sip_code=code))
        if end.rings_after_s is not None:
            self._later(leg, end.rings_after_s, lambda: self._deliver(LegRinging(leg, end.early_media)))
        if end.answers_after_s is not None:
            self._later(leg, end.answers_after_s, lambda: self._answered(leg))
        self._later(leg, ring_timeout_s, lambda: self._gave_up(leg))

    def call_in(self, leg: LegId, caller: str, called: str, trunk: str, phone: str = "") -> None:
        """Somebody calls the box, and lets it ring until ``far_end_hangs_up``."""
        self._legs[leg] = _Leg(None, FarEnd())
        self._deliver(LegOffered(leg, caller, called, phone, trunk))

    def answer(self, leg: LegId) -> None:
        """Accept a call that came in; confirmed after the wire's delay."""
        entry = self._legs.get(leg)
        if entry is not None and entry.route is None and not entry.answered:
            self._later(leg, WIRE_S, lambda: self._answered(leg))

    def hang_up(self, leg: LegId, sip_code: int = 0) -> None:
        """End a leg; confirmed after the wire's delay."""
        entry = self._legs.get(leg)
        if entry is None:
            return
        unanswered = HangupCause.REJECTED if entry.route is None else HangupCause.CANCELLED
        cause = HangupCause.NORMAL if entry.answered else unanswered
        self._later(leg, WIRE_S, lambda: self._gone(leg, cause, by_far_end=False, sip_code=sip_code))

    def far_end_hangs_up(self, leg: LegId) -> None:
        """The scripted person puts the phone down now."""
        entry = self._legs.get(leg)
        if entry is not None:
            gave_up = entry.route is None and not entry.answered
            cause = HangupCause.CANCELLED if gave_up else HangupCause.NORMAL
            self._gone(leg, cause, by_far_end=True, sip_code=200)

    def far_end_dials(self, leg: LegId, digit: str) -> None:
        """The scripted person presses a key."""
        if leg in self._legs:
            self._deliver(LegDigit(leg, digit))

    def hold(self, leg: LegId) -> None:
        """No audio, nothing to hold."""

    def unhold(self, leg: LegId) -> None:
        """No audio, nothing to take back."""

    def send_digits(self, leg: LegId, digits: str) -> None:
        """Digits go nowhere."""

    def play(self, leg: LegId, prompt: Path) -> None:
        """A prompt lasts ``prompt_s``."""
        del prompt
        entry = self._legs.get(leg)
        if entry is not None:
            self.stop_playing(leg)
            entry.prompt = self._later(leg, self._prompt_s, lambda: self._deliver(LegPlayed(leg)))

    def far_end_speaks_again(self, leg: LegId) -> None:
        """A voice after the end of the greeting."""
        self._deliver(LegSpoke(leg, self._since_answer_ms(leg)))

    def far_end_beeps(self, leg: LegId) -> None:
        """A beep now, the first or another one."""
        self._deliver(LegGreetingEnd(leg, "beep", self._since_answer_ms(leg)))

    def stop_playing(self, leg: LegId) -> None:
        """Stop at once; no ``LegPlayed`` follows."""
        entry = self._legs.get(leg)
        if entry is not None and entry.prompt is not None:
            entry.prompt.cancel()

    def listen(self, leg: LegId, settings: ListenSettings) -> None:
        """The verdict comes when the script says so."""
        entry = self._legs.get(leg)
        if entry is None or not (settings.amd or entry.far_end.label is AmdLabel.INTERCEPT):
            return
        if not entry.answered and entry.far_end.label is not AmdLabel.INTERCEPT:
            return
        if entry.answered:
            self._listen_on(leg, entry)
        if settings.machine:
            return
        at_ms = int(entry.far_end.recognised_after_s * 1000) if entry.answered else 0
        heard = LegHeard(leg, entry.far_end.label, 0.99, "scripted", {}, at_ms)
        self._later(leg, entry.far_end.recognised_after_s, lambda: self._deliver(heard))

    def stop_listening(self, leg: LegId) -> None:
        """A verdict under way still arrives; the table of states ignores what comes too late."""

    def bridge(self, first: LegId, second: LegId) -> None:
        """Note who talks with whom."""
        self.feed(first, second)
        self.feed(second, first)

    def unbridge(self, first: LegId, second: LegId) -> None:
        """Forget it."""
        self.unfeed(first, second)
        self.unfeed(second, first)

    def feed(self, speaker: LegId, hearer: LegId) -> None:
        """Note who hears whom."""
        if speaker in self._legs and hearer in self._legs:
            self.feeds.add((speaker, hearer))

    def unfeed(self, speaker: LegId, hearer: LegId) -> None:
        """Forget it."""
        self.feeds.discard((speaker, hearer))

    @property
    def bridges(self) -> set[frozenset[LegId]]:
        """Who talks with whom."""
        return {frozenset(feed) for feed in self.feeds if feed[::-1] in self.feeds}

    def record(self, customer: LegId, agent: LegId, path: Path) -> None:
        """No audio, nothing to write."""

    def stop_recording(self, customer: LegId) -> None:
        """No audio, nothing to close."""

    def health(self) -> MediaHealth:
        """Always well."""
        return MediaHealth(legs=len(self._legs), heartbeat_age_s=0.0)

    # -- the far side ----------------------------------------------------------------------------------------

    def _listen_on(self, leg: LegId, entry: _Leg) -> None:
        """What the ears learn after the verdict."""
        if entry.heard_to_the_end:
            return
        entry.heard_to_the_end = True
        end, passed_s = entry.far_end, self._clock.monotonic() - entry.answered_s
        if end.turns_out is not None:
            now = LegCorrected(leg, end.turns_out, 0.99, "scripted", {}, int(end.turns_out_after_s * 1000))
            self._later(leg, max(0.0, end.turns_out_after_s - passed_s), lambda: self._deliver(now))
        if end.beeps_after_s is not None:
            self._later(leg, max(0.0, end.beeps_after_s - passed_s), lambda: self.far_end_beeps(leg))

    def _since_answer_ms(self, leg: LegId) -> int:
        return int((self._clock.monotonic() - self._legs[leg].answered_s) * 1000)

    def _answered(self, leg: LegId) -> None:
        entry = self._legs[leg]
        entry.answered, entry.answered_s = True, self._clock.monotonic()
        self._deliver(LegAnswered(leg))
        if entry.far_end.hangs_up_after_s is not None:
            self._later(leg, entry.far_end.hangs_up_after_s, lambda: self.far_end_hangs_up(leg))

    def _gave_up(self, leg: LegId) -> None:
        if not self._legs[leg].answered:
            self._gone(leg, HangupCause.NO_ANSWER, by_far_end=False, sip_code=487)

    def _gone(self, leg: LegId, cause: HangupCause, *, by_far_end: bool, sip_code: int) -> None:
        entry = self._legs.pop(leg)
        _cancel(entry)
        self.feeds = {feed for feed in self.feeds if leg not in feed}
        self._deliver(LegEnded(leg, cause, by_far_end, sip_code))

    def _later(self, leg: LegId, delay_s: float, action: Callable[[], None]) -> Timer:
        def unless_gone() -> None:
            if leg in self._legs:
                action()

        timer = self._clock.call_later(delay_s, unless_gone)
        self._legs[leg].timers.append(timer)
        return timer


def _cancel(entry: _Leg) -> None:
    for timer in entry.timers:
        timer.cancel()
