"""Which requirements passing tests prove: ``python -m tests.requirements`` (``make requirements``).

Tests name what they prove with ``@pytest.mark.req("GEN-060")``. ``Recorder``, a pytest plugin, refuses ids that
``requirements.csv`` does not know and writes each marked test's last outcome to ``build/requirements.json``; runs of
single tests add to it. The listing runs no test: it reads that file, and leaves out tests that are no longer there.
"""

from __future__ import annotations

import argparse
import csv
import fcntl
import json
import os
import re
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO

import pytest

ROOT = Path(__file__).resolve().parent.parent
TABLE = Path(__file__).with_name("requirements.csv")
RESULTS = ROOT / "build" / "requirements.json"
_NOT_FOR_US = "NO"
_WIDTH = 110


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of the table; ``fit`` is CORE, ADAPT, PROV (needs an outside provider) or NO (not for this box)."""

    id: str
    area: str
    group: str
    text: str
    fit: str


def table(path: Path = TABLE) -> list[Requirement]:
    """Every requirement, in the table's order."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Requirement(row["id"], row["area"], row["group"], row["requirement"], row["fit"])
            for row in csv.DictReader(file)
        ]


class Recorder:
    """The pytest plugin. Entries of ``results``: test -> ``{"ids", "outcome"}``."""

    def __init__(self, results: Path, known: Iterable[str]) -> None:
        self._results = results
        self._known = frozenset(known)
        self._ids: dict[str, list[str]] = {}
        self._outcomes: dict[str, str] = {}

    def pytest_collection_modifyitems(self, items: Sequence[pytest.Item]) -> None:
        """Note who proves what; an id nobody knows ends the run."""
        strange = []
        for item in items:
            ids = [str(name) for mark in item.iter_markers("req") for name in mark.args]
            strange += [f"{item.nodeid}: {name}" for name in ids if name not in self._known]
            if ids:
                self._ids[item.nodeid] = sorted(set(ids))
        if strange:
            raise pytest.UsageError("requirements that do not exist:\n" + "\n".join(strange))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has passed only if set-up, call and tear-down have."""
        if report.nodeid not in self._ids:
            return
        before = self._outcomes.get(report.nodeid, "passed")
        expected_to_fail = hasattr(report, "wasxfail")
        now = "skipped" if expected_to_fail else report.outcome
        self._outcomes[report.nodeid] = before if now == "passed" else now

    def pytest_sessionfinish(self) -> None:
        """Add this run to what earlier runs left."""
        if not self._outcomes:
            return
        fresh = {
            test: {"ids": self._ids[test], "outcome": outcome} for test, outcome in self._outcomes.items()
        }
        with _locked(self._results):
            _write(self._results, {**recorded(self._results), **fresh})


def recorded(results: Path = RESULTS) -> dict[str, dict[str, Any]]:
    """The last outcome of each marked test that ever ran here; empty if none did."""
    try:
        found: dict[str, dict[str, Any]] = json.loads(results.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found


def proofs(outcomes: Mapping[str, Mapping[str, Any]], root: Path = ROOT) -> dict[str, list[str]]:
    """Requirement -> the passing tests that are still there; a failing one among them takes the proof away."""
    found: dict[str, list[str]] = defaultdict(list)
    broken: set[str] = set()
    for test, entry in sorted(outcomes.items()):
        if not _exists(test, root):
            continue
        if entry["outcome"] == "failed":
            broken.update(entry["ids"])
        elif entry["outcome"] == "passed":
            for name in entry["ids"]:
                found[name].append(test)
    return {name: tests for name, tests in found.items() if name not in broken}


def listing(rows: Sequence[Requirement], proved: Mapping[str, Sequence[str]], out: TextIO) -> None:
    """Write, area by area, what is proved and what is not."""
    wanted = [row for row in rows if row.fit != _NOT_FOR_US]
    for area in dict.fromkeys(row.area for row in wanted):
        of_area = [row for row in wanted if row.area == area]
        covered = [row for row in of_area if row.id in proved]
        out.write(f"\n{area}: {len(covered)} of {len(of_area)}\n")
        for row in covered:
            count = len(proved[row.id])
            _line(out, f"  + {row.id}  {row.text}  ({count} test{'s' if count > 1 else ''})")
        for row in of_area:
            if row.id not in proved:
                _line(out, f"  - {row.id}  {row.text}" + ("" if row.fit == "CORE" else f"  [{row.fit}]"))
    total = sum(row.id in proved for row in wanted)
    out.write(f"\n{total} of {len(wanted)} requirements are covered by passing tests; ")
    out.write(f"{len(rows) - len(wanted)} are not for this box.\n")


def main(arguments: Sequence[str]) -> int:
    """Print the listing."""
    parser = argparse.ArgumentParser(prog="python -m tests.requirements", description=__doc__)
    parser.add_argument("--area", default="", help="only areas whose name contains this")
    chosen = parser.parse_args(arguments)
    outcomes = recorded()
    if not outcomes:
        sys.stderr.write("No test has been recorded yet: run 'make test' first.\n")
    rows = [row for row in table() if chosen.area.lower() in row.area.lower()]
    listing(rows, proofs(outcomes), sys.stdout)
    return 0


def _line(out: TextIO, text: str) -> None:
    out.write(textwrap.fill(text, _WIDTH, subsequent_indent=" " * 13, break_long_words=False) + "\n")


def _exists(test: str, root: Path) -> bool:
    """Whether the file still has a test of that name; its parameters are not looked at."""
    file, _, inside = test.partition("::")
    name = re.sub(r"\[.*", "", inside.rpartition("::")[2])
    return (
        re.search(rf"^\s*(?:async )?def {re.escape(name)}\(", _source(root / file), re.MULTILINE) is not None
    )


@lru_cache(maxsize=1024)
def _source(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


@contextmanager
def _locked(results: Path) -> Iterator[None]:
    """One run at a time adds its outcomes."""
    results.parent.mkdir(parents=True, exist_ok=True)
    with results.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(results: Path, outcomes: Mapping[str, Any]) -> None:
    fresh = results.with_suffix(".new")
    fresh.write_text(
        json.dumps(outcomes, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    os.replace(fresh, results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
