"""The process whose power is cut. ``python -m tests.embedded.powercut.victim FOLDER MARKS HOW``

HOW is ``honest``, or one way of being careless: ``normal`` and ``off`` (SQLite's synchronous), ``early`` (the INVITE
leaves before its transaction is committed), ``unsynced`` (the opt-out journal is written but not synced).
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import sys
from pathlib import Path

from firmware.model import AttemptUid, CampaignId, Disposition, HangupCause, Side
from firmware.store import attempts, campaigns, dnc, opening, opt_outs
from firmware.store.claims import Claimed
from firmware.store.store import Store
from tests.unit.store.helpers import NOW, claim, new_campaign, new_list, number

ROUNDS = 90
REOPEN_EVERY = 35
CHECKPOINT_PAGES = 60
"""Small, so that many checkpoints fall into a short run."""
WORDS = (Disposition.BUSY, Disposition.NO_ANSWER, Disposition.CONTACTED, Disposition.MACHINE)


class Victim:
    """A day's calls in a few seconds."""

    def __init__(self, folder: Path, marks: int, how: str) -> None:
        self._store = Store(
            folder / "strowger.db", folder / "opt-outs.journal", self._failed, ballast_bytes=0
        )
        self._marks = marks
        self._how = how
        self._random = random.Random(1891)
        self._flying: list[AttemptUid] = []

    async def run(self) -> None:
        """Dial, conclude and opt out, with restarts in between."""
        await self._open()
        campaign = await self._store.do(_campaign)
        for turn in range(ROUNDS):
            await self._round(campaign, turn)
            if turn % REOPEN_EVERY == REOPEN_EVERY - 1:
                await self._store.close()
                await self._open()
        await self._store.close()

    async def _open(self) -> None:
        await self._store.open()
        await self._store.do(lambda c: c.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}"))

    async def _round(self, campaign: CampaignId, turn: int) -> None:
        claimed = await self._store.do(lambda c: self._claim(c, campaign, 1 + turn % 3))
        for call in claimed.claims:
            if self._how != "early":
                self._mark("INVITE", call.attempt_uid)
            self._flying.append(call.attempt_uid)
            uid = call.attempt_uid
            self._store.post(lambda c, uid=uid: attempts.mark_ringing(c, uid, NOW + turn))
        self._random.shuffle(self._flying)
        ended, self._flying = self._flying[4:], self._flying[:4]
        await asyncio.gather(*(self._end(uid, turn) for uid in ended))
        if turn % 3 == 0:
            out = number(500 + turn)
            await self._store.do(lambda c: dnc.add(c, dnc.OPT_OUTS, [out], "key 9", NOW + turn))
            self._mark("OPTED_OUT", out)

    def _claim(self, conn: sqlite3.Connection, campaign: CampaignId, limit: int) -> Claimed:
        claimed = claim(conn, campaign, limit)
        if self._how == "early":
            for call in claimed.claims:
                self._mark("INVITE", call.attempt_uid)
        return claimed

    async def _end(self, uid: AttemptUid, turn: int) -> None:
        word = self._random.choice(WORDS)
        at = NOW + turn
        self._store.post(lambda c: attempts.mark_ended(c, uid, HangupCause.NORMAL, Side.CUSTOMER, 200, at))
        await self._store.do(lambda c: attempts.dispose(c, uid, word, at, at + 9000, note="n" * 200))
        self._mark("DISPOSED", uid, word)

    def _mark(self, *words: str) -> None:
        os.write(self._marks, (" ".join(words) + "\n").encode())

    @staticmethod
    def _failed(error: BaseException) -> None:
        raise error


def _campaign(conn: sqlite3.Connection) -> CampaignId:
    known = campaigns.running(conn)
    return known[0].id if known else new_campaign(conn, new_list(conn, 400), min_gap_s=3600)


def main() -> None:
    """Run as told on the command line."""
    folder, marks, how = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    if how in ("normal", "off"):
        opening.SYNCHRONOUS = how.upper()
    if how == "unsynced":
        opt_outs.os.fdatasync = lambda _fd: None
    fd = os.open(marks, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    asyncio.run(Victim(folder, fd, how).run())


if __name__ == "__main__":
    main()
