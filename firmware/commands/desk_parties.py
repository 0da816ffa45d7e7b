"""What an agent does with others during a call: ``desk.whom|consult|party|raise_hand|read_message``.

Who may take part is asked of the desks and the directory; what may follow what is ``firmware.calls.parties``'. An agent
who was handed a customer gives a result of their own: ``wrap_up`` here stores it beside the attempt's, which belongs to
the agent who began.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from firmware.calls import parties as table
from firmware.calls.company import Company, Wanted
from firmware.calls.desks import Desks
from firmware.calls.live import LiveCall, Party
from firmware.calls.parties import Happening, Stage, Who
from firmware.calls.switchboard import Switchboard
from firmware.clock import Clock
from firmware.commands.destinations import DestinationCommands
from firmware.control import Control
from firmware.model import AgentState, AttemptUid, Disposition, OperatorError, Problem, UserId
from firmware.store import attempts, contact_numbers, dnc, parties
from firmware.store.store import Store
from firmware.typed import OneOf

if TYPE_CHECKING:
    import sqlite3

_Wish = Annotated[str, OneOf(tuple(wish.value for wish in table.WISHES if "ask" not in wish.value))]
_Kind = Annotated[str, OneOf(("agent", "destination"))]


class DeskParties:
    """The part of the desk's commands that is about others."""

    def __init__(
        self,
        clock: Clock,
        store: Store,
        desks: Desks,
        switchboard: Switchboard,
        destinations: DestinationCommands,
    ) -> None:
        self._clock = clock
        self._store = store
        self._desks = desks
        self._switchboard = switchboard
        self._destinations = destinations
        self._tasks: set[asyncio.Task[None]] = set()
        self._company.expired = self._expired
        self.more: Callable[[UserId], Mapping[str, Any]] = _nothing
        """What else the desk shows: who listens in, messages, the raised hand."""

    @property
    def _company(self) -> Company:
        return self._switchboard.company

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("desk.whom", self.whom)
        control.add("desk.consult", self.consult)
        control.add("desk.party", self.party)

    @property
    def busy(self) -> bool:
        """Whether a result is being written."""
        return bool(self._tasks)

    async def whom(self, user_id: UserId) -> Mapping[str, Any]:
        """Who could be asked in now -> ``colleagues, destinations``."""
        colleagues = [
            {"id": agent.user_id, "name": agent.name, "state": agent.state}
            for agent in self._desks.agents()
            if agent.user_id != user_id and self._desks.can_invite(agent.user_id)
        ]
        entries = [{"id": e.id, "name": e.name, "number": e.number} for e in self._destinations.known()]
        return {"colleagues": colleagues, "destinations": entries}

    async def consult(
        self,
        user_id: UserId,
        kind: _Kind,
        id: int,  # noqa: A002
        blind: bool = False,
    ) -> Mapping[str, Any]:
        """Ask a colleague or a destination into the call; ``blind``: whoever answers has the customer at once."""
        if kind == "agent":
            wanted = Wanted(UserId(id))
            if id == user_id or not self._desks.can_invite(UserId(id)):
                raise _refused("id", "colleague_not_free", "This colleague cannot be asked now.")
        else:
            wanted = Wanted(destination=await self._destinations.checked(id))
        live = self._first(user_id)
        if not self._company.ask(live, user_id, wanted, blind=blind):
            raise _refused("id", "not_possible_now", "That is not possible any more.")
        return self.shown(live, user_id)

    async def party(self, user_id: UserId, wish: _Wish) -> Mapping[str, Any]:
        """Toggle, bring together, hand over or take back."""
        live = self._first(user_id)
        if not self._company.happen(live, Happening(wish), user_id):
            raise _refused("wish", "not_possible_now", "That is not possible any more.")
        return self.shown(live, user_id)

    def only_talk(self, live: LiveCall, user_id: UserId) -> None:
        """Refuse what goes with nobody else in the call. :raises OperatorError:"""
        first = self._company.who(live, user_id) is Who.FIRST
        if not first or live.parties.stage is not Stage.TALK:
            raise _refused("user_id", "not_possible_now", "That is not possible any more.")

    def hang_up(self, live: LiveCall, user_id: UserId) -> None:
        """An agent ends the conversation for everybody, or leaves one that is a colleague's."""
        if not self._company.hang_up(live, user_id):
            self._switchboard.hang_up_for(live)

    def keys_to(self, live: LiveCall) -> Any:
        """The leg that keys on the pad go to: a destination that is spoken to alone, else the customer."""
        other = live.other
        alone = live.parties.stage is Stage.PRIVATE and other is not None and other.leg is not None
        return other.leg if alone and other is not None else live.leg

    def shown(self, live: LiveCall | None, user_id: UserId) -> Mapping[str, Any]:
        """Who else is in the call, as the desk shows it; empty without a call."""
        if live is None:
            return {}
        who = self._company.who(live, user_id)
        other, first = live.other, live.first
        owner = live.call.agent if first is None else first.user
        return {
            "role": who if who is not None else "was",
            "stage": live.parties.stage,
            "blind": live.parties.blind,
            "wishes": table.wishes(live.parties) if who is Who.FIRST else [],
            "other": None
            if other is None
            else {"name": other.name, "kind": other.kind, "answered": other.answered},
            "first": "" if owner is None else self._desks.agent(owner).name,
            "has_customer": "" if first is None else first.name,
            "told": live.told if who is Who.FIRST else "",
            "handed": first is not None and first.user == user_id,
        }

    def _first(self, user_id: UserId) -> LiveCall:
        agent = self._desks.agent(user_id)
        live = self._switchboard.find(agent.attempt) if agent.attempt is not None else None
        talking = agent.state is AgentState.TALKING
        if live is None or not talking or self._company.who(live, user_id) is not Who.FIRST:
            raise _refused("user_id", "not_talking", "There is no conversation at this desk.")
        return live

    # -- results of who was handed the customer --------------------------------------------------------------

    async def wrap_up(
        self, uid: AttemptUid, user_id: UserId, disposition: Disposition, code: str, note: str, key: str
    ) -> bool:
        """Store the result of an agent who was handed the customer; False: this one was not."""
        live = self._switchboard.find(uid)
        who = None if live is None else self._company.who(live, user_id)
        if live is not None and (who is Who.OTHER or (who is Who.FIRST and live.first is not None)):
            raise _refused("attempt", "call_still_on", "The call is not over yet: hang up first.")
        part = None if live is None else self._company.owes(live, user_id)
        if disposition is Disposition.CALLBACK and (live is None or live.call.agent != user_id):
            text = "Callbacks are promised by whoever the call belongs to."
            if await self._store.do(lambda conn: parties.last_of(conn, uid, user_id)) is not None:
                raise _refused("code", "callback_of_first", text)
        if part is not None and live is not None:
            await self._keep(uid, part.uid, disposition, code, note, key)
            self._company.settled(live, part)
            return True
        if live is not None and live.call.agent == user_id:
            return False
        last = await self._store.do(lambda conn: parties.last_of(conn, uid, user_id))
        if last is None:
            return False
        await self._keep(uid, last.uid, disposition, code, note, key)
        return True

    async def _keep(
        self, attempt: AttemptUid, part: str, disposition: Disposition, code: str, note: str, key: str
    ) -> None:
        now = self._clock.utc()

        def work(conn: sqlite3.Connection) -> None:
            if not parties.dispose(conn, part, code, note, key, now):
                return
            if disposition is Disposition.DO_NOT_CALL:
                found = attempts.get(conn, attempt)
                others = contact_numbers.of_contact(conn, found.contact_id)
                numbers = dict.fromkeys((found.number, *(other.number for other in others)))
                dnc.add(conn, dnc.OPT_OUTS, numbers, f"attempt {attempt}", now)

        await self._store.do(work)

    def _expired(self, live: LiveCall, party: Party) -> None:
        task = asyncio.get_running_loop().create_task(self._automatic(live, party))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _automatic(self, live: LiveCall, party: Party) -> None:
        """The wrap-up limit has passed: the campaign's automatic code is the result."""
        code = live.settings.automatic_wrap_up_code
        await self._keep(live.uid, party.uid, Disposition.CONTACTED, code, "", f"automatic-{party.uid}")
        self._company.settled(live, party)


def _nothing(_: UserId) -> Mapping[str, Any]:
    return {}


def _refused(where: str, key: str, text: str) -> OperatorError:
    return OperatorError(Problem(where, key, text))
