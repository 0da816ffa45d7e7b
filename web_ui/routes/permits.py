"""Permission: why a contact is not called, the chain of permits and its sheets, and the rules with their sources."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from bottle import HTTPResponse

from web_ui import rule_words, words
from web_ui.client import Refused
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

READING_S = 300.0
"""How long reading a chain of millions of permits may take."""


@routes.get("/permits", Permission.PROOF)
def index(web: Web, visit: Visit) -> Any:
    """Where every question about permission begins."""
    return _index(web, visit)


@routes.post("/permits/verify", Permission.PROOF)
def verify(web: Web, visit: Visit) -> Any:
    """Read the whole chain and say what was found."""
    noted = visit.text("head", 64)
    return _index(web, visit, verdict=web.call("permit.verify", READING_S, noted=noted), noted=noted)


@routes.get("/permits/person.pdf", Permission.PROOF)
def person(web: Web, visit: Visit) -> Any:
    """Everything about one number, on paper."""
    number = visit.query("number")
    try:
        return _paper(web, visit, number=number)
    except Refused as refused:
        errors = {"number": words.problem(refused.problems[0], visit.language)}
        return _index(web, visit, 422, errors=errors, typed=number)


@routes.get("/attempts/<uid>/permit.pdf", Permission.PROOF)
def attempt(web: Web, visit: Visit, uid: str) -> Any:
    """One attempt with its permit, on paper."""
    if web.reports.attempt(uid) is None:
        return web.pages.missing(visit)
    return _paper(web, visit, uid=uid)


@routes.get("/why", Permission.PROOF)
def why(web: Web, visit: Visit) -> Any:
    """Why a contact is not called, and when it may be."""
    number, contact = visit.query("number"), visit.query("contact")
    args: dict[str, Any] = {"contact": int(contact)} if contact.isdigit() else {"number": number}
    told: Mapping[str, Any] | None = None
    errors: dict[str, str] = {}
    if number or contact.isdigit():
        try:
            told = web.call_with("contact.why", args)
        except Refused as refused:
            errors["number"] = words.problem(refused.problems[0], visit.language)
    return web.pages.show(
        visit,
        "why",
        422 if errors else 200,
        told=told,
        typed=number,
        errors=errors,
        names=rule_words,
        here="permits",
    )


@routes.get("/rules", Permission.PROOF)
def rules(web: Web, visit: Visit) -> Any:
    """The rule packs, one of them in full."""
    packs = web.call("rules.packs")["packs"]
    wanted = visit.query("pack") or web.settings.country.lower()
    pack = next((each for each in packs if each["name"] == wanted), packs[0])
    rows = rule_words.rows(pack, visit.language)
    return web.pages.show(visit, "rules", packs=packs, pack=pack, rows=rows, names=rule_words, here="permits")


def _index(
    web: Web,
    visit: Visit,
    status: int = 200,
    *,
    verdict: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    typed: str = "",
    noted: str = "",
) -> Any:
    return web.pages.show(
        visit,
        "permits",
        status,
        head=web.call("permit.head"),
        verdict=verdict,
        errors=errors or {},
        typed=typed,
        noted=noted,
        here="permits",
    )


def _paper(web: Web, visit: Visit, **whom: str) -> HTTPResponse:
    made = web.call("permit.paper", READING_S, language=visit.language.code, **whom)
    return HTTPResponse(
        base64.b64decode(made["content"]),
        200,
        {
            "Content-Type": "application/pdf",
            "Content-Disposition": f'attachment; filename="{made["name"]}"',
            "Cache-Control": "no-store",
        },
    )
