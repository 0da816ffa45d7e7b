"""Who may do what, in words: the table of permissions as everybody who has logged in may read it."""

from __future__ import annotations

from typing import Any

from firmware.model import Role
from web_ui.permission_words import PERMISSIONS
from web_ui.permissions import MATRIX, Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()


@routes.get("/roles", Permission.ACCOUNT)
def page(web: Web, visit: Visit) -> Any:
    """The table, in the order the permissions stand in."""
    rows = [(PERMISSIONS[permission], MATRIX[permission]) for permission in Permission]
    demanded = web.reports.second_factor_roles()
    fixed = {role for role in Role if web.settings.second_factor_wanted(frozenset({role}))}
    return web.pages.show(
        visit, "roles", roles=list(Role), rows=rows, demanded=demanded, fixed=fixed, here="people"
    )


@routes.post("/roles/second-factor", Permission.PEOPLE)
def demand(web: Web, visit: Visit) -> Any:
    """Which roles nobody has without a second factor; who has none yet sets it up at the next click."""
    wanted = [str(role) for role in Role if str(role) in visit.texts("role")]
    web.call("user.demand_second_factor", roles=wanted)
    return web.pages.go(visit, "/roles", visit.language.gettext("Saved."))
