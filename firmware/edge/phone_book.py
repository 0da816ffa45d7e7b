"""Keeps Kamailio's memory of secrets equal to the service's: phones' HA1 and what it has to know to log in at trunks.

Nothing is written to disk. Kamailio forgets everything when it restarts; an epoch that we leave in one of its tables
tells us. Leaves who may have a phone to the store, and when to look (``keep``) to ``edge``.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterable, Mapping

from firmware.edge.plan import Trunk
from firmware.edge.rpc import Rpc, RpcRefused

_log = logging.getLogger(__name__)
_NOT_FOUND = 500, 404
Call = tuple[str | int, ...]


def ha1(phone: str, domain: str, secret: str) -> str:
    """What is kept instead of a phone's password (RFC 2617 §3.2.2.2): MD5 of ``phone:domain:secret``, in hex."""
    return hashlib.md5(f"{phone}:{domain}:{secret}".encode(), usedforsecurity=False).hexdigest()


class PhoneBook:
    """Wanted and pushed state. Set it at any time with ``want``; ``keep`` makes it so."""

    def __init__(self, rpc: Rpc, trunk_calls: Iterable[Call] = ()) -> None:
        self._rpc = rpc
        self._trunk_calls = tuple(trunk_calls)
        self._wanted: dict[str, str] = {}
        self._pushed: dict[str, str] = {}
        self._epoch = ""
        self._wishes = 0
        self._fulfilled = 0
        self.pushes = 0
        """How often everything has been pushed: once, and once more for each restart of Kamailio."""

    def want(self, phones: Mapping[str, str]) -> None:
        """From now on exactly these phones (user name -> HA1) may register."""
        self._wanted = dict(phones)
        self._wishes += 1

    @property
    def fulfilled(self) -> bool:
        """Whether what is wanted now has been pushed."""
        return self._fulfilled == self._wishes

    def push_again(self) -> None:
        """Whatever Kamailio has is not believed any more: the next ``keep`` pushes everything."""
        self._epoch = ""

    @property
    def phones(self) -> frozenset[str]:
        """The phones that may register."""
        return frozenset(self._wanted)

    async def keep(self) -> None:
        """Push what is missing, or everything if Kamailio has forgotten. Raises ``RpcDown`` and ``RpcRefused``."""
        wishes = self._wishes
        await self._keep()
        self._fulfilled = wishes

    async def _keep(self) -> None:
        if not self._epoch or await self._remembered() != self._epoch:
            await self._push_all()
            return
        for phone in [p for p in self._pushed if p not in self._wanted]:
            await self._remove(phone)
        for phone, secret in [(p, s) for p, s in self._wanted.items() if self._pushed.get(p) != s]:
            if phone in self._pushed:
                await self._remove(phone)  # a new secret ends what the old one had opened
            await self._add(phone, secret)

    async def _remembered(self) -> str:
        try:
            answer = await self._rpc.call("htable.get", "box", "epoch")
        except RpcRefused:
            return ""
        return str(answer["item"]["value"])

    async def _push_all(self) -> None:
        self._epoch = ""
        self._pushed.clear()
        await self._rpc.call("htable.flush", "cred")
        for phone, secret in list(self._wanted.items()):
            await self._add(phone, secret)
        for method, *params in self._trunk_calls:
            await self._rpc.call(str(method), *params)
        epoch = secrets.token_hex(8)
        await self._rpc.call("htable.sets", "box", "epoch", epoch)
        self._epoch = epoch
        self.pushes += 1
        _log.info("edge: %d phones and %d trunk secrets pushed", len(self._pushed), len(self._trunk_calls))

    async def _add(self, phone: str, secret: str) -> None:
        await self._rpc.call("htable.sets", "cred", phone, secret)
        self._pushed[phone] = secret

    async def _remove(self, phone: str) -> None:
        for method, table in (("htable.delete", "cred"), ("ul.rm", "location")):
            try:
                await self._rpc.call(method, table, phone)
            except RpcRefused as refusal:
                if refusal.code not in _NOT_FOUND:
                    raise
        self._pushed.pop(phone, None)


def trunk_calls(trunks: Iterable[Trunk], outside: str) -> list[Call]:
    """What Kamailio must be told to answer challenges of ``trunks`` and to register where that is wanted."""
    calls: list[Call] = []
    for trunk in trunks:
        if not trunk.username:
            continue
        calls.append(("htable.sets", "trunk", f"{trunk.name}::user", trunk.username))
        calls.append(("htable.sets", "trunk", f"{trunk.name}::password", trunk.password.reveal()))
        if trunk.register:
            calls.append(("uac.reg_add", *_registration(trunk, outside)))
    return calls


def _registration(trunk: Trunk, outside: str) -> tuple[str | int, ...]:
    """The parameters of ``uac.reg_add``, in its order. An unknown realm is taken from the challenge."""
    user, secret = trunk.username, trunk.password.reveal()
    return (
        trunk.name, user, outside.rpartition(":")[0], user, trunk.host, "", user, secret, ".",
        trunk.uri, 600, 0, 0, ".", ".",
    )  # fmt: skip
