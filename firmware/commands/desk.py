"""What an agent does at the desk, asked over the control socket.

Each command names the agent, moves the desk, and answers with the desk as it is afterwards, so that a page needs one
round trip. A result is acknowledged only when it is durable; sending the same one twice (same ``key``) is harmless.
Who may speak for whom is the web UI's to check.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from firmware.books import Result, StoreBooks, close_late
from firmware.callbacks.promise import PromiseKind
from firmware.calls.call import CallState
from firmware.calls.desks import Desks
from firmware.calls.switchboard import LiveCall, Switchboard
from firmware.calls.talk import Talk
from firmware.clock import Clock
from firmware.commands import desk_shown as shown
from firmware.commands.desk_parties import DeskParties, PartResult
from firmware.commands.promised_time import Place, place
from firmware.control import Control
from firmware.dialler import Dialler
from firmware.dialling import offer as records
from firmware.model import (
    AgentState,
    AttemptUid,
    CampaignId,
    CampaignSettings,
    Disposition,
    OperatorError,
    Problem,
    UserId,
    WrapUpCode,
)
from firmware.store import (
    attempts,
    callback_lists,
    callbacks,
    campaigns,
    contacts,
    pacing_state,
    verdict_words,
)
from firmware.store.store import Store
from firmware.trunks.base import Media
from firmware.typed import Length, Matches, OneOf

if TYPE_CHECKING:
    import sqlite3

_Reason = Annotated[str, Length(0, 60)]
_Note = Annotated[str, Length(0, 4000)]
_Why = Annotated[str, Matches("[a-z_]{1,40}", "1 to 40 small letters and underscores")]
_Typed = Annotated[str, Length(1, 40)]
_Digits = Annotated[str, Matches("[0-9*#A-D]{1,32}", "1 to 32 of 0-9 * # A-D")]


_Handler = Callable[..., Awaitable[Any]]


def _unchanged(_: str, handler: _Handler) -> _Handler:
    return handler


class DeskCommands:
    """The ``desk.*`` commands."""

    def __init__(
        self,
        clock: Clock,
        store: Store,
        desks: Desks,
        switchboard: Switchboard,
        books: StoreBooks,
        media: Media,
        phone_registered: Callable[[str], bool],
        dialler: Dialler,
        others: DeskParties,
    ) -> None:
        self._clock = clock
        self._store = store
        self._desks = desks
        self._switchboard = switchboard
        self._books = books
        self._media = media
        self._phone_registered = phone_registered
        self._dialler = dialler
        self._others = others
        self.instead: Callable[[str, _Handler], _Handler] = _unchanged
        """Who answers a command where the call on the desk came in."""

    def add_to(self, control: Control) -> None:
        """Make the commands known."""
        for name, handler in (
            ("state", self.state),
            ("log_in", self.log_in),
            ("ready", self.ready),
            ("pause", self.pause),
            ("log_out", self.log_out),
            ("hang_up", self.hang_up),
            ("leave_message", self.leave_message),
            ("hold", self.hold),
            ("unhold", self.unhold),
            ("digits", self.digits),
            ("wrap_up", self.wrap_up),
            ("next", self.next),
            ("dial", self.dial),
            ("wait", self.wait),
            ("skip", self.skip),
            ("reject", self.reject),
            ("dial_number", self.dial_number),
            ("was_person", self.was_person),
        ):
            control.add(f"desk.{name}", self.instead(name, handler))

    async def state(self, user_id: UserId) -> Mapping[str, Any]:
        """The desk as it is. Only an agent's own page asks: a record on it is then known to be looked at."""
        agent = self._desks.agent(user_id)
        self._dialler.preview.seen(user_id)
        offer = self._dialler.preview.of(user_id)
        user = self._desks.user(user_id)
        live = self._switchboard.find(agent.attempt) if agent.attempt is not None else None
        return {
            "state": agent.state,
            "since": agent.since,
            "reason": agent.reason,
            "then": {"state": agent.then, "reason": agent.then_reason},
            "phone": {
                "mode": user.phone_mode,
                "registered": self._phone_registered(user.phone_user),
                "open": self._desks.phone_open(user_id),
            },
            "attempt": agent.attempt,
            "call": shown.call(live),
            "word": await self._word(live),
            "campaign": shown.campaign(live),
            "released": shown.released(self._switchboard.drops.released(user_id)),
            "wrap_up": shown.wrap_up(live, agent.since if agent.state is AgentState.WRAP_UP else None),
            "today": self._desks.figures(user_id),
            **await self._known(user_id, live, offer),
            **self._others.at_desk(user_id),
            **self._others.more(user_id),
            "offer": records.plain(offer),
            "told": shown.told(self._dialler.preview.told(user_id)),
            "fetch": [shown.named(c) for c in records.fetching(self._dialler.known(), user_id)],
            "by_hand": [shown.named(c) for c in self._dialler.known() if records.dials_by_hand(c, user_id)],
        }

    async def log_in(self, user_id: UserId) -> Mapping[str, Any]:
        """Sit down."""
        self._desks.log_in(user_id)
        return await self.state(user_id)

    async def ready(self, user_id: UserId) -> Mapping[str, Any]:
        """Ready for calls, now or after the present one."""
        self._desks.ready(user_id)
        return await self.state(user_id)

    async def pause(self, user_id: UserId, reason: _Reason = "") -> Mapping[str, Any]:
        """Pause, now or after the present call."""
        self._desks.pause(user_id, reason)
        return await self.state(user_id)

    async def log_out(self, user_id: UserId) -> Mapping[str, Any]:
        """Leave, now or after the present call. A record that is not dialled yet goes back to the list."""
        self._desks.log_out(user_id)
        await self._dialler.preview.leave(user_id)
        return await self.state(user_id)

    async def hang_up(self, user_id: UserId) -> Mapping[str, Any]:
        """End the conversation, or give up a call of one's own that nobody has answered yet."""
        self._others.hang_up(self._own_call(user_id) or self._talking(user_id), user_id)
        return await self.state(user_id)

    async def leave_message(self, user_id: UserId) -> Mapping[str, Any]:
        """Leave the call to the message for machines; the agent is free at once, the result is written by itself."""
        live = self._talking(user_id)
        self._others.only_talk(live, user_id)
        up = isinstance(live, LiveCall) and live.call.state is CallState.BRIDGED
        if not isinstance(live, LiveCall) or not up or not live.call.policy.can_leave:
            raise OperatorError(Problem("user_id", "no_message_here", "No message can be left on this call."))
        judged, now = live.verdict is not None, self._clock.utc()
        self._dialler.pacers.closed_as(live, Disposition.MACHINE)
        self._switchboard.hand_over(live)
        if judged:
            said, how = verdict_words.Said.MACHINE, verdict_words.How.DESK
            await self._store.do(lambda conn: verdict_words.say(conn, live.uid, user_id, said, how, now))
        return await self.state(user_id)

    # -- records on offer ------------------------------------------------------------------------------------

    async def next(self, user_id: UserId, campaign_id: CampaignId | None = None) -> Mapping[str, Any]:
        """Fetch the next record to look at."""
        await self._dialler.preview.pull(user_id, campaign_id, self._dialler.known())
        return await self.state(user_id)

    async def dial(self, user_id: UserId) -> Mapping[str, Any]:
        """Dial the record on the desk, if the rules allow the call now."""
        await self._dialler.preview.dial(user_id)
        return await self.state(user_id)

    async def wait(self, user_id: UserId) -> Mapping[str, Any]:
        """Stop the countdown of the record on the desk."""
        await self._dialler.preview.wait(user_id)
        return await self.state(user_id)

    async def skip(self, user_id: UserId, reason: _Why) -> Mapping[str, Any]:
        """Leave the record for later, and say why."""
        await self._dialler.preview.skip(user_id, reason)
        return await self.state(user_id)

    async def reject(self, user_id: UserId) -> Mapping[str, Any]:
        """Put the record back on top of the list, for somebody else."""
        await self._dialler.preview.reject(user_id)
        return await self.state(user_id)

    async def dial_number(
        self, user_id: UserId, campaign_id: CampaignId, number: _Typed
    ) -> Mapping[str, Any]:
        """Dial a typed number as a call of the campaign, if the rules allow it now."""
        campaign = self._dialler.campaign(campaign_id)
        await self._dialler.preview.dial_number(user_id, campaign, number)
        return await self.state(user_id)

    async def hold(self, user_id: UserId) -> Mapping[str, Any]:
        """Put the customer on hold."""
        live = self._talking(user_id)
        self._others.hold(live, user_id, held=True)
        return await self.state(user_id)

    async def unhold(self, user_id: UserId) -> Mapping[str, Any]:
        """Take the customer back."""
        live = self._talking(user_id)
        self._others.hold(live, user_id, held=False)
        return await self.state(user_id)

    async def digits(self, user_id: UserId, digits: _Digits) -> Mapping[str, Any]:
        """Send DTMF to the customer's side, or to a destination that is spoken to alone."""
        self._media.send_digits(self._others.keys_to(self._talking(user_id)), digits)
        return await self.state(user_id)

    async def was_person(self, user_id: UserId, attempt: AttemptUid) -> Mapping[str, Any]:
        """The agent has learned that a call taken for a machine was a person's: it is charged as abandoned."""
        now = self._clock.utc()
        campaign = await self._store.do(lambda conn: pacing_state.report_person(conn, attempt, user_id, now))
        await self._dialler.pacers.recount(campaign)
        return await self.state(user_id)

    async def wrap_up(
        self,
        user_id: UserId,
        attempt: AttemptUid,
        code: str,
        key: Annotated[str, Length(1, 80)],
        note: _Note = "",
        callback_at: float | None = None,
        callback_kind: Annotated[str, OneOf(("personal", "team"))] = "team",
        do_not_call: bool = False,
    ) -> Mapping[str, Any]:
        """Store the result of a conversation; answered when it is durable.

        A callback at a time when nobody may be called there is refused, with the next time that is possible.
        """
        live = self._switchboard.find(attempt)
        own = live is not None and live.call.agent == user_id
        if live is not None and own and live.call.state is not CallState.ENDED and not live.call.handed:
            raise OperatorError(
                Problem("attempt", "call_still_on", "The call is not over yet: hang up first.")
            )
        mine = live if live is not None and live.call.agent == user_id else None
        settings = mine.settings if mine is not None else await self._settings_of(attempt)
        # What comes after a power cut may name a time that has passed meanwhile: the promise stands all the same.
        not_before = self._clock.utc() if mine is not None else 0.0
        chosen = _code(settings, code, callback_at, not_before)
        disposition = Disposition.DO_NOT_CALL if do_not_call else chosen.disposition
        owner = user_id if callback_kind == PromiseKind.PERSONAL else None
        part = PartResult(disposition, chosen.code, note, key, callback_at, owner)
        if await self._others.wrap_up(attempt, user_id, part):
            return await self.state(user_id)
        zone = ""
        if disposition is Disposition.CALLBACK and callback_at is not None:
            zone = await self._promise(attempt, key, callback_at)
        result = Result(disposition, chosen.code, note, key, user_id, callback_at, zone, owner)
        if mine is not None:
            await self._books.close(mine, result, self._clock.utc())
            self._dialler.pacers.closed_as(mine, disposition)
        else:
            await close_late(self._store, attempt, settings, result, self._clock.utc())
        return await self.state(user_id)

    async def _promise(self, attempt: AttemptUid, key: str, at: float) -> str:
        """The contact's time zone. :raises OperatorError: nobody may be called there ``at``, and it is not kept yet."""

        def work(conn: sqlite3.Connection) -> tuple[bool, Place]:
            found = attempts.get(conn, attempt)
            return found.key == key, place(conn, found.contact_id, campaigns.get(conn, found.campaign_id))

        kept, whom = await self._store.do(work)
        if not kept and at > self._clock.utc():
            whom.must_be_lawful(at)
        return whom.zone

    async def automatic(self, live: LiveCall) -> None:
        """The wrap-up limit has passed: the campaign's automatic code is the result."""
        code = live.settings.automatic_wrap_up_code
        chosen = _code(live.settings, code, None, self._clock.utc())
        result = Result(chosen.disposition, chosen.code, "", f"automatic-{live.uid}", live.call.agent)
        await self._books.close(live, result, self._clock.utc())

    async def _settings_of(self, attempt: AttemptUid) -> CampaignSettings:
        return await self._store.do(
            lambda conn: campaigns.get(conn, attempts.get(conn, attempt).campaign_id).settings
        )

    async def _known(
        self, user_id: UserId, live: LiveCall | None, offer: records.Offer | None
    ) -> Mapping[str, Any]:
        """What the store knows: the agent's own callbacks; of the contact, earlier calls, promise and time zone."""
        now, contact = self._clock.utc(), shown.contact(live, offer)

        def work(conn: sqlite3.Connection) -> Mapping[str, Any]:
            own = callback_lists.own(conn, user_id, now)
            if contact is None:
                return {"callbacks": own, "history": [], "promise": None, "zone": None}
            found = contacts.get(conn, contact)
            besides = None if live is None else live.uid
            return {
                "callbacks": own,
                "history": shown.history(conn, contact, "" if found is None else found.number, besides),
                "promise": records.plain_promise(callbacks.open_of(conn, contact)),
                "zone": shown.zone(found, live, offer),
            }

        return await self._store.do(work)

    async def _word(self, live: LiveCall | None) -> str | None:
        """What was said so far about the verdict on this call."""
        if live is None or live.verdict is None:
            return None
        word = await self._store.do(lambda conn: verdict_words.last(conn, live.uid))
        return None if word is None else word.said

    def _own_call(self, user_id: UserId) -> LiveCall | None:
        """The call this agent dialled and nobody has answered yet."""
        agent = self._desks.agent(user_id)
        live = self._switchboard.find(agent.attempt) if agent.attempt is not None else None
        own = live is not None and live.owner == user_id and agent.state is AgentState.RESERVED
        return live if own else None

    def _talking(self, user_id: UserId) -> Talk:
        """The conversation at a desk, whichever way the call came. :raises OperatorError: there is none."""
        live = self._others.talk_at(user_id)
        if live is None or self._desks.state(user_id) is not AgentState.TALKING:
            raise OperatorError(Problem("user_id", "not_talking", "There is no conversation at this desk."))
        return live


def _code(settings: CampaignSettings, code: str, callback_at: float | None, now: float) -> WrapUpCode:
    chosen = next((each for each in settings.wrap_up_codes if each.code == code), None)
    if chosen is None:
        known = ", ".join(each.code for each in settings.wrap_up_codes)
        raise OperatorError(
            Problem(
                "code", "unknown_wrap_up_code", f"{code} is none of {known}.", {"code": code, "known": known}
            )
        )
    if chosen.disposition is Disposition.CALLBACK and (callback_at is None or callback_at <= now):
        raise OperatorError(
            Problem("callback_at", "callback_time_missing", "A callback needs a time to come.")
        )
    return chosen
