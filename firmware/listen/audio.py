"""A sound file as the ears hear it: mono, 8 kHz, 16 bits, whatever it was before.

WAV is read here, FLAC by the ``sox`` program. Resampling is the business of ``resample``.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dsp.frames import Samples
from firmware.listen.errors import UnreadableFile
from firmware.listen.resample import to_8khz
from firmware.listen.wav import Format, WavError, parse, to_float

_LARGEST_BYTES = 1 << 30
_RATES_HZ = (4000, 384000)
_SOX_TIMEOUT_S = 120
_FLAC_TO_WAV = ("sox", "-V1", "-D", "-t", "flac", "-", "-t", "wav", "-e", "signed-integer", "-")


def read(path: Path, channel: int | None = None) -> Samples:
    """All of ``path`` as int16 samples at 8 kHz.

    ``channel`` counts from 1; ``None`` mixes all channels down. Raises ``UnreadableFile``.
    """
    content = _content(path)
    try:
        form, stored = parse(_flac_to_wav(path, content) if content[:4] == b"fLaC" else content)
    except WavError as error:
        hint = " (WAV and FLAC can be read)" if str(error) == "not a WAV file" else ""
        raise UnreadableFile(f"{path}: {error}{hint}") from error
    if not len(stored):
        raise UnreadableFile(f"{path}: there is no sound in it")
    if not _RATES_HZ[0] <= form.rate_hz <= _RATES_HZ[1]:
        raise UnreadableFile(
            f"{path}: a sample rate of {form.rate_hz} Hz is outside {_RATES_HZ[0]}..{_RATES_HZ[1]}"
        )
    if channel is not None and not 1 <= channel <= form.channels:
        raise UnreadableFile(f"{path}: there is no channel {channel}, it has {form.channels}")
    return _as_heard(path, to_8khz(_one_channel(stored, form, channel), form.rate_hz))


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise UnreadableFile(f"{path}: is a folder, not a sound file")
        size = path.stat().st_size
        if size > _LARGEST_BYTES:
            raise UnreadableFile(
                f"{path}: {size >> 20} MB is more than the {_LARGEST_BYTES >> 20} MB that can be read"
            )
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror or error}") from error
    if not content:
        raise UnreadableFile(f"{path}: the file is empty")
    return content


def _flac_to_wav(path: Path, content: bytes) -> bytes:
    """Decode with ``sox``, which gets bytes and never a name it could read anything into."""
    try:
        done = subprocess.run(
            _FLAC_TO_WAV, input=content, capture_output=True, check=False, timeout=_SOX_TIMEOUT_S
        )
    except FileNotFoundError as error:
        raise UnreadableFile(f"{path}: reading FLAC needs the program sox (apt-get install sox)") from error
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(f"{path}: decoding was not done after {_SOX_TIMEOUT_S} s") from error
    if done.returncode or done.stderr:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UnreadableFile(f"{path}: damaged FLAC file: {words[-1] if words else 'sox cannot read it'}")
    _check_whole(path, content, done.stdout)
    return done.stdout


def _check_whole(path: Path, flac: bytes, wav: bytes) -> None:
    """The header says how many samples there are (0: unknown); a scratch in the middle leaves some out."""
    promised = int.from_bytes(flac[21:26], "big") & 0xFFFFFFFFF
    found = len(parse(wav)[1])
    if promised and found != promised:
        raise UnreadableFile(f"{path}: damaged FLAC file: {found} of {promised} samples can be read")


def _one_channel(stored: NDArray[np.generic], form: Format, channel: int | None) -> NDArray[np.float32]:
    if channel is not None or form.channels == 1:
        return to_float(stored[:, (channel or 1) - 1], form)
    total = to_float(stored[:, 0], form)
    for each in range(1, form.channels):
        total = total + to_float(stored[:, each], form)
    return total / np.float32(form.channels)


def _as_heard(path: Path, samples: NDArray[np.float32]) -> Samples:
    if not np.isfinite(samples).all():
        raise UnreadableFile(f"{path}: some of its samples are not numbers")
    return np.asarray(np.clip(np.round(samples * 32768.0), -32768, 32767), dtype=np.int16)
