"""Departments: what there is, what belongs to each, and the page on which things are moved. People: ``users``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firmware.model import DepartmentId, Owned
from web_ui.client import Refused
from web_ui.department_words import KINDS
from web_ui.pages import by_field
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

PATH = "/departments"
Things = Mapping[Owned, Mapping[int | str, str]]
"""Of each kind what could be here: what is here already or the whole box's, by key."""


@routes.get(PATH, Permission.PEOPLE)
def index(web: Web, visit: Visit) -> Any:
    """All of them, and a form for one more."""
    return _show(web, visit, "", {})


@routes.post(PATH, Permission.PEOPLE)
def create(web: Web, visit: Visit) -> Any:
    """Found one; its page is next, where things are moved to it."""
    name = visit.text("name", 80)
    if not name:
        return _show(web, visit, name, {"name": visit.language.gettext("Type the name.")}, 422)
    try:
        made = web.call("department.create", name=name, by=visit.person.name if visit.person else "")
    except Refused as refused:
        return _show(web, visit, name, dict(by_field(refused.problems, visit.language)), 422)
    return web.pages.go(visit, f"{PATH}/{made['id']}")


@routes.get(f"{PATH}/<number:int>", Permission.PEOPLE)
def one(web: Web, visit: Visit, number: DepartmentId) -> Any:
    """One: its people, and what belongs to it."""
    found = _found(web, number)
    if found is None:
        return web.pages.missing(visit)
    members = web.reports.members()
    people = [user for user in web.reports.users() if user.active and number in members.get(user.id, ())]
    here, things = _things(web, number)
    return web.pages.show(
        visit,
        "department",
        department=found,
        people=people,
        things=things,
        mine=here,
        kinds=KINDS,
        errors={},
        here="people",
    )


@routes.post(f"{PATH}/<number:int>", Permission.PEOPLE)
def save(web: Web, visit: Visit, number: DepartmentId) -> Any:
    """Its name, and what belongs to it: what is ticked; what was and is not any more becomes the whole box's."""
    found = _found(web, number)
    if found is None:
        return web.pages.missing(visit)
    mine, things = _things(web, number)
    name = visit.text("name", 80)
    try:
        if name and name != found.name:
            web.call("department.rename", id=number, name=name)
        for kind, known in things.items():
            wanted = {*visit.texts(str(kind))}
            for key in known:
                if (str(key) in wanted) != ((kind, key) in mine):
                    _move(web, kind, key, number if str(key) in wanted else None)
    except Refused as refused:
        return web.pages.refuse(visit, f"{PATH}/{number}", refused.problems)
    return web.pages.go(visit, f"{PATH}/{number}", visit.language.gettext("Saved."))


@routes.post(f"{PATH}/<number:int>/remove", Permission.PEOPLE)
def remove(web: Web, visit: Visit, number: DepartmentId) -> Any:
    """Close one that is empty."""
    try:
        web.call("department.remove", id=number)
    except Refused as refused:
        return web.pages.refuse(visit, f"{PATH}/{number}", refused.problems)
    return web.pages.go(visit, PATH, visit.language.gettext("The department is closed."))


def _move(web: Web, kind: Owned, key: int | str, department: DepartmentId | None) -> None:
    named = {"queue": key} if kind is Owned.QUEUE else {"object": key}
    web.call_with("department.move", {"kind": str(kind), "department": department, **named})


def _things(web: Web, number: DepartmentId) -> tuple[set[tuple[Owned, int | str]], Things]:
    """What belongs here, and what could: things of other departments are moved out there first."""
    of = web.reports.things()
    every: dict[Owned, dict[int | str, str]] = {}
    for kind in KINDS:
        every[kind] = dict(web.reports.names_of(kind).items())
    every[Owned.QUEUE] = {name: name for name in web.call("inbound.list")["rules"]}
    shown = {
        kind: {key: name for key, name in known.items() if of.get((kind, key), number) == number}
        for kind, known in every.items()
    }
    return {thing for thing, department in of.items() if department == number}, shown


def _found(web: Web, number: DepartmentId) -> Any:
    return next((each for each in web.reports.departments() if each.id == number), None)


def _show(web: Web, visit: Visit, name: str, errors: dict[str, str], status: int = 200) -> Any:
    return web.pages.show(
        visit,
        "departments",
        status,
        departments=web.reports.departments(),
        typed={"name": name},
        errors=errors,
        here="people",
    )
