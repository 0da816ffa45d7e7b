"""The power is cut at any moment over recorded system calls; and the same test catches every careless store."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.embedded.powercut import trace, verdict

CUTS = int(os.environ.get("STROWGER_POWER_CUTS", "300"))
SEED = 1878
ROOT = Path(__file__).parents[2]


def cut(tmp_path: Path, how: str, cuts: int) -> Counter[str]:
    folder, scratch = tmp_path / "state", tmp_path / "cut"
    folder.mkdir()
    scratch.mkdir()
    marks = folder / verdict.MARKS
    command = [sys.executable, "-m", "tests.embedded.powercut.victim", str(folder), str(marks), how]
    ops = trace.record(command, folder, tmp_path / "log", ROOT)
    said = Counter(op.data.split()[0] for op in ops if op.path == str(marks) and op.data)
    assert said[b"INVITE"] > 150 < said[b"DISPOSED"], "the trace is not whole"
    return verdict.replay(ops, folder, scratch, cuts, SEED)


@pytest.mark.req("GEN-030")
def test_nothing_promised_is_lost_at_a_power_cut(tmp_path: Path) -> None:
    assert cut(tmp_path, "honest", CUTS) == Counter()


INTENT, DISPOSITION = "INVITE without its durable intent", "acknowledged disposition missing"
CARELESS = {
    "normal": {INTENT, DISPOSITION},
    "off": {INTENT, DISPOSITION},
    "early": {INTENT},
    "unsynced": {"acknowledged opt-out not in the journal"},
}


@pytest.mark.parametrize("how", CARELESS)
def test_a_careless_store_is_caught(tmp_path: Path, how: str) -> None:
    broken = cut(tmp_path, how, 80)
    assert CARELESS[how] <= set(broken), broken
    if how == "off":
        assert any(word.startswith(("corrupt", "does not open", "cannot be read")) for word in broken), broken
