"""Commands for single contacts, as other programs send them: ``contact.add|change|close|remove``, ``lead.add``.

A contact comes by the same rules as a row of a file (``campaigns.one_contact``) and is told in the same words what is
wrong with it. A lead is a contact for a campaign; the dialler is woken at once, and the answer says which rule or
circumstance keeps the call from being placed, and until when. Why a contact is called or not is the judge's word.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Annotated, Any

from firmware.campaigns import one_contact
from firmware.campaigns.importer import Row
from firmware.campaigns.texts import row_problem
from firmware.commands.context import Context
from firmware.commands.obstacles import against_start
from firmware.commands.texts import refuse
from firmware.compliance.in_force import tightened
from firmware.compliance.judge import judge
from firmware.control import Control
from firmware.model import (
    AgentState,
    CampaignId,
    CampaignSettings,
    CampaignState,
    ContactId,
    ContactListId,
    ContactState,
    OperatorError,
    Permit,
    Problem,
    Refusal,
)
from firmware.store import campaigns, claims, contact_edits, contacts, dnc, ordering, own_reasons, webhooks
from firmware.store.campaigns import Campaign
from firmware.store.contacts import NewContact
from firmware.store.words import digits
from firmware.typed import Length, Range

if TYPE_CHECKING:
    import sqlite3

MOST_AT_ONCE = 1000
_FEW = 20
"""So many contacts are read on the loop; more of them in a thread."""
Text = Annotated[str, Length(0, 200)]
Key = Annotated[str, Length(0, 80)]


@dataclass(frozen=True, slots=True)
class Given:
    """A contact as it is sent. ``mobile, work, home`` are further numbers; ``fields`` whatever else is known."""

    number: Key = ""
    mobile: Key = ""
    work: Key = ""
    home: Key = ""
    name: Text = ""
    zone: Key = ""
    priority: Annotated[int, Range(-99, 99)] = 0
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Lead:
    """What became of a lead inside its transaction."""

    contact_id: ContactId
    result: str
    blocked: Refusal | None
    campaign: Campaign
    revived: bool
    prepared: bool
    """The campaign's order of contacts is being prepared."""


class LeadCommands:
    """What other programs do with single contacts."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("list.create", self.create_list)
        control.add("contact.add", self.add)
        control.add("contact.change", self.change)
        control.add("contact.close", self.close)
        control.add("contact.remove", self.remove)
        control.add("lead.add", self.lead)

    async def create_list(self, name: Annotated[str, Length(1, 120)]) -> Mapping[str, Any]:
        """An empty contact list -> ``id``."""
        now = self._context.clock.utc()
        return {
            "id": await self._context.store.do(lambda conn: contacts.create_list(conn, name.strip(), now))
        }

    async def add(
        self, list_id: ContactListId, rows: Annotated[list[Given], Length(1, MOST_AT_ONCE)]
    ) -> Mapping[str, Any]:
        """Add contacts -> ``results``, one for each in order: ``result, contact_id, number, problems, dnc``.

        ``result`` is added, duplicate (the list has the number; nothing is changed) or refused; ``dnc`` names the
        lists that block the number now.
        """
        read = _read(rows, self._country) if len(rows) <= _FEW else await asyncio.to_thread(self._read, rows)
        good = [_new(row) for row in read if isinstance(row, Row)]
        now = self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> list[tuple[ContactId, bool, list[str]]]:
            made = contact_edits.add_each(conn, list_id, good)
            lists = dnc.lists(conn)
            blocking = [
                [found.name for found in lists if dnc.holds(conn, found, digits(row.number), now)]
                for row in good
            ]
            return [(known, new, names) for (known, new), names in zip(made, blocking, strict=True)]

        stored = iter(await self._context.store.do(work))
        results = [_refused(row) if isinstance(row, Problem) else _kept(row, *next(stored)) for row in read]
        self._context.wake()
        return {"results": results}

    async def change(
        self,
        contact: ContactId,
        version: Key,
        name: Text | None = None,
        zone: Key | None = None,
        priority: Annotated[int, Range(-99, 99)] | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> None:
        """Change what is given; an empty ``zone`` means all its numbers may be in, a field of null goes away."""
        zones: tuple[str, ...] | None = None
        if zone is not None:
            zones = await self._zones(contact, zone)

        def work(conn: sqlite3.Connection) -> None:
            contact_edits.change(
                conn, contact, version, name=name, zones=zones, priority=priority, fields=fields
            )

        await self._context.store.do(work)
        self._context.wake()

    async def close(self, contact: ContactId) -> Mapping[str, Any]:
        """Call a contact no more -> ``done``: false if it was closed before."""
        return {"done": await self._context.store.do(lambda conn: contact_edits.close(conn, contact))}

    async def remove(self, contact: ContactId) -> None:
        """Take out a contact that was never called."""
        await self._context.store.do(lambda conn: contact_edits.remove(conn, contact))

    async def lead(self, campaign: CampaignId, contact: Given, first: bool = False) -> Mapping[str, Any]:
        """Add a contact to a campaign's list, wake the dialler -> ``contact_id, number, result, blocked, waits_for``.

        ``first``: it goes before everybody. ``result``: added, raised (it was there uncalled and now goes first) or
        duplicate. ``blocked``: the rule against a call now, with ``until`` where it lets go. ``waits_for``: what else
        is missing. A campaign that had run out of contacts goes on; one that was stopped refuses.
        """
        row = one_contact.read(*_cells(contact), self._country)
        if isinstance(row, Problem):
            raise OperatorError(replace(row, where="number"))
        new = replace(_new(row), priority=contact_edits.FIRST) if first else _new(row)
        now, trunks = self._context.clock.utc(), self._trunks_up()

        def work(conn: sqlite3.Connection) -> _Lead:
            return _accept(conn, campaign, new, first, now, trunks)

        made = await self._context.store.do(work)
        if made.revived:
            await self._context.campaigns_changed()
        self._context.wake()
        return {
            "contact_id": made.contact_id,
            "number": row.number,
            "result": made.result,
            "blocked": None if made.blocked is None else _told(made.blocked),
            "waits_for": [
                *self._waits_for(made.campaign),
                *([own_reasons.PREPARED] if made.prepared else []),
            ],
        }

    # -- what stands in the way --------------------------------------------------------------------------------------

    def _waits_for(self, campaign: Campaign) -> list[str]:
        """What must change before any contact of the campaign is called."""
        settings, found = campaign.settings, []
        if campaign.state is not CampaignState.RUNNING:
            found.append("campaign_not_running")
        if not self._trunks_up().get(settings.trunk, False):
            found.append("trunk_down")
        if self._context.dialling_allowed():
            found.append("box_not_dialling")
        if settings.meets_agents and not self._somebody_ready(settings):
            found.append("no_agent_ready")
        return found

    def _somebody_ready(self, settings: CampaignSettings) -> bool:
        return any(self._context.agent_state(user) is AgentState.READY for user in settings.agent_ids)

    def _trunks_up(self) -> Mapping[str, bool]:
        return {trunk.name: self._context.trunk_up(trunk.name) for trunk in self._context.config.trunks}

    # -- reading -----------------------------------------------------------------------------------------------------

    @property
    def _country(self) -> str:
        return self._context.config.box.country

    def _read(self, rows: Sequence[Given]) -> list[Row | Problem]:
        return _read(rows, self._country)

    async def _zones(self, contact: ContactId, zone: str) -> tuple[str, ...]:
        """The zone that is named, or all that the contact's numbers may be in."""
        found = await self._context.store.do(lambda conn: contact_edits.whole(conn, contact))
        if found is None:
            raise refuse("contact_id", "contact_unknown")
        number = found.contact.number
        row = one_contact.read({"number": number, "zone": zone}, {}, self._country)
        if isinstance(row, Problem):
            raise OperatorError(replace(row, where="zone"))
        return row.zones


def _cells(given: Given) -> tuple[dict[str, str], Mapping[str, str]]:
    """A contact as the reader of files takes it: texts by role, and the fields."""
    texts = {name: getattr(given, name) for name in ("number", "mobile", "work", "home", "name", "zone")}
    return {**texts, "priority": str(given.priority) if given.priority else ""}, given.fields


def _read(rows: Sequence[Given], country: str) -> list[Row | Problem]:
    """Each contact or what is wrong with it; a number that came before in the same request is a duplicate."""
    seen: set[str] = set()
    read: list[Row | Problem] = []
    for given in rows:
        row = one_contact.read(*_cells(given), country)
        if isinstance(row, Row) and row.number in seen:
            row = row_problem("", "duplicate")
        if isinstance(row, Row):
            seen.add(row.number)
        read.append(row)
    return read


def _new(row: Row) -> NewContact:
    return NewContact(row.number, row.name, row.zones, row.priority, row.fields, row.numbers, row.kind)


def _refused(problem: Problem) -> Mapping[str, Any]:
    result = "duplicate" if problem.key == "duplicate" else "refused"
    return {"result": result, "contact_id": None, "number": None, "problems": [asdict(problem)], "dnc": []}


def _kept(row: Row, contact: ContactId, new: bool, lists: list[str]) -> Mapping[str, Any]:
    problems = [] if new else [asdict(row_problem("", "duplicate"))]
    return {
        "result": "added" if new else "duplicate",
        "contact_id": contact,
        "number": row.number,
        "problems": problems,
        "dnc": lists,
    }


def _told(refusal: Refusal) -> Mapping[str, Any]:
    return {"rule": refusal.rule, "until": refusal.until, "figures": dict(refusal.figures)}


def _accept(
    conn: sqlite3.Connection,
    campaign_id: CampaignId,
    new: NewContact,
    first: bool,
    now: float,
    trunks: Mapping[str, bool],
) -> _Lead:
    """Everything about a lead that is durable or not at all."""
    campaign = campaigns.get(conn, campaign_id)
    if campaign.state is CampaignState.STOPPED:
        raise refuse("campaign_id", "campaign_over")
    list_id = claims.list_of(campaign)
    ((contact, is_new),) = contact_edits.add_each(conn, list_id, [new])
    result = "added" if is_new else _raise(conn, contact, first)
    revived = is_new and campaign.state is CampaignState.FINISHED and _revive(conn, campaign, now, trunks)
    if revived:
        campaign = campaigns.get(conn, campaign_id)
    strict = replace(campaign, settings=tightened(campaign.settings))
    blocked = _blocked(conn, strict, contact, now)
    body = {
        "contact_id": contact,
        "campaign_id": campaign_id,
        "list_id": list_id,
        "number": new.number,
        "fields": dict(new.fields),
        "result": result,
        "first": first,
        "blocked_by": None if blocked is None else blocked.rule,
        "blocked_until": None if blocked is None else webhooks.moment(blocked.until),
    }
    webhooks.enqueue(conn, "lead.accepted", body, now, campaign_id)
    return _Lead(contact, result, blocked, campaign, revived, ordering.waits(conn, campaign_id))


def _raise(conn: sqlite3.Connection, contact: ContactId, first: bool) -> str:
    """A contact that waits for its first call may be put first; any other has its own time."""
    found = contacts.get(conn, contact)
    uncalled = found is not None and found.state is ContactState.OPEN and not found.attempts
    if not first or not uncalled:
        return "duplicate"
    contact_edits.put_first(conn, contact)
    return "raised"


def _revive(conn: sqlite3.Connection, campaign: Campaign, now: float, trunks: Mapping[str, bool]) -> bool:
    """Let a campaign that had run out of contacts go on, unless something stands against its start."""
    if against_start(conn, campaign.id, campaign.settings, trunks, now):
        return False
    campaigns.set_state(conn, campaign.id, CampaignState.RUNNING, now)
    return True


def _blocked(conn: sqlite3.Connection, campaign: Campaign, contact: ContactId, now: float) -> Refusal | None:
    """What keeps the contact from being called at this moment: first what no waiting ends."""
    found = contacts.get(conn, contact)
    if found is not None and found.state is ContactState.CLOSED:
        return Refusal("contact_closed", figures={"reason": found.closed_reason or ""})
    never = own_reasons.never(conn, campaign, contact)
    if never is not None:
        return never
    judged = claims.judge_contact(
        conn, campaign, contact, now, lambda c: judge(c, campaign.settings, now), note=True
    )
    if isinstance(judged, Refusal):
        return judged
    answer = judged[1]
    if isinstance(answer, Permit):
        due_at = None if found is None else contacts.due_at(conn, contact, found.next_at)
        if due_at is not None and due_at > now:
            return Refusal("not_due", due_at)
        return own_reasons.held_back(conn, campaign, contact, now)
    return answer
