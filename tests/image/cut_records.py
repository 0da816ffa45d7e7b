"""What a box's own records say after a power cut, held against what was known outside when the power went.

``judge`` reads a copy of the database; ``dialled_after`` starts the real service on one, with simulated lines and a
clock of its own, as the box would at its next start, and tells whom it calls. Judging disks is ``cut_judge``'s.
"""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from firmware.model import AttemptUid, CampaignState, HangupCause
from firmware.store import attempts, campaigns, permits, users
from tests.image.cut_dialling import LINES, Seen
from tests.scenario.box import PROVIDER, Box, refused, running

OFF_S, BACK_S = 60.0, 15
"""How long the box was off, and for how long it is watched then."""
TRUNK = replace(PROVIDER, name="amt", lines=LINES)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is on record."""

    contacts: int = 0
    attempts: int = 0
    open_attempts: int = 0


def opened(file: Path) -> sqlite3.Connection:
    """A database with its journal, to be read."""
    return sqlite3.connect(file, isolation_level=None)


def torn(what: str, conn: sqlite3.Connection) -> list[str]:
    """What SQLite itself finds wrong."""
    try:
        whole = conn.execute("pragma integrity_check").fetchone()[0]
        loose = conn.execute("pragma foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        return [f"{what} is torn: {error}"]
    found = [] if whole == "ok" else [f"{what} is torn: {whole}"]
    return found + ([f"{what} has rows that point nowhere: {loose[:3]}"] if loose else [])


def rows_lost(conn: sqlite3.Connection, acknowledged: int) -> list[str]:
    """Whether every row that the writer was told is durable is there, and none in between is missing."""
    newest, count = conn.execute("select coalesce(max(n), 0), count(*) from row").fetchone()
    if newest < acknowledged or newest != count:
        return [f"rows are lost: {count} up to {newest}, {acknowledged} were acknowledged"]
    return []


def counts(conn: sqlite3.Connection) -> Counts:
    """What there is."""
    return Counts(*(conn.execute(f"select count(*) from {what}").fetchone()[0] for what in (
        "contact", "attempt", "attempt where disposition is null",
    )))  # fmt: skip


def called(conn: sqlite3.Connection) -> set[str]:
    """Every number that may have been called (E.164)."""
    return {f"+{row[0]}" for row in conn.execute("select number from attempt where sent")}


def judge(conn: sqlite3.Connection, seen: Seen) -> list[str]:
    """What the records do not say of the calls and results that were seen, and who was called twice."""
    return [*_chain(conn), *_calls(conn, seen), *_results(conn, seen), *_twice(conn, seen)]


def _chain(conn: sqlite3.Connection) -> list[str]:
    verdict = permits.verify(conn)
    return [f"the chain of permits is broken: {verdict.fault} at {verdict.seq}"] if verdict.fault else []


def _calls(conn: sqlite3.Connection, seen: Seen) -> list[str]:
    found = []
    for uid, number in seen.calls:
        row = conn.execute("select number, permit from attempt where uid = ?", (uid,)).fetchone()
        if row is None:
            found.append(f"a call to {number} is not on record ({uid})")
        elif f"+{row[0]}" != number:
            found.append(f"the record of {uid} is of +{row[0]}, the call was to {number}")
        elif permits.link_of(conn, AttemptUid(uid)) is None or '"' not in row[1]:
            found.append(f"the call to {number} has no permit ({uid})")
    return found


def _results(conn: sqlite3.Connection, seen: Seen) -> list[str]:
    found = []
    for uid, code in seen.results:
        row = conn.execute("select wrap_up_code from attempt where uid = ?", (uid,)).fetchone()
        if row is None or row[0] != code:
            found.append(f"an agent's result is lost: {code} of {uid}, on record is {row}")
    return found


def _twice(conn: sqlite3.Connection, seen: Seen) -> list[str]:
    """An attempt is one call; a number is called again only by an attempt of its own, and after the gap."""
    found = [
        f"one attempt made {n} calls: {uid}" for uid, n in Counter(u for u, _ in seen.calls).items() if n > 1
    ]
    gap_s = min(campaign.settings.min_gap_s for campaign in campaigns.every(conn))
    for number in sorted({number for _, number in seen.calls}):
        begun = [row[0] for row in conn.execute(
            "select started_at from attempt where number = ? and sent order by started_at", (int(number[1:]),)
        )]  # fmt: skip
        if any(after - before < gap_s for before, after in itertools.pairwise(begun)):
            found.append(f"{number} was called {len(begun)} times within the gap")
    open_twice = conn.execute(
        "select number from attempt where disposition is null group by number having count(*) > 1"
    ).fetchall()
    return found + [f"two open attempts of +{number}" for (number,) in open_twice]


async def dialled_after(database: Path, folder: Path) -> list[str]:
    """Start the service on a copy, let its agents come back, watch it for a while; whom it calls (E.164)."""
    state = folder / "state"
    state.mkdir(parents=True)
    for part in ("", "-wal"):
        with contextlib.suppress(FileNotFoundError):
            (state / f"strowger.db{part}").write_bytes(Path(f"{database}{part}").read_bytes())
    with contextlib.closing(opened(database)) as conn:
        at = attempts.newest(conn) + OFF_S
        agents = [user.id for user in users.every(conn) if user.phone_user]
    away = refused(0.2, 486, HangupCause.BUSY)
    box = Box(folder, lambda route, count: away, at=at, trunk=TRUNK)
    box.outside.trunks = {TRUNK.name: True}
    async with running(box):
        left = [one for one in await box.attempts() if one.disposition is None]
        assert not left, f"still open after the recovery: {left}"
        known = await box.service.store.do(campaigns.every)
        assert all(campaign.state is CampaignState.RUNNING for campaign in known), known
        await box.ready(*agents)
        await box.advance_working(BACK_S)
        return box.dialled
