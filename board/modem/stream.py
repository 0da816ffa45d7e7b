"""The audio of one call: bytes from the modem become samples heard, and for every sample heard one is said.

The modem's sample clock is the only one: nothing is sent but in answer to what came, after a short start that keeps the
modem's own buffer from running dry. When it says that it ran dry, one frame more is sent, up to a limit, for every
frame is delay; when it says that it has too much, one frame less. After a standstill of ours so much comes at once that
the modem must have run dry; what it has missed is not sent any more: it would wait in the modem for the rest of the
call. Leaves shielding to ``dle``, the state of the call to the engine.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from board.modem.companding import Samples, codec
from board.modem.dle import shield
from board.modem.formats import Format
from board.modem.sounds import Sound
from board.modem.tones import dial_sounds

FRAME_SAMPLES = 160
PREFILL_SAMPLES = 400
"""50 ms."""
MOST_EXTRA = 4 * FRAME_SAMPLES


@dataclass(slots=True)
class Counters:
    """Since the stream began, in samples; ``underruns`` and ``overruns`` are words of the modem."""

    heard: int = 0
    said: int = 0
    silent: int = 0
    """Said as silence because nobody had anything to say in time."""
    unheard: int = 0
    """Heard, but there was no room where it was to go."""
    underruns: int = 0
    overruns: int = 0


class Stream:
    """One call's audio. ``take`` gives the bytes that are due."""

    def __init__(self, form: Format, sound: Sound) -> None:
        self.counters = Counters()
        self._codec = codec(form.encoding)
        self._sound = sound
        self._half = b""
        """The first byte of a 16-bit sample whose second one has not come."""
        self._tones: deque[Samples] = deque()
        self._extra = 0
        """Sent beyond what was heard, because the modem had run dry."""
        self._due = 0
        """Samples owed to the modem."""
        self._out = bytearray()
        self._put(np.zeros(PREFILL_SAMPLES, np.int16))

    def hear(self, audio: bytes) -> Samples:
        """Audio bytes as they came; what they sound like."""
        raw = self._half + audio
        whole = len(raw) - len(raw) % self._codec.width
        raw, self._half = raw[:whole], raw[whole:]
        samples = self._codec.decode(raw)
        self.counters.heard += len(samples)
        self.counters.unheard += len(samples) - self._sound.write(samples.tobytes())
        kept = PREFILL_SAMPLES + self._extra
        self._due += kept if len(samples) > kept + FRAME_SAMPLES else len(samples)
        self._say(self._due)
        return samples

    def ran_dry(self) -> None:
        """The modem had nothing to play: send a frame more."""
        self.counters.underruns += 1
        if self._extra < MOST_EXTRA:
            self._extra += FRAME_SAMPLES
            self._due += FRAME_SAMPLES
            self._say(self._due)

    def ran_over(self) -> None:
        """The modem had no room: send a frame less."""
        self.counters.overruns += 1
        self._extra = max(0, self._extra - FRAME_SAMPLES)
        self._due -= FRAME_SAMPLES

    def dial(self, digits: str) -> None:
        """Say these keys next, instead of what there is to say."""
        sounds = dial_sounds(digits)
        if len(sounds):
            self._tones.append(sounds)

    @property
    def dialling(self) -> bool:
        """Whether keys are still to be said."""
        return bool(self._tones)

    def take(self) -> bytes:
        """Shielded bytes that are due to the modem."""
        out, self._out = bytes(self._out), bytearray()
        return out

    def _say(self, count: int) -> None:
        if count <= 0:
            return
        self._due -= count
        spoken = np.frombuffer(self._sound.read(count), dtype=np.int16)
        while count and self._tones:  # what people say meanwhile is not kept for later
            piece, spoken = self._tones[0][:count], spoken[len(self._tones[0][:count]) :]
            self._put(piece)
            count -= len(piece)
            self._tones[0] = self._tones[0][len(piece) :]
            if not len(self._tones[0]):
                self._tones.popleft()
        spoken = spoken[:count]
        self._put(spoken)
        self.counters.silent += count - len(spoken)
        self._put(np.zeros(count - len(spoken), np.int16))

    def _put(self, samples: Samples) -> None:
        self.counters.said += len(samples)
        self._out += shield(self._codec.encode(samples))
