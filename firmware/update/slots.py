"""What this box knows of its two versions: the one that runs, since when, and what became of the last update.

The scripts of the boot write it down below ``/data/system`` (``image/overlay/usr/lib/strowger/trial``): ``proven-A`` is
``VERSION BUILD`` and as old as the proof, ``schema-A`` the newest database that version can read, ``taken-back`` is
``VERSION REASON``. Only read here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from firmware.update.rauc import Place

_SLOTS = {"A": "B", "B": "A"}


@dataclass(frozen=True, slots=True)
class Slots:
    """Two slots. ``proven_at`` (UTC): when the running version proved itself; None: it has not yet."""

    slot: str
    proven_at: float | None
    other_version: str
    """A version in the other slot that has proved itself here; empty: there is none."""
    other_schema: int
    """The newest database schema the other version can read; 0: not known."""
    taken_back: str
    taken_back_reason: str
    taken_back_at: float


def look(place: Place) -> Slots:
    """Read what there is; what is missing is empty."""
    found = re.search(r"\brauc\.slot=([AB])\b", _text(place.command_line))
    slot = found[1] if found else "A"
    other = _SLOTS[slot]
    proven, taken = place.system / f"proven-{slot}", place.system / "taken-back"
    schema = _text(place.system / f"schema-{other}")
    version, _, reason = _text(taken).partition(" ")
    return Slots(
        slot,
        proven.stat().st_mtime if proven.exists() else None,
        _text(place.system / f"proven-{other}").partition(" ")[0],
        int(schema) if schema.isdigit() else 0,
        version,
        reason,
        taken.stat().st_mtime if taken.exists() else 0.0,
    )


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace").strip()
    except OSError:
        return ""
