"""The recorder against real files, real kernel refusals and a real kill -9."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from firmware.recorder import SAMPLE_RATE_HZ, Recorder, repair


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    one = Recorder()
    one.start()
    yield one
    one.stop()


def tone(value: int, seconds: float = 0.2) -> bytes:
    return np.full(int(SAMPLE_RATE_HZ * seconds), value, dtype=np.int16).tobytes()


def channels(path: Path) -> tuple[np.ndarray, np.ndarray]:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, SAMPLE_RATE_HZ, 2)
        frames = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)
    assert path.stat().st_size == 44 + frames.nbytes, "the header says what the file holds"
    return frames[:, 0], frames[:, 1]


def test_customer_left_agent_right_and_a_name_only_when_whole(tmp_path: Path) -> None:
    recorder = Recorder()
    recorder.start()
    path = tmp_path / "2026" / "call.wav"
    recording = recorder.open(path)
    for _ in range(10):
        recording.write(tone(1000), tone(-2000))
    assert not path.exists()
    recording.close()
    recorder.stop()
    left, right = channels(path)
    assert len(left) == 2 * SAMPLE_RATE_HZ
    assert (left == 1000).all()
    assert (right == -2000).all()
    assert path.stat().st_mode & 0o007 == 0, "not for everybody's ears"


def test_a_recording_never_replaces_another(tmp_path: Path) -> None:
    recorder = Recorder()
    recorder.start()
    for value in (1, 2):
        recording = recorder.open(tmp_path / "call.wav")
        recording.write(tone(value), tone(value))
        recording.close()
    recorder.stop()
    assert channels(tmp_path / "call.wav")[0][0] == 1
    assert channels(tmp_path / "call-2.wav")[0][0] == 2


KILLED = """
import sys, threading
from pathlib import Path
from firmware.recorder import Recorder
recorder = Recorder()
recorder.start()
recording = recorder.open(Path(sys.argv[1]))
while True:
    recording.write(bytes(range(2)) * 1600, bytes(2) * 1600)
    threading.Event().wait(0.001)
"""


def test_kill_minus_nine_leaves_a_file_that_is_repaired(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    part = tmp_path / "call.wav.part"
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(path)])
    try:
        end = time.monotonic() + 20
        while not part.exists() or part.stat().st_size < 300_000:
            assert time.monotonic() < end
            time.sleep(0.005)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    size = part.stat().st_size
    said = int.from_bytes(part.read_bytes()[40:44], "little")
    assert size - 44 - said <= 3 * SAMPLE_RATE_HZ * 4 + 6400, (
        "even unrepaired the header is seconds old at most"
    )
    assert repair(tmp_path) == [path]
    left, right = channels(path)
    assert len(left) == (size - 44) // 4
    assert (left == 256).all()
    assert (right == 0).all()
    assert not part.exists()


@pytest.mark.parametrize("size", [0, 10, 44, 46])
def test_repair_leaves_no_file_without_audio(tmp_path: Path, size: int) -> None:
    (tmp_path / "call.wav.part").write_bytes(bytes(size))
    assert repair(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_repair_cuts_half_a_sample_off(tmp_path: Path) -> None:
    (tmp_path / "call.wav.part").write_bytes(bytes(44 + 4 * 100 + 3))
    repair(tmp_path)
    assert len(channels(tmp_path / "call.wav")[0]) == 100


FULL = """
import logging, resource, signal, sys
from pathlib import Path
from firmware.recorder import Recorder
logging.basicConfig(level=logging.ERROR)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
recorder = Recorder()
recorder.start()
recording = recorder.open(Path(sys.argv[1]))
for _ in range(100):
    recording.write(bytes(1600), bytes(1600))
recording.close()
recorder.stop()
print(recorder.failures)
"""


def test_no_room_ends_the_recording_with_a_reason_and_keeps_what_fits(tmp_path: Path) -> None:
    """A file size limit makes the kernel refuse like a full disk does (EFBIG for ENOSPC)."""
    path = tmp_path / "call.wav"
    done = subprocess.run([sys.executable, "-c", FULL, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"
    assert "call.wav ends early" in done.stderr
    assert 90_000 < 4 * len(channels(path)[0]) <= 100_000


def test_a_folder_that_cannot_be_made_is_logged_and_harms_no_other(
    tmp_path: Path, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder")
    bad, good = recorder.open(tmp_path / "file" / "a.wav"), recorder.open(tmp_path / "b.wav")
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            bad.write(tone(1), tone(1))
            good.write(tone(2), tone(2))
        bad.close()
        good.close()
        end = time.monotonic() + 10
        while not (tmp_path / "b.wav").exists():
            assert time.monotonic() < end
            time.sleep(0.005)
    assert [record.getMessage() for record in caplog.records if "a.wav" in record.getMessage()]
    assert recorder.failures == 1
    assert len(channels(tmp_path / "b.wav")[0]) == 3 * 1600


def test_a_stalled_disk_costs_a_gap_of_the_same_length_and_never_waits(tmp_path: Path) -> None:
    """The stall is real: the first file is a pipe nobody reads from for a while."""
    recorder = Recorder(limit_bytes=300_000)
    recorder.start()
    os.mkfifo(tmp_path / "stall.wav.part")
    plug, other = recorder.open(tmp_path / "stall.wav"), recorder.open(tmp_path / "call.wav")
    for _ in range(24):
        plug.write(tone(7), tone(7))  # 150 kB: twice what the pipe holds
    for value in range(1, 101):
        other.write(tone(value), tone(-value))  # 20 s of audio handed over at once: most finds no room

    def unplug() -> None:
        with (tmp_path / "stall.wav.part").open("rb") as pipe:
            while pipe.read(65536):
                pass

    reader = threading.Thread(target=unplug)
    reader.start()
    end = time.monotonic() + 20
    while recorder._taken_bytes != recorder._done_bytes:
        assert time.monotonic() < end
        time.sleep(0.005)
    other.write(tone(500), tone(-500))
    other.close()
    plug.close()
    recorder.stop()
    reader.join(10)
    left, right = channels(tmp_path / "call.wav")
    assert len(left) == 101 * 1600, "as long as the call"
    assert (left == -right).all(), "both channels still aligned"
    assert (left[-1600:] == 500).all()
    assert (left[:1600] == 1).all()
    assert (left == 0).any(), "the gap"
