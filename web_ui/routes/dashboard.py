"""What the box is doing now, on one page that follows it."""

from __future__ import annotations

from typing import Any

from firmware.model import Role
from web_ui import panels
from web_ui.following import asked, follow
from web_ui.live import Picture
from web_ui.pages import fragment
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.streams import Regions, Shared
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()
_shared = Shared()


@routes.get("/dashboard", Permission.LIVE)
def page(web: Web, visit: Visit) -> Any:
    """The whole page, complete without scripts; the script then follows the stream."""
    picture = web.hub.picture
    return web.pages.show(
        visit, "dashboard", picture=picture, panels=panels, steps=_first_steps(web), here="dashboard"
    )


@routes.get("/live/dashboard", Permission.LIVE, streams=True)
def stream(web: Web, visit: Visit) -> Any:
    """The live regions, sent whenever they change."""
    return follow(web, visit, lambda picture: (regions(picture, visit), {}))


@routes.get("/live/dashboard.json", Permission.LIVE)
def poll(web: Web, visit: Visit) -> Any:
    """The same for a page whose stream was turned away."""
    return asked(web, lambda picture: (regions(picture, visit), {}))


def regions(picture: Picture, visit: Visit) -> Regions:
    """The dashboard's live regions; made once per picture and language for all who may do the same."""
    assert visit.person is not None
    key = " ".join((visit.language.code, *sorted(visit.person.roles)))
    return _shared.get(picture, key, lambda: _make(picture, visit))


def _make(picture: Picture, visit: Visit) -> Regions:
    names = ("tiles", "needs", "campaigns", "agents", "calls", "trunks", "queues")
    more = {"picture": picture, "panels": panels, "may": visit.may}
    return {name: fragment(f"live/{name}", visit.language, **more) for name in names}


def _first_steps(web: Web) -> dict[str, bool] | None:
    """Which of the first steps are done, for a box without campaigns; None once there is one."""
    if web.reports.campaigns():
        return None
    people = any(Role.AGENT in user.roles for user in web.reports.users())
    return {"people": people, "lists": bool(web.reports.contact_lists())}
