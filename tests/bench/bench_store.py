"""How fast the store is with a million contacts: claims, commits, dispositions, counters, import, start, DNC.

Numbers are lengthened beyond the fictional block of 030 23125 to get a million different ones; nothing is dialled.
"""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path

from firmware.campaigns import retry
from firmware.compliance.judge import judge
from firmware.model import (
    AttemptUid,
    CallWindow,
    CampaignId,
    CampaignSettings,
    CampaignState,
    ContactId,
    ContactListId,
    Disposition,
    HangupCause,
    Side,
)
from firmware.store import attempts, campaigns, candidates, claims, contacts, dnc
from firmware.store.reports import Reports
from firmware.store.store import Store

CONTACTS = 1_000_000
DNC = 1_000_000
PORTION = 5_000
ZONES = (("Europe/Berlin",), ("Europe/London",), ("Europe/Lisbon",))
NOW = 1_779_958_800.0
"""Thursday 28 May 2026, 11:00 in Berlin: no holiday, and within the hours of the German rules."""
ALWAYS = tuple(CallWindow(day, 0, 1440) for day in range(7))

Row = tuple[str, str]


def main(quick: bool = False) -> list[Row]:
    """Return name and value of each figure."""
    with tempfile.TemporaryDirectory(prefix="strowger-bench-") as folder:
        return asyncio.run(_Bench(Path(folder), 50 if quick else 1).run())


class _Bench:
    def __init__(self, folder: Path, less: int) -> None:
        self._folder = folder
        self._contacts = CONTACTS // less
        self._dnc = DNC // less
        self._turns = max(20, 300 // less)
        self._store = self._new_store()
        self._rows: list[Row] = []

    async def run(self) -> list[Row]:
        await self._store.open()
        list_id = await self._import()
        await self._load_dnc()
        campaign = await self._store.do(lambda c: _campaign(c, list_id))
        await self._judge(campaign)
        uids = await self._claim(campaign)
        await self._commits(uids)
        await self._rate(uids)
        await self._counters(campaign)
        await self._restart()
        await self._store.close()
        return self._rows

    def _new_store(self) -> Store:
        return Store(self._folder / "strowger.db", self._folder / "opt-outs.journal", _raise)

    def _say(self, name: str, value: str) -> None:
        self._rows.append((f"store: {name}", value))

    async def _import(self) -> ContactListId:
        list_id = await self._store.do(lambda c: contacts.create_list(c, "bench", NOW))
        locks: list[float] = []
        begun = time.perf_counter()
        for first in range(0, self._contacts, PORTION):
            rows = list(_new_contacts(first, min(PORTION, self._contacts - first)))
            locks.append(
                await _timed(lambda rows=rows: self._store.do(lambda c: contacts.add(c, list_id, rows)))
            )
        took = time.perf_counter() - begun
        size = (self._folder / "strowger.db").stat().st_size / 1e6
        self._say(
            "import",
            f"{self._contacts:,} rows in {took:.1f} s, {size:.0f} MB, longest hold {max(locks) * 1e3:.0f} ms",
        )
        return list_id

    async def _load_dnc(self) -> None:
        begun = time.perf_counter()
        for first in range(0, self._dnc, PORTION * 4):
            numbers = [f"+4930{20_000_000 + first + i}" for i in range(PORTION * 4)]
            await self._store.do(lambda c, numbers=numbers: dnc.load(c, dnc.OPT_OUTS, numbers, "bench", NOW))
        self._say("DNC load", f"{self._dnc:,} numbers in {time.perf_counter() - begun:.1f} s")

    async def _judge(self, campaign: CampaignId) -> None:
        """The full check of one contact after another: row, history, DNC lists, consent, and the judge."""

        def work(conn: sqlite3.Connection) -> list[float]:
            found = campaigns.get(conn, campaign)
            took = []
            for contact in range(1, min(self._contacts, 100_000), 97):
                begun = time.perf_counter()
                claims.judge_contact(
                    conn, found, ContactId(contact), NOW, lambda c: judge(c, found.settings, NOW)
                )
                took.append(time.perf_counter() - begun)
            return took

        took = await self._store.do(work)
        self._say("full permission check of a contact", _us(took))
        self._say("the judge alone", _us(_judged_alone()))

    async def _claim(self, campaign: CampaignId) -> list[AttemptUid]:
        inside: list[float] = []
        cpu: list[float] = []
        uids: list[AttemptUid] = []

        def work(conn: sqlite3.Connection) -> None:
            begun, cpu_begun = time.perf_counter(), time.thread_time()
            found = campaigns.get(conn, campaign)
            made = claims.claim_due(conn, found, NOW, 30, lambda c: judge(c, found.settings, NOW))
            inside.append(time.perf_counter() - begun)
            cpu.append(time.thread_time() - cpu_begun)
            uids.extend(call.attempt_uid for call in made.claims)

        outside = [await _timed(lambda: self._store.do(work)) for _ in range(self._turns)]
        of = f"30 of {self._contacts:,}"
        self._say(f"claim {of}", _ms(inside))
        self._say("claim, per contact", _us([took / 30 for took in inside]))
        self._say(f"claim {of}, CPU", _ms(cpu))
        self._say(f"claim {of}, durable", _ms(outside))
        return uids

    async def _commits(self, uids: list[AttemptUid]) -> None:
        def ring(uid: AttemptUid) -> Awaitable[bool]:
            return self._store.do(lambda c: attempts.mark_ringing(c, uid, NOW))

        self._say(
            "one durable commit", _ms([await _timed(partial(ring, uid)) for uid in uids[: self._turns]])
        )

    async def _rate(self, uids: list[AttemptUid]) -> None:
        settings = CampaignSettings("bench")

        def end(conn: sqlite3.Connection, uid: AttemptUid) -> None:
            attempts.mark_ended(conn, uid, HangupCause.BUSY, Side.CUSTOMER, 486, NOW + 5)
            contact = attempts.get(conn, uid).contact_id
            counts = {**attempts.counts(conn, contact), Disposition.BUSY: 1}
            follows = retry.after(Disposition.BUSY, settings, counts, 1, NOW + 5)
            attempts.dispose(conn, uid, Disposition.BUSY, NOW + 5, follows.at)

        alone = uids[: self._turns]
        begun = time.perf_counter()
        for uid in alone:
            await self._store.do(lambda c, uid=uid: end(c, uid))
        one_by_one = len(alone) / (time.perf_counter() - begun)
        rest = uids[self._turns :]
        begun = time.perf_counter()
        await asyncio.gather(*(self._store.do(lambda c, uid=uid: end(c, uid)) for uid in rest))
        together = len(rest) / (time.perf_counter() - begun)
        self._say("dispositions, one by one", f"{one_by_one:,.0f} /s")
        self._say("dispositions, many at once", f"{together:,.0f} /s")

    async def _counters(self, campaign: CampaignId) -> None:
        reports = Reports(self._folder / "strowger.db")
        took = []
        for _ in range(self._turns):
            begun = time.perf_counter()
            reports.campaign_progress(campaign)
            took.append(time.perf_counter() - begun)
        reports.close()
        self._say("progress counters", _ms(took))

    async def _restart(self) -> None:
        await self._store.close()
        begun = time.perf_counter()
        await self._store.open()
        self._say("open after a clean end", f"{(time.perf_counter() - begun) * 1e3:.0f} ms")
        await self._store.close()
        (self._folder / "strowger.db-wal").write_bytes(b"left by a kill")
        begun = time.perf_counter()
        await self._store.open()
        self._say("open after a kill", f"{(time.perf_counter() - begun) * 1e3:.0f} ms")
        begun = time.perf_counter()
        assert await self._store.damage() is None
        self._say("look through the whole database", f"{time.perf_counter() - begun:.1f} s")


def _new_contacts(first: int, count: int) -> Iterator[contacts.NewContact]:
    for i in range(first, first + count):
        fields = {"city": "Berlin", "customer": str(i)}
        yield contacts.NewContact(f"+4930231{25_000_000 + i}", f"Person {i}", ZONES[i % 3], i % 2, fields)


def _campaign(conn: sqlite3.Connection, list_id: ContactListId) -> CampaignId:
    settings = CampaignSettings("bench", list_id, windows=ALWAYS, caller_id="+493023125000")
    campaign = campaigns.create(conn, settings, NOW)
    campaigns.set_state(conn, campaign, CampaignState.RUNNING, NOW)
    return campaign


async def _timed(act: Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    await act()
    return time.perf_counter() - begun


def _ms(took: list[float]) -> str:
    ordered = sorted(took)
    p99 = ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
    return f"median {statistics.median(ordered) * 1e3:.2f} ms, p99 {p99 * 1e3:.2f} ms"


def _us(took: list[float]) -> str:
    ordered = sorted(took)
    p99 = ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]
    return f"median {statistics.median(ordered) * 1e6:.0f} µs, p99 {p99 * 1e6:.0f} µs"


def _judged_alone() -> list[float]:
    """Judge contacts that differ in number, state and history, as a list of them does."""
    settings = CampaignSettings("bench", windows=ALWAYS, caller_id="+493023125000")
    took = []
    for i in range(20_000):
        dials = tuple(NOW - 86400 * day for day in range(i % 10, 0, -1))
        someone = candidates.Candidate(
            ContactId(i),
            f"+49{20 + i % 70}231{i:05d}",
            "",
            {"PLZ": f"{10_000 + i * 4 % 90_000}"},
            ZONES[i % 3],
            *(0, False, None, dials[-1] if dials else None, (), {"Opt-outs": 1}),
            dials=dials,
            campaign_dials=len(dials),
        )
        begun = time.perf_counter()
        judge(someone, settings, NOW)
        took.append(time.perf_counter() - begun)
    return took


def _raise(error: BaseException) -> None:
    raise error


if __name__ == "__main__":
    for name, value in main():
        print(f"{name:45} {value}")  # noqa: T201
