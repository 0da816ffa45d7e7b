"""The signature of a delivery, as Standard Webhooks 1.0 writes it: HMAC-SHA-256 over id, time and body.

The secret is shown to a person as ``whsec_`` and base64; its bytes are the key. The receiver computes the same over
``webhook-id.webhook-timestamp.body``, compares, and refuses a timestamp that is minutes away from its own clock.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping

PREFIX = "whsec_"
_KEY_BYTES = 32


def new_secret() -> str:
    """A secret of 256 random bits."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def headers(secret: str, uid: str, at: float, body: bytes) -> Mapping[str, str]:
    """The three headers of a delivery sent at ``at`` (UTC seconds). :raises ValueError: this is no secret."""
    stamp = str(int(at))
    return {
        "webhook-id": uid,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{signature(secret, uid, stamp, body)}",
    }


def signature(secret: str, uid: str, stamp: str, body: bytes) -> str:
    """The signature in base64. :raises ValueError: this is no secret."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("not a webhook secret") from error
    told = b".".join((uid.encode(), stamp.encode(), body))
    return base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
