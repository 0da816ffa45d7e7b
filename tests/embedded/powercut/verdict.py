"""Opens what a cut left, as the box would at its next start, and lists every promise that is broken."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from firmware.model import ContactState
from firmware.store import attempts, contacts, dnc, opt_outs
from firmware.store.store import Store, StoreError
from tests.embedded.powercut.disk import Disk
from tests.embedded.powercut.trace import Op
from tests.unit.store.helpers import NOW, broken_invariants

LATER = NOW + 500.0
MARKS = "marks"


def replay(ops: Sequence[Op], folder: Path, scratch: Path, cuts: int, seed: int) -> Counter[str]:
    """Cut the power ``cuts`` times at random moments; returns how many disks broke which promise."""
    chance = random.Random(seed)
    moments = sorted(chance.randrange(len(ops) + 1) for _ in range(cuts))
    broken: Counter[str] = Counter()
    disk, said = Disk(folder), bytearray()
    done = 0
    for number, moment in enumerate(moments):
        for op in ops[done:moment]:
            if Path(op.path).name == MARKS:
                said += op.data
            elif not op.path.endswith("-shm"):
                disk.do(op)
        done = moment
        into = scratch / str(number)
        into.mkdir()
        disk.image(chance, into)
        lines = [line.split() for line in said.decode().splitlines()]
        broken.update(set(asyncio.run(judge(into, lines))))
        for file in into.iterdir():
            file.unlink()
    return broken


async def judge(into: Path, said: list[list[str]]) -> list[str]:
    """Open the store in ``into`` as after a cut and hold it to what the victim had said by then."""
    store = Store(into / "strowger.db", into / "opt-outs.journal", _loud, ballast_bytes=0)
    on_paper = _on_paper(into / "opt-outs.journal")
    try:
        await store.open()
    except StoreError as error:
        return [f"does not open: {type(error).__name__}"]
    try:
        return await store.do(lambda conn: _broken(conn, said, on_paper))
    except StoreError as error:
        return [f"cannot be read: {error}"]
    finally:
        await store.close()


def _broken(conn: sqlite3.Connection, said: list[list[str]], on_paper: set[str]) -> list[str]:
    found = broken_invariants(conn)
    if conn.execute("PRAGMA integrity_check").fetchone() != ("ok",):
        found.append("corrupt")
    attempts.interrupt_open(conn, LATER)
    stored = dict(conn.execute("SELECT uid, disposition FROM attempt").fetchall())
    for word, *rest in said:
        if word == "INVITE":
            found += _invite(conn, rest[0], stored)
        elif word == "DISPOSED" and stored.get(rest[0]) != rest[1]:
            found.append("acknowledged disposition missing")
        elif word == "OPTED_OUT":
            if not dnc.look_up(conn, rest[0]):
                found.append("acknowledged opt-out missing")
            if rest[0] not in on_paper:
                found.append("acknowledged opt-out not in the journal")
    return found


def _invite(conn: sqlite3.Connection, uid: str, stored: dict[str, str]) -> list[str]:
    if uid not in stored:
        return ["INVITE without its durable intent"]
    if stored[uid] != "interrupted":
        return []
    contact = contacts.get(conn, attempts.get(conn, uid).contact_id)  # type: ignore[arg-type]
    assert contact is not None
    early = contact.state is ContactState.OPEN and contact.next_at < LATER + 3600
    return ["interrupted contact due before the gap"] if early else []


def _on_paper(path: Path) -> set[str]:
    if not path.exists():
        return set()
    entries = (opt_outs.decode(line) for line in path.read_bytes().split(b"\n"))
    return {entry.number for entry in opt_outs.net(e for e in entries if e is not None)}


def _loud(error: BaseException) -> None:
    raise error
