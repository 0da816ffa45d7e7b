"""Asking for access, and deciding who gets it.

Whoever asks gets the same answer whether they, their address or their login are known or not, and may ask a few times
in a quarter of an hour. Who is granted access without having a login is invited, by mail where the box sends any.
"""

from __future__ import annotations

from typing import Any

from firmware.model import Role, UserId
from web_ui.client import Refused
from web_ui.pages import by_field
from web_ui.permissions import Permission
from web_ui.routes.users import make_invitation, sends_mail, show_once
from web_ui.routing import PUBLIC, Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

PATH = "/users/requests"
_THROTTLED = "a request"
"""No login is called so: they have no blanks."""


@routes.get("/ask-access", PUBLIC)
def form(web: Web, visit: Visit) -> Any:
    """What is asked for, by whom."""
    if not web.reports.takes_access_requests() or web.set_up_needed():
        return web.pages.missing(visit)
    return _show(web, visit, {})


@routes.post("/ask-access", PUBLIC)
def ask(web: Web, visit: Visit) -> Any:
    """Pass it on; the answer tells nothing about anybody."""
    if not web.reports.takes_access_requests() or web.set_up_needed():
        return web.pages.missing(visit)
    _ = visit.language.gettext
    wait_s = web.throttle.admit(f"{_THROTTLED} {visit.address}", visit.address)
    if wait_s > 0:
        text = _("Too many tries. Try again in {seconds} s.", seconds=int(wait_s) + 1)
        return _show(web, visit, {"name": text}, 429)
    wish: dict[str, Any] = {
        "name": visit.text("name", 80) if visit.person is None else visit.person.name,
        "address": visit.text("address", 254),
        "roles": [role.value for role in Role if role.value in visit.texts("role")],
        "why": visit.text("why", 500),
        "language": visit.language.code,
    }
    if visit.person is not None:
        wish["user_id"] = visit.user_id
    if not wish["name"]:
        return _show(web, visit, {"name": _("Type the name.")}, 422)
    try:
        web.call_with("admission.ask", wish)
    except Refused as refused:
        return _show(web, visit, dict(by_field(refused.problems, visit.language)), 422)
    return web.pages.show(visit, "ask_access", done=True, errors={}, typed={}, here="")


def _show(web: Web, visit: Visit, errors: dict[str, str], status: int = 200) -> Any:
    typed = {name: visit.text(name, 500) for name in ("name", "address", "why")}
    typed["roles"] = visit.texts("role")  # type: ignore[assignment]
    return web.pages.show(visit, "ask_access", status, done=False, errors=errors, typed=typed, here="")


@routes.get(PATH, Permission.PEOPLE)
def index(web: Web, visit: Visit) -> Any:
    """Who asks, and what became of earlier requests."""
    return _index(web, visit, {}, 0)


@routes.post(f"{PATH}/switch", Permission.PEOPLE)
def switch(web: Web, visit: Visit) -> Any:
    """Let people ask, or not."""
    web.call("admission.set_open", on=visit.text("on") == "1")
    return web.pages.go(visit, PATH, visit.language.gettext("Saved."))


@routes.post(f"{PATH}/<number:int>/grant", Permission.PEOPLE)
def grant(web: Web, visit: Visit, number: int) -> Any:
    """Give the roles; somebody new is invited."""
    found = web.reports.access_request(number)
    if found is None:
        return web.pages.missing(visit)
    roles = [role.value for role in Role if role.value in visit.texts("role")]
    if not roles:
        return _index(web, visit, {"roles": visit.language.gettext("Choose at least one role.")}, number)
    wanted: dict[str, Any] = {"id": number, "roles": roles, "departments": visit.numbers("department")}
    if found.wish.user_id is None:
        wanted["login"] = visit.text("login", 40).lower()
    try:
        told = web.call_with("admission.grant", {**wanted, "who": _who(visit)})
        user, made = UserId(told["user_id"]), told["made"]
        if made is not None:
            if made.get("phone_secret"):
                show_once(web, visit, user, made)
            make_invitation(web, visit, user, found.wish.address if sends_mail(web) else "")
    except Refused as refused:
        if refused.problems[0].key == "admission_gone":
            return web.pages.refuse(visit, PATH, refused.problems)
        return _index(web, visit, dict(by_field(refused.problems, visit.language)), number)
    name = found.wish.name
    return web.pages.go(visit, f"/users/{user}", visit.language.gettext("{name} has access.", name=name))


@routes.post(f"{PATH}/<number:int>/refuse", Permission.PEOPLE)
def refuse(web: Web, visit: Visit, number: int) -> Any:
    """Refuse it, with the reason."""
    if web.reports.access_request(number) is None:
        return web.pages.missing(visit)
    try:
        web.call("admission.refuse", id=number, reason=visit.text("reason", 200), who=_who(visit))
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(visit, PATH, visit.language.gettext("The request is refused."))


def _index(web: Web, visit: Visit, errors: dict[str, str], about: int) -> Any:
    found = web.reports.access_requests()
    return web.pages.show(
        visit,
        "access_requests",
        422 if errors else 200,
        waiting=[each for each in found if each.state == "open"],
        decided=[each for each in found if each.state != "open"],
        people={user.id: user for user in web.reports.users()},
        departments=web.reports.departments(),
        belongs={key: set(scope) for key, scope in web.reports.members().items()},
        takes=web.reports.takes_access_requests(),
        by_mail=sends_mail(web),
        errors=errors,
        about=about,
        typed_login=visit.text("login", 40) if about else "",
        here="people",
    )


def _who(visit: Visit) -> str:
    return visit.person.name if visit.person else ""
