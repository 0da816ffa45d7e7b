"""Promised callbacks: who promised what to whom for when, what became of it, and what can still be done about it.

The office sees and changes everybody's; an agent sees his own, may move them, and may pass them on to the team. A form
carries the version it was made from, so that a page that is old changes nothing.
"""

from __future__ import annotations

from typing import Any

from bottle import HTTPResponse

from web_ui import callback_words, words
from web_ui.client import Refused
from web_ui.pages import see_other
from web_ui.permissions import Permission
from web_ui.routes.desk import local_moment
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

RULES = ("grace_s", "away_after_s", "team_after_s", "busy_after_s", "again_s")
"""Shown and typed in minutes."""
LARGEST_ID = 2**53


@routes.get("/callbacks", Permission.CALLBACKS)
def index(web: Web, visit: Visit) -> Any:
    """The ledger, narrowed to what is asked for."""
    show = visit.query("show")
    show = show if show in callback_words.SHOWN else "open"
    owner = visit.query("owner")
    args = {**_whom(visit, owner), "show": show, "page": visit.page()}
    rules = web.call("callback.rules") if visit.may(Permission.CALLBACKS_RULES) else None
    return web.pages.show(
        visit,
        "callbacks",
        told=web.call_with("callback.list", args),
        show=show,
        owner=owner,
        rules=rules,
        office=_office(visit),
        names=callback_words,
        errors={},
        here="callbacks",
    )


@routes.get("/callbacks/csv", Permission.CALLBACKS_ALL)
def export(web: Web, visit: Visit) -> Any:
    """The same as a table for a spreadsheet."""
    show = visit.query("show")
    made = web.call_with(
        "callback.export",
        {
            **_whom(visit, visit.query("owner")),
            "show": show if show in callback_words.SHOWN else "all",
            "language": visit.language.code,
            "zone": visit.language.zone_name,
        },
    )
    kind = {"Content-Type": "text/csv; charset=utf-8", "Cache-Control": "no-store"}
    name = {"Content-Disposition": f'attachment; filename="{made["name"]}"'}
    return HTTPResponse(made["content"].encode(), 200, {**kind, **name})


@routes.get("/callbacks/<number:int>", Permission.CALLBACKS)
def one(web: Web, visit: Visit, number: int) -> Any:
    """One promise: its history, and what can be done about it."""
    try:
        told = web.call_with("callback.history", {"id": number, **_only(visit)})
    except Refused:
        return web.pages.missing(visit)
    return web.pages.show(
        visit,
        "callback",
        told=told,
        each=told["promise"],
        office=_office(visit),
        names=callback_words,
        errors={},
        here="callbacks",
    )


@routes.post("/callbacks/<number:int>/move", Permission.CALLBACKS)
def move(web: Web, visit: Visit, number: int) -> Any:
    """Promise another time, by the clock of the office."""
    at = local_moment(f"{visit.text('day', 10)}T{visit.text('time', 5)}", web.settings.zone)
    if at is None:
        text = visit.language.gettext("Choose the day and the time of the callback.")
        return web.pages.go(visit, f"/callbacks/{number}", text, "refused")
    text = visit.language.gettext("Moved to {moment}.", moment=visit.language.moment(at))
    return _change(web, visit, number, "move", text, at=at, **_only(visit))


@routes.post("/callbacks/<number:int>/assign", Permission.CALLBACKS)
def assign(web: Web, visit: Visit, number: int) -> Any:
    """Pass it on to another agent or to the team; an agent only to the team."""
    owner = visit.text("owner", 20)
    wanted = {"owner": int(owner)} if _office(visit) and _is_id(owner) else {}
    text = visit.language.gettext("Passed on.")
    return _change(web, visit, number, "assign", text, **wanted, **_only(visit))


@routes.post("/callbacks/<number:int>/withdraw", Permission.CALLBACKS_ALL)
def withdraw(web: Web, visit: Visit, number: int) -> Any:
    """Nobody calls at that time; the note offers to take it back."""
    try:
        done = web.call_with("callback.withdraw", {**_seen(visit, number), "why": visit.text("why", 200)})
    except Refused as refused:
        return web.pages.refuse(visit, f"/callbacks/{number}", refused.problems)
    return web.pages.go(
        visit,
        f"/callbacks/{number}",
        visit.language.gettext("Withdrawn. The contact is called by the campaign's own rules."),
        undo_path=f"/callbacks/{number}/restore",
        undo_fields=(("version", str(done["version"])),),
    )


@routes.post("/callbacks/<number:int>/restore", Permission.CALLBACKS_ALL)
def restore(web: Web, visit: Visit, number: int) -> Any:
    """Take the withdrawal back."""
    return _change(web, visit, number, "restore", visit.language.gettext("The callback is open again."))


@routes.post("/callbacks/rules", Permission.CALLBACKS_RULES)
def rules(web: Web, visit: Visit) -> Any:
    """How the office keeps its promises."""
    typed = {name: visit.text(name, 10) for name in (*RULES, "tries")}
    if not all(_is_id(value) for value in typed.values()):
        text = visit.language.gettext("Type whole numbers.")
        return web.pages.go(visit, "/callbacks", text, "refused")
    args = {name: 60.0 * int(typed[name]) for name in RULES}
    try:
        web.call_with("callback.set_rules", {**args, "tries": int(typed["tries"])})
    except Refused as refused:
        return web.pages.refuse(visit, "/callbacks", refused.problems)
    return web.pages.go(visit, "/callbacks", visit.language.gettext("Saved."))


def _change(web: Web, visit: Visit, number: int, do: str, said: str, **more: Any) -> Any:
    try:
        done = web.call_with(f"callback.{do}", {**_seen(visit, number), **more})
    except Refused as refused:
        text = " ".join(_words(problem, visit) for problem in refused.problems)
        return web.pages.go(visit, f"/callbacks/{number}", text, "refused")
    now = (done or {}).get("id", number)
    if not _office(visit) and do == "assign":
        web.pages.go(visit, "/callbacks", said)
        return see_other("/callbacks")
    return web.pages.go(visit, f"/callbacks/{now}", said)


def _words(problem: Any, visit: Visit) -> str:
    """A refusal in words, with the next time that is possible."""
    said = words.problem(problem, visit.language)
    until = problem.figures.get("until")
    if not isinstance(until, int | float):
        return said
    again = visit.language.gettext("Next possible: {moment}.", moment=visit.language.moment(until))
    return f"{said} {again}"


def _seen(visit: Visit, number: int) -> dict[str, Any]:
    version = visit.text("version", 20)
    return {"id": number, "version": int(version) if _is_id(version) else 0, "user_id": visit.user_id}


def _whom(visit: Visit, owner: str) -> dict[str, Any]:
    """Whose promises are asked for: an agent's are his own."""
    if not _office(visit):
        return _only(visit)
    if owner == "team":
        return {"team": True}
    return {"owner": int(owner)} if _is_id(owner) else {}


def _only(visit: Visit) -> dict[str, Any]:
    return {} if _office(visit) else {"only": visit.user_id}


def _office(visit: Visit) -> bool:
    return visit.may(Permission.CALLBACKS_ALL)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) < LARGEST_ID
