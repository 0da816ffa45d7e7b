"""Thread `recorder`: writes stereo WAV files, customer left and agent right; the only thread to wait for the disk.

Audio is handed over in pairs of blocks by the ears; a disk that stalls fills a bounded queue and then costs audio in
the file (silence of the same length takes its place), never a call. A file under way is called ``NAME.wav.part`` and
its header is brought up to date every few seconds; ``repair`` finishes what a killed process left behind.
"""

from __future__ import annotations

import logging
import os
import struct
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

_log = logging.getLogger(__name__)

SAMPLE_RATE_HZ = 8000
_FRAME_BYTES = 4
_HEADER_BYTES = 44
_HEADER_EVERY_BYTES = 3 * SAMPLE_RATE_HZ * _FRAME_BYTES
_LONGEST_BYTES = (1 << 32) - (1 << 20)
"""A WAV file counts in 32 bits: 37 hours."""


class Recording:
    """One file being written. ``write`` and ``close`` belong to one thread, and return at once."""

    def __init__(self, recorder: Recorder, path: Path) -> None:
        self._recorder = recorder
        self._missing = 0
        self.path = path
        self.file: BinaryIO | None = None
        self.bytes_written = 0
        self.header_at = 0
        self.failed = False

    def write(self, left: bytes, right: bytes) -> None:
        """Two blocks of equal length, mono 16 bit. Without room in the queue they become silence later."""
        if self._recorder.take(_Block(self, left, right, self._missing)):
            self._missing = 0
            return
        if not self._missing:
            _log.warning("recorder: the disk is too slow; %s gets a gap", self.path.name)
        self._missing += len(left) // 2

    def close(self) -> None:
        """No more audio; the file gets its name once everything is written."""
        self._recorder.finish(_Block(self, b"", b"", self._missing, last=True))


@dataclass(frozen=True, slots=True)
class _Block:
    recording: Recording
    left: bytes
    right: bytes
    silence_before: int
    """Frames that found no room before this block."""
    last: bool = False


class Recorder:
    """Owns the thread. ``limit_bytes`` bounds the audio waiting for the disk, of all files together."""

    def __init__(self, limit_bytes: int = 16 << 20) -> None:
        self._limit_bytes = limit_bytes
        self._blocks: deque[_Block] = deque()
        self._taken_bytes = 0  # counted by the one who hands over ...
        self._done_bytes = 0  # ... and by our thread: the difference waits
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
        self.failures = 0
        """Files that ended early: disk full, folder gone."""

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is queued, then end. Recordings must have been closed."""
        self._stopping = True
        self._wake.set()
        self._thread.join()

    def open(self, path: Path) -> Recording:
        """A new file at ``path``; its folder is made if missing. Trouble with the disk shows in the journal."""
        return Recording(self, path)

    def take(self, block: _Block) -> bool:
        """Queue a block if there is room."""
        size = len(block.left) + len(block.right)
        if self._taken_bytes - self._done_bytes + size > self._limit_bytes:
            return False
        self._taken_bytes += size
        self._blocks.append(block)
        self._wake.set()
        return True

    def finish(self, block: _Block) -> None:
        """Queue the end of a file; it takes no room."""
        self._blocks.append(block)
        self._wake.set()

    def _run(self) -> None:
        while not (self._stopping and not self._blocks):
            self._wake.wait()
            self._wake.clear()
            while self._blocks:
                block = self._blocks.popleft()
                self._done_bytes += len(block.left) + len(block.right)
                if not block.recording.failed:
                    self._store(block)

    def _store(self, block: _Block) -> None:
        recording = block.recording
        try:
            if recording.file is None:
                recording.file = _create(recording.path)
            for frames in _in_pieces(block.silence_before):
                _append(recording, bytes(frames * _FRAME_BYTES))
            _append(recording, _interleave(block))
            if block.last:
                _complete(recording)
        except OSError as error:
            self.failures += 1
            recording.failed = True
            _log.error("recorder: %s ends early: %s", recording.path.name, error)
            _give_up(recording)


def repair(directory: Path) -> list[Path]:
    """Finish what a killed process left under ``directory``: right header, right name. Nothing heard: no file.

    Call it before the recorder starts. Returns the files rescued; raises ``OSError`` if the disk refuses.
    """
    rescued: list[Path] = []
    for part in sorted(directory.rglob("*.wav.part")):
        frames = max(0, part.stat().st_size - _HEADER_BYTES) // _FRAME_BYTES
        if not frames:
            part.unlink()
            continue
        with part.open("r+b") as file:
            file.truncate(_HEADER_BYTES + frames * _FRAME_BYTES)
            file.write(_header(frames * _FRAME_BYTES))
        path = _free_name(part.with_suffix(""))
        part.rename(path)
        rescued.append(path)
        _log.warning("recorder: %s rescued, %.1f s", path.name, frames / SAMPLE_RATE_HZ)
    return rescued


def _create(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    file = os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o640), "r+b", buffering=0)
    _write_all(file, _header(0))
    return file


def _append(recording: Recording, audio: bytes) -> None:
    file = recording.file
    assert file is not None
    if recording.bytes_written + len(audio) > _LONGEST_BYTES:
        raise OSError("longer than a WAV file can be")
    _write_all(file, audio)
    recording.bytes_written += len(audio)
    if recording.bytes_written - recording.header_at >= _HEADER_EVERY_BYTES:
        _renew_header(recording)


def _renew_header(recording: Recording) -> None:
    assert recording.file is not None
    os.pwrite(recording.file.fileno(), _header(recording.bytes_written), 0)
    recording.header_at = recording.bytes_written


def _complete(recording: Recording) -> None:
    assert recording.file is not None
    _renew_header(recording)
    recording.file.close()
    recording.path.with_name(recording.path.name + ".part").rename(_free_name(recording.path))


def _give_up(recording: Recording) -> None:
    """Keep what there is; ``repair`` will finish it at the next start if even that fails."""
    if recording.file is None:
        return
    try:
        os.ftruncate(recording.file.fileno(), _HEADER_BYTES + recording.bytes_written)
        _complete(recording)
    except OSError as error:
        _log.error("recorder: %s stays unfinished: %s", recording.path.name, error)
        recording.file.close()


def _write_all(file: BinaryIO, data: bytes) -> None:
    """An unbuffered file may take less than it is given; a full disk says so at the next try."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]


def _interleave(block: _Block) -> bytes:
    frames = np.empty((len(block.left) // 2, 2), dtype="<i2")
    frames[:, 0] = np.frombuffer(block.left, dtype=np.int16)
    frames[:, 1] = np.frombuffer(block.right, dtype=np.int16)
    return frames.tobytes()


def _in_pieces(frames: int) -> Iterator[int]:
    """A long gap, a second at a time."""
    while frames > 0:
        yield min(frames, SAMPLE_RATE_HZ)
        frames -= SAMPLE_RATE_HZ


def _header(data_bytes: int) -> bytes:
    """RIFF/WAVE, PCM, 2 channels, 8 kHz, 16 bit (Microsoft multimedia registration kit, 1994)."""
    byte_rate = SAMPLE_RATE_HZ * _FRAME_BYTES
    form = struct.pack("<HHIIHH", 1, 2, SAMPLE_RATE_HZ, byte_rate, _FRAME_BYTES, 16)
    riff = struct.pack("<4sI4s", b"RIFF", data_bytes + _HEADER_BYTES - 8, b"WAVE")
    return riff + struct.pack("<4sI", b"fmt ", len(form)) + form + struct.pack("<4sI", b"data", data_bytes)


def _free_name(path: Path) -> Path:
    """``path``, or with a number if it exists: a recording never replaces another."""
    number, candidate = 1, path
    while candidate.exists():
        number += 1
        candidate = path.with_stem(f"{path.stem}-{number}")
    return candidate
