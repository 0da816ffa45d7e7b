"""Staying registered: REGISTER, digest, again before it runs out, and off at the end (RFC 3261 §10).

Keeps the last challenge and answers it unasked as long as the registrar takes it, as desk phones do.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Callable

from board.sim import sip_digest
from board.sim.sip_address import parse_name_addr, parse_uri
from board.sim.sip_dialog import new_tag
from board.sim.sip_digest import Challenge, Credentials, NoUsableChallenge
from board.sim.sip_endpoint import USER_AGENT, SipEndpoint
from board.sim.sip_message import Headers, Request, Response
from board.sim.sip_transactions import Address

_CHALLENGES = {401: ("WWW-Authenticate", "Authorization"), 407: ("Proxy-Authenticate", "Proxy-Authorization")}
_TRIES = 3
_FIRST_RETRY_S, _LONGEST_RETRY_S = 0.5, 30.0
_TIMEOUT = 408


class Registration:
    """One binding at one registrar. `on_event(name, status)` hears registered, renewed and unregistered."""

    def __init__(
        self, endpoint: SipEndpoint, registrar: Address, domain: str, who: Credentials, expires_s: int = 60
    ) -> None:
        """Prepare; `keep` does the work."""
        self.registered = asyncio.Event()
        self.on_event: Callable[[str, int], None] = lambda _name, _status: None
        self._endpoint = endpoint
        self._registrar = registrar
        self._domain = domain
        self._who = who
        self._expires_s = expires_s
        self._call_id = secrets.token_hex(10)
        self._tag = new_tag()
        self._sequence = 0
        self._challenge: tuple[str, Challenge] | None = None
        self._uses = 0

    @property
    def address_of_record(self) -> str:
        """Our URI at the registrar."""
        return f"sip:{self._who.user}@{self._domain}"

    @property
    def contact(self) -> str:
        """Our URI at this machine."""
        return f"sip:{self._who.user}@{self._endpoint.contact}"

    async def keep(self) -> None:
        """Register, and again before it runs out, until cancelled; failures are tried again, ever more slowly."""
        retry_s = _FIRST_RETRY_S
        while True:
            status, granted_s = await self._register(self._expires_s)
            if status == 200:
                retry_s = _FIRST_RETRY_S
                self._changed(True, status)
                await asyncio.sleep(max(1.0, granted_s * random.uniform(0.5, 0.7)))
            else:
                self._changed(False, status)
                await asyncio.sleep(retry_s * random.uniform(0.8, 1.2))
                retry_s = min(2 * retry_s, _LONGEST_RETRY_S)

    async def leave(self, within_s: float = 1.0) -> None:
        """Take the binding off, if there is one; a silent registrar is not waited for."""
        if self.registered.is_set():
            try:
                status, _ = await asyncio.wait_for(self._register(0), within_s)
            except TimeoutError:
                status = _TIMEOUT
            self._changed(False, status)

    def _changed(self, registered: bool, status: int) -> None:
        name = "unregistered"
        if registered:
            name = "renewed" if self.registered.is_set() else "registered"
            self.registered.set()
        else:
            self.registered.clear()
        self.on_event(name, status)

    async def _register(self, expires_s: int) -> tuple[int, int]:
        """Return the final status and the seconds granted."""
        for _ in range(_TRIES):
            response = await self._ask(expires_s)
            if response is None:
                return _TIMEOUT, 0
            if response.status in _CHALLENGES:
                if not self._learn(response):
                    return response.status, 0
            elif response.status == 423 and response.headers.get("Min-Expires").isdigit():
                expires_s = self._expires_s = int(response.headers.get("Min-Expires"))
            else:
                return response.status, self._granted(response, expires_s)
        return response.status if response else _TIMEOUT, 0

    async def _ask(self, expires_s: int) -> Response | None:
        answered: asyncio.Future[Response | None] = asyncio.get_running_loop().create_future()

        def final(response: Response | None) -> None:
            if not answered.done() and (response is None or response.status >= 200):
                answered.set_result(response)

        self._endpoint.request(self._request(expires_s), self._registrar, final, lambda: final(None))
        return await answered

    def _request(self, expires_s: int) -> Request:
        self._sequence += 1
        ours, target = self.address_of_record, f"sip:{self._domain}"
        headers = Headers([
            ("Max-Forwards", "70"), ("From", f"<{ours}>;tag={self._tag}"), ("To", f"<{ours}>"),
            ("Call-ID", self._call_id), ("CSeq", f"{self._sequence} REGISTER"),
            ("Contact", f"<{self.contact}>;expires={expires_s}"), ("User-Agent", USER_AGENT),
        ])  # fmt: skip
        if self._challenge:
            name, challenge = self._challenge
            self._uses += 1
            headers.add(name, sip_digest.answer(challenge, self._who, "REGISTER", target, count=self._uses))
        return Request(headers, b"", "REGISTER", target)

    def _learn(self, response: Response) -> bool:
        """Take a challenge; False when it cannot be met or our answer to a fresh one was refused."""
        asked, answered = _CHALLENGES[response.status]
        try:
            challenge = sip_digest.choose(value for name, value in response.headers.fields if name == asked)
        except NoUsableChallenge:
            return False
        refused = self._challenge is not None and self._uses == 1 and not challenge.stale
        self._challenge, self._uses = (None if refused else (answered, challenge)), 0
        return not refused

    def _granted(self, response: Response, asked_s: int) -> int:
        """Return how long the registrar keeps our binding: the Contact's expires, else the Expires field."""
        for value in response.headers.all("Contact"):
            try:
                contact = parse_name_addr(value)
                mine = parse_uri(contact.uri).address == parse_uri(self.contact).address
            except ValueError:
                continue
            if mine and contact.params.get("expires", "").isdigit():
                return int(contact.params["expires"])
        stated = response.headers.get("Expires")
        return int(stated) if stated.isdigit() else asked_s
