"""Sound files of every make arrive as the same 8 kHz samples; what cannot be read is named with its reason."""

from __future__ import annotations

import shutil
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from firmware.listen.audio import read
from firmware.listen.errors import UnreadableFile
from firmware.listen.resample import to_8khz

RATE_HZ = 8000


def sine(hz: float, seconds: float, rate_hz: int = RATE_HZ, size: float = 0.5) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(round(seconds * rate_hz)) / rate_hz) * size


def wav(
    body: bytes, *, rate_hz: int = RATE_HZ, channels: int = 1, bits: int = 16, tag: int = 1, size: int = -1
) -> bytes:
    width = channels * bits // 8
    form = struct.pack("<HHIIHH", tag, channels, rate_hz, rate_hz * width, width, bits)
    odd = b"LIST" + struct.pack("<I", 3) + b"abc\0"  # an odd chunk between, as many programs write
    data = b"data" + struct.pack("<I", len(body) if size < 0 else size) + body
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + odd + data
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks


def pcm(samples: np.ndarray) -> np.ndarray:
    return np.round(samples * 32767).astype("<i2")


def in_24_bits(samples: np.ndarray) -> bytes:
    whole = np.round(samples * (2**23 - 1)).astype("<i4")
    return whole.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()


def a_law(samples: np.ndarray) -> bytes:
    """Each sample's nearest A-law value, found by trying all 256 of them (by the definition in G.711)."""
    values = []
    for code in range(256):
        bits = code ^ 0x55
        step, place = bits >> 4 & 7, bits & 15
        size = (2 * place + 1) * 8 if step == 0 else (2 * place + 33) * (1 << (step + 2))
        values.append(size if bits & 0x80 else -size)
    wanted = pcm(samples).astype(int)
    return np.abs(np.array(values)[None, :] - wanted[:, None]).argmin(axis=1).astype(np.uint8).tobytes()


WRITERS: dict[str, Callable[[np.ndarray], bytes]] = {
    "16 bits": lambda x: wav(pcm(x).tobytes()),
    "24 bits": lambda x: wav(in_24_bits(x), bits=24),
    "32 bits": lambda x: wav(np.round(x * (2**31 - 1)).astype("<i4").tobytes(), bits=32),
    "8 bits": lambda x: wav(np.round(x * 127 + 128).astype(np.uint8).tobytes(), bits=8),
    "float": lambda x: wav(x.astype("<f4").tobytes(), bits=32, tag=3),
    "double": lambda x: wav(x.astype("<f8").tobytes(), bits=64, tag=3),
    "A-law": lambda x: wav(a_law(x), bits=8, tag=6),
}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\0" * 1000, "not a WAV file (WAV and FLAC can be read)"),
        (b"ID3\4 an mp3 file", "not a WAV file"),
        (b"RIFF\0\0\0\0WAVE", "ends before its samples"),
        (wav(b""), "no sound"),
        (wav(b"\0" * 100, bits=12), "12 bits in format 1"),
        (wav(b"\0" * 100, tag=85), "format 85"),
        (wav(b"\0" * 100, channels=0), "0 channels"),
        (wav(b"\0" * 100, rate_hz=100), "100 Hz"),
        (wav(np.full(9, np.nan, "<f4").tobytes(), bits=32, tag=3), "not numbers"),
    ],
)
def test_what_cannot_be_read_is_named_with_the_reason(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as raised:
        read(path)
    assert str(path) in str(raised.value)
    assert reason in str(raised.value)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="No such file"):
        read(tmp_path / "nowhere.wav")
    with pytest.raises(UnreadableFile, match="is a folder"):
        read(tmp_path)


def test_a_channel_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(wav(pcm(sine(500, 0.1)).tobytes()))
    with pytest.raises(UnreadableFile, match="no channel 2, it has 1"):
        read(path, channel=2)


@pytest.mark.parametrize("kind", WRITERS)
def test_every_sample_format(tmp_path: Path, kind: str) -> None:
    path, sound = tmp_path / "call.wav", sine(700, 0.3)
    path.write_bytes(WRITERS[kind](sound))
    coarse = {"8 bits": 300, "A-law": 600}.get(kind, 1)
    assert np.abs(read(path).astype(int) - pcm(sound)).max() <= coarse


def test_sixteen_bits_at_eight_kilohertz_arrive_untouched(tmp_path: Path) -> None:
    path, samples = tmp_path / "call.wav", np.arange(-32768, 32768, dtype="<i2")
    path.write_bytes(wav(samples.tobytes()))
    assert (read(path) == samples).all()


@pytest.mark.parametrize("size", [0, 10**6])
def test_a_recording_under_way_is_read_as_far_as_it_goes(tmp_path: Path, size: int) -> None:
    path, sound = tmp_path / "call.wav", pcm(sine(700, 0.3))
    path.write_bytes(wav(sound.tobytes() + b"\1", size=size))
    assert (read(path) == sound).all()


def test_stereo_is_mixed_or_one_channel_is_chosen(tmp_path: Path) -> None:
    path, left, right = tmp_path / "call.wav", pcm(sine(400, 0.2, size=0.4)), pcm(sine(900, 0.2, size=0.4))
    path.write_bytes(wav(np.stack((left, right), axis=1).tobytes(), channels=2))
    assert (read(path, channel=1) == left).all()
    assert (read(path, channel=2) == right).all()
    assert np.abs(read(path) - (left.astype(int) + right) / 2).max() <= 1


@pytest.mark.parametrize("rate_hz", [11025, 16000, 22050, 32000, 44100, 48000, 96000, 7999, 6000])
def test_other_rates_keep_pitch_level_and_time(rate_hz: int) -> None:
    heard = to_8khz(sine(1000, 0.5, rate_hz).astype(np.float32), rate_hz)
    assert abs(len(heard) - 4000) <= 1
    assert np.abs(heard[400:-400] - sine(1000, 0.5)[400 : len(heard) - 400]).max() < 0.002


@pytest.mark.parametrize("hz", [4400, 5000, 7000, 12000, 19000])
def test_what_a_telephone_cannot_carry_does_not_fold_back(hz: float) -> None:
    heard = to_8khz(sine(hz, 0.5, 48000).astype(np.float32), 48000)
    assert np.abs(heard[400:-400]).max() < 0.5 * 10 ** (-60 / 20)


@pytest.mark.parametrize("samples", [1, 2, 7])
def test_a_handful_of_samples(samples: int) -> None:
    assert len(to_8khz(np.ones(samples, dtype=np.float32), 44100)) >= 1


@pytest.mark.skipif(not shutil.which("sox"), reason="sox is not installed")
@pytest.mark.parametrize("form", [["-r", "44100", "-c", "2"], ["-b", "24"], []])
def test_flac(tmp_path: Path, form: list[str]) -> None:
    path = tmp_path / "|a strange name.flac"
    command = ["sox", "-D", "-n", "-r", "8000", "-b", "16", *form, str(path), "synth", "0.5", "sine", "700"]
    subprocess.run(command, check=True)
    heard = read(path).astype(float)
    assert abs(len(heard) - 4000) <= 1
    turns = np.exp(-2j * np.pi * 700 * np.arange(len(heard)) / RATE_HZ)
    assert abs((heard * turns).mean()) * 2 > 0.7 * 32767  # what sox plays at


@pytest.mark.skipif(not shutil.which("sox"), reason="sox is not installed")
@pytest.mark.parametrize("damage", ["cut", "scratched", "nothing behind"])
def test_a_damaged_flac_file(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "call.flac"
    subprocess.run(["sox", "-n", "-r", "8000", "-b", "16", str(path), "synth", "2", "noise"], check=True)
    whole = path.read_bytes()
    half = len(whole) // 2
    damaged = {"cut": whole[:half], "scratched": whole[:half] + b"\0" * half, "nothing behind": b"fLaC"}
    path.write_bytes(damaged[damage])
    with pytest.raises(UnreadableFile, match=r"call\.flac: "):
        read(path)
