"""What an agent does with others during a call: ``desk.whom|consult|party|raise_hand|read_message``.

Who may take part is asked of the desks and the directory; what may follow what is ``firmware.calls.parties``'. An agent
who was handed a customer gives a result of their own: ``wrap_up`` here stores it beside the attempt's, which belongs to
the agent who began.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from firmware.calls import parties as table
from firmware.calls.company import Company, Wanted
from firmware.calls.desks import Desks
from firmware.calls.parties import Happening, Stage, Who
from firmware.calls.switchboard import Switchboard
from firmware.calls.talk import Party, Talk, Turn
from firmware.clock import Clock
from firmware.commands.destinations import DestinationCommands
from firmware.commands.promised_time import place
from firmware.compliance.numbers import zones_of
from firmware.control import Control
from firmware.model import AgentState, AttemptUid, Disposition, OperatorError, Problem, TapeEnd, UserId
from firmware.store import campaigns, parties, talks
from firmware.store.store import Store
from firmware.typed import OneOf

if TYPE_CHECKING:
    import sqlite3

_Wish = Annotated[str, OneOf(tuple(wish.value for wish in table.WISHES if "ask" not in wish.value))]
_Kind = Annotated[str, OneOf(("agent", "destination"))]


@dataclass(frozen=True, slots=True)
class PartResult:
    """What an agent says of a call they took over from a colleague. ``callback_owner`` None: anybody of the team."""

    disposition: Disposition
    code: str
    note: str
    key: str
    callback_at: float | None = None
    callback_owner: UserId | None = None


class DeskParties:
    """The part of the desk's commands that is about others."""

    def __init__(
        self,
        clock: Clock,
        store: Store,
        desks: Desks,
        switchboard: Switchboard,
        destinations: DestinationCommands,
        zone: str,
    ) -> None:
        """``zone``: the office's."""
        self._clock = clock
        self._store = store
        self._desks = desks
        self._switchboard = switchboard
        self._destinations = destinations
        self._zone = zone
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
        control.add("desk.record", self.record)

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

    def talk_at(self, user_id: UserId) -> Talk | None:
        """The call on a desk, whichever way it came."""
        return self._company.at(user_id)

    def hold(self, live: Talk, user_id: UserId, *, held: bool) -> None:
        """Put the customer on hold, or take them back. :raises OperatorError: others are in the call."""
        self.only_talk(live, user_id)
        self._company.hold(live, held=held)

    def only_talk(self, live: Talk, user_id: UserId) -> None:
        """Refuse what goes with nobody else in the call. :raises OperatorError:"""
        first = self._company.who(live, user_id) is Who.FIRST
        if not first or live.parties.stage is not Stage.TALK:
            raise _refused("user_id", "not_possible_now", "That is not possible any more.")

    def hang_up(self, live: Talk, user_id: UserId) -> None:
        """An agent ends the conversation for everybody, or leaves one that is a colleague's."""
        if not self._company.hang_up(live, user_id):
            live.to.turned(Turn.END)

    def keys_to(self, live: Talk) -> Any:
        """The leg that keys on the pad go to: a destination that is spoken to alone, else the customer."""
        other = live.other
        alone = live.parties.stage is Stage.PRIVATE and other is not None and other.leg is not None
        return other.leg if alone and other is not None else live.leg

    def at_desk(self, user_id: UserId) -> Mapping[str, Any]:
        """What the desk shows of others and of the recording, whichever way the call came."""
        live = self._company.at(user_id)
        return {"party": self.shown(live, user_id), "tape": self._tape(live, user_id)}

    def _tape(self, live: Talk | None, user_id: UserId) -> Mapping[str, Any] | None:
        """Whether the call is recorded now, or why not; None where recordings are none of this desk's business."""
        if live is None or not live.is_up or not live.recordable:
            return None
        first = self._company.who(live, user_id) is Who.FIRST
        stopped = TapeEnd.ASKED if live.tapes and not live.records else None
        why = stopped or (self._company.tapes.obstacle(live) if live.records else None)
        return {"on": live.tape is not None, "why": why, "stops": first and live.records, "goes_on": first}

    async def record(self, user_id: UserId, on: bool, agreed: bool = False) -> Mapping[str, Any]:
        """Stop the recording of the call on the desk, or begin it anew; that wants the customer to have ``agreed``."""
        live = self._first(user_id)
        if not live.recordable:
            raise _refused("user_id", "not_to_be_recorded", "The office does not record these calls.")
        if on and not agreed:
            raise _refused("agreed", "consent_missing", "Ask first whether the call may be recorded.")
        live.records = on
        what, now = "record" if on else "stop_recording", self._clock.utc()
        self._store.post(lambda conn: parties.note(conn, live.uid, what, now, user_id, ""))
        self._company.tapes.true_up(live)
        live.to.changed()
        return {}

    def shown(self, live: Talk | None, user_id: UserId) -> Mapping[str, Any]:
        """Who else is in the call, as the desk shows it; empty without a call."""
        if live is None:
            return {}
        who = self._company.who(live, user_id)
        other, first = live.other, live.first
        owner = live.agent if first is None else first.user
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

    def _first(self, user_id: UserId) -> Talk:
        agent = self._desks.agent(user_id)
        live = self._company.at(user_id)
        talking = agent.state is AgentState.TALKING
        if live is None or not talking or self._company.who(live, user_id) is not Who.FIRST:
            raise _refused("user_id", "not_talking", "There is no conversation at this desk.")
        return live

    # -- results of who was handed the customer --------------------------------------------------------------

    async def wrap_up(self, uid: AttemptUid, user_id: UserId, result: PartResult) -> bool:
        """Store the result of an agent who was handed the customer; False: this one was not.

        :raises OperatorError: the call goes on, or nobody may be called at the time that was promised.
        """
        live = self._company.find(uid)
        who = None if live is None else self._company.who(live, user_id)
        if live is not None and (who is Who.OTHER or (who is Who.FIRST and live.first is not None)):
            raise _refused("attempt", "call_still_on", "The call is not over yet: hang up first.")
        part = None if live is None else self._company.owes(live, user_id)
        if part is not None and live is not None:
            await self._keep(uid, part.uid, user_id, result)
            self._company.settled(live, part)
            return True
        if live is not None and live.agent == user_id:
            return False
        last = await self._store.do(lambda conn: parties.last_of(conn, uid, user_id))
        if last is None:
            return False
        await self._keep(uid, last.uid, user_id, result)
        return True

    async def _keep(self, call: AttemptUid, part: str, user: UserId, result: PartResult) -> None:
        now = self._clock.utc()

        def work(conn: sqlite3.Connection) -> None:
            person = talks.whose(conn, call)
            zone = self._zone_of(conn, person, result, now)
            if not parties.dispose(conn, part, result.code, result.note, result.key, now):
                return
            if result.disposition is Disposition.DO_NOT_CALL:
                talks.opt_out(conn, call, person, now)
            elif result.disposition is Disposition.CALLBACK and result.callback_at is not None:
                note, owner = result.note, result.callback_owner
                talks.promise(conn, call, person, result.callback_at, zone, owner, note, now, user)

        await self._store.do(work)

    def _zone_of(self, conn: sqlite3.Connection, person: talks.Whose, result: PartResult, now: float) -> str:
        """The zone a callback is told in. :raises OperatorError: nobody may be called there at that time."""
        if person.contact is None or person.campaign is None:
            return (*zones_of(person.number), self._zone)[0]
        whom = place(conn, person.contact, campaigns.get(conn, person.campaign))
        at = result.callback_at
        if result.disposition is Disposition.CALLBACK and at is not None and at > now:
            whom.must_be_lawful(at)
        return whom.zone

    def _expired(self, live: Talk, party: Party) -> None:
        task = asyncio.get_running_loop().create_task(self._automatic(live, party))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _automatic(self, live: Talk, party: Party) -> None:
        """The wrap-up limit has passed: the campaign's automatic code is the result."""
        assert party.user is not None
        plain = PartResult(Disposition.CONTACTED, live.automatic_code, "", f"automatic-{party.uid}")
        await self._keep(live.uid, party.uid, party.user, plain)
        self._company.settled(live, party)


def _nothing(_: UserId) -> Mapping[str, Any]:
    return {}


def _refused(where: str, key: str, text: str) -> OperatorError:
    return OperatorError(Problem(where, key, text))
