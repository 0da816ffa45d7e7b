"""Script, forms, prepared answers and the contact's card at the agent's desk: what its page asks beside the call.

As on the desk, the user id of every command is the session's, never the request's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bottle import HTTPResponse

from web_ui import words
from web_ui.client import Refused, ServiceDown
from web_ui.following import as_json
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

_LONGEST = 400_000


@routes.get("/desk/script.json", Permission.DESK)
def script(web: Web, visit: Visit) -> Any:
    """The script of what is on the desk; 409 where there is none."""
    return _told(web, visit, "desk.script", {})


@routes.get("/desk/snippets.json", Permission.DESK)
def snippets(web: Web, visit: Visit) -> Any:
    """Prepared answers for the call on the desk."""
    return _told(web, visit, "desk.snippets", {})


@routes.post("/desk/answer", Permission.DESK)
def answer(web: Web, visit: Visit) -> Any:
    """What was typed into the script of a call. Sent again until it is acknowledged; then nothing happens twice."""
    path, typed = _json(visit, "path"), _json(visit, "answers")
    version, seq = visit.text("version", 20), visit.text("seq", 20)
    if not (isinstance(path, list) and isinstance(typed, dict) and version.isdecimal() and seq.isdecimal()):
        return as_json({"ok": False, "problems": ["malformed"]}, 400)
    args = {
        "attempt": visit.text("attempt", 40),
        "version": int(version),
        "step": visit.text("step", 20),
        "path": path,
        "answers": typed,
        "seq": int(seq),
    }
    return _told(web, visit, "desk.answer", args)


@routes.post("/desk/edit_contact", Permission.DESK)
def edit_contact(web: Web, visit: Visit) -> Any:
    """Change fields of the contact on the desk; what somebody else changed meanwhile comes back as ``current``."""
    changes, contact = _json(visit, "changes"), visit.text("contact", 20)
    if not (isinstance(changes, dict) and contact.isdecimal()):
        return as_json({"ok": False, "problems": ["malformed"]}, 400)
    return _told(web, visit, "desk.edit_contact", {"contact_id": int(contact), "changes": changes})


def _json(visit: Visit, name: str) -> Any:
    try:
        return json.loads(visit.text(name, _LONGEST))
    except ValueError:
        return None


def _told(web: Web, visit: Visit, do: str, args: Mapping[str, Any]) -> HTTPResponse:
    try:
        told = web.call_with(do, {"user_id": visit.user_id, **args})
    except Refused as refused:
        said = [words.problem(problem, visit.language) for problem in refused.problems]
        current = {
            problem.where: problem.figures["current"]
            for problem in refused.problems
            if "current" in problem.figures
        }
        return as_json({"ok": False, "problems": said, "current": current}, 409)
    except ServiceDown:
        return as_json({"ok": False, "problems": [visit.language.gettext("The box does not answer.")]}, 503)
    return as_json({"ok": True, **told})
