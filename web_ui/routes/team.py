"""The supervisor's page: the team at this moment, and what can be done about it; the directory of destinations.

A supervisor acts under their own name: who does something is the session's, never the request's.
"""

from __future__ import annotations

from typing import Any

from web_ui import panels, team_view
from web_ui.client import Refused
from web_ui.following import asked, follow
from web_ui.live import Picture
from web_ui.pages import fragment, see_other
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.streams import Regions
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()


@routes.get("/team", Permission.TEAM)
def page(web: Web, visit: Visit) -> Any:
    """The whole page, complete without scripts; the script then follows the stream."""
    picture = web.hub.picture
    rules = web.call("team.rules") if visit.may(Permission.TEAM_RULES) else {}
    return web.pages.show(visit, "team", **_page_values(picture, visit), rules=rules, here="team")


@routes.get("/live/team", Permission.TEAM, streams=True)
def stream(web: Web, visit: Visit) -> Any:
    """The live regions, sent whenever they change."""
    return follow(web, visit, lambda picture: (regions(picture, visit), {}))


@routes.get("/live/team.json", Permission.TEAM)
def poll(web: Web, visit: Visit) -> Any:
    """The same for a page whose stream was turned away."""
    return asked(web, lambda picture: (regions(picture, visit), {}))


def regions(picture: Picture, visit: Visit) -> Regions:
    """The page's live regions."""
    names = ("team_agents", "team_needs", "campaigns")
    more = _values(picture, visit)
    return {name: fragment(f"live/{name}", visit.language, **more) for name in names}


def _values(picture: Picture, visit: Visit) -> dict[str, Any]:
    return {
        "picture": picture,
        "panels": panels,
        "team": team_view,
        "person_id": visit.user_id,
        "may": visit.may,
    }


def _page_values(picture: Picture, visit: Visit) -> dict[str, Any]:
    """The page itself has ``may`` already."""
    return {name: value for name, value in _values(picture, visit).items() if name != "may"}


@routes.post("/team/<action:re:listen|whisper|barge|leave|ready|paused|logged_out>", Permission.TEAM)
def act(web: Web, visit: Visit, action: str) -> Any:
    """A button in an agent's row."""
    agent, by = _number(visit, "agent"), visit.user_id
    if action == "leave":
        return _done(web, visit, "team.leave", {"by": by})
    if action in team_view.KINDS:
        return _done(web, visit, "team.listen", {"by": by, "agent_id": agent, "kind": action})
    return _done(web, visit, "team.force", {"by": by, "agent_id": agent, "to": action})


@routes.post("/team/message", Permission.TEAM)
def message(web: Web, visit: Visit) -> Any:
    """Write to a desk."""
    args = {"by": visit.user_id, "agent_id": _number(visit, "agent"), "text": visit.text("text", 500)}
    return _done(web, visit, "team.message", args, visit.language.gettext("The message is on the desk."))


@routes.post("/team/rules", Permission.TEAM_RULES)
def rules(web: Web, visit: Visit) -> Any:
    """Whether supervisors may take part in calls, and whether agents are told."""
    args = {
        "by": visit.user_id,
        "allowed": bool(visit.text("allowed", 3)),
        "announced": bool(visit.text("announced", 3)),
    }
    return _done(web, visit, "team.set_rules", args, visit.language.gettext("Saved."))


@routes.get("/destinations", Permission.DESTINATIONS)
def destinations(web: Web, visit: Visit) -> Any:
    """The directory that calls are handed to."""
    known = web.call("destination.list")["destinations"]
    return web.pages.show(visit, "destinations", destinations=known, here="destinations")


@routes.post("/destinations", Permission.DESTINATIONS)
def add(web: Web, visit: Visit) -> Any:
    """Enter a number."""
    args = {"name": visit.text("name", 80), "number": visit.text("number", 40), "by": visit.user_id}
    return _done(web, visit, "destination.add", args, visit.language.gettext("Saved."), "/destinations")


@routes.post("/destinations/<number:int>/remove", Permission.DESTINATIONS)
def remove(web: Web, visit: Visit, number: int) -> Any:
    """Take an entry out."""
    said = visit.language.gettext("Saved.")
    return _done(web, visit, "destination.remove", {"id": number}, said, "/destinations")


def _done(web: Web, visit: Visit, do: str, args: dict[str, Any], said: str = "", path: str = "/team") -> Any:
    """Ask the box; what it refuses is said on the page."""
    try:
        web.call_with(do, args)
    except Refused as refused:
        return web.pages.refuse(visit, path, refused.problems)
    return web.pages.go(visit, path, said) if said else see_other(path)


def _number(visit: Visit, name: str) -> int:
    text = visit.text(name, 12)
    return int(text) if text.isascii() and text.isdigit() else 0
