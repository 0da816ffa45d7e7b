"""SIP transactions over UDP: who repeats what, how often, until when (RFC 3261 §17, RFC 6026).

    server, INVITE       proceeding ─ 2xx ─▶ accepted (L) ─▶ over     the call repeats the 2xx until the ACK
                                   └ 3-6xx ─▶ completed (G, H) ─ ACK ─▶ confirmed (I) ─▶ over
    server, other        trying ─▶ completed (J) ─▶ over
    client, INVITE       calling (A, B) ─ 1xx ─▶ proceeding ─ 2xx ─▶ accepted (M) ─▶ over
                                                        └ 3-6xx ─ ACK ─▶ completed (D) ─▶ over
    client, other        trying (E, F) ─▶ completed (K) ─▶ over

A transaction sends and is told what arrived; matching is `sip_endpoint`'s, meaning is `sip_call`'s.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from board.sim.sip_message import Headers, Request, Response

Address = tuple[str, int]
Send = Callable[[bytes, Address], None]


@dataclass(frozen=True, slots=True)
class Timers:
    """The three base times of RFC 3261 §17; tests make them short."""

    t1_s: float = 0.5
    t2_s: float = 4.0
    t4_s: float = 5.0

    @property
    def give_up_s(self) -> float:
        """64·T1: how long anything is repeated (timers B, F, H, J, L, M)."""
        return 64 * self.t1_s


class Repeater:
    """Sends a datagram again and again, first after T1, doubling, until stopped."""

    def __init__(self, timers: Timers, again: Callable[[], None], *, longest_s: float | None) -> None:
        """Start repeating; `longest_s` caps the interval, None lets it double for ever."""
        self._again = again
        self._longest_s = longest_s
        self._interval_s = timers.t1_s
        self._loop = asyncio.get_running_loop()
        self._handle = self._loop.call_later(self._interval_s, self._fire)

    def _fire(self) -> None:
        self._again()
        self._interval_s *= 2
        if self._longest_s is not None:
            self._interval_s = min(self._interval_s, self._longest_s)
        self._handle = self._loop.call_later(self._interval_s, self._fire)

    def slow_down(self) -> None:
        """Go on at the longest interval (a provisional response came, RFC 3261 §17.1.2.2)."""
        self._interval_s = self._longest_s or self._interval_s

    def stop(self) -> None:
        """Send no more."""
        self._handle.cancel()


class _Transaction:
    """What all four kinds share: one way to end, once."""

    def __init__(self, send: Send, timers: Timers, peer: Address, on_over: Callable[[], None]) -> None:
        self._send = send
        self.timers = timers
        self.peer = peer
        self.over = False
        self._on_over = on_over
        self._repeater: Repeater | None = None
        self._end: asyncio.TimerHandle | None = None

    def _quiet(self) -> None:
        if self._repeater:
            self._repeater.stop()
            self._repeater = None

    def _end_in(self, seconds: float, then: Callable[[], None] | None = None) -> None:
        if self._end:
            self._end.cancel()
        self._end = asyncio.get_running_loop().call_later(seconds, then or self.finish)

    def finish(self) -> None:
        """Stop all timers and leave the table."""
        self._quiet()
        if self._end:
            self._end.cancel()
        if not self.over:
            self.over = True
            self._on_over()


class ServerTransaction(_Transaction):
    """Our answers to one request."""

    def __init__(
        self, send: Send, timers: Timers, peer: Address, on_over: Callable[[], None], request: Request
    ) -> None:
        super().__init__(send, timers, peer, on_over)
        self.request = request
        self.final: Response | None = None
        self.on_no_ack: Callable[[], None] = lambda: None
        self._last = b""

    @property
    def is_invite(self) -> bool:
        """Whether the request is an INVITE."""
        return self.request.method == "INVITE"

    def respond(self, response: Response) -> None:
        """Send a response; after a final one only its repetition is ever sent."""
        if self.final:
            return
        self._last = response.encode()
        self._send(self._last, self.peer)
        if response.status < 200:
            return
        self.final = response
        if self.is_invite and response.status >= 300:
            self._repeater = Repeater(self.timers, self.repeat, longest_s=self.timers.t2_s)
            self._end_in(self.timers.give_up_s, self._no_ack)
        else:
            self._end_in(self.timers.give_up_s)

    def repeat(self) -> None:
        """Send the last response again: the request came again, or time has passed without an ACK."""
        if self._last:
            self._send(self._last, self.peer)

    def swallow(self) -> None:
        """Never answer, and swallow the repetitions until the other side must have given up."""
        self._end_in(self.timers.give_up_s)

    def acknowledged(self) -> None:
        """Take the ACK of a non-2xx final response; swallow its repetitions for T4."""
        if self.final and self.final.status >= 300:
            self._quiet()
            self._end_in(self.timers.t4_s)

    def _no_ack(self) -> None:
        self.finish()
        self.on_no_ack()


class ClientTransaction(_Transaction):
    """One request of ours until its final response.

    `on_response` gets every response once, repeated 2xx to an INVITE each time (the call sends the ACK);
    `on_timeout` is called instead when nothing final came in 64·T1.
    """

    def __init__(
        self, send: Send, timers: Timers, peer: Address, on_over: Callable[[], None], request: Request,
        on_response: Callable[[Response], None], on_timeout: Callable[[], None],
    ) -> None:  # fmt: skip
        super().__init__(send, timers, peer, on_over)
        self.request = request
        self._on_response = on_response
        self._on_timeout = on_timeout
        self._data = request.encode()
        self._ack = b""
        self._answered = False
        self._is_invite = request.method == "INVITE"
        send(self._data, peer)
        longest_s = None if self._is_invite else timers.t2_s
        self._repeater = Repeater(timers, lambda: send(self._data, peer), longest_s=longest_s)
        self._end_in(timers.give_up_s, self._give_up)

    def _give_up(self) -> None:
        self.finish()
        self._on_timeout()

    def receive(self, response: Response) -> None:
        """Take a response that matched this transaction."""
        if response.status < 200:
            self._provisional(response)
        elif self._answered:
            self._again(response)
        else:
            self._final(response)

    def _provisional(self, response: Response) -> None:
        if self._answered:
            return
        if self._is_invite:
            self._quiet()
            if self._end:
                self._end.cancel()
        elif self._repeater:
            self._repeater.slow_down()
        self._on_response(response)

    def _again(self, response: Response) -> None:
        if self._is_invite and response.status < 300:
            self._on_response(response)
        elif self._ack:
            self._send(self._ack, self.peer)

    def _final(self, response: Response) -> None:
        self._answered = True
        self._quiet()
        if self._is_invite and response.status >= 300:
            self._ack = _ack_for(self.request, response).encode()
            self._send(self._ack, self.peer)
        self._end_in(self.timers.give_up_s if self._is_invite else self.timers.t4_s)
        self._on_response(response)


def _ack_for(invite: Request, response: Response) -> Request:
    """Build the ACK of a non-2xx response (RFC 3261 §17.1.1.3)."""
    headers = Headers([("Via", invite.headers.get("Via")), ("Max-Forwards", "70")])
    headers.fields += [("Route", value) for name, value in invite.headers.fields if name == "Route"]
    headers.add("From", invite.headers.get("From"))
    headers.add("To", response.headers.get("To"))
    headers.add("Call-ID", invite.call_id)
    headers.add("CSeq", f"{invite.cseq[0]} ACK")
    return Request(headers, b"", "ACK", invite.uri)
