"""Takes our own voice off the line: what we say comes back from the line's hybrid, and agents would hear themselves.

Stands between the line and its port on the bridge. What was said is kept in step with what is heard, sample by sample;
the distance between the two (the modem's buffers, our start of 50 ms) is within the canceller's tail and is learnt. The
ear of the call hears the line as the agent does. Without the library the line works on, with its echo.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import cache

import numpy as np

from board.modem.companding import Samples
from board.modem.engine import Sign
from board.modem.sounds import Sound
from board.modem.table import State
from dsp.echo import FRAME, EchoCanceller, EchoError
from firmware.trunks._modem_signs import LineListener

_log = logging.getLogger(__name__)
_TAIL_MS = 256
_NONE = np.zeros(0, np.int16)


class CleanSound:
    """A ``Sound`` in front of another one. Used in the thread of its line."""

    def __init__(self, behind: Sound) -> None:
        self.heard = _NONE
        """What the latest ``write`` has passed on."""
        self._behind = behind
        self._canceller = _canceller()
        self._raw = _NONE
        self._said = np.zeros(FRAME, np.int16)

    def write(self, samples: bytes) -> int:
        """Heard on the line; whole frames of it are cleaned and passed on, the rest waits."""
        raw = np.frombuffer(samples, dtype=np.int16)
        self.heard = raw if self._canceller is None else self._cleaned(raw, self._canceller)
        lost = len(self.heard) - self._behind.write(self.heard.tobytes())
        return len(raw) - lost

    def read(self, max_samples: int) -> bytes:
        """To be said on the line."""
        block = self._behind.read(max_samples)
        if self._canceller is not None:
            silence = np.zeros(max_samples - len(block) // 2, np.int16)
            self._said = np.concatenate((self._said, np.frombuffer(block, dtype=np.int16), silence))
        return block

    def _cleaned(self, raw: Samples, canceller: EchoCanceller) -> Samples:
        self._raw = np.concatenate((self._raw, raw))
        frames = [self._frame(canceller) for _ in range(len(self._raw) // FRAME)]
        return np.concatenate(frames) if frames else _NONE

    def _frame(self, canceller: EchoCanceller) -> Samples:
        heard, self._raw = self._raw[:FRAME], self._raw[FRAME:]
        said, self._said = self._said[:FRAME], self._said[FRAME:]
        if len(said) < FRAME:
            said = np.concatenate((said, np.zeros(FRAME - len(said), np.int16)))
        return canceller.cancel(heard, said)


class CleanEar:
    """The call's ear behind the canceller: it hears what ``sound`` passed on just before."""

    def __init__(self, ear: LineListener, sound: CleanSound) -> None:
        self._ear = ear
        self._sound = sound

    def heard(self, samples: Samples) -> Iterator[Sign]:
        """Sound of the line, without ours in it."""
        del samples
        return self._ear.heard(self._sound.heard)

    def hinted(self, word: str) -> Iterator[Sign]:
        """A word of the modem."""
        return self._ear.hinted(word)

    def moved(self, state: State) -> None:
        """The line stands elsewhere."""
        self._ear.moved(state)


def _canceller() -> EchoCanceller | None:
    return EchoCanceller(_TAIL_MS) if _have_library() else None


@cache
def _have_library() -> bool:
    try:
        EchoCanceller().close()
    except EchoError as error:
        _log.warning("lines: no echo cancelling: %s", error)
        return False
    return True
