"""Crash loops: the notes may be torn or of yesterday; what counts is how many starts had no stop."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware.clock import FakeClock
from firmware.crashes import WINDOW_S, Crashes

MOST = 3


@pytest.mark.parametrize("torn", ["", "[1.0,", "{}", '["x", null]', "\udcff", "[99999999.0]"])
def test_notes_that_are_damaged_or_from_before_the_boot_count_for_nothing(tmp_path: Path, torn: str) -> None:
    file = tmp_path / "starts"
    file.write_bytes(torn.encode("utf-8", "surrogateescape"))
    assert Crashes(FakeClock(), file, MOST).begin() == 0


async def test_so_many_crashes_are_a_loop_which_is_over_after_a_while(tmp_path: Path) -> None:
    clock, file = FakeClock(), tmp_path / "starts"
    for crash in range(MOST + 1):
        assert Crashes(clock, file, MOST).begin() == crash
        await clock.advance(10)
    last = Crashes(clock, file, MOST)
    last.begin()
    assert last.looping
    await clock.advance(WINDOW_S)
    assert not last.looping


def test_a_stop_in_order_is_no_crash(tmp_path: Path) -> None:
    for _ in range(10):
        each = Crashes(FakeClock(), tmp_path / "starts", MOST)
        assert each.begin() == 0
        each.end()
