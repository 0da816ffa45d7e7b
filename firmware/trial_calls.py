"""Test calls [Testanrufe] of whoever looks after the box: to a phone of the house, or to a number typed for it.

Runs on the event loop. A test call is no attempt: it has no contact, no permit and no place in any report; it is noted
here and in the journal, with who asked for it. It never goes to an emergency number, never takes the place of a call
that is up, and there is one at a time. Whoever answers hears a sentence; keys they press are shown.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from firmware.clock import Clock, Timer
from firmware.compliance.numbers import mask
from firmware.model import LegId
from firmware.trunks.base import (
    LegAnswered,
    LegDigit,
    LegEnded,
    LegEvent,
    LegHeard,
    LegPlayed,
    LegRinging,
    ListenSettings,
    Media,
    PhoneRoute,
    TrialRoute,
)

_log = logging.getLogger(__name__)
RING_S = 40.0
LONGEST_S = 60.0
"""After the answer; long enough to press some keys."""
KEPT = 20


@dataclass(slots=True)
class Trial:
    """One test call. ``kind``: ``phone`` or ``number``; ``to`` is a phone's name or a masked number."""

    id: str
    kind: str
    to: str
    over: str
    by: str
    started_at: float
    state: str = "calling"
    """``calling``, ``ringing``, ``talking``, ``ended``."""
    ringing_at: float | None = None
    answered_at: float | None = None
    ended_at: float | None = None
    heard: str = ""
    """What the ears made of whoever answered."""
    keys: str = ""
    cause: str = ""
    ended_by: str = ""
    sip_code: int = 0
    text: str = ""
    timer: Timer | None = field(default=None, repr=False)

    def plain(self) -> dict[str, Any]:
        """As the hub has it."""
        return {
            "id": self.id, "kind": self.kind, "to": self.to, "over": self.over, "by": self.by,
            "started_at": self.started_at, "state": self.state, "ringing_at": self.ringing_at,
            "answered_at": self.answered_at, "ended_at": self.ended_at, "heard": self.heard, "keys": self.keys,
            "cause": self.cause, "ended_by": self.ended_by, "sip_code": self.sip_code, "text": self.text,
        }  # fmt: skip


class TrialCalls:
    """The one under way and the last few. ``changed`` is told of every step."""

    def __init__(self, clock: Clock, media: Media, country: str, changed: Callable[[Trial], None]) -> None:
        self._clock, self._media, self._country, self._changed = clock, media, country, changed
        self._now: Trial | None = None
        self._past: deque[Trial] = deque(maxlen=KEPT)
        self._prompt: Path | None = None
        self._count = 0

    @property
    def busy(self) -> bool:
        """Whether one is under way."""
        return self._now is not None

    @property
    def past(self) -> Sequence[Trial]:
        """Those that are over, newest last."""
        return tuple(self._past)

    def owns(self, leg: LegId) -> bool:
        """Whether a leg is a test call's."""
        return self._now is not None and self._now.id == leg

    def begin(self, route: PhoneRoute | TrialRoute, caller_id: str, by: str, prompt: Path | None) -> Trial:
        """Place it. The caller has seen to it that there is none under way and that the number may be called."""
        assert self._now is None
        self._count += 1
        leg = LegId(f"test-{int(self._clock.utc())}-{self._count}")
        phone = isinstance(route, PhoneRoute)
        to = route.address if phone else mask(route.address)
        over = "" if phone else route.trunk
        trial = self._now = Trial(leg, "phone" if phone else "number", to, over, by, self._clock.utc())
        self._prompt = prompt
        _log.info("leg=%s test call to %s over %s, asked for by %s", leg, to, over or "the house", by)
        self._changed(trial)
        self._media.originate(leg, route, caller_id, RING_S)
        return trial

    def hang_up(self) -> bool:
        """End the one under way; whether there was one."""
        if self._now is None:
            return False
        self._media.hang_up(LegId(self._now.id))
        return True

    def _too_long(self) -> None:
        self.hang_up()

    def event(self, event: LegEvent) -> None:
        """Something happened to its leg."""
        trial = self._now
        if trial is None:
            return
        if isinstance(event, LegRinging) and trial.ringing_at is None:
            trial.state, trial.ringing_at = "ringing", self._clock.utc()
        elif isinstance(event, LegAnswered):
            self._answered(trial)
        elif isinstance(event, LegDigit):
            trial.keys = (trial.keys + event.digit)[-32:]
        elif isinstance(event, LegHeard):
            trial.heard = str(event.label)
        elif isinstance(event, LegPlayed):
            self._again(trial)
        elif isinstance(event, LegEnded):
            self._ended(trial, event)
        self._changed(trial)

    def _answered(self, trial: Trial) -> None:
        trial.state, trial.answered_at = "talking", self._clock.utc()
        trial.timer = self._clock.call_later(LONGEST_S, self._too_long)
        leg = LegId(trial.id)
        self._media.listen(leg, ListenSettings(amd=False, country=self._country, keys=True))
        if self._prompt is not None:
            self._media.play(leg, self._prompt)

    def _again(self, trial: Trial) -> None:
        if self._prompt is not None and trial.state == "talking":
            self._media.play(LegId(trial.id), self._prompt)

    def _ended(self, trial: Trial, event: LegEnded) -> None:
        if trial.timer is not None:
            trial.timer.cancel()
        trial.state, trial.ended_at = "ended", self._clock.utc()
        trial.cause, trial.sip_code, trial.text = str(event.cause), event.sip_code, event.text[:200]
        trial.ended_by = "far_end" if event.by_far_end else "box"
        self._now = None
        self._past.append(trial)
        _log.info("leg=%s test call over: %s", trial.id, event.cause)
