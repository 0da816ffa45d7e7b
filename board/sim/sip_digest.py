"""Digest authentication, the client's side (RFC 2617, RFC 7616, RFC 8760).

Answers a WWW-Authenticate or Proxy-Authenticate challenge with MD5 or SHA-256, with qop=auth or without.
MD5 is here because registrars ask for it, not because it is any good.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass

_PAIR = re.compile(r'([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_HASHES: dict[str, Callable[[bytes], str]] = {
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
    "SHA-256": lambda data: hashlib.sha256(data).hexdigest(),
}


class NoUsableChallenge(ValueError):
    """None of the challenges names an algorithm and a quality of protection we know."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge, as the server sent it. `qop` is "auth" or empty."""

    realm: str
    nonce: str
    algorithm: str = "MD5"
    qop: str = ""
    opaque: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are."""

    user: str
    password: str


def parse_challenge(value: str) -> Challenge:
    """Read one challenge. Raises NoUsableChallenge when we cannot answer it."""
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() != "digest":
        raise NoUsableChallenge(f"scheme {scheme[:20]!r}")
    pairs = {name.lower(): quoted or bare for name, quoted, bare in _PAIR.findall(rest)}
    algorithm = pairs.get("algorithm", "MD5").upper()
    offered = [choice.strip() for choice in pairs.get("qop", "").split(",") if choice.strip()]
    if algorithm not in _HASHES or not pairs.get("nonce") or (offered and "auth" not in offered):
        raise NoUsableChallenge(value[:120])
    return Challenge(pairs.get("realm", ""), pairs["nonce"], algorithm, "auth" if offered else "",
                     pairs.get("opaque", ""), pairs.get("stale", "").lower() == "true")  # fmt: skip


def choose(values: Iterable[str]) -> Challenge:
    """Return the first challenge we can answer; servers send the one they prefer first (RFC 8760 §2.4)."""
    refused = []
    for value in values:
        try:
            return parse_challenge(value)
        except NoUsableChallenge as why:
            refused.append(str(why))
    raise NoUsableChallenge("; ".join(refused) or "no challenge")


def answer(
    challenge: Challenge, who: Credentials, method: str, uri: str, *, count: int = 1, cnonce: str = ""
) -> str:
    """Return the value of the Authorization field.

    `count` is how often this nonce has been used, this time included; `cnonce` is drawn when empty.
    """
    digest = _HASHES[challenge.algorithm]
    cnonce = cnonce or secrets.token_hex(8)
    ha1 = digest(f"{who.user}:{challenge.realm}:{who.password}".encode())
    ha2 = digest(f"{method}:{uri}".encode())
    middle = f"{challenge.nonce}:{count:08x}:{cnonce}:auth" if challenge.qop else challenge.nonce
    fields = [
        f'username="{who.user}"', f'realm="{challenge.realm}"', f'nonce="{challenge.nonce}"', f'uri="{uri}"',
        f'response="{digest(f"{ha1}:{middle}:{ha2}".encode())}"', f"algorithm={challenge.algorithm}",
    ]  # fmt: skip
    if challenge.qop:
        fields += ["qop=auth", f"nc={count:08x}", f'cnonce="{cnonce}"']
    if challenge.opaque:
        fields.append(f'opaque="{challenge.opaque}"')
    return "Digest " + ", ".join(fields)
