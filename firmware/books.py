"""What happened, written down: the switchboard's pen and the store's ink.

Every row of an attempt's life goes through here, in order. A disposition is special: it must not be lost. If the
store refuses it (disk full), it is kept and offered again until it is durable, and only then does the call leave the
switchboard; meanwhile no agent is freed by a result nobody has.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from firmware.callbacks import rules as pure
from firmware.callbacks.promise import PromiseState
from firmware.calls.switchboard import LiveCall
from firmware.campaigns import retry
from firmware.clock import Clock
from firmware.company_books import CompanyBooks
from firmware.machine_books import MachineBooks
from firmware.model import (
    AnswerConfidence,
    AnswerMethod,
    AttemptUid,
    CampaignSettings,
    Disposition,
    HangupCause,
    Side,
    UserId,
)
from firmware.store import attempts, callbacks, contact_numbers, dnc, late_results, rule_books
from firmware.store.store import Store, StoreError
from firmware.trunks.base import LegHeard

if TYPE_CHECKING:
    import sqlite3

_log = logging.getLogger(__name__)

OFFER_AGAIN_S = 2.0
STILL_TALKING_S = 1800.0
"""A contact who was handed on and still talks is called again no sooner than this after the result."""


@dataclass(frozen=True, slots=True)
class Result:
    """What an agent, or the box itself, concludes. ``key`` makes sending it twice harmless."""

    disposition: Disposition
    wrap_up_code: str = ""
    note: str = ""
    key: str = ""
    user_id: UserId | None = None
    callback_at: float | None = None
    callback_zone: str = ""
    """The contact's time zone, for the promise."""
    callback_owner: UserId | None = None
    """Who promised it for himself; None: anybody of the team is to call."""


class StoreBooks(MachineBooks, CompanyBooks):
    """``Books`` over the store."""

    def __init__(self, clock: Clock, store: Store, closed: Callable[[LiveCall], None]) -> None:
        self._clock = clock
        self._store = store
        self._closed = closed
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting = 0

    @property
    def busy(self) -> bool:
        """Whether a disposition is being written (not: waiting to be offered again)."""
        return len(self._tasks) > self._waiting

    async def drain(self, at_most_s: float) -> None:
        """Wait until every disposition is durable, but not for ever."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=at_most_s)
        for task in self._tasks:
            task.cancel()

    def ringing(self, uid: AttemptUid, at: float) -> None:
        """The far end rings."""
        self._store.post(lambda conn: attempts.mark_ringing(conn, uid, at))

    def answered(
        self, uid: AttemptUid, at: float, method: AnswerMethod, confidence: AnswerConfidence
    ) -> None:
        """The far end accepted."""
        self._store.post(lambda conn: attempts.mark_answered(conn, uid, at, method, confidence))

    def heard(self, uid: AttemptUid, verdict: LegHeard, at: float) -> None:
        """The ears' verdict."""
        self._store.post(
            lambda conn: attempts.mark_verdict(
                conn, uid, verdict.label, verdict.confidence, verdict.cause, verdict.figures, at
            )
        )

    def talking(self, uid: AttemptUid, agent: UserId, at: float, recording: Path | None) -> None:
        """Customer and agent are connected."""
        name = recording.name if recording is not None else None
        self._store.post(lambda conn: attempts.mark_talking(conn, uid, agent, at, name))

    def ended(self, uid: AttemptUid, cause: HangupCause, by: Side, sip_code: int, at: float) -> None:
        """The customer's leg is gone."""
        self._store.post(lambda conn: attempts.mark_ended(conn, uid, cause, by, sip_code, at))

    def dispose(self, live: LiveCall, disposition: Disposition, at: float) -> None:
        """The final word without an agent; offered until the store has it."""
        task = asyncio.get_running_loop().create_task(self._offer(live, Result(disposition), at))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self, live: LiveCall, result: Result, at: float) -> None:
        """Make a result durable, then let the call go. Raises StoreError, and the call stays."""
        await close_attempt(self._store, live, result, at)
        self._closed(live)

    async def _offer(self, live: LiveCall, result: Result, at: float) -> None:
        while True:
            try:
                await self.close(live, result, at)
            except StoreError as error:
                _log.error(
                    "attempt=%s disposition=%s kept, not stored: %s", live.uid, result.disposition, error
                )
                await self._wait(OFFER_AGAIN_S)
            else:
                return

    async def _wait(self, delay_s: float) -> None:
        later = asyncio.Event()
        self._clock.call_later(delay_s, later.set)
        self._waiting += 1
        try:
            await later.wait()
        finally:
            self._waiting -= 1


async def close_attempt(store: Store, live: LiveCall, result: Result, at: float) -> None:
    """Write the final word and what follows for the contact, in one transaction."""
    uid, settings = live.claim.attempt_uid, live.settings

    def work(conn: sqlite3.Connection) -> None:
        found = attempts.get(conn, uid)
        next_at = None
        if found.disposition is None:
            next_at = _follow(conn, found, settings, result, at)
            if live.on_the_line and next_at is not None:
                next_at = max(next_at, at + STILL_TALKING_S)
            _opt_out_if_asked(conn, uid, found.number, result, at)
        attempts.dispose(
            conn,
            uid,
            result.disposition,
            at,
            next_at,
            wrap_up_code=result.wrap_up_code or None,
            note=result.note,
            key=result.key,
            user_id=result.user_id,
        )

    await store.do(work)


async def close_late(
    store: Store, uid: AttemptUid, settings: CampaignSettings, result: Result, at: float
) -> None:
    """Keep a result that comes after its attempt left the switchboard: sent again, or overtaken by a power cut.

    Raises OperatorError when the attempt is closed with another result, or is another agent's.
    """

    def work(conn: sqlite3.Connection) -> None:
        found = attempts.get(conn, uid)

        def follow() -> float | None:
            return _follow(conn, found, settings, result, at)

        if late_results.add(
            conn,
            uid,
            result.user_id,
            result.disposition,
            result.wrap_up_code,
            result.note,
            result.key,
            follow,
        ):
            _opt_out_if_asked(conn, uid, found.number, result, at)
            if (again := late_results.called_again(conn, found.contact_id, uid)) is not None:
                _promise_late(conn, found, again, settings, result, at)
            said = rule_books.Said(result.disposition, code=result.wrap_up_code)
            rule_books.after(conn, uid, at, said, overtaken=again is not None)

    await store.do(work)


def _promise_late(
    conn: sqlite3.Connection,
    found: attempts.Attempt,
    again: attempts.Attempt,
    settings: CampaignSettings,
    result: Result,
    at: float,
) -> None:
    """A callback agreed in a talk that was interrupted, and the person has been called ``again`` since.

    Whoever was reached then has been called back; otherwise the promise stands, even for a contact that is closed.
    """
    if (
        result.disposition is not Disposition.CALLBACK
        or callbacks.open_of(conn, found.contact_id) is not None
    ):
        return
    _promise(conn, found, settings, result, at)
    promise = callbacks.open_of(conn, found.contact_id)
    if promise is None or again.disposition is None:
        return
    if again.disposition in pure.REACHED:
        callbacks.end(conn, promise, PromiseState.WITHDRAWN, at, None, "called_again")
    else:
        attempts.release_contact(conn, found.contact_id, math.inf, "")


def _follow(
    conn: sqlite3.Connection, found: attempts.Attempt, settings: CampaignSettings, result: Result, at: float
) -> float | None:
    """When the contact of an attempt is due again (None: never), with its promises as the result makes them."""
    uid = found.uid
    counts = dict(attempts.counts(conn, found.contact_id))
    if found.disposition is None:
        counts[result.disposition] = counts.get(result.disposition, 0) + 1
    used = found.permit.attempts_before + 1
    follows = retry.after(
        result.disposition, settings, counts, used, at, result.callback_at, found.hangup_cause
    )
    follows = _other_number(conn, uid, settings, result, used, at, follows)
    next_at = callbacks.after_attempt(
        conn, found, result.disposition, at, follows.at, final=follows.reason == "final"
    )
    return math.inf if _promise(conn, found, settings, result, at) else next_at


def _promise(
    conn: sqlite3.Connection, found: attempts.Attempt, settings: CampaignSettings, result: Result, at: float
) -> bool:
    """Write down the promise of a callback; False where the result is another, or names no time."""
    if result.disposition is not Disposition.CALLBACK or result.callback_at is None:
        return False
    zone = result.callback_zone or settings.default_zone
    owner, by = result.callback_owner, result.user_id
    callbacks.make(conn, found, result.callback_at, zone, owner, result.note, at, by)
    return True


def _other_number(
    conn: sqlite3.Connection,
    uid: AttemptUid,
    settings: CampaignSettings,
    result: Result,
    used: int,
    at: float,
    follows: retry.Next,
) -> retry.Next:
    """Let the contact's next number be tried where this one reached nobody; a dead one is tried no more."""
    if result.disposition not in retry.NOBODY:
        return follows
    found = attempts.get(conn, uid)
    contact, number = found.contact_id, found.number
    if result.disposition in retry.DEAD:
        contact_numbers.close_number(conn, contact, number, result.disposition)
    most = settings.max_attempts_number
    other = contact_numbers.another(conn, contact, number, found.campaign_id, most)
    if other is None:
        return follows
    contact_numbers.dial_next(conn, contact, other)
    return retry.with_another(result.disposition, settings, used, at, follows)


def _opt_out_if_asked(
    conn: sqlite3.Connection, uid: AttemptUid, number: str, result: Result, at: float
) -> None:
    """The person does not want to be called: not at this number, and at none of their others."""
    if result.disposition is Disposition.DO_NOT_CALL:
        others = contact_numbers.of_contact(conn, attempts.get(conn, uid).contact_id)
        numbers = dict.fromkeys((number, *(other.number for other in others)))
        dnc.add(conn, dnc.OPT_OUTS, numbers, f"attempt {uid}", at)
