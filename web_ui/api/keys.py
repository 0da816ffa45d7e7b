"""Who asks: the bearer token of a request, whether it counts, from where it may come, and how often.

Tokens are looked up in the store on every request, so that one that is revoked is out at once. How often a token has
asked is counted here, in this process, by a bucket that refills evenly; that a token is in use is told to the service
at most once a minute. Cookies are not looked at anywhere.
"""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import math
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from firmware.store.reports import Token
from web_ui.api.problems import ApiProblem
from web_ui.client import Refused, ServiceDown
from web_ui.web import Web

log = logging.getLogger("web_ui")

TOUCH_EVERY_S = 60.0
_MOST_REMEMBERED = 1000
_BEARER = re.compile(r"[Bb]earer +([A-Za-z0-9._~+/=-]{8,200})")
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Strowger"'}


def token_of(web: Web, environ: Mapping[str, Any]) -> Token:
    """The token of a request. :raises ApiProblem: no_token, wrong_place. :raises StoreUnavailable:"""
    given = _BEARER.fullmatch(str(environ.get("HTTP_AUTHORIZATION", "")).strip())
    if given is None:
        raise ApiProblem("no_token", headers=_CHALLENGE)
    found = web.reports.api_token(hashlib.sha256(given[1].encode()).hexdigest())
    if found is None or not found.usable(time.time()):
        raise ApiProblem(
            "no_token",
            headers={"WWW-Authenticate": _CHALLENGE["WWW-Authenticate"] + ', error="invalid_token"'},
        )
    if not _may_come_from(found, str(environ.get("REMOTE_ADDR", ""))):
        raise ApiProblem("wrong_place")
    return found


def _may_come_from(token: Token, address: str) -> bool:
    if not token.sources:
        return True
    try:
        here = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(here, ipaddress.IPv6Address) and here.ipv4_mapped:
        here = here.ipv4_mapped
    return any(here in ipaddress.ip_network(network) for network in token.sources)


class Rates:
    """How often each token may still ask. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: OrderedDict[int, tuple[float, float]] = OrderedDict()
        """Token -> requests it may still make, and when that was true (monotonic seconds)."""

    def take(self, token: Token, now_s: float) -> None:
        """Count one request. :raises ApiProblem: too_many, with how long to wait."""
        burst, refill = max(5.0, token.rate / 6), token.rate / 60
        with self._lock:
            left, at_s = self._left.get(token.id, (burst, now_s))
            left = min(burst, left + (now_s - at_s) * refill)
            if left < 1:
                wait_s = max(1, math.ceil((1 - left) / refill))
                raise ApiProblem("too_many", headers={"Retry-After": str(wait_s)})
            self._left[token.id] = (left - 1, now_s)
            self._left.move_to_end(token.id)
            while len(self._left) > _MOST_REMEMBERED:
                self._left.popitem(last=False)


class Uses:
    """Tells the service which tokens are in use, seldom enough to cost nothing. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told_s: dict[int, float] = {}

    def note(self, web: Web, token: Token, address: str, now_s: float) -> None:
        """This token was used just now."""
        with self._lock:
            if now_s - self._told_s.get(token.id, -TOUCH_EVERY_S) < TOUCH_EVERY_S:
                return
            self._told_s[token.id] = now_s
        try:
            web.call("token.touch", id=token.id, address=address[:60])
        except (ServiceDown, Refused) as error:
            log.info("use of a token not noted: %s", error)
