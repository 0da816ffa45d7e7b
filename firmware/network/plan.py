"""What the box's own address may be: reading what was typed, systemd-networkd's file for it, what confirms a trial.

Pure. IPv4 (RFC 791, RFC 4632) only: by IPv6 the box finds an address for itself, whatever is set here. Applying it is
``root``'s. A ``Wanted`` made by ``read`` or ``from_text`` is sound; others nobody makes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from typing import Any

from firmware.model import OperatorError, Problem
from firmware.network.texts import problem

TRIAL_S = 180
"""How long a new address waits for somebody to confirm it (``strowger-network-return.timer``)."""
SMALLEST, LARGEST = 30, 8
"""Prefixes of networks that can hold an office: at most /8, at least two machines."""
MOST_SERVERS = 2
_PORT = re.compile(r"e[a-z0-9]{1,14}")
"""What the image's own settings look after as well (``80-office.network``): cables, by systemd's names."""


class Method(StrEnum):
    """Where the address comes from."""

    DHCP = "dhcp"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the box is to be reached. By DHCP nothing else is said."""

    method: Method = Method.DHCP
    port: str = ""
    address: str = ""
    prefix: int = 0
    gateway: str = ""
    servers: tuple[str, ...] = ()

    def text(self) -> str:
        """As it is kept (JSON); ``from_text`` reads it."""
        return json.dumps(asdict(self), sort_keys=True) + "\n"


DEFAULT = Wanted()


def read(given: Mapping[str, str], ports: Iterable[str]) -> Wanted:
    """What was typed: ``method port address prefix gateway servers`` (texts; ``servers`` apart by blanks or commas).
    ``prefix`` may be a netmask. Without a name server the gateway is asked for names. ``ports``: those there are.

    Raises ``OperatorError`` with everything wrong at once.
    """
    if given.get("method") != Method.FIXED:
        return DEFAULT
    problems: list[Problem] = []
    port = given.get("port", "").strip()
    if not _PORT.fullmatch(port) or port not in set(ports):
        problems.append(problem("port", "network_port", text=port or "–"))
    address = _address(given.get("address", ""), "address", problems)
    prefix = _prefix(given.get("prefix", ""), problems)
    gateway = _address(given["gateway"], "gateway", problems) if given.get("gateway", "").strip() else None
    typed = [each for each in re.split(r"[\s,;]+", given.get("servers", "")) if each]
    servers = [_address(each, "servers", problems) for each in typed[: MOST_SERVERS + 1]]
    if len(typed) > MOST_SERVERS:
        problems.append(problem("servers", "network_dns_many"))
    known = [each for each in servers if each is not None]
    if address is not None and prefix:
        network = IPv4Network((address, prefix), strict=False)
        alone = not given.get("gateway", "").strip()
        problems.extend(_mistakes(address, network, gateway, known, alone))
    if problems or address is None:
        raise OperatorError(*problems)
    if not known and gateway is not None:
        known = [gateway]
    return Wanted(
        Method.FIXED, port, str(address), prefix, str(gateway or ""), tuple(dict.fromkeys(map(str, known)))
    )


def _mistakes(
    own: IPv4Address,
    network: IPv4Network,
    gateway: IPv4Address | None,
    servers: Iterable[IPv4Address],
    alone: bool,
) -> Iterable[Problem]:
    """What is wrong with addresses that are ones, taken together. ``alone``: no gateway is wanted."""
    ends = (network.network_address, network.broadcast_address)
    if own in ends:
        yield problem("address", "network_not_a_host", text=str(own), network=str(network))
    if gateway is not None:
        if gateway not in network:
            yield problem("gateway", "network_gateway_outside", text=str(gateway), network=str(network))
        elif gateway in ends:
            yield problem("gateway", "network_not_a_host", text=str(gateway), network=str(network))
        elif gateway == own:
            yield problem("gateway", "network_own", text=str(gateway))
    for server in servers:
        if server == own:
            yield problem("servers", "network_own", text=str(server))
        elif server in ends:
            yield problem("servers", "network_not_a_host", text=str(server), network=str(network))
        elif alone and server not in network:
            yield problem("servers", "network_dns_outside", text=str(server), network=str(network))


def _address(typed: str, where: str, problems: list[Problem]) -> IPv4Address | None:
    text = typed.strip()
    try:
        found = IPv4Address(text)
    except AddressValueError:
        problems.append(problem(where, "network_no_address", text=text[:40] or "–"))
        return None
    if (
        found.is_loopback
        or found.is_multicast
        or found.is_link_local
        or found.is_reserved
        or found in IPv4Network("0.0.0.0/8")
    ):
        problems.append(problem(where, "network_not_usable", text=text))
        return None
    return found


def _prefix(typed: str, problems: list[Problem]) -> int:
    """As a number, from ``24``, ``/24`` or ``255.255.255.0``; 0: none of them."""
    text = typed.strip().removeprefix("/")
    try:
        # A hostmask (0.0.0.255) means the same to the library, but hardly to whoever types it here.
        found = IPv4Network(f"0.0.0.0/{text}").prefixlen if not text.startswith("0") else 0
    except (NetmaskValueError, AddressValueError, ValueError):
        found = 0
    if not LARGEST <= found <= SMALLEST:
        problems.append(problem("prefix", "network_prefix", text=text[:40] or "–"))
        return 0
    return found


def from_text(text: str, ports: Iterable[str] | None = None) -> Wanted:
    """What ``Wanted.text`` wrote, looked at as closely as what a person types; ``ports`` None: any that could be one.

    Raises ``OperatorError``, and ``ValueError`` for what is no such text at all.
    """
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("no settings of a network")
    servers = found.get("servers", ())
    given = {key: str(value) for key, value in found.items() if key != "servers"}
    given["servers"] = " ".join(map(str, servers)) if isinstance(servers, list | tuple) else str(servers)
    known = [given.get("port", "")] if ports is None else ports
    return read(given, known)


def network_file(wanted: Wanted) -> str:
    """systemd.network(5) for a fixed address, of its port alone; empty for DHCP, which the image brings itself."""
    if wanted.method is not Method.FIXED:
        return ""
    lines = [
        "# Set on the box's page. An address somebody else has already is not taken (RFC 5227).",
        *("[Match]", f"Name={wanted.port}", ""),
        *("[Network]", "DHCP=no", "LinkLocalAddressing=ipv6", "IPv6AcceptRA=yes", "IPv6PrivacyExtensions=no"),
        *(f"DNS={each}" for each in wanted.servers),
        *("", "[Address]", f"Address={wanted.address}/{wanted.prefix}", "DuplicateAddressDetection=ipv4"),
    ]
    if wanted.gateway:
        lines += ["", "[Route]", f"Gateway={wanted.gateway}"]
    return "\n".join(lines) + "\n"


def confirms(tried: Wanted, host: str) -> bool:
    """Whether whoever opened the page as ``host`` (a Host header, RFC 9110 §7.2) has shown that what is tried works.

    A fixed address has to be the one they used: the name, and IPv6, lead here whatever the address is. By DHCP there is
    no telling which it will be, and the one before is gone.
    """
    return tried.method is Method.DHCP or host.partition(":")[0] == tried.address


def shown(wanted: Wanted) -> dict[str, Any]:
    """For the pages."""
    return {**asdict(wanted), "servers": list(wanted.servers)}
