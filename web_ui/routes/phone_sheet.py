"""A new phone's sheet of paper, and settings files for the makers of telephones.

The box keeps no phone's password, so both can be had for a few minutes after it was made, by who made it; after that a
new one is made.
"""

from __future__ import annotations

from typing import Any

from bottle import HTTPResponse

from firmware.model import UserId
from web_ui import phone_files, squares
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()


@routes.get("/users/<number:int>/phone", Permission.PEOPLE)
def sheet(web: Web, visit: Visit, number: UserId) -> Any:
    """Everything a person needs at the phone, on one sheet to print."""
    account = _account(web, visit, number)
    if account is None:
        return _too_late(web, visit, number)
    return web.pages.show(
        visit, "phone_sheet", account=account, user_id=number, makers=phone_files.MAKERS, here="people"
    )


@routes.get("/users/<number:int>/phone/square.svg", Permission.PEOPLE)
def square(web: Web, visit: Visit, number: UserId) -> Any:
    """The square of dots for a softphone."""
    account = _account(web, visit, number)
    if account is None:
        return _too_late(web, visit, number)
    drawn = squares.svg(phone_files.square(account), scale=4)
    return HTTPResponse(drawn, headers={"Content-Type": "image/svg+xml"})


@routes.get("/users/<number:int>/phone/<maker:re:[a-z]+>", Permission.PEOPLE)
def file(web: Web, visit: Visit, number: UserId, maker: str) -> Any:
    """The settings file of one maker, to be loaded in the phone's own pages."""
    kind = phone_files.MAKERS.get(maker)
    account = _account(web, visit, number)
    if kind is None:
        return web.pages.missing(visit)
    if account is None:
        return _too_late(web, visit, number)
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": f'attachment; filename="{account.user}-{kind.file}"',
    }
    return HTTPResponse(kind.write(account).encode(), headers=headers)


def _account(web: Web, visit: Visit, number: UserId) -> phone_files.Account | None:
    kept = web.pages.once.look(visit.session, f"sheet-{number}")
    user = web.reports.user(number)
    if kept is None or user is None or not user.active:
        return None
    picks_up = str(user.phone_mode) == "nailed_up"
    return phone_files.Account(
        user.name, kept["user"], kept["secret"], kept["domain"], kept["server"], picks_up
    )


def _too_late(web: Web, visit: Visit, number: UserId) -> Any:
    if web.reports.user(number) is None:
        return web.pages.missing(visit)
    text = visit.language.gettext("The phone's password is not kept. Make a new one to print its sheet.")
    return web.pages.go(visit, f"/users/{number}", text, "refused")
