"""The two-wire line as sound: the exchange's coding, loss each way, noise, hum, and the echo of our own voice.

The echo is physics, not a delay line: a line card balances against one impedance, the wires have another, and what is
reflected is the mismatch (Zl - Zb) / (Zl + Zb) at each frequency. `HYBRIDS` holds pairs from well to badly matched.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from board.sim import g711
from board.sim.line.port import FRAME_SAMPLES, SAMPLE_RATE, Samples
from board.sim.line.tones import amplitude

Floats = NDArray[np.float32]
_TAPS = 128
_FFT = 512
_HUM_PARTS = ((1, 1.0), (3, 0.5), (5, 0.25))
"""Harmonics of the mains on a badly balanced pair."""


@dataclass(frozen=True, slots=True)
class Impedance:
    """A resistor in front of a resistor and a capacitor side by side, seen through kilometres of 0.4 mm cable."""

    series_ohm: float
    parallel_ohm: float = 0.0
    parallel_nf: float = 0.0
    cable_km: float = 0.0

    def at(self, hz: NDArray[np.float64]) -> NDArray[np.complex128]:
        """Complex ohms at these frequencies."""
        turns = 2j * np.pi * np.maximum(hz, 1.0)
        z = np.full(len(hz), self.series_ohm, np.complex128)
        if self.parallel_ohm:
            z += self.parallel_ohm / (1 + turns * self.parallel_ohm * self.parallel_nf * 1e-9)
        for _ in range(round(self.cable_km * 4)):  # a ladder of 250 m pieces: 270 ohm and 45 nF a kilometre
            z = np.asarray(1 / (1 / (z + 270 / 4) + turns * 45e-9 / 4), np.complex128)
        return z


@dataclass(frozen=True, slots=True)
class Hybrid:
    """What the wires are, and what the line card takes them for."""

    wires: Impedance
    balance: Impedance


_COMPLEX = Impedance(220, 820, 115)  # the German and harmonised European terminal impedance
_TBR21 = Impedance(270, 750, 150)
_UK = Impedance(370, 620, 310)
_600, _900 = Impedance(600), Impedance(900)
HYBRIDS: dict[str, Hybrid] = {
    "none": Hybrid(_TBR21, _TBR21),
    "good": Hybrid(Impedance(220, 820, 115, cable_km=0.5), _TBR21),
    "long": Hybrid(Impedance(220, 820, 115, cable_km=3.0), _TBR21),
    "uk": Hybrid(_UK, _TBR21),
    "us": Hybrid(_900, _600),
    "wrong": Hybrid(_COMPLEX, _600),
    "worst": Hybrid(Impedance(1800), _600),
    "bad": Hybrid(Impedance(600, cable_km=3.0), Impedance(220, 820, 310)),
}


@lru_cache(maxsize=64)
def echo_path(hybrid: Hybrid) -> NDArray[np.float64]:
    """128 taps at 8 kHz: what comes back of one sample sent."""
    hz = np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE)
    wires, balance = hybrid.wires.at(hz), hybrid.balance.at(hz)
    band = np.clip((hz - 100) / 200, 0, 1) * np.clip(
        (3800 - hz) / 400, 0, 1
    )  # what G.712 filters let through
    back = np.fft.irfft((wires - balance) / (wires + balance) * band * np.exp(-2j * np.pi * hz * 0.002))
    fade = np.minimum(1.0, (_TAPS - np.arange(_TAPS)) / 16)
    return np.asarray(back[:_TAPS] * fade)


def return_loss_db(hybrid: Hybrid) -> float:
    """Echo return loss over 300 to 3400 Hz, unweighted."""
    power = np.abs(np.fft.rfft(echo_path(hybrid), _FFT)) ** 2
    hz = np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE)
    return float(-10 * np.log10(power[(hz >= 300) & (hz <= 3400)].mean() + 1e-12))


@dataclass(frozen=True, slots=True)
class Channel:
    """What the wires do to sound. Gains in dB, negative is loss; levels in dBm0."""

    hybrid: Hybrid = field(default=HYBRIDS["long"])
    to_us_db: float = -3.0
    from_us_db: float = -3.0
    noise_dbm0: float = -65.0
    hum_dbm0: float = -90.0
    hum_hz: float = 50.0
    echo_delay_ms: int = 0
    """Beside the hybrid's own: buffers between our converter and the wires."""
    far_delay_ms: int = 0
    """One way, to the far end and back from it."""
    codec: str = "PCMA"
    """Of the exchange, both ways: PCMA, PCMU or "" for none."""
    seed: int = 1


class Wires:
    """One line's sound; remembers what is still on its way."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._path = echo_path(channel.hybrid)
        self._sent = np.zeros(_TAPS - 1 + channel.echo_delay_ms * SAMPLE_RATE // 1000 + FRAME_SAMPLES)
        far = channel.far_delay_ms * SAMPLE_RATE // 1000
        self._to_far = np.zeros(far, np.float32)
        self._from_far = np.zeros(far, np.float32)
        self._rng = np.random.default_rng(channel.seed)
        self._at = 0

    def to_us(self, exchange: Floats, tx: Samples, *, loop: bool) -> Samples:
        """What we hear of the exchange (int16 steps) while we send `tx`; the echo needs a closed loop."""
        channel = self._channel
        heard = _coded(exchange, channel.codec) * 10 ** (channel.to_us_db / 20)
        heard = heard + self._echo(tx if loop else np.zeros(FRAME_SAMPLES, np.int16)) + self._noise()
        return np.asarray(np.clip(np.round(heard), -32768, 32767), np.int16)

    def from_us(self, tx: Samples) -> Floats:
        """What the exchange hears of us."""
        level = 10 ** (self._channel.from_us_db / 20)
        return _coded(np.asarray(tx * level, np.float32), self._channel.codec)

    def across(self, to_far: Floats, from_far: Floats) -> tuple[Floats, Floats]:
        """Both directions of the network after its delay: (arrives at the far end, arrives here)."""
        self._to_far = np.concatenate((self._to_far, to_far))
        self._from_far = np.concatenate((self._from_far, from_far))
        there, here = self._to_far[:FRAME_SAMPLES], self._from_far[:FRAME_SAMPLES]
        self._to_far, self._from_far = self._to_far[FRAME_SAMPLES:], self._from_far[FRAME_SAMPLES:]
        return there, here

    def _echo(self, tx: Samples) -> NDArray[np.float64]:
        self._sent = np.concatenate((self._sent[FRAME_SAMPLES:], tx))
        recent = self._sent[: _TAPS - 1 + FRAME_SAMPLES]
        return np.convolve(recent, self._path, mode="valid")

    def _noise(self) -> NDArray[np.float64]:
        channel = self._channel
        noise = self._rng.normal(0.0, amplitude(channel.noise_dbm0) / np.sqrt(2), FRAME_SAMPLES)
        if channel.hum_dbm0 > -80:
            turns = 2 * np.pi * channel.hum_hz * (self._at + np.arange(FRAME_SAMPLES)) / SAMPLE_RATE
            noise += sum(size * np.sin(n * turns) for n, size in _HUM_PARTS) * amplitude(channel.hum_dbm0)
        self._at += FRAME_SAMPLES
        return noise


def _coded(sound: Floats, codec: str) -> Floats:
    if not codec:
        return sound
    pcm = np.asarray(np.clip(np.round(sound), -32768, 32767), np.int16)
    return g711.decode(g711.encode(pcm, codec), codec).astype(np.float32)
