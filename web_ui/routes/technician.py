"""The technician's page: everything about lines, trunks, telephones and the machine, and buttons to try them."""

from __future__ import annotations

import base64
import logging
from typing import Any

from bottle import HTTPResponse

from web_ui import technician_view as view
from web_ui.client import Refused
from web_ui.following import asked, follow
from web_ui.language import Language
from web_ui.live import Picture
from web_ui.pages import fragment
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.streams import Regions, Shared
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()
log = logging.getLogger("web_ui")

PATH = "/box"
_shared = Shared()


@routes.get(PATH, Permission.TECHNICIAN)
def page(web: Web, visit: Visit) -> Any:
    """The whole page, complete without scripts; the script then follows the stream."""
    return web.pages.show(
        visit,
        "technician",
        picture=web.hub.picture,
        view=view,
        here="box",
    )


@routes.get("/live/box", Permission.TECHNICIAN, streams=True)
def stream(web: Web, visit: Visit) -> Any:
    """The live regions, sent whenever they change."""
    return follow(web, visit, lambda picture: (regions(picture, visit.language), {}))


@routes.get("/live/box.json", Permission.TECHNICIAN)
def poll(web: Web, visit: Visit) -> Any:
    """The same for a page whose stream was turned away."""
    return asked(web, lambda picture: (regions(picture, visit.language), {}))


def regions(picture: Picture, language: Language) -> Regions:
    """The page's live regions; made once per picture and language."""
    return _shared.get(picture, language.code, lambda: _make(picture, language))


def _make(picture: Picture, language: Language) -> Regions:
    names = ("light", "ports", "lines", "trunks", "phones", "trial", "machine")
    return {name: fragment(f"live/box_{name}", language, picture=picture, view=view) for name in names}


@routes.post(f"{PATH}/line/<action:re:test|learn>", Permission.TECHNICIAN)
def line(web: Web, visit: Visit, action: str) -> Any:
    """Begin to measure a line, or to learn how the far end's hang-up shows on it; refused while a call is up."""
    name = visit.text("line", 60)
    try:
        if action == "learn":
            web.call_with("line.learn", {"name": name, "number": visit.text("number", 40), "by": _by(visit)})
        else:
            web.call_with("line.test", {"name": name, "loop": visit.text("loop", 60)})
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(visit, f"{PATH}#lines-title")


@routes.post(f"{PATH}/lines/<line>/<action:re:stop|forget>", Permission.TECHNICIAN)
def end(web: Web, visit: Visit, line: str, action: str) -> Any:
    """End a test, or drop what was learnt."""
    try:
        web.call_with(f"line.{action}", {"name": line})
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(visit, f"{PATH}#lines-title")


@routes.post(f"{PATH}/lines/<line>/accept/<number:int>", Permission.TECHNICIAN)
def accept(web: Web, visit: Visit, line: str, number: int) -> Any:
    """Make one proposal of the latest learning the line's habit."""
    try:
        web.call_with("line.accept", {"name": line, "proposals": [number], "by": _by(visit)})
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(
        visit, f"{PATH}#lines-title", visit.language.gettext("The line keeps to this from now on.")
    )


@routes.post(f"{PATH}/call", Permission.TECHNICIAN)
def call(web: Web, visit: Visit) -> Any:
    """Begin a test call."""
    over = visit.text("over", 70)
    where = {"line": over.removeprefix("line:")} if over.startswith("line:") else {"trunk": over}
    try:
        web.call_with("technician.call", {"to": visit.text("to", 40), "by": _by(visit), **where})
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(visit, f"{PATH}#trial-title")


@routes.post(f"{PATH}/hang-up", Permission.TECHNICIAN)
def hang_up(web: Web, visit: Visit) -> Any:
    """End the test call."""
    web.call("technician.hang_up")
    return web.pages.go(visit, f"{PATH}#trial-title")


@routes.post(f"{PATH}/provision", Permission.TECHNICIAN)
def provision(web: Web, visit: Visit) -> Any:
    """Push phones and trunks into the SIP edge once more."""
    try:
        told = web.call("technician.provision", by=_by(visit))
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    text = visit.language.gettext(
        "Pushed again: {phones} telephones, {trunks} trunks.", phones=told["phones"], trunks=told["trunks"]
    )
    return web.pages.go(visit, PATH, text)


@routes.post(f"{PATH}/acceptance.pdf", Permission.TECHNICIAN)
def acceptance(web: Web, visit: Visit) -> Any:
    """The acceptance sheet, as the box is now."""
    made = web.call(
        "technician.paper",
        30.0,
        by=visit.text("by", 60) or _by(visit),
        customer=visit.text("customer", 60),
        remark=visit.text("remark", 1000),
        language=visit.language.code,
    )
    return _file(made, "application/pdf")


@routes.post(f"{PATH}/support.zip", Permission.TECHNICIAN)
def support(web: Web, visit: Visit) -> Any:
    """What somebody elsewhere needs to help, with nothing about anybody in it."""
    log.info("user %s takes a support bundle", visit.user_id)
    return _file(web.call("support.bundle", 60.0), "application/zip")


def _by(visit: Visit) -> str:
    assert visit.person is not None
    return visit.person.name[:60]


def _file(made: Any, kind: str) -> HTTPResponse:
    headers = {
        "Content-Type": kind,
        "Content-Disposition": f'attachment; filename="{made["name"]}"',
        "Cache-Control": "no-store",
    }
    return HTTPResponse(base64.b64decode(made["content"]), 200, headers)
