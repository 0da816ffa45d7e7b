"""Which commands somebody of a department may give, and about what: asked by ``control`` before each is carried out.

The pages refuse the same before (``web_ui.scopes``); this is the second door. Nobody of a department gives a command
that is not named here: those of ``BOX`` are for people of the whole box, and so is whatever nobody has thought of. What
``READS`` answers is read from what their departments see (``firmware.store.scoping``); every other command of theirs
must name things that are theirs, or that they see where a command only uses them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from firmware.hub import Hub
from firmware.model import OperatorError, Problem, Scope, UserId
from firmware.store import departments
from firmware.store.acting import Acting, current
from firmware.store.audit import Actor
from firmware.store.scope_reports import holds, sees
from firmware.store.store import Store

if TYPE_CHECKING:
    import sqlite3

READS = frozenset(
    {
        "amd.report",
        "callback.export",
        "callback.history",
        "callback.list",
        "campaign.obstacles",
        "contact.why",
        "dnc.number",
        "inbound.figures",
        "inbound.list",
        "permit.paper",
        "recording.list",
        "script.check",
        "script.get",
        "script.list",
        "script.of_campaign",
        "script.preview",
        "snippet.list",
        "story.of",
        "webhook.deliveries",
        "webhook.list",
    }
)
CHANGES = frozenset(
    {
        "alert.acknowledge",
        "amd.set_sensitivity",
        "amd.word",
        "attempt.permit",
        "callback.assign",
        "callback.make",
        "callback.move",
        "callback.restore",
        "callback.withdraw",
        "campaign.announce",
        "campaign.change",
        "campaign.create",
        "campaign.delete",
        "campaign.pause",
        "campaign.set_order",
        "campaign.set_rules",
        "campaign.start",
        "campaign.stop",
        "campaign.try_rules",
        "campaign.update",
        "contact.add",
        "contact.change",
        "contact.close",
        "contact.remove",
        "desk.consult",
        "destination.add",
        "destination.remove",
        "dnc.add",
        "dnc.ask_service",
        "dnc.create",
        "dnc.delete",
        "dnc.import",
        "dnc.load_register",
        "dnc.mark_register",
        "dnc.remove",
        "dnc.remove_service",
        "dnc.set_service",
        "dry_run.advice",
        "dry_run.begin",
        "dry_run.cancel",
        "inbound.call_back",
        "lead.add",
        "list.create",
        "list.delete",
        "list.export",
        "list.import",
        "list.run_schedule",
        "list.schedule",
        "list.switch_schedule",
        "list.undo_import",
        "list.unschedule",
        "report.remove",
        "report.run",
        "report.save",
        "report.schedule",
        "report.unschedule",
        "script.assign",
        "script.remove",
        "script.save",
        "snippet.remove",
        "snippet.save",
        "tape.play",
        "tape.remove",
        "team.force",
        "team.leave",
        "team.listen",
        "team.message",
        "wall.add",
        "wall.revoke",
        "webhook.again",
        "webhook.remove",
        "webhook.set_active",
        "webhook.test",
    }
)
"""About things: each is looked for among what the arguments name (``THINGS``)."""
OPEN = frozenset(
    {
        "admission.ask",
        "callback.rules",
        "consent.add",
        "consent.of",
        "consent.withdraw",
        "destination.list",
        "desk.whom",
        "first_run.state",
        "list.cancel_import",
        "list.preview",
        "mail.state",
        "mapping.forget",
        "mapping.save",
        "permit.head",
        "permit.verify",
        "rules.packs",
        "settings.state",
        "team.rules",
        "token.touch",
    }
)
"""What is everybody's: the box's rules, what people agreed to, files one has uploaded oneself."""
OPEN_NOUNS = frozenset({"answer", "invitation", "phone", "second_factor", "session", "setup"})
"""Of oneself, or before anybody has logged in."""
OWN_NOUNS = frozenset({"desk"})
"""An agent at the own desk calls for whatever campaign has been given to them."""
BOX_NOUNS = frozenset(
    {
        *(
            "access",
            "audit",
            "backup",
            "box",
            "department",
            "line",
            "network",
            "privacy",
            "reset",
            "settings",
        ),
        *("support", "technician", "token", "update", "user"),
    }
)
BOX = frozenset(
    {
        "admission.grant",
        "admission.refuse",
        "admission.set_open",
        "alert.tell",
        "alert.tell_no_more",
        "callback.set_rules",
        "first_run.mark",
        "mail.test",
        "recording.add",
        "recording.remove",
        "status",
        "team.set_rules",
        "webhook.add",
    }
)
"""Only for people of the whole box, because it is about the whole box."""

ADDS_TO = frozenset({"dnc.add", "dnc.ask_service", "attempt.permit"})
"""Also where the thing is the whole box's: a department may block more numbers for all, but free none."""
THINGS: Mapping[str, str] = {
    "agent_id": "user",
    "agent_ids": "user",
    "attempt": "attempt",
    "campaign": "campaign",
    "campaign_id": "campaign",
    "campaigns": "campaign",
    "contact": "contact",
    "contact_list_id": "list",
    "dnc_list_ids": "dnc_list",
    "import_id": "import",
    "list_id": "list",
    "owner": "user",
    "schedule_id": "list_schedule",
    "script_id": "script",
    "uid": "attempt",
    "view_id": "view",
}
"""What an argument names, whatever the command. ``OF_NOUN`` and ``OF_COMMAND`` say where it differs."""
OF_NOUN: Mapping[str, Mapping[str, str]] = {
    "alert": {"id": "alert"},
    "callback": {"id": "callback"},
    "campaign": {"id": "campaign"},
    "destination": {"id": "destination"},
    "dnc": {"id": "dnc_list", "list_id": "dnc_list"},
    "dry_run": {"id": "campaign"},
    "list": {"id": "list"},
    "report": {"id": "schedule"},
    "script": {"id": "script"},
    "snippet": {"id": "snippet"},
    "tape": {"id": "tape"},
    "wall": {"id": "wall"},
    "webhook": {"id": "webhook"},
}
OF_COMMAND: Mapping[str, Mapping[str, str]] = {"report.remove": {"id": "view"}}
_INSIDE = ("settings", "changes", "query", "given")
"""Arguments that hold further ones."""
_SIFTED: Mapping[str, Mapping[str, str]] = {
    "desk.whom": {"colleagues": "user", "destinations": "destination"},
    "destination.list": {"destinations": "destination"},
}
"""Answers that come from memory: of these lists only what they see."""
_ABOUT_PEOPLE = frozenset({"user", "department", "setup", "token"})

Named = tuple[str, str, int | str]
"""The argument, the kind of thing and its key."""


class Scoping:
    """Knows who belongs where, and stands at the door."""

    def __init__(self, store: Store, hub: Hub) -> None:
        self._store, self._hub = store, hub
        self._known: tuple[Mapping[UserId, Scope], Mapping[int, Scope]] | None = None

    async def carry_out(
        self, name: str, arguments: Mapping[str, Any], actor: Actor, work: Callable[[], Awaitable[object]]
    ) -> object:
        """Do ``work`` if this is theirs to ask. :raises OperatorError: it is not, or names what they do not see"""
        scope = await self.scope_of(actor)
        if scope is None:
            result = await work()
        else:
            result = await self._for(scope, name, arguments, work)
        if name.partition(".")[0] in _ABOUT_PEOPLE:
            self._known = None
        return result

    async def scope_of(self, actor: Actor) -> Scope | None:
        """The departments of whoever asks; None: the whole box, as at the console."""
        if actor.user_id is None and actor.token_id is None:
            return None
        if self._known is None:
            self._known = await self._store.do(_people)
        members, tokens = self._known
        if actor.user_id is not None:
            return members.get(actor.user_id)
        return tokens.get(actor.token_id or 0)

    async def _for(
        self, scope: Scope, name: str, arguments: Mapping[str, Any], work: Callable[[], Awaitable[object]]
    ) -> object:
        must_be_allowed(name)
        named = tuple(things_of(name, arguments))
        if named:
            await self._store.look_as(scope, lambda conn: _must_be_there(conn, name, named))
        if name == "list.schedule" and arguments.get("kind") == "import":
            raise OperatorError(_whole_box_only("kind"))  # the folder that is read is everybody's
        if name == "team.listen":
            await self._must_be_their_call(scope, arguments["agent_id"])
        token = current.set(Acting(scope, name in READS))
        try:
            result = await work()
        finally:
            current.reset(token)
        kinds = _SIFTED.get(name)
        if kinds is None or not isinstance(result, Mapping):
            return result
        told = result
        return await self._store.look_as(scope, lambda conn: _sifted(conn, told, kinds))

    async def _must_be_their_call(self, scope: Scope, agent: UserId) -> None:
        """Somebody of two departments may be in a call of the other one."""
        call = next((each["attempt"] for each in self._hub.snapshot()["agents"] if each["id"] == agent), None)
        if call is not None and not await self._store.look_as(
            scope, lambda conn: sees(conn, "attempt", call)
        ):
            raise _nothing_there("agent_id")


def must_be_allowed(name: str) -> None:
    """:raises OperatorError: the command is for people of the whole box"""
    if name in READS | CHANGES | OPEN or name.partition(".")[0] in OPEN_NOUNS | OWN_NOUNS:
        return
    raise OperatorError(_whole_box_only(name))


def _whole_box_only(where: str) -> Problem:
    return Problem(where, "whole_box_only", "Only somebody of the whole box may do this.")


def things_of(name: str, arguments: Mapping[str, Any]) -> Iterator[Named]:
    """Everything a command's arguments name."""
    noun = name.partition(".")[0]
    kinds = {**THINGS, **OF_NOUN.get(noun, {}), **OF_COMMAND.get(name, {})}
    if name == "desk.consult":
        kinds["id"] = {"agent": "user"}.get(str(arguments.get("kind")), "destination")
    elif noun in OWN_NOUNS | OPEN_NOUNS:
        return
    yield from _named(kinds, arguments)
    for inside in _INSIDE:
        more = arguments.get(inside)
        if dataclasses.is_dataclass(more) and not isinstance(more, type):
            more = {each.name: getattr(more, each.name) for each in dataclasses.fields(more)}
        if isinstance(more, Mapping):
            yield from _named({**kinds, "id": ""}, more)


def _named(kinds: Mapping[str, str], values: Mapping[str, Any]) -> Iterator[Named]:
    for argument, value in values.items():
        kind = kinds.get(argument)
        if kind:
            several = value if isinstance(value, (list, tuple, set, frozenset)) else (value,)
            yield from ((argument, kind, each) for each in several if _is_key(each))


def _is_key(value: object) -> bool:
    return isinstance(value, (int, str)) and not isinstance(value, bool) and value not in (0, "")


def _must_be_there(conn: sqlite3.Connection, name: str, named: tuple[Named, ...]) -> None:
    noun = name.partition(".")[0]
    own = OF_COMMAND.get(name) or OF_NOUN.get(noun, {})
    for argument, kind, key in named:
        changed = argument in own and name in CHANGES and name not in ADDS_TO
        theirs = changed or (noun == "team" and kind == "user")
        if not (holds if theirs else sees)(conn, kind, key):
            raise _nothing_there(argument)


def _nothing_there(argument: str) -> OperatorError:
    return OperatorError(Problem(argument, "nothing_there", "There is no such thing."))


def _sifted(conn: sqlite3.Connection, told: Mapping[str, Any], kinds: Mapping[str, str]) -> Mapping[str, Any]:
    sifted = {
        name: [each for each in told[name] if sees(conn, kind, each["id"])] for name, kind in kinds.items()
    }
    return {**told, **sifted}


def _people(conn: sqlite3.Connection) -> tuple[Mapping[UserId, Scope], Mapping[int, Scope]]:
    return departments.members(conn), departments.tokens(conn)
