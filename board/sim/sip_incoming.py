"""A call that came to us: ring, early media, answer, refuse, be cancelled (RFC 3261 §13.3)."""

from __future__ import annotations

from board.sim.sip_call import Ending, Media, SipCall
from board.sim.sip_dialog import called
from board.sim.sip_endpoint import SipEndpoint
from board.sim.sip_message import Request
from board.sim.sip_transactions import ServerTransaction


class IncomingCall(SipCall):
    """An INVITE we received and what became of it."""

    we_are = "callee"

    def __init__(
        self, endpoint: SipEndpoint, transaction: ServerTransaction, media: Media, contact: str
    ) -> None:
        """Begin a dialog. Raises ValueError when the INVITE's Contact is missing or malformed."""
        super().__init__(endpoint, called(transaction.request, contact, transaction.peer), media)
        self._transaction = transaction
        self._early_body = b""
        endpoint.expect_cancel(transaction, self)
        transaction.on_no_ack = lambda: self.on_event("no_ack", {})

    @property
    def invite(self) -> Request:
        """The INVITE."""
        return self._transaction.request

    @property
    def is_answered(self) -> bool:
        """Whether we have sent a final response."""
        return self._transaction.final is not None

    def ring(self, status: int = 180, *, early_media: bool = False) -> None:
        """Send a provisional response, with our answer to the offer when there is to be early media.

        Raises BadSdp. An INVITE without an offer gets no early media: there is nothing to answer yet.
        """
        if self.is_answered or self.ended.done():
            return
        if early_media and self.invite.body and not self._early_body:
            self._early_body = self.media.answer(self.invite.body)
        self.send_final(self._transaction, status, self._early_body if early_media else b"")

    def answer(self) -> None:
        """Answer with 200; `confirmed` is done when the ACK is there. Raises BadSdp, and then nothing is sent."""
        if not self.is_answered and not self.ended.done():
            self.send_2xx(self.invite, self._transaction, self._early_body)

    def refuse(self, status: int, reason: str = "", cause: int = 0) -> None:
        """Refuse with a final response; `cause` adds a Q.850 Reason field (RFC 3326)."""
        if self.is_answered or self.ended.done():
            return
        fields = {"Reason": f"Q.850;cause={cause}"} if cause else {}
        self.endpoint.respond(self._transaction, status, reason, **fields)
        self.finish(Ending(self.we_are, "refused", status, reason))

    def cancelled(self) -> None:
        """Take the CANCEL: 487 to the INVITE."""
        if not self.is_answered and not self.ended.done():
            self.endpoint.respond(self._transaction, 487)
            self.finish(Ending(self.they_are, "cancelled", 487))
