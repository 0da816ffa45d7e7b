"""The moments at which the power goes: somewhere in a boot, while the box dials, while it installs a version.

Each of them cuts a machine off at random and has its disk judged; afterwards the machine is off and as the cut left it.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.image import cut_dialling, cut_kept, cut_updating
from tests.image.cut_dialling import Seen
from tests.image.cut_disk import DATA, Disk, Files
from tests.image.cut_judge import Judge, Judgement, Versions, own_files
from tests.image.machine import Machine

LONGEST_WORK_S = 20.0


@dataclass(frozen=True, slots=True)
class Cut:
    """One cut: to which machine, when, what it did."""

    machine: Machine
    moment: str
    judged: Judgement
    seen: Seen = field(default_factory=Seen)
    goes_on: bool = False
    """The next cut of its kind begins with this machine."""


class Moments(Protocol):
    """One kind of them."""

    def cut(self, folder: Path, chance: random.Random) -> Cut:
        """Pull the plug of a machine in ``folder``."""


class InBoot:
    """One machine that is switched on again and again, as the cut before left it; after one that did harm, another."""

    def __init__(self, kept: Path, scratch: Path) -> None:
        self._kept, self._judge = kept, judge_of(kept, scratch)
        self._longest_s = cut_kept.boot_s(kept)
        self._machine: Machine | None = None
        self._first = self._counts = self._judge.records_on(kept / "disk.qcow2").counts

    def cut(self, folder: Path, chance: random.Random) -> Cut:
        """Anywhere in a boot, as long as one takes."""
        wait_s = chance.uniform(0.0, self._longest_s)
        machine = self._machine or Machine.like(folder, self._kept, running=False)
        counts, self._machine, self._counts = self._counts, None, self._first
        with machine:
            machine.power_on()
            cut_updating.go_on(machine, wait_s)
        judged = self._judge.after_boot(machine.disk, counts)
        if not judged.wrong:
            self._machine, self._counts = machine, judged.counts
        return Cut(machine, f"{wait_s:.1f} of {self._longest_s:.0f} s", judged, goes_on=not judged.wrong)


class WhileDialling:
    """Each time the same box goes on from the same moment."""

    def __init__(self, kept: Path, scratch: Path) -> None:
        self._kept, self._judge = kept, judge_of(kept, scratch)

    def cut(self, folder: Path, chance: random.Random) -> Cut:
        """Up to ``LONGEST_WORK_S`` after the first that is heard of it."""
        wait_s = chance.uniform(0.0, LONGEST_WORK_S)
        with Machine.like(folder, self._kept) as machine:
            machine.power_on()
            machine.wait_for(r"row \d+\.")
            time.sleep(wait_s)
        seen = cut_dialling.seen(machine.screen)
        return Cut(machine, f"{wait_s:.1f} s", self._judge.after_dialling(machine.disk, seen), seen)


class WhileUpdating:
    """Goes on from any of the stages that were kept."""

    def __init__(self, kept: Path, versions: Versions, scratch: Path) -> None:
        self._stages = cut_updating.stages(kept)
        self._judge = judge_of(self._stages[0], scratch, versions)
        self._people = self._judge.records_on(self._stages[0] / "disk.qcow2").people

    def cut(self, folder: Path, chance: random.Random) -> Cut:
        """Anywhere between the beginning and the proof of the new version."""
        stage = chance.randrange(len(self._stages))
        wait_s = chance.uniform(0.0, cut_updating.STAGE_S)
        with Machine.like(folder, self._stages[stage]) as machine:
            machine.power_on()
            cut_updating.go_on(machine, wait_s)
        judged = self._judge.after_update(machine.disk, self._people)
        at_s, all_s = stage * cut_updating.STAGE_S + wait_s, len(self._stages) * cut_updating.STAGE_S
        return Cut(machine, f"{at_s:.1f} of {all_s:.0f} s", judged)


def judge_of(kept: Path, scratch: Path, versions: Versions | None = None) -> Judge:
    """A judge who knows what a box has for itself from how it was kept."""
    own = own_files(Files(Disk(kept / "disk.qcow2", scratch).part(DATA)), scratch)
    return Judge(scratch / "judged", versions or Versions(), own)
