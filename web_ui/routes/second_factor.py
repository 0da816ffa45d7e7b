"""The second factor: the code after the password, setting it up, new recovery codes, and taking it away."""

from __future__ import annotations

import logging
from typing import Any

from bottle import HTTPResponse

from firmware.model import UserId
from web_ui import passwords, words
from web_ui.client import Refused
from web_ui.pages import Note, see_other
from web_ui.permissions import Permission
from web_ui.routes.session import ask_for_code, begin
from web_ui.routing import PUBLIC, Routes
from web_ui.second_factor import PATH, Waiting, qr_code
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()
log = logging.getLogger("web_ui.session")

_BEGUN, _CODES = "factor-begun", "factor-codes"


@routes.post("/login/code", PUBLIC)
def check(web: Web, visit: Visit) -> Any:
    """The code of somebody whose password was right a moment ago."""
    ticket = visit.text("ticket", 64)
    waiting: Waiting | None = web.pages.once.take(ticket, "waiting")
    if waiting is None:
        web.pages.tell(visit, Note(visit.language.gettext("That took too long. Log in again."), "refused"))
        return see_other("/login")
    wait_s = web.throttle.admit(waiting.login, visit.address)
    if wait_s > 0:
        text = visit.language.gettext("Too many tries. Try again in {seconds} s.", seconds=int(wait_s) + 1)
        return ask_for_code(web, visit, waiting, text, 429)
    told = web.call("second_factor.check", user_id=waiting.user_id, code=visit.text("code", 40))
    if not told["good"]:
        log.warning("second factor refused for user %s from %s", waiting.user_id, visit.address)
        return ask_for_code(
            web, visit, waiting, visit.language.gettext("This code is wrong or was used already."), 401
        )
    web.throttle.succeeded(waiting.login, visit.address)
    log.info("user %s logged in with a second factor from %s", waiting.user_id, visit.address)
    note = None
    if told["recovery"]:
        left = visit.language.ngettext(
            "That was a recovery code; {count} is left.",
            "That was a recovery code; {count} are left.",
            told["left"],
        )
        note = Note(left, "plain")
    return begin(web, visit, waiting.user_id, waiting.roles, waiting.path, note)


@routes.get(PATH, Permission.ACCOUNT)
def page(web: Web, visit: Visit) -> Any:
    """Whether there is a second factor, and how to begin or end with it."""
    return _show(web, visit)


@routes.post(f"{PATH}/begin", Permission.ACCOUNT)
def begin_app(web: Web, visit: Visit) -> Any:
    """Show a secret as a QR code; nothing changes before a code has come back."""
    if (wrong := _password_wrong(web, visit)) is not None:
        return _show(web, visit, {"present": wrong}, 422)
    web.pages.once.put(visit.session, _BEGUN, web.call("second_factor.begin", user_id=visit.user_id))
    return see_other(PATH)


@routes.get(f"{PATH}/qr.svg", Permission.ACCOUNT)
def picture(web: Web, visit: Visit) -> Any:
    """The QR code of the secret on the page."""
    begun = _peek(web, visit)
    if begun is None:
        return web.pages.missing(visit)
    return qr_code(begun["uri"])


@routes.post(f"{PATH}/confirm", Permission.ACCOUNT)
def confirm(web: Web, visit: Visit) -> Any:
    """The app's first code; then recovery codes are shown, once."""
    try:
        made = web.call("second_factor.confirm", user_id=visit.user_id, code=visit.text("code", 40))
    except Refused as refused:
        return _show(web, visit, {"code": words.problem(refused.problems[0], visit.language)}, 422)
    web.pages.once.take(visit.session, _BEGUN)
    web.pages.once.put(visit.session, _CODES, made["recovery_codes"])
    return web.pages.go(
        visit, PATH, visit.language.gettext("From now on a code is asked for after the password.")
    )


@routes.post(f"{PATH}/remove", Permission.ACCOUNT)
def remove(web: Web, visit: Visit) -> Any:
    """End with one's own second factor."""
    if (wrong := _password_wrong(web, visit)) is not None:
        return _show(web, visit, {"present": wrong}, 422)
    web.call("second_factor.remove", user_id=visit.user_id)
    return web.pages.go(visit, PATH, visit.language.gettext("No code is asked for any more."))


@routes.post("/users/<number:int>/second_factor/remove", Permission.PEOPLE)
def remove_anothers(web: Web, visit: Visit, number: int) -> Any:
    """Take away the second factor of somebody whose telephone is lost."""
    back = f"/users/{number}"
    try:
        web.call("second_factor.remove", user_id=number)
    except Refused as refused:
        return web.pages.refuse(visit, back, refused.problems)
    log.warning("user %s took away the second factor of user %s", visit.user_id, number)
    return web.pages.go(visit, back, visit.language.gettext("The second factor is taken away."))


def _show(web: Web, visit: Visit, errors: dict[str, str] | None = None, status: int = 200) -> HTTPResponse:
    return web.pages.show(
        visit,
        "second_factor",
        status,
        factor=web.reports.second_factor(UserId(visit.user_id)),
        begun=_peek(web, visit),
        codes=web.pages.once.take(visit.session, _CODES),
        wanted=web.settings.second_factor_wanted(visit.person.roles if visit.person else frozenset()),
        errors=errors or {},
        here="account",
    )


def _peek(web: Web, visit: Visit) -> Any:
    begun = web.pages.once.take(visit.session, _BEGUN)
    if begun is not None:
        web.pages.once.put(visit.session, _BEGUN, begun)
    return begun


def _password_wrong(web: Web, visit: Visit) -> str | None:
    """What to say about the present password; None when it is right."""
    assert visit.person is not None
    wait_s = web.throttle.admit(visit.person.login, visit.address)
    if wait_s > 0:
        return visit.language.gettext("Too many tries. Try again in {seconds} s.", seconds=int(wait_s) + 1)
    user = web.reports.user_by_login(visit.person.login)
    if user is None or not passwords.verify(visit.secret("present"), user.password_hash):
        return visit.language.gettext("This is not your present password.")
    web.throttle.succeeded(visit.person.login, visit.address)
    return None
