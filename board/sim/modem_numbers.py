"""Who answers on the simulated analog network: far ends by the last three digits, as on the SIP side (`behaviours`)."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np

from board.sim import tones
from board.sim.g711 import Samples
from board.sim.line import FarEnd, HangUp
from board.sim.line.far_end import Outcome
from board.sim.voices import Kind, Voices, read_audio

_COMPLETE = 10
"""Digits a number has at least; shorter ones may be a beginning."""
_PAUSE = np.zeros(2400, np.int16)


def far_ends(voices: Voices, country: str, rng: random.Random) -> dict[str, FarEnd]:
    """What each ending of three digits does."""
    language = tones.LANGUAGES.get(country, "en")

    def spoken(kind: Kind) -> Samples:
        return read_audio(voices.choose(kind, language, rng).path)

    hello, greeting = spoken(Kind.HELLO), spoken(Kind.GREETING)
    message = np.concatenate((greeting, _PAUSE, tones.beep(1000, 0.3).samples))
    talk = np.concatenate((hello, np.zeros(16_000, np.int16), spoken(Kind.TALK)))
    return {
        "000": FarEnd(rings=2, voice=talk, talk_ms=15_000),
        "001": FarEnd(rings=2, voice=talk),
        "002": FarEnd(rings=2, voice=message, talk_ms=round(len(message) / 8) + 8000),
        "004": FarEnd(outcome=Outcome.BUSY),
        "005": FarEnd(outcome=Outcome.NO_ANSWER),
        "006": FarEnd(outcome=Outcome.SIT),
        "012": FarEnd(outcome=Outcome.CONGESTION),
        "013": FarEnd(rings=1, talk_ms=500, hang_up=HangUp.CPC),
        "014": FarEnd(rings=2, talk_ms=20_000),
    }


def number_plan(ends: dict[str, FarEnd]) -> Callable[[str], FarEnd | None]:
    """Who has a number; None while it may go on."""
    return lambda digits: ends.get(digits[-3:]) if len(digits) >= _COMPLETE else None
