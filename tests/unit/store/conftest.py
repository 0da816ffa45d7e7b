from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from firmware.store import opening
from firmware.store.store import Store
from tests import databases


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The writer's connection of a new database, without the thread around it."""
    databases.lay(tmp_path / "strowger.db")
    opened = opening.open_writer(tmp_path / "strowger.db")
    yield opened
    opened.close()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """An open store that fails the test if something posted to it fails."""
    failures: list[BaseException] = []
    databases.lay(tmp_path / "strowger.db")
    opened = Store(tmp_path / "strowger.db", tmp_path / "opt-outs.journal", failures.append, ballast_bytes=0)
    await opened.open()
    yield opened
    await opened.close()
    assert failures == []
