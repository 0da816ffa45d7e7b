"""Passwords: scrypt hashes and a word about their strength.

The hash string is ``scrypt$16384$8$5$<salt base64>$<hash base64>`` (RFC 7914; 16 MB each, sized for a small board).
Two threads compute them for everybody: a burst of logins cannot take the board's cores, nor leave 16 MB behind in
each of the server's eighty threads.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from concurrent.futures import ThreadPoolExecutor

COST_N, BLOCK_R, PARALLEL_P = 16384, 8, 5
HASH_BYTES = 32
MEMORY_BYTES = 64 * 1024 * 1024
MIN_LENGTH, MAX_LENGTH = 12, 256
WAIT_S = 10.0

_workers = ThreadPoolExecutor(2, thread_name_prefix="scrypt")


class Busy(Exception):
    """Too many logins at once; try again in a moment."""


def _derive(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    made = _workers.submit(
        hashlib.scrypt, password.encode(), salt=salt, n=n, r=r, p=p, maxmem=MEMORY_BYTES, dklen=HASH_BYTES
    )
    try:
        return made.result(WAIT_S)
    except TimeoutError as error:
        made.cancel()
        raise Busy from error


def hash_password(password: str) -> str:
    """The hash string to store."""
    salt = secrets.token_bytes(16)
    digest = _derive(password, salt, COST_N, BLOCK_R, PARALLEL_P)
    return "$".join(
        ["scrypt", str(COST_N), str(BLOCK_R), str(PARALLEL_P)]
        + [base64.b64encode(part).decode() for part in (salt, digest)]
    )


def verify(password: str, stored: str | None) -> bool:
    """Whether ``password`` made ``stored``. Takes as long for ``None`` (no such user) as for a wrong password."""
    if stored is None:
        _derive(password, b"nobody has this salt", COST_N, BLOCK_R, PARALLEL_P)
        return False
    try:
        kind, n, r, p, salt, digest = stored.split("$")
        numbers = int(n), int(r), int(p)
        salt_bytes, digest_bytes = (
            base64.b64decode(salt, validate=True),
            base64.b64decode(digest, validate=True),
        )
    except ValueError:
        return False
    if kind != "scrypt" or len(password) > MAX_LENGTH:
        return False
    try:
        return hmac.compare_digest(_derive(password, salt_bytes, *numbers), digest_bytes)
    except ValueError:
        return False


def weakness(password: str, login: str = "", name: str = "") -> str:
    """Why a password cannot be taken, as a key; empty when it can. Length counts, composition does not."""
    lowered = password.lower()
    if len(password) < MIN_LENGTH:
        return "too_short"
    if len(password) > MAX_LENGTH:
        return "too_long"
    if len(set(lowered)) < 5:
        return "too_few_signs"
    if any(len(word) > 3 and word.lower() in lowered for word in (login, name)):
        return "contains_name"
    if lowered in "abcdefghijklmnopqrstuvwxyz" * 2 or lowered in "01234567890123456789012345":
        return "sequence"
    return ""
