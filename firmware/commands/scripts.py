"""Scripts, snippets and what a desk shows for a campaign, as the office edits them: ``script.*``, ``snippet.*``.

What is wrong with a script is told step by step, before it is saved and whenever somebody asks (``script.check``);
grave findings keep it from being saved. What agents do with them at the desk is ``desk_script``'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from firmware.commands.context import Context
from firmware.commands.script_shown import spoken
from firmware.control import Control
from firmware.model import CampaignId, OperatorError
from firmware.scripts import card as cards
from firmware.scripts import checks, reading
from firmware.scripts.merging import fields_in
from firmware.scripts.script import Steps
from firmware.scripts.texts import problem
from firmware.store import campaigns, scripts, snippets
from firmware.store.snippets import NewSnippet
from firmware.typed import Length, Matches

if TYPE_CHECKING:
    import sqlite3

_Name = Annotated[str, Length(1, 120), Matches(r"[^\x00-\x1f\x7f]*", "printable text")]
_By = Annotated[str, Length(0, 80)]
_Title = Annotated[str, Length(0, 200)]
_Text = Annotated[str, Length(0, 6000)]
_Steps = Annotated[list[Any], Length(0, 200)]
KNOWN = ("Name", "Number", "Agent", "Campaign")
"""What every text may name besides the columns of a list."""


class ScriptCommands:
    """What people who prepare texts do."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name, handler in (
            ("script.list", self.listed),
            ("script.get", self.get),
            ("script.check", self.check),
            ("script.preview", self.preview),
            ("script.save", self.save),
            ("script.remove", self.remove),
            ("script.of_campaign", self.of_campaign),
            ("script.assign", self.assign),
            ("snippet.list", self.snippets),
            ("snippet.save", self.save_snippet),
            ("snippet.remove", self.remove_snippet),
        ):
            control.add(name, handler)

    async def listed(self) -> Mapping[str, Any]:
        """-> ``scripts``: ``id, name, version, steps`` (how many)``, made_at, made_by, campaigns``, by name."""

        def work(conn: sqlite3.Connection) -> list[Mapping[str, Any]]:
            return [
                {
                    "id": each.script_id,
                    "name": each.name,
                    "version": each.number,
                    "steps": len(each.steps),
                    "made_at": each.made_at,
                    "made_by": each.made_by,
                    "campaigns": scripts.used_by(conn, each.script_id),
                }
                for each in scripts.every(conn)
            ]

        return {"scripts": await self._context.store.do(work)}

    async def get(self, id: int) -> Mapping[str, Any]:  # noqa: A002
        """-> ``id, name, version, steps`` as they are sent, ``findings`` and ``columns`` as ``script.check`` says."""

        def work(conn: sqlite3.Connection) -> Mapping[str, Any]:
            found = scripts.latest(conn, id)
            told = {"id": id, "name": found.name, "version": found.number, "made_at": found.made_at}
            steps = reading.plain_of(found.steps)
            return {**told, "made_by": found.made_by, "steps": steps, **_findings(conn, found.steps, id)}

        return await self._context.store.do(work)

    async def check(self, steps: _Steps, id: int | None = None) -> Mapping[str, Any]:  # noqa: A002
        """-> ``findings``: ``at`` (the step, from 0)``, key, grave, figures``; ``columns`` texts may name."""
        read = reading.read(steps)
        return await self._context.store.do(lambda conn: _findings(conn, read, id))

    async def preview(self, id: int, known: Mapping[str, str]) -> Mapping[str, Any]:  # noqa: A002
        """-> ``steps`` as a desk shows them to somebody with these columns, ``named``: columns the texts name."""
        steps = (await self._context.store.do(lambda conn: scripts.latest(conn, id))).steps
        named = [name for step in steps for name in fields_in(f"{step.heading} {step.text}")]
        return {"steps": spoken(steps, known), "named": list(dict.fromkeys(named))}

    async def save(
        self,
        name: _Name,
        steps: _Steps,
        id: int | None = None,  # noqa: A002
        seen: int = 0,
        by: _By = "",
    ) -> Mapping[str, Any]:
        """Save a new script, or a further version of ``id`` made from version ``seen`` -> ``id, version``."""
        read, now = reading.read(steps), self._context.clock.utc()
        grave = [
            problem(f"steps.{each.at + 1}", each.key, **each.figures)
            for each in checks.findings(read, ())
            if each.grave
        ]
        if grave:
            raise OperatorError(*grave)

        def work(conn: sqlite3.Connection) -> Mapping[str, Any]:
            if id is None:
                return {"id": scripts.create(conn, name.strip(), read, by, now), "version": 1}
            return {"id": id, "version": scripts.save(conn, id, name.strip(), read, seen, by, now)}

        return await self._context.store.do(work)

    async def remove(self, id: int) -> None:  # noqa: A002
        """Take a script away that no campaign shows."""
        now = self._context.clock.utc()
        await self._context.store.do(lambda conn: scripts.remove(conn, id, now))

    # -- what a desk shows for a campaign ------------------------------------------------------------------------

    async def of_campaign(self, campaign_id: CampaignId) -> Mapping[str, Any]:
        """-> ``script_id, card`` (``fields``, null: all shown; ``best_time, reason``), ``columns`` of its list."""
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> Mapping[str, Any]:
            campaigns.get(conn, campaign_id)
            desk = scripts.desk_of(conn, campaign_id, now)
            return {
                "script_id": desk.script_id,
                "card": cards.plain_of(desk.card),
                "columns": scripts.columns_of(conn, campaign_id),
            }

        return await self._context.store.do(work)

    async def assign(
        self, campaign_id: CampaignId, card: Mapping[str, Any], script_id: int | None = None, by: _By = ""
    ) -> None:
        """From now on the desk shows this script and this card for calls of the campaign."""
        desk, now = scripts.CampaignDesk(script_id, cards.read(card)), self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> None:
            campaigns.get(conn, campaign_id)
            scripts.set_desk(conn, campaign_id, desk, by, now)

        await self._context.store.do(work)

    # -- snippets ------------------------------------------------------------------------------------------------

    async def snippets(self) -> Mapping[str, Any]:
        """-> ``snippets``: ``id, part, title_de, text_de, title_en, text_en, campaigns, changed_at, changed_by``."""
        return {"snippets": [_snippet(each) for each in await self._context.store.do(snippets.every)]}

    async def save_snippet(
        self,
        part: Annotated[str, Length(0, 80)] = "",
        title_de: _Title = "",
        text_de: _Text = "",
        title_en: _Title = "",
        text_en: _Text = "",
        campaigns: Annotated[list[int], Length(0, 500)] = [],  # noqa: B006 - never changed
        id: int | None = None,  # noqa: A002
        by: _By = "",
    ) -> Mapping[str, Any]:
        """Save a new prepared answer, or ``id`` anew -> ``id``."""
        new = NewSnippet(
            part.strip(),
            title_de.strip(),
            text_de.strip(),
            title_en.strip(),
            text_en.strip(),
            tuple(CampaignId(each) for each in campaigns),
        )
        now = self._context.clock.utc()
        return {"id": await self._context.store.do(lambda conn: snippets.save(conn, id, new, by, now))}

    async def remove_snippet(self, id: int) -> None:  # noqa: A002
        """Forget one."""
        await self._context.store.do(lambda conn: snippets.remove(conn, id))


def _snippet(found: snippets.Snippet) -> Mapping[str, Any]:
    changed = {"changed_at": found.changed_at, "changed_by": found.changed_by}
    return {"id": found.id, **asdict(found.said), "campaigns": list(found.said.campaigns), **changed}


def _findings(conn: sqlite3.Connection, steps: Steps, script: int | None) -> dict[str, Any]:
    columns = [*KNOWN, *(name for name in scripts.columns(conn, script) if name not in KNOWN)]
    return {"findings": [asdict(each) for each in checks.findings(steps, columns)], "columns": columns}
