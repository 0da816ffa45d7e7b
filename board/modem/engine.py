"""One line on one voice modem, without a port, a thread or a clock: bytes in, bytes out, ``now`` as an argument.

Carries out what ``table`` says: runs the dialogues of ``dialogues``, lets the stream flow in ``stream``, keeps the
deadlines. ``driver`` gives it a serial port and time; tests give it an emulated modem and as much time as they like.
Whoever dials brings a ``Listener``, which hears the line and says what it heard: this module knows tones only as signs.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol

from board.modem.answers import Answer, CallerField, Result, Ring, is_bell_rhythm
from board.modem.companding import Samples
from board.modem.conversation import Conversation
from board.modem.dialogues import Dialling, Refused, flash, pick_up, release, seize, set_up
from board.modem.events import (
    Answered,
    Caller,
    Ended,
    Event,
    Failed,
    Fault,
    Hint,
    Identity,
    Moved,
    Outcome,
    Rang,
    Ready,
    Volts,
)
from board.modem.profiles import PROFILES, UNKNOWN, Profile
from board.modem.sounds import Nobody, Sound
from board.modem.stream import Counters, Stream
from board.modem.table import Do, Input, State, step
from board.modem.wire import Wire
from board.modem.words import Word, digit, meaning

_log = logging.getLogger(__name__)
_DIAL_STRING = re.compile(r"[0-9A-D*#]{1,40}")
RING_OVER_S = 8.0
"""The bell has been silent for so long: the caller has gone. Until then a modem refuses to dial."""
STALL_S = 1.5
DIGIT_REPEAT_S = 0.2
"""A modem says a key again every 70 ms for as long as it is down."""
_STREAMING = (State.DIAL_TONE, State.DIALLING, State.PROGRESS, State.TALKING)


@dataclass(frozen=True, slots=True)
class Sign:
    """What was heard on the line, as an input of the table, with its reason for people."""

    happened: Input
    text: str = ""


class Listener(Protocol):
    """Who judges the sound of a call. Called in the thread of the line; must not wait."""

    def heard(self, samples: Samples) -> Iterable[Sign]:
        """8 kHz samples as they came from the line."""

    def hinted(self, word: str) -> Iterable[Sign]:
        """A word of the modem."""

    def moved(self, state: State) -> None:
        """The line stands elsewhere."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a line is used."""

    country: str = "DE"
    dialling: Dialling = field(default_factory=Dialling)
    blind: bool = False
    """Dial without waiting for a dial tone."""
    dial_tone_s: float = 5.0
    rest_s: float = 2.0
    """At least so long on-hook between two calls, so that the exchange sees the end of the first."""
    flash_ms: int = 100


class Engine:
    """Not thread-safe: one caller. ``tell`` is called from inside ``feed``, ``turn`` and the commands."""

    def __init__(self, settings: Settings, tell: Callable[[Event], None]) -> None:
        self.state = State.GONE
        self.identity: Identity | None = None
        self.counters = Counters()
        """Of the latest call."""
        self.reset_wanted = False
        """The modem did not come back: drop DTR, then call ``opened`` again."""
        self._settings = settings
        self._tell = tell
        self._now = 0.0
        self._out = bytearray()
        self._talk = Conversation(self._out.extend, self._done, self._refused)
        self._state_by = float("inf")
        self._failed = Fault("line_no_modem", "")
        self._rings = 0
        self._rang_at = self._hung_up_at = self._heard_at = float("-inf")
        self._key, self._key_at = "", float("-inf")
        self._stream: Stream | None = None
        self._calling = False
        self._digits = ""
        self._listener: Listener | None = None
        self._sound: Sound = Nobody()
        self._outcome, self._text = Outcome.HUNG_UP, ""
        self._measure = False

    @staticmethod
    def check(digits: str) -> None:
        """Raises ``ValueError`` for what cannot be dialled."""
        if not _DIAL_STRING.fullmatch(digits):
            raise ValueError(f"not a dial string: {digits!r}")

    # -- commands --------------------------------------------------------------------------------------------

    def opened(self, now: float) -> None:
        """The port is open (again)."""
        self._now, self.reset_wanted = now, False
        if self.state is State.STARTING:
            self._do(Do.START)
        self._input(Input.OPENED)

    def unplugged(self, now: float) -> None:
        """The port is gone."""
        self._now = now
        self._input(Input.UNPLUGGED)

    def dial(
        self, digits: str, listener: Listener, sound: Sound, now: float, *, measure: bool = False
    ) -> None:
        """Call ``digits``; ends with ``Ended`` in every case. Raises ``ValueError`` for what cannot be dialled.

        ``measure``: with ``Volts`` on the way, where the modem can tell.
        """
        self.check(digits)
        self._now = now
        self._measure = measure
        if self._calling or step(self.state, Input.DIAL) is None:
            nobody = self.state in (State.GONE, State.STARTING)
            self._tell(Ended(Outcome.LINE_GONE if nobody else Outcome.IN_USE))
        elif self.identity is not None and not self.identity.duplex:
            self._tell(Ended(Outcome.HALF_DUPLEX, f"{self.identity.profile} cannot speak and hear at once"))
        else:
            self._digits, self._listener, self._sound = digits, listener, sound
            self._outcome, self._text = Outcome.HUNG_UP, ""
            self._input(Input.DIAL)

    def answer(self, listener: Listener, sound: Sound, now: float) -> None:
        """Take the call that rings: ``Answered`` once it is up, and ``Ended`` in every case."""
        self._now = now
        if self._calling or step(self.state, Input.ANSWER) is None:
            self._tell(Ended(Outcome.FAR_END, "nobody rings any more"))
        elif self.identity is not None and not self.identity.duplex:
            self._tell(Ended(Outcome.HALF_DUPLEX, f"{self.identity.profile} cannot speak and hear at once"))
        else:
            self._listener, self._sound = listener, sound
            self._outcome, self._text = Outcome.HUNG_UP, ""
            self._input(Input.ANSWER)

    def flash(self, now: float) -> None:
        """Open the loop for a moment in a call that is up."""
        self._now = now
        self._input(Input.FLASH)

    def hang_up(self, now: float) -> None:
        """End the call, whatever it has come to."""
        self._now = now
        self._end_with(Outcome.HUNG_UP, "")
        self._input(Input.HANG_UP)

    def send_digits(self, digits: str, now: float) -> None:
        """Keys as tones into a call that is up. Raises ``ValueError`` for what are no keys."""
        self.check(digits)
        self._now = now
        if self._stream is not None and self.state in (State.PROGRESS, State.TALKING):
            self._stream.dial(digits)

    def sign(self, sign: Sign, now: float) -> None:
        """Something was noticed by somebody else than the listener."""
        self._now = now
        self._signs((sign,))

    # -- bytes and time --------------------------------------------------------------------------------------

    def feed(self, raw: bytes, now: float) -> None:
        """Bytes from the modem."""
        self._now = now
        for item in self._talk.wire.feed(raw):
            if isinstance(item, bytes):
                self._audio(item)
            elif isinstance(item, int):
                self._word(item)
            else:
                self._answer(item)

    def turn(self, now: float) -> None:
        """Time has passed: deadlines."""
        self._now = now
        self._talk.turn(now)
        if now >= self._state_by:
            self._waited()
        if self.state in _STREAMING and now - self._heard_at >= STALL_S:
            self._end_with(Outcome.STREAM_LOST, "the modem sends no more audio")
            self._input(Input.STALLED)
        if self.state is State.DIALLING and self._stream is not None and not self._stream.dialling:
            self._input(Input.DIGITS_SENT)

    def _waited(self) -> None:
        self._state_by = float("inf")
        if self.state is State.RINGING:
            self._input(Input.QUIET)
        else:
            self._signs((Sign(Input.NO_DIAL_TONE, "the line is silent: no dial tone"),))

    def take(self) -> bytes:
        """Bytes for the modem."""
        if self._stream is not None and self._talk.wire.voice and self.state in _STREAMING:
            self._out += self._stream.take()
        out = bytes(self._out)
        self._out.clear()
        return out

    @property
    def seized(self) -> bool:
        """Whether the line may be off-hook."""
        return self.state not in (State.GONE, State.IDLE, State.RINGING)

    # -- what comes ------------------------------------------------------------------------------------------

    def _audio(self, audio: bytes) -> None:
        self._heard_at = self._now
        if self._stream is None or self.state not in _STREAMING:
            return
        samples = self._stream.hear(audio)
        if self._listener is not None and len(samples):
            self._signs(self._listener.heard(samples))

    def _word(self, code: int) -> None:
        word = meaning(code)
        if word is Word.END:
            return  # the OK after it is the answer
        self._heard_at = self._now
        if word is Word.UNDERRUN and self._stream is not None:
            self._stream.ran_dry()
        elif word is Word.OVERRUN and self._stream is not None:
            self._stream.ran_over()
        elif word is Word.RING:
            self._ring()
        elif word is not None:
            self._hint(word)
        elif key := digit(code):
            if key != self._key or self._now - self._key_at > DIGIT_REPEAT_S:
                self._hint(key)
            self._key, self._key_at = key, self._now

    def _hint(self, word: str) -> None:
        self._tell(Hint(word))
        if self._listener is not None and self.state in _STREAMING:
            self._signs(self._listener.hinted(word))

    def _answer(self, answer: Answer) -> None:
        if isinstance(answer, Result):
            self._talk.result(answer, self._now)
        elif isinstance(answer, Ring):
            self._ring()
        elif isinstance(answer, CallerField):
            self._tell(Caller(answer.name, answer.value))
        elif not is_bell_rhythm(answer):
            self._talk.text(answer)

    def _ring(self) -> None:
        self._rings = self._rings + 1 if self._now - self._rang_at < RING_OVER_S else 1
        self._rang_at = self._now
        if step(self.state, Input.RING) is not None:
            self._end_with(Outcome.GLARE, "somebody was calling in")
            self._input(Input.RING)

    def _signs(self, signs: Iterable[Sign]) -> None:
        for sign in signs:
            if step(self.state, sign.happened) is not None and self.state in _STREAMING:
                self._end_with(self._meaning(sign.happened), sign.text)
                self._input(sign.happened)

    def _meaning(self, happened: Input) -> Outcome:
        if happened is Input.NO_DIAL_TONE or self.state is State.DIAL_TONE:
            return Outcome.NO_DIAL_TONE
        if happened is Input.FAR_END_BUSY and self.state is not State.TALKING:
            return Outcome.BUSY
        return Outcome.FAR_END

    def _end_with(self, outcome: Outcome, text: str) -> None:
        """How the call has ended, if what follows ends it."""
        if self.state is not State.RELEASING:
            self._outcome, self._text = outcome, text

    # -- dialogues -------------------------------------------------------------------------------------------

    def _done(self, identity: Identity | None) -> None:
        self.identity = identity or self.identity
        self._input(Input.DONE)

    def _refused(self, refused: Refused) -> None:
        if isinstance(refused.what, Fault):
            self._failed = refused.what
        else:
            outcome = refused.what
            if outcome is Outcome.NO_CARRIER and self._now - self._rang_at < RING_OVER_S:
                outcome = Outcome.GLARE
            if outcome is Outcome.HALF_DUPLEX and self.identity is not None:
                self.identity = replace(self.identity, duplex=False)
                self._tell(Ready(self.identity))
            self._end_with(outcome, refused.text)
        self._input(Input.REFUSED)

    # -- the table -------------------------------------------------------------------------------------------

    def _input(self, happened: Input) -> None:
        row = step(self.state, happened)
        if row is None:
            return
        before, (self.state, what) = self.state, row
        self._state_by = float("inf")
        if before is not self.state:
            _log.debug("line: %s, %s: %s", before, happened, self.state)
            self._tell(Moved(self.state))
            if self._listener is not None:
                self._listener.moved(self.state)
        self._do(what)

    def _do(self, what: Do) -> None:
        {
            Do.START: self._start,
            Do.READY: self._ready,
            Do.FAIL: lambda: self._tell(Failed(self._failed)),
            Do.SEIZE: self._seize,
            Do.REFUSE_GLARE: lambda: self._tell(Ended(Outcome.GLARE, "somebody is calling in")),
            Do.LISTEN: self._listen,
            Do.DIAL: self._dial,
            Do.TALK: lambda: self._tell(Answered()),
            Do.ANSWER: self._pick_up,
            Do.TAKE: self._take,
            Do.FLASH: self._flash,
            Do.RESUME: self._resume,
            Do.RELEASE: self._release,
            Do.FINISH: self._finish,
            Do.RESET: self._reset,
            Do.RING: self._count_ring,
            Do.LOSE: self._lose,
        }.get(what, lambda: None)()

    def _start(self) -> None:
        self._talk.close()
        self._talk.wire = Wire()
        self._stream = None
        self._out.clear()
        self._talk.begin(set_up(self._settings.country), self._now)

    def _ready(self) -> None:
        assert self.identity is not None
        self._hung_up_at = self._now
        self._tell(Ready(self.identity))

    def _seize(self) -> None:
        assert self.identity is not None
        self._calling = True
        rest_s = self._settings.rest_s - (self._now - self._hung_up_at)
        profile = _profile(self.identity)
        told = (lambda off, volts: self._tell(Volts(off, volts))) if self._measure else None
        dialogue = seize(profile, self.identity.format, self._digits, self._settings.dialling, rest_s, told)
        self._talk.begin(dialogue, self._now)

    def _pick_up(self) -> None:
        assert self.identity is not None
        self._calling = True
        self._talk.begin(pick_up(_profile(self.identity), self.identity.format), self._now)

    def _take(self) -> None:
        assert self.identity is not None
        self._stream = Stream(self.identity.format, self._sound)
        self.counters = self._stream.counters
        self._heard_at = self._now
        self._tell(Answered())

    def _flash(self) -> None:
        dialogue = flash(_profile(self.identity), lambda: self._talk.wire.voice, self._settings.flash_ms)
        self._talk.begin(dialogue, self._now, takes_ok=True)

    def _resume(self) -> None:
        self._heard_at = self._now

    def _listen(self) -> None:
        assert self.identity is not None
        self._stream = Stream(self.identity.format, self._sound)
        self.counters = self._stream.counters
        self._heard_at = self._now
        by_modem = self._settings.dialling.by_modem
        if by_modem:
            self._digits = ""
        if by_modem or self._settings.blind:
            self._input(Input.HEARD_DIAL_TONE)
        else:
            self._state_by = self._now + self._settings.dial_tone_s

    def _dial(self) -> None:
        assert self._stream is not None
        self._stream.dial(self._digits)

    def _release(self) -> None:
        interrupted = self._talk.close()
        dialogue = release(_profile(self.identity), lambda: self._talk.wire.voice, interrupted=interrupted)
        self._talk.begin(dialogue, self._now, takes_ok=True)

    def _finish(self) -> None:
        self._hung_up_at = self._now
        self._over()

    def _reset(self) -> None:
        """It does not come back by words: only DTR is left."""
        self.reset_wanted = True
        self._over()

    def _lose(self) -> None:
        self._talk.close()
        self._out.clear()
        self._outcome, self._text = Outcome.UNPLUGGED, "the modem was unplugged"
        self._over()

    def _over(self) -> None:
        self._stream, self._listener, self._sound = None, None, Nobody()
        if self._calling:
            self._calling = False
            self._tell(Ended(self._outcome, self._text))

    def _count_ring(self) -> None:
        self._state_by = self._now + RING_OVER_S
        self._tell(Rang(self._rings))


def _profile(identity: Identity | None) -> Profile:
    known = {profile.name: profile for profile in PROFILES}
    return known.get(identity.profile, UNKNOWN) if identity else UNKNOWN
