"""What a supervisor does with the team: ``team.*``; and what agents answer: ``desk.raise_hand``, ``desk.read_message``.

Listening in needs the role and the office's consent (``team.rules``), whoever asks; everything is on record. Which page
may send which command is the web UI's to check as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from firmware.calls.desks import Desks
from firmware.calls.monitors import MonitorRules, Monitors
from firmware.calls.parties import Monitoring
from firmware.calls.switchboard import Switchboard
from firmware.calls.talk import Talk
from firmware.clock import Clock
from firmware.control import Control
from firmware.model import AgentState, OperatorError, Problem, Role, UserId
from firmware.store import parties, settings, users
from firmware.store.parties import DeskMessage
from firmware.store.store import Store
from firmware.typed import Length, OneOf

if TYPE_CHECKING:
    import sqlite3

MAY_LISTEN = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
_RULES = "monitoring"
_Text = Annotated[str, Length(1, 500)]
_To = Annotated[str, OneOf(("ready", "paused", "logged_out"))]
_FORCED = "supervisor"
"""Why an agent pauses whom a supervisor sent."""


class TeamCommands:
    """The supervisor's commands."""

    def __init__(
        self, clock: Clock, store: Store, desks: Desks, switchboard: Switchboard, monitors: Monitors
    ) -> None:
        self._clock = clock
        self._store = store
        self._desks = desks
        self._switchboard = switchboard
        self._monitors = monitors
        self._hands: dict[UserId, float] = {}
        self._messages: dict[UserId, list[DeskMessage]] = {}

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in ("listen", "leave", "force", "message", "rules", "set_rules"):
            control.add(f"team.{name}", getattr(self, name))
        control.add("desk.raise_hand", self.raise_hand)
        control.add("desk.read_message", self.read_message)

    async def prepare(self) -> None:
        """Read the rules and what nobody has read yet."""
        kept, unread = await self._store.do(
            lambda conn: (settings.get(conn, _RULES, {}), parties.unread_messages(conn))
        )
        self._monitors.rules = MonitorRules(**{**asdict(MonitorRules()), **kept})
        for message in unread:
            self._messages.setdefault(message.to_user, []).append(message)

    def at_desk(self, user_id: UserId) -> Mapping[str, Any]:
        """What an agent's own desk shows of it: who listens in where that is announced, messages, the raised hand."""
        return {
            "monitored": [
                {"name": each.name, "kind": each.kind}
                for each in self._monitors.on(user_id)
                if each.announced and each.open
            ],
            "messages": [
                {"id": m.id, "from": m.from_name, "text": m.text, "at": m.sent_at}
                for m in self._messages.get(user_id, [])
            ],
            "hand": self._hands.get(user_id),
        }

    def on_wall(self, user_id: UserId) -> Mapping[str, Any]:
        """What supervisors see of it."""
        return {
            "hand": self._hands.get(user_id),
            "unread": len(self._messages.get(user_id, [])),
            "monitors": [
                {"id": each.supervisor, "name": each.name, "kind": each.kind, "open": each.open}
                for each in self._monitors.on(user_id)
            ],
        }

    # -- supervisors -----------------------------------------------------------------------------------------

    async def listen(self, by: UserId, agent_id: UserId, kind: Monitoring) -> None:
        """Take part in an agent's call: ``listen``, ``whisper`` or ``barge``. One's own desk phone is called."""
        person = await self._supervisor(by)
        if not self._monitors.rules.allowed:
            raise _refused("by", "listening_forbidden", "The office does not allow to listen in to calls.")
        if not person.phone_user:
            raise _refused("by", "no_phone_of_own", "You have no telephone at this box.")
        if self._desks.leg(by) is not None:
            raise _refused(
                "by", "leave_desk_first", "Your telephone is open at your own desk: leave it first."
            )
        if not self._monitors.begin(by, person.name, person.phone_user, agent_id, Monitoring(kind)):
            raise _refused("agent_id", "no_call_there", "This agent is in no call that can be joined.")

    async def leave(self, by: UserId) -> None:
        """Take part no more."""
        self._monitors.stop(by)

    async def force(self, by: UserId, agent_id: UserId, to: _To) -> None:
        """Make an agent ready, pause or log out; during a call it comes true afterwards, a wrap-up is cut short."""
        await self._supervisor(by)
        agent = self._desks.agent(agent_id)
        if to == "ready":
            live = self._switchboard.company.at(agent_id)
            if agent.state is AgentState.WRAP_UP:
                self._desks.ready(agent_id)
                self._cut_short(live, agent_id)
            else:
                self._desks.ready(agent_id)
        elif to == "paused":
            self._desks.pause(agent_id, _FORCED)
        else:
            self._desks.log_out(agent_id)

    def _cut_short(self, live: Talk | None, agent_id: UserId) -> None:
        if live is None:
            return
        part = self._switchboard.company.owes(live, agent_id)
        if part is not None:
            self._switchboard.company.expired(live, part)
        elif live.agent == agent_id:
            live.to.conclude()

    async def message(self, by: UserId, agent_id: UserId, text: _Text) -> None:
        """Say something on an agent's desk; it stays there until it is acknowledged."""
        await self._supervisor(by)
        self._desks.agent(agent_id)
        now = self._clock.utc()
        kept = await self._store.do(lambda conn: parties.send_message(conn, by, agent_id, text, now))
        self._messages.setdefault(agent_id, []).append(kept)
        self._desks.refresh(agent_id)

    async def rules(self) -> Mapping[str, Any]:
        """Whether supervisors may listen in, and whether agents are told -> ``allowed, announced``."""
        return asdict(self._monitors.rules)

    async def set_rules(self, by: UserId, allowed: bool, announced: bool) -> None:
        """Change that; who listens in when it is forbidden hears no more at once. Administrators only."""
        person = await self._supervisor(by)
        if Role.ADMINISTRATOR not in person.roles:
            raise _refused("by", "not_allowed_to", "You are not allowed to do this.")
        kept = MonitorRules(allowed, announced)
        await self._store.do(lambda conn: settings.put(conn, _RULES, asdict(kept)))
        self._monitors.rules = kept
        if not allowed:
            self._monitors.stop_all("forbidden")

    async def _supervisor(self, by: UserId) -> users.User:
        def work(conn: sqlite3.Connection) -> users.User | None:
            return users.get(conn, by)

        person = await self._store.do(work)
        if person is None or not person.active or MAY_LISTEN.isdisjoint(person.roles):
            raise _refused("by", "not_allowed_to", "You are not allowed to do this.")
        return person

    # -- agents ----------------------------------------------------------------------------------------------

    async def raise_hand(self, user_id: UserId, up: bool) -> None:
        """Ask a supervisor to come, or no longer."""
        self._desks.agent(user_id)
        if up:
            self._hands.setdefault(user_id, self._clock.utc())
        else:
            self._hands.pop(user_id, None)
        self._desks.refresh(user_id)

    async def read_message(self, user_id: UserId, id: int) -> None:  # noqa: A002
        """The agent has read it."""
        now = self._clock.utc()
        await self._store.do(lambda conn: parties.read_message(conn, id, user_id, now))
        self._messages[user_id] = [m for m in self._messages.get(user_id, []) if m.id != id]
        self._desks.refresh(user_id)


def _refused(where: str, key: str, text: str) -> OperatorError:
    return OperatorError(Problem(where, key, text))
