"""Accepting an invitation: whoever holds the link chooses a password, once. How links are made: ``users``."""

from __future__ import annotations

import logging
from typing import Any

from bottle import HTTPResponse

from firmware.model import UserId
from web_ui import passwords
from web_ui.client import Refused
from web_ui.pages import by_field
from web_ui.people import password_problem
from web_ui.routes.session import ask_for_code, begin
from web_ui.routing import PUBLIC, Routes
from web_ui.second_factor import Waiting
from web_ui.visit import Visit, hash_of
from web_ui.web import Web

routes = Routes()
log = logging.getLogger("web_ui.session")
PATH = "/invitation/<token:re:[A-Za-z0-9_-]{20,86}>"
_THROTTLED = "an invitation"
"""No login is called so: they have no blanks."""


@routes.get(PATH, PUBLIC)
def form(web: Web, visit: Visit, token: str) -> Any:
    """Whose invitation it is, and the form for a password."""
    found = _found(web, visit, token)
    return found if isinstance(found, HTTPResponse) else _show(web, visit, token, found, {})


@routes.post(PATH, PUBLIC)
def accept(web: Web, visit: Visit, token: str) -> Any:
    """Keep the password and log the person in."""
    found = _found(web, visit, token)
    if isinstance(found, HTTPResponse):
        return found
    password = visit.secret("password")
    weak = password_problem(password, visit.secret("again"), found["login"], found["name"], visit.language)
    if weak:
        return _show(web, visit, token, found, {"password": weak}, 422)
    try:
        made = web.call(
            "invitation.accept",
            token_hash=hash_of(token),
            password_hash=passwords.hash_password(password),
            address=visit.text("address", 254),
        )
    except Refused as refused:
        web.throttle.admit(f"{_THROTTLED} {visit.address}", visit.address)
        return _show(web, visit, token, found, dict(by_field(refused.problems, visit.language)), 422)
    user = web.reports.user(UserId(made["user_id"]))
    assert user is not None
    log.info("user %s accepted an invitation from %s", user.id, visit.address)
    if web.reports.second_factor(user.id) is not None:
        return ask_for_code(web, visit, Waiting(user.id, user.login, user.roles, "/"))
    return begin(web, visit, user.id, user.roles, "/")


def _found(web: Web, visit: Visit, token: str) -> Any:
    """Whose invitation it is; else the answer to give. Who guesses has to wait, as at the login."""
    wait_s = web.throttle.admit(f"{_THROTTLED} {visit.address}", visit.address)
    if wait_s > 0:
        text = visit.language.gettext("Too many tries. Try again in {seconds} s.", seconds=int(wait_s) + 1)
        return web.pages.show(visit, "problem", 429, number=429, detail=text, reference="", here="")
    try:
        found = web.call("invitation.find", token_hash=hash_of(token))
    except Refused:
        text = visit.language.gettext("This invitation counts no more. Ask for a new one.")
        return web.pages.show(visit, "problem", 404, number=404, detail=text, reference="", here="")
    web.throttle.succeeded(f"{_THROTTLED} {visit.address}", visit.address)
    return found


def _show(
    web: Web, visit: Visit, token: str, found: Any, errors: dict[str, str], status: int = 200
) -> HTTPResponse:
    return web.pages.show(visit, "invitation", status, token=token, found=found, errors=errors, here="")
