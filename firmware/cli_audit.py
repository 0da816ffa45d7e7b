"""``strowger audit verify|export``: is the log of changes as it was written, and everything in it as CSV."""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from firmware.cli_permits import Add, Ask

COLUMNS = (
    "seq", "at", "who", "user_id", "via", "address", "command", "object_id", "label", "old", "new", "hash",
)  # fmt: skip


def add_to(add: Add, ask: Ask) -> None:
    """Add the command."""
    audit = add(
        "audit", "the log of changes: read it whole, or write it out", lambda given: _audit(given, ask)
    )
    audit.add_argument("what", choices=("verify", "export"))
    audit.add_argument(
        "--head", default="", metavar="HASH", help="verify: a head that was written down earlier"
    )


def _audit(given: argparse.Namespace, ask: Ask) -> int:
    return _verify(given, ask) if given.what == "verify" else _export(given, ask)


def _verify(given: argparse.Namespace, ask: Ask) -> int:
    told = asyncio.run(ask(given, "audit.verify", noted=given.head))
    if told["fault"]:
        print(
            f"entry {told['seq']}: {told['fault']} ({told['checked']} entries before it are as they were written)"
        )
        return 1
    print(f"{told['checked']} entries, as they were written; head {told['head']['hash']}")
    return 0


def _export(given: argparse.Namespace, ask: Ask) -> int:
    out = csv.writer(sys.stdout)
    out.writerow(COLUMNS)
    for entry in _all(given, ask):
        out.writerow([_cell(name, entry[name]) for name in COLUMNS])
    return 0


def _all(given: argparse.Namespace, ask: Ask) -> Iterator[dict[str, Any]]:
    before: int | None = None
    while True:
        told = asyncio.run(ask(given, "audit.entries", before=before, most=500))
        yield from told["entries"]
        if not told["more"]:
            return
        before = told["entries"][-1]["seq"]


def _cell(name: str, value: Any) -> str:
    """One cell; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if name == "at":
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds")
    text = (
        json.dumps(value, ensure_ascii=False)
        if isinstance(value, dict)
        else str("" if value is None else value)
    )
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
