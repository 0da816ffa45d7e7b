"""A random telephone channel, the same for people and machines: what is on the line must not say who is on
it.

In this order: acoustic background, echo, band edges and tilt, level, line noise and hum, silence suppression,
clipping, codec (A-law, mu-law, GSM full rate through sox), packet loss, late media. All draws come from the
generator passed in.
"""

from __future__ import annotations

import subprocess

import numpy as np

from dsp.frames import Floats, Samples
from dsp.training import Array

Rng = np.random.Generator


def through(speech: Floats, active: Array, background: Floats, rng: Rng) -> Samples:
    """Send ``speech`` (-20 dBFS while ``active``, per 10 ms) down a random line; int16 of the same length.

    ``background`` is noise of any level, at least as long, used in some of the calls.
    """
    sound = speech.astype(np.float64)
    if rng.random() < 0.35:
        sound = sound + _background(background[: len(sound)], rng)
    if rng.random() < 0.15:
        sound = _echo(sound, rng)
    sound = _filter(sound, rng) * 10 ** (rng.uniform(-14, 6) / 20)
    sound = sound + _line_noise(len(sound), rng)
    if rng.random() < 0.2:
        sound = _suppress_silence(sound, active, rng)
    if rng.random() < 0.06:
        sound = np.clip(sound * 10 ** (rng.uniform(4, 12) / 20), -0.5, 0.5)
    pcm = _codec(np.clip(np.round(sound * 32767), -32768, 32767).astype(np.int16), rng)
    if rng.random() < 0.2:
        pcm = _lose_packets(pcm, rng)
    if rng.random() < 0.12:
        pcm[: int(rng.uniform(200, 3200))] = 0
    return pcm


def _background(noise: Floats, rng: Rng) -> Array:
    level = float(np.sqrt(np.mean(np.square(noise, dtype=np.float64)))) + 1e-9
    ratio_db = rng.uniform(8, 40)
    return noise.astype(np.float64) * (0.1 / level * 10 ** (-ratio_db / 20))


def _echo(sound: Array, rng: Rng) -> Array:
    delay = int(rng.uniform(0.01, 0.15) * 8000)
    echoed = sound.copy()
    echoed[delay:] += sound[:-delay] * 10 ** (rng.uniform(-35, -10) / 20)
    return echoed


def _filter(sound: Array, rng: Rng) -> Array:
    """Soft band edges anywhere from a studio's to a bad handset's, and a tilt over the band."""
    low, high = rng.uniform(20, 380), rng.uniform(2700, 4100)
    hz = np.fft.rfftfreq(len(sound), 1 / 8000)
    edge_low = 1 / (1 + (low / np.maximum(hz, 1.0)) ** rng.uniform(2, 8))
    edge_high = 1 / (1 + (hz / high) ** rng.uniform(8, 30))
    tilt_db = rng.uniform(-6, 6) * np.log2(np.maximum(hz, 100) / 1000) / 3
    bump_db = rng.uniform(-4, 4) * np.exp(-(((hz - rng.uniform(300, 3000)) / rng.uniform(150, 600)) ** 2))
    gain = edge_low * edge_high * 10 ** ((tilt_db + bump_db) / 20)
    return np.asarray(np.fft.irfft(np.fft.rfft(sound) * gain, len(sound)))


def _line_noise(length: int, rng: Rng) -> Array:
    white = rng.normal(size=length)
    if rng.random() < 0.5:
        shaped = np.fft.rfft(white) / np.sqrt(np.maximum(np.fft.rfftfreq(length, 1 / 8000), 60) / 500)
        white = np.fft.irfft(shaped, length)
        white /= np.sqrt(np.mean(white**2))
    noise = white * 10 ** (rng.uniform(-78, -45) / 20)
    if rng.random() < 0.15:
        time_s = np.arange(length) / 8000
        hum = sum(np.sin(2 * np.pi * 50 * k * time_s + rng.uniform(0, 6)) / k for k in (1, 2, 3, 5))
        noise = noise + hum * 10 ** (rng.uniform(-65, -45) / 20)
    return np.asarray(noise)


def _suppress_silence(sound: Array, active: Array, rng: Rng) -> Array:
    """A gateway with voice activity detection: between talk it sends nothing, or comfort noise of its own."""
    hang = int(rng.integers(8, 30))
    kept = np.convolve(active.astype(float), np.ones(hang + 4), mode="full")[3 : 3 + len(active)] > 0
    mask = np.repeat(kept, 80)[: len(sound)]
    mask = np.pad(mask, (0, len(sound) - len(mask)))
    comfort = 0.0 if rng.random() < 0.4 else 10 ** (rng.uniform(-70, -48) / 20)
    return np.where(mask, sound, rng.normal(size=len(sound)) * comfort)


def _codec(pcm: Samples, rng: Rng) -> Samples:
    draw = rng.random()
    if draw < 0.18:
        pcm = _sox_gsm(pcm)
    return a_law(pcm) if rng.random() < 0.6 else mu_law(pcm)


def _sox_gsm(pcm: Samples) -> Samples:
    raw = ["-t", "raw", "-r", "8000", "-c", "1"]
    linear = [*raw, "-e", "signed-integer", "-b", "16", "-"]
    gsm = ["-t", "gsm", "-r", "8000", "-c", "1", "-"]
    coded = subprocess.run(["sox", "-D", *linear, *gsm], input=pcm.tobytes(), capture_output=True, check=True)
    plain = subprocess.run(["sox", "-D", *gsm, *linear], input=coded.stdout, capture_output=True, check=True)
    decoded = np.frombuffer(plain.stdout, dtype=np.int16)[: len(pcm)]
    return np.pad(decoded, (0, len(pcm) - len(decoded))).copy()


def a_law(pcm: Samples) -> Samples:
    """There and back through G.711 A-law."""
    size = np.minimum(np.abs(pcm.astype(np.int32)), 32635)
    exponent = np.maximum(np.floor(np.log2(np.maximum(size, 1))).astype(np.int32) - 7, 1)
    step = np.left_shift(8, exponent)
    return np.asarray(np.sign(pcm) * (size // step * step + step // 2), dtype=np.int16)


def mu_law(pcm: Samples) -> Samples:
    """There and back through G.711 mu-law."""
    size = np.minimum(np.abs(pcm.astype(np.int32)), 32635) + 132
    exponent = np.floor(np.log2(size)).astype(np.int32) - 7
    step = np.left_shift(8, exponent)
    return np.asarray(np.sign(pcm) * np.maximum(size // step * step + step // 2 - 132, 0), dtype=np.int16)


def _lose_packets(pcm: Samples, rng: Rng) -> Samples:
    """Drop 20 ms packets, alone or in pairs; the receiver repeats the last one fading, or plays nothing."""
    rate, repeat = rng.uniform(0.005, 0.06), rng.random() < 0.7
    lossy = pcm.copy()
    for start in range(160, len(pcm) - 320, 160):
        if rng.random() < rate:
            length = 160 * int(rng.integers(1, 3))
            last = lossy[start - 160 : start]
            fill = np.tile(last, 2)[:length] * np.linspace(0.9, 0.3, length) if repeat else np.zeros(length)
            lossy[start : start + length] = fill.astype(np.int16)
    return lossy
