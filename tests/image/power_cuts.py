"""Pulls the plug of the image again and again: ``python -m tests.image.power_cuts COUNT FOLDER [SEED]``.

FOLDER is the one ``image/test.sh`` made, with a box that has proved itself and, for cuts in an update, ``good.raucb``.
The cuts fall at random moments (``cut_moments``) of a boot, of dialling and of an update. What they begin from is made
once and kept in FOLDER (``cut_kept``), so that runs with other seeds may go beside one another. After every cut the
disk is judged from outside (``cut_judge``); after every tenth of a kind, and its last, the machine is switched on as
the cut left it and has to come up with what is on its disk. One line a cut, one a kind at the end; status 1 if
anything was wrong, and what is left of those machines is kept in FOLDER/wrong.
"""

from __future__ import annotations

import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from tests.image import cut_kept, cut_updating
from tests.image.cut_disk import Disk
from tests.image.cut_moments import Cut, InBoot, Moments, WhileDialling, WhileUpdating
from tests.image.cut_records import Counts
from tests.image.inside import python
from tests.image.machine import Fault, Machine

SHARES = {"boot": 1, "dialling": 5, "update": 4}
"""Cuts of a boot take longest, and an update has a boot in it, too."""
TRIED_EVERY = 10
_COUNT = """
import sqlite3
store = sqlite3.connect("file:/var/lib/strowger/strowger.db?mode=ro", uri=True)
for what in ("contact", "attempt", "attempt where disposition is null"):
    print(store.execute("select count(*) from " + what).fetchone()[0])
"""


@dataclass(slots=True)
class Account:
    """What the cuts of one kind came to."""

    cuts: int = 0
    wrong: int = 0
    tried: int = 0
    """How many of them had to come up."""
    cuts_s: float = 0.0
    calls: int = 0
    results: int = 0
    rows: int = 0

    def told(self, kind: str) -> str:
        """The line at the end."""
        lost = (
            f"{self.wrong} WRONG"
            if self.wrong
            else "all came up, nothing lost, nothing torn, nobody called twice"
        )
        seen = f", {self.calls} calls, {self.results} results and {self.rows} rows seen" if self.rows else ""
        each = f"{self.cuts_s / max(1, self.cuts):.1f} s each"
        return f"{kind}: {self.cuts} cuts ({each}){seen}, {self.tried} switched on again: {lost}"


def say(text: str) -> None:
    """One line, at once: a run takes hours."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(count: int, made: Path, seed: int) -> int:
    """Prepare, cut, judge, and tell."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix=f"cuts-{seed}-", dir=made) as folder:
        moments = prepared(made, Path(folder) / "scratch")
        if "update" not in moments:
            say(f"no cuts in an update: there is no {cut_updating.BUNDLE}")
        kinds = chance.choices(list(moments), [SHARES[kind] for kind in moments], k=count)
        accounts = {kind: Account() for kind in moments}
        left = Counter(kinds)
        for number, kind in enumerate(kinds, 1):
            left[kind] -= 1
            account = accounts[kind]
            tried = not left[kind] or (account.cuts + 1) % TRIED_EVERY == 0
            line = one(
                moments[kind],
                account,
                Path(folder) / kind,
                made / "wrong" / f"{seed}-{number}",
                chance,
                tried,
            )
            say(f"cut {number} {kind}: {line}")
    for kind, account in accounts.items():
        say(account.told(kind))
    return 1 if any(account.wrong for account in accounts.values()) else 0


def prepared(made: Path, scratch: Path) -> dict[str, Moments]:
    """The kinds there are."""
    dialling, updating = cut_kept.dialling(made), cut_kept.updating(made)
    moments: dict[str, Moments] = {
        "boot": InBoot(dialling, scratch / "boot"),
        "dialling": WhileDialling(dialling, scratch / "dialling"),
    }
    if updating is not None:
        disk = Disk(made / "disk.img", scratch / "flashed", "raw")
        size = disk.squashfs_size("A")
        update = cut_updating.update_of(made / cut_updating.BUNDLE)
        versions = replace(update, flashed=disk.slot_hash("A", size), flashed_size=size)
        moments["update"] = WhileUpdating(updating, versions, scratch / "update")
    return moments


def one(
    moments: Moments, account: Account, folder: Path, wrong: Path, chance: random.Random, tried: bool
) -> str:
    """One cut, and perhaps a boot after it; what is to be said of it."""
    began = time.monotonic()
    account.cuts += 1
    told: list[str] = []
    faults: list[str] = []
    goes_on = False
    try:
        cut = moments.cut(folder, chance)
        account.cuts_s += time.monotonic() - began
        told, faults = [cut.moment, *cut.judged.figures], cut.judged.wrong
        _add_up(account, cut)
        if tried and not faults:
            account.tried += 1
            told.append(comes_up(cut.machine, cut.judged.counts))
        goes_on = cut.goes_on
    except Fault as fault:
        faults.append(str(fault))
    if faults:
        account.wrong += 1
        shutil.copytree(folder, wrong, ignore=shutil.ignore_patterns("hatch", "monitor"))
        told.append(f"WRONG: {'; '.join(faults)} (kept: {wrong})")
    if not goes_on:
        shutil.rmtree(folder)
    return ", ".join([*told, f"{time.monotonic() - began:.1f} s", *([] if faults else ["well"])])


def _add_up(account: Account, cut: Cut) -> None:
    account.calls += len(cut.seen.calls)
    account.results += len(cut.seen.results)
    account.rows += cut.seen.rows


def comes_up(machine: Machine, on_disk: Counts) -> str:
    """Switch it on as the cut left it; which version came up, and that its records are those on the disk.

    :raises Fault: it did not, or they are not
    """
    shown = len(machine.screen)
    with machine:
        machine.power_on()
        said = machine.wait_for(cut_kept.COMES_UP, after=shown)
        found = re.search(cut_kept.COMES_UP, machine.screen[shown:said])
        machine.until("systemctl is-active strowger.service strowger-web.service")
        inside = Counts(*map(int, python(machine, _COUNT).split()))
    if inside.contacts != on_disk.contacts or inside.attempts < on_disk.attempts or inside.open_attempts:
        raise Fault(f"it came up with {inside}, on its disk were {on_disk}")
    assert found is not None
    return f"came up with {found[1]} in slot {found[2]}"


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1))
