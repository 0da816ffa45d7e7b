"""Pulls the plug of the image again and again: ``python -m tests.image.power_cuts COUNT DISK [SEED]``.

Each round switches the machine on, lets a writer inside acknowledge rows of a SQLite database on the data partition
(``synchronous=FULL``, WAL, as the service's) and cuts the power at a random moment, in the boot or at work. After every
round the disk is judged from outside: the data partition's file system is repaired as the initrd would, the database is
whole, every acknowledged row is there, the boot loader's environment can be read. What was found is printed; status 1
if anything was lost.
"""

from __future__ import annotations

import contextlib
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.image.machine import Fault, Machine, data_offset

LONGEST_BOOT_S = 90.0
LONGEST_WORK_S = 20.0
WRITER = """
import os, sqlite3
store = sqlite3.connect("/data/cuts.db", isolation_level=None)
store.execute("pragma journal_mode=wal")
store.execute("pragma synchronous=full")
store.execute("create table if not exists row(n integer primary key, pad blob)")
number = store.execute("select coalesce(max(n), 0) from row").fetchone()[0]
line = os.open("/dev/ttyS0", os.O_WRONLY)
while True:
    number += 1
    store.execute("insert into row values(?, ?)", (number, os.urandom(2000)))
    os.write(line, b"row %d.\\n" % number)
"""


@dataclass
class Account:
    """What the cuts did."""

    cuts: int = 0
    in_boot: int = 0
    acknowledged: int = 0
    wrong: int = 0


def say(text: str) -> None:
    """One line, at once: a run takes hours."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(count: int, disk: Path, seed: int) -> int:
    """Cut, judge, and tell."""
    chance, account = random.Random(seed), Account()
    with tempfile.TemporaryDirectory(prefix="cuts-") as folder, Machine(disk, Path(folder)) as machine:
        for _ in range(count):
            cut(machine, chance, account)
        lost = f"{account.wrong} wrong" if account.wrong else "nothing lost, nothing torn"
        say(f"{account.cuts} cuts ({account.in_boot} in the boot), {account.acknowledged} rows: {lost}")
        try:
            machine.power_on()
            machine.run("true")
        except Fault as fault:
            say(f"it does not come up any more: {fault}")
            return 1
        say("it comes up")
    return 1 if account.wrong else 0


def cut(machine: Machine, chance: random.Random, account: Account) -> None:
    """One round: on, a while, off; what the disk looks like."""
    in_boot = chance.random() < 0.4
    wait_s = chance.uniform(0.0, LONGEST_BOOT_S if in_boot else LONGEST_WORK_S)
    shown = len(machine.screen)
    machine.power_on()
    if not in_boot:
        machine.run(f"cat >/run/writer.py <<'EOF'\n{WRITER}\nEOF")
        machine.run("systemd-run --unit=writer python3 /run/writer.py")
        machine.wait_for(r"row \d+\.", after=shown)
    time.sleep(wait_s)
    machine.pull_the_plug()
    rows = [int(each) for each in re.findall(r"row (\d+)\.", machine.screen[shown:])]
    account.acknowledged = max([account.acknowledged, *rows])
    account.cuts += 1
    account.in_boot += in_boot
    found = judge(machine, account.acknowledged)
    account.wrong += bool(found)
    where = f"{wait_s:.1f} s into the {'boot' if in_boot else 'work'}"
    say(f"cut {account.cuts}: {where}, {account.acknowledged} rows: {'; '.join(found) or 'well'}")


def judge(machine: Machine, acknowledged: int) -> list[str]:
    """What is wrong with the disk of a machine that is off."""
    raw, data = machine.folder / "judged.img", machine.folder / "judged.ext4"
    subprocess.run(["qemu-img", "convert", "-O", "raw", str(machine.disk), str(raw)], check=True)
    with contextlib.ExitStack() as stack:
        for file in (raw, data, machine.folder / "cuts.db", machine.folder / "cuts.db-wal"):
            stack.callback(file.unlink, missing_ok=True)
        found = _loader(raw)
        copy = [
            "dd",
            f"if={raw}",
            f"of={data}",
            "iflag=skip_bytes",
            f"skip={data_offset(raw)}",
            "bs=4M",
            "conv=sparse",
        ]
        subprocess.run([*copy, "status=none"], check=True)
        if subprocess.run(["e2fsck", "-p", str(data)], capture_output=True, check=False).returncode >= 4:
            found.append("the file system needs more than its journal")
        return found + _database(machine.folder, data, acknowledged)


def _loader(raw: Path) -> list[str]:
    read = subprocess.run(
        ["mtype", "-i", f"{raw}@@{1 << 20}", "::EFI/debian/grubenv"], capture_output=True, check=False
    )
    return [] if b"ORDER=" in read.stdout else ["the boot loader's environment is torn"]


def _database(folder: Path, data: Path, acknowledged: int) -> list[str]:
    for name in ("cuts.db", "cuts.db-wal"):
        subprocess.run(
            ["debugfs", "-R", f"dump /{name} {folder}/{name}", str(data)], capture_output=True, check=True
        )
    if not acknowledged:
        return []
    conn = sqlite3.connect(folder / "cuts.db")
    try:
        whole = conn.execute("pragma integrity_check").fetchone()[0]
        rows = conn.execute("select coalesce(max(n), 0), count(*) from row").fetchone()
    finally:
        conn.close()
    found = [] if whole == "ok" else [f"the database is torn: {whole}"]
    return found if rows[0] >= acknowledged and rows[0] == rows[1] else [*found, f"rows are lost: {rows}"]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1))
