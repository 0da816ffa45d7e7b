"""Routes to SIP addresses. Pure; the only place where what the box calls becomes a URI.

Nothing a user typed reaches a URI unless it is a number or a phone's user name letter by letter: no parameters, no
headers, no second destination can be smuggled in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from firmware.model import LegId
from firmware.trunks._sip_settings import SipSettings
from firmware.trunks.base import NumberRoute, PhoneRoute, Route

_NUMBER = re.compile(r"\+?[0-9*#]{1,20}")
_PHONE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CALLER_ID = re.compile(r"\+?[0-9]{1,20}")
_LEG = re.compile(r"[A-Za-z0-9_-]{1,64}")


class BadRoute(Exception):
    """A route that cannot be dialled; the text says what is wrong with it, without the number."""


@dataclass(frozen=True, slots=True)
class Dial:
    """What an INVITE needs. ``target`` is the request URI (for our edge), ``to`` and ``sender`` are for the far end."""

    target: str
    to: str
    sender: str
    identity: str
    """P-Asserted-Identity, empty for none (RFC 3325)."""
    call_id: str


def dial(leg: LegId, route: Route, caller_id: str, settings: SipSettings, boot: str) -> Dial:
    """Spell a route out. Raises ``BadRoute``. ``boot`` makes Call-IDs unique over restarts."""
    if not _LEG.fullmatch(leg):
        raise BadRoute("leg id is not plain")
    if caller_id and not _CALLER_ID.fullmatch(caller_id):
        raise BadRoute("caller id is not a number")
    call_id = f"{leg}@{boot}.{settings.domain}"
    if isinstance(route, PhoneRoute):
        return _to_phone(route.address, caller_id, settings.domain, call_id)
    return _to_trunk(route, caller_id, settings, call_id)


def _to_phone(phone: str, caller_id: str, domain: str, call_id: str) -> Dial:
    if not _PHONE.fullmatch(phone):
        raise BadRoute("phone name is not plain")
    sender = f"<sip:{caller_id or 'strowger'}@{domain}>"
    return Dial(f"sip:{phone}@phones.{domain}", f"<sip:{phone}@{domain}>", sender, "", call_id)


def _to_trunk(route: NumberRoute, caller_id: str, settings: SipSettings, call_id: str) -> Dial:
    if not _NUMBER.fullmatch(route.address):
        raise BadRoute("number is not a dial string")
    host = settings.trunk_hosts.get(route.trunk)
    if host is None:
        raise BadRoute(f"no trunk called {route.trunk!r}")
    user = route.address.replace("#", "%23")  # RFC 3261 §25.1: not allowed bare in the user part
    target = f"sip:{user}@{route.trunk}.trunk.{settings.domain}"
    identity = f"<sip:{caller_id}@{host}>" if caller_id else ""
    sender = identity or '"Anonymous" <sip:anonymous@anonymous.invalid>'
    return Dial(target, f"<sip:{user}@{host}>", sender, identity, call_id)
