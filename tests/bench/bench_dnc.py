"""A register of 10,000,000 numbers: how long it takes to load, and what asking costs in time and memory.

The same numbers are put into a table of SQLite for comparison. Numbers are lengthened beyond the fictional block of
030 23125; nothing is dialled.
"""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from firmware.store import dnc, opening
from firmware.store.number_file import NumberFile

NUMBERS = 10_000_000
ASKED = 100_000
NOW = 1_780_000_000.0
_FIRST = 20_000_000
_ROOM = 80_000_000
_STEP = 7919
"""Prime, so that the numbers come in no order and none twice."""

Row = tuple[str, str]


def main(quick: bool = False) -> list[Row]:
    """Return name and value of each figure."""
    count = NUMBERS // 50 if quick else NUMBERS
    with tempfile.TemporaryDirectory(prefix="strowger-bench-") as name:
        folder = Path(name)
        conn = opening.open_writer(folder / "strowger.db")
        rows = [_load(conn, folder, count)]
        rows += _ask(conn, "register")
        rows += _compare(conn, folder, count)
        conn.close()
    return rows


def _load(conn: sqlite3.Connection, folder: Path, count: int) -> Row:
    upload = folder / "upload.csv"
    with upload.open("w") as file:
        file.writelines(f"030{_FIRST + i * _STEP % _ROOM:08d}\n" for i in range(count))
    registers = dnc.registers(conn)
    registers.mkdir()
    order = {
        "path": str(upload),
        "mapping": {},
        "country": "DE",
        "report": str(folder / "report.csv"),
        "language": "en",
        "target": str(registers / "1.numbers"),
    }
    began = time.perf_counter()
    reader = [sys.executable, "-m", "firmware.commands.register_reader"]
    subprocess.run(reader, input=json.dumps(order) + "\n", text=True, stdout=subprocess.DEVNULL, check=True)
    read_s = time.perf_counter() - began
    began = time.perf_counter()
    with conn:
        conn.execute("BEGIN IMMEDIATE")
        dnc.set_register(conn, dnc.OPT_OUTS, "1.numbers", dnc.Deed(NOW, "register"))
    hold_ms = (time.perf_counter() - began) * 1e3
    size_mb = (registers / "1.numbers").stat().st_size / 1e6
    figure = f"{count:,} numbers in {read_s:.1f} s, {size_mb:.0f} MB, the store held for {hold_ms:.1f} ms"
    return "dnc: load a register", figure


def _ask(conn: sqlite3.Connection, what: str) -> list[Row]:
    chance = random.Random(1878)
    numbers = [int(f"4930{_FIRST + chance.randrange(_ROOM):08d}") for _ in range(ASKED)]
    before = psutil.Process().memory_info().rss
    asked = dnc.asked_by(conn, [])
    took = []
    found = 0
    for number in numbers:
        began = time.perf_counter()
        found += bool(dnc.hits(conn, asked, number, NOW))
        took.append(time.perf_counter() - began)
    resident_mb = (psutil.Process().memory_info().rss - before) / 1e6
    took.sort()
    times = f"median {took[ASKED // 2] * 1e6:.1f} us, p99 {took[ASKED * 99 // 100] * 1e6:.1f} us"
    return [
        (f"dnc: check, {what}", f"{times}, {found:,} of {ASKED:,} blocked"),
        (f"dnc: resident, {what}", f"{resident_mb:.1f} MB more"),
    ]


def _compare(conn: sqlite3.Connection, folder: Path, count: int) -> list[Row]:
    path = dnc.registers(conn) / "1.numbers"
    base = dnc.OPT_OUTS * dnc.SHIFT
    began = time.perf_counter()
    with conn:
        conn.execute("BEGIN IMMEDIATE")
        entries = ((base + number,) for number in NumberFile(path))
        conn.executemany("INSERT INTO dnc_entry (entry, change_id) VALUES (?, 1)", entries)
        conn.execute("UPDATE dnc_list SET register = NULL")
    took = time.perf_counter() - began
    size_mb = (folder / "strowger.db").stat().st_size / 1e6
    said = f"{count:,} numbers in {took:.1f} s of the one writer, {size_mb:.0f} MB"
    return [("dnc: the same as entries", said), *_ask(conn, "entries")]


if __name__ == "__main__":
    for name, value in main("--quick" in sys.argv):
        print(f"{name:28} {value}")  # noqa: T201
