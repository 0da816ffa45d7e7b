"""How fast a claim is in a campaign's own order: a million contacts sorted, filtered, parted by owner and stage.

Also how long the order takes to make, and for how long at a time that holds the store.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from firmware.compliance.judge import judge
from firmware.model import CampaignId, ContactListId, UserId
from firmware.rulebook import reading
from firmware.store import campaigns, claims, contacts, offers, ordering, users
from firmware.store.store import Store
from firmware.store.users import NewUser, Role
from tests.bench.bench_store import NOW, ZONES, _campaign, _ms, _raise, _us

CONTACTS = 1_000_000
PORTION = 5_000
ORDER = {
    "sorts": [{"field": "value", "as": "number", "descending": True}, {"field": "city"}],
    "fresh_first": True,
    "filter": {
        "every": [
            {"field": "city", "is": "differs", "value": "Ulm"},
            {"field": "value", "is": "more", "value": "100", "as": "number"},
        ]
    },
}
CITIES = ("Berlin", "Ulm", "Köln", "Bonn", "Jena")


def main(quick: bool = False) -> list[tuple[str, str]]:
    """Return name and value of each figure."""
    with tempfile.TemporaryDirectory(prefix="strowger-bench-") as folder:
        return asyncio.run(_run(Path(folder), CONTACTS // 50 if quick else CONTACTS))


async def _run(folder: Path, count: int) -> list[tuple[str, str]]:
    store = Store(folder / "strowger.db", folder / "opt-outs.journal", _raise)
    await store.open()
    list_id = await store.do(lambda conn: contacts.create_list(conn, "bench", NOW))
    for first in range(0, count, PORTION):
        rows = [_contact(i) for i in range(first, first + PORTION)]
        await store.do(lambda conn, rows=rows: contacts.add(conn, list_id, rows))
    before = (folder / "strowger.db").stat().st_size
    campaign, anna = await store.do(lambda conn: _sorted(conn, list_id))
    holds = await _make(store, campaign)
    grown = ((folder / "strowger.db").stat().st_size - before) / 1e6
    turns = 300 if count == CONTACTS else 20
    claimed = [await store.do(lambda conn: _timed(conn, campaign, _claim)) for _ in range(turns)]
    one = [await store.do(lambda conn: _timed(conn, campaign, _claim_one)) for _ in range(turns)]
    offered = [await store.do(lambda conn: _timed(conn, campaign, _offer(anna))) for _ in range(turns)]
    await store.close()
    of = f"of {count:,} sorted, filtered, staged"
    return [
        (
            "order: made",
            f"{sum(cpu for _, cpu in holds):.1f} s of CPU in {len(holds)} slices, {grown:.0f} MB",
        ),
        *_both("order: one slice", holds),
        *_both(f"order: claim 30 {of}", claimed),
        ("order: claim, per contact, CPU", _us([cpu / 30 for _, cpu in claimed])),
        *_both(f"order: claim 1 {of}", one),
        *_both(f"order: offer 1 {of}, to its owner", offered),
    ]


def _both(name: str, took: list[tuple[float, float]]) -> list[tuple[str, str]]:
    return [(name, _ms([wall for wall, _ in took])), (f"{name}, CPU", _ms([cpu for _, cpu in took]))]


def _contact(i: int) -> contacts.NewContact:
    fields = {
        "city": CITIES[i % 5],
        "value": str(i * 7919 % 100_003),
        "owner": f"agent{i % 20}" if i % 3 else "",
        "look": "ja" if i % 4 == 0 else "",
    }
    return contacts.NewContact(f"+4930231{25_000_000 + i}", f"Person {i}", ZONES[i % 3], i % 2, fields)


def _sorted(conn: sqlite3.Connection, list_id: ContactListId) -> tuple[CampaignId, UserId]:
    campaign = _campaign(conn, list_id)
    settings = replace(campaigns.get(conn, campaign).settings, owner_field="owner", preview_field="look")
    campaigns.update(conn, campaign, settings, NOW)
    ordering.set_order(conn, campaign, reading.order(ORDER), "bench", NOW)
    return campaign, users.create(conn, NewUser("agent7", "Agent Seven", Role.AGENT, "scrypt$x"), NOW)


async def _make(store: Store, campaign: CampaignId) -> list[tuple[float, float]]:
    """Slice after slice until it is complete; how long each held the store."""
    holds: list[tuple[float, float]] = []

    def work(conn: sqlite3.Connection) -> bool:
        begun, cpu_begun = time.perf_counter(), time.thread_time()
        more = ordering.tend(conn, NOW)
        holds.append((time.perf_counter() - begun, time.thread_time() - cpu_begun))
        return more

    await store.do(lambda conn: ordering.current(conn, campaigns.get(conn, campaign), NOW))
    while await store.do(work):
        pass
    return holds


def _timed(
    conn: sqlite3.Connection,
    campaign: CampaignId,
    act: Callable[[sqlite3.Connection, campaigns.Campaign], object],
) -> tuple[float, float]:
    """How long it took, and how much of that the processor worked for it (the machine may be busy)."""
    found = campaigns.get(conn, campaign)
    begun, cpu_begun = time.perf_counter(), time.thread_time()
    assert act(conn, found), "somebody is due"
    return time.perf_counter() - begun, time.thread_time() - cpu_begun


def _claim(conn: sqlite3.Connection, found: campaigns.Campaign) -> object:
    return claims.claim_due(conn, found, NOW, 30, lambda c: judge(c, found.settings, NOW)).claims


def _claim_one(conn: sqlite3.Connection, found: campaigns.Campaign) -> object:
    return claims.claim_due(conn, found, NOW, 1, lambda c: judge(c, found.settings, NOW)).claims


def _offer(user: UserId) -> Callable[[sqlite3.Connection, campaigns.Campaign], object]:
    def act(conn: sqlite3.Connection, found: campaigns.Campaign) -> object:
        offered = offers.offer_next(conn, found, user, NOW, lambda c: judge(c, found.settings, NOW))
        assert offered is not None, "somebody is due"
        return offers.end(conn, offered.contact_id, offers.Outcome.SKIPPED, NOW, next_at=NOW + 60)

    return act


if __name__ == "__main__":
    for name, value in main():
        print(f"{name:60} {value}")  # noqa: T201
