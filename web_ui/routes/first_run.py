"""The first run: one step a page, each can be skipped and come back to; at its end a sheet to print."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Any

from firmware.model import UserId
from web_ui import first_run, words
from web_ui.appliance_words import TRUNK_TEST
from web_ui.client import Refused
from web_ui.language import Language
from web_ui.pages import by_field, see_other
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

PATH = "/first-run"
_FIELDS = (
    "name", "language", "country", "zone", "require", "names", "host", "port", "transport", "username", "register",
    "lines", "caller_ids", "hours", "closed", "greeting", "folder", "at", "keep_days",
)  # fmt: skip
_TRIED = "trunk-tried"


@routes.get(PATH, Permission.BOX)
def index(web: Web, visit: Visit) -> Any:  # noqa: ARG001
    """On to the first step that is still to do."""
    states = web.call("first_run.state")["steps"]
    return see_other(f"{PATH}/{first_run.first_open(states)}")


@routes.get(f"{PATH}/<name>", Permission.BOX)
def step(web: Web, visit: Visit, name: str) -> Any:
    """One step."""
    if name not in first_run.STEPS:
        return web.pages.missing(visit)
    settings = web.call("settings.state")
    typed = first_run.shown(name, settings, visit.query("provider"))
    return _show(web, visit, name, settings, typed, {})


@routes.post(f"{PATH}/<name>", Permission.BOX)
def save(web: Web, visit: Visit, name: str) -> Any:
    """Save a step, or skip it, and go on."""
    if name not in first_run.STEPS:
        return web.pages.missing(visit)
    following = f"{PATH}/{first_run.following(name)}"
    if visit.text("skip"):
        web.call("first_run.mark", step=name, state="skipped")
        return see_other(following)
    typed = {field: visit.text(field, 4000) for field in _FIELDS} | {"password": visit.secret("password")}
    try:
        for do, args in first_run.calls_of(name, typed):
            web.call_with(do, args)
    except Refused as refused:
        errors = dict(by_field(refused.problems, visit.language))
        return _show(web, visit, name, web.call("settings.state"), typed, errors, 422)
    web.call("first_run.mark", step=name, state="done")
    if name == "trunk":
        return see_other(f"{PATH}/trunk")
    return see_other(following)


@routes.post(f"{PATH}/trunk/try", Permission.BOX)
def try_trunk(web: Web, visit: Visit) -> Any:
    """Ask the provider whether it would let us register; the page says what came of it."""
    try:
        tried = web.call("settings.test_trunk", timeout_s=30.0, name=visit.text("name", 40))
    except Refused as refused:
        return web.pages.refuse(visit, f"{PATH}/trunk", refused.problems)
    sentence = TRUNK_TEST[tried["key"]]
    text = visit.language.gettext(sentence, **tried["figures"])
    web.pages.once.put(visit.session, _TRIED, (bool(tried["well"]), text))
    return see_other(f"{PATH}/trunk")


@routes.post(f"{PATH}/settings/<action:re:undo|apply>", Permission.BOX)
def act(web: Web, visit: Visit, action: str) -> Any:
    """Take back the last change, or restart the services with what is set."""
    done = {
        "undo": visit.language.gettext("The last change is taken back; once more brings it back."),
        "apply": visit.language.gettext("The services restart; that takes a moment."),
    }
    try:
        web.call_with(f"settings.{action}", {"force": True} if visit.text("force") else {})
    except Refused as refused:
        return web.pages.refuse(visit, f"{PATH}/sheet", refused.problems)
    return web.pages.go(visit, f"{PATH}/sheet", done[action])


def _show(
    web: Web, visit: Visit, name: str, settings: Mapping[str, Any], typed: Mapping[str, Any],
    errors: Mapping[str, str], status: int = 200,
) -> Any:  # fmt: skip
    people = [user for user in web.reports.users() if user.active]
    facts = _facts(web, visit)
    return web.pages.show(
        visit, "first_run", status, step=name, steps=first_run.STEPS, states=web.call("first_run.state")["steps"],
        settings=settings, typed=typed, errors=errors, people=people, facts=facts, countries=first_run.COUNTRIES,
        zones=first_run.ZONES, account=first_run.account(settings, people, facts, visit.language),
        tried=web.pages.once.take(visit.session, _TRIED), here="first_run",
    )  # fmt: skip


def _facts(web: Web, visit: Visit) -> dict[str, str]:
    """What the page can see for itself: where it is reached, the clock's health, the visitor's second factor."""
    _ = visit.language.gettext
    host = socket.gethostname().partition(".")[0].lower()
    second = web.reports.second_factor(UserId(visit.user_id))
    return {
        "address": f"https://{host}.local, https://{visit.request.urlparts.netloc}",
        "clock": _clock(web, visit.language),
        "second_factor": _("on") if second is not None else _("off"),
    }


def _clock(web: Web, language: Language) -> str:
    entry = web.hub.picture.health.get("clock")
    if entry is None or entry.get("ok"):
        return language.gettext("right")
    key = str(entry.get("key", ""))
    return language.gettext(words.HEALTH.get(key, key), **dict(entry.get("figures") or {}))
