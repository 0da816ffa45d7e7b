"""The telephone network: answers every INVITE as the dialled number would.

    async with Exchange(plan=plan.read({"numbers": {"+493023125100": "busy"}})) as exchange:
        …                                             # let the box dial 127.0.0.1:exchange.port
        await exchange.wait_for("ended", number="+493023125100")

It knows nothing of who calls: one INVITE, one `Callee`, one task that plays a behaviour from `behaviours`.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from board.sim import clips, plan, tones
from board.sim.behaviours import BEHAVIOURS
from board.sim.callee import Callee, CallOver, Network
from board.sim.media import MediaFactory
from board.sim.plan import Plan
from board.sim.sdp import BadSdp
from board.sim.sip_address import parse_name_addr, parse_uri
from board.sim.sip_call import Ending
from board.sim.sip_endpoint import SipEndpoint
from board.sim.sip_incoming import IncomingCall
from board.sim.sip_message import Request
from board.sim.sip_transactions import ServerTransaction, Timers
from board.sim.voices import Voices
from board.sim.witness import Event, Subject, Witness

logger = logging.getLogger(__name__)
_KEEP_CALLS, _KEEP_AUDIO = 1_000, 100
_KEEP_NUMBERS = 1_000_000
_GOODBYE_S = 0.5


@dataclass(frozen=True, slots=True)
class Settings:
    """How an exchange is set up.

    `keep_s` seconds of what each of the last 100 calls heard are kept for measuring; 1,000 calls are remembered.
    """

    host: str = "127.0.0.1"
    port: int = 0
    seed: int = 1
    country: str = "DE"
    plan: Plan = field(default_factory=Plan)
    voices: Path | None = None
    pool: Path | None = None
    log: Path | None = None
    codecs: Sequence[str] = ()
    keep_s: float = 0.0
    max_calls: int = 1_000
    timers: Timers = field(default_factory=Timers)


class Exchange:
    """A telephone network behind one SIP address. Use as an async context manager, or `start` and `stop`."""

    def __init__(self, settings: Settings | None = None) -> None:
        """Read the voices and open the log. Raises NoVoices, OSError, and KeyError for an unknown country."""
        self.settings = settings or Settings()
        self.plan = self.settings.plan
        self.calls: deque[Callee] = deque(maxlen=_KEEP_CALLS)
        self.faults = 0
        voices = Voices(self.settings.voices, self.settings.pool)
        tones.progress(self.settings.country, "busy")
        self.witness = Witness(self.settings.log)
        self._network = Network(self.witness, voices, self.settings.country, self.plan.haste)
        self._endpoint = SipEndpoint(self._invited, self.settings.timers)
        self._media = MediaFactory(self.settings.host, background=clips.line_noise(), codecs=self.settings.codecs,
                                   keep_s=self.settings.keep_s)  # fmt: skip
        self._times_called: OrderedDict[str, int] = OrderedDict()
        self._tasks: dict[asyncio.Task[None], Callee] = {}

    async def start(self) -> None:
        """Begin to answer. Raises OSError when the address is taken."""
        await self._endpoint.open(self.settings.host, self.settings.port)

    async def stop(self) -> None:
        """Hang up on everybody, leave them a moment to answer, close."""
        tasks = dict(self._tasks)
        for callee in tasks.values():
            callee.leave(503)
        if tasks:
            _, pending = await asyncio.wait(tasks, timeout=_GOODBYE_S)
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)
        self._endpoint.close()
        self.witness.close()

    async def __aenter__(self) -> Exchange:
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

    @property
    def active(self) -> list[Callee]:
        """The calls that are up or ringing now."""
        return list(self._tasks.values())

    @property
    def malformed(self) -> int:
        """How many datagrams were no proper SIP message."""
        return self._endpoint.malformed

    async def wait_for(
        self, event: str, *, number: str = "", call_id: str = "", behaviour: str = "", nth: int = 1,
        timeout_s: float = 10.0,
    ) -> Event:  # fmt: skip
        """Return the nth such event, past or to come; see `Witness.wait_for`."""
        return await self.witness.wait_for(event, number=number, call_id=call_id, behaviour=behaviour, nth=nth,
                                           timeout_s=timeout_s)  # fmt: skip

    def call(self, call_id: str) -> Callee:
        """Return a call by its Call-ID. Raises KeyError."""
        for callee in reversed(self.calls):
            if callee.subject.call_id == call_id:
                return callee
        raise KeyError(call_id)

    def set_number(self, number: str, what: object) -> None:
        """Decide what a number does from its next call on, as in a plan file. Raises BadPlan."""
        self.plan = self.plan.with_number(number, what)

    # --- one call ------------------------------------------------------------------------------------------

    def _invited(self, request: Request, transaction: ServerTransaction) -> None:
        try:
            number = parse_uri(request.uri).user
            caller = _caller(request)
        except ValueError:
            self._endpoint.respond(transaction, 400)
            return
        if not number:
            self._endpoint.respond(transaction, 484)
        elif len(self._tasks) >= self.settings.max_calls:
            self._endpoint.respond(transaction, 503, Retry_After="1")
        else:
            self._take(request, transaction, number, caller)

    def _take(self, request: Request, transaction: ServerTransaction, number: str, caller: str) -> None:
        nth = self._count(number)
        rng = plan.seeded(self.settings.seed, number, nth)
        choice = self.plan.choose(number, nth, rng)
        subject = Subject(request.call_id, number, caller, choice.behaviour)
        callee = Callee(self._network, subject, choice.params, rng, request.headers.get("X-Attempt"))
        callee.note("invite", nth=nth, chosen_by=choice.by, attempt=callee.attempt)
        try:
            media = self._media.session(rng)
        except OSError as why:
            logger.error("no call to %s: %s", number, why)
            self._endpoint.respond(transaction, 503)
            return
        try:
            contact = f"sip:{self._endpoint.contact}"
            callee.take(IncomingCall(self._endpoint, transaction, media, contact), media)
        except ValueError:
            media.close()
            self._endpoint.respond(transaction, 400, "Bad Contact")
            return
        self.calls.append(callee)
        if len(self.calls) > _KEEP_AUDIO:
            self.calls[-1 - _KEEP_AUDIO].heard.forget()
        task = asyncio.get_running_loop().create_task(self._play(callee, choice.behaviour))
        self._tasks[task] = callee
        task.add_done_callback(self._tasks.pop)

    def _count(self, number: str) -> int:
        """Count a call; the numbers called longest ago are forgotten first."""
        self._times_called[number] = self._times_called.pop(number, 0) + 1
        if len(self._times_called) > _KEEP_NUMBERS:
            self._times_called.popitem(last=False)
        return self._times_called[number]

    async def _play(self, callee: Callee, behaviour: str) -> None:
        """Play one call to its end, whatever happens in it."""
        acting = asyncio.ensure_future(BEHAVIOURS[behaviour](callee))
        either: set[asyncio.Future[Any]] = {acting, callee.call.ended}
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            acting.cancel()
        outcome = (await asyncio.gather(acting, return_exceptions=True))[0]
        callee.leave(self._judge(callee, outcome))
        _note_end(callee, await callee.call.ended)

    def _judge(self, callee: Callee, outcome: BaseException | None) -> int:
        """Return the status to refuse with, should the behaviour have left the call open."""
        if isinstance(outcome, BadSdp):
            return outcome.status
        if outcome is None or isinstance(outcome, asyncio.CancelledError | CallOver):
            return 480
        self.faults += 1
        logger.error("call to %s: %s", callee.subject.number, outcome, exc_info=outcome)
        callee.note("fault", what=str(outcome))
        return 500


def _note_end(callee: Callee, ending: Ending) -> None:
    if ending.how == "cancelled":
        callee.note("cancelled")
    callee.note(
        "ended", by=ending.by, how=ending.how, status=ending.status, reason=ending.reason, attempt=callee.attempt,
        answered=bool(callee.answered_at), **callee.figures(),
    )  # fmt: skip


def _caller(request: Request) -> str:
    """Return who calls: P-Asserted-Identity before From (RFC 3325). Raises ValueError."""
    value = request.headers.get("P-Asserted-Identity") or request.headers.get("From")
    return parse_uri(parse_name_addr(value).uri).user
