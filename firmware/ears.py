"""Thread ``ears``: drains the rings of legs, lets ``dsp`` judge what was heard, hands recorded audio to the recorder.

Legs under judgement are heard every 20 ms, legs only recorded five times a second, all others not at all. Commands come
from the SIP thread in order. Leaves connecting and dropping rings to that thread, files to ``recorder``.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, cast

import numpy as np

from dsp import AmdModel, AmdSettings, Analyser, Digit, Event, Flip, GreetingEnd, SpokeAgain, Verdict
from dsp.amd import Sensitivity
from firmware.clock import Clock
from firmware.feedback.kept import Keeping
from firmware.model import AmdLabel, LegId
from firmware.recorder import Recorder, Recording
from firmware.trunks.base import (
    LegCorrected,
    LegDigit,
    LegEvent,
    LegGreetingEnd,
    LegHeard,
    LegSpoke,
    ListenSettings,
)

_log = logging.getLogger(__name__)
_LISTEN_EVERY_S = 0.02
_RECORD_EVERY_S = 0.2
_ALL = 1 << 20
_SAMPLES_PER_MS = 8
_TAIL_BYTES = 2 * 8000
_LAG_SAMPLES = 1600
"""One channel of a recording may be this far behind the other before silence stands in for it."""
TONE_WORDS = {
    "sit": (AmdLabel.INTERCEPT, "intercept_tones"),
    "busy": (AmdLabel.INTERCEPT, "busy_tone"),
    "congestion": (AmdLabel.INTERCEPT, "congestion_tone"),
    "ced": (AmdLabel.FAX, "fax_tone"),
    "cng": (AmdLabel.FAX, "fax_tone"),
    "modem": (AmdLabel.FAX, "fax_tone"),
}
"""What a tone means where ``dsp`` itself gives no verdict: before the answer, and with detection of machines off."""


class Ring(Protocol):
    """The hearing half of ``pjsua2.AudioRing``."""

    def read(self, max_samples: int) -> bytes:
        """What has been heard since the last time."""

    def dropped(self) -> int:
        """Samples lost so far because nobody read in time; they came after those still to be read."""


class Watch(Protocol):
    """``trunks._sip_gateway.GatewayEar``."""

    def hear(self, samples: np.ndarray[tuple[int], np.dtype[np.int16]]) -> Sequence[object]:
        """What became certain with these samples."""


class Judge(Protocol):
    """``dsp.Analyser``."""

    def answered(self) -> None:
        """The far end accepted."""

    def feed(self, samples: np.ndarray[tuple[int], np.dtype[np.int16]]) -> list[Event]:
        """What became certain with these samples."""

    def done(self) -> bool:
        """Whether nothing but tones and keys can come any more."""


def _later(leg: LegId, event: Flip | GreetingEnd | SpokeAgain, at_ms: int) -> LegEvent:
    """What the ears learn after the verdict, as an event of the leg."""
    if isinstance(event, SpokeAgain):
        return LegSpoke(leg, at_ms)
    if isinstance(event, GreetingEnd):
        return LegGreetingEnd(leg, event.cause, at_ms)
    now = event.verdict
    return LegCorrected(leg, AmdLabel(now.label.value), now.confidence, now.cause, now.figures, at_ms)


def judge_of(settings: ListenSettings) -> Judge:
    """The ears the box ships with. Raises ``dsp.ModelError``."""
    amd = AmdSettings(
        enabled=settings.amd,
        country=settings.country,
        sensitivity=cast(Sensitivity, settings.sensitivity),
        digits=True,
    )
    return Keeping(amd, AmdModel.default(), machine=settings.machine) if settings.amd else Analyser(amd)


@dataclass(slots=True)
class _Ear:
    """One leg. Times are the monotonic clock's."""

    ring: Ring | None = None
    lost: int = 0
    answered_at: float | None = None
    judge: Judge | None = None
    keys: bool = False
    base_ms: int = 0
    heard: bool = False
    keyed: bool = False
    tape: list[bytes] | None = None
    watch: Watch | None = None
    signs: Callable[[object], None] = lambda _: None
    tail: bytes = b""
    """The last a watch has heard: an answer is known once somebody has begun to speak, and the judge hears that too."""


@dataclass(slots=True)
class _Pair:
    """A recording and the two legs it takes from."""

    agent: LegId
    recording: Recording
    left: bytearray = field(default_factory=bytearray)
    right: bytearray = field(default_factory=bytearray)


class Ears:
    """Owns the thread. Every method may be called from any one thread; it returns at once."""

    def __init__(
        self,
        recorder: Recorder,
        clock: Clock,
        emit: Callable[[LegEvent], None],
        judge: Callable[[ListenSettings], Judge] = judge_of,
    ) -> None:
        self._recorder = recorder
        self._clock = clock
        self._emit = emit
        self._judge = judge
        self._ears: dict[LegId, _Ear] = {}
        self._pairs: dict[LegId, _Pair] = {}
        self._commands: deque[Callable[[], None]] = deque()
        self._wake = threading.Event()
        self._stopping = False
        self._recorded_at = 0.0
        self._thread = threading.Thread(target=self._run, name="ears", daemon=True)
        self.faults = 0
        """Analysers that failed; each cost its leg the verdict."""
        self.beat_at = clock.monotonic()

    def start(self) -> None:
        """Load the model, then begin. Raises ``dsp.ModelError``."""
        self._judge(ListenSettings())
        self._thread.start()

    def stop(self) -> None:
        """Close all recordings and end."""
        self._stopping = True
        self._wake.set()
        self._thread.join()

    def attach(self, leg: LegId, ring: Ring) -> None:
        """``leg`` has audio."""
        self._do(lambda: self._attach(leg, ring))

    def answered(self, leg: LegId) -> None:
        """``leg`` was answered: what was heard so far was early media."""
        self._do(lambda: self._answered(leg))

    def detach(self, leg: LegId, released: Callable[[], None]) -> None:
        """``leg`` has ended; ``released`` is called in our thread once its ring is not used any more."""
        self._do(lambda: self._detach(leg, released))

    def watch(self, leg: LegId, watch: Watch, signs: Callable[[object], None]) -> None:
        """Let ``watch`` hear this leg from now on until it ends; ``signs`` is told in our thread."""
        self._do(lambda: self._watch(leg, watch, signs))

    def listen(self, leg: LegId, settings: ListenSettings) -> None:
        """Judge this leg from now on, or from its first audio."""
        self._do(lambda: self._listen(leg, settings))

    def stop_listening(self, leg: LegId) -> None:
        """Judge it no more."""
        self._do(lambda: self._stop_listening(leg))

    def keyed(self, leg: LegId) -> None:
        """``leg`` sends its keys as events, so tones of keys are echoes of those."""
        self._do(lambda: setattr(self._ear(leg), "keyed", True))

    def record(self, customer: LegId, agent: LegId, path: Path) -> None:
        """Write both legs into a file, from now on; a file of the same customer under way is closed."""
        self._do(lambda: self._record(customer, agent, path))

    def stop_recording(self, customer: LegId) -> None:
        """Close it."""
        self._do(lambda: self._close(customer))

    def _do(self, command: Callable[[], None]) -> None:
        self._commands.append(command)
        self._wake.set()

    # In our thread.

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait(self._rest_s())
            self._wake.clear()
            self._turn()
        for customer in list(self._pairs):
            self._close(customer)

    def _rest_s(self) -> float | None:
        if any(ear.judge is not None or ear.watch is not None for ear in self._ears.values()):
            return _LISTEN_EVERY_S
        return _RECORD_EVERY_S if self._pairs else None

    def _turn(self) -> None:
        while self._commands:
            command = self._commands.popleft()
            try:
                command()
            except Exception:  # noqa: BLE001 - the thread must live
                self.faults += 1
                _log.exception("ears: a command failed")
        now = self.beat_at = self._clock.monotonic()
        record = bool(self._pairs) and now - self._recorded_at >= _RECORD_EVERY_S
        for leg, ear in self._ears.items():
            if ear.judge is not None or ear.watch is not None or (record and ear.tape is not None):
                self._hear(leg, ear)
        if record:
            self._recorded_at = now
            for customer, pair in self._pairs.items():
                self._lay_down(customer, pair)

    def _ear(self, leg: LegId) -> _Ear:
        return self._ears.setdefault(leg, _Ear())

    def _attach(self, leg: LegId, ring: Ring) -> None:
        self._ear(leg).ring = ring

    def _watch(self, leg: LegId, watch: Watch, signs: Callable[[object], None]) -> None:
        ear = self._ear(leg)
        ear.watch, ear.signs = watch, signs

    def _answered(self, leg: LegId) -> None:
        ear = self._ear(leg)
        self._hear(leg, ear)
        ear.answered_at = self._clock.monotonic()
        if ear.judge is not None:
            ear.judge.answered()

    def _detach(self, leg: LegId, released: Callable[[], None]) -> None:
        for customer in [c for c, pair in self._pairs.items() if leg in (c, pair.agent)]:
            self._close(customer)
        ear = self._ears.pop(leg, None)
        if ear is not None:
            ear.ring = None
        released()

    def _listen(self, leg: LegId, settings: ListenSettings) -> None:
        """Audio that came between the answer and now is still in the ring, and is judged with the rest."""
        ear = self._ear(leg)
        judge = self._judge(settings)
        if ear.answered_at is None:
            self._hear(leg, ear)
        else:
            judge.answered()
        ear.judge, ear.heard, ear.keys = judge, settings.machine, settings.keys
        since_ms = 0.0 if ear.answered_at is None else (self._clock.monotonic() - ear.answered_at) * 1000
        ear.base_ms = max(0, round(since_ms) - self._hear(leg, ear) // _SAMPLES_PER_MS)

    def _stop_listening(self, leg: LegId) -> None:
        self._ear(leg).judge = None

    def _record(self, customer: LegId, agent: LegId, path: Path) -> None:
        self._close(customer)
        for leg in (customer, agent):
            ear = self._ear(leg)
            self._hear(leg, ear)
            ear.tape = []
        self._pairs[customer] = _Pair(agent, self._recorder.open(path))

    def _close(self, customer: LegId) -> None:
        pair = self._pairs.pop(customer, None)
        if pair is None:
            return
        for leg in (customer, pair.agent):
            self._hear(leg, self._ear(leg))
        self._lay_down(customer, pair, level=True)
        for leg in (customer, pair.agent):
            self._ear(leg).tape = None
        pair.recording.close()

    def _hear(self, leg: LegId, ear: _Ear) -> int:
        """Empty the ring; the number of samples. What the ring had to drop becomes silence."""
        if ear.ring is None:
            return 0
        heard = ear.ring.read(_ALL)
        dropped = ear.ring.dropped()
        if dropped != ear.lost:
            heard += bytes(2 * (dropped - ear.lost))
            ear.lost = dropped
        if ear.tape is not None:
            ear.tape.append(heard)
        if ear.watch is not None and heard:
            self._watched(leg, ear, ear.watch, heard)
        if ear.judge is not None and heard:
            heard, ear.tail = ear.tail + heard, b""
            self._judged(leg, ear, ear.judge, heard)
        return len(heard) // 2

    def _watched(self, leg: LegId, ear: _Ear, watch: Watch, heard: bytes) -> None:
        if ear.judge is None:
            ear.tail = (ear.tail + heard)[-_TAIL_BYTES:]
        try:
            signs = watch.hear(np.frombuffer(heard, dtype=np.int16))
        except Exception:  # noqa: BLE001 - one leg loses its supervision, the others keep theirs
            self.faults += 1
            _log.exception("leg=%s the line's ears failed", leg)
            ear.watch = None
            return
        for sign in signs:
            ear.signs(sign)

    def _judged(self, leg: LegId, ear: _Ear, judge: Judge, heard: bytes) -> None:
        try:
            events = judge.feed(np.frombuffer(heard, dtype=np.int16))
        except Exception:  # noqa: BLE001 - one leg loses its verdict, the others keep theirs
            self.faults += 1
            _log.exception("leg=%s the ears failed", leg)
            ear.judge = None
            self._say(leg, ear, AmdLabel.UNSURE, 0.0, "ears_failed", {}, 0)
            return
        for event in events:
            self._tell(leg, ear, event)
        if not ear.keys and judge.done():
            ear.judge = None  # ears cost as long as they listen

    def _tell(self, leg: LegId, ear: _Ear, event: Event) -> None:
        if isinstance(event, Digit):
            if not ear.keyed:
                self._emit(LegDigit(leg, event.digit))
        elif isinstance(event, Verdict):
            label = AmdLabel(event.label.value)
            self._say(leg, ear, label, event.confidence, event.cause, event.figures, event.at_ms)
        elif isinstance(event, Flip | GreetingEnd | SpokeAgain):
            self._emit(_later(leg, event, ear.base_ms + event.at_ms))
        elif event.kind in TONE_WORDS:
            label, cause = TONE_WORDS[event.kind]
            at_ms = 0 if ear.answered_at is None else max(0, event.at_ms)
            self._say(leg, ear, label, 1.0, cause, {"at_s": at_ms / 1000}, at_ms)

    def _say(
        self, leg: LegId, ear: _Ear, label: AmdLabel, confidence: float, cause: str,
        figures: Mapping[str, float], at_ms: int,
    ) -> None:  # fmt: skip
        """One word per ``listen``."""
        if not ear.heard:
            ear.heard = True
            after_ms = 0 if ear.answered_at is None else ear.base_ms + at_ms
            self._emit(LegHeard(leg, label, confidence, cause, figures, after_ms))

    def _lay_down(self, customer: LegId, pair: _Pair, *, level: bool = False) -> None:
        """Hand over what both channels have. The bridge feeds all rings by one clock, so they stay level by
        themselves; a leg without audio gets silence, and at the end (``level``) the shorter one too."""
        for leg, channel in ((customer, pair.left), (pair.agent, pair.right)):
            ear = self._ear(leg)
            channel += b"".join(ear.tape or ())
            if ear.tape:
                ear.tape.clear()
        longest = max(len(pair.left), len(pair.right))
        for channel in (pair.left, pair.right):
            if longest - len(channel) > (0 if level else 2 * _LAG_SAMPLES):
                channel += bytes(longest - len(channel))
        both = min(len(pair.left), len(pair.right))
        if both:
            pair.recording.write(bytes(pair.left[:both]), bytes(pair.right[:both]))
            del pair.left[:both], pair.right[:both]
