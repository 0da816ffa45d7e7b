"""A call we place: INVITE, digest, ringing, answer, ACK, CANCEL (RFC 3261 §13.2, §22)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from board.sim import sip_dialog, sip_digest
from board.sim.sdp import BadSdp, Direction
from board.sim.sip_call import Ending, Media, SipCall
from board.sim.sip_digest import Credentials, NoUsableChallenge
from board.sim.sip_endpoint import SipEndpoint
from board.sim.sip_message import Request, Response
from board.sim.sip_transactions import Address

_CHALLENGES = {401: ("WWW-Authenticate", "Authorization"), 407: ("Proxy-Authenticate", "Proxy-Authorization")}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: our URI, our Contact URI, credentials if the proxy asks."""

    uri: str
    contact: str
    credentials: Credentials | None = None


class OutgoingCall(SipCall):
    """An INVITE of ours and what became of it."""

    we_are = "caller"

    def __init__(
        self, endpoint: SipEndpoint, caller: Caller, target: str, proxy: Address, media: Media
    ) -> None:
        """Send the INVITE for `target` by way of `proxy`."""
        state = sip_dialog.DialogState(
            f"{secrets.token_hex(10)}@{endpoint.address[0]}", f"<{caller.uri}>;tag={sip_dialog.new_tag()}",
            f"<{target}>", target, caller.contact, proxy,
        )  # fmt: skip
        super().__init__(endpoint, state, media)
        self._caller = caller
        self._proxy = proxy
        self._body = media.offer(Direction.SENDRECV)
        self._heard_from = False
        self._cancel_wanted = False
        self._tried = False
        self._invite = self._send()

    def _send(self, extra: tuple[str, str] | None = None) -> Request:
        request = self.dialog.request("INVITE", self._body)
        if extra:
            request.headers.add(*extra)
        self.endpoint.request(request, self._proxy, self._response, lambda: self._failed(408))
        return request

    def hang_up(self) -> None:
        """BYE when answered, CANCEL when not."""
        if self.is_confirmed:
            self.bye()
        elif not self.ended.done():
            self._cancel_wanted = True
            if self._heard_from:
                self.endpoint.cancel(self._invite, self._proxy)

    def _response(self, response: Response) -> None:
        if response.status < 200:
            self._provisional(response)
        elif response.status < 300:
            self._answered(response)
        elif response.status in _CHALLENGES and self._caller.credentials and not self._tried:
            self._authenticate(response, self._caller.credentials)
        else:
            self._failed(response.status, response.reason)

    def _provisional(self, response: Response) -> None:
        self._heard_from = True
        if self._cancel_wanted:
            self.endpoint.cancel(self._invite, self._proxy)
        elif response.status > 100:
            self.on_event("ringing", {"status": response.status})
            self._take_sdp(response)

    def _take_sdp(self, response: Response) -> bool:
        try:
            if response.body:
                self.media.accept(response.body)
        except BadSdp:
            return False
        return True

    def _answered(self, response: Response) -> None:
        first = not self.confirmed.done()
        if first:
            sip_dialog.calling(self.dialog, response)
        self.send_ack(self._invite.cseq[0])
        if not first:
            return
        usable = self._take_sdp(response)
        self.confirmed.set_result(None)
        self.on_event("answered", {})
        if self._cancel_wanted or not usable:
            self.bye()

    def _authenticate(self, response: Response, who: Credentials) -> None:
        self._tried = True
        asked, answered = _CHALLENGES[response.status]
        try:
            challenge = sip_digest.choose(v for n, v in response.headers.fields if n == asked)
        except NoUsableChallenge:
            self._failed(response.status, response.reason)
            return
        value = sip_digest.answer(challenge, who, "INVITE", self._invite.uri)
        self._invite = self._send((answered, value))

    def _failed(self, status: int, reason: str = "") -> None:
        by = self.we_are if self._cancel_wanted else self.they_are
        self.finish(Ending(by, "cancelled" if self._cancel_wanted else "refused", status, reason))
