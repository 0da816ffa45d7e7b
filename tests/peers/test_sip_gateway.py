"""A gateway to an analog line, played by SIPp: 200 OK at once, then ringback, a voice, busy tone in the audio."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from firmware.model import AnswerConfidence, AnswerMethod, HangupCause
from firmware.trunks.base import LegAnswered, LegEnded, LegRinging
from tests.peers.far_ends import RATE_HZ, sipp, tone
from tests.peers.house import House
from tests.unit.dsp.line_rig import babble

pytestmark = pytest.mark.peers
PATIENCE_S = 60.0


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE_HZ), np.int16)


def beats(on_s: float, off_s: float, count: int) -> np.ndarray:
    """A German tone in its rhythm."""
    return np.concatenate([part for _ in range(count) for part in (tone(on_s, 425.0, 0.2), silence(off_s))])


CALL = np.concatenate((silence(2), beats(1.0, 4.0, 2), babble(3), silence(1), beats(0.48, 0.48, 40)))
BUSY = np.concatenate((silence(3), beats(0.48, 0.48, 60)))


@pytest.fixture
def unsupervised(house: House) -> Iterator[House]:
    """The trunk ``far`` is a gateway whose 200 OK means nothing."""
    legs = house.media._sip.legs
    before = legs.settings
    legs.settings = replace(before, supervision={"far": "none"})
    yield house
    legs.settings = before


def test_the_audio_behind_a_gateway_says_when_it_rings_answers_and_hangs_up(
    unsupervised: House, tmp_path: Path
) -> None:
    with sipp("gateway", unsupervised.trunk(), tmp_path / "call", audio=CALL):
        leg = unsupervised.dial(ring_s=45.0)
        unsupervised.wait(leg, LegRinging, PATIENCE_S)
        answered = unsupervised.wait(leg, LegAnswered, PATIENCE_S)
        assert (answered.method, answered.confidence) == (
            AnswerMethod.VOICE_AFTER_RINGBACK,
            AnswerConfidence.LIKELY,
        )
        ended = unsupervised.wait(leg, LegEnded, PATIENCE_S)
        assert (ended.cause, ended.by_far_end) == (HangupCause.NORMAL, True)


def test_a_busy_tone_behind_a_gateway_is_busy_and_no_answer(unsupervised: House, tmp_path: Path) -> None:
    with sipp("gateway", unsupervised.trunk(), tmp_path / "busy", audio=BUSY):
        leg = unsupervised.dial(ring_s=45.0)
        ended = unsupervised.wait(leg, LegEnded, PATIENCE_S)
        assert (ended.cause, ended.by_far_end) == (HangupCause.BUSY, True)
        assert not [one for one in unsupervised.of(leg) if isinstance(one, LegAnswered)]
