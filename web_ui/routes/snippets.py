"""Prepared answers: the list with its search, and the form of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web_ui.client import Refused
from web_ui.pages import by_field
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

_TEXTS = ("part", "title_de", "text_de", "title_en", "text_en")
_EMPTY: Mapping[str, Any] = {**dict.fromkeys(_TEXTS, ""), "campaigns": []}


@routes.get("/snippets", Permission.TEXTS)
def index(web: Web, visit: Visit) -> Any:
    """Every prepared answer, or those with all words that were typed."""
    found, search = web.call("snippet.list")["snippets"], visit.query("q")
    words = search.casefold().split()
    shown = [each for each in found if all(word in _whole(each) for word in words)]
    return web.pages.show(
        visit,
        "snippets",
        snippets=shown,
        search=search,
        names=_names(web),
        total=len(found),
        here="scripts",
    )


@routes.get("/snippets/new", Permission.TEXTS)
def new(web: Web, visit: Visit) -> Any:
    """An empty one."""
    return _form(web, visit, None, _EMPTY)


@routes.post("/snippets/new", Permission.TEXTS)
def create(web: Web, visit: Visit) -> Any:
    """Save a new one."""
    return _save(web, visit, None)


@routes.get("/snippets/<number:int>", Permission.TEXTS)
def one(web: Web, visit: Visit, number: int) -> Any:
    """One to change."""
    found = next((each for each in web.call("snippet.list")["snippets"] if each["id"] == number), None)
    return web.pages.missing(visit) if found is None else _form(web, visit, number, found)


@routes.post("/snippets/<number:int>", Permission.TEXTS)
def change(web: Web, visit: Visit, number: int) -> Any:
    """Save it."""
    return _save(web, visit, number)


@routes.post("/snippets/<number:int>/remove", Permission.TEXTS)
def remove(web: Web, visit: Visit, number: int) -> Any:
    """Forget it."""
    try:
        web.call("snippet.remove", id=number)
    except Refused as refused:
        return web.pages.refuse(visit, "/snippets", refused.problems)
    return web.pages.go(visit, "/snippets", visit.language.gettext("The prepared answer is removed."))


def _save(web: Web, visit: Visit, number: int | None) -> Any:
    typed: dict[str, Any] = {name: visit.text(name, 6000) for name in _TEXTS}
    typed["campaigns"] = visit.numbers("campaigns")
    named = {} if number is None else {"id": number}
    try:
        web.call("snippet.save", by=visit.asker["who"], **named, **typed)
    except Refused as refused:
        return _form(web, visit, number, typed, by_field(refused.problems, visit.language))
    return web.pages.go(visit, "/snippets", visit.language.gettext("The prepared answer is saved."))


def _form(
    web: Web,
    visit: Visit,
    number: int | None,
    snippet: Mapping[str, Any],
    errors: Mapping[str, str] | None = None,
) -> Any:
    return web.pages.show(
        visit,
        "snippet",
        status=422 if errors else 200,
        number=number,
        snippet=snippet,
        names=_names(web),
        errors=errors or {},
        here="scripts",
    )


def _names(web: Web) -> Mapping[int, str]:
    return {each.id: each.settings.name for each in web.reports.campaigns()}


def _whole(snippet: Mapping[str, Any]) -> str:
    return " ".join(str(snippet[name]) for name in _TEXTS).casefold()
