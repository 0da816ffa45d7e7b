"""What the ears hear on real legs: before the answer, after it, and keys pressed in band."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dsp import AmdSettings, Analyser, Event, Tone
from firmware.listen.hearing import hear
from firmware.model import AmdLabel
from firmware.trunks.base import LegAnswered, LegDigit, LegEnded, LegHeard, LegRinging, ListenSettings
from tests.peers.far_ends import RATE_HZ, sipp, tone, ulaw
from tests.peers.house import House
from tests.peers.processes import eventually
from tests.peers.rtp_end import _LINEAR
from tests.peers.rtp_talk import RtpTalk
from tests.unit.dsp.sounds import speech

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


class Tape:
    """The box's own ears, and what they were fed: a witness, not a stand-in."""

    def __init__(self, settings: ListenSettings) -> None:
        amd = AmdSettings(enabled=settings.amd, country=settings.country, digits=True)
        self._ears = Analyser(amd)
        self.fed: list[np.ndarray] = []
        self.events: list[Event] = []
        self.answered_at: int | None = None

    @property
    def samples(self) -> np.ndarray:
        return np.concatenate([np.zeros(0, dtype=np.int16), *self.fed])

    def answered(self) -> None:
        self.answered_at = len(self.samples)
        self._ears.answered()

    def done(self) -> bool:
        return self._ears.done()

    def feed(self, samples: np.ndarray) -> list[Event]:
        self.fed.append(samples.copy())
        events = self._ears.feed(samples)
        self.events += events
        return events


@pytest.fixture
def tapes(house: House, monkeypatch: pytest.MonkeyPatch) -> list[Tape]:
    """One for each leg that is listened to."""
    made: list[Tape] = []

    def judge(settings: ListenSettings) -> Tape:
        made.append(Tape(settings))
        return made[-1]

    monkeypatch.setattr(house.media._ears, "_judge", judge)
    return made


def call_of(audio: np.ndarray) -> np.ndarray:
    """The same samples as the box gets them, through µ-law; the table is G.711's own."""
    return _LINEAR[np.frombuffer(ulaw(audio), dtype=np.uint8)].astype(np.int16)


def starts_at(samples: np.ndarray, threshold: int = 400) -> int:
    """Milliseconds to the first loud sample."""
    return int(np.argmax(np.abs(samples.astype(int)) > threshold)) * 1000 // RATE_HZ


def later(samples: np.ndarray, by_ms: int) -> np.ndarray:
    """The same after so much more silence, or less of it: blocks of 100 ms fall on the sound as they do in a call."""
    more = by_ms * RATE_HZ // 1000
    return samples[-more:] if more < 0 else np.concatenate([np.zeros(more, dtype=np.int16), samples])


def heard_alike(tape: Tape, heard: LegHeard, audio: np.ndarray) -> None:
    """The call's verdict is that of the same file on the command line, give or take one block of 100 ms, where the
    file's sound begins when the call's does; and exactly that of what the box heard."""
    assert tape.answered_at is not None
    again = hear(tape.samples, AmdSettings(digits=True), tape.answered_at / RATE_HZ)
    assert [told.event for told in again.told][: len(tape.events)] == tape.events
    late_ms = starts_at(tape.samples[tape.answered_at :]) - starts_at(call_of(audio))
    offline = hear(later(call_of(audio), late_ms), AmdSettings(digits=True)).word
    ours = hear(tape.samples[tape.answered_at :], AmdSettings(digits=True)).word
    assert offline is not None
    assert ours is not None
    assert (heard.label.value, heard.cause) == (offline.label, offline.cause)
    assert abs(ours.heard_ms - offline.heard_ms) <= 100
    assert heard.at_ms == pytest.approx(ours.heard_ms, abs=100)


INTERCEPTED = np.concatenate(
    [np.zeros(RATE_HZ // 2, dtype=np.int16), SIT, np.zeros(RATE_HZ * 20, dtype=np.int16)]
)


@pytest.mark.req("GEN-016")
@pytest.mark.parametrize("who", ["intercept", "person"])
def test_a_call_is_judged_as_the_same_file_is(
    house: House, tmp_path: Path, tapes: list[Tape], who: str
) -> None:
    hello = np.round(speech("Hello?") * 32767).astype(np.int16)
    audio = {"intercept": INTERCEPTED, "person": np.concatenate([QUIET, hello, *[QUIET] * 80])}[who]
    with sipp("talk", house.trunk(), tmp_path, audio=audio):
        leg = house.dial()
        listen(house, leg)
        heard = house.wait(leg, LegHeard)
        house.hang_up(leg)
    heard_alike(tapes[0], heard, audio)


@pytest.mark.req("GEN-022")
def test_the_beep_of_a_call_is_that_of_the_file(house: House, tmp_path: Path, tapes: list[Tape]) -> None:
    words = np.round(speech("We are not here. Please leave a message.") * 32767).astype(np.int16)
    audio = np.concatenate([QUIET, words, QUIET, tone(0.4, 880), *[QUIET] * 40])
    with sipp("talk", house.trunk(), tmp_path, audio=audio):
        leg = house.dial()
        listen(house, leg)
        eventually(lambda: any(isinstance(e, Tone) for tape in tapes for e in tape.events), 15.0, "the beep")
        house.hang_up(leg)
    tape = tapes[0]
    assert tape.answered_at is not None
    [beep_ms] = [event.at_ms for event in tape.events if isinstance(event, Tone) and event.kind == "beep"]
    offline_ms = hear(call_of(audio), AmdSettings(digits=True)).beep_ms
    assert offline_ms is not None
    late_ms = starts_at(tape.samples[tape.answered_at :]) - starts_at(call_of(audio))
    assert abs(beep_ms - late_ms - offline_ms) <= 100


@pytest.mark.req("GEN-016")
@pytest.mark.parametrize("seed", [1, 2])
def test_lost_packets_silence_not_sent_and_a_late_start_change_nothing(
    house: House, tmp_path: Path, tapes: list[Tape], seed: int
) -> None:
    """2 % of the packets lost, none sent while the line is silent, the first one 0.3 s late."""
    talk = RtpTalk(INTERCEPTED, loss=0.02, dtx=True, late_s=0.3, seed=seed)
    try:
        with sipp("talk_rtp", house.trunk(), tmp_path, keys={"rtp": str(talk.port)}):
            leg = house.dial()
            listen(house, leg)
            heard = house.wait(leg, LegHeard)
            house.hang_up(leg)
    finally:
        talk.close()
    assert not talk.sent.all()
    heard_alike(tapes[0], heard, INTERCEPTED)
