"""SIT, fax, modem and beep at every level, through both laws of G.711, in noise and with packets missing."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from dsp.countries import CADENCES, Cadence
from dsp.frames import Blocks
from dsp.tones import Tone, ToneDetector
from tests.unit.dsp.lines import CODECS, Codec, at_level, through
from tests.unit.dsp.sounds import Pcm, silence, speech
from tests.unit.dsp.test_tones import SIT, heard, kinds, rhythm

Floats = NDArray[np.float64]
LEVELS = (-10, -22, -35)
SITS = {**SIT, "ITU in Austria": ((950.0, 1450.0, 1850.0), (330, 330, 330))}


def sine(*hz: float, ms: float) -> Floats:
    """Amplitude 1 each."""
    at_s = np.arange(round(ms * 8)) / 8000
    return np.asarray(sum(np.sin(2 * np.pi * one * at_s) for one in hz))


def answer_tone(*, swelling: bool, reversals: bool) -> Floats:
    at_s = np.arange(8 * 3000) / 8000
    size = 1 + 0.2 * np.sin(2 * np.pi * 15 * at_s) if swelling else 1.0
    sign = (-1.0) ** np.floor(at_s / 0.45) if reversals else 1.0
    return np.asarray(size * sign * np.sin(2 * np.pi * 2103 * at_s))


def v21(bits: list[int]) -> Floats:
    """The answering side at 300 bit/s: 1650 Hz is one, 1850 Hz is nought."""
    hz = np.array([1650.0 if bit else 1850.0 for bit in bits])
    at = np.minimum(np.arange(len(bits) * 8000 // 300) * 300 // 8000, len(bits) - 1)
    return np.asarray(np.sin(2 * np.pi * np.cumsum(hz[at]) / 8000))


FLAGS = [0, 1, 1, 1, 1, 1, 1, 0] * 38
CASES: dict[str, tuple[Floats, str, str]] = {
    "CNG": (sine(1100, ms=500), "cng", "1100 Hz"),
    "CNG, low": (sine(1064, ms=460), "cng", "1064 Hz"),
    "CNG, high": (sine(1136, ms=550), "cng", "1136 Hz"),
    "CED": (answer_tone(swelling=False, reversals=False), "ced", "CED"),
    "CED with reversals": (answer_tone(swelling=False, reversals=True), "ced", "CED"),
    "ANSam": (answer_tone(swelling=True, reversals=True), "ced", "ANSam"),
    "V.21 flags": (v21(FLAGS), "modem", "V.21"),
    "V.21 data": (v21(np.random.default_rng(5).integers(0, 2, 300).tolist()), "modem", "V.21"),
    "Bell 103": (sine(2225, ms=1500), "modem", "answer 2225 Hz"),
    "V.22bis": (sine(2250, ms=1500), "modem", "answer 2250 Hz"),
    "calling": (sine(1300, ms=600), "modem", "calling 1300 Hz"),
    "V.8bis": (np.concatenate((sine(1375, 2002, ms=400) / 2, sine(650, ms=100))), "modem", "V.8bis"),
}


def only(events: list[object]) -> tuple[str, str]:
    assert len(events) == 1, events
    assert isinstance(events[0], Tone)
    return events[0].kind, events[0].detail


@pytest.mark.req("GEN-016")
@pytest.mark.parametrize("name", SITS)
@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("dbm0", LEVELS)
@pytest.mark.parametrize("loss", [0.0, 0.03])
def test_every_sit_is_named(name: str, codec: Codec, dbm0: float, loss: float) -> None:
    hertz, lengths = SITS[name]
    for seed, gap_ms in enumerate((0, 15, 30)):
        tones = [
            np.concatenate((sine(hz, ms=ms), silence(gap_ms))) for hz, ms in zip(hertz, lengths, strict=True)
        ]
        sound = np.concatenate(
            (silence(437 + 31 * seed), at_level(np.concatenate(tones), dbm0), silence(900))
        )
        line = through(sound, noise_dbfs=min(-50, dbm0 - 20), codec=codec, loss=loss, seed=seed)
        assert only([*heard(line)]) == ("sit", name.split()[0])


@pytest.mark.req("GEN-016")
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("dbm0", LEVELS)
def test_every_fax_and_modem_is_named(name: str, codec: Codec, dbm0: float) -> None:
    tone, kind, detail = CASES[name]
    sound = np.concatenate((silence(613), at_level(tone, dbm0), silence(2000)))
    found = only([*heard(through(sound, noise_dbfs=min(-50, dbm0 - 20), codec=codec))])
    assert found[0] == kind
    assert found[1].startswith(detail)


@pytest.mark.req("GEN-016")
@pytest.mark.parametrize("name", CASES)
def test_lost_packets_hide_no_fax(name: str) -> None:
    """2 % lost. What a lost packet may cost is the name of the answer tone, not that it is one."""
    tone, kind, _ = CASES[name]
    for seed in range(5):
        sound = np.concatenate((silence(613), at_level(tone, -15), silence(2000)))
        assert kinds(heard(through(sound, loss=0.02, seed=seed))) == [kind]


@pytest.mark.parametrize("hz", [(950, 1400), (2100,), (1650,), (1300,), (2225,)])
def test_too_short_is_nothing(hz: tuple[float, ...]) -> None:
    bursts = [at_level(sine(one, ms=150), -12) for one in hz]
    assert heard(through(np.concatenate((silence(500), *bursts, silence(1500))))) == []


def greeting_and(beep: Floats, dbm0: float, pause_ms: float = 350) -> tuple[Floats, float]:
    """A greeting with a beep, and when the beep ends."""
    words = speech("Nobody is at home. Please leave a message after the tone.")
    sound = np.concatenate((silence(413), words, silence(pause_ms), at_level(beep, dbm0)))
    return np.concatenate((sound, silence(1200))), len(sound) / 8


BEEPS = {
    "70 ms": sine(1000, ms=70),
    "100 ms": sine(750, ms=100),
    "low and long": sine(432, ms=600),
    "low and short": sine(480, ms=150),
    "as low as a busy tone": sine(440, ms=500),
    "high": sine(1995, ms=300),
    "1.5 s": sine(880, ms=1500),
    "two at once": sine(660, 1100, ms=400) / 2,
    "two at once, one weaker": (sine(900, ms=300) + 0.35 * sine(1450, ms=300)) / 1.4,
    "two at once, short": sine(640, 1330, ms=120) / 2,
    "two at once, shorter": sine(1030, 1700, ms=70) / 2,
    "two at once, low and short": sine(510, 1610, ms=80) / 2,
    "two at once, one much weaker": (sine(900, ms=300) + 0.22 * sine(1450, ms=300)) / 1.2,
    "low and very short": sine(540, ms=70),
    "down to a low one": np.concatenate((sine(1500, ms=100), sine(470, ms=100))),
    "hardly down": np.concatenate((sine(1540, ms=100), sine(1500, ms=100))),
    "up": np.concatenate((sine(600, ms=150), sine(900, ms=150))),
    "down": np.concatenate((sine(1200, ms=100), sine(800, ms=200))),
    "three notes": np.concatenate((sine(660, ms=120), sine(880, ms=120), sine(1100, ms=200))),
    "clipped": np.clip(sine(700, ms=400) * 2, -1, 1),
}


@pytest.mark.req("GEN-022")
@pytest.mark.parametrize("name", BEEPS)
@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("dbm0", [-8, -20, -30])
def test_every_beep_is_told_within_150_ms_of_its_end(name: str, codec: Codec, dbm0: float) -> None:
    sound, end_ms = greeting_and(BEEPS[name], dbm0)
    detector, told = ToneDetector("DE", digits=True), []
    line = through(sound, noise_dbfs=min(-55, dbm0 - 25), codec=codec)
    for number, block in enumerate(Blocks().push(line), start=1):
        told += [(event, number * 100) for event in detector.block(block)]
    [(event, at_ms)] = told
    assert isinstance(event, Tone)
    assert event.kind == "beep"
    assert abs(event.at_ms - end_ms) <= 30
    assert at_ms - end_ms <= 150


@pytest.mark.req("GEN-022")
@pytest.mark.parametrize(("hz", "ms"), [(480, 500), (531, 200), (753, 1000), (1560, 300)])
@pytest.mark.parametrize("seed", range(3))
def test_a_steady_tone_is_a_beep_in_noise_that_a_vowel_would_be_lost_in(
    hz: float, ms: float, seed: int
) -> None:
    """10 dB above the noise."""
    sound, end_ms = greeting_and(sine(hz, ms=ms), -15)
    [beep] = [event for event in heard(through(sound, noise_dbfs=-31, seed=seed)) if isinstance(event, Tone)]
    assert beep.kind == "beep"
    assert abs(beep.at_ms - end_ms) <= 30


@pytest.mark.req("GEN-022")
def test_the_line_s_hum_hides_no_beep() -> None:
    """250 Hz, a harmonic of the mains, comes out again as soon as the beep is over."""
    sound, end_ms = greeting_and(sine(907, ms=1000), -20)
    hum = at_level(sine(250, ms=len(sound) / 8), -38)
    [beep] = [event for event in heard(through(sound + hum[: len(sound)])) if isinstance(event, Tone)]
    assert beep.kind == "beep"
    assert abs(beep.at_ms - end_ms) <= 30


def wavering(hz: float, ms: float, depth_hz: float, swing: float) -> Floats:
    """A tone as a voice would make it: the pitch sways, the level swells."""
    at_s = np.arange(round(ms * 8)) / 8000
    pitch = hz + depth_hz * np.sin(2 * np.pi * 6 * at_s)
    size = 1 + swing * np.sin(2 * np.pi * 5 * at_s)
    return np.asarray(size * np.sin(2 * np.pi * np.cumsum(pitch) / 8000))


@pytest.mark.req("GEN-022")
@pytest.mark.parametrize("hz", [440, 500, 590])
def test_what_wavers_as_a_voice_does_is_no_beep(hz: float) -> None:
    line = through(greeting_and(wavering(hz, 200, 15, 0.4), -15)[0])
    assert "beep" not in kinds(heard(line))


@pytest.mark.req("GEN-022")
@pytest.mark.parametrize("seed", range(6))
def test_a_lost_packet_in_the_beep_moves_its_end_by_a_packet_at_most(seed: int) -> None:
    sound, end_ms = greeting_and(sine(850, ms=500), -15)
    [beep] = [event for event in heard(through(sound, loss=0.03, seed=seed)) if isinstance(event, Tone)]
    assert beep.kind == "beep"
    assert abs(beep.at_ms - end_ms) <= 50


@pytest.mark.parametrize(
    ("sound", "why"),
    [
        (sine(400, ms=400), "too low"),
        (sine(2300, ms=300), "too high"),
        (sine(1000, ms=2000), "too long"),
        (sine(1000, ms=30), "too short"),
        (sine(697, 1209, ms=400) / 2, "a key"),
        (np.concatenate([sine(hz, ms=150) for hz in (523, 659, 784, 1047)]), "a melody"),
        (np.sin(2 * np.pi * np.cumsum(np.linspace(600, 1200, 3200)) / 8000), "a siren"),
    ],
)
def test_what_is_no_beep(sound: Floats, why: str) -> None:
    line = through(greeting_and(sound, -12)[0])
    assert "beep" not in kinds(heard(line)), why


@pytest.mark.parametrize("country", ["FR", "US", "DE"])
def test_a_machine_s_line_that_goes_busy_has_not_beeped(country: str) -> None:
    """After the greeting the exchange's busy tone: its first burst is as long as a beep."""
    busy = next(one for one in CADENCES if (one.country, one.kind) == (country, "busy"))
    words = speech("Nobody is at home.")
    line = through(np.concatenate((words, silence(700), rhythm(busy, 5), silence(500))))
    assert kinds(heard(line, country)) == ["busy"]


def test_nothing_beeps_after_a_fax_or_an_intercept() -> None:
    words, beep = speech("The number you have dialled is not in service."), at_level(sine(1000, ms=400), -12)
    sit = at_level(np.concatenate([sine(hz, ms=330) for hz in (950, 1400, 1800)]), -15)
    assert kinds(
        heard(through(np.concatenate((silence(300), sit, words, silence(300), beep, silence(900)))))
    ) == ["sit"]


@pytest.mark.req("GEN-016")
@pytest.mark.parametrize("cadence", CADENCES, ids=lambda one: f"{one.country}-{one.kind}-{one.pattern_ms[0]}")
@pytest.mark.parametrize("stretch", [0.92, 1.07])
def test_cadences_within_their_tolerance(cadence: Cadence, stretch: float) -> None:
    """8 % slower or faster; two packets in a hundred lost. Where a country has both at nearly the same rhythm, busy and
    congestion may be taken for one another."""
    parts = [
        silence(ms * stretch) if place % 2 else sine(*cadence.hz, ms=ms * stretch) / len(cadence.hz)
        for place, ms in enumerate(cadence.pattern_ms * 6)
    ]
    sound = np.concatenate((silence(613), at_level(np.concatenate(parts), -18), silence(400)))
    found = kinds(heard(through(sound, noise_dbfs=-60, codec="mu-law"), cadence.country))
    assert found
    expected = {"ringback"} if cadence.kind == "ringback" else {"busy", "congestion"}
    assert set(found) <= expected


@pytest.mark.parametrize(
    ("hz", "pattern_ms"),
    [((425,), (200, 200, 600, 1000)), ((425,), (1000, 100)), ((425,), (500, 50)), ((425, 340), (1100, 1100))],
    ids=["Italy", "Spain", "the Netherlands", "Switzerland"],
)
def test_a_dial_tone_with_a_rhythm_is_neither_busy_nor_ringback(
    hz: tuple[float, ...], pattern_ms: tuple[int, ...]
) -> None:
    parts = [silence(ms) if n % 2 else sine(*hz, ms=ms) / len(hz) for n, ms in enumerate(pattern_ms * 5)]
    sound = np.concatenate((silence(400), at_level(np.concatenate(parts), -12), silence(500)))
    for country in ("IT", "ES", "NL", "CH", "DE"):
        assert heard(through(sound), country) == []


def test_the_size_of_the_pieces_changes_nothing() -> None:
    sound, _ = greeting_and(sine(850, ms=500), -15)
    line: Pcm = through(sound)

    def in_pieces(size: int) -> list[object]:
        blocks, detector = Blocks(), ToneDetector("DE", digits=True)
        pieces = [line[n : n + size] for n in range(0, len(line), size)]
        return [event for piece in pieces for block in blocks.push(piece) for event in detector.block(block)]

    assert in_pieces(1) == in_pieces(160) == in_pieces(777) == in_pieces(len(line))


@pytest.mark.req("GEN-016")
def test_noise_before_a_calling_fax_makes_no_beep_of_it() -> None:
    sound = np.concatenate((silence(2500), at_level(sine(1100, ms=500), -12), silence(1500)))
    assert kinds(heard(through(sound, noise_dbfs=-36))) == ["cng"]


@pytest.mark.req("GEN-016")
def test_a_fax_calling_again_is_one_after_a_word_too() -> None:
    """Somebody spoke for long enough to make the first burst a beep; the second one comes when a fax's does."""
    words = speech("We are not here. Please leave a message.")
    burst = np.concatenate((at_level(sine(1300, ms=600), -12), silence(1750)))
    sound = np.concatenate((silence(300), words, silence(300), burst, burst, silence(500)))
    assert "modem" in kinds(heard(through(sound)))
