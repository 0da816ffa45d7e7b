"""Departments at the door: which thing each address names, and what somebody of a department finds there.

``ROUTES`` and ``ENDPOINTS`` say of every part of an address what it names; a page with a part that is missing here
shows nothing to anybody of a department, and a test fails until it is told. A thing of another department answers 404,
as if it did not exist; a thing the whole box shares can be looked at, and changed where ``ADDS`` says so, else it is
403. What pages then read is narrowed by ``narrow``, what the box is asked to do once more by the service. Pure but for
the questions to the read model.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from enum import Enum

from firmware.model import Owned, Scope
from firmware.store.reports import Reports
from web_ui.permissions import Permission
from web_ui.routing import Route

NOTHING = ""
"""This part of an address names no thing of anybody's: an action, a step, a file of the pages themselves."""
UNGUESSABLE = "unguessable"
"""A name with 64 random bits or more: who knows it was told, and what it opens is looked at by its handler."""
FILE = "file"
"""A list of damaged rows of an import, or an export of one's own."""
BOX = "box"
"""Something of the whole box, that no department has: looked at by all, changed by the box's own people."""

ROUTES: Mapping[str, Mapping[str, str]] = {
    "/access/": {"action": NOTHING},
    "/alerts/": {"number": "alert"},
    "/alerts/receivers/": {"number": BOX},
    "/attempts/": {"uid": "attempt"},
    "/backup/server/": {"action": NOTHING},
    "/box/": {"action": NOTHING, "line": BOX, "number": NOTHING},
    "/callbacks/": {"number": "callback"},
    "/calls/recorded/": {"file": "tape"},
    "/calls/inbound/": {"uid": "inbound_call"},
    "/campaigns/": {"number": "campaign", "action": NOTHING, "made": NOTHING},
    "/consent/": {"number": "consent"},
    "/departments/": {"number": BOX},
    "/desk/": {"action": NOTHING},
    "/destinations/": {"number": "destination"},
    "/dnc/": {"number": "dnc_list"},
    "/first-run/": {"name": BOX, "action": NOTHING},
    "/invitation/": {"token": UNGUESSABLE},
    "/lists/": {"number": "list", "made": "import"},
    "/lists/<number:int>/schedules/": {"number": "list", "made": "list_schedule", "action": NOTHING},
    "/lists/damaged/": {"name": FILE},
    "/lists/import/": {"job": UNGUESSABLE},
    "/lists/upload/": {"name": UNGUESSABLE},
    "/live/campaigns/": {"number": "campaign"},
    "/live/import/": {"job": UNGUESSABLE},
    "/live/wizard/": {"number": "campaign"},
    "/recordings/": {"name": BOX},
    "/reports/mail/": {"number": "schedule"},
    "/reports/views/": {"number": "view"},
    "/scripts/": {"number": "script"},
    "/settings/api/": {"number": "token"},
    "/settings/webhooks/": {"number": "webhook"},
    "/snippets/": {"number": "snippet"},
    "/static/": {"version": NOTHING, "name": NOTHING},
    "/team/": {"action": NOTHING},
    "/update/": {"action": NOTHING, "job": BOX, "number": NOTHING},
    "/users/": {"number": "user", "maker": NOTHING},
    "/users/requests/": {"number": BOX},
    "/wall/": {"token": UNGUESSABLE},
    "/walls/": {"number": "wall"},
    "/wizard/": {"number": "campaign", "action": NOTHING},
}
"""How a route's path begins -> what each of its parameters names; the longest beginning counts."""

ENDPOINTS: Mapping[str, Mapping[str, str]] = {
    "/attempts": {"uid": "attempt"},
    "/callbacks": {"callback_id": "callback"},
    "/campaigns": {"campaign_id": "campaign"},
    "/consents": {"consent_id": "consent"},
    "/contacts": {"contact_id": "contact"},
    "/dnc/lists": {"list_id": "dnc_list", "number": NOTHING},
    "/inbound": {"uid": "attempt"},
    "/lists": {"list_id": "list"},
    "/webhooks": {"webhook_id": "webhook"},
}
"""The same for the paths other programs ask."""

ADDS = frozenset(
    {
        "POST /dnc/<number:int>/add",
        "POST /dnc/<number:int>/ask",
        "POST /dnc/lists/{list_id}/numbers",
    }
)
"""Changes that a department may make to what the whole box shares: more numbers are blocked for all, none fewer."""

WHOLE_BOX = frozenset(
    {
        Permission.ALERTS_CHANGE,
        Permission.AUDIT,
        Permission.BACKUP,
        Permission.BOX,
        Permission.CALLBACKS_RULES,
        Permission.PEOPLE,
        Permission.PRIVACY,
        Permission.PROGRAMS,
        Permission.TEAM_RULES,
        Permission.TECHNICIAN,
    }
)
"""Permissions that nobody of a department has, whatever the role: they are about all of the box."""
OWN_DESK = frozenset({Permission.ACCOUNT, Permission.DESK})
"""What one does here is one's own: an agent's desk takes calls of every campaign it has been given."""

_PARAMETER = re.compile(r"[<{]([a-z_]+)(?::[^>}]*(?:\{[^}]*\}[^>]*)?)?[>}]")


class Finding(Enum):
    """What somebody of a department finds at an address."""

    FREE = "free"
    """Go on."""
    MISSING = "missing"
    """404: there is no such thing, for them."""
    FORBIDDEN = "forbidden"
    """403: there is, and it is the whole box's."""


def parameters(path: str) -> list[str]:
    """The names of the parts of a path that vary, as bottle or the API writes them."""
    return _PARAMETER.findall(path)


def kinds_of(path: str, places: Mapping[str, Mapping[str, str]] = ROUTES) -> Mapping[str, str]:
    """What the parameters of a path name. :raises KeyError: nobody has said"""
    names = parameters(path)
    if not names:
        return {}
    beginnings = [each for each in places if path.startswith(each)]
    found = places[max(beginnings, key=len, default="")]
    return {name: found[name] for name in names}


def finding(
    method: str,
    path: str,
    given: Mapping[str, object],
    reports: Reports,
    places: Mapping[str, Mapping[str, str]] = ROUTES,
) -> Finding:
    """What somebody whose read model is ``reports`` finds; ``path`` is as it was declared, ``given`` its parts."""
    try:
        kinds = kinds_of(path, places)
    except KeyError:
        return Finding.MISSING
    for name, kind in kinds.items():
        found = _one(method, f"{method} {path}" in ADDS, kind, given[name], reports)
        if found is not Finding.FREE:
            return found
    return Finding.FREE


def _one(method: str, adds: bool, kind: str, key: object, reports: Reports) -> Finding:
    if kind in (NOTHING, UNGUESSABLE):
        return Finding.FREE
    if kind == BOX:
        return Finding.FREE if method == "GET" else Finding.FORBIDDEN
    if kind == FILE:
        known = str(key).startswith("export-") or reports.sees("damaged", str(key))
        return Finding.FREE if known else Finding.MISSING
    assert isinstance(key, int | str)
    if not reports.sees(kind, key):
        return Finding.MISSING
    theirs = method == "GET" or adds or kind == "consent" or reports.holds(kind, key)
    return Finding.FREE if theirs else Finding.FORBIDDEN


def may(scope: Scope | None, permission: Permission) -> bool:
    """Whether belonging where one does leaves a permission to somebody whose role has it."""
    return scope is None or permission not in WHOLE_BOX


def scope_of_address(route: Route, given: Mapping[str, object], reports: Reports) -> Scope | None:
    """Whose a public page is: a wallboard shows what its department does, to whoever has the link."""
    if not route.path.startswith("/wall/"):
        return None
    wall = reports.wall(hashlib.sha256(str(given["token"]).encode()).hexdigest())
    return None if wall is None else reports.department_of(Owned.WALL, wall.id)
