"""The far end while it talks: what it says, when it goes, what its answer costs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from board.sim.line.far_end import FarEnd, Talker
from board.sim.line.port import FRAME_MS, FRAME_SAMPLES, Samples

Floats = NDArray[np.float32]


class Script:
    """A talker that says its piece, whatever it hears."""

    def __init__(self, voice: Samples, after_ms: int, *, repeats: bool) -> None:
        self._voice = voice
        self._at = -after_ms * FRAME_SAMPLES // FRAME_MS
        self._repeats = repeats

    @property
    def over(self) -> bool:
        """All is said."""
        return not self._repeats and self._at >= len(self._voice)

    def frame(self, _heard: Samples) -> Samples:
        """The next 20 ms."""
        at = np.arange(self._at, self._at + FRAME_SAMPLES)
        self._at += FRAME_SAMPLES
        if self._repeats and len(self._voice):
            said = self._voice[at % len(self._voice)]
        else:
            said = self._voice[np.clip(at, 0, len(self._voice) - 1)] if len(self._voice) else 0 * at
        spoken = (at >= 0) & (self._repeats | (at < len(self._voice)))
        return np.asarray(np.where(spoken, said, 0), np.int16)


class Party:
    """One party of one conversation."""

    def __init__(self, far: FarEnd) -> None:
        self._far = far
        voice = far.voice if far.voice is not None else np.zeros(0, np.int16)
        self._script = Script(voice, far.voice_after_ms, repeats=far.voice_repeats)
        self._talker: Talker = far.talker() if far.talker else self._script
        self.spoken: Floats = np.zeros(FRAME_SAMPLES, np.float32)
        """What it says in the coming frame."""

    def frame(self, heard: Samples) -> None:
        """Hear 20 ms and prepare the next."""
        self.spoken = self._talker.frame(heard).astype(np.float32)

    def metering(self, since_ms: int) -> int:
        """Pulses that fall into the frame that begins so long after the answer."""
        every = self._far.metering_ms
        if not every:
            return 0
        return (since_ms + FRAME_MS - 1) // every - (since_ms - 1) // every

    def leaves(self, since_ms: int) -> bool:
        """Whether it hangs up now."""
        far = self._far
        timed = far.talk_ms is not None and since_ms >= far.talk_ms
        return timed or (far.hangs_up_after_voice and self._script.over)
