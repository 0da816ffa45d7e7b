"""Updates: what runs, what lies ready (uploaded or on a stick), install now or at night, and back again."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from bottle import HTTPResponse

from web_ui import pages, update_view
from web_ui.appliance_words import PROBLEMS
from web_ui.bundles import MOST_BYTES, PIECE_BYTES, Bundles, NoRoomError
from web_ui.client import Refused
from web_ui.language import Language
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

PATH = "/update"
_MB = 1_000_000


@routes.get(PATH, Permission.BOX)
def index(web: Web, visit: Visit) -> Any:
    """What runs, what is under way, what lies ready."""
    shown = {"piece_bytes": PIECE_BYTES, "most_bytes": MOST_BYTES}
    return web.pages.show(visit, "update", **shown, **_values(web, visit.language), here="update")


@routes.get(f"{PATH}/now", Permission.BOX)
def now(web: Web, visit: Visit) -> Any:
    """The part of the page that changes, for the script that looks every few seconds."""
    values = _values(web, visit.language)
    if values["state"] is None:
        return web.pages.missing(visit)
    body = pages.fragment("update_now", visit.language, visit=visit, **values)
    return HTTPResponse(body, 200, {"Content-Type": "text/html; charset=utf-8"})


def _values(web: Web, language: Language) -> dict[str, Any]:
    try:
        state = web.call("update.state", timeout_s=30.0)
    except Refused as refused:
        if refused.problems[0].key != "update_no_slots":
            raise
        return {"state": None}
    slots = state["slots"]
    return {
        "state": state,
        "phase": update_view.phase(state),
        "percent": update_view.percent(state["step"]),
        "bundles": [update_view.bundle(each, language) for each in state["bundles"]],
        "failed": state["problem"]
        and update_view.bundle({"against": [state["problem"]], "version": ""}, language),
        "came_back": update_view.why_taken_back(slots["taken_back_reason"], language),
    }


@routes.post(f"{PATH}/begin", Permission.BOX)
def begin(web: Web, visit: Visit) -> Any:
    """Room for an upload -> ``upload``, or 422 with ``mistake``."""
    text = visit.text("size")
    size = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
    if not 0 < size <= MOST_BYTES:
        return _mistake(visit, "update_too_large", size=-(-size // _MB), most=MOST_BYTES // _MB)
    try:
        name = Bundles(web.settings.uploads).begin(size)
    except NoRoomError as full:
        return _mistake(visit, "update_no_room", free=full.free, size=full.size)
    return _json({"upload": name})


@routes.post(f"{PATH}/piece/<job>/<number:int>", Permission.BOX)
def piece(web: Web, visit: Visit, job: str, number: int) -> Any:
    """One piece, the request's body, at byte ``number`` -> ``have``."""
    body = visit.request.body.read(PIECE_BYTES + 1)
    have = Bundles(web.settings.uploads).put(job, number, body) if len(body) <= PIECE_BYTES else None
    return web.pages.missing(visit) if have is None else _json({"have": have})


@routes.post(f"{PATH}/offer/<job>", Permission.BOX)
def offer(web: Web, visit: Visit, job: str) -> Any:
    """The upload is whole: the service takes it over and looks into it."""
    whole = Bundles(web.settings.uploads).finish(job)
    if whole is None:
        return web.pages.missing(visit)
    try:
        web.call("update.offer", upload=whole, name=visit.text("name", 100) or "update")
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return pages.see_other(PATH)


@routes.post(f"{PATH}/install", Permission.BOX)
def install(web: Web, visit: Visit) -> Any:
    """Install what lies ready under ``file``: now, or when the office's clock shows ``at``."""
    at = None
    if visit.text("when") == "later":
        at = update_view.next_at(visit.text("at"), time.time(), visit.language.zone)
        if at is None:
            text = visit.language.gettext("Type the time as 22:00.")
            return web.pages.go(visit, PATH, text, "refused")
    known = {each["file"] for each in web.call("update.state", timeout_s=30.0)["bundles"]}
    if visit.text("file") not in known:
        return web.pages.missing(visit)
    args = {"file": visit.text("file"), "at": at, "force": bool(visit.text("force"))}
    return _do(web, visit, "plan", args)


@routes.post(f"{PATH}/<action:re:cancel|drop|restart|go_back>", Permission.BOX)
def act(web: Web, visit: Visit, action: str) -> Any:
    """Give the plan up, delete the upload, start what is installed, go back to the other version."""
    return _do(web, visit, action, {"force": True} if visit.text("force") else {})


def _do(web: Web, visit: Visit, command: str, args: Mapping[str, Any]) -> HTTPResponse:
    try:
        web.call_with(f"update.{command}", args)
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return pages.see_other(PATH)


def _mistake(visit: Visit, key: str, **figures: Any) -> HTTPResponse:
    return _json({"mistake": visit.language.gettext(PROBLEMS[key][0], **figures)}, 422)


def _json(body: Mapping[str, Any], status: int = 200) -> HTTPResponse:
    return HTTPResponse(json.dumps(body), status, {"Content-Type": "application/json"})
