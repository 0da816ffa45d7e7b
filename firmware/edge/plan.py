"""What the edge has to know, drawn from the settings file, and checked so that nothing in it can break out of a config.

Pure apart from ``addresses_of_machine``, which asks the machine for its addresses.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field

import psutil

from firmware.config import Config, Secret
from firmware.model import OperatorError, Problem

_SAFE = {
    "host:port": re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}"),
    "host": re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]"),
    "name": re.compile(r"[a-z0-9-]{1,32}"),
    "transport": re.compile(r"udp|tcp|tls"),
}
BROWSER_SUFFIX = "-web"
"""An agent's phone in the browser registers as the desk phone's name with this behind it."""
_EVERYWHERE = {"0.0.0.0": socket.AF_INET, "[::]": socket.AF_INET6}  # noqa: S104 - looked up, never bound


@dataclass(frozen=True, slots=True)
class Trunk:
    """One way out, as Kamailio sees it. With ``username`` it answers challenges; with ``register`` it registers."""

    name: str
    host: str
    port: int = 5060
    transport: str = "udp"
    username: str = ""
    password: Secret = field(default_factory=Secret)
    register: bool = False

    @property
    def uri(self) -> str:
        """Where its requests go."""
        return f"sip:{self.host}:{self.port};transport={self.transport}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything the templates need. Times in seconds; addresses as ``host:port``."""

    service_port: int
    proxy: str
    domain: str
    listen: tuple[str, ...]
    media_address: str
    browser_phones: str = "127.0.0.1:5066"
    """Where the pages' front door brings the phones in browsers (WebSocket); loopback."""
    trunks: tuple[Trunk, ...] = ()
    rtpengine: str = "127.0.0.1:2223"
    rtpengine_ports: tuple[int, int] = (40000, 41999)
    ban_after: int = 5
    ban_s: float = 900.0
    pike_window_s: int = 2
    pike_requests: int = 60
    probe_s: int = 10
    """How often each trunk is asked whether it is there."""
    register_check_s: int = 20
    """How often due registrations at trunks are looked for; a refused one waits three times as long."""
    authorities: str = "/etc/ssl/certs/ca-certificates.crt"
    """Who may vouch for a trunk that speaks TLS."""
    no_reply_s: float = 5.0
    """A next hop that has not said a word after this is taken for dead."""

    def __post_init__(self) -> None:
        checks = [("[sip] proxy", "host:port", self.proxy), ("[sip] domain", "host", self.domain)]
        checks += [("[edge] listen", "host:port", address) for address in self.listen]
        checks += [("[edge] rtpengine", "host:port", self.rtpengine)]
        checks += [("[edge] browser_phones", "host:port", self.browser_phones)]
        checks += [("[edge] media_address", "host", self.media_address)]
        for trunk in self.trunks:
            checks += [("[[trunk]] name", "name", trunk.name), ("[[trunk]] host", "host", trunk.host)]
            checks += [("[[trunk]] transport", "transport", trunk.transport)]
        wrong = [(where, kind, value) for where, kind, value in checks if not _SAFE[kind].fullmatch(value)]
        if wrong:
            raise OperatorError(*(_unsafe(*each) for each in wrong))

    @classmethod
    def of(cls, config: Config) -> Plan:
        """The plan of a settings file on this machine; ``OperatorError`` where a value cannot go into a config."""
        edge, sip = config.edge, config.sip
        return cls(
            service_port=sip.port,
            proxy=sip.proxy,
            domain=sip.domain,
            listen=_with_proxy(addresses_of_machine(edge.listen), sip.proxy),
            media_address=edge.media_address or default_address(),
            browser_phones=edge.browser_phones,
            trunks=tuple(
                Trunk(t.name, t.host, t.port, t.transport, t.username, t.password, t.register)
                for t in config.trunks
            ),
            rtpengine=edge.rtpengine,
            rtpengine_ports=(edge.rtpengine_first, edge.rtpengine_last),
            ban_after=edge.ban_after,
            ban_s=edge.ban_s,
            pike_window_s=edge.pike_window_s,
            pike_requests=edge.pike_requests,
        )

    @property
    def outside(self) -> str:
        """The address trunks and phones know us by: the first that is not loopback, else the first."""
        return next((a for a in self.listen if not a.startswith("127.")), self.listen[0])


def addresses_of_machine(listen: Iterable[str]) -> tuple[str, ...]:
    """``listen`` with "every address" spelled out, for Kamailio writes what it listens on into its messages."""
    found: list[str] = []
    for address in listen:
        host, _, port = address.rpartition(":")
        family = _EVERYWHERE.get(host)
        found += [address] if family is None else [f"{own}:{port}" for own in _own_addresses(family)]
    return tuple(dict.fromkeys(found))


def default_address() -> str:
    """The IPv4 address packets to the outside leave from.

    In a network without a router, the first address of the machine that others can reach; loopback without any.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # a reserved address; connecting UDP sends nothing
        except OSError:
            own = sorted(_own_addresses(socket.AF_INET), key=lambda each: each.startswith("169.254."))
            return next((each for each in own if not each.startswith("127.")), "127.0.0.1")
        return str(probe.getsockname()[0])


def _own_addresses(family: socket.AddressFamily) -> list[str]:
    own = [
        address.address
        for addresses in psutil.net_if_addrs().values()
        for address in addresses
        if address.family == family and "%" not in address.address
    ]
    return [f"[{address}]" for address in own] if family == socket.AF_INET6 else own


def _with_proxy(listen: tuple[str, ...], proxy: str) -> tuple[str, ...]:
    return listen if proxy in listen else (proxy, *listen)


def _unsafe(where: str, kind: str, value: str) -> Problem:
    return Problem(
        where, "not_for_sip", f"{where}: {value!r} is not a {kind} Kamailio can use", {"value": value}
    )
