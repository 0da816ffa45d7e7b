"""People: agents and administrators, and the credentials of an agent's phone, shown once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firmware.model import PhoneMode, Role, UserId
from web_ui import passwords
from web_ui.client import Refused, ServiceDown
from web_ui.language import LANGUAGES
from web_ui.pages import Note, by_field, see_other
from web_ui.people import LOGIN, password_problem
from web_ui.permissions import Permission
from web_ui.routes.session import end_sessions, logins
from web_ui.routing import Routes
from web_ui.second_factor import qr_code
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()


@routes.get("/users", Permission.PEOPLE)
def index(web: Web, visit: Visit) -> Any:
    """Everybody."""
    users = sorted(
        (u for u in web.reports.users() if u.active), key=lambda u: (sorted(u.roles), u.name.lower())
    )
    return web.pages.show(
        visit,
        "users",
        users=users,
        belongs=_belongs(web),
        live=web.hub.picture.agents,
        waiting=sum(each.state == "open" for each in web.reports.access_requests()),
        here="people",
    )


@routes.get("/users/new", Permission.PEOPLE)
def new(web: Web, visit: Visit) -> Any:
    """The form for a new person."""
    typed: dict[str, Any] = {"roles": ["agent"], "phone_mode": "nailed_up", "language": visit.language.code}
    return _form(web, visit, None, typed, {})


@routes.post("/users", Permission.PEOPLE)
def create(web: Web, visit: Visit) -> Any:
    """Make a person; an agent's phone credentials are shown next, once."""
    typed, errors = _read(visit)
    password, invited = visit.secret("password"), visit.text("how", 10) == "invite"
    weak = password_problem(password, visit.secret("again"), typed["login"], typed["name"], visit.language)
    if weak and not invited:
        errors["password"] = weak
    if errors:
        return _form(web, visit, None, typed, errors, 422)
    first = {} if invited else {"password_hash": passwords.hash_password(password)}
    try:
        made = web.call_with("user.create", {**typed, **first})
    except Refused as refused:
        return _form(web, visit, None, typed, dict(by_field(refused.problems, visit.language)), 422)
    if Role.AGENT in typed["roles"] and made.get("phone_secret"):
        show_once(web, visit, made["id"], made)
    if invited:
        try:
            make_invitation(web, visit, made["id"])
        except Refused as refused:
            return web.pages.refuse(visit, f"/users/{made['id']}", refused.problems)
    return web.pages.go(
        visit, f"/users/{made['id']}", visit.language.gettext("{name} is added.", name=typed["name"])
    )


@routes.get("/users/<number:int>", Permission.PEOPLE)
def one(web: Web, visit: Visit, number: UserId) -> Any:
    """One person."""
    user = web.reports.user(number)
    if user is None or not user.active:
        return web.pages.missing(visit)
    return _form(web, visit, user, _typed(web, user), {})


@routes.post("/users/<number:int>", Permission.PEOPLE)
def update(web: Web, visit: Visit, number: UserId) -> Any:
    """Save a person; an empty password leaves the present one."""
    user = web.reports.user(number)
    if user is None or not user.active:
        return web.pages.missing(visit)
    typed, errors = _read(visit)
    password = visit.secret("password")
    if password:
        weak = password_problem(
            password, visit.secret("again"), typed["login"], typed["name"], visit.language
        )
        if weak:
            errors["password"] = weak
    if errors:
        return _form(web, visit, user, typed, errors, 422)
    change: dict[str, Any] = {"id": number, **typed}
    if password:
        change["password_hash"] = passwords.hash_password(password)
    try:
        web.call_with("user.update", change)
    except Refused as refused:
        return _form(web, visit, user, typed, dict(by_field(refused.problems, visit.language)), 422)
    return web.pages.go(visit, "/users", visit.language.gettext("Saved."))


@routes.post("/users/<number:int>/phone", Permission.PEOPLE)
def new_secret(web: Web, visit: Visit, number: UserId) -> Any:
    """A new secret for the phone; the old one stops working at once."""
    made = web.call("user.new_phone_secret", id=number)
    show_once(web, visit, number, made)
    return see_other(f"/users/{number}")


@routes.post("/users/<number:int>/remove", Permission.PEOPLE)
def remove(web: Web, visit: Visit, number: UserId) -> Any:
    """Take away a person's access; what they did stays on record."""
    user = web.reports.user(number)
    if user is None:
        return web.pages.missing(visit)
    if number == visit.user_id:
        text = visit.language.gettext("You cannot remove yourself.")
        return web.pages.go(visit, f"/users/{number}", text, "refused")
    try:
        web.call("user.remove", id=number)
    except Refused as refused:
        return web.pages.refuse(visit, f"/users/{number}", refused.problems)
    return web.pages.go(
        visit, "/users", visit.language.gettext("{name} has no access any more.", name=user.name)
    )


@routes.post("/users/<number:int>/invite", Permission.PEOPLE)
def invite(web: Web, visit: Visit, number: UserId) -> Any:
    """A new link with which the person sets a password; the one before counts no more."""
    try:
        make_invitation(web, visit, number)
    except Refused as refused:
        return web.pages.refuse(visit, f"/users/{number}", refused.problems)
    return see_other(f"/users/{number}")


@routes.post("/users/<number:int>/invite/revoke", Permission.PEOPLE)
def revoke_invitation(web: Web, visit: Visit, number: UserId) -> Any:
    """The link counts no more."""
    web.pages.once.take(visit.session, f"invitation-{number}")
    try:
        web.call("invitation.revoke", user_id=number)
    except Refused as refused:
        return web.pages.refuse(visit, f"/users/{number}", refused.problems)
    return web.pages.go(visit, f"/users/{number}", visit.language.gettext("The invitation counts no more."))


@routes.get("/users/<number:int>/invitation.svg", Permission.PEOPLE)
def picture(web: Web, visit: Visit, number: UserId) -> Any:
    """The link as a QR code, as long as it stands on the page."""
    link = web.pages.once.look(visit.session, f"invitation-{number}")
    return web.pages.missing(visit) if link is None else qr_code(link)


@routes.post("/users/<number:int>/sessions/revoke", Permission.PEOPLE)
def revoke_session(web: Web, visit: Visit, number: UserId) -> Any:
    """End one of a person's logins, or all of them."""
    return end_sessions(web, visit, number, f"/users/{number}")


def make_invitation(web: Web, visit: Visit, number: UserId, address: str | None = None) -> None:
    """Sent to an address the link is its reader's alone; else it stands on the page once, to be handed over."""
    scheme = "https" if visit.https else "http"
    address = visit.text("address", 254) if address is None else address
    base = f"{scheme}://{visit.request.headers.get('Host', '')}"
    made = web.call(
        "invitation.make",
        user_id=number,
        made_by=visit.user_id,
        address=address,
        base=base if address else "",
    )
    web.pages.once.take(visit.session, f"invitation-{number}")
    if address:
        text = visit.language.gettext("The invitation is on its way to {address}.", address=address)
        web.pages.tell(visit, Note(text))
    else:
        web.pages.once.put(visit.session, f"invitation-{number}", f"{base}/invitation/{made['token']}")


def _belongs(web: Web) -> dict[UserId, str]:
    """Where somebody belongs who does not belong to the whole box."""
    names = {each.id: each.name for each in web.reports.departments()}
    members = web.reports.members() if names else {}
    return {user: ", ".join(sorted(names[each] for each in scope)) for user, scope in members.items()}


def _typed(web: Web, user: Any) -> dict[str, Any]:
    return {
        "departments": web.reports.departments_of(user.id),
        "login": user.login,
        "name": user.name,
        "roles": [str(role) for role in user.roles],
        "phone_mode": str(user.phone_mode),
        "language": user.language,
    }


def _read(visit: Visit) -> tuple[dict[str, Any], dict[str, str]]:
    _ = visit.language.gettext
    names = ("login", "name", "phone_mode", "language")
    typed: dict[str, Any] = {name: visit.text(name, 80) for name in names}
    typed["roles"] = [role.value for role in Role if role.value in visit.texts("role")]
    typed["departments"] = visit.numbers("department")
    typed["login"] = typed["login"].lower()
    errors = {}
    if not typed["name"]:
        errors["name"] = _("Type the name.")
    if not LOGIN.fullmatch(typed["login"]):
        errors["login"] = _("Use 2 to 40 letters, digits, dots or hyphens, beginning with a letter.")
    if not typed["roles"]:
        errors["roles"] = _("Choose at least one role.")
    if typed["phone_mode"] not in set(PhoneMode):
        typed["phone_mode"] = PhoneMode.NAILED_UP.value
    if typed["language"] not in LANGUAGES:
        typed["language"] = visit.language.code
    return typed, errors


def show_once(web: Web, visit: Visit, number: UserId, made: Any) -> None:
    """On the person's page once, and on a sheet for as long as such things are kept."""
    phone = _phone(web, visit, made)
    web.pages.once.put(visit.session, f"phone-{number}", phone)
    web.pages.once.put(visit.session, f"sheet-{number}", phone)


def _phone(web: Web, visit: Visit, made: Any) -> dict[str, str]:
    """What has to be typed into the phone. The server is where this browser reached the box."""
    host = str(visit.request.headers.get("Host", "")).rsplit(":", 1)[0]
    port = next((address.rpartition(":")[2] for address in web.settings.edge_listen), "5060")
    return {
        "user": str(made["phone_user"]),
        "secret": str(made["phone_secret"]),
        "domain": str(made.get("domain") or web.settings.sip_domain),
        "server": f"{host}:{port}",
    }


def _invited(web: Web, number: UserId) -> Mapping[str, Any]:
    """Until when an invitation of this person is good, and where it went; empty where the service cannot say."""
    try:
        found: Mapping[str, Any] = web.call("invitation.of", user_id=number)
    except ServiceDown:
        return {}
    return found


def sends_mail(web: Web) -> bool:
    """Whether invitations can go out by mail."""
    try:
        return bool(web.call("mail.state")["host"])
    except ServiceDown:
        return False


def _form(
    web: Web, visit: Visit, user: Any, typed: dict[str, Any], errors: dict[str, str], status: int = 200
) -> Any:
    phone = web.pages.once.take(visit.session, f"phone-{user.id}") if user is not None else None
    live = web.hub.picture.agents.get(user.id, {}) if user is not None else {}
    invited = _invited(web, user.id) if user is not None else {}
    return web.pages.show(
        visit,
        "user",
        status,
        user=user,
        typed=typed,
        errors=errors,
        departments=web.reports.departments(),
        phone=phone,
        live=live,
        invitation=web.pages.once.look(visit.session, f"invitation-{user.id}") if user is not None else None,
        invited=invited.get("expires_at"),
        invited_at=invited.get("address", ""),
        by_mail=sends_mail(web),
        sessions=logins(web, user.id) if user is not None else (),
        own="",
        factor=user is not None and web.reports.second_factor(user.id) is not None,
        here="people",
    )
