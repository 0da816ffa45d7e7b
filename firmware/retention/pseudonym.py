"""A number under which nobody finds the person: HMAC-SHA256 of the real one with the box's own key.

Country code 999 is not assigned (ITU-T E.164 list of assigned codes), so no pseudonym is anybody's number. Who has the
key and a number can say which pseudonym is its; the other way there is none but trying every number.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

_BASE = 999 * 10**12
_SPACE = 10**12
_KEY_BYTES = 32


def of(key: bytes, number: int) -> int:
    """The pseudonym of a number (digits of E.164)."""
    digest = hmac.new(key, str(number).encode(), hashlib.sha256).digest()
    return _BASE + int.from_bytes(digest[:16], "big") % _SPACE


def is_one(number: int) -> bool:
    """Whether this is a pseudonym already."""
    return number >= _BASE


def key_in(file: Path) -> bytes:
    """The box's key, made at the first time. :raises OSError: the disk."""
    try:
        return bytes.fromhex(file.read_text().strip())
    except FileNotFoundError:
        key = secrets.token_bytes(_KEY_BYTES)
        draft = file.with_name(file.name + ".new")
        fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "w") as out:
            out.write(key.hex() + "\n")
            out.flush()
            os.fsync(out.fileno())
        draft.rename(file)
        return key
