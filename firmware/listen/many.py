"""The same question for many files: one after another, or on all cores; answers in the order of the files.

A file that cannot be read becomes an answer too, so that it costs nobody else's. Knows nothing of what is asked.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from firmware.listen.errors import UnreadableFile

Answer = TypeVar("Answer")
_FEW = 20
"""Up to so many files the start of more processes costs more than it saves."""
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class _Asked(Generic[Answer]):
    """The question, or in place of an answer the reason why there is none."""

    ask: Callable[[Path], Answer]

    def __call__(self, path: Path) -> Answer | UnreadableFile:
        try:
            return self.ask(path)
        except UnreadableFile as error:
            return error


def answers(
    files: Sequence[Path], ask: Callable[[Path], Answer], jobs: int = 0
) -> Iterator[tuple[Path, Answer | UnreadableFile]]:
    """``ask`` (picklable) of each file, in order. ``jobs`` 0: as many processes as it pays to have."""
    question = _Asked(ask)
    jobs = jobs or (1 if len(files) <= _FEW else os.cpu_count() or 1)
    if jobs == 1:
        for file in files:
            yield file, question(file)
        return
    done = 0
    try:
        with ProcessPoolExecutor(jobs) as pool:
            for file, answer in zip(files, pool.map(question, files, chunksize=_AT_ONCE), strict=True):
                yield file, answer
                done += 1
    except BrokenProcessPool:
        for file in files[done:]:
            yield (
                file,
                UnreadableFile(f"{file}: not heard, a process was killed (too little memory?); try --jobs 1"),
            )
