"""The machines that power cuts begin from, prepared once and kept in the folder ``image/test.sh`` made.

``dialling`` is one box that dials, with how long it takes to boot; ``updating`` the stages of an update. Both go on
from ``proven`` and are made anew when that one is another, or what they are made of. Whoever comes while they are being
made waits: several runs may share a folder, and only read what is kept.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.image import cut_dialling, cut_updating
from tests.image.machine import Machine

DIALLING, UPDATING = "dialling", "updating"
COMES_UP = r"version (\S+) in slot (\w) is good"
_BOOT, _STAMP = "boot_s", "made-from"


def dialling(made: Path) -> Path:
    """A box that dials."""

    def prepare(machine: Machine, kept: Path) -> None:
        cut_dialling.prepare(machine)
        machine.keep(kept)
        with Machine.like(machine.folder.with_name("boots"), kept, running=False) as boots:
            boots.power_on()
            boots.wait_for(COMES_UP)
            (kept / _BOOT).write_text(f"{time.monotonic() - boots.started_s:.0f}")

    return _kept(made, DIALLING, Path(cut_dialling.__file__), prepare)


def boot_s(kept: Path) -> float:
    """How long the box of ``dialling`` took to boot and to prove itself."""
    return float((kept / _BOOT).read_text())


def updating(made: Path) -> Path | None:
    """The stages of an update; None: there is no bundle."""
    bundle = made / cut_updating.BUNDLE
    if not bundle.exists():
        return None

    def prepare(machine: Machine, kept: Path) -> None:
        cut_updating.prepare(machine, kept, bundle)

    return _kept(made, UPDATING, Path(cut_updating.__file__), prepare, bundle)


def _kept(made: Path, name: str, script: Path, prepare: Callable[[Machine, Path], None], *of: Path) -> Path:
    kept = made / name
    stamp = _stamp(script, made / "proven" / "memory", *of)
    with _alone(made):
        if not (kept / _STAMP).exists() or (kept / _STAMP).read_text() != stamp:
            shutil.rmtree(kept, ignore_errors=True)
            with (
                tempfile.TemporaryDirectory(prefix=f"{name}-", dir=made) as folder,
                Machine.like(Path(folder) / "first", made / "proven") as machine,
            ):
                machine.power_on()
                prepare(machine, kept)
            (kept / _STAMP).write_text(stamp)
    return kept


def _stamp(script: Path, *files: Path) -> str:
    """What something was made from: a program, and files by their size and age."""
    parts = [hashlib.sha256(script.read_bytes()).hexdigest()]
    parts += [f"{file.resolve()} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files]
    return "\n".join(parts)


@contextlib.contextmanager
def _alone(made: Path) -> Iterator[None]:
    with (made / "cuts.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
