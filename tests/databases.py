"""New databases without the work of migrating one each time: copies of an empty one that was migrated once."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from firmware.store import opening


def lay(database: Path) -> None:
    """Put an empty, migrated database there unless there is one."""
    if not database.exists():
        shutil.copyfile(_empty(), database)


@functools.cache
def _empty() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="strowger-empty-"))
    atexit.register(shutil.rmtree, folder)
    opening.open_writer(folder / "strowger.db").close()
    return folder / "strowger.db"
