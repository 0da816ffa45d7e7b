"""One call as SIP sees it, from the INVITE to the BYE: what both directions share (RFC 3261 §12-15).

Answers what comes within the dialog — BYE, re-INVITE, INFO, OPTIONS — and sends our BYE and re-INVITE.
`sip_incoming` and `sip_outgoing` add how the call comes about. The audio is a `Media`'s.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from board.sim import sip_message
from board.sim.sdp import BadSdp, Direction
from board.sim.sip_dialog import DialogState
from board.sim.sip_endpoint import ALLOW, SipEndpoint
from board.sim.sip_message import Request, Response
from board.sim.sip_transactions import Repeater, ServerTransaction

_GLARE_TRIES = 5


class Media(Protocol):
    """The audio of a call, as far as SIP must know it. `held` says that the other side has put us on hold."""

    held: bool

    def answer(self, offer: bytes) -> bytes:
        """Return the answer to an offer and act by it. Raises BadSdp."""

    def offer(self, direction: Direction) -> bytes:
        """Return an offer of ours."""

    def accept(self, answer: bytes) -> None:
        """Act by the answer to our offer. Raises BadSdp."""

    def close(self) -> None:
        """Stop and free the ports."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a call ended: `by` is "caller", "callee" or "nobody" (a timer); `how` names the event."""

    by: str
    how: str
    status: int = 0
    reason: str = ""


class SipCall:
    """A call. `ended` carries its Ending; `on_event(name, figures)` hears what happens within."""

    we_are = ""

    def __init__(self, endpoint: SipEndpoint, dialog: DialogState, media: Media) -> None:
        """Enter the dialog into the endpoint's table."""
        self.endpoint = endpoint
        self.dialog = dialog
        self.media = media
        self.on_event: Callable[[str, dict[str, object]], None] = lambda _name, _figures: None
        self.confirmed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.ended: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        self.deaf = False
        self._repeat_2xx: Repeater | None = None
        self._no_ack: asyncio.TimerHandle | None = None
        self._offered = False
        self._inviting = False
        endpoint.dialogs[dialog.key] = self

    @property
    def they_are(self) -> str:
        """The other side's role."""
        return "caller" if self.we_are == "callee" else "callee"

    @property
    def is_confirmed(self) -> bool:
        """Whether the call is up: answered and acknowledged."""
        return self.confirmed.done() and not self.confirmed.cancelled()

    # --- the end -------------------------------------------------------------------------------------------

    def finish(self, ending: Ending) -> None:
        """End the call here; a deaf one keeps swallowing what the other side sends until that gives up."""
        if self.ended.done():
            return
        self._stop_repeating()
        self.confirmed.cancel()
        self.media.close()
        linger_s = self.endpoint.timers.give_up_s + 1 if self.deaf else 0
        asyncio.get_running_loop().call_later(linger_s, self._forget)
        self.ended.set_result(ending)

    def _forget(self) -> None:
        self.endpoint.dialogs.pop(self.dialog.key, None)

    def bye(self, reason: str = "") -> None:
        """Send a BYE and end; its answer is not waited for."""
        if self.ended.done():
            return
        request = self.dialog.request("BYE")
        if reason:
            request.headers.add("Reason", reason)
        self.on_event("bye_sent", {})
        self.endpoint.request(
            request, self.dialog.next_hop, lambda _: None, lambda: self.on_event("bye_lost", {})
        )
        self.finish(Ending(self.we_are, "bye"))

    def vanish(self) -> None:
        """End without a word and answer nothing more, as if the line to us had been cut."""
        self.deaf = True
        self.finish(Ending(self.we_are, "vanished"))

    # --- requests within the dialog ------------------------------------------------------------------------

    def receive(self, request: Request, transaction: ServerTransaction | None) -> None:
        """Take a request within this dialog."""
        if transaction is None:
            self._acknowledged(request)
        elif self.deaf:
            transaction.swallow()
            self.on_event(f"{request.method.lower()}_received", {"answered": False})
        elif self.ended.done():
            self.endpoint.respond(transaction, 481)
        elif request.cseq[0] < self.dialog.remote_seq:
            self.endpoint.respond(transaction, 500, "CSeq Out Of Order")
        else:
            self.dialog.remote_seq = request.cseq[0]
            self._within(request, transaction)

    def _within(self, request: Request, transaction: ServerTransaction) -> None:
        if request.method == "BYE":
            self.endpoint.respond(transaction, 200)
            self.on_event("bye_received", _reason(request))
            self.finish(Ending(self.they_are, "bye", reason=request.headers.get("Reason")))
        elif request.method == "INVITE":
            self._reinvited(request, transaction)
        elif request.method == "OPTIONS":
            self.endpoint.respond(transaction, 200, Allow=ALLOW, Accept="application/sdp")
        elif request.method == "INFO":
            self.endpoint.respond(transaction, 200)
            self.on_event("info", {"body": request.body[:200].decode("utf-8", "replace")})
        else:
            self.endpoint.respond(transaction, 405, Allow=ALLOW)

    def cancelled(self) -> None:
        """Take a CANCEL; only an unanswered incoming call makes anything of it."""

    # --- re-INVITE from the other side ---------------------------------------------------------------------

    def _reinvited(self, request: Request, transaction: ServerTransaction) -> None:
        self.endpoint.respond(transaction, 100)
        if self._inviting or not self.is_confirmed:
            self.endpoint.respond(transaction, 491 if self._inviting else 500)
            return
        try:
            self.send_2xx(request, transaction)
        except BadSdp as bad:
            self.endpoint.respond(transaction, bad.status)
        else:
            self.on_event("reinvited", {"held": self.media.held})

    def send_2xx(self, request: Request, transaction: ServerTransaction, body: bytes = b"") -> None:
        """Accept an INVITE: answer its offer, or make one if it has none; repeat until the ACK.

        `body` is the answer when early media has already carried one. Raises BadSdp, and then nothing is sent.
        """
        self._offered = not request.body
        if not body:
            body = self.media.offer(Direction.SENDRECV) if self._offered else self.media.answer(request.body)
        self.send_final(transaction, 200, body)
        self._stop_repeating()
        self._repeat_2xx = Repeater(
            self.endpoint.timers, transaction.repeat, longest_s=self.endpoint.timers.t2_s
        )
        loop = asyncio.get_running_loop()
        self._no_ack = loop.call_later(self.endpoint.timers.give_up_s, self._never_acknowledged)

    def send_final(
        self, transaction: ServerTransaction, status: int, body: bytes = b"", reason: str = ""
    ) -> Response:
        """Respond within the dialog, with our tag and Contact."""
        response = sip_message.respond(transaction.request, status, reason, to_tag=self.dialog.key[1])
        response.headers.fields += [("Contact", f"<{self.dialog.contact}>"), ("Allow", ALLOW)]
        if body:
            response.headers.add("Content-Type", "application/sdp")
            response.body = body
        transaction.respond(response)
        return response

    def _acknowledged(self, ack: Request) -> None:
        if not self._repeat_2xx or self.deaf:
            return
        self._stop_repeating()
        if self._offered:
            try:
                self.media.accept(ack.body)
            except BadSdp:
                self.bye('SIP;cause=488;text="Not Acceptable Here"')
                return
        if not self.confirmed.done():
            self.confirmed.set_result(None)

    def _never_acknowledged(self) -> None:
        """Hang up: nobody acknowledged our 2xx (RFC 3261 §13.3.1.4)."""
        self._stop_repeating()
        self.on_event("no_ack", {})
        self.bye()

    def _stop_repeating(self) -> None:
        if self._repeat_2xx:
            self._repeat_2xx.stop()
            self._repeat_2xx = None
        if self._no_ack:
            self._no_ack.cancel()
            self._no_ack = None

    # --- re-INVITE from us ---------------------------------------------------------------------------------

    async def reinvite(self, direction: Direction) -> int:
        """Offer another direction; return the final status. Glare (491) is tried again (RFC 3261 §14.1)."""
        for _ in range(_GLARE_TRIES):
            status = await self._reinvite_once(direction)
            if status != 491:
                return status
            await asyncio.sleep(
                random.uniform(0.0, 2.0) if self.we_are == "callee" else random.uniform(2.1, 4.0)
            )
        return 491

    async def _reinvite_once(self, direction: Direction) -> int:
        done: asyncio.Future[Response | None] = asyncio.get_running_loop().create_future()
        request = self.dialog.request("INVITE", self.media.offer(direction))

        def respond(response: Response) -> None:
            if 200 <= response.status < 300:
                self.send_ack(request.cseq[0])
            if response.status >= 200 and not done.done():
                done.set_result(response)

        def give_up() -> None:
            if not done.done():
                done.set_result(None)

        self._inviting = True
        try:
            self.endpoint.request(request, self.dialog.next_hop, respond, give_up)
            response = await done
        finally:
            self._inviting = False
        if response and 200 <= response.status < 300:
            self.media.accept(response.body)
        return response.status if response else 408

    def send_ack(self, seq: int) -> None:
        """Acknowledge a 2xx; repeated for each repetition of it (RFC 3261 §13.2.2.4)."""
        ack = self.dialog.request("ACK", seq=seq)
        self.endpoint.send_stateless(ack, self.dialog.next_hop)


def _reason(request: Request) -> dict[str, object]:
    reason = request.headers.get("Reason")
    return {"reason": reason} if reason else {}
