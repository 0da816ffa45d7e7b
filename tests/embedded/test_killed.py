"""The process is killed between any two of its acts, again and again, and goes on with the same store.

A kill proves nothing about the disk (``test_power_cut`` does); it proves that every moment is a good one to stop.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.embedded.powercut import verdict

KILLS = 8
ROOT = Path(__file__).parents[2]


def run_and_kill(folder: Path, after_lines: int) -> list[list[str]]:
    """Let the victim work until it has said so many lines, kill it, and return all it had said."""
    ours, theirs = os.pipe()
    command = [
        sys.executable,
        "-m",
        "tests.embedded.powercut.victim",
        str(folder),
        f"/dev/fd/{theirs}",
        "honest",
    ]
    with os.fdopen(ours) as said, subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs]) as victim:
        os.close(theirs)
        lines = [said.readline() for _ in range(after_lines)]
        victim.send_signal(signal.SIGKILL)
        lines += said.readlines()
    assert victim.returncode == -signal.SIGKILL
    return [line.split() for line in lines]


@pytest.mark.req("GEN-030")
def test_killed_at_any_moment_the_store_goes_on(tmp_path: Path) -> None:
    chance = random.Random(1878)
    said: list[list[str]] = []
    for _ in range(KILLS):
        said += run_and_kill(tmp_path, chance.randint(1, 60))
        assert asyncio.run(verdict.judge(tmp_path, said)) == []
    conn = sqlite3.connect(tmp_path / "strowger.db")
    twice = conn.execute("SELECT number FROM attempt GROUP BY number HAVING count(*) > 1").fetchall()
    unfinished = conn.execute("SELECT count(*) FROM attempt WHERE disposition IS NULL").fetchone()
    conn.close()
    assert (twice, unfinished) == ([], (0,))
