"""For the day something is wrong: let a technician in from outside, or set the box back to how it came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bottle import HTTPResponse

from web_ui.client import Refused
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

PATH = "/access"
_CODE = "reset-code"


@routes.get(PATH, Permission.BOX)
def index(web: Web, visit: Visit) -> Any:
    """How the technician's door stands, and the reset."""
    asked = web.pages.once.take(visit.session, _CODE)
    if asked is not None:
        web.pages.once.put(visit.session, _CODE, asked)
    door = web.call("access.state")
    return web.pages.show(visit, "access", door=door, asked=asked, here="update")


@routes.post(f"{PATH}/<action:re:key|code>", Permission.BOX)
def knock(web: Web, visit: Visit, action: str) -> Any:
    """Pass on a technician's public key, or the code the box shows for it."""
    if action == "key":
        return _do(web, visit, "access.ask", {"key": " ".join(visit.text("key", 2400).split())})
    return _do(web, visit, "access.open", {"code": visit.text("code", 20)})


@routes.post(f"{PATH}/reset", Permission.PEOPLE)
def ask(web: Web, visit: Visit) -> Any:
    """Say what is to go; the page then asks for the code it shows."""
    kind = "wipe" if visit.text("kind") == "wipe" else "keep-data"
    try:
        code = web.call("reset.ask", kind=kind)["code"]
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    web.pages.once.put(visit.session, _CODE, (kind, code))
    return web.pages.go(visit, PATH)


@routes.post(f"{PATH}/reset/confirm", Permission.PEOPLE)
def confirm(web: Web, visit: Visit) -> Any:
    """Do it: the box restarts, and comes back as it came."""
    web.pages.once.take(visit.session, _CODE)
    args = {"code": visit.text("code", 20), "force": bool(visit.text("force"))}
    done = visit.language.gettext("The box restarts and is set back. That takes a few minutes.")
    return _do(web, visit, "reset.confirm", args, done)


def _do(web: Web, visit: Visit, command: str, args: Mapping[str, Any], done: str = "") -> HTTPResponse:
    try:
        web.call_with(command, args)
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(visit, PATH, done)
