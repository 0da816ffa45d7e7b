"""Commands for forecasts: ``dry_run.begin|cancel|advice``.

A dry run is worked out by a process of its own (``dry_runner``), so that neither calls nor pages wait for it; what it
tells is published as ``dry_run`` events, one entry per campaign. It changes nothing: beginning anew replaces it, and a
restart of the box forgets it. Simulated days are not read before somebody asks: no call needs them.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from firmware.commands.context import Context
from firmware.commands.texts import problem, refuse
from firmware.compliance.in_force import tightened
from firmware.control import Control
from firmware.model import CampaignId, CampaignSettings
from firmware.store import campaigns, experience

if TYPE_CHECKING:
    import sqlite3

    from firmware.pacing.adviser import Advice

_log = logging.getLogger(__name__)

MOST_AT_ONCE = 2
_RUNNER = (sys.executable, "-m", "firmware.commands.dry_runner")
_LINE_BYTES = 1 << 20
_GLANCE = 2000
"""Attempts that the quick advice looks at: it is asked on the thread that writes."""
_KEPT = 20
"""Forecasts that are remembered for the pages."""


class DryRuns:
    """What can be asked about a campaign before it runs."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._tasks: dict[CampaignId, asyncio.Task[None]] = {}
        self._known: list[CampaignId] = []

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("dry_run.begin", self.begin)
        control.add("dry_run.cancel", self.cancel)
        control.add("dry_run.advice", self.advice)

    async def begin(self, id: CampaignId, given: Mapping[str, Any] | None = None) -> None:  # noqa: A002
        """Forecast a campaign; ``given`` are assumptions of the person's own. ``dry_run`` events follow."""
        from firmware.simulate.prospect import Assumptions, read

        read(given or {}, Assumptions(agents=1, lines=1))
        campaign = await self._context.store.do(lambda conn: campaigns.get(conn, id))
        await self._end(id)
        if len(self._tasks) >= MOST_AT_ONCE:
            raise refuse("id", "dry_runs_busy", most=MOST_AT_ONCE)
        order = {
            "database": str(self._context.config.paths.database),
            "campaign_id": id,
            "given": dict(given or {}),
            "lines": self._lines(campaign.settings),
            "now": self._context.clock.utc(),
        }
        self._tell(id, "running")
        task = asyncio.get_running_loop().create_task(self._run(id, order))
        self._tasks[id] = task
        task.add_done_callback(lambda done: self._over(id, done))

    async def cancel(self, id: CampaignId) -> None:  # noqa: A002
        """Give a forecast up; nothing happens where none is under way."""
        await self._end(id)

    async def advice(self, id: CampaignId) -> Mapping[str, Any]:  # noqa: A002
        """Which mode suits the campaign's team, reckoned at once -> ``mode key figures learned``."""

        from firmware.commands.dry_runner import assumptions, frame_of, opening_hours
        from firmware.simulate.prospect import quick_advice

        def work(conn: sqlite3.Connection) -> tuple[Advice, bool]:
            settings = tightened(campaigns.get(conn, id).settings)
            hours = opening_hours(settings)
            seen = experience.of_campaign(conn, id, 0.0, _GLANCE)
            known, sources = assumptions(settings, seen, hours, self._lines(settings))
            return quick_advice(known, frame_of(settings, hours)), sources["live_share"] == "learned"

        advice, learned = await self._context.store.do(work)
        return {"mode": advice.mode, "key": advice.key, "figures": dict(advice.figures), "learned": learned}

    async def stop(self) -> None:
        """Give all of them up."""
        for campaign in list(self._tasks):
            await self._end(campaign)

    async def _end(self, campaign: CampaignId) -> None:
        task = self._tasks.get(campaign)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _over(self, campaign: CampaignId, task: asyncio.Task[None]) -> None:
        if self._tasks.get(campaign) is task:
            del self._tasks[campaign]

    def _lines(self, settings: CampaignSettings) -> int:
        return next((t.lines for t in self._context.config.trunks if t.name == settings.trunk), 30)

    async def _run(self, campaign: CampaignId, order: Mapping[str, Any]) -> None:
        try:
            answer = await self._ask(campaign, order)
        except asyncio.CancelledError:
            self._tell(campaign, "cancelled")
            raise
        except OSError as error:
            _log.warning("campaign=%s not forecast: %s", campaign, error)
            answer = {}
        if "result" in answer:
            self._tell(campaign, "done", 1.0, result=answer["result"])
        else:
            failed = asdict(problem("id", "dry_run_failed"))
            self._tell(campaign, "failed", problems=answer.get("problems") or [failed])

    async def _ask(self, campaign: CampaignId, order: Mapping[str, Any]) -> Mapping[str, Any]:
        """Start the process, hand its progress on -> its last word; empty where it died without one."""
        process = await asyncio.create_subprocess_exec(
            *_RUNNER,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LINE_BYTES,
            start_new_session=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(order).encode() + b"\n")
            process.stdin.close()
            async for line in process.stdout:
                told: Mapping[str, Any] = json.loads(line)
                if "progress" not in told:
                    return told
                self._tell(campaign, "running", float(told["progress"]))
            return {}
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def _tell(
        self,
        campaign: CampaignId,
        state: str,
        share: float = 0.0,
        result: Mapping[str, Any] | None = None,
        problems: list[Any] | None = None,
    ) -> None:
        entry = {
            "campaign_id": campaign,
            "state": state,
            "share": share,
            "result": result,
            "problems": problems or [],
        }
        self._context.hub.publish("dry_run", entry)
        if campaign in self._known:
            self._known.remove(campaign)
        self._known.append(campaign)
        while len(self._known) > _KEPT:
            self._context.hub.remove("dry_run", self._known.pop(0))
