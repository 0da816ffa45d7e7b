"""The first visit: whoever holds the code printed on the console becomes the administrator."""

from __future__ import annotations

from typing import Any

from firmware.model import Role
from web_ui import passwords, words
from web_ui.client import Refused
from web_ui.language import LANGUAGES
from web_ui.pages import see_other
from web_ui.people import LOGIN, password_problem
from web_ui.routes.session import begin
from web_ui.routing import PUBLIC, Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()


@routes.get("/setup", PUBLIC)
def form(web: Web, visit: Visit) -> Any:
    """Ask for the code and for the administrator's name and password."""
    if web.hub.picture.connected and not web.set_up_needed():
        return see_other("/login")
    return _show(web, visit, {}, {})


@routes.post("/setup", PUBLIC)
def complete(web: Web, visit: Visit) -> Any:
    """Make the administrator and log in."""
    typed = {name: visit.text(name, 100) for name in ("code", "name", "login", "language")}
    password = visit.secret("password")
    errors = _mistakes(visit, typed, password)
    wait_s = web.throttle.admit("set-up code", visit.address)
    if wait_s > 0:
        errors["code"] = visit.language.gettext(
            "Too many tries. Try again in {seconds} s.", seconds=int(wait_s) + 1
        )
    if errors:
        return _show(web, visit, typed, errors, 422)
    try:
        made = web.call(
            "setup.complete",
            code=typed["code"],
            login=typed["login"].lower(),
            name=typed["name"],
            password_hash=passwords.hash_password(password),
            language=typed["language"],
        )
    except Refused as refused:
        said = {found.where or "code": words.problem(found, visit.language) for found in refused.problems}
        return _show(web, visit, typed, said, 422)
    web.throttle.succeeded("set-up code", visit.address)
    return begin(web, visit, int(made["user_id"]), frozenset({Role.ADMINISTRATOR}), "/dashboard")


def _mistakes(visit: Visit, typed: dict[str, str], password: str) -> dict[str, str]:
    _ = visit.language.gettext
    errors = {}
    if not typed["code"]:
        errors["code"] = _("Type the set-up code.")
    if not typed["name"]:
        errors["name"] = _("Type your name.")
    if not LOGIN.fullmatch(typed["login"].lower()):
        errors["login"] = _("Use 2 to 40 letters, digits, dots or hyphens, beginning with a letter.")
    if typed["language"] not in LANGUAGES:
        typed["language"] = visit.language.code
    weak = password_problem(password, visit.secret("again"), typed["login"], typed["name"], visit.language)
    if weak:
        errors["password"] = weak
    return errors


def _show(web: Web, visit: Visit, typed: dict[str, str], errors: dict[str, str], status: int = 200) -> Any:
    return web.pages.show(visit, "setup", status, typed=typed, errors=errors, here="")
