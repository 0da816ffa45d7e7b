"""Which ports a configuration claims, and which of them are claimed twice.

Works on the file alone: ``clashes`` compares claims with each other. ``taken`` also asks the machine
whether another program already holds one of the ports the service itself is about to open.
"""

from __future__ import annotations

import errno
import itertools
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from firmware.config.shape import Config
from firmware.model import Problem

_EVERY_ADDRESS = frozenset({"0.0.0.0", "[::]", "*"})  # noqa: S104 - compared, not bound


@dataclass(frozen=True, slots=True)
class Claim:
    """Ports ``first`` to ``last`` of one transport, wanted by ``where`` (``[section] key``)."""

    where: str
    transport: str
    host: str
    first: int
    last: int

    def meets(self, other: Claim) -> bool:
        """Whether both can not be had at once."""
        if self.transport != other.transport or self.last < other.first or other.last < self.first:
            return False
        return self.host == other.host or not _EVERY_ADDRESS.isdisjoint((self.host, other.host))


def split(address: str) -> tuple[str, int]:
    """``host:port`` in its parts; an IPv6 address keeps its brackets."""
    host, _, port = address.rpartition(":")
    return host, int(port)


def claims(config: Config) -> tuple[Claim, ...]:
    """Every port the box opens by itself."""
    found = [
        Claim("[sip] port", "udp", "127.0.0.1", config.sip.port, config.sip.port),
        Claim("[sip] rtp_first..rtp_last", "udp", "*", config.sip.rtp_first, config.sip.rtp_last),
        Claim("[edge] rtpengine", "udp", *_once(config.edge.rtpengine)),
        Claim(
            "[edge] rtpengine_first..rtpengine_last",
            "udp",
            "*",
            config.edge.rtpengine_first,
            config.edge.rtpengine_last,
        ),
        Claim("[web] listen", "tcp", *_once(config.web.listen)),
    ]
    for address in config.edge.listen:
        found += [Claim("[edge] listen", transport, *_once(address)) for transport in ("udp", "tcp")]
    return tuple(found)


def clashes(config: Config) -> list[Problem]:
    """One problem for each pair of settings that want the same port."""
    problems: dict[tuple[str, str], Problem] = {}
    for first, second in itertools.combinations(claims(config), 2):
        if first.meets(second):
            problems.setdefault((first.where, second.where), _clash(first, second))
    return list(problems.values())


def taken(wanted: Iterable[Claim]) -> list[Problem]:
    """One problem for each single port that another program holds at this moment."""
    return [
        Problem(
            claim.where,
            "port_in_use",
            f"{claim.where}: {claim.transport} port {claim.first} is in use by another program",
            {"port": claim.first, "transport": claim.transport},
        )
        for claim in wanted
        if claim.first == claim.last and not _free(claim)
    ]


def _once(address: str) -> tuple[str, int, int]:
    host, port = split(address)
    return host, port, port


def _clash(first: Claim, second: Claim) -> Problem:
    port = max(first.first, second.first)
    return Problem(
        second.where,
        "port_claimed_twice",
        f"{second.where}: {second.transport} port {port} is already used by {first.where}",
        {"port": port, "transport": second.transport, "other": first.where},
    )


def _free(claim: Claim) -> bool:
    host = "" if claim.host == "*" else claim.host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    kind = socket.SOCK_DGRAM if claim.transport == "udp" else socket.SOCK_STREAM
    with socket.socket(family, kind) as probe:
        if kind == socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, claim.first))
        except OSError as error:
            return error.errno != errno.EADDRINUSE
    return True
