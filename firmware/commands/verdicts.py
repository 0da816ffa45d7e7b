"""Commands about the ears' verdicts: ``amd.word|report|set_sensitivity``.

An agent speaks of his own calls, an administrator of any. The report reads many attempts, in a thread of its own from a
read-only connection; what it counts is ``firmware.feedback``'s.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from firmware.commands.context import Context
from firmware.commands.texts import refuse
from firmware.control import Control
from firmware.model import AttemptUid, CampaignId, Role, UserId
from firmware.store import attempts, campaigns, machines, users, verdict_words
from firmware.store.store import open_read_only
from firmware.store.verdict_words import How, Said
from firmware.typed import OneOf

if TYPE_CHECKING:
    import sqlite3

MOST = 200_000
"""Attempts a report looks at, the newest ones; ``complete`` says whether that was all."""
_PRESETS = ("careful", "balanced", "eager")
_EVER = 32_503_680_000.0
"""The year 3000."""
Sensitivity = Annotated[str, OneOf(_PRESETS)]


class VerdictCommands:
    """What people say about verdicts, and what the box learns from it."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("amd.word", self.word)
        control.add("amd.report", self.report)
        control.add("amd.set_sensitivity", self.set_sensitivity)

    async def word(self, user_id: UserId, attempt: AttemptUid, said: Said) -> Mapping[str, Any]:
        """Keep "that was a machine" or "that was a person" -> ``new``: False where it stood already."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> tuple[CampaignId, bool]:
            user, found = users.get(conn, user_id), attempts.get(conn, attempt)
            if user is None or not user.active:
                raise refuse("user_id", "user_unknown", id=user_id)
            own = found.user_id == user_id
            if not own and user.roles <= {Role.AGENT}:
                raise refuse("attempt", "not_your_call")
            how = How.DESK if own else How.HISTORY
            return found.campaign_id, verdict_words.say(conn, attempt, user_id, said, how, now)

        campaign, new = await self._context.store.do(work)
        if new:
            await self._context.recount(campaign)
        return {"attempt": attempt, "said": said, "new": new}

    async def report(
        self, campaign_id: CampaignId | None = None, since: float = 0.0, until: float = _EVER
    ) -> Mapping[str, Any]:
        """The box's own error rates over attempts made in ``since <= t < until`` (UTC seconds).

        See ``firmware.feedback.report``; with a campaign also what its preset should be, and ``audits``: what agents
        said of machine verdicts drawn for them, over all its time.
        """
        answer = await asyncio.to_thread(self._report, campaign_id, since, until)
        return {"campaign_id": campaign_id, "since": since, "until": until, **answer}

    def _report(self, campaign: CampaignId | None, since: float, until: float) -> dict[str, Any]:
        from dsp import AmdModel  # loads the runtime, which a service that only serves pages need not have
        from firmware.feedback.report import Counting

        counting = Counting({str(name): limits for name, limits in AmdModel.default().card.limits.items()})
        conn = open_read_only(self._context.config.paths.database)
        try:
            conn.execute("BEGIN")
            settings = None if campaign is None else campaigns.get(conn, campaign).settings
            audits = None if campaign is None else _audits(conn, campaign)
            looked_at = 0
            for judged in verdict_words.judged(conn, campaign, since, until, MOST):
                counting.add(judged)
                looked_at += 1
        finally:
            conn.close()
        current = None if settings is None else settings.amd_sensitivity
        target = None if settings is None else settings.abandon_target
        return {
            **counting.report(current, target),
            "target": target,
            "complete": looked_at < MOST,
            "audits": audits,
        }

    async def set_sensitivity(self, campaign_id: CampaignId, sensitivity: Sensitivity) -> Mapping[str, Any]:
        """Change one campaign's preset, for the calls to come -> ``before``, ``after``."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> str:
            before = campaigns.get(conn, campaign_id).settings
            if before.amd_sensitivity != sensitivity:
                campaigns.update(conn, campaign_id, replace(before, amd_sensitivity=sensitivity), now)
            return before.amd_sensitivity

        before = await self._context.store.do(work)
        await self._context.campaigns_changed()
        return {"before": before, "after": sensitivity}


def _audits(conn: sqlite3.Connection, campaign: CampaignId) -> dict[str, Any]:
    audited, worded, persons = machines.audits(conn, campaign)
    share = machines.false_positive_share(conn, campaign)
    return {"audited": audited, "worded": worded, "persons": persons, "false_positive_share": share}
