"""Makes a ``number_file`` from numbers in any order: collected on the disk, sorted there, written once.

The numbers wait in a scratch file that is mapped and sorted in place, so memory does not grow with them (the kernel
may write mapped pages back). Runs in the process that reads an upload, never in the service.
"""

from __future__ import annotations

import os
import zlib
from array import array
from pathlib import Path

import numpy as np

from firmware.store.number_file import DATA_AT, HEADER, MAGIC, PER_BLOCK, WIDTH, NumberFile
from firmware.store.opt_outs import sync_folder

_PIECE_NUMBERS = 1 << 20


class Maker:
    """Collects numbers; ``finish`` makes the file. Used as a context, it leaves no scratch file behind."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._scratch = target.with_name(target.name + ".scratch")
        self._draft = target.with_name(target.name + ".draft")
        self._waiting: array[int] = array("Q")
        self._file = self._scratch.open("wb")

    def __enter__(self) -> Maker:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._scratch.unlink(missing_ok=True)
        self._draft.unlink(missing_ok=True)

    def add(self, number: int) -> None:
        """Collect one number (E.164 digits); repeated ones count once."""
        self._waiting.append(number)
        if len(self._waiting) >= _PIECE_NUMBERS:
            self._flush()

    def add_all(self, other: NumberFile) -> None:
        """Collect every number of another file."""
        for number in other:
            self.add(number)

    def finish(self) -> int:
        """Write the file, durable under its name; returns how many different numbers it holds. :raises OSError:"""
        self._flush()
        self._file.close()
        count = self._write()
        self._draft.rename(self._target)
        sync_folder(self._target.parent)
        return count

    def _flush(self) -> None:
        self._waiting.tofile(self._file)
        self._waiting = array("Q")

    def _write(self) -> int:
        with self._draft.open("wb") as draft:
            draft.write(bytes(DATA_AT))
            count, crc, index = (
                self._sorted_into(draft.fileno()) if self._scratch.stat().st_size else _NOTHING
            )
            draft.seek(DATA_AT + count * WIDTH)
            draft.write(index)
            draft.seek(0)
            draft.write(HEADER.pack(MAGIC, count, crc, zlib.crc32(index)))
            draft.flush()
            os.fsync(draft.fileno())
        return count

    def _sorted_into(self, draft: int) -> tuple[int, int, bytes]:
        """Write the different numbers in order; how many, their checksum, and the first of every block."""
        collected = np.memmap(self._scratch, dtype="<u8", mode="r+")
        collected.sort()
        count, crc, before = 0, 0, None
        firsts: list[bytes] = []
        for at in range(0, len(collected), _PIECE_NUMBERS):
            piece = np.unique(collected[at : at + _PIECE_NUMBERS])
            if before is not None and piece[0] == before:
                piece = piece[1:]
            if not len(piece):
                continue
            before = piece[-1]
            firsts.append(piece[-count % PER_BLOCK :: PER_BLOCK].tobytes())
            data = piece.tobytes()
            os.pwrite(draft, data, DATA_AT + count * WIDTH)
            crc, count = zlib.crc32(data, crc), count + len(piece)
        return count, crc, b"".join(firsts)


_NOTHING = (0, 0, b"")
