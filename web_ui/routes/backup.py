"""Backup: whether tonight's and last night's are well, one now, and the recovery key, shown once."""

from __future__ import annotations

from typing import Any

from web_ui.client import Refused
from web_ui.pages import by_field
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

PATH = "/backup"
_ONCE = "recovery-key"
_SHOWN = "backup-server"
_ASK_S = 60.0
"""A server may take its time."""


@routes.get(PATH, Permission.BACKUP)
def index(web: Web, visit: Visit) -> Any:
    """How the last backup went, and when the next one is due."""
    key = web.pages.once.take(visit.session, _ONCE)
    backup, line = web.call("backup.state"), ""
    if backup["server"] is not None and backup["server"]["kind"] == "sftp":
        try:
            line = web.call("backup.public_key")["line"]
        except Refused as refused:
            return web.pages.show(
                visit,
                "backup",
                backup=backup,
                key=key,
                line="",
                shown="",
                here="backup",
                errors=by_field(refused.problems, visit.language),
            )
    shown = web.pages.once.look(visit.session, _SHOWN) or ""
    return web.pages.show(
        visit, "backup", backup=backup, key=key, line=line, shown=shown, errors={}, here="backup"
    )


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


@routes.post(f"{PATH}/server/<action:re:look|trust|try|password>", Permission.BACKUP)
def server(web: Web, visit: Visit, action: str) -> Any:
    """Ask the server who it is; believe it; take the password of a share; write a small file to it."""
    try:
        if action == "password":
            web.call("backup.password", password=visit.secret("password"))
            return web.pages.go(
                visit, PATH, visit.language.gettext("The password is kept. Write a small file for a try now.")
            )
        if action == "look":
            shown = web.call("backup.look", timeout_s=_ASK_S)["fingerprint"]
            web.pages.once.put(visit.session, _SHOWN, str(shown))
            return web.pages.go(visit, PATH)
        if action == "trust":
            web.call("backup.trust", timeout_s=_ASK_S, fingerprint=visit.text("fingerprint", 60))
            web.pages.once.take(visit.session, _SHOWN)
            return web.pages.go(
                visit, PATH, visit.language.gettext("This server is believed from now on, and no other.")
            )
        web.call("backup.try", timeout_s=_ASK_S)
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(
        visit, PATH, visit.language.gettext("The server took a small file and deleted it again. All is well.")
    )
