"""Voices: found, drawn, decoded, or plainly missing."""

from __future__ import annotations

import csv
import random
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from board.sim import voices
from board.sim.voices import Kind, NoVoices, Voices, default_directory, default_pool, read_audio
from tests.unit.board_sim.support import buzz, make_voices, write_wav


def make_pool(directory: Path, rows: list[tuple[str, str, str]]) -> Path:
    """Make a pool of (class, language, speaker) as FLAC files, by sox."""
    sox = shutil.which("sox")
    assert sox, "sox is missing: run make setup"
    directory.mkdir()
    with (directory / "MANIFEST.csv").open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["file", "split", "class", "duration_s", "language", "speaker_id"])
        for n, (kind, language, speaker) in enumerate(rows):
            write_wav(directory / f"{n}.wav", buzz(0.5, 200 + 10 * n))
            subprocess.run([sox, f"{n}.wav", f"{n}.flac"], cwd=directory, check=True)
            out.writerow([f"{n}.flac", "pool", kind, "0.5", language, speaker])
    return directory


def test_no_voices_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoVoices, match="run make setup"):
        Voices(tmp_path)


def test_a_missing_kind_is_named(tmp_path: Path) -> None:
    make_voices(tmp_path)
    manifest = tmp_path / "manifest.csv"
    manifest.write_text(
        "\n".join(line for line in manifest.read_text().splitlines() if "machine_greeting" not in line)
    )
    with pytest.raises(NoVoices, match=r"machine_greeting.*run make setup"):
        Voices(tmp_path)


def test_a_pool_without_a_manifest_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NoVoices, match=r"MANIFEST\.csv"):
        Voices(make_voices(tmp_path / "v"), tmp_path)


async def test_a_clip_is_what_the_file_holds(tmp_path: Path) -> None:
    made = Voices(make_voices(tmp_path))
    recording = made.choose(Kind.HELLO, "de", random.Random(1))
    clip = await made.load(recording)
    assert (recording.language, recording.voice, clip.duration_s) == ("de", "de-1", 0.6)
    assert await made.load(recording) is clip


async def test_languages_and_stand_ins(tmp_path: Path) -> None:
    make_voices(tmp_path, ["de"])
    manifest = tmp_path / "manifest.csv"
    manifest.write_text(
        "\n".join(line for line in manifest.read_text().splitlines() if "call_screening" not in line)
    )
    made = Voices(tmp_path)
    assert made.choose(Kind.TALK, "fr", random.Random(1)).language == "de"
    assert made.choose(Kind.SCREENING, "de", random.Random(1)).kind == Kind.GREETING


async def test_a_pool_goes_first_and_a_voice_stays_the_same(tmp_path: Path) -> None:
    pool = make_pool(tmp_path / "pool", [("human_short", "en-US", "anna"), ("human_phrase", "en", "anna"),
                                         ("human_phrase", "en", "bob"), ("noise", "en", "x")])  # fmt: skip
    made = Voices(make_voices(tmp_path / "own"), pool)
    for seed in range(20):
        rng = random.Random(seed)
        assert made.choose(Kind.HELLO, "en", rng).path.suffix == ".flac"
        assert made.choose(Kind.TALK, "en", rng, "bob").voice == "bob"
        assert made.choose(Kind.HELLO, "de", rng).voice == "de-1"
        assert made.choose(Kind.GREETING, "en", rng).voice == "en-1"
    clip = await made.load(made.choose(Kind.TALK, "en", random.Random(1), "anna"))
    assert np.array_equal(clip.samples, buzz(0.5, 210))


async def test_decoded_clips_are_kept_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voices, "_CACHE_BYTES", 20_000)
    made = Voices(make_voices(tmp_path))
    first = made.choose(Kind.HELLO, "de", random.Random(1))
    clip = await made.load(first)
    for kind in (Kind.TALK, Kind.GREETING):
        await made.load(made.choose(kind, "de", random.Random(1)))
    assert await made.load(first) is not clip


@pytest.mark.parametrize(
    ("name", "content"), [("a.wav", b"RIFFnothing"), ("a.wav", b""), ("a.flac", b"fLaCnothing")]
)
def test_a_broken_file_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(NoVoices, match=name):
        read_audio(tmp_path / name)


def test_a_file_of_another_rate_is_refused(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", buzz(0.1))
    data = bytearray((tmp_path / "a.wav").read_bytes())
    data[24:28] = (16000).to_bytes(4, "little")
    (tmp_path / "a.wav").write_bytes(data)
    with pytest.raises(NoVoices, match="mono, 16 bit, 8 kHz"):
        read_audio(tmp_path / "a.wav")


def test_the_environment_names_the_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("STROWGER_VOICES", "STROWGER_CACHE", "XDG_CACHE_HOME", "STROWGER_AUDIO_POOL"):
        monkeypatch.delenv(name, raising=False)
    assert default_directory() == Path.home() / ".cache/strowger/voices"
    assert default_pool() is None
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert default_directory() == Path("/x/strowger/voices")
    monkeypatch.setenv("STROWGER_CACHE", "/c")
    assert default_directory() == Path("/c/voices")
    monkeypatch.setenv("STROWGER_VOICES", "/v")
    monkeypatch.setenv("STROWGER_AUDIO_POOL", "/p")
    assert (default_directory(), default_pool()) == (Path("/v"), Path("/p"))
