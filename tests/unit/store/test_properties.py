"""Random histories of calls: whatever happens in whatever order, the store never contradicts itself."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

from hypothesis import settings as depth
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from firmware.model import (
    AmdLabel,
    AttemptUid,
    CampaignId,
    Disposition,
    HangupCause,
    OperatorError,
    Permit,
    Refusal,
    Side,
)
from firmware.store import attempts, claims, contacts, dnc, opening
from tests.unit.store.helpers import (
    NOW,
    broken_invariants,
    claim,
    new_campaign,
    new_list,
    new_user,
    number,
    permit,
)

KEYS = st.sampled_from(["", "k1", "k2"])
DELAYS = st.none() | st.sampled_from([0.0, 60.0, 86400.0])


class Histories(RuleBasedStateMachine):
    """Two campaigns over lists that share numbers, an agent, an impatient caller and a box that restarts."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="strowger-store-")
        self.path = Path(self.folder.name) / "strowger.db"
        self.conn: sqlite3.Connection = opening.open_writer(self.path)
        self.campaigns: list[CampaignId] = []
        self.uids: list[AttemptUid] = []
        self.words: dict[AttemptUid, Disposition] = {}
        self.now = NOW

    @initialize()
    def two_lists_that_overlap(self) -> None:
        self.campaigns = [
            new_campaign(self.conn, new_list(self.conn, 6, first), min_gap_s=60) for first in (0, 3)
        ]
        self.agent = new_user(self.conn)

    @rule(which=st.integers(0, 1), limit=st.integers(1, 4), answers=st.lists(st.integers(0, 3), max_size=6))
    def claim_some(self, which: int, limit: int, answers: list[int]) -> None:
        queue = list(answers)

        def judge(candidate: claims.Candidate) -> Permit | Refusal:
            answer = queue.pop() if queue else 0
            refusals = {
                1: Refusal("too_soon", self.now + 60),
                2: Refusal("dnc"),
                3: Refusal("window_closed", self.now + 60, of_zones=True),
            }
            return refusals.get(answer) or permit(candidate)

        made = claim(self.conn, self.campaigns[which], limit, self.now, judge)
        self.uids += [c.attempt_uid for c in made.claims]

    @precondition(lambda self: self.uids)
    @rule(
        data=st.data(), how=st.sampled_from(["ringing", "answered", "human", "machine", "talking", "ended"])
    )
    def mark(self, data: st.DataObject, how: str) -> None:
        uid, at = data.draw(st.sampled_from(self.uids)), self.now
        marks = {
            "ringing": lambda: attempts.mark_ringing(self.conn, uid, at),
            "answered": lambda: attempts.mark_answered(self.conn, uid, at),
            "human": lambda: attempts.mark_verdict(self.conn, uid, AmdLabel.HUMAN, 0.9, "", {}, at),
            "machine": lambda: attempts.mark_verdict(self.conn, uid, AmdLabel.MACHINE, 0.9, "", {}, at),
            "talking": lambda: attempts.mark_talking(self.conn, uid, self.agent, at),
            "ended": lambda: attempts.mark_ended(self.conn, uid, HangupCause.NORMAL, Side.CUSTOMER, 200, at),
        }
        assert marks[how]() == (uid not in self.words)

    @precondition(lambda self: self.uids)
    @rule(data=st.data(), word=st.sampled_from(list(Disposition)), key=KEYS, delay_s=DELAYS)
    def dispose(self, data: st.DataObject, word: Disposition, key: str, delay_s: float | None) -> None:
        uid = data.draw(st.sampled_from(self.uids))
        next_at = None if delay_s is None else self.now + delay_s
        try:
            first = attempts.dispose(self.conn, uid, word, self.now, next_at, key=key)
        except OperatorError:
            assert uid in self.words
        else:
            assert first == (uid not in self.words)
            self.words.setdefault(uid, word)

    @precondition(lambda self: self.uids)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        uid = data.draw(st.sampled_from(self.uids))
        try:
            if claims.requeue(self.conn, uid, self.now):
                assert uid not in self.words
                self.words[uid] = Disposition.FAILED
        except OperatorError:
            assert uid not in self.words

    @rule(i=st.integers(0, 9), take_off=st.booleans())
    def opt_out(self, i: int, take_off: bool) -> None:
        change = dnc.remove if take_off else dnc.add
        change(self.conn, dnc.OPT_OUTS, [number(i)], "x", self.now)

    @rule(by_s=st.sampled_from([1.0, 60.0, 100_000.0]))
    def wait(self, by_s: float) -> None:
        self.now += by_s

    @rule()
    def restart(self) -> None:
        self.conn.close()
        self.conn = opening.open_writer(self.path)
        interrupted = attempts.interrupt_open(self.conn, self.now)
        assert set(interrupted) == set(self.uids) - set(self.words)
        self.words.update(dict.fromkeys(interrupted, Disposition.INTERRUPTED))

    @invariant()
    def nothing_contradicts(self) -> None:
        assert broken_invariants(self.conn) == []

    @invariant()
    def every_disposition_stands_as_first_given(self) -> None:
        rows = self.conn.execute("SELECT uid, disposition FROM attempt WHERE disposition IS NOT NULL")
        assert dict(rows.fetchall()) == self.words

    @invariant()
    def no_number_is_in_flight_twice(self) -> None:
        twice = self.conn.execute(
            "SELECT number FROM attempt WHERE disposition IS NULL GROUP BY number HAVING count(*) > 1"
        )
        assert twice.fetchall() == []

    @invariant()
    def every_contact_is_somewhere(self) -> None:
        lists = [row[0] for row in self.conn.execute("SELECT id FROM contact_list")]
        assert all(contacts.counts(self.conn, list_id).contacts == 6 for list_id in lists)

    def teardown(self) -> None:
        self.conn.close()
        self.folder.cleanup()


TestHistories = Histories.TestCase
TestHistories.settings = depth(max_examples=25, stateful_step_count=40, deadline=None)
