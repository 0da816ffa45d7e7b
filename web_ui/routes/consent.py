"""Consent: what is on record for a number, adding a record, and taking one back."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from web_ui import rule_words, words
from web_ui.client import Refused
from web_ui.language import Language
from web_ui.pages import by_field
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

FIELDS = ("number", "purpose", "source", "wording", "given_on", "until_on", "proof")


@routes.get("/consent", Permission.CONSENTS)
def index(web: Web, visit: Visit) -> Any:
    """Everything on record for one number."""
    number = visit.query("number")
    errors: dict[str, str] = {}
    told: Any = None
    if number:
        try:
            told = web.call("consent.of", number=number)
        except Refused as refused:
            errors["number"] = words.problem(refused.problems[0], visit.language)
    return _show(web, visit, told, {"number": number}, errors)


@routes.post("/consent", Permission.CONSENTS)
def add(web: Web, visit: Visit) -> Any:
    """Keep a record."""
    typed = {name: visit.text(name) for name in FIELDS}
    try:
        args = _args(typed, visit.language)
        made = web.call("consent.add", by=visit.person.name if visit.person else "", **args)
    except ValueError:
        errors = {
            "given_on": visit.language.gettext("Please write dates as the calendar does: year-month-day.")
        }
        return _show(web, visit, None, typed, errors)
    except Refused as refused:
        found = by_field(refused.problems, visit.language)
        places = {"": "number", "given_at": "given_on", "until": "until_on"}
        return _show(web, visit, None, typed, {places.get(name, name): text for name, text in found.items()})
    text = visit.language.gettext("Kept as record {number}.", number=made["id"])
    return web.pages.go(visit, f"/consent?number={_plain(typed['number'])}", text)


@routes.post("/consent/<number:int>/withdraw", Permission.CONSENTS)
def withdraw(web: Web, visit: Visit, number: int) -> Any:
    """The person takes a consent back."""
    back = f"/consent?number={_plain(visit.text('back', 40))}"
    source = visit.text("source", 200) or visit.language.gettext("told the office")
    try:
        web.call("consent.withdraw", id=number, source=source, by=visit.person.name if visit.person else "")
    except Refused as refused:
        return web.pages.refuse(visit, back, refused.problems)
    return web.pages.go(visit, back, visit.language.gettext("Withdrawn. It counts from this moment."))


def _args(typed: dict[str, str], language: Language) -> dict[str, Any]:
    """What the service is asked. Raises ValueError for a date nobody can read."""
    given: dict[str, Any] = {
        name: typed[name] for name in ("number", "purpose", "source", "wording", "proof")
    }
    if typed["given_on"]:
        given["given_at"] = _moment(typed["given_on"], language)
    if typed["until_on"]:
        given["until"] = _moment(typed["until_on"], language)
    return given


def _moment(text: str, language: Language) -> float:
    """The beginning of a day in the office's zone, UTC seconds."""
    return datetime.combine(date.fromisoformat(text), time(), language.zone).timestamp()


def _plain(number: str) -> str:
    """A number as part of an address."""
    return "".join(f"%{ord(c):02X}" if c in "+ " else c for c in number if c.isalnum() or c in "+ -/()")


def _show(web: Web, visit: Visit, told: Any, typed: dict[str, str], errors: dict[str, str]) -> Any:
    return web.pages.show(
        visit,
        "consent",
        422 if errors else 200,
        told=told,
        typed={**dict.fromkeys(FIELDS, ""), **typed},
        errors=errors,
        names=rule_words,
        here="permits",
    )
