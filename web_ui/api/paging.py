"""Pages of long lists: a limit, and a cursor that says where the page before ended.

A cursor is opaque to its receiver. It holds no more than a place in an order, so one that was tampered with leads to
another place at worst; one that cannot be read is a fault of the request.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from web_ui.api.endpoint import Call, optional
from web_ui.api.problems import of_faults
from web_ui.api.shapes import Fault, Flag, Maybe, Member, Several, Shape, Table, Text, Whole
from web_ui.language import N_

MOST = 200
USUAL = 50
LIMIT = optional(Whole(1, MOST, default=USUAL), N_("How many at most."))
CURSOR = optional(Text(1, 200), N_("“next” of the page before; left out: from the beginning."))
_NEXT = Member(Maybe(Text(1, 200)), N_("Leads to the following page; null: this is the last."))


def page_of(shape: Shape) -> Table:
    """The shape of a page."""
    return Table({"items": Member(Several(shape, 0, MOST)), "next": _NEXT})


def log_of(shape: Shape) -> Table:
    """The shape of a page of what goes on without an end."""
    return Table(
        {
            "items": Member(Several(shape, 0, MOST)),
            "next": Member(Text(1, 200), N_("Ask with this cursor again, at once or later.")),
            "more": Member(Flag(), N_("Whether there is more at once.")),
        }
    )


def limit_of(call: Call) -> int:
    """How many the caller wants at most."""
    wanted: int = call.query.get("limit", USUAL)
    return wanted


def place(call: Call, kinds: Sequence[type], beginning: Sequence[Any]) -> list[Any]:
    """Where to go on from. :raises ApiProblem: the cursor is none of ours."""
    text = call.query.get("cursor")
    if text is None:
        return list(beginning)
    try:
        found = json.loads(base64.urlsafe_b64decode(text.encode()))
    except (ValueError, RecursionError):
        found = None
    sound = isinstance(found, list) and len(found) == len(kinds)
    if not sound or not all(type(each) is kind for each, kind in zip(found, kinds, strict=True)):
        raise of_faults([Fault("?cursor", "pattern")], call.language)
    if any(isinstance(each, int) and not 0 <= each < 2**63 for each in found):
        raise of_faults([Fault("?cursor", "pattern")], call.language)
    return list(found)


def told(items: list[Any], places: Sequence[Sequence[Any]], limit: int) -> dict[str, Any]:
    """A page of the first ``limit`` items; one more than that says that there is a next page."""
    more = len(items) > limit
    following = cursor(places[limit - 1]) if more else None
    return {"items": items[:limit], "next": following}


def log(
    items: list[Any], places: Sequence[Sequence[Any]], limit: int, begun: Sequence[Any]
) -> dict[str, Any]:
    """A page of the first ``limit`` of what goes on without an end, asked for from the place ``begun``: the cursor
    of the last page leads to what has come since."""
    last = places[min(limit, len(places)) - 1] if places else begun
    return {"items": items[:limit], "next": cursor(last), "more": len(items) > limit}


def cursor(place_: Sequence[Any]) -> str:
    """A place as text."""
    return base64.urlsafe_b64encode(json.dumps(list(place_)).encode()).decode()
