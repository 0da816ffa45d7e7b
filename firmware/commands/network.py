"""The box's own address over the control socket: ``network.state|set|settle``. Passes on what was typed and confirmed.

Whether it can be is looked at here, so that mistakes come back in words, and once more by ``firmware.network.root``,
which does it and tells how it went.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Mapping
from ipaddress import IPv4Network
from pathlib import Path
from socket import AF_INET
from typing import Annotated, Any

import psutil

from firmware.commands.appliance_texts import refuse
from firmware.control import Control
from firmware.model import OperatorError
from firmware.network import plan
from firmware.network.texts import problem
from firmware.typed import Length, OneOf

_Text = Annotated[str, Length(0, 100)]
_NOTHING: Mapping[str, Any] = {
    "kept": plan.shown(plan.DEFAULT), "outcome": "", "trial": None, "tried": None,
}  # fmt: skip


def ports() -> list[dict[str, Any]]:
    """The cables' ports there are: ``name up address prefix`` (of the first IPv4 address; empty and 0 without one)."""
    up = psutil.net_if_stats()
    return [
        {"name": name, "up": name in up and up[name].isup, **_first(addresses)}
        for name, addresses in sorted(psutil.net_if_addrs().items())
        if name.startswith("e")
    ]


def _first(addresses: Any) -> Mapping[str, Any]:
    for each in addresses:
        if each.family == AF_INET and each.netmask:
            return {"address": each.address, "prefix": IPv4Network(f"0.0.0.0/{each.netmask}").prefixlen}
    return {"address": "", "prefix": 0}


class NetworkCommands:
    """Two files for root to look at. ``told``: where root says how it is."""

    def __init__(
        self,
        calls: Callable[[], int],
        runtime: Path,
        flashed: Path,
        told: Path = Path("/run/strowger-network/told"),
        look: Callable[[], list[dict[str, Any]]] = ports,
    ) -> None:
        """``calls``: how many are under way; ``flashed``: exists only on a flashed box."""
        self._calls, self._runtime, self._flashed, self._told, self._look = (
            calls, runtime, flashed, told, look,
        )  # fmt: skip

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        for name in ("state", "set", "settle"):
            control.add(f"network.{name}", getattr(self, name))

    async def state(self, host: _Text = "") -> Mapping[str, Any]:
        """How it is -> ``possible``, ``ports``, ``kept`` (``method port address prefix gateway servers``), ``trial``
        (None, or the same with ``until``, UTC, and ``here``: could a page opened as ``host`` confirm it), ``outcome``
        of the last one (``kept returned failed refused unreadable`` or empty) and what was ``tried``."""
        return await asyncio.to_thread(self._state, host)

    async def set(
        self,
        method: Annotated[str, OneOf(tuple(plan.Method))],
        port: _Text = "",
        address: _Text = "",
        prefix: _Text = "",
        gateway: _Text = "",
        servers: Annotated[str, Length(0, 400)] = "",
        force: bool = False,
    ) -> Mapping[str, Any]:
        """Try an address for three minutes -> ``address`` (empty: DHCP). Refused during calls, which it ends, unless
        forced."""
        self._possible()
        given = {
            "method": method, "port": port, "address": address, "prefix": prefix, "gateway": gateway,
            "servers": servers,
        }  # fmt: skip
        known = await asyncio.to_thread(self._look)
        wanted = plan.read(given, [each["name"] for each in known])
        if (calls := self._calls()) and not force:
            raise refuse("force", "calls_now", calls=calls)
        await asyncio.to_thread(self._leave, "network-wanted", wanted.text())
        return {"address": wanted.address}

    async def settle(self, host: _Text) -> Mapping[str, Any]:
        """Somebody sees the page at the new address: keep it -> ``address``."""
        self._possible()
        trial = (await self.state(host))["trial"]
        if trial is None:
            raise OperatorError(problem("", "network_no_trial"))
        if not trial["here"]:
            raise OperatorError(
                problem("", "network_elsewhere", address=f"https://{trial['address']}/network")
            )
        await asyncio.to_thread(self._leave, "network-confirmed", "yes\n")
        return {"address": trial["address"]}

    def _possible(self) -> None:
        if not self._flashed.exists():
            raise OperatorError(problem("", "network_not_flashed"))

    def _leave(self, name: str, text: str) -> None:
        made = self._runtime / f"{name}.new"
        fd = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "w", encoding="ascii") as file:
            file.write(text)
        made.replace(self._runtime / name)

    def _state(self, host: str) -> Mapping[str, Any]:
        try:
            told = json.loads(self._told.read_text("ascii"))
        except FileNotFoundError:
            told = _NOTHING
        trial = told["trial"]
        if trial is not None:
            tried = plan.Wanted(plan.Method(trial["method"]), address=trial["address"])
            trial = {**trial, "here": plan.confirms(tried, host)}
        return {**told, "trial": trial, "possible": self._flashed.exists(), "ports": self._look()}
