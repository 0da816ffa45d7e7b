"""The list of those who were erased, beside the database: a line per erasure with its time and the pseudonym.

A restored database knows fewer of them than this file, and the file is never taken from a backup while the box has its
own; what only the database knows is written here again, so that neither can lose one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

FILE = "erased.journal"
KEY_FILE = "erasure.key"


def read(file: Path) -> dict[int, float]:
    """Pseudonym -> time of the last erasure (UTC seconds); torn lines are passed over. :raises OSError: the disk."""
    found: dict[int, float] = {}
    try:
        lines = file.read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return found
    for line in lines:
        at, _, pseudonym = line.partition(" ")
        if pseudonym.isdigit() and len(pseudonym) == 15 and at.replace(".", "", 1).isdigit():
            found[int(pseudonym)] = max(float(at), found.get(int(pseudonym), 0.0))
    return found


def append(file: Path, entries: Mapping[int, float]) -> None:
    """Write entries down, durably. :raises OSError: the disk."""
    text = "".join(f"{at:.3f} {pseudonym}\n" for pseudonym, at in entries.items())
    fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "w", encoding="ascii") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
