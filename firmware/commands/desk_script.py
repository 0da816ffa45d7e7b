"""What an agent reads and writes in a call: ``desk.script|answer|snippets|edit_contact``, and what of them the desk's
state says. The script and the card are those the call began with; what is typed belongs to the call on the desk.

An answer may arrive late (a lost network, a restart): whoever spoke in the call may still send it.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from firmware.calls.desks import Desks
from firmware.calls.switchboard import Switchboard
from firmware.clock import Clock
from firmware.commands.script_shown import spoken
from firmware.control import Control
from firmware.dialler import Dialler
from firmware.model import AttemptUid, CampaignId, ContactId, OperatorError, Problem, UserId
from firmware.reception import Reception
from firmware.scripts import answers, card
from firmware.scripts.merging import merged
from firmware.scripts.texts import refuse
from firmware.store import attempts, contacts, desk_edits, form_answers, scripts, snippets
from firmware.store.store import Store
from firmware.typed import Length

if TYPE_CHECKING:
    import sqlite3

_Handler = Callable[..., Awaitable[Any]]
_Uid = Annotated[str, Length(26, 26)]
_Ids = Annotated[list[str], Length(0, 500)]
_LOOKED_AT, _REACHED = 10, 3
"""Earlier attempts looked at for when somebody was reached, and how many such times are shown."""


@dataclass(frozen=True, slots=True)
class About:
    """Whom the desk is about: a call of either way, or a record on offer (``uid`` None)."""

    uid: AttemptUid | None
    campaign: CampaignId | None
    campaign_name: str
    contact: ContactId | None
    number: str
    name: str
    fields: Mapping[str, str]


class DeskScriptCommands:
    """Scripts, forms, snippets and contact cards at the desk."""

    def __init__(
        self,
        clock: Clock,
        store: Store,
        desks: Desks,
        switchboard: Switchboard,
        dialler: Dialler,
        reception: Reception,
        country: str,
    ) -> None:
        """``country``: where numbers without a country code belong."""
        self._clock, self._store, self._desks = clock, store, desks
        self._switchboard, self._dialler, self._reception = switchboard, dialler, reception
        self._country = country

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in ("script", "answer", "snippets", "edit_contact"):
            control.add(f"desk.{name}", getattr(self, name))

    def around(self, inner: Callable[[str, _Handler], _Handler]) -> Callable[[str, _Handler], _Handler]:
        """``inner``, with what the desk shows of script and card added to its state."""

        def instead(name: str, handler: _Handler) -> _Handler:
            made = inner(name, handler)
            return self._with_more(made) if name == "state" else made

        return instead

    def _with_more(self, handler: _Handler) -> _Handler:
        @functools.wraps(handler)
        async def state(user_id: UserId) -> Mapping[str, Any]:
            desk: Mapping[str, Any] = await handler(user_id=user_id)
            about = self._about(user_id)
            if about is None:
                return {**desk, "script": None, "card": None}
            return {**desk, **await self._store.do(lambda conn: self._more(conn, about))}

        return state

    def _about(self, user: UserId) -> About | None:
        came = self._reception.at(user)
        if came is not None:
            known, of = came.who.contact, came.who.campaign
            return About(
                came.uid,
                of.id if of else None,
                of.settings.name if of else "",
                known.id if known else None,
                came.caller,
                came.name,
                known.fields if known else {},
            )
        agent = self._desks.agent(user)
        live = self._switchboard.find(agent.attempt) if agent.attempt is not None else None
        if live is not None:
            claim = live.claim
            return About(
                *(live.uid, claim.campaign_id, live.settings.name, claim.contact_id),
                *(claim.number, claim.name, claim.fields),
            )
        offer = self._dialler.preview.of(user)
        if offer is None:
            return None
        candidate, of = offer.candidate, offer.campaign
        return About(
            *(None, of.id, of.settings.name, offer.contact_id),
            *(candidate.number, candidate.name, candidate.fields),
        )

    def _began_at(self, conn: sqlite3.Connection, about: About) -> float:
        began = scripts.began_at(conn, about.uid) if about.uid is not None else None
        return self._clock.utc() if began is None else began

    def _version(self, conn: sqlite3.Connection, about: About) -> int | None:
        if about.campaign is None:
            return None
        return scripts.version_at(conn, about.campaign, self._began_at(conn, about))

    def _more(self, conn: sqlite3.Connection, about: About) -> Mapping[str, Any]:
        began = self._began_at(conn, about)
        version = None if about.campaign is None else scripts.version_at(conn, about.campaign, began)
        key = about.uid or f"contact-{about.contact}"
        script = None if version is None else {"version": version, "about": key, "contact": about.contact}
        if about.campaign is None:
            return {"script": script, "card": None}
        desk = scripts.desk_of(conn, about.campaign, began)
        known, name, fields = _contact(conn, about)
        past = attempts.of_contact(conn, about.contact, limit=_LOOKED_AT) if about.contact is not None else []
        shown = card.shown(desk.card, name, fields)
        return {
            "script": script,
            "card": {
                "contact": about.contact,
                "fields": shown if known else [{**each, "editable": False} for each in shown],
                "edits": self._edits(conn, about),
                "best_time": fields.get(desk.card.best_time, "") if desk.card.best_time else "",
                "reason": card.reason_of(desk.card, fields),
                "reached": [each.talking_at for each in past if each.live and each.talking_at][:_REACHED],
            },
        }

    def _edits(self, conn: sqlite3.Connection, about: About) -> list[Mapping[str, Any]]:
        """The newest changes made at desks, for the agent to know how fresh a value is."""
        if about.contact is None:
            return []
        found = desk_edits.of_contact(conn, about.contact, limit=_REACHED)
        return [{"at": each.at, "by": each.by, "column": each.field} for each in found]

    # -- the script ----------------------------------------------------------------------------------------------

    async def script(self, user_id: UserId) -> Mapping[str, Any]:
        """The script of what is on the desk -> ``about, version, steps`` with their texts filled in, and what was
        kept: ``step, path, answers`` (by field id)``, seq``. :raises OperatorError: there is none."""
        about = self._about(user_id)
        if about is None:
            raise refuse("user_id", "no_script_here")
        agent = self._desks.user(user_id).name

        def work(conn: sqlite3.Connection) -> Mapping[str, Any]:
            version = scripts.version(conn, self._version(conn, about) or 0)
            if version is None:
                raise refuse("user_id", "no_script_here")
            saved = form_answers.of(conn, about.uid) if about.uid is not None else None
            steps = version.steps
            return {
                "about": about.uid or f"contact-{about.contact}",
                "version": version.id,
                "steps": spoken(steps, _known(conn, about, agent)),
                "step": saved.step if saved else steps[0].id,
                "path": list(saved.path) if saved else [],
                "answers": {each.field: each.value for each in saved.answers} if saved else {},
                "seq": saved.seq if saved else 0,
            }

        return await self._store.do(work)

    async def answer(
        self,
        user_id: UserId,
        attempt: _Uid,
        version: int,
        step: Annotated[str, Length(0, 20)],
        path: _Ids,
        answers: Mapping[str, str],
        seq: int,
    ) -> Mapping[str, Any]:
        """Keep what was typed -> ``faults`` by field id, ``missing``: labels of required fields left empty so far."""
        uid, now = AttemptUid(attempt), self._clock.utc()
        about = self._about(user_id)
        on_desk = about is not None and about.uid == uid

        def work(conn: sqlite3.Connection) -> Mapping[str, Any]:
            if not on_desk and user_id not in form_answers.agents_of(conn, uid):
                raise refuse("attempt", "call_not_yours")
            found = scripts.version(conn, version)
            if found is None:
                raise refuse("version", "no_script_here")
            return _keep(conn, uid, found, _Typed(step, path, answers, seq), user_id, now)

        return await self._store.do(work)

    # -- snippets and the card -----------------------------------------------------------------------------------

    async def snippets(self, user_id: UserId) -> Mapping[str, Any]:
        """-> ``snippets``: ``part, language, title, text`` with what is known of the contact filled in."""
        about, agent = self._about(user_id), self._desks.user(user_id).name

        def work(conn: sqlite3.Connection) -> list[Mapping[str, Any]]:
            known = _known(conn, about, agent) if about is not None else {"Agent": agent}
            found = snippets.for_campaign(conn, about.campaign if about is not None else None)
            return [
                {"part": each.said.part, "language": language, "title": title, "text": merged(text, known)}
                for each in found
                for language, title, text in (
                    ("de", each.said.title_de, each.said.text_de),
                    ("en", each.said.title_en, each.said.text_en),
                )
                if text
            ]

        return {"snippets": await self._store.do(work)}

    async def edit_contact(
        self, user_id: UserId, contact_id: ContactId, changes: Mapping[str, list[str]]
    ) -> Mapping[str, Any]:
        """Change fields of the contact on the desk: ``{column: [value seen, new value]}`` -> ``changed``: how many.

        :raises OperatorError: another contact is on the desk, a field may not be changed, a value is none of its
            kind, or it was changed meanwhile (``contact_changed_meanwhile`` with ``current``).
        """
        about, now = self._about(user_id), self._clock.utc()
        if about is None or about.contact != contact_id or about.campaign is None:
            raise refuse("contact_id", "no_contact_here")
        campaign = about.campaign

        def work(conn: sqlite3.Connection) -> int:
            desk = scripts.desk_of(conn, campaign, self._began_at(conn, about))
            fit = _checked(desk.card, changes, self._country)
            return desk_edits.apply(conn, contact_id, fit, user_id, about.uid, now)

        return {"changed": await self._store.do(work)}


@dataclass(frozen=True, slots=True)
class _Typed:
    step: str
    path: list[str]
    answers: Mapping[str, str]
    seq: int


def _keep(
    conn: sqlite3.Connection,
    uid: AttemptUid,
    version: scripts.Version,
    typed: _Typed,
    user: UserId,
    now: float,
) -> Mapping[str, Any]:
    known = {step.id for step in version.steps}
    path = [each for each in typed.path if each in known]
    step = typed.step if typed.step in known else ""
    gone = [*path, step]
    kept, faults = answers.kept(version.steps, typed.answers, gone)
    state = form_answers.Saved(version.id, step, tuple(path), tuple(kept), typed.seq)
    form_answers.save(conn, uid, state, user, now)
    lacking = answers.missing(version.steps, typed.answers, gone)
    return {"faults": faults, "missing": [field.label for field in lacking]}


def _contact(conn: sqlite3.Connection, about: About) -> tuple[bool, str, Mapping[str, str]]:
    """Whether the contact is on a list still, its name and its columns: as they are now, else as the call has them."""
    found = contacts.get(conn, about.contact) if about.contact is not None else None
    return (False, about.name, about.fields) if found is None else (True, found.name, found.fields)


def _known(conn: sqlite3.Connection, about: About, agent: str) -> dict[str, str]:
    """What texts may name: the contact's columns as they are now, and who speaks for what."""
    _, name, fields = _contact(conn, about)
    return {
        **fields,
        "Name": name,
        "Number": about.number,
        "Agent": agent,
        "Campaign": about.campaign_name,
    }


def _checked(shown: card.Card, changes: Mapping[str, list[str]], country: str) -> dict[str, tuple[str, str]]:
    """The changes with their values as they are stored. :raises OperatorError: with every problem."""
    fields = {each.column: each for each in shown.fields or () if each.editable}
    fit: dict[str, tuple[str, str]] = {}
    problems: list[Problem] = []
    for column, pair in changes.items():
        if column not in fields or len(pair) != 2:
            raise refuse(column[:60], "field_not_editable", field=column[:60])
        value = card.changed(fields[column], pair[1], pair[0], country)
        if isinstance(value, Problem):
            problems.append(value)
        else:
            fit[column] = (pair[0], value)
    if problems:
        raise OperatorError(*problems)
    return fit
