"""``strowger amd classify`` on files as they come: a row for each that can be heard, a reason for each that cannot."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from firmware.cli import main
from firmware.listen.classify import COLUMNS, CORRECTIONS
from firmware.listen.errors import UnreadableFile
from firmware.listen.many import answers
from tests.unit.dsp.sounds import pcm, silence, speech, tone

GREETING = "You have reached our voice mail. Nobody can take your call now. Please leave a message."


def write(path: Path, samples: np.ndarray, *, rate_hz: int = 8000, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(np.repeat(samples, channels).astype("<i2").tobytes())
    return path


def sit(after_ms: float = 300) -> np.ndarray:
    return pcm(silence(after_ms), *(tone((hz,), 330) for hz in (950.0, 1400.0, 1800.0)), silence(1500))


def classify(tmp_path: Path, *arguments: object) -> tuple[int, list[dict[str, str]]]:
    """The exit status and the rows."""
    out = tmp_path / "out.csv"
    status = main(["amd", "classify", *map(str, arguments), "--csv", str(out)])
    with out.open(newline="", encoding="utf-8") as file:
        return status, list(csv.DictReader(file))


def test_one_bad_file_costs_the_others_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, empty = write(tmp_path / "good.wav", sit()), tmp_path / "empty.wav"
    empty.touch()
    status, rows = classify(tmp_path, good, empty, tmp_path / "gone.wav", good)
    assert status == 1
    assert [row["file"] for row in rows] == [str(good), str(good)]
    assert list(rows[0]) == list(COLUMNS) == ["file", "status", "cause", "confidence", "seconds", "beep_s"]
    errors = capsys.readouterr().err.splitlines()
    assert errors == [
        f"strowger: {empty}: the file is empty",
        f"strowger: {tmp_path / 'gone.wav'}: No such file or directory",
    ]


def test_what_was_corrected_later_has_columns_of_its_own(tmp_path: Path) -> None:
    hello = (silence(400), speech("Hello?"), silence(1300))
    machine = write(
        tmp_path / "machine.wav", pcm(*hello, speech(GREETING), silence(300), tone((1000.0,), 400))
    )
    person = write(tmp_path / "person.wav", pcm(*hello, silence(2000)))
    _, rows = classify(tmp_path, machine, person, "--corrections")
    assert list(rows[0]) == [*COLUMNS, *CORRECTIONS]
    assert [(row["status"], row["corrected"]) for row in rows] == [("HUMAN", "MACHINE"), ("HUMAN", "")]
    assert float(rows[0]["seconds"]) + 2.0 < float(rows[0]["corrected_s"]) <= float(rows[0]["beep_s"]) + 0.2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--sensitivity", "brave"], "sensitivity must be"),
        (["--max-decision", "99"], "max_decision_s must be"),
        (["--early-media", "-1"], "--early-media must be"),
        (["--early-media", "9"], "before the early media is over"),
        (["--channel", "2"], "no channel 2"),
    ],
)
def test_wrong_settings_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(["amd", "classify", str(write(tmp_path / "a.wav", sit())), "--csv", "-", *arguments]) == 1
    assert words in capsys.readouterr().err


def test_a_place_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "a.wav", sit())
    assert main(["amd", "classify", str(file), "--csv", str(tmp_path / "no" / "out.csv")]) == 1
    assert "No such file or directory" in capsys.readouterr().err


@pytest.mark.req("GEN-016")
def test_an_intercept_with_its_reason_and_the_time_of_its_packet(tmp_path: Path) -> None:
    status, rows = classify(tmp_path, write(tmp_path / "sit.wav", sit()))
    assert status == 0
    assert (rows[0]["status"], rows[0]["confidence"], rows[0]["beep_s"]) == ("INTERCEPT", "1.000", "")
    assert rows[0]["cause"].startswith("three rising network tones after 1.")
    assert 1.0 <= float(rows[0]["seconds"]) <= 1.4


def test_causes_in_german(tmp_path: Path) -> None:
    _, rows = classify(tmp_path, write(tmp_path / "sit.wav", sit()), "--language", "de")
    assert "aufsteigende Hinweistöne" in rows[0]["cause"]


@pytest.mark.parametrize(("rate_hz", "channels"), [(44100, 2), (48000, 1), (8000, 2)])
def test_any_rate_and_number_of_channels(tmp_path: Path, rate_hz: int, channels: int) -> None:
    at_s = np.arange(rate_hz * 3) / rate_hz
    fax = np.where(at_s > 0.5, np.sin(2 * np.pi * 2100 * at_s) * 8000, 0)
    _, rows = classify(tmp_path, write(tmp_path / "fax.wav", fax, rate_hz=rate_hz, channels=channels))
    assert rows[0]["status"] == "FAX"
    assert float(rows[0]["seconds"]) == pytest.approx(1.1, abs=0.15)


def test_two_tenths_of_a_second_are_followed_by_silence(tmp_path: Path) -> None:
    _, rows = classify(tmp_path, write(tmp_path / "short.wav", pcm(silence(200))))
    assert (rows[0]["status"], rows[0]["seconds"]) == ("SILENCE", "3.50")


def test_ten_minutes_are_heard_to_their_end(tmp_path: Path) -> None:
    words = speech(GREETING)
    sound = pcm(
        silence(300), words, silence(590_000), words, silence(300), tone((1000.0,), 400), silence(500)
    )
    _, rows = classify(tmp_path, write(tmp_path / "long.wav", sound))
    assert float(rows[0]["beep_s"]) == pytest.approx(590.0 + 1.0 + 2 * len(words) / 8000, abs=0.1)
    assert float(rows[0]["seconds"]) <= 3.5


@pytest.mark.req("GEN-022")
def test_the_end_of_the_beep_is_told_although_the_verdict_fell_long_before(tmp_path: Path) -> None:
    words = speech(GREETING)
    sound = pcm(silence(300), words, silence(400), tone((880.0,), 500))
    _, rows = classify(tmp_path, write(tmp_path / "machine.wav", sound))
    assert float(rows[0]["beep_s"]) == pytest.approx(len(sound) / 8000, abs=0.05)
    assert float(rows[0]["seconds"]) <= 3.5


@pytest.mark.req("GEN-016")
def test_early_media_is_heard_but_is_not_the_call(tmp_path: Path) -> None:
    ringback = np.concatenate((tone((425.0,), 1000), silence(4000)))
    file = write(tmp_path / "ring.wav", pcm(ringback, silence(2500)))
    _, rows = classify(tmp_path, file, "--early-media", "5.01")
    assert (rows[0]["status"], rows[0]["seconds"]) == ("SILENCE", "3.50")


@pytest.mark.req("GEN-016")
def test_an_announcement_s_tones_before_the_answer_are_told_before_it(tmp_path: Path) -> None:
    file = write(tmp_path / "sit.wav", np.concatenate((sit(), pcm(silence(3000)))))
    _, rows = classify(tmp_path, file, "--early-media", "2.5")
    assert rows[0]["status"] == "INTERCEPT"
    assert -1.6 < float(rows[0]["seconds"]) < -1.0


def test_many_files_keep_their_order(tmp_path: Path) -> None:
    files = [write(tmp_path / f"{n:02}.wav", sit(20 * n)) for n in range(25)]
    files[7].write_bytes(b"")
    status, rows = classify(tmp_path, *files, "--jobs", "2")
    assert status == 1
    assert [row["file"] for row in rows] == [str(file) for file in files if file != files[7]]


def _die(file: Path) -> str:
    if file.name == "deadly":
        os.kill(os.getpid(), signal.SIGKILL)
    return file.name


def test_a_process_that_is_killed_leaves_words_for_every_file_left() -> None:
    """As the kernel does when memory runs out."""
    files = [Path(f"f{n}") for n in range(30)] + [Path("deadly")] + [Path("g")] * 30
    found = list(answers(files, _die, jobs=2))
    assert [file for file, _ in found] == files
    left = [answer for _, answer in found if isinstance(answer, UnreadableFile)]
    assert left
    assert "a process was killed" in str(left[0])
    assert all(answer == file.name for file, answer in found if not isinstance(answer, UnreadableFile))


def test_whoever_reads_may_stop_reading(tmp_path: Path) -> None:
    files = [str(write(tmp_path / f"{n}.wav", sit())) for n in range(12)]
    command = [sys.executable, "-m", "firmware", "amd", "classify", *files, "--csv", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("file,status")
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()
    assert process.returncode == 1
