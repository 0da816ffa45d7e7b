"""Commands for campaigns: ``campaign.create|update|change|obstacles|announce|start|pause|stop|delete``.

Each is one store transaction that looks and acts, so that what was checked is what is changed. What
settings may say is ``firmware.campaigns.settings``', what stands against a start ``obstacles``'.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

from firmware.campaigns import settings as reading
from firmware.commands.context import Context
from firmware.commands.obstacles import against_start, missing
from firmware.commands.texts import refuse
from firmware.compliance.in_force import office_of
from firmware.control import Control
from firmware.model import CampaignId, CampaignSettings, CampaignState, OperatorError, Problem
from firmware.store import campaigns, notices, settings_json
from firmware.store.notices import NoticeKind
from firmware.typed import Length

if TYPE_CHECKING:
    import sqlite3

_FITTED = ("ring_timeout_s", "hold_s", "abandon_target")
_STARTED = (CampaignState.RUNNING, CampaignState.PAUSED)
_OVER_OR_RUNNING = (CampaignState.RUNNING, CampaignState.FINISHED)


class CampaignCommands:
    """What an office manager does with campaigns."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in (
            "create",
            "update",
            "change",
            "obstacles",
            "announce",
            "start",
            "pause",
            "stop",
            "delete",
        ):
            control.add(f"campaign.{name}", getattr(self, name))

    async def create(self, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        """Store a draft -> ``id``."""
        wanted = self._read(settings)
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> CampaignId:
            _refuse_if(missing(conn, wanted))
            return campaigns.create(conn, wanted, now)

        return {"id": await self._change(work)}

    async def update(self, id: CampaignId, settings: Mapping[str, Any]) -> None:  # noqa: A002
        """Replace the settings. A running campaign keeps its list and must still be able to run."""
        wanted, trunks = self._read(settings), self._trunks_up()
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> None:
            before = campaigns.get(conn, id)
            if before.state is CampaignState.RUNNING:
                if wanted.contact_list_id != before.settings.contact_list_id:
                    raise refuse("contact_list_id", "campaign_running")
                _refuse_if(against_start(conn, id, wanted, trunks, now))
            _refuse_if(missing(conn, wanted))
            campaigns.update(conn, id, wanted, now)

        await self._change(work)

    async def change(
        self,
        id: CampaignId,  # noqa: A002
        changes: Mapping[str, Any],
        fit: bool = False,
    ) -> Mapping[str, Any]:
        """Change some settings of a draft -> ``fitted``: those that were moved to where the rules allow them.

        With ``fit`` ringing, hold and abandon target follow a change of rules instead of standing against it.
        """
        trunks, now = self._trunks(), self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> list[str]:
            before = campaigns.get(conn, id)
            if before.state is not CampaignState.DRAFT:
                raise refuse("id", "draft_only")
            merged = {**json.loads(settings_json.to_json(before.settings)), **changes}
            fitted = _fit(merged, trunks) if fit else []
            wanted = self._in_days(reading.from_json(merged, trunks))
            _refuse_if(missing(conn, wanted))
            campaigns.update(conn, id, wanted, now)
            return fitted

        return {"fitted": await self._change(work)}

    async def obstacles(self, id: CampaignId) -> Mapping[str, Any]:  # noqa: A002
        """Everything that stands against a start now -> ``problems``."""
        trunks, now = self._trunks_up(), self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> list[Problem]:
            return against_start(conn, id, campaigns.get(conn, id).settings, trunks, now)

        return {"problems": [asdict(found) for found in await self._context.store.do(work)]}

    async def announce(self, id: CampaignId) -> None:  # noqa: A002
        """Tell its agents, on their desks, that it begins soon; they confirm that they are there."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> None:
            found = campaigns.get(conn, id)
            if found.state in _OVER_OR_RUNNING:
                raise refuse("id", "campaign_running" if found.state in _STARTED else "campaign_over")
            if not found.settings.agent_ids:
                raise refuse("agent_ids", "no_agents")
            notices.post(conn, id, found.settings.agent_ids, NoticeKind.LOADED, now)

        await self._change(work)

    async def start(
        self,
        id: CampaignId,  # noqa: A002
        who: Annotated[str, Length(0, 80)] = "",
    ) -> None:
        """Let it dial, or say everything that stands against it. Starting a running campaign changes nothing.

        ``who`` answers for keeping the law in it: no box can know whether consent was given or a call is advertising.
        """
        trunks, now = self._trunks_up(), self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> None:
            found = campaigns.get(conn, id)
            if found.state is CampaignState.RUNNING:
                return
            _refuse_if(against_start(conn, id, found.settings, trunks, now))
            campaigns.set_state(conn, id, CampaignState.RUNNING, now)
            notices.post(conn, id, found.settings.agent_ids, NoticeKind.STARTED, now)
            if who:
                campaigns.sign_off(conn, id, who, _rules_of(found.settings), now)

        await self._change(work)

    async def pause(self, id: CampaignId) -> None:  # noqa: A002
        """Place no further call; calls in progress go on. Pausing a paused campaign changes nothing."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> None:
            state = campaigns.get(conn, id).state
            if state not in _STARTED:
                raise refuse(
                    "id", "campaign_not_started" if state is CampaignState.DRAFT else "campaign_over"
                )
            if state is CampaignState.RUNNING:
                campaigns.set_state(conn, id, CampaignState.PAUSED, now)

        await self._change(work)

    async def stop(self, id: CampaignId) -> None:  # noqa: A002
        """End it; calls in progress go on. Its list is free for another campaign."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> None:
            state = campaigns.get(conn, id).state
            if state is CampaignState.DRAFT:
                raise refuse("id", "campaign_not_started")
            if state in _STARTED:
                campaigns.set_state(conn, id, CampaignState.STOPPED, now)

        await self._change(work)

    async def delete(self, id: CampaignId) -> None:  # noqa: A002
        """Forget a draft; what has dialled is kept as proof."""
        await self._change(lambda conn: campaigns.delete(conn, id))
        self._context.campaign_gone(id)

    async def _change(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        result = await self._context.store.do(work)
        await self._context.campaigns_changed()
        return result

    def _read(self, settings: Mapping[str, Any]) -> CampaignSettings:
        return self._in_days(reading.from_json(settings, self._trunks()))

    def _in_days(self, settings: CampaignSettings) -> CampaignSettings:
        """Days are the office's: they are kept with the zone of its clock, whatever zone the contacts are in."""
        dated = bool(settings.first_day or settings.last_day)
        zone = self._context.config.box.zone if dated else ""
        return settings if settings.days_zone == zone else replace(settings, days_zone=zone)

    def _trunks(self) -> Mapping[str, Collection[str]]:
        return {trunk.name: trunk.caller_ids for trunk in self._context.config.trunks}

    def _trunks_up(self) -> Mapping[str, bool]:
        return {trunk.name: self._context.trunk_up(trunk.name) for trunk in self._context.config.trunks}


def _rules_of(settings: CampaignSettings) -> str:
    """The rules a campaign keeps, with their version."""
    try:
        return office_of(settings).pack.label
    except KeyError:
        return settings.rule_pack


def _refuse_if(problems: list[Problem]) -> None:
    if problems:
        raise OperatorError(*problems)


def _fit(settings: dict[str, Any], trunks: Mapping[str, Collection[str]]) -> list[str]:
    """Move what the rules forbid to their nearest bound, in place; the names of what moved."""
    fitted = []
    for found in reading.check(settings, trunks)[1]:
        if found.key == "against_rules" and found.where in _FITTED:
            low, high, value = (float(found.figures[name]) for name in ("low", "high", "value"))
            settings[found.where] = min(max(value, low), high)
            fitted.append(found.where)
    return fitted
