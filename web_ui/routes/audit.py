"""The log of changes: who changed what, found by person, kind of thing and day, and the same as a table for a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bottle import HTTPResponse

from web_ui import audit_words, words
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.tables import csv_lines
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()
PATH = "/audit"
_ROWS, _ROWS_OF_A_FILE = 50, 500


@routes.get(PATH, Permission.AUDIT)
def page(web: Web, visit: Visit) -> Any:
    """The newest entries that fit."""
    chosen, before = _chosen(visit), visit.query("before")
    args = {**_asked(web, chosen), "most": _ROWS}
    if before.isascii() and before.isdigit() and len(before) < 16:
        args["before"] = int(before)
    told = web.call_with("audit.entries", args)
    return _show(web, visit, chosen, told, None)


@routes.post(f"{PATH}/verify", Permission.AUDIT)
def verify(web: Web, visit: Visit) -> Any:
    """Read the whole log and say whether it is as it was written."""
    told = web.call("audit.entries", most=_ROWS)
    return _show(web, visit, _chosen(visit), told, web.call("audit.verify", timeout_s=60.0))


@routes.get(f"{PATH}/csv", Permission.AUDIT)
def csv(web: Web, visit: Visit) -> Any:
    """Everything that fits, as a file."""
    headers = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="audit-{date.today().isoformat()}.csv"',
    }
    return HTTPResponse(b"".join(_lines(web, visit)), 200, headers)


def _lines(web: Web, visit: Visit) -> Iterator[bytes]:
    _, language = visit.language.gettext, visit.language
    heads = (
        _("Number"), _("Time"), _("Who"), _("By way of"), _("Address"), _("What"), _("Which"), _("Before"), _("After"),
        _("Hash"),
    )  # fmt: skip
    yield csv_lines([heads], language, first=True)
    args = {**_asked(web, _chosen(visit)), "most": _ROWS_OF_A_FILE}
    while True:
        told = web.call_with("audit.entries", args)
        yield csv_lines((_row(entry, visit) for entry in told["entries"]), language)
        if not told["more"]:
            return
        args["before"] = told["entries"][-1]["seq"]


def _row(entry: dict[str, Any], visit: Visit) -> list[str]:
    language = visit.language
    changes = audit_words.differences(entry)
    return [
        str(entry["seq"]),
        language.moment(entry["at"]),
        str(entry["who"]),
        words.word(audit_words.VIA, entry["via"], language),
        str(entry["address"]),
        audit_words.act(entry["command"], language),
        " ".join(filter(None, (str(entry["label"]), str(entry["object_id"])))),
        "; ".join(f"{name}: {old}" for name, old, _new in changes),
        "; ".join(f"{name}: {new}" for name, _old, new in changes),
        str(entry["hash"]),
    ]


def _chosen(visit: Visit) -> dict[str, str]:
    """What the form says, as it stands in the address."""
    return {name: visit.query(name)[:40] for name in ("person", "noun", "object", "from", "to")}


def _asked(web: Web, chosen: dict[str, str]) -> dict[str, Any]:
    """The same for the service; what cannot be read is left out."""
    args: dict[str, Any] = {"object_id": chosen["object"]}
    if chosen["noun"].isascii() and chosen["noun"].replace("_", "").isalpha():
        args["noun"] = chosen["noun"].lower()
    if chosen["person"].isascii() and chosen["person"].isdigit():
        args["user_id"] = int(chosen["person"][:15])
    since, until = _midnight(web, chosen["from"], 0), _midnight(web, chosen["to"], 1)
    return {**args, **({"since": since} if since else {}), **({"until": until} if until else {})}


def _midnight(web: Web, day: str, later: int) -> float | None:
    """When a day of the office's begins (or, ``later``, ends); None where it is no day."""
    try:
        first = date.fromisoformat(day) + timedelta(days=later)
        return datetime(first.year, first.month, first.day, tzinfo=ZoneInfo(web.settings.zone)).timestamp()
    except (ValueError, OverflowError):
        return None


def _show(web: Web, visit: Visit, chosen: dict[str, str], told: Any, verdict: Any) -> HTTPResponse:
    return web.pages.show(
        visit,
        "audit",
        chosen=chosen,
        told=told,
        verdict=verdict,
        names=audit_words,
        here="audit",
    )
