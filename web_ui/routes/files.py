"""Style sheet, scripts and icons. No page of its own."""

from __future__ import annotations

from typing import Any

from bottle import HTTPResponse, static_file

from web_ui.pages import STATIC, static_version
from web_ui.routing import PUBLIC, Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()
FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}


@routes.get("/static/<version>/<name>", PUBLIC)
def static(_web: Web, _visit: Visit, version: str, name: str) -> Any:
    """A static file; its address changes with its content, so browsers may keep it."""
    kind = TYPES.get(name[name.rfind(".") :])
    if kind is None:
        return HTTPResponse("", 404)
    answer = static_file(name, root=str(STATIC), mimetype=kind)
    if answer.status_code == 200:
        answer.set_header("Cache-Control", FOR_EVER if version == static_version() else "no-cache")
    return answer


@routes.get("/favicon.ico", PUBLIC)
def favicon(_web: Web, _visit: Visit) -> Any:
    """Browsers ask for it unasked."""
    return static_file("icon.svg", root=str(STATIC), mimetype="image/svg+xml")
