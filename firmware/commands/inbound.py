"""Calls that come in, at the desk: ``desk.accept|decline|mark``, and the desk's commands about such a call.

An agent's desk has one set of commands whichever way a call came; ``instead`` answers those that concern a call where
the call on the desk came in. The office's list of such calls is ``inbound_office``'s.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from firmware.callbacks.promise import PromiseKind
from firmware.calls.desks import Desks
from firmware.clock import Clock
from firmware.commands import desk_shown as shown
from firmware.commands.desk_parties import DeskParties, PartResult
from firmware.commands.inbound_office import place_of
from firmware.commands.texts import refuse
from firmware.compliance.numbers import zones_of
from firmware.control import Control
from firmware.inbound.happenings import State
from firmware.model import (
    AgentState,
    AttemptUid,
    Disposition,
    OperatorError,
    Problem,
    UserId,
    WrapUpCode,
)
from firmware.reception import Incoming, Reception
from firmware.store import callbacks, inbound
from firmware.store.store import Store
from firmware.typed import Length, OneOf

if TYPE_CHECKING:
    import sqlite3

_Handler = Callable[..., Awaitable[Any]]


class InboundCommands:
    """What agents and the office do with calls that come in."""

    def __init__(
        self, clock: Clock, store: Store, desks: Desks, reception: Reception, zone: str, others: DeskParties
    ) -> None:
        """``zone``: the office's."""
        self._clock = clock
        self._store = store
        self._desks = desks
        self._reception = reception
        self._zone = zone
        self._others = others

    def add_to(self, control: Control) -> None:
        """Make known what a desk can do only with calls that come in."""
        for name in ("accept", "decline", "mark"):
            control.add(f"desk.{name}", getattr(self, name))

    def instead(self, name: str, handler: _Handler) -> _Handler:
        """The desk's command ``name``, for calls of either way."""
        if name == "state":
            return self._state_after(handler)
        if name == "log_out":
            return self._after_leaving(handler)
        return self._either(self.wrap_up, handler) if name == "wrap_up" else handler

    def _either(self, own: _Handler, handler: _Handler) -> _Handler:
        @functools.wraps(handler)
        async def either(**args: Any) -> Any:
            about = await self._is_mine(args["user_id"], args.get("attempt"))
            return await (own if about else handler)(**args)

        return either

    def _after_leaving(self, handler: _Handler) -> _Handler:
        @functools.wraps(handler)
        async def leave(user_id: UserId) -> Any:
            self._reception.mark(user_id, on=False)
            return await handler(user_id=user_id)

        return leave

    async def _is_mine(self, user: UserId, attempt: AttemptUid | None) -> bool:
        if attempt is None:
            return self._reception.at(user) is not None
        if self._reception.find(attempt) is not None:
            return True
        return await self._store.do(lambda conn: inbound.find(conn, attempt) is not None)

    # -- the desk --------------------------------------------------------------------------------------------

    async def accept(self, user_id: UserId) -> Mapping[str, Any]:
        """Take the call that is shown."""
        if not self._reception.accept(user_id):
            raise refuse("user_id", "no_call_shown")
        return {}

    async def decline(self, user_id: UserId) -> Mapping[str, Any]:
        """Leave it to somebody else."""
        if not self._reception.decline(user_id):
            raise refuse("user_id", "no_call_shown")
        return {}

    async def mark(self, user_id: UserId, on: bool) -> Mapping[str, Any]:
        """Whether this agent takes calls that come in while pausing."""
        if self._desks.agent(user_id).state is AgentState.LOGGED_OUT:
            raise refuse("user_id", "not_at_desk")
        self._reception.mark(user_id, on=on)
        return {}

    async def wrap_up(
        self,
        user_id: UserId,
        attempt: AttemptUid,
        code: str,
        key: Annotated[str, Length(1, 80)],
        note: Annotated[str, Length(0, 4000)] = "",
        callback_at: float | None = None,
        callback_kind: Annotated[str, OneOf(("personal", "team"))] = "team",
        do_not_call: bool = False,
    ) -> Mapping[str, Any]:
        """Store the result; answered when it is durable, also after a restart of the box."""
        live, now = self._reception.find(attempt), self._clock.utc()
        mine = live if live is not None and live.call.agent == user_id else None
        if mine is not None and mine.call.state is not State.ENDED and not mine.call.handed:
            raise OperatorError(
                Problem("attempt", "call_still_on", "The call is not over yet: hang up first.")
            )
        chosen = _chosen(await self._codes(attempt, live), code, callback_at, now if live else 0.0)
        disposition = Disposition.DO_NOT_CALL if do_not_call else chosen.disposition
        owner = user_id if callback_kind == PromiseKind.PERSONAL else None
        part = PartResult(disposition, chosen.code, note, key, callback_at, owner)
        if await self._others.wrap_up(attempt, user_id, part):
            return {}
        result = inbound.Result(disposition, chosen.code, note, key, user_id, callback_at, owner)
        await self._store.do(lambda conn: self._conclude(conn, attempt, result, now))
        if mine is not None:
            self._reception.closed(mine)
        return {}

    async def automatic(self, live: Incoming) -> None:
        """The time for a result has passed: the automatic code is it."""
        now, codes = self._clock.utc(), live.codes
        chosen = next((each for each in codes if each.code == live.automatic_code), codes[0])
        plain = Disposition.CONTACTED if chosen.disposition is Disposition.CALLBACK else chosen.disposition
        result = inbound.Result(plain, chosen.code, "", f"automatic-{live.uid}", live.call.agent)
        await self._store.do(lambda conn: inbound.conclude(conn, live.uid, result, self._zone, now))
        self._reception.closed(live)

    def _conclude(
        self, conn: sqlite3.Connection, uid: AttemptUid, result: inbound.Result, now: float
    ) -> None:
        call = inbound.get(conn, uid)
        zone = (*zones_of(call.caller), self._zone)[0]
        there = place_of(conn, call)
        if result.disposition is Disposition.CALLBACK and there is not None and call.key != result.key:
            zone = there.zone
            if result.callback_at is not None and result.callback_at > now:
                there.must_be_lawful(result.callback_at)
        inbound.conclude(conn, uid, result, zone, now)

    async def _codes(self, uid: AttemptUid, live: Incoming | None) -> list[WrapUpCode]:
        if live is not None:
            return list(live.codes)

        def work(conn: sqlite3.Connection) -> list[WrapUpCode]:
            found = inbound.get(conn, uid)
            return list(inbound.codes_of(conn, found))

        return await self._store.do(work)

    # -- what the desk shows ---------------------------------------------------------------------------------

    def _state_after(self, handler: _Handler) -> _Handler:
        @functools.wraps(handler)
        async def state(user_id: UserId) -> Mapping[str, Any]:
            desk: Mapping[str, Any] = await handler(user_id=user_id)
            marked = {"takes_incoming": user_id in self._reception.marked}
            live = self._reception.at(user_id)
            if live is None:
                return {**desk, **marked}
            agent = self._desks.agent(user_id)
            since = agent.since if agent.state is AgentState.WRAP_UP else None
            return {**desk, **marked, **_shown(live, user_id, since), **await self._known(live)}

        return state

    async def _known(self, live: Incoming) -> Mapping[str, Any]:
        """What is known of the caller: calls of either way, promise, time zone."""
        contact, campaign = live.who.contact, live.who.campaign

        def work(conn: sqlite3.Connection) -> Mapping[str, Any]:
            known = None if contact is None else contact.id
            promise = None if known is None else callbacks.open_of(conn, known)
            return {
                "history": shown.history(conn, known, live.caller, live.uid),
                "promise": None
                if promise is None
                else {"promised_at": promise.promised_at, "zone": promise.zone},
            }

        zone = campaign.settings.default_zone if campaign else self._zone
        zones = (contact.zones if contact else ()) or zones_of(live.caller)
        return {**await self._store.do(work), "zone": (*zones, zone)[0]}


def _chosen(codes: list[WrapUpCode], code: str, callback_at: float | None, now: float) -> WrapUpCode:
    chosen = next((each for each in codes if each.code == code), None)
    if chosen is None:
        known = ", ".join(each.code for each in codes)
        figures = {"code": code, "known": known}
        raise OperatorError(Problem("code", "unknown_wrap_up_code", f"{code} is none of {known}.", figures))
    if chosen.disposition is Disposition.CALLBACK and (callback_at is None or callback_at <= now):
        raise OperatorError(
            Problem("callback_at", "callback_time_missing", "A callback needs a time to come.")
        )
    return chosen


def _shown(live: Incoming, user: UserId, wrap_up_since: float | None) -> Mapping[str, Any]:
    """The call on the desk, shaped as an outbound one with ``incoming`` besides."""
    call, contact, campaign = live.call, live.who.contact, live.who.campaign
    return {
        "attempt": live.uid,
        "call": {
            "state": "bridged" if live.is_up else call.state,
            "since": live.since, "held": live.held, "own": False, "number": live.caller, "name": live.name,
            "fields": dict(contact.fields) if contact else {}, "verdict": None, "correction": None,
            "can_leave": False, "ended_by": call.ended_by,
            "incoming": {
                "called": live.called, "rule": live.rule.name if live.rule else "",
                "kind": live.kind,
                "offered_at": live.offered_at, "asked": call.asked == user, "known": contact is not None,
            },
        },
        "campaign": {
            "id": campaign.id if campaign else None,
            "name": campaign.settings.name if campaign else (live.rule.name if live.rule else ""),
        },
        "word": None,
        "wrap_up": {
            "codes": [
                {
                    "code": each.code, "digit": each.digit, "label_en": each.label_en, "label_de": each.label_de,
                    "disposition": each.disposition,
                }
                for each in live.codes
            ],
            "ends_at": None if wrap_up_since is None else wrap_up_since + live.wrap_up_limit_s,
            "automatic": live.automatic_code,
        },
    }  # fmt: skip
