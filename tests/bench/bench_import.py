"""How fast a contact list is read and stored, and how much memory it takes: 1,000,000 rows with numbers to normalise.

Reading is measured in a process of its own so that the peak is the importer's. Then the whole import by command, while
somebody else writes to the store fifty times a second and notes how long that took. The numbers belong to the block
that the German regulator keeps free for fiction (030 23125 000…999), lengthened to make a million different ones.
"""

from __future__ import annotations

import asyncio
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from firmware.store import settings
from firmware.store.store import Store

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
        whole = asyncio.run(_whole(path, Path(folder)))
    good, seconds, before_mb, peak_mb = int(told[0]), *map(float, told[1:])
    return [
        ("import: rows", f"{good:,} of {rows:,} good, {size_mb:.0f} MB"),
        ("import: speed", f"{rows / seconds:,.0f} rows/s, {seconds:.1f} s of CPU"),
        ("import: peak memory", f"{peak_mb:.0f} MB ({before_mb:.0f} MB before)"),
        *whole,
    ]


async def _whole(path: Path, folder: Path) -> list[tuple[str, str]]:
    from tests.unit.commands.office import opened

    async with opened(folder / "box") as box:
        upload = box.upload(path.read_bytes())
        waits: list[float] = []
        other = asyncio.get_running_loop().create_task(_write_now_and_then(box.store, waits))
        begun, cpu_begun = time.perf_counter(), _cpu_s()
        mapping = {"number": "Telefon", "first_name": "Vorname", "last_name": "Nachname"}
        await box.ask("list.import", path=upload, name="bench", mapping=mapping)
        last: dict[str, Any] = {"done": False}
        while not last["done"]:
            heard = await box.heard.get()
            last = heard["data"] if heard["event"] == "import" else last
        took, cpu = time.perf_counter() - begun, _cpu_s() - cpu_begun
        other.cancel()
        await asyncio.gather(other, return_exceptions=True)
    waits.sort()
    return [
        ("import: whole", f"{last['new']:,} contacts in {took:.1f} s, {cpu:.1f} s of CPU in the service"),
        (
            "import: another writer waits",
            f"median {statistics.median(waits) * 1e3:.1f} ms, p99 {waits[len(waits) * 99 // 100] * 1e3:.1f} ms,"
            f" longest {waits[-1] * 1e3:.0f} ms of {len(waits):,}",
        ),
    ]


async def _write_now_and_then(store: Store, waits: list[float]) -> None:
    at = 0
    while True:
        begun = time.perf_counter()
        at += 1
        await store.do(lambda conn, at=at: settings.put(conn, "bench", at))
        waits.append(time.perf_counter() - begun)
        await asyncio.sleep(0.02)


def _cpu_s() -> float:
    return time.process_time()


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
