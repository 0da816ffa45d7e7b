"""Line echo: 20 dB and more off on every hybrid of the simulator, through A-law, and no harm when both sides talk."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from board.sim import g711
from board.sim.line import HYBRIDS, Channel
from board.sim.line.hybrid import Wires
from dsp import echo
from dsp.echo import EchoCanceller, EchoError
from tests.unit.dsp.line_rig import babble
from tests.unit.dsp.sounds import Pcm

MATCHED = "none"
"""On this one there is no echo to be taken off."""


def coded(sound: Pcm) -> Pcm:
    return g711.decode(g711.encode(sound, "PCMA"), "PCMA")


def through(
    hybrid: str, sent: Pcm, far: Pcm, delay_ms: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What is heard on the line, and what is left of it after the canceller. A line card with A-law converters."""
    wires = Wires(Channel(hybrid=HYBRIDS[hybrid], noise_dbm0=-68.0, echo_delay_ms=delay_ms, to_us_db=0.0))
    canceller = EchoCanceller(128 + 2 * delay_ms)
    heard, left = [], []
    for tx, said in zip(coded(sent).reshape(-1, 160), far.reshape(-1, 160), strict=True):
        rx = coded(wires.to_us(said.astype(np.float32), tx, loop=True))
        heard.append(rx)
        left.append(canceller.cancel(rx, tx))
    canceller.close()
    return np.concatenate(heard).astype(np.float64), np.concatenate(left).astype(np.float64)


def db(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(10 * np.log10(np.mean(one**2) / np.mean(other**2)))


@pytest.mark.parametrize("delay_ms", [0, 60])
@pytest.mark.parametrize("hybrid", [name for name in HYBRIDS if name != MATCHED])
def test_twenty_decibels_and_more_are_taken_off(hybrid: str, delay_ms: int) -> None:
    sent = babble(12)
    heard, left = through(hybrid, sent, np.zeros_like(sent), delay_ms)
    after = slice(5 * 8000, None)
    assert db(heard[after], left[after]) >= 20.0


def test_on_a_matched_line_it_does_no_harm() -> None:
    sent = babble(8)
    heard, left = through(MATCHED, sent, np.zeros_like(sent))
    assert db(left[16_000:], heard[16_000:]) <= 0.5


@pytest.mark.parametrize("far_db", [-6.0, 0.0, 6.0])
@pytest.mark.parametrize("hybrid", ["long", "wrong", "worst"])
def test_it_stays_put_while_both_talk(hybrid: str, far_db: float) -> None:
    """4 s alone, 8 s together, 4 s alone: the far voice comes through whole, and the echo is as gone as before."""
    sent = babble(16)
    far = (babble(16, seed=7, rms=1500) * 10 ** (far_db / 20)).clip(-32768, 32767).astype(np.int16)
    alone = slice(13 * 8000, None)
    both = slice(5 * 8000, 12 * 8000)
    far[: 4 * 8000] = 0
    far[12 * 8000 :] = 0
    heard, left = through(hybrid, sent, far)
    assert db(heard[alone], left[alone]) >= 20.0
    spoken = through(MATCHED, np.zeros_like(sent), far)[1][
        both
    ]  # the canceller's own filters are in this too
    assert db(spoken, left[both] - spoken) >= 15.0
    assert abs(db(left[both], spoken)) <= 0.5


def test_after_a_reset_it_learns_anew() -> None:
    canceller = EchoCanceller()
    sent = babble(1)[:160]
    for _ in range(20):
        canceller.cancel(sent, sent)
    canceller.reset()
    np.testing.assert_array_equal(canceller.cancel(sent, np.zeros(160, np.int16)).shape, (160,))
    canceller.close()
    canceller.close()


def test_frames_of_another_kind_are_refused() -> None:
    canceller = EchoCanceller()
    good = np.zeros(160, np.int16)
    for bad in (np.zeros(80, np.int16), np.zeros(160)):
        with pytest.raises(ValueError, match="int16"):
            canceller.cancel(bad, good)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="tail"):
        EchoCanceller(1000)


def test_without_the_library_the_way_out_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(echo, "_LIBRARY", "libspeexdsp-that-is-not-there.so")
    echo._speex.cache_clear()
    with pytest.raises(EchoError, match="install the Debian package libspeexdsp1"):
        EchoCanceller()
    monkeypatch.undo()
    echo._speex.cache_clear()
    EchoCanceller().close()
