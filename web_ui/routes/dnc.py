"""DNC lists: numbers that are never dialled. Every removal can be taken back at once, and everything is on record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote

from firmware.model import Problem
from web_ui import rule_words, words
from web_ui.client import Refused, problem_from
from web_ui.language import N_
from web_ui.pages import see_other
from web_ui.permissions import Permission
from web_ui.routes.lists import take_file
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

MOST_PASTED = 10_000
SEPARATORS = re.compile(r"[\n\r,;\t]+")
WAYS = {
    "add": N_("Block these numbers besides those of the list"),
    "register": N_("These are all: take the place of the register there is"),
    "join": N_("Add them to the register there is"),
}
"""What becomes of an uploaded file."""


@routes.get("/dnc", Permission.DNC)
def index(web: Web, visit: Visit) -> Any:
    """Every DNC list."""
    return _lists(web, visit)


@routes.post("/dnc", Permission.DNC)
def create(web: Web, visit: Visit) -> Any:
    """A new, empty list."""
    name = visit.text("name", 80)
    if not name:
        errors = {"name": visit.language.gettext("Give the list a name.")}
        return _lists(web, visit, 422, errors, name)
    try:
        made = web.call("dnc.create", name=name)
    except Refused as refused:
        return web.pages.refuse(visit, "/dnc", refused.problems)
    return see_other(f"/dnc/{made['id']}")


@routes.get("/dnc/<number:int>", Permission.DNC)
def one(web: Web, visit: Visit, number: int) -> Any:
    """One list: look for a number, add some, remove one."""
    return _show(web, visit, number, "", (), 200)


@routes.get("/dnc/<number:int>/history", Permission.DNC)
def history(web: Web, visit: Visit, number: int) -> Any:
    """What happened to a list: who, when, how and why."""
    found = next((each for each in web.reports.dnc_lists() if each.id == number), None)
    if found is None:
        return web.pages.missing(visit)
    changes = web.reports.dnc_changes(number, visit.page())
    return web.pages.show(visit, "dnc_history", dnc=found, changes=changes, here="dnc")


@routes.get("/dnc/number", Permission.DNC)
def one_number(web: Web, visit: Visit) -> Any:
    """What is known of one number: which lists block it, and everything there ever was."""
    asked, told = visit.query("number"), None
    errors: dict[str, str] = {}
    if asked:
        try:
            told = web.call("dnc.number", number=asked)
        except Refused as refused:
            errors["number"] = words.problem(refused.problems[0], visit.language)
    return web.pages.show(
        visit, "dnc_number", 422 if errors else 200, asked=asked, told=told, errors=errors, here="dnc"
    )


@routes.post("/dnc/<number:int>/add", Permission.DNC)
def add(web: Web, visit: Visit, number: int) -> Any:
    """Add the pasted numbers; those that are none stay in the field with the reason."""
    pasted = [n for n in (part.strip() for part in SEPARATORS.split(visit.text("numbers", 400_000))) if n]
    if not pasted:
        return see_other(f"/dnc/{number}")
    if len(pasted) > MOST_PASTED:
        text = visit.language.gettext(
            "Paste at most {count} numbers at once.", count=visit.language.number(MOST_PASTED)
        )
        return web.pages.go(visit, f"/dnc/{number}", text, "refused")
    args = {
        "list_id": number,
        "numbers": pasted,
        "source": visit.text("source", 40) or "web",
        "expires_at": _end_of(visit, visit.text("until", 10)),
        "who": _who(visit),
        "why": visit.text("why", 200),
    }
    try:
        result = web.call_with("dnc.add", args)
    except Refused as refused:
        return _show(web, visit, number, "", refused.problems, 422, pasted)
    added = int(result.get("added", 0))
    text = visit.language.ngettext("{count} number is blocked.", "{count} numbers are blocked.", added)
    problems = result.get("problems") or ()
    if not problems:
        return web.pages.go(visit, f"/dnc/{number}", text)
    return _show(web, visit, number, text, problems, 422, pasted)


@routes.post("/dnc/<number:int>/remove", Permission.DNC)
def remove(web: Web, visit: Visit, number: int) -> Any:
    """Remove one number; the note offers to take it back."""
    phone = visit.text("phone", 40)
    try:
        web.call("dnc.remove", list_id=number, numbers=[phone], source="web", who=_who(visit))
    except Refused as refused:
        return web.pages.refuse(visit, f"/dnc/{number}", refused.problems)
    return web.pages.go(
        visit,
        f"/dnc/{number}",
        visit.language.gettext("{number} may be called again.", number=visit.language.phone(phone)),
        undo_path=f"/dnc/{number}/add",
        undo_fields=(("numbers", phone), ("source", "undo")),
    )


@routes.post("/dnc/<number:int>/upload", Permission.DNC)
def upload(web: Web, visit: Visit, number: int) -> Any:
    """Block every number of a file, as entries or as the list's register."""
    name, mistake = take_file(web, visit)
    path = web.uploads.path(name)
    if path is None:
        return web.pages.go(visit, f"/dnc/{number}", mistake, "refused")
    way = visit.text("way", 10)
    args: dict[str, Any] = {
        "list_id": number,
        "path": str(path),
        "country": visit.text("country", 2).upper() or web.settings.country,
        "who": _who(visit),
    }
    if way in ("register", "join"):
        args |= {"keep": way == "join", "why": visit.text("why", 200)}
    try:
        job = web.call_with("dnc.load_register" if "keep" in args else "dnc.import", args)["job"]
    except Refused as refused:
        web.uploads.forget(name)
        return web.pages.refuse(visit, f"/dnc/{number}", refused.problems)
    return see_other(f"/lists/import/{job}")


@routes.post("/dnc/<number:int>/register", Permission.DNC)
def mark_register(web: Web, visit: Visit, number: int) -> Any:
    """Say which national register the list is, and how old it may be."""
    typed = visit.text("days", 6)
    days = int(typed) if typed.isascii() and typed.isdigit() else 0
    args = {"list_id": number, "name": visit.text("register", 20), "days": days}
    try:
        web.call_with("dnc.mark_register", args)
    except Refused as refused:
        return web.pages.refuse(visit, f"/dnc/{number}", refused.problems)
    return web.pages.go(visit, f"/dnc/{number}", visit.language.gettext("Saved."))


@routes.post("/dnc/<number:int>/service", Permission.DNC)
def set_service(web: Web, visit: Visit, number: int) -> Any:
    """Let the list stand for an external service."""
    args = {
        "list_id": number,
        "url": visit.text("url", 500),
        "token": visit.secret("token")[:500],
        "timeout_s": _figure(visit, "timeout_s", 5),
        "keep_s": _figure(visit, "keep_h", 24) * 3600,
    }
    return _service(web, visit, number, "dnc.set_service", args)


@routes.post("/dnc/<number:int>/service/remove", Permission.DNC)
def remove_service(web: Web, visit: Visit, number: int) -> Any:
    """Let the list be an ordinary one again."""
    return _service(web, visit, number, "dnc.remove_service", {"list_id": number})


@routes.post("/dnc/<number:int>/ask", Permission.DNC)
def ask_service(web: Web, visit: Visit, number: int) -> Any:
    """Ask the service about one number, to see that it answers."""
    try:
        told = web.call("dnc.ask_service", 70.0, list_id=number, number=visit.text("number", 40))
    except Refused as refused:
        return web.pages.refuse(visit, f"/dnc/{number}", refused.problems)
    _, phone = visit.language.gettext, visit.language.phone(told["number"])
    text = (
        _("{number} is blocked.", number=phone)
        if told["blocked"]
        else _("{number} is not blocked.", number=phone)
    )
    return web.pages.go(visit, f"/dnc/{number}", " ".join(filter(None, (text, told["line_type"]))))


@routes.post("/dnc/<number:int>/delete", Permission.DNC)
def delete(web: Web, visit: Visit, number: int) -> Any:
    """Delete a list no campaign asks."""
    try:
        web.call("dnc.delete", id=number, who=_who(visit))
    except Refused as refused:
        return web.pages.refuse(visit, f"/dnc/{number}", refused.problems)
    return web.pages.go(visit, "/dnc", visit.language.gettext("The DNC list is deleted."))


def _lists(
    web: Web, visit: Visit, status: int = 200, errors: Mapping[str, str] | None = None, typed: str = ""
) -> Any:
    return web.pages.show(
        visit,
        "dnc_lists",
        status,
        lists=web.reports.dnc_lists(),
        ages=web.reports.register_ages(datetime.now().timestamp()),
        here="dnc",
        errors=errors or {},
        typed=typed,
    )


def _show(
    web: Web,
    visit: Visit,
    number: int,
    told: str,
    problems: Any,
    status: int,
    pasted: list[str] | None = None,
) -> Any:
    found = next((each for each in web.reports.dnc_lists() if each.id == number), None)
    if found is None:
        return web.pages.missing(visit)
    search = visit.query("search")
    return web.pages.show(
        visit,
        "dnc_list",
        status,
        dnc=found,
        entries=web.reports.dnc_entries(number, search=search, page=visit.page()),
        beginnings=web.reports.dnc_beginnings(number),
        service=web.reports.scrub_service(number),
        age=web.reports.register_ages(datetime.now().timestamp()).get(number),
        registers=rule_words.REGISTERS,
        ways=WAYS,
        country=web.settings.country,
        now=datetime.now().timestamp(),
        search=search,
        told=told,
        refused=_refused(problems, pasted or []),
        quote=quote,
        here="dnc",
    )


def _who(visit: Visit) -> str:
    """Who answers for a change, as the history will name them."""
    return visit.person.login if visit.person is not None else ""


def _service(web: Web, visit: Visit, number: int, do: str, args: dict[str, Any]) -> Any:
    try:
        web.call_with(do, args)
    except Refused as refused:
        return web.pages.refuse(visit, f"/dnc/{number}", refused.problems)
    return web.pages.go(visit, f"/dnc/{number}", visit.language.gettext("The scrub service is changed."))


def _figure(visit: Visit, name: str, default: float) -> float:
    """A number as typed; the service refuses what it cannot be."""
    text = visit.text(name, 20).replace(",", ".")
    try:
        return float(text) if text else default
    except ValueError:
        return -1.0


def _end_of(visit: Visit, day: str) -> float | None:
    """The end of a day (ISO 8601) by the office's clock; None where no day is given."""
    try:
        after = date.fromisoformat(day) + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    return datetime.combine(after, time(), visit.language.zone).timestamp()


def _refused(problems: Any, pasted: list[str]) -> list[tuple[str, Any]]:
    """What could not be taken, each with its problem; ``where`` is the number or its place among the pasted."""
    found = []
    for raw in problems:
        problem = raw if isinstance(raw, Problem) else problem_from(raw)
        place = re.search(r"\d+", problem.where)
        index = int(place.group()) if place else -1
        text = pasted[index] if 0 <= index < len(pasted) else problem.where
        found.append((text, problem))
    return found
