"""Desk phones of agents: they register, ring, are answered, talk, hold, and can dial.

    settings = PhoneSettings("1001", "secret", ("127.0.0.1", 5060), "box.invalid")
    async with Phone(settings, office()) as phone:
        await phone.registered(timeout_s=5)
        await phone.wait_for("answered")

A phone answers by itself after `answer_ms`; whoever sits at it says a sentence each time the other side has
spoken. Events are the witness's, with the phone's user as `number`.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Coroutine
from types import TracebackType
from typing import Any

from board.sim import tones
from board.sim.media import MediaSession
from board.sim.party import Party
from board.sim.phone_settings import Office, PhoneSettings
from board.sim.registration import Registration
from board.sim.sdp import BadSdp, Direction
from board.sim.sip_address import parse_name_addr, parse_uri
from board.sim.sip_call import SipCall
from board.sim.sip_digest import Credentials
from board.sim.sip_endpoint import SipEndpoint
from board.sim.sip_incoming import IncomingCall
from board.sim.sip_message import Request
from board.sim.sip_outgoing import Caller, OutgoingCall
from board.sim.sip_transactions import ServerTransaction
from board.sim.voices import Kind
from board.sim.witness import Event, Subject

_KEEP_CALLS = 200
_FOREVER_S = 86_400.0


class Phone:
    """One registered phone, one call at a time. Use as an async context manager, or `start` and `stop`."""

    def __init__(self, settings: PhoneSettings, office: Office) -> None:
        """Prepare; `start` binds and registers."""
        self.settings = settings
        self.mode = settings.mode
        self.office = office
        self.party: Party | None = None
        self.calls: deque[Party] = deque(maxlen=_KEEP_CALLS)
        self._endpoint = SipEndpoint(self._invited, settings.timers)
        who = Credentials(settings.user, settings.password)
        self._who = who
        self.registration = Registration(
            self._endpoint, settings.registrar, settings.domain, who, settings.expires_s
        )
        self.registration.on_event = self._registration_event
        self._keeper: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Bind and begin to register. Raises OSError when the port is taken."""
        await self._endpoint.open(self.settings.host, self.settings.port)
        self._keeper = asyncio.get_running_loop().create_task(self.registration.keep())

    async def stop(self) -> None:
        """Hang up, unregister, close."""
        if self._keeper:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        self.hang_up()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.registration.leave()
        self._endpoint.close()

    async def __aenter__(self) -> Phone:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def port(self) -> int:
        """The UDP port, also when it was asked to be any."""
        return self._endpoint.address[1]

    async def registered(self, timeout_s: float = 10.0) -> None:
        """Wait until the registrar has accepted us. Raises TimeoutError."""
        await asyncio.wait_for(self.registration.registered.wait(), timeout_s)

    async def wait_for(self, event: str, *, nth: int = 1, timeout_s: float = 10.0) -> Event:
        """Return the nth such event of this phone, past or to come; see `Witness.wait_for`."""
        return await self.office.witness.wait_for(
            event, number=self.settings.user, nth=nth, timeout_s=timeout_s
        )

    def _registration_event(self, name: str, status: int) -> None:
        self.office.witness.record(Subject("", self.settings.user, "", "phone"), name, {"status": status})

    # --- what a person at the phone does -------------------------------------------------------------------

    def dial(self, number: str) -> Party:
        """Call a number by way of the registrar. Raises RuntimeError when the phone is in use."""
        if self.party:
            raise RuntimeError("the phone is in use")
        media = self.office.media.session(random.Random())
        caller = Caller(self.registration.address_of_record, self.registration.contact, self._who)
        target = f"sip:{number}@{self.settings.domain}"
        call = OutgoingCall(self._endpoint, caller, target, self.settings.registrar, media)
        party = self._seat(call, media, caller=self.settings.user)
        party.note("dialled", target=number)
        self._spawn(self._talk_when_answered(party, call), party)
        return party

    def hang_up(self) -> None:
        """End the call, if there is one."""
        call = self.party.call if self.party else None
        if isinstance(call, OutgoingCall):
            call.hang_up()
        elif isinstance(call, IncomingCall) and call.is_confirmed:
            call.bye()
        elif isinstance(call, IncomingCall):
            call.refuse(603)

    async def hold(self) -> int:
        """Put the other side on hold; return the final SIP status. Raises RuntimeError without a call."""
        return await self._in_use().call.reinvite(Direction.SENDONLY)

    async def unhold(self) -> int:
        """Take the other side off hold; return the final SIP status. Raises RuntimeError without a call."""
        return await self._in_use().call.reinvite(Direction.SENDRECV)

    async def press(self, keys: str) -> None:
        """Press keys (RFC 4733). Raises RuntimeError without a call, ValueError for what is no key."""
        await self._in_use().press(keys)

    async def speak(self) -> None:
        """Say a sentence now. Raises RuntimeError without a call."""
        party = self._in_use()
        await party.say(await party.recall(Kind.TALK), Kind.TALK)

    def _in_use(self) -> Party:
        if not self.party:
            raise RuntimeError("no call")
        return self.party

    # --- calls ---------------------------------------------------------------------------------------------

    def _invited(self, request: Request, transaction: ServerTransaction) -> None:
        if self.party or self.mode == "reject":
            self._endpoint.respond(transaction, 486)
            return
        try:
            caller = parse_uri(parse_name_addr(request.headers.get("From")).uri).user
            media = self.office.media.session(random.Random())
        except OSError:
            self._endpoint.respond(transaction, 503)
            return
        except ValueError:
            self._endpoint.respond(transaction, 400)
            return
        try:
            call = IncomingCall(self._endpoint, transaction, media, self.registration.contact)
        except ValueError:
            media.close()
            self._endpoint.respond(transaction, 400)
            return
        party = self._seat(call, media, caller=caller)
        party.note("invite", attempt=request.headers.get("X-Attempt"))
        self._spawn(self._answer(party, call), party)

    def _seat(self, call: SipCall, media: MediaSession, *, caller: str) -> Party:
        subject = Subject(call.dialog.call_id, self.settings.user, caller, "phone")
        party = Party(
            subject, self.office.witness, self.office.voices, self.settings.language, random.Random()
        )
        party.connect(call, media)
        self.party = party
        self.calls.append(party)
        return party

    def _spawn(self, work: Coroutine[Any, Any, None], party: Party) -> None:
        task = asyncio.get_running_loop().create_task(self._attend(work, party))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _attend(self, work: Coroutine[Any, Any, None], party: Party) -> None:
        """Sit at the phone until the call is over."""
        acting = asyncio.ensure_future(work)
        either: set[asyncio.Future[Any]] = {acting, party.call.ended}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            ending = await party.call.ended
        finally:
            acting.cancel()
            self.party = None
        party.note("ended", by=ending.by, how=ending.how, status=ending.status, **party.figures())

    async def _answer(self, party: Party, call: IncomingCall) -> None:
        call.ring()
        party.note("ringing", status=180)
        if self.mode != "answer":
            return
        await asyncio.sleep(self.settings.answer_ms / 1000)
        try:
            call.answer()
        except BadSdp as bad:
            call.refuse(bad.status)
            return
        party.answered_at = time.time()
        party.note("answered")
        await self._talk(party)

    async def _talk_when_answered(self, party: Party, call: OutgoingCall) -> None:
        await call.confirmed
        party.answered_at = time.time()
        await self._talk(party)

    async def _talk(self, party: Party) -> None:
        if self.settings.sound == "tone":
            party.media.stream.mouth.play(tones.agent_tone(), loop=True)
        while self.settings.sound == "talk":
            if await party.turn(_FOREVER_S):
                await self.speak()
