"""Dial strings to frames: levels and lengths of keys, the timing of pulses and flashes, waiting and pausing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsp.dtmf import Keypad
from dsp.frames import Blocks
from dsp.line.country import COUNTRIES, line_country
from dsp.line.dialling import DialFrame, DialState, compiled, flash_part, key_tone, step
from dsp.line.levels import level
from tests.unit.dsp.sounds import Pcm

LOADED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""How long an example takes says more of the machine's load than of the code."""

DE = line_country("DE")


def played(string: str, country: str = "DE", *, pulse: bool = False, come_at: int = -1) -> list[DialFrame]:
    """All frames of a script; what is waited for comes in the frame ``come_at``."""
    script, state, frames = compiled(string, line_country(country), pulse=pulse), DialState(), []
    while state.part < len(script):
        state, frame = step(script, state, come=len(frames) == come_at)
        frames.append(frame)
        if frame.failed:
            break
    return frames


def moves(frames: list[DialFrame]) -> list[tuple[int, bool]]:
    return [(i * 20 + one.offset_ms, one.off_hook) for i, frame in enumerate(frames) for one in frame.moves]


def keys_in(sound: Pcm) -> str:
    keypad, blocks = Keypad(), Blocks()
    padded = np.concatenate((sound, np.zeros(1600, np.int16)))
    return "".join(key for block in blocks.push(padded) for key, _, _ in keypad.block(block))


@pytest.mark.parametrize("country", COUNTRIES)
def test_what_is_dialled_is_what_the_ears_hear(country: str) -> None:
    string = "0123456789*#ABCD"
    assert keys_in(np.concatenate([frame.tx for frame in played(string, country)])) == string


@settings(LOADED)
@given(st.text("0123456789*#ABCD", min_size=1, max_size=20))
def test_any_digits_are_heard_in_order(digits: str) -> None:
    assert keys_in(np.concatenate([frame.tx for frame in played(digits)])) == digits


@pytest.mark.parametrize(
    ("country", "low", "high"), [("DE", -11.0, -9.0), ("US", -10.0, -10.0), ("CH", -10.0, -10.0)]
)
def test_keys_have_the_countrys_levels(country: str, low: float, high: float) -> None:
    tone = key_tone("5", line_country(country)).astype(np.float64)
    middle = tone[80:-80]
    at_s = np.arange(len(middle)) / 8000
    for hz, dbm0 in ((770.0, low), (1336.0, high)):
        window = np.hanning(len(middle))
        size = 2 * abs(np.sum(middle * window * np.exp(-2j * np.pi * hz * at_s))) / window.sum()
        assert 20 * np.log10(size / 32767) + 3.14 == pytest.approx(dbm0, abs=0.1)


def test_a_key_is_as_long_as_it_must_be() -> None:
    frames = played("55")
    loud = [level(frame.tx).rms_db > -40 for frame in frames]
    assert loud == [True] * 5 + [False] * 5 + [True] * 5 + [False] * 5


@pytest.mark.parametrize(("country", "break_ms", "make_ms"), [("DE", 61, 39), ("GB", 67, 33)])
def test_pulses_have_the_countrys_timing_to_the_millisecond(
    country: str, break_ms: int, make_ms: int
) -> None:
    made = moves(played("30", country, pulse=True))
    assert len(made) == 2 * 13
    assert [off for _, off in made] == [False, True] * 13
    times = [ms for ms, _ in made]
    assert {on - off for off, on in zip(times[::2], times[1::2], strict=True)} == {break_ms}
    gaps = [off - on for on, off in zip(times[1::2], times[2::2], strict=False)]
    assert gaps[2] >= make_ms + line_country(country).between_digits_ms - 20
    assert set(gaps[:2] + gaps[3:]) == {make_ms}


def test_a_flash_opens_the_loop_once_for_the_countrys_time() -> None:
    for country in ("DE", "US", "FR"):
        frames = played("!1", country)
        assert moves(frames) == [(0, False), (line_country(country).flash_ms, True)]
    script = compiled("1!", DE)
    assert [flash_part(script, DialState(part)) for part in range(3)] == [False, True, False]


def test_a_comma_is_two_seconds() -> None:
    assert len(played(",")) == 100


def test_waiting_ends_when_the_dial_tone_comes() -> None:
    frames = played("W1", come_at=30)
    assert [frame.name for frame in frames[:31]] == ["dial_tone"] * 30 + ["1"]


def test_waiting_in_vain_fails_after_five_seconds() -> None:
    frames = played("W1")
    assert (len(frames), frames[-1].failed, frames[-1].name) == (251, True, "dial_tone")
    assert not any(frame.tx.any() for frame in frames)


def test_tone_and_pulse_can_be_mixed() -> None:
    frames = played("P1T2", pulse=False)
    assert len(moves(frames)) == 2
    assert keys_in(np.concatenate([frame.tx for frame in frames])) == "2"


def test_after_the_script_there_is_silence() -> None:
    script = compiled("1", DE)
    state, frame = step(script, DialState(99))
    assert (state, frame.name, frame.tx.any(), frame.moves) == (DialState(99), "", False, ())


@pytest.mark.parametrize("string", ["", "12x", "0 1", "1" * 41, "é", "1;2"])
def test_strange_strings_are_refused(string: str) -> None:
    with pytest.raises(ValueError, match="dial string"):
        compiled(string, DE)


@pytest.mark.parametrize("string", ["*", "1#", "PA"])
def test_pulses_know_only_digits(string: str) -> None:
    with pytest.raises(ValueError, match="pulses"):
        compiled(string, DE, pulse=True)


def test_an_unknown_country_is_dialled_like_a_plain_european_one() -> None:
    assert (line_country("XX").country, line_country("XX").high_dbm0) == ("XX", -9.0)
