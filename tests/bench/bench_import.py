"""How fast a contact list is read, and how much memory it takes: 1,000,000 rows with numbers to normalise.

Measured in a process of its own so that the peak is the importer's. The numbers belong to the block that the German
regulator keeps free for fiction (030 23125 000…999), lengthened by three digits to make a million different ones.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROWS = 1_000_000
_FORMS = ("030 23125{}", "+49 30 23125{}", "0049 (0)30/23125-{}", "4930 23125{}")


def main(quick: bool = False) -> list[tuple[str, str]]:
    """Return rows per second, the time for the whole file and the peak of resident memory."""
    rows = ROWS // 50 if quick else ROWS
    with tempfile.TemporaryDirectory(prefix="strowger-bench-") as folder:
        path = Path(folder) / "contacts.csv"
        _write(path, rows)
        size_mb = path.stat().st_size / 1e6
        told = subprocess.run(
            [sys.executable, __file__, str(path)], check=True, capture_output=True, text=True
        ).stdout.split()
    good, seconds, before_mb, peak_mb = int(told[0]), *map(float, told[1:])
    return [
        ("import: rows", f"{good:,} of {rows:,} good, {size_mb:.0f} MB"),
        ("import: speed", f"{rows / seconds:,.0f} rows/s, {seconds:.1f} s of CPU"),
        ("import: peak memory", f"{peak_mb:.0f} MB ({before_mb:.0f} MB before)"),
    ]


def _write(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("Vorname;Nachname;Telefon;Straße;Ort;Kundennummer\r\n")
        for at in range(rows):
            number = _FORMS[at % 4].format(f"{at:06d}")
            file.write(
                f"Erika {at};Mustermann;{number};Musterstraße {at % 200};12345 Beispielstadt;K{at}\r\n"
            )


def _read(path: Path) -> None:
    from firmware.campaigns.importer import Row, preview, read

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.process_time()
    good = sum(isinstance(row, Row) for row in read(path, preview(path).mapping, "DE"))
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{good} {seconds} {before} {peak}\n")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _read(Path(sys.argv[1]))
    else:
        for name, value in main():
            sys.stdout.write(f"{name:24} {value}\n")
