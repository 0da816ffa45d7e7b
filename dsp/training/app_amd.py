"""The yardstick: how Asterisk's app_amd (version 22, default settings) would judge the same audio.

Written anew from that program's documented behaviour: 20 ms frames, silence below a mean amplitude of 256,
words counted when voice follows a pause, a greeting ends with 800 ms of silence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dsp.frames import Samples

_FRAME = 160
_FRAME_MS = 20


@dataclass(frozen=True, slots=True)
class AmdConf:
    """The values of amd.conf, in milliseconds (amplitude for the threshold)."""

    initial_silence: int = 2500
    greeting: int = 1500
    after_greeting_silence: int = 800
    total: int = 5000
    min_word: int = 100
    between_words: int = 50
    max_words: int = 2
    threshold: int = 256
    max_word: int = 5000


def judge(samples: Samples, conf: AmdConf | None = None) -> tuple[str, int]:
    """``human``, ``machine`` or ``unsure`` and the milliseconds it took; ``samples`` start at the answer."""
    state = _State(conf or AmdConf())
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    loud = np.abs(frames.astype(np.int32)).mean(axis=1) >= state.conf.threshold
    for number, voice in enumerate(loud.tolist(), start=1):
        if number * _FRAME_MS >= state.conf.total:
            return "unsure", number * _FRAME_MS
        if verdict := state.voice() if voice else state.silence():
            return verdict, number * _FRAME_MS
    return "unsure", len(loud) * _FRAME_MS


class _State:
    def __init__(self, conf: AmdConf) -> None:
        self.conf = conf
        self.quiet_ms = self.word_ms = self.voice_ms = self.words = 0
        self.in_word = True
        self.greeting = False

    def silence(self) -> str:
        self.quiet_ms += _FRAME_MS
        if self.quiet_ms >= self.conf.between_words:
            self.in_word = False
            self.word_ms = 0
        if not self.greeting and self.quiet_ms >= self.conf.initial_silence:
            return "machine"
        return "human" if self.greeting and self.quiet_ms >= self.conf.after_greeting_silence else ""

    def voice(self) -> str:
        self.quiet_ms = 0
        self.word_ms += _FRAME_MS
        self.voice_ms += _FRAME_MS
        if self.word_ms >= self.conf.min_word and not self.in_word:
            self.words += 1
            self.in_word = True
        too_long = self.word_ms >= self.conf.max_word or (
            self.greeting and self.voice_ms >= self.conf.greeting
        )
        self.greeting = self.greeting or self.word_ms >= self.conf.min_word
        return "machine" if too_long or self.words > self.conf.max_words else ""
