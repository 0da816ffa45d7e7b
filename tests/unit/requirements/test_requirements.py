"""The record of requirements: unknown ids, failing and vanished tests first."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.requirements import ROOT, Requirement, listing, proofs, recorded, table

RUN = """
import sys, pytest
from pathlib import Path
from tests.requirements import Recorder
folder = Path(sys.argv[1])
sys.exit(pytest.main(
    ["-q", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", str(folder), *sys.argv[2:]],
    plugins=[Recorder(folder / "build" / "requirements.json", {"A-1", "A-2", "A-3"})],
))
"""


def play(folder: Path, source: str, *arguments: str) -> tuple[int, str, dict[str, Any]]:
    """Run pytest on one file with the recorder: exit status, output, record."""
    (folder / "test_it.py").write_text("import pytest\n" + source, encoding="utf-8")
    wanted = arguments or (str(folder / "test_it.py"),)
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(folder), *wanted],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr, recorded(folder / "build" / "requirements.json")


def test_an_id_nobody_knows_fails_the_run(tmp_path: Path) -> None:
    status, output, record = play(tmp_path, '@pytest.mark.req("A-1", "B-9")\ndef test_x(): pass\n')
    assert status == 4
    assert "test_it.py::test_x: B-9" in output
    assert record == {}


def test_only_what_passed_counts(tmp_path: Path) -> None:
    source = """
@pytest.fixture
def broken():
    yield
    raise RuntimeError

@pytest.mark.req("A-1")
def test_fails(): assert False
@pytest.mark.req("A-1")
def test_skipped(): pytest.skip()
@pytest.mark.req("A-1")
@pytest.mark.xfail
def test_known_to_fail(): assert False
@pytest.mark.req("A-1")
def test_torn_down_badly(broken): pass
@pytest.mark.req("A-2", "A-2")
@pytest.mark.parametrize("n", [1, 2])
def test_passes(n): pass
def test_unmarked(): pass
"""
    _, _, record = play(tmp_path, source)
    assert {test.split("::")[1]: entry["outcome"] for test, entry in record.items()} == {
        "test_fails": "failed",
        "test_skipped": "skipped",
        "test_known_to_fail": "skipped",
        "test_torn_down_badly": "failed",
        "test_passes[1]": "passed",
        "test_passes[2]": "passed",
    }
    assert {name: len(tests) for name, tests in proofs(record, tmp_path).items()} == {"A-2": 2}


def test_runs_add_up_and_a_vanished_test_proves_nothing(tmp_path: Path) -> None:
    both = '@pytest.mark.req("A-1")\ndef test_one(): pass\n@pytest.mark.req("A-2")\ndef test_two(): pass\n'
    play(tmp_path, both, f"{tmp_path}/test_it.py::test_one")
    _, _, record = play(tmp_path, both, f"{tmp_path}/test_it.py::test_two")
    assert set(proofs(record, tmp_path)) == {"A-1", "A-2"}
    other = tmp_path / "later"
    other.mkdir()
    (other / "test_it.py").write_text("def test_two(): pass\n", encoding="utf-8")
    assert set(proofs(record, other)) == {"A-2"}


def test_a_failure_takes_back_what_was_proved(tmp_path: Path) -> None:
    play(tmp_path, '@pytest.mark.req("A-1")\ndef test_one(): pass\n')
    _, _, record = play(tmp_path, '@pytest.mark.req("A-1")\ndef test_one(): assert False\n')
    assert proofs(record, tmp_path) == {}


def test_one_failing_test_outweighs_a_passing_one(tmp_path: Path) -> None:
    source = """
@pytest.mark.req("A-1", "A-2")
def test_one(): pass
@pytest.mark.req("A-1")
def test_two(): assert False
"""
    _, _, record = play(tmp_path, source)
    assert set(proofs(record, tmp_path)) == {"A-2"}


def test_the_listing_names_what_is_missing() -> None:
    rows = [
        Requirement("A-1", "Dialling", "", "Dials", "CORE"),
        Requirement("A-2", "Dialling", "", "Sends letters", "PROV"),
        Requirement("A-3", "Dialling", "", "Brews coffee", "NO"),
    ]
    out = io.StringIO()
    listing(rows, {"A-1": ["x", "y"]}, out)
    lines = out.getvalue().splitlines()
    assert lines[1:4] == ["Dialling: 1 of 2", "  + A-1  Dials  (2 tests)", "  - A-2  Sends letters  [PROV]"]
    assert "1 of 2 requirements" in lines[-1]


def test_the_table_has_no_id_twice() -> None:
    ids = [row.id for row in table()]
    assert len(ids) == len(set(ids)) > 300


def test_the_command_runs_no_test_and_lists_every_area() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.requirements"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for area in {row.area for row in table()}:
        assert f"\n{area}: " in done.stdout
