"""What the ears hear on real legs: before the answer, after it, and keys pressed in band."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from firmware.model import AmdLabel
from firmware.trunks.base import LegAnswered, LegDigit, LegEnded, LegHeard, LegRinging, ListenSettings
from tests.peers.far_ends import RATE_HZ, sipp, tone
from tests.peers.house import House

pytestmark = pytest.mark.peers
QUIET = np.zeros(RATE_HZ // 4, dtype=np.int16)
SIT = np.concatenate([tone(0.33, 950), tone(0.33, 1400), tone(0.33, 1800), np.zeros(8000, dtype=np.int16)])
BUSY = np.concatenate([np.concatenate([tone(0.48, 425), np.zeros(3840, dtype=np.int16)])] * 10)


def listen(house: House, leg: object, **settings: object) -> None:
    house.do(lambda: house.media.listen(leg, ListenSettings(**settings)))  # type: ignore[arg-type]


def test_network_tones_before_the_answer_are_heard_at_once(house: House, tmp_path: Path) -> None:
    with sipp(
        "early_reject", house.trunk(), tmp_path, keys={"status": "404 Not Found", "cause": "1"}, audio=SIT
    ):
        leg = house.dial()
        listen(house, leg)
        heard = house.wait(leg, LegHeard)
        assert (heard.label, heard.cause, heard.at_ms) == (AmdLabel.INTERCEPT, "intercept_tones", 0)
        house.wait(leg, LegEnded)
    assert [type(e) for e in house.of(leg)] == [LegRinging, LegHeard, LegEnded]


def test_a_busy_tone_after_the_answer(house: House, tmp_path: Path) -> None:
    with sipp("talk", house.trunk(), tmp_path, audio=BUSY):
        leg = house.dial()
        listen(house, leg, amd=False)
        heard = house.wait(leg, LegHeard)
        assert (heard.label, heard.cause) == (AmdLabel.INTERCEPT, "busy_tone")
        assert 500 < heard.at_ms < 6000
        house.hang_up(leg)


def test_silence_is_judged_once(house: House, tmp_path: Path) -> None:
    with sipp("talk", house.trunk(), tmp_path, audio=np.zeros(RATE_HZ, dtype=np.int16)):
        leg = house.dial()
        listen(house, leg)
        answered = house.wait(leg, LegAnswered)
        heard = house.wait(leg, LegHeard)
        assert heard.label == AmdLabel.SILENCE
        passed_ms = (house.at(heard) - house.at(answered)) * 1000
        assert heard.at_ms == pytest.approx(passed_ms, abs=400)
        house.hang_up(leg)
    assert len([e for e in house.of(leg) if isinstance(e, LegHeard)]) == 1


def test_listening_may_begin_after_the_answer(house: House, tmp_path: Path) -> None:
    with sipp("talk", house.trunk(), tmp_path, audio=np.zeros(RATE_HZ, dtype=np.int16)):
        leg = house.dial()
        answered = house.wait(leg, LegAnswered)
        listen(house, leg)
        heard = house.wait(leg, LegHeard)
        assert heard.label == AmdLabel.SILENCE
        assert heard.at_ms == pytest.approx((house.at(heard) - house.at(answered)) * 1000, abs=400)
        house.hang_up(leg)


def test_nobody_listens_any_more(house: House, tmp_path: Path) -> None:
    with sipp("talk", house.trunk(), tmp_path, audio=BUSY):
        leg = house.dial()
        listen(house, leg)
        house.wait(leg, LegAnswered)
        house.do(lambda: house.media.stop_listening(leg))
        with pytest.raises(AssertionError, match="no LegHeard"):
            house.wait(leg, LegHeard, 4.0)
        house.hang_up(leg)


def test_keys_in_band(house: House, tmp_path: Path) -> None:
    one, nine = (tone(0.1, 697, 0.12) + tone(0.1, 1209, 0.12)), (tone(0.1, 852, 0.12) + tone(0.1, 1477, 0.12))
    keys = np.concatenate([QUIET, one, QUIET, nine, QUIET, one] + [QUIET] * 40)
    with sipp("talk", house.trunk(), tmp_path, audio=keys):
        leg = house.dial()
        listen(house, leg, amd=False)
        house.wait(leg, LegDigit, nth=3)
        house.hang_up(leg)
    assert [e.digit for e in house.of(leg) if isinstance(e, LegDigit)] == ["1", "9", "1"]


def test_the_ears_forget_a_leg_that_never_had_audio(house: House, tmp_path: Path) -> None:
    with sipp("reject", house.trunk(), tmp_path, keys={"status": "486 Busy Here", "cause": "17"}):
        leg = house.dial()
        listen(house, leg)
        house.wait(leg, LegEnded)
    house.nothing_left()
