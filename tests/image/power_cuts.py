"""Pulls the plug of the image again and again: ``python -m tests.image.power_cuts COUNT FOLDER [SEED]``.

FOLDER is the one ``image/test.sh`` made, with a box that has proved itself. A cut at work lets that box go on, has a
writer inside acknowledge rows of a SQLite database on the data partition (``synchronous=FULL``, WAL, as the service's)
and ends it at a random moment; a cut in the boot is made on one machine that is switched on again and again, as the cut
before left it. After every cut the disk is judged from outside: the data partition's file system is repaired as the
initrd would, the databases (the writer's and the service's own) are whole, every acknowledged row is there, the boot
loader's environment can be read. What was found is printed; status 1 if anything was lost.
"""

from __future__ import annotations

import contextlib
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.image.machine import Fault, Machine, data_offset

LONGEST_BOOT_S = 90.0
BOOTS_SHARE = 0.4
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


def main(count: int, made: Path, seed: int) -> int:
    """Cut, judge, and tell."""
    chance, account = random.Random(seed), Account()
    kept = made / "proven"
    with (
        tempfile.TemporaryDirectory(prefix="cuts-", dir=made) as folder,
        Machine.like(Path(folder) / "boots", kept, running=False) as machine,
    ):
        for _ in range(count):
            if chance.random() < BOOTS_SHARE:
                cut_in_boot(machine, chance, account)
            else:
                cut_at_work(Path(folder) / "works", kept, chance, account)
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


def cut_in_boot(machine: Machine, chance: random.Random, account: Account) -> None:
    """On, a while, off; what the disk looks like."""
    wait_s = chance.uniform(0.0, LONGEST_BOOT_S)
    machine.power_on()
    time.sleep(wait_s)
    machine.pull_the_plug()
    account.in_boot += 1
    found = judge(machine, 0)
    tell(account, f"{wait_s:.1f} s into the boot", found)


def cut_at_work(folder: Path, kept: Path, chance: random.Random, account: Account) -> None:
    """A box that goes on, writes for a while, and is cut off; what the disk looks like."""
    wait_s = chance.uniform(0.0, LONGEST_WORK_S)
    with Machine.like(folder, kept) as machine:
        machine.power_on()
        machine.run(f"cat >/run/writer.py <<'EOF'\n{WRITER}\nEOF")
        machine.run("systemd-run --unit=writer python3 /run/writer.py")
        machine.wait_for(r"row \d+\.")
        time.sleep(wait_s)
        machine.pull_the_plug()
        rows = max(int(each) for each in re.findall(r"row (\d+)\.", machine.screen))
        found = judge(machine, rows)
    shutil.rmtree(folder)
    account.acknowledged += rows
    tell(account, f"{wait_s:.1f} s into the work, {rows} rows", found)


def tell(account: Account, where: str, found: list[str]) -> None:
    """Count a cut and say what it did."""
    account.cuts += 1
    account.wrong += bool(found)
    say(f"cut {account.cuts}: {where}: {'; '.join(found) or 'well'}")


def judge(machine: Machine, acknowledged: int) -> list[str]:
    """What is wrong with the disk of a machine that is off."""
    raw, data = machine.folder / "judged.img", machine.folder / "judged.ext4"
    subprocess.run(["qemu-img", "convert", "-O", "raw", str(machine.disk), str(raw)], check=True)
    with contextlib.ExitStack() as stack:
        own = [
            machine.folder / f"{name}{part}"
            for name in ("cuts.db", "strowger.db")
            for part in ("", "-wal", "-shm")
        ]
        for file in (raw, data, *own):
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
    found = []
    with contextlib.closing(_taken(folder, data, "/strowger/strowger.db")) as conn:
        found += _torn("the service's database", conn)
    if acknowledged:
        with contextlib.closing(_taken(folder, data, "/cuts.db")) as conn:
            found += _torn("the writer's database", conn)
            rows = conn.execute("select coalesce(max(n), 0), count(*) from row").fetchone()
        if rows[0] < acknowledged or rows[0] != rows[1]:
            found.append(f"rows are lost: {rows} of {acknowledged}")
    return found


def _taken(folder: Path, data: Path, name: str) -> sqlite3.Connection:
    """A copy of a database, with what its journal holds."""
    copy = folder / name.rpartition("/")[2]
    for part in ("", "-wal"):
        command = ["debugfs", "-R", f"dump {name}{part} {copy}{part}", str(data)]
        subprocess.run(command, capture_output=True, check=True)
    return sqlite3.connect(copy)


def _torn(what: str, conn: sqlite3.Connection) -> list[str]:
    whole = conn.execute("pragma integrity_check").fetchone()[0]
    return [] if whole == "ok" else [f"{what} is torn: {whole}"]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1))
