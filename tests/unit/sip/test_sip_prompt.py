"""Announcements in portions, with a ring of a few lines in place of the native one."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from firmware.trunks._sip_prompt import BadPrompt, Prompt, Prompts


class Ring:
    """Holds ``room`` samples; ``play`` takes them like the conference clock does."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.held = b""
        self.played = b""

    def write(self, samples: bytes) -> int:
        taken = samples[: 2 * (self.room - len(self.held) // 2)]
        self.held += taken
        return len(taken) // 2

    def pending(self) -> int:
        return len(self.held) // 2

    def flush(self) -> None:
        self.held = b""

    def play(self, samples: int = 160) -> None:
        self.played += self.held[: 2 * samples]
        self.held = self.held[2 * samples :]


@pytest.mark.parametrize("room", [100, 1600, 100_000])
@pytest.mark.parametrize("length", [0, 1, 159, 160, 12_345])
def test_every_sample_is_played_once_and_the_end_is_told_at_the_end(room: int, length: int) -> None:
    audio = bytes(n % 251 for n in range(2 * length))
    ring, prompt = Ring(room), Prompt(audio)
    for _ in range(2000):
        if prompt.feed(ring):
            break
        assert len(ring.played) < len(audio) or ring.pending() == 0
        ring.play()
    assert ring.played == audio


def test_it_never_runs_far_ahead() -> None:
    ring, prompt = Ring(100_000), Prompt(bytes(200_000))
    prompt.feed(ring)
    assert ring.pending() <= 1600, "what is in the ring is what stop has to throw away"


def write(path: Path, channels: int = 1, width: int = 2, rate: int = 8000, frames: int = 80) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(bytes(channels * width * frames))
    return path


def test_a_file_is_read_once_and_again_when_it_has_changed(tmp_path: Path) -> None:
    import os

    prompts = Prompts()
    path = write(tmp_path / "a.wav")
    first = prompts.load(path)
    assert prompts.load(path) is first
    write(path, frames=100)
    os.utime(path, ns=(1, 1))
    assert len(prompts.load(path)) == 200


@pytest.mark.parametrize("shape", [{"channels": 2}, {"width": 1}, {"rate": 16000}])
def test_other_kinds_of_wav_are_refused(tmp_path: Path, shape: dict[str, int]) -> None:
    with pytest.raises(BadPrompt, match="channels, bytes, rate"):
        Prompts().load(write(tmp_path / "a.wav", **shape))


@pytest.mark.parametrize("content", [None, b"", b"RIFF", b"not audio at all" * 10])
def test_files_that_are_no_wav_are_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "a.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadPrompt, match=r"a\.wav"):
        Prompts().load(path)
