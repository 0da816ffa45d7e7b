"""Where a webhook may lead: the address is checked when it is set, and what it resolves to before every delivery.

A person who may set up webhooks must not be able to reach through the box what only the box can (server-side request
forgery, OWASP). Public addresses are reached over TLS. A private one (RFC 1918, RFC 4193: the office's own CRM) only
if it lies in a network the settings file allows, with or without TLS. Loopback and the box's own addresses never,
unless the settings file says so: behind them stand our own sockets. Everything else that is not public (link-local
with its cloud metadata, multicast, reserved) is refused always.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 behind a translator (RFC 6052 §2.1)."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class UnfitError(Exception):
    """Not a place to deliver to; ``key`` says why, for sentences in two languages."""

    def __init__(self, key: str, detail: str) -> None:
        super().__init__(f"{key}: {detail}")
        self.key, self.detail = key, detail


@dataclass(frozen=True, slots=True)
class Policy:
    """What the settings file allows beyond public addresses."""

    private: tuple[Network, ...] = ()
    loopback: bool = False

    @classmethod
    def of(cls, private_networks: Sequence[str], loopback: bool) -> Policy:
        """From the settings. :raises ValueError: a text that is no network."""
        return cls(tuple(ipaddress.ip_network(text, strict=False) for text in private_networks), loopback)


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart. ``path`` carries the query."""

    secure: bool
    host: str
    port: int
    path: str


def parse(url: str) -> Target:
    """Take an address apart. :raises UnfitError: ``webhook_url_unfit``"""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UnfitError("webhook_url_unfit", str(error)) from error
    fit = parts.scheme in ("http", "https") and parts.hostname and port != 0 and not parts.fragment
    if (
        not fit
        or parts.username
        or parts.password
        or not url.isascii()
        or not url.isprintable()
        or " " in url
    ):
        raise UnfitError("webhook_url_unfit", "an http(s) address without a password")
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, str(parts.hostname), port or (443 if secure else 80), path)


def resolve(target: Target, policy: Policy) -> str:
    """Return the address in digits to connect to. Blocking: for a worker thread.

    All addresses of a name must be fit, so that nobody gets by with one good among bad.

    :raises UnfitError: ``webhook_address_unfit``, ``webhook_needs_tls``. :raises OSError: the name is not known.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    for address in addresses:
        check(address, target.secure, policy)
    return addresses[0]


def check(address: str, secure: bool, policy: Policy) -> None:
    """Say whether the box may connect to this address. :raises UnfitError: as ``resolve``."""
    found = _plain(address)
    if found.is_multicast:
        raise UnfitError("webhook_address_unfit", address)
    if found.is_loopback or found.is_unspecified or is_own(found):
        if not policy.loopback:
            raise UnfitError("webhook_address_unfit", address)
        return
    if any(found in network for network in policy.private):
        if found.is_link_local:
            raise UnfitError("webhook_address_unfit", address)
        return
    if not found.is_global:
        raise UnfitError("webhook_address_unfit", address)
    if not secure:
        raise UnfitError("webhook_needs_tls", address)


def is_own(address: Address) -> bool:
    """Whether this machine itself has the address: only then a socket can be bound to it (ip(7))."""
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
    except OSError as error:
        # EADDRNOTAVAIL is the plain no; without this family of addresses nobody has one.
        return error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EINVAL)
    return True


def _plain(address: str) -> Address:
    """The address itself; one of IPv4 inside one of IPv6 is what it is (RFC 4291 §2.5.5, RFC 3056, RFC 6052)."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        if found in _NAT64:
            return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        return found.ipv4_mapped or found.sixtofour or found
    return found
