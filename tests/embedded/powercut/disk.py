"""A disk as POSIX promises it and no better: what was not synced may be there, or not, or in part, in any order.

A file's content is durable up to its last fsync; every 512-byte sector written since is kept or lost by itself, and
so is a change of length. A name made, moved or removed is durable once its folder was synced; until then a
beginning of what was done to the folder since is. What the model is kinder about than the worst disk: a sector is
never half-written, and one that is not being written stays as it is.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

from tests.embedded.powercut.trace import Op

SECTOR = 512


@dataclass(slots=True)
class _File:
    durable: bytearray = field(default_factory=bytearray)
    since: list[Op] = field(default_factory=list)
    length: int = 0

    def sync(self) -> None:
        for op in self.since:
            _apply(self.durable, op)
        self.since.clear()


class Disk:
    """One folder. Feed it what happened with ``do``; ask with ``image`` what a cut would leave at this moment."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._durable_names: dict[str, _File] = {}
        self._names: dict[str, _File] = {}
        self._names_since: list[Op] = []
        self._made: dict[int, _File] = {}

    def do(self, op: Op) -> None:
        """Play one act."""
        if op.do == "sync" and op.path == self._folder:
            self._sync_names()
        elif op.do == "create":
            if op.path not in self._names:
                self._made[len(self._made)] = made = _File()
                self._names[op.path] = made
                self._names_since.append(Op("create", op.path, len(self._made) - 1))
        elif op.do == "rename":
            self._names[op.data.decode()] = self._names.pop(op.path)
            self._names_since.append(op)
        elif op.do == "unlink":
            del self._names[op.path]
            self._names_since.append(op)
        elif op.do == "sync":
            self._names[op.path].sync()
        else:
            self._change(self._names[op.path], op)

    def image(self, chance: random.Random, into: Path) -> None:
        """Write one state the disk could be in after a cut to the folder ``into``."""
        names = self._replayed(self._names_since[: chance.randint(0, len(self._names_since))])
        kept = chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        for path, file in names.items():
            content = bytearray(file.durable)
            for op in file.since:
                for piece in _pieces(op):
                    if chance.random() < kept:
                        _apply(content, piece)
            if chance.random() < 0.25:  # the new length may be on the disk before the new content
                content.extend(bytes(max(0, file.length - len(content))))
            (into / Path(path).name).write_bytes(content)

    def _sync_names(self) -> None:
        self._durable_names = self._replayed(self._names_since)
        self._names_since.clear()

    def _replayed(self, ops: list[Op]) -> dict[str, _File]:
        names = dict(self._durable_names)
        for op in ops:
            if op.do == "create":
                names[op.path] = self._made[op.offset or 0]
            elif op.do == "rename":
                names[op.data.decode()] = names.pop(op.path)
            else:
                del names[op.path]
        return names

    @staticmethod
    def _change(file: _File, op: Op) -> None:
        if op.do == "truncate":
            file.length = op.offset or 0
        else:
            op = Op("write", op.path, file.length if op.offset is None else op.offset, op.data)
            file.length = max(file.length, (op.offset or 0) + len(op.data))
        file.since.append(op)


def _pieces(op: Op) -> list[Op]:
    """A write as writes that each stay within one sector."""
    if op.do != "write" or op.offset is None:
        return [op]
    pieces, start, end = [], op.offset, op.offset + len(op.data)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        pieces.append(Op("write", op.path, start, op.data[start - op.offset : stop - op.offset]))
        start = stop
    return pieces


def _apply(content: bytearray, op: Op) -> None:
    offset = op.offset or 0
    content.extend(bytes(max(0, offset - len(content))))
    if op.do == "truncate":
        del content[offset:]
    else:
        content[offset : offset + len(op.data)] = op.data
