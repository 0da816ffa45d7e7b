"""Random days with restarts in between: no promise is lost, none is dialled twice at once, none too early."""

from __future__ import annotations

import math
import random
import sqlite3
from pathlib import Path

import pytest

from firmware.callbacks.promise import PromiseState
from firmware.callbacks.rules import without_own_limits
from firmware.model import Disposition, Refusal
from firmware.store import attempts, callbacks, campaigns, claims, contacts, offers, opening
from tests.unit.store.helpers import NOW, broken_invariants, new_campaign, new_list, new_user, permit

WORDS = (
    Disposition.BUSY, Disposition.NO_ANSWER, Disposition.CONTACTED, Disposition.CALLBACK, Disposition.MACHINE,
    Disposition.ABANDONED, Disposition.FAILED, Disposition.CALLBACK, Disposition.CALLBACK,
)  # fmt: skip
NEVER_LOST = {
    "an open promise whose contact is due at a time of its own": """SELECT p.id FROM promise p
        JOIN contact c ON c.id = p.contact_id WHERE p.state = 'open' AND c.state = 'open' AND c.next_at < 9e999""",
    "an open promise whose contact is closed or gone": """SELECT p.id FROM promise p
        LEFT JOIN contact c ON c.id = p.contact_id WHERE p.state = 'open' AND coalesce(c.state, 'closed') = 'closed'""",
    "a contact that waits for ever": """SELECT c.id FROM contact c WHERE c.state = 'open' AND c.next_at = 9e999
        AND NOT EXISTS (SELECT 1 FROM promise p WHERE p.contact_id = c.id AND p.state = 'open')""",
    "a promise without its whole history": """SELECT p.id FROM promise p WHERE p.version > 1 AND p.version >
        (SELECT count(*) + 1 FROM promise_history h WHERE h.root = p.root)""",
}


class Day:
    """A day of a small office over a store that is closed and opened again at any moment."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.path, self.dice, self.now = folder / "strowger.db", random.Random(seed), NOW
        self.conn = opening.open_writer(self.path)
        list_id = new_list(self.conn, 12)
        self.campaign = new_campaign(self.conn, list_id, min_gap_s=600.0)
        self.users = [new_user(self.conn), new_user(self.conn, "bernd")]
        self.ringing: dict[str, float] = {}

    def step(self) -> None:
        """One thing happens, whole or not at all."""
        self.now += self.dice.uniform(1.0, 900.0)
        act = self.dice.choice(
            (self.dial, self.dial, self.keep, self.keep, self.end, self.end, self.change, self.cut)
        )
        self.conn.execute("BEGIN")
        act()
        if self.conn.in_transaction:
            self.conn.execute("ROLLBACK" if self.dice.random() < 0.1 and act is not self.cut else "COMMIT")
        self.ringing = {a.uid: a.started_at for a in attempts.open_attempts(self.conn)}
        self.check()

    def dial(self) -> None:
        """The campaign dials what is due by its own rules: never somebody with an open promise."""
        campaign = campaigns.get(self.conn, self.campaign)
        waiting = {p.contact_id for p in callbacks.agenda(self.conn, math.inf)}
        claimed = claims.claim_due(self.conn, campaign, self.now, 2, permit)
        assert waiting.isdisjoint(each.contact_id for each in claimed.claims)

    def keep(self) -> None:
        """Promises that are due are put on desks and dialled: each once, none before its time."""
        campaign = campaigns.get(self.conn, self.campaign)
        user = self.dice.choice(self.users)
        for promise in callbacks.agenda(self.conn, self.now)[:1]:
            judge = (
                permit if self.dice.random() < 0.8 else lambda _: Refusal("window_closed", self.now + 5000)
            )
            if offers.offer_promise(self.conn, campaign, user, promise.id, self.now, judge) is None:
                continue
            assert offers.offer_promise(self.conn, campaign, user, promise.id, self.now, permit) is None
            if self.dice.random() < 0.2:
                offers.end(self.conn, promise.contact_id, offers.Outcome.REJECTED, self.now)
            else:
                offers.dial(self.conn, campaign, user, promise.contact_id, self.now, judge, promised=True)

    def end(self) -> None:
        """Calls come to their end; some with a promise."""
        for found in attempts.open_attempts(self.conn)[:2]:
            word = self.dice.choice(WORDS)
            final = word is Disposition.CONTACTED
            next_at = None if final else self.now + 600.0
            next_at = callbacks.after_attempt(self.conn, found, word, self.now, next_at, final=final)
            if word is Disposition.CALLBACK:
                owner = self.dice.choice((None, *self.users))
                at = self.now + self.dice.uniform(60.0, 4000.0)
                callbacks.make(self.conn, found, at, "Europe/Berlin", owner, "", self.now, None)
                next_at = math.inf
            attempts.dispose(self.conn, found.uid, word, self.now, next_at)

    def change(self) -> None:
        """Somebody at a page moves, passes on, withdraws or brings back; or the contact goes."""
        promises = callbacks.agenda(self.conn, math.inf)
        if not promises:
            return
        promise, choice = self.dice.choice(promises), self.dice.randrange(6)
        if choice <= 1:
            callbacks.move(self.conn, promise, self.now + 2000.0, self.now, None)
        elif choice <= 3:
            callbacks.pass_on(
                self.conn, promise, self.dice.choice((None, *self.users)), self.now, None, "test"
            )
        elif choice == 4:
            callbacks.end(self.conn, promise, PromiseState.WITHDRAWN, self.now, None, "test")
            callbacks.reopen(self.conn, callbacks.get(self.conn, promise.id), self.now, None)
        elif self.dice.random() < 0.3:
            self.conn.execute("DELETE FROM contact WHERE id = ?", (promise.contact_id,))

    def cut(self) -> None:
        """The power goes in the middle of a transaction, and comes back."""
        self.conn.execute("UPDATE promise SET due_at = 0")
        self.conn.close()
        self.conn = opening.open_writer(self.path)
        self.conn.execute("BEGIN")
        offers.clear(self.conn, self.now)
        attempts.interrupt_open(
            self.conn,
            self.now,
            lambda a, _: callbacks.after_attempt(
                self.conn, a, Disposition.INTERRUPTED, self.now, self.now + 600.0, final=False
            ),
        )

    def check(self) -> None:
        """Nothing is lost, nothing contradicts itself."""
        broken = [words for words, sql in NEVER_LOST.items() if self.conn.execute(sql).fetchone() is not None]
        assert broken == []
        assert broken_invariants(self.conn) == []
        in_flight = self.conn.execute("SELECT contact_id FROM attempt WHERE disposition IS NULL").fetchall()
        assert len(in_flight) == len(set(in_flight))


@pytest.mark.parametrize("seed", range(12))
def test_no_promise_is_lost_or_dialled_twice(tmp_path: Path, seed: int) -> None:
    day = Day(tmp_path, seed)
    for _ in range(100):
        day.step()
    made = day.conn.execute("SELECT count(*) FROM promise").fetchone()[0]
    assert made > 0
    _finish(day)
    day.conn.close()


def _finish(day: Day) -> None:
    """Left alone with a permitting judge and people who answer, every promise that is open comes to its end."""
    campaign = campaigns.get(day.conn, day.campaign)
    judged = type(campaign)(
        campaign.id, without_own_limits(campaign.settings), campaign.state, campaign.created_at,
        campaign.started_at, campaign.ended_at, campaign.counters,
    )  # fmt: skip
    day.cut()
    day.conn.execute("COMMIT")
    day.now += 1e6
    while promises := callbacks.agenda(day.conn, day.now):
        got = callbacks.claim(day.conn, judged, promises[0], day.now, permit)
        assert not isinstance(got, Refusal)
        found = attempts.get(day.conn, got.attempt_uid)
        callbacks.after_attempt(day.conn, found, Disposition.CONTACTED, day.now, None, final=True)
        attempts.dispose(day.conn, found.uid, Disposition.CONTACTED, day.now, None)
    left: list[tuple[int]] = day.conn.execute("SELECT id FROM promise WHERE state = 'open'").fetchall()
    assert left == []
    assert contacts.counts(day.conn, claims.list_of(campaign)).in_flight == 0


def test_two_services_cannot_work_on_one_ledger(tmp_path: Path) -> None:
    """The opt-out journal's lock keeps a second one away; even past it, an open promise is one per contact."""
    conn = opening.open_writer(tmp_path / "strowger.db")
    campaign = new_campaign(conn, new_list(conn, 1))
    (granted,) = claims.claim_due(conn, campaigns.get(conn, campaign), NOW, 1, permit).claims
    found = attempts.get(conn, granted.attempt_uid)
    callbacks.make(conn, found, NOW + 60, "Europe/Berlin", None, "", NOW, None)
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute(
            "INSERT INTO promise (id, root, contact_id, campaign_id, attempt_uid, kind, promised_at, lawful_at, due_at,"
            " zone, note, made_at, changed_at) SELECT 99, 99, contact_id, campaign_id, attempt_uid, kind, 0, 0, 0,"
            " zone, note, made_at, changed_at FROM promise"
        )
    conn.close()
