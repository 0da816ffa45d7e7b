"""A person's word for the clock: what it makes believable, what not, and that a restart does not forget it."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from firmware.commands.clock import newest_believed
from firmware.store import attempts
from tests.unit.commands.office import Box, opened
from tests.unit.store.helpers import claim, new_campaign, new_list

YEAR_S = 365 * 86_400.0


async def dial(box: Box, at: float, which: int) -> None:
    """An attempt is on record at a time."""

    def work(conn: sqlite3.Connection) -> None:
        assert claim(conn, new_campaign(conn, new_list(conn, 1, first=which)), now=at).claims

    await box.store.do(work)


@pytest.mark.parametrize("restarts", [0, 1])
def test_records_from_a_wrong_future_are_believed_until_a_person_says_otherwise(
    tmp_path: Path, restarts: int
) -> None:
    async def play() -> None:
        async with opened(tmp_path) as box:
            now = box.clock.utc()
            await dial(box, now + YEAR_S, 1)
            assert await box.store.do(newest_believed) == now + YEAR_S
            await box.ask("box.confirm_clock")
            assert box.around.confirmed == 1
        for _ in range(restarts):
            async with opened(tmp_path):
                pass
        async with opened(tmp_path) as box:
            assert await box.store.do(newest_believed) == now
            await dial(box, now + YEAR_S + 10, 2)
            assert await box.store.do(attempts.newest) == await box.store.do(newest_believed)

    asyncio.run(play())
