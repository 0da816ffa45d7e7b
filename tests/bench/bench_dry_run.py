"""How long a forecast takes: 100,000 open contacts, 100 agents, every mode and other teams beside it."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from pathlib import Path

from firmware.campaigns.settings import from_json
from firmware.commands.dry_runner import DryOrder, forecast
from firmware.model import CampaignId
from firmware.store import campaigns, contacts
from firmware.store.contacts import NewContact
from firmware.store.store import Store

CONTACTS = 100_000
AGENTS = 100
NOW = 1_779_958_800.0
"""Thursday 28 May 2026, 11:00 in Berlin."""
OFFICE_HOURS = [{"weekday": day, "start_min": 540, "end_min": 1080} for day in range(5)]

Row = tuple[str, str]


def main(quick: bool = False) -> list[Row]:
    """Return name and value of each figure."""
    with tempfile.TemporaryDirectory(prefix="strowger-bench-") as folder:
        return asyncio.run(_measure(Path(folder), CONTACTS // (50 if quick else 1)))


async def _measure(folder: Path, count: int) -> list[Row]:
    store = Store(folder / "bench.sqlite", folder / "journal", _fail, ballast_bytes=0)
    await store.open()
    try:
        number = await store.do(lambda conn: _fill(conn, count))
        began_s, began_cpu_s, told = time.perf_counter(), time.process_time(), 0

        def tell(_: float) -> None:
            nonlocal told
            told += 1

        found = forecast(DryOrder(str(folder / "bench.sqlite"), number, {}, 3 * AGENTS, NOW), tell)
        wall_s, cpu_s = time.perf_counter() - began_s, time.process_time() - began_cpu_s
    finally:
        await store.close()
    own = found["own"][-1]
    return [
        (f"forecast of {count:,} contacts, {AGENTS} agents", f"{wall_s:.1f} s ({cpu_s:.1f} s of processor)"),
        ("contacts judged for it", f"{found['contacts']['judged']:,}"),
        ("dials forecast, days", f"{own['dials']:,} in {own['days']}"),
    ]


def _fill(conn: sqlite3.Connection, count: int) -> CampaignId:
    """A list of numbers nobody has, and a campaign with that many agents."""
    made = contacts.create_list(conn, "bench", NOW)
    contacts.add(conn, made, (NewContact(f"+493023125{n:06d}") for n in range(count)))
    settings = {"name": "bench", "windows": OFFICE_HOURS, "agent_ids": list(range(1, AGENTS + 1))}
    return campaigns.create(conn, from_json({**settings, "contact_list_id": made}), NOW)


def _fail(error: BaseException) -> None:
    raise error
