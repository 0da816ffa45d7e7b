"""Every tone by its cadence, at levels, pitches and noise of real lines; and none where there is only speech."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from dsp.countries import CADENCES, Cadence
from dsp.frames import Blocks
from dsp.tones import Digit, Tone, ToneDetector
from tests.unit.dsp.sounds import Pcm, pcm, silence, speech, tone

SIT = {
    "ITU": ((950.0, 1400.0, 1800.0), (330, 330, 330)),
    "IC": ((913.8, 1370.6, 1776.7), (274, 274, 380)),
    "VC": ((985.2, 1370.6, 1776.7), (380, 274, 380)),
    "RO": ((913.8, 1428.5, 1776.7), (274, 380, 380)),
    "NC": ((985.2, 1428.5, 1776.7), (380, 380, 380)),
}
SENTENCES = (
    ("en-gb", "Good morning, this is the office of Baker and Sons, how may I help you today?"),
    ("de+f2", "Guten Morgen, hier ist die Gärtnerei Sommer, was kann ich für Sie tun?"),
    ("en-us+m5", "Mmm. No. Ooh, well, who knows. Hmm, you know, I do not know."),
    ("fr-fr+f4", "Bonjour, vous êtes bien chez nous, laissez un message après le bip sonore."),
)


def heard(samples: Pcm, country: str = "DE", *, digits: bool = False) -> list[Tone | Digit]:
    detector = ToneDetector(country, digits=digits)
    return [event for block in Blocks().push(samples) for event in detector.block(block)]


def kinds(events: list[Tone | Digit]) -> list[str]:
    return [event.kind for event in events if isinstance(event, Tone)]


def rhythm(cadence: Cadence, cycles: int, *, off_hz: float = 0.0, dbm0: float = -15.0) -> NDArray[np.float64]:
    hz = tuple(one + off_hz for one in cadence.hz)
    cycle = [silence(ms) if place % 2 else tone(hz, ms, dbm0) for place, ms in enumerate(cadence.pattern_ms)]
    return np.concatenate(cycle * cycles)


def each(cadence: Cadence) -> str:
    return f"{cadence.country}-{cadence.kind}"


@pytest.mark.req("GEN-016")
@pytest.mark.parametrize("cadence", CADENCES, ids=each)
@pytest.mark.parametrize(("noise_dbfs", "dbm0", "off_hz"), [(-70, -10, 0), (-50, -25, 6), (-55, -20, -8)])
def test_each_country_s_cadence_is_reported_once(
    cadence: Cadence, noise_dbfs: float, dbm0: float, off_hz: float
) -> None:
    sound = pcm(
        silence(730), rhythm(cadence, 4, off_hz=off_hz, dbm0=dbm0), silence(300), noise_dbfs=noise_dbfs
    )
    found = heard(sound, cadence.country)
    assert kinds(found) == [cadence.kind]
    assert isinstance(found[0], Tone)
    assert found[0].detail.startswith(cadence.country)


def test_foreign_ringback_counts_too() -> None:
    american = next(one for one in CADENCES if (one.country, one.kind) == ("US", "ringback"))
    found = heard(pcm(silence(500), rhythm(american, 2)), "DE")
    assert [(event.kind, event.detail) for event in found if isinstance(event, Tone)] == [
        ("ringback", "US 440+480 Hz")
    ]


def test_ringback_that_turns_into_busy_is_two_events() -> None:
    german = {one.kind: one for one in CADENCES if one.country == "DE"}
    found = heard(pcm(silence(200), rhythm(german["ringback"], 2), rhythm(german["busy"], 4)))
    assert kinds(found) == ["ringback", "busy"]


def test_a_dial_tone_is_no_busy_tone() -> None:
    assert heard(pcm(silence(300), tone((425.0,), 8000), silence(500))) == []


@pytest.mark.req("GEN-016")
@pytest.mark.parametrize("name", SIT)
@pytest.mark.parametrize("gap_ms", [0, 15, 30])
@pytest.mark.parametrize("offset_ms", [0, 47, 90])
@pytest.mark.parametrize("noise_dbfs", [-75, -50])
def test_special_information_tones_are_named(
    name: str, gap_ms: int, offset_ms: int, noise_dbfs: float
) -> None:
    hertz, lengths = SIT[name]
    parts = [
        np.concatenate((tone((hz,), ms, -24), silence(gap_ms))) for hz, ms in zip(hertz, lengths, strict=True)
    ]
    sound = pcm(silence(400 + offset_ms), *parts, silence(800), noise_dbfs=noise_dbfs)
    assert [(event.kind, event.detail) for event in heard(sound) if isinstance(event, Tone)] == [
        ("sit", name)
    ]


@pytest.mark.parametrize("hertz", [(950.0, 1400.0), (1800.0, 1400.0, 950.0), (950.0, 1200.0, 1800.0)])
def test_two_tones_or_the_wrong_three_are_no_sit(hertz: tuple[float, ...]) -> None:
    sound = pcm(silence(400), *(tone((hz,), 330) for hz in hertz), silence(900))
    assert "sit" not in kinds(heard(sound))


@pytest.mark.req("GEN-016")
@pytest.mark.parametrize("off_hz", [-30, 0, 30])
def test_a_calling_fax_is_heard_at_its_first_burst(off_hz: float) -> None:
    found = heard(pcm(silence(600), tone((1100.0 + off_hz,), 500), silence(3000)))
    assert kinds(found) == ["cng"]
    assert abs(found[0].at_ms - 1100) <= 40


def test_a_beep_of_the_fax_s_pitch_after_a_greeting_is_a_beep() -> None:
    words = speech("Please leave a message after the tone.")
    found = heard(pcm(silence(300), words, silence(300), tone((1100.0,), 500), silence(1500)))
    assert kinds(found) == ["beep"]


@pytest.mark.req("GEN-016")
def test_an_answering_fax_is_heard_within_six_tenths() -> None:
    found = heard(pcm(silence(1000), tone((2100.0,), 3300), silence(500)))
    assert kinds(found) == ["ced"]
    assert 1400 <= found[0].at_ms <= 1700


def test_an_answer_tone_with_phase_reversals_is_one_event() -> None:
    pieces = [tone((2100.0,), 450) * (-1) ** number for number in range(7)]
    assert kinds(heard(pcm(silence(500), *pieces, silence(500)))) == ["ced"]


@pytest.mark.req("GEN-022")
@pytest.mark.parametrize(
    ("hz", "ms"), [(1000, 250), (640, 1000), (703, 400), (797, 620), (1400, 200), (500, 400), (1990, 150)]
)
@pytest.mark.parametrize("dbm0", [-10, -25])
def test_the_beep_after_a_greeting_is_found_at_its_end(hz: float, ms: int, dbm0: float) -> None:
    words = speech("I am not at home. Please leave a message after the tone.")
    sound = pcm(silence(300), words, silence(250), tone((hz,), ms, dbm0), silence(1000), noise_dbfs=-60)
    found = heard(sound)
    assert kinds(found) == ["beep"]
    assert abs(found[0].at_ms - (550 + len(words) / 8 + ms)) <= 60


def test_a_tone_without_speech_before_it_is_no_beep() -> None:
    assert heard(pcm(silence(500), tone((1000.0,), 300), silence(1000))) == []


@pytest.mark.req("GEN-016")
@pytest.mark.parametrize(("voice", "text"), SENTENCES)
@pytest.mark.parametrize("noise_dbfs", [-75, -45])
def test_speech_is_no_tone(voice: str, text: str, noise_dbfs: float) -> None:
    words = speech(text, voice)
    assert heard(pcm(silence(400), words, silence(600), words, silence(800), noise_dbfs=noise_dbfs)) == []


def test_noise_is_no_tone() -> None:
    assert heard(pcm(silence(20000), noise_dbfs=-25), digits=True) == []


@pytest.mark.parametrize("dbm0", [-6, -20])
@pytest.mark.parametrize("off", [-0.012, 0.0, 0.012])
def test_all_sixteen_keys(dbm0: float, off: float) -> None:
    rows, columns = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
    presses = [
        np.concatenate((tone((row * (1 + off), column * (1 + off)), 80, dbm0), silence(80)))
        for row in rows
        for column in columns
    ]
    found = heard(pcm(silence(230), *presses, silence(200)), digits=True)
    assert "".join(event.digit for event in found if isinstance(event, Digit)) == "123A456B789C*0#D"


def test_a_key_held_down_is_one_key_and_pressed_twice_is_two() -> None:
    held, short = tone((697, 1209), 900), tone((697, 1209), 90)
    found = heard(pcm(silence(100), held, silence(100), short, silence(200)), digits=True)
    assert [event.digit for event in found if isinstance(event, Digit)] == ["1", "1"]


@pytest.mark.parametrize(("voice", "text"), SENTENCES)
def test_speech_dials_nothing(voice: str, text: str) -> None:
    assert heard(pcm(speech(text, voice), silence(300)), digits=True) == []


@pytest.mark.parametrize("pair", [(697, 697), (697, 1300), (620, 1209)])
def test_pairs_off_the_keypad_are_no_keys(pair: tuple[float, float]) -> None:
    assert heard(pcm(silence(100), tone(pair, 200), silence(200)), digits=True) == []


def held_ms(samples: Pcm) -> int:
    detector = ToneDetector("DE", digits=False)
    for block in Blocks().push(samples):
        detector.block(block)
    return detector.held_ms


def test_an_instrument_holds_its_notes() -> None:
    notes = [tone((hz,), 300) for hz in (523, 659, 784, 1047, 784, 659)]
    assert 900 <= held_ms(pcm(silence(300), *notes, silence(300), noise_dbfs=-50)) <= 1800


@pytest.mark.parametrize(("voice", "text"), SENTENCES)
def test_a_voice_holds_none(voice: str, text: str) -> None:
    assert held_ms(pcm(silence(300), speech(text, voice), silence(300))) < 300


def test_ringback_is_no_tune() -> None:
    ringback = next(one for one in CADENCES if (one.country, one.kind) == ("DE", "ringback"))
    assert held_ms(pcm(silence(300), rhythm(ringback, 2))) == 0
