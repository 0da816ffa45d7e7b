"""An update from its first byte to the proof of the new version, kept every few seconds for power cuts to begin from.

Each stage is a machine of its own that goes on from the one before, ``STAGE_S`` later; the bundle lies on the data. The
last one ends when the new version has been marked good and its service runs on the data.
"""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

from tests.image.cut_judge import Versions
from tests.image.inside import STROWGER, python
from tests.image.machine import LOOK_S, PATIENCE_S, Fault, Machine, translated
from tests.image.update import GOOD, HIRE

BUNDLE = "good.raucb"
STAGE_S = 20.0
LONGEST_S = 3 * PATIENCE_S
_OVER = f"version {GOOD} in slot B is good"


def prepare(machine: Machine, kept: Path, bundle: Path) -> None:
    """Begin the update on a running machine and keep stage after stage below ``kept``, named 0, 1, 2 ..."""
    machine.until(f"{STROWGER} status")
    python(machine, HIRE)
    _bring(machine, bundle)
    machine.run(f"systemd-run --quiet --unit=installing {STROWGER} update /data/{BUNDLE} --restart")
    folder, end = machine.folder, time.monotonic() + LONGEST_S
    stage, over = 0, False
    machine.keep(kept / "0")
    while not over:
        if time.monotonic() > end:
            raise Fault(f"the update does not end\n{machine.screen[-3000:]}")
        with Machine.like(folder.with_name(f"stage-{stage}"), kept / str(stage)) as machine:
            machine.power_on()
            go_on(machine, STAGE_S)
            stage += 1
            machine.keep(kept / str(stage))
            over = _OVER in machine.screen


def go_on(machine: Machine, seconds: float) -> None:
    """Let a machine work, and start it again where it went off to start again."""
    end = time.monotonic() + seconds
    left = seconds
    while left > 0:
        time.sleep(min(LOOK_S, left))
        left = end - time.monotonic()
        if machine.process is not None and machine.process.poll() is not None:
            if not translated() or machine.process.returncode:
                raise Fault(f"it went off\n{machine.screen[-3000:]}")
            machine.power_on()


def stages(kept: Path) -> list[Path]:
    """What was kept, but the last one, in which all is over."""
    return sorted((each for each in kept.iterdir() if each.is_dir()), key=lambda each: int(each.name))[:-1]


def update_of(bundle: Path) -> Versions:
    """What a bundle brings, by its own manifest."""
    command = ["unsquashfs", "-cat", str(bundle.resolve()), "manifest.raucm"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    image = told.partition("[image.rootfs]")[2]
    digest, size = (
        re.search(r"^sha256=(\w+)$", image, re.MULTILINE),
        re.search(r"^size=(\d+)$", image, re.MULTILINE),
    )
    assert digest is not None
    assert size is not None
    return Versions(update=digest[1], update_size=int(size[1]))


def _bring(machine: Machine, bundle: Path) -> None:
    machine.plug_in(bundle)
    machine.until("blkid -L STICK")
    copy = f"install -m 644 /run/stick/{bundle.name} /data/{BUNDLE}"
    machine.run(
        f"mkdir -p /run/stick && mount -o ro -L STICK /run/stick && {copy} && sync && umount /run/stick"
    )
    machine.unplug()
