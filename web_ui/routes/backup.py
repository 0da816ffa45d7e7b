"""Backup: whether tonight's and last night's are well, one now, and the recovery key, shown once."""

from __future__ import annotations

from typing import Any

from web_ui.client import Refused
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

PATH = "/backup"
_ONCE = "recovery-key"


@routes.get(PATH, Permission.BACKUP)
def index(web: Web, visit: Visit) -> Any:
    """How the last backup went, and when the next one is due."""
    key = web.pages.once.take(visit.session, _ONCE)
    return web.pages.show(visit, "backup", backup=web.call("backup.state"), key=key, here="backup")


@routes.post(f"{PATH}/make", Permission.BACKUP)
def make(web: Web, visit: Visit) -> Any:
    """Begin one now."""
    try:
        web.call("backup.make")
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(
        visit, PATH, visit.language.gettext("The backup has begun. This page shows when it is done.")
    )


@routes.post(f"{PATH}/key", Permission.BACKUP)
def new_key(web: Web, visit: Visit) -> Any:
    """Make a recovery key; the next page shows it, once."""
    try:
        made = web.call("backup.new_key")
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    web.pages.once.put(visit.session, _ONCE, str(made["secret"]))
    return web.pages.go(visit, PATH)
