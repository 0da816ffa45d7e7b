"""Keys by the rules of ITU-T Q.24: what must be accepted, what must be refused, and what speech must not dial."""

from __future__ import annotations

import numpy as np
import pytest

from dsp.tones import Digit
from tests.unit.dsp.lines import CODECS, Codec, Floats, through
from tests.unit.dsp.sounds import silence, speech
from tests.unit.dsp.test_tones import heard

ROWS, COLUMNS = (697.0, 770.0, 852.0, 941.0), (1209.0, 1336.0, 1477.0, 1633.0)
ALL = "123A456B789C*0#D"


def press(
    key: str, ms: float, *, dbm0: float = -12.0, off: tuple[float, float] = (0.0, 0.0), twist_db: float = 0.0
) -> Floats:
    """``off``: by how much row and column miss their pitch; ``twist_db``: how much louder the column is."""
    place, at_s = ALL.index(key), np.arange(round(ms * 8)) / 8000
    size = 10 ** ((dbm0 - 3.14) / 20)
    row = np.sin(2 * np.pi * ROWS[place // 4] * (1 + off[0]) * at_s + 0.4)
    column = np.sin(2 * np.pi * COLUMNS[place % 4] * (1 + off[1]) * at_s + 1.9)
    return np.asarray(size * (row * 10 ** (-twist_db / 40) + column * 10 ** (twist_db / 40)))


def dialled(
    sound: Floats, *, codec: Codec = "a-law", loss: float = 0.0, noise_dbfs: float = -70, seed: int = 0
) -> str:
    line = through(sound, codec=codec, loss=loss, noise_dbfs=noise_dbfs, seed=seed)
    return "".join(event.digit for event in heard(line, digits=True) if isinstance(event, Digit))


def keys(text: str, ms: float, pause_ms: float, **how: object) -> Floats:
    parts = [np.concatenate((press(key, ms, **how), silence(pause_ms))) for key in text]  # type: ignore[arg-type]
    return np.concatenate((silence(233), *parts, silence(200)))


@pytest.mark.parametrize("ms", [5, 15, 23])
@pytest.mark.parametrize("codec", CODECS)
def test_shorter_than_24_ms_is_refused(ms: float, codec: Codec) -> None:
    assert dialled(keys(ALL, ms, 60), codec=codec) == ""


@pytest.mark.parametrize("off", [0.036, -0.036, 0.05, -0.05])
@pytest.mark.parametrize("which", ["row", "column"])
def test_more_than_three_and_a_half_percent_off_is_refused(off: float, which: str) -> None:
    missing = (off, 0.0) if which == "row" else (0.0, off)
    assert dialled(keys(ALL, 100, 60, off=missing)) == ""


@pytest.mark.parametrize("twist_db", [-14, 14])
def test_one_tone_much_louder_than_the_other_is_refused(twist_db: float) -> None:
    assert dialled(keys(ALL, 100, 60, twist_db=twist_db)) == ""


def test_a_pair_with_as_much_other_sound_is_refused() -> None:
    at_s = np.arange(8000) / 8000
    tune = 0.2 * np.sin(2 * np.pi * 523 * at_s)
    assert dialled(np.concatenate((silence(200), press("5", 1000) + tune, silence(200)))) == ""


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("dbm0", [-6, -20, -32])
@pytest.mark.parametrize("start_ms", [0, 3, 7])
def test_forty_milliseconds_with_forty_between_are_accepted(
    codec: Codec, dbm0: float, start_ms: float
) -> None:
    assert (
        dialled(np.concatenate((silence(start_ms), keys(ALL + "77##", 40, 40, dbm0=dbm0))), codec=codec)
        == ALL + "77##"
    )


@pytest.mark.parametrize("off", [(0.015, 0.015), (-0.015, 0.015), (0.015, -0.015), (-0.015, -0.015)])
@pytest.mark.parametrize("ms", [40, 100])
def test_one_and_a_half_percent_off_is_accepted(off: tuple[float, float], ms: float) -> None:
    assert dialled(keys(ALL, ms, 50, off=off)) == ALL


@pytest.mark.parametrize("twist_db", [-4, 8])
def test_the_twist_of_a_long_line_is_accepted(twist_db: float) -> None:
    assert dialled(keys(ALL, 60, 60, twist_db=twist_db)) == ALL


def test_noise_fifteen_decibels_below_is_accepted() -> None:
    sound = keys(ALL, 60, 60, dbm0=-15)
    assert dialled(sound, noise_dbfs=-15 - 3.14 - 15) == ALL


@pytest.mark.parametrize("seed", range(8))
def test_a_lost_packet_presses_no_key_twice(seed: int) -> None:
    assert dialled(keys("0123456789", 120, 90), loss=0.02, seed=seed) == "0123456789"


@pytest.mark.parametrize("length_ms", [80, 400, 3000])
def test_a_key_s_length_is_told_while_it_is_down(length_ms: float) -> None:
    [event] = [
        event for event in heard(through(keys("8", length_ms, 100)), digits=True) if isinstance(event, Digit)
    ]
    assert 25 <= event.length_ms <= 60
    assert event.at_ms - event.length_ms == pytest.approx(233, abs=15)


@pytest.mark.parametrize("voice", ["en-gb", "de+f2", "en-us+m5", "fr-fr+f4", "es+f1", "it+m3"])
def test_talk_dials_nothing(voice: str) -> None:
    text = "One, two, three, four. I do not know who knows. Yesterday a yellow boat came by, and nobody saw it go."
    assert dialled(np.concatenate((speech(text, voice), silence(300)))) == ""
