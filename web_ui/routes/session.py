"""Logging in and out, the language, and one's own password."""

from __future__ import annotations

import logging
import secrets
from typing import Any
from urllib.parse import urlsplit

from bottle import HTTPResponse

from firmware.model import Role, UserId
from web_ui import passwords
from web_ui.client import Refused, ServiceDown
from web_ui.language import LANGUAGES
from web_ui.pages import Note, see_other
from web_ui.people import browser, password_problem
from web_ui.permissions import Permission, home
from web_ui.routing import PUBLIC, Routes
from web_ui.second_factor import Waiting
from web_ui.visit import ABSOLUTE_S, Visit, cookie_name, hash_of, set_cookie
from web_ui.web import Web

routes = Routes()
log = logging.getLogger("web_ui.session")
ONE_YEAR_S = 365 * 86400.0


@routes.get("/", PUBLIC)
def start(_web: Web, visit: Visit) -> Any:
    """Where everybody begins."""
    if visit.person is not None:
        return see_other(home(visit.person.roles))
    return see_other("/login")


@routes.get("/login", PUBLIC)
def form(web: Web, visit: Visit) -> Any:
    """Ask who it is; on a new box, go to the set-up page."""
    if visit.person is not None:
        return start(web, visit)
    if web.set_up_needed():
        return see_other("/setup")
    return _show(web, visit, visit.query("next"))


@routes.post("/login", PUBLIC)
def log_in(web: Web, visit: Visit) -> Any:
    """Check name and password; the same answer for an unknown name and a wrong password."""
    login = visit.text("login", 100).lower()
    wait_s = web.throttle.admit(login, visit.address)
    if wait_s > 0:
        text = visit.language.gettext("Too many tries. Try again in {seconds} s.", seconds=int(wait_s) + 1)
        return _show(web, visit, visit.text("next"), login, text, 429)
    user = web.reports.user_by_login(login)
    usable = user is not None and user.active
    if not passwords.verify(
        visit.secret("password"), (user.password_hash or None) if user and usable else None
    ):
        log.warning("login refused for %r from %s", login, visit.address)
        text = visit.language.gettext("Name or password is wrong.")
        return _show(web, visit, visit.text("next"), login, text, 401)
    assert user is not None
    web.throttle.succeeded(login, visit.address)
    if web.reports.second_factor(user.id) is not None:
        return ask_for_code(web, visit, Waiting(user.id, login, user.roles, visit.text("next")))
    log.info("user %s logged in from %s", user.id, visit.address)
    return begin(web, visit, user.id, user.roles, visit.text("next"))


def ask_for_code(
    web: Web, visit: Visit, waiting: Waiting, error: str = "", status: int = 200
) -> HTTPResponse:
    """The page that asks for the code; what is known so far waits under a ticket nobody can guess."""
    ticket = secrets.token_hex(16)
    web.pages.once.put(ticket, "waiting", waiting)
    return web.pages.show(visit, "login_code", status, ticket=ticket, error=error, here="")


def begin(
    web: Web, visit: Visit, user_id: int, roles: frozenset[Role], path: str, note: Note | None = None
) -> HTTPResponse:
    """Open a new session, whatever session there was before, and send the browser on."""
    old = visit.request.get_cookie(cookie_name(visit.https))
    browser_said = str(visit.request.headers.get("User-Agent", ""))[:300]
    place = {"address": visit.address[:60], "browser": browser_said}
    token = str(web.call_with("session.open", {"user_id": user_id, "ttl_s": ABSOLUTE_S, **place})["token"])
    if old:
        _close(web, str(old))
    if note is not None:
        web.pages.once.put(hash_of(token), "notes", [note])
    wanted = urlsplit(path).path if path.startswith("/") else ""
    answer = see_other(wanted if wanted not in ("", "/") else home(roles))
    set_cookie(answer, cookie_name(visit.https), token, visit.https)
    return answer


@routes.post("/logout", Permission.ACCOUNT)
def log_out(web: Web, visit: Visit) -> Any:
    """End the session here and in the service; an agent's desk is left as well."""
    assert visit.person is not None
    if visit.may(Permission.DESK):
        try:
            web.call("desk.log_out", user_id=visit.user_id)
        except (ServiceDown, Refused) as error:
            log.info("user %s logged out, the desk was not left: %s", visit.user_id, error)
    _close(web, visit.token)
    answer = see_other("/login")
    set_cookie(answer, cookie_name(visit.https), "", visit.https, max_age_s=0)
    return answer


@routes.post("/language", PUBLIC)
def language(web: Web, visit: Visit) -> Any:
    """Change the language of the pages; with a login, for good."""
    code = visit.text("language", 5)
    answer = see_other(urlsplit(visit.text("back")).path or "/")
    if code in LANGUAGES:
        set_cookie(answer, "language", code, visit.https, ONE_YEAR_S)
        if visit.person is not None:
            web.call("user.update", id=visit.user_id, language=code)
    return answer


@routes.get("/account", Permission.ACCOUNT)
def account(web: Web, visit: Visit) -> Any:
    """One's own password, language and logins."""
    return _account(web, visit, {})


@routes.post("/account/sessions/revoke", Permission.ACCOUNT)
def revoke_session(web: Web, visit: Visit) -> Any:
    """End one of one's own logins, or all but this one."""
    return end_sessions(web, visit, UserId(visit.user_id), "/account")


def logins(web: Web, user: UserId) -> list[dict[str, Any]]:
    """Where somebody is logged in, the last used first; nothing while the service cannot say."""
    try:
        found = web.call("session.list", user_id=user)["sessions"]
    except ServiceDown:
        return []
    return [{**each, "browser": browser(str(each["browser"]))} for each in found]


def end_sessions(web: Web, visit: Visit, user: UserId, back: str) -> HTTPResponse:
    """End the login a form names, or all of them; never the one the form came with."""
    name = visit.text("name", 16)
    try:
        if name:
            web.call("session.revoke", user_id=user, name=name)
        else:
            web.call("session.revoke_all", user_id=user, but=visit.session)
    except Refused as refused:
        return web.pages.refuse(visit, back, refused.problems)
    log.info("user %s ended logins of user %s", visit.user_id, user)
    _ = visit.language.gettext
    return web.pages.go(visit, back, _("This login has ended.") if name else _("Logged out everywhere else."))


@routes.post("/account/password", Permission.ACCOUNT)
def change_password(web: Web, visit: Visit) -> Any:
    """Change one's own password; the present one must be known."""
    assert visit.person is not None
    _ = visit.language.gettext
    errors = {}
    wait_s = web.throttle.admit(visit.person.login, visit.address)
    user = web.reports.user_by_login(visit.person.login)
    if wait_s > 0:
        errors["present"] = _("Too many tries. Try again in {seconds} s.", seconds=int(wait_s) + 1)
    elif user is None or not passwords.verify(visit.secret("present"), user.password_hash):
        errors["present"] = _("This is not your present password.")
    else:
        web.throttle.succeeded(visit.person.login, visit.address)
    new = visit.secret("password")
    weak = password_problem(new, visit.secret("again"), visit.person.login, visit.person.name, visit.language)
    if weak:
        errors["password"] = weak
    if errors:
        return _account(web, visit, errors, 422)
    web.call("user.update", id=visit.user_id, password_hash=passwords.hash_password(new))
    note = Note(_("The password is changed."))
    return begin(web, visit, visit.user_id, visit.person.roles, "/account", note)


def _account(web: Web, visit: Visit, errors: dict[str, str], status: int = 200) -> HTTPResponse:
    found = logins(web, UserId(visit.user_id))
    own = next((each["name"] for each in found if visit.session.startswith(each["name"])), "")
    return web.pages.show(visit, "account", status, errors=errors, sessions=found, own=own, here="account")


def _close(web: Web, token: str) -> None:
    try:
        web.call("session.close", token_hash=hash_of(token))
    except (ServiceDown, Refused) as error:
        log.info("session not closed: %s", error)


def _show(web: Web, visit: Visit, path: str, login: str = "", error: str = "", status: int = 200) -> Any:
    asks = web.takes_access_requests()
    return web.pages.show(visit, "login", status, next=path, login=login, error=error, asks=asks, here="")
