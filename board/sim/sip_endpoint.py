"""A SIP user agent's door: one UDP socket, the tables of transactions and dialogs (RFC 3261 §8, §18).

Takes datagrams in, matches them, answers what needs no thought (malformed, unknown, OPTIONS) and hands the rest
on: new INVITEs to `on_invite`, everything within a dialog to that dialog. Nothing a peer sends ends it.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import secrets
import socket
from collections.abc import Callable
from typing import Protocol

from board.sim import sip_message
from board.sim.sip_address import parse_name_addr, parse_uri, parse_via
from board.sim.sip_message import BadMessage, Headers, Request, Response
from board.sim.sip_transactions import Address, ClientTransaction, ServerTransaction, Timers

logger = logging.getLogger(__name__)
ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO"
USER_AGENT = "Strowger-Sim"
_MAGIC = "z9hG4bK"
_MAX_TRANSACTIONS = 20_000
_RECEIVE_BUFFER = 4 << 20


class Dialog(Protocol):
    """What the door needs of a dialog."""

    def receive(self, request: Request, transaction: ServerTransaction | None) -> None:
        """Take a request within the dialog; an ACK of a 2xx comes without a transaction."""

    def cancelled(self) -> None:
        """Take it that the INVITE was cancelled before it was answered."""


class SipEndpoint(asyncio.DatagramProtocol):
    """One SIP address on one UDP socket."""

    def __init__(
        self, on_invite: Callable[[Request, ServerTransaction], None], timers: Timers | None = None
    ) -> None:
        """Prepare; `open` binds the socket."""
        self.timers = timers or Timers()
        self.dialogs: dict[tuple[str, str], Dialog] = {}
        self.malformed = 0
        self._on_invite = on_invite
        self._servers: dict[tuple[str, ...], ServerTransaction] = {}
        self._clients: dict[tuple[str, str], ClientTransaction] = {}
        self._pending: dict[tuple[str, ...], Dialog] = {}
        self._transport: asyncio.DatagramTransport | None = None
        self.address: Address = ("", 0)

    async def open(self, host: str, port: int) -> None:
        """Bind. Port 0 takes a free one. Raises OSError when the address is taken."""
        loop = asyncio.get_running_loop()
        sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        sock.setblocking(False)
        try:
            sock.bind((host, port))
        except OSError:
            sock.close()
            raise
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=sock)
        self.address = (host, sock.getsockname()[1])

    def close(self) -> None:
        """Drop every transaction and close the socket."""
        for transaction in (*self._servers.values(), *self._clients.values()):
            transaction.finish()
        if self._transport:
            self._transport.close()

    @property
    def contact(self) -> str:
        """Host and port as they stand in our Contact and Via."""
        host, port = self.address
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    # --- sending -------------------------------------------------------------------------------------------

    def send(self, data: bytes, peer: Address) -> None:
        """Send a datagram, now."""
        if self._transport and not self._transport.is_closing():
            self._transport.sendto(data, peer)

    def request(
        self,
        request: Request,
        peer: Address,
        on_response: Callable[[Response], None],
        on_timeout: Callable[[], None],
    ) -> ClientTransaction:
        """Send a request in a transaction of its own; the Via is added here."""
        key = (self._stamp(request), request.method)
        transaction = ClientTransaction(self.send, self.timers, peer, lambda: self._drop_client(key), request,
                                        on_response, on_timeout)  # fmt: skip
        self._clients[key] = transaction
        return transaction

    def send_stateless(self, request: Request, peer: Address) -> None:
        """Send a request that has no answer: the ACK of a 2xx."""
        self._stamp(request)
        self.send(request.encode(), peer)

    def _stamp(self, request: Request) -> str:
        branch = _MAGIC + secrets.token_hex(8)
        request.headers.fields.insert(0, ("Via", f"SIP/2.0/UDP {self.contact};branch={branch};rport"))
        return branch

    def cancel(self, invite: Request, peer: Address) -> None:
        """Send the CANCEL of an INVITE of ours: same branch, own transaction (RFC 3261 §9.1)."""
        kept = ("Via", "From", "To", "Call-ID", "Route", "Max-Forwards")
        fields = [pair for pair in invite.headers.fields if pair[0] in kept]
        request = Request(Headers([*fields, ("CSeq", f"{invite.cseq[0]} CANCEL")]), b"", "CANCEL", invite.uri)
        key = (parse_via(invite.headers.get("Via")).branch, "CANCEL")
        self._clients[key] = ClientTransaction(self.send, self.timers, peer, lambda: self._drop_client(key),
                                               request, lambda _: None, lambda: None)  # fmt: skip

    def respond(self, transaction: ServerTransaction, status: int, reason: str = "", **fields: str) -> None:
        """Send a bodiless response; `fields` are extra header fields, `_` for `-`."""
        tag = "" if status == 100 else secrets.token_hex(6)
        response = sip_message.respond(transaction.request, status, reason, to_tag=tag)
        for name, value in fields.items():
            response.headers.add(name.replace("_", "-"), value)
        transaction.respond(response)

    def expect_cancel(self, transaction: ServerTransaction, dialog: Dialog) -> None:
        """Tell `dialog` when this INVITE is cancelled."""
        self._pending[_server_key(transaction.request)] = dialog

    # --- receiving -----------------------------------------------------------------------------------------

    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        """Take one datagram from the socket."""
        peer = (str(addr[0]), int(addr[1]))
        try:
            message = sip_message.parse(data)
            if isinstance(message, Request):
                self._received(message, peer)
            elif message:
                self._response(message)
        except BadMessage as bad:
            self.malformed += 1
            logger.debug("malformed message from %s:%s: %s", *peer, bad)
            self._refuse_malformed(bad, peer)

    def error_received(self, exc: Exception) -> None:
        """Note that a peer's port is closed; its requests time out by themselves."""
        logger.debug("socket: %s", exc)

    def _refuse_malformed(self, bad: BadMessage, peer: Address) -> None:
        """Answer without state: whoever sends rubbish gets no memory of ours."""
        if bad.request and bad.request.method != "ACK":
            try:
                peer = _mark_via(bad.request, peer)
            except ValueError:
                return
            self.send(
                sip_message.respond(bad.request, bad.status, to_tag=secrets.token_hex(6)).encode(), peer
            )

    def _received(self, request: Request, source: Address) -> None:
        try:
            peer = _mark_via(request, source)
            to_tag = parse_name_addr(request.headers.get("To")).tag
            parse_name_addr(request.headers.get("From"))
        except ValueError as why:
            raise BadMessage(str(why), 400, request) from None
        key = _server_key(request)
        known = self._servers.get(key)
        if request.method == "ACK":
            self._acknowledge(request, known, to_tag)
        elif known:
            known.repeat()
        elif len(self._servers) < _MAX_TRANSACTIONS:
            transaction = ServerTransaction(
                self.send, self.timers, peer, lambda: self._drop_server(key), request
            )
            self._servers[key] = transaction
            self._dispatch(request, transaction, to_tag)
        else:
            self.send(sip_message.respond(request, 503, to_tag=secrets.token_hex(6)).encode(), peer)

    def _acknowledge(self, request: Request, known: ServerTransaction | None, to_tag: str) -> None:
        if known:
            known.acknowledged()
        dialog = self.dialogs.get((request.call_id, to_tag))
        if dialog and not (known and known.final and known.final.status >= 300):
            dialog.receive(request, None)

    def _dispatch(self, request: Request, transaction: ServerTransaction, to_tag: str) -> None:
        if request.method == "CANCEL":
            self._cancel(request, transaction)
        elif to_tag:
            dialog = self.dialogs.get((request.call_id, to_tag))
            if dialog:
                dialog.receive(request, transaction)
            else:
                self.respond(transaction, 481)
        elif not self._objects(request, transaction):
            self._outside_dialog(request, transaction)

    def _objects(self, request: Request, transaction: ServerTransaction) -> bool:
        """Refuse what we do not speak: URI schemes and required extensions."""
        required = request.headers.all("Require")
        if request.uri.partition(":")[0].lower() not in ("sip", "tel"):
            self.respond(transaction, 416)
        elif required:
            self.respond(transaction, 420, Unsupported=", ".join(required))
        else:
            return False
        return True

    def _outside_dialog(self, request: Request, transaction: ServerTransaction) -> None:
        if request.method == "INVITE":
            self.respond(transaction, 100)
            self._on_invite(request, transaction)
        elif request.method == "OPTIONS":
            self.respond(transaction, 200, Allow=ALLOW, Accept="application/sdp")
        elif request.method in ("BYE", "INFO"):
            self.respond(transaction, 481)
        else:
            self.respond(transaction, 405, Allow=ALLOW)

    def _cancel(self, request: Request, transaction: ServerTransaction) -> None:
        key = (*_server_key(request)[:-1], "INVITE")
        target = self._servers.get(key)
        if not target:
            self.respond(transaction, 481)
            return
        self.respond(transaction, 200)
        dialog = self._pending.pop(key, None)
        if dialog and not target.final:
            dialog.cancelled()

    def _response(self, response: Response) -> None:
        try:
            branch = parse_via(response.headers.all("Via")[0]).branch
        except (ValueError, IndexError):
            raise BadMessage("response without a proper Via") from None
        transaction = self._clients.get((branch, response.cseq[1]))
        if transaction:
            transaction.receive(response)

    def _drop_server(self, key: tuple[str, ...]) -> None:
        self._servers.pop(key, None)
        self._pending.pop(key, None)

    def _drop_client(self, key: tuple[str, str]) -> None:
        self._clients.pop(key, None)


def _server_key(request: Request) -> tuple[str, ...]:
    """Return what makes a request the same transaction (RFC 3261 §17.2.3)."""
    top = request.headers.all("Via")[0]
    via = parse_via(top)
    method = "INVITE" if request.method == "ACK" else request.method
    if via.branch.startswith(_MAGIC):
        return via.branch, via.host, str(via.port), method
    sender = parse_name_addr(request.headers.get("From")).tag
    return request.call_id, str(request.cseq[0]), sender, via.host, str(via.port), via.branch, method


def _mark_via(request: Request, source: Address) -> Address:
    """Write where the request came from into its top Via; return where responses go (RFC 3581 §4)."""
    values = request.headers.all("Via")
    if not values:
        raise ValueError("empty Via")
    via = parse_via(values[0])
    peer = source if "rport" in via.params else (source[0], via.port or 5060)
    marked = values[0]
    if "rport" in via.params and not via.params["rport"]:
        marked = ";".join(f"rport={source[1]}" if part.strip().lower() == "rport" else part
                          for part in marked.split(";"))  # fmt: skip
    if via.host != source[0] and "received" not in via.params:
        marked += f";received={source[0]}"
    request.headers.put("Via", marked)
    at = next(i for i, (name, _) in enumerate(request.headers.fields) if name == "Via")
    request.headers.fields[at + 1 : at + 1] = [("Via", value) for value in values[1:]]
    return peer


def reachable(uri: str, fallback: Address) -> Address:
    """Return where a request for `uri` goes; names are not looked up, they go to `fallback`."""
    try:
        host, port = parse_uri(uri).address
        ipaddress.ip_address(host)
    except ValueError:
        return fallback
    return host, port
