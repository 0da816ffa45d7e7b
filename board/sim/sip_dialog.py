"""What a dialog remembers: tags, sequence numbers, the way to the other side (RFC 3261 §12).

Builds requests within the dialog. Loose routing only; a strict router in the route set is not served.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from board.sim.sip_address import parse_name_addr
from board.sim.sip_endpoint import USER_AGENT, reachable
from board.sim.sip_message import Headers, Request, Response
from board.sim.sip_transactions import Address


def new_tag() -> str:
    """Return a fresh tag."""
    return secrets.token_hex(6)


@dataclass(slots=True)
class DialogState:
    """One side's view of a dialog. `local` and `remote` are From/To values with their tags."""

    call_id: str
    local: str
    remote: str
    target: str
    contact: str
    peer: Address
    routes: list[str] = field(default_factory=list)
    local_seq: int = 0
    remote_seq: int = -1

    @property
    def key(self) -> tuple[str, str]:
        """Call-ID and our tag: what requests within the dialog are found by."""
        return self.call_id, parse_name_addr(self.local).tag

    @property
    def next_hop(self) -> Address:
        """Where the next request goes: first route, else the remote target, else whence the first one came."""
        return reachable(parse_name_addr(self.routes[0]).uri if self.routes else self.target, self.peer)

    def request(
        self, method: str, body: bytes = b"", *, kind: str = "application/sdp", seq: int = 0
    ) -> Request:
        """Build a request; an ACK repeats the INVITE's `seq`, everything else counts on."""
        if not seq:
            self.local_seq += 1
            seq = self.local_seq
        headers = Headers([("Max-Forwards", "70")])
        headers.fields += [("Route", route) for route in self.routes]
        headers.fields += [
            ("From", self.local), ("To", self.remote), ("Call-ID", self.call_id), ("CSeq", f"{seq} {method}"),
            ("Contact", f"<{self.contact}>"), ("User-Agent", USER_AGENT),
        ]  # fmt: skip
        if body:
            headers.add("Content-Type", kind)
        return Request(headers, body, method, self.target)


def called(invite: Request, contact: str, source: Address) -> DialogState:
    """Return the dialog of an INVITE we received. Raises ValueError when its Contact leads nowhere."""
    target = parse_name_addr(invite.headers.get("Contact")).uri
    return DialogState(
        invite.call_id, f"{invite.headers.get('To')};tag={new_tag()}", invite.headers.get("From"), target, contact,
        source, invite.headers.all("Record-Route"), 0, invite.cseq[0],
    )  # fmt: skip


def calling(state: DialogState, response: Response) -> None:
    """Fill in what the other side's 2xx or tagged provisional response tells (RFC 3261 §12.1.2)."""
    state.remote = response.headers.get("To")
    state.routes = response.headers.all("Record-Route")[::-1]
    if response.headers.has("Contact"):
        state.target = parse_name_addr(response.headers.get("Contact")).uri
