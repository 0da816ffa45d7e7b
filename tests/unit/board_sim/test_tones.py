"""Tones measured: frequency by FFT, cadence by level."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from board.sim import g711, tones
from board.sim.clips import Clip, amplitude, line_noise
from board.sim.g711 import Samples


def strongest(samples: Samples, count: int = 1) -> list[float]:
    """The strongest frequencies, in Hz, in ascending order."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 16))
    found = []
    for _ in range(count):
        at = int(np.argmax(spectrum))
        found.append(at * 8000 / (1 << 16))
        spectrum[max(0, at - 150) : at + 150] = 0
    return sorted(found)


def stretches(samples: Samples) -> list[tuple[bool, float]]:
    """On and off with their seconds."""
    on = np.abs(samples.astype(int)).reshape(-1, 20).max(axis=1) > 200
    edges = [0, *(np.nonzero(np.diff(on.astype(int)))[0] + 1).tolist(), len(on)]
    return [(bool(on[a]), (b - a) * 0.0025) for a, b in itertools.pairwise(edges)]


@pytest.mark.parametrize(("country", "name"), [(c, n) for c in tones.PROGRESS for n in tones.PROGRESS[c]])
def test_progress_tones_have_their_frequencies_and_cadences(country: str, name: str) -> None:
    hertz, cadence = tones.PROGRESS[country][name]
    clip = tones.progress(country, name)
    assert len(clip.samples) % 160 == 0
    first = clip.samples[: round(cadence[0] * 8000)]
    assert strongest(first, len(hertz)) == pytest.approx(sorted(hertz), abs=3)
    measured = stretches(clip.samples)[: len(cadence)]
    assert [on for on, _ in measured] == [i % 2 == 0 for i in range(len(cadence))]
    assert [seconds for _, seconds in measured] == pytest.approx(cadence, abs=0.006)


def test_looping_the_half_frame_cadence_stays_whole() -> None:
    assert len(tones.progress("GB", "busy").samples) == 2 * 0.75 * 8000


@pytest.mark.parametrize(("country", "hertz"), [("DE", (950, 1400, 1800)), ("AT", (950, 1450, 1850))])
def test_sit_is_three_rising_tones(country: str, hertz: tuple[int, ...]) -> None:
    samples = tones.sit(country).samples
    for n, one in enumerate(hertz):
        part = samples[round(n * 0.33 * 8000) : round((n + 1) * 0.33 * 8000)]
        assert strongest(part) == pytest.approx([one], abs=5)
    assert np.all(samples[-7900:] == 0)


def test_fax_tones() -> None:
    assert strongest(tones.called_fax().samples) == pytest.approx([2100], abs=2)
    assert 2.6 <= tones.called_fax().duration_s <= 4.0
    assert stretches(tones.calling_fax().samples) == [
        (True, pytest.approx(0.5, abs=0.006)),
        (False, pytest.approx(3, abs=0.006)),
    ]
    assert strongest(tones.calling_fax().samples[:4000]) == pytest.approx([1100], abs=2)


@pytest.mark.parametrize("codec", ["PCMU", "PCMA"])
def test_beeps_survive_the_codec_at_their_frequency(codec: str) -> None:
    for hertz, seconds in tones.BEEPS:
        coded = b"".join(tones.beep(hertz, seconds).frames(codec))
        assert strongest(g711.decode(coded, codec)) == pytest.approx([hertz], abs=3)


def test_levels_are_as_said() -> None:
    power = np.mean(tones.agent_tone().samples[800:8800].astype(float) ** 2)
    assert 10 * np.log10(power / (amplitude(0.0) ** 2 / 2)) == pytest.approx(-10, abs=0.1)
    noise = np.mean(line_noise(-62).samples.astype(float) ** 2)
    assert 10 * np.log10(noise / (amplitude(0.0) ** 2 / 2)) == pytest.approx(-62, abs=1)


@pytest.mark.parametrize(
    ("number", "country"),
    [("+493023125000", "DE"), ("+441632960000", "GB"), ("+12025550100", "US"), ("+9", "AT"), ("030", "AT")],
)
def test_a_number_tells_its_country(number: str, country: str) -> None:
    assert tones.country_of(number, "AT") == country


def test_the_last_frame_is_filled_with_silence() -> None:
    frames = Clip("x", np.full(161, 1000, np.int16)).frames("PCMU")
    assert [len(one) for one in frames] == [160, 160]
    assert frames[1][1:] == b"\xff" * 159
