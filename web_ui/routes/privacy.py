"""Privacy: how long things are kept, what goes tonight, everything about one number, and forgetting it."""

from __future__ import annotations

import base64
from typing import Any

from bottle import HTTPResponse

from web_ui import privacy_words
from web_ui.client import Refused
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

PATH = "/privacy"
_READING_S = 60.0
"""How long counting what is over its time may take."""


@routes.get(PATH, Permission.PRIVACY)
def index(web: Web, visit: Visit) -> Any:
    """Every class of data with its time, and who was erased."""
    state = web.call("privacy.state", _READING_S)
    return web.pages.show(visit, "privacy", state=state, names=privacy_words, here="privacy")


@routes.post(f"{PATH}/keep", Permission.PRIVACY)
def keep(web: Web, visit: Visit) -> Any:
    """Keep classes for so many days."""
    typed = {key: visit.text(f"days-{key}", 6) for key in privacy_words.CLASSES}
    days = {key: int(text) for key, text in typed.items() if text.isascii() and text.isdigit()}
    try:
        web.call("privacy.keep", days=days)
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(visit, PATH, visit.language.gettext("The times are set; the night goes by them."))


@routes.post(f"{PATH}/clear", Permission.PRIVACY)
def clear(web: Web, visit: Visit) -> Any:
    """Do tonight's work now."""
    try:
        web.call("privacy.clear")
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(
        visit, PATH, visit.language.gettext("Old data are being deleted; reload to see what went.")
    )


@routes.post(f"{PATH}/person", Permission.PRIVACY)
def person(web: Web, visit: Visit) -> Any:
    """What is stored about a number."""
    try:
        told = web.call(
            "privacy.export", _READING_S, number=visit.text("number", 40), language=visit.language.code
        )
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.show(
        visit,
        "privacy_person",
        number=told["number"],
        kinds=told["kinds"],
        names=privacy_words,
        here="privacy",
    )


@routes.post(f"{PATH}/person.json", Permission.PRIVACY)
def as_json(web: Web, visit: Visit) -> Any:
    """The same for a program."""
    return _file(web, visit, "json", "application/json; charset=utf-8")


@routes.post(f"{PATH}/person.pdf", Permission.PRIVACY)
def as_paper(web: Web, visit: Visit) -> Any:
    """The same on paper."""
    return _file(web, visit, "pdf", "application/pdf")


def _file(web: Web, visit: Visit, kind: str, media: str) -> Any:
    try:
        told = web.call(
            "privacy.export", _READING_S, number=visit.text("number", 40), language=visit.language.code
        )
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    name = str(told["number"]).lstrip("+")
    headers = {
        "Content-Type": media,
        "Content-Disposition": f'attachment; filename="strowger-{name}.{kind}"',
        "Cache-Control": "no-store",
    }
    return HTTPResponse(base64.b64decode(told[kind]), 200, headers)


@routes.post(f"{PATH}/erase", Permission.PRIVACY)
def erase(web: Web, visit: Visit) -> Any:
    """Forget a number."""
    try:
        web.call(
            "privacy.erase",
            _READING_S,
            number=visit.text("number", 40),
            by=visit.person.name if visit.person else "?",
            why=visit.text("why", 200),
            block=visit.text("block") == "1",
        )
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    text = visit.language.gettext("The number is erased. What went and what had to be kept stands below.")
    return web.pages.go(visit, PATH, text)
