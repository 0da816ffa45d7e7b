"""Tokens for other programs, and the page that tells what they can ask."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from web_ui import api_view
from web_ui.api.nouns import ENDPOINTS
from web_ui.client import Refused
from web_ui.pages import by_field
from web_ui.permissions import Permission
from web_ui.routing import PUBLIC, Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

USUAL_RATE = 300


@routes.get("/api", PUBLIC)
def documentation(web: Web, visit: Visit) -> Any:
    """Every endpoint with a command to try; it tells nothing about this box."""
    base = f"{'https' if visit.https else 'http'}://{visit.request.headers.get('Host', 'box')}"
    sections = api_view.sections(ENDPOINTS, base, visit.language)
    return web.pages.show(
        visit, "api", sections=sections, events=api_view.EVENTS, scopes=api_view.SCOPES, here="api"
    )


@routes.get("/settings/api", Permission.PROGRAMS)
def index(web: Web, visit: Visit) -> Any:
    """Every token, and the one just made in full."""
    typed = {"name": "", "sources": "", "rate": str(USUAL_RATE), "until": "", "scopes": []}
    return _show(web, visit, typed, {})


@routes.post("/settings/api", Permission.PROGRAMS)
def create(web: Web, visit: Visit) -> Any:
    """Make a token; it is shown once."""
    typed = {name: visit.text(name, 500) for name in ("name", "sources", "rate", "until", "department")}
    scopes = [scope for scope in visit.texts("scopes") if scope in api_view.SCOPES]
    args, errors = _args(typed, scopes, visit)
    if errors:
        return _show(web, visit, {**typed, "scopes": scopes}, errors)
    try:
        made = web.call_with("token.create", {**args, "by": visit.person.name if visit.person else ""})
    except Refused as refused:
        places = {"expires_at": "until"}
        found = by_field(refused.problems, visit.language)
        return _show(
            web,
            visit,
            {**typed, "scopes": scopes},
            {places.get(name, name): text for name, text in found.items()},
        )
    web.pages.once.put(visit.session, "token", made["token"])
    return web.pages.go(visit, "/settings/api", visit.language.gettext("The token is made. Copy it now."))


@routes.post("/settings/api/<number:int>/revoke", Permission.PROGRAMS)
def revoke(web: Web, visit: Visit, number: int) -> Any:
    """Let a token count no more."""
    try:
        web.call("token.revoke", id=number, by=visit.person.name if visit.person else "")
    except Refused as refused:
        return web.pages.refuse(visit, "/settings/api", refused.problems)
    return web.pages.go(visit, "/settings/api", visit.language.gettext("The token counts no more."))


def _args(typed: dict[str, str], scopes: list[str], visit: Visit) -> tuple[dict[str, Any], dict[str, str]]:
    """What the service is asked, and what is wrong with the form."""
    _ = visit.language.gettext
    errors: dict[str, str] = {}
    if not typed["name"]:
        errors["name"] = _("Say what the token is for.")
    if not scopes:
        errors["scopes"] = _("Choose at least one permission.")
    rate = int(typed["rate"]) if typed["rate"].isascii() and typed["rate"].isdigit() else 0
    if not 1 <= rate <= 100_000:
        errors["rate"] = _("Between 1 and 100,000.")
    args: dict[str, Any] = {"name": typed["name"][:80], "scopes": scopes, "rate": rate}
    args["department"] = next(iter(visit.numbers("department")), None)
    args["sources"] = typed["sources"].replace(",", " ").split()[:32]
    if typed["until"]:
        try:
            after = date.fromisoformat(typed["until"]) + timedelta(days=1)
        except (ValueError, OverflowError):
            errors["until"] = _("Please write dates as the calendar does: year-month-day.")
        else:
            args["expires_at"] = datetime.combine(after, time(), visit.language.zone).timestamp()
    return args, errors


def _show(web: Web, visit: Visit, typed: dict[str, Any], errors: dict[str, str]) -> Any:
    return web.pages.show(
        visit,
        "api_tokens",
        422 if errors else 200,
        tokens=web.reports.api_tokens(),
        departments=web.reports.departments(),
        belongs=web.reports.things(),
        made=web.pages.once.take(visit.session, "token"),
        scopes=api_view.SCOPES,
        typed=typed,
        errors=errors,
        now=datetime.now(visit.language.zone).timestamp(),
        here="api",
    )
