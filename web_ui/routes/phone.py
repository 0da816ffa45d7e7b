"""The agent's telephone in the browser: its credentials, the sound check, and who may open a line to the box.

The line itself is a WebSocket that nginx brings to Kamailio; nginx asks ``/live/phone/allowed`` first. Secrets leave
here once, for the page that asked, and are good until the next page asks.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bottle import HTTPResponse

from web_ui import words
from web_ui.client import Refused, ServiceDown
from web_ui.following import as_json
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()


@routes.get("/live/phone/allowed", Permission.DESK)
def allowed(_web: Web, visit: Visit) -> Any:
    """204 for a page of ours with a session. Browsers say which page asks (RFC 6455 §10.2)."""
    origin = visit.request.get_header("Origin")
    if origin and urlsplit(origin).netloc != visit.request.get_header("Host"):
        return HTTPResponse("", 403)
    return HTTPResponse("", 204)


@routes.post("/desk/phone/<action:re:browser|leave|state|check|end_check>", Permission.DESK)
def act(web: Web, visit: Visit, action: str) -> Any:
    """What the page asks about the person's own telephone."""
    do = "phone.leave_browser" if action == "leave" else f"phone.{action}"
    try:
        return as_json(web.call_with(do, {"user_id": visit.user_id}))
    except Refused as refused:
        return as_json({"problems": [words.problem(each, visit.language) for each in refused.problems]}, 409)
    except ServiceDown:
        return as_json({"problems": [visit.language.gettext("The box does not answer.")]}, 503)
