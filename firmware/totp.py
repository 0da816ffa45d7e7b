"""One-time codes of a telephone's authenticator app: TOTP (RFC 6238) with HMAC-SHA-1, 30 s and six digits, as every app
knows it, and recovery codes for the day the telephone is lost. Pure, but for the dice.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
from urllib.parse import quote, urlencode

STEP_S = 30
DIGITS = 6
_SECRET_BYTES = 20
_WINDOW = 1
"""Steps a telephone's clock may be off, either way."""
RECOVERY_CODES = 10
_UNAMBIGUOUS = "abcdefghjkmnpqrstuvwxyz23456789"
_RECOVERY_LENGTH = 12
"""About 59 bits."""


def new_secret() -> str:
    """A new secret in base 32, as apps take it."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def code(secret: str, step: int) -> str:
    """The code of a step (RFC 4226 §5.3)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 0x0F
    (number,) = struct.unpack(">I", digest[offset : offset + 4])
    return f"{(number & 0x7FFFFFFF) % 10**DIGITS:0{DIGITS}d}"


def step_of(secret: str, typed: str, now: float, last_step: int) -> int | None:
    """The step whose code was typed; None if it is none of now, or not after ``last_step``: no code counts twice."""
    current = int(now) // STEP_S
    digits = typed.replace(" ", "")
    for step in range(current - _WINDOW, current + _WINDOW + 1):
        if step > last_step and hmac.compare_digest(code(secret, step).encode(), digits.encode()):
            return step
    return None


def uri(secret: str, login: str, box: str) -> str:
    """What the QR code says (Key URI format of Google Authenticator)."""
    label = quote(f"{box}:{login}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': box}, quote_via=quote)}"


def new_recovery_codes() -> list[str]:
    """Codes to write down, each good once: ``abcd-efgh-jkmn``."""
    return [_grouped(_draw()) for _ in range(RECOVERY_CODES)]


def recovery_hash(typed: str) -> str:
    """What is kept of a recovery code; capitals, blanks and hyphens do not matter."""
    plain = "".join(c for c in typed.lower() if c.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def _draw() -> str:
    return "".join(secrets.choice(_UNAMBIGUOUS) for _ in range(_RECOVERY_LENGTH))


def _grouped(plain: str) -> str:
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))
