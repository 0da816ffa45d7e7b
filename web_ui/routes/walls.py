"""Wallboards: read-only pages for a television, each opened by a secret of its own and by nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bottle import HTTPResponse

from firmware.store.reports import Period, Wall
from web_ui import report_view, wall_view
from web_ui.client import Refused
from web_ui.language import LANGUAGES
from web_ui.pages import fragment
from web_ui.permissions import Permission
from web_ui.routing import PUBLIC, Routes
from web_ui.visit import Visit, hash_of
from web_ui.web import Web

routes = Routes()

PATH = "/walls"
_ONCE = "wall-link"
_TODAY_S = 5.0
"""Sums of today are asked of the store this often at most, however many televisions there are."""


@routes.get(PATH, Permission.WALLS)
def index(web: Web, visit: Visit) -> Any:
    """Every wallboard, and a new one."""
    return web.pages.show(
        visit,
        "walls",
        walls=web.reports.walls(),
        link=web.pages.once.take(visit.session, _ONCE),
        view=wall_view,
        languages_to_choose=LANGUAGES,
        here="walls",
    )


@routes.post(PATH, Permission.WALLS)
def add(web: Web, visit: Visit) -> Any:
    """Make a wallboard; the next page shows its link, once."""
    figures = [
        {"figure": key, "target": _target(visit.text(f"target-{key}", 12))}
        for key in visit.texts("figure")
        if key in wall_view.FIGURES
    ]
    try:
        made = web.call(
            "wall.add",
            name=visit.text("name", 100),
            language=visit.text("language", 2),
            figures=figures,
            by=visit.person.name if visit.person else "",
        )
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    web.pages.once.put(visit.session, _ONCE, f"/wall/{made['token']}")
    return web.pages.go(visit, PATH)


def _target(text: str) -> float | None:
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError:
        return -1.0  # refused with its reason


@routes.post(f"{PATH}/<number:int>/revoke", Permission.WALLS)
def revoke(web: Web, visit: Visit, number: int) -> Any:
    """The link opens nothing any more."""
    try:
        web.call("wall.revoke", id=number, by=visit.person.name if visit.person else "")
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(visit, PATH, visit.language.gettext("The link opens nothing any more."))


@routes.get("/wall/<token>", PUBLIC)
def wall(web: Web, visit: Visit, token: str) -> Any:
    """One wallboard."""
    found = web.reports.wall(hash_of(token))
    if found is None:
        return web.pages.missing(visit)
    language = web.languages.get(found.language)
    body = fragment(
        "wall", language, wall=found, figures=_figures(web, found), box_name=web.settings.box_name
    )
    return HTTPResponse(body, 200, {"Content-Type": "text/html; charset=utf-8", "X-Robots-Tag": "noindex"})


@routes.get("/wall/<token>/now", PUBLIC)
def now(web: Web, visit: Visit, token: str) -> Any:
    """Its figures alone, for the page that follows them."""
    found = web.reports.wall(hash_of(token))
    if found is None:
        return web.pages.missing(visit)
    language, picture = web.languages.get(found.language), web.hub.picture
    body = fragment("live/wall", language, figures=_figures(web, found), connected=picture.connected)
    return HTTPResponse(body, 200, {"Content-Type": "text/html; charset=utf-8"})


def _figures(web: Web, found: Wall) -> list[wall_view.Large]:
    language = web.languages.get(found.language)
    known = wall_view.values(web.hub.picture, _today.get(web), web.settings.each_agent)
    return wall_view.large(list(found.figures), known, language)


class _Today:
    """Sums of today, asked seldom."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[int, tuple[float, Mapping[str, float]]] = {}

    def get(self, web: Web) -> Mapping[str, float]:
        """The figures of today, at most ``_TODAY_S`` old."""
        with self._lock:
            at, told = self._kept.get(id(web), (-_TODAY_S, {}))
            if time.monotonic() - at >= _TODAY_S:
                told = _sums(web)
                self._kept[id(web)] = (time.monotonic(), told)
            return told


_today = _Today()


def _sums(web: Web) -> Mapping[str, float]:
    zone = web.languages.get(web.settings.language).zone
    day = datetime.now(zone).date()
    period = Period(report_view.midnight(day, zone), report_view.midnight(day + timedelta(days=1), zone))
    calls = [cell.totals for cell in web.reports.activity(period)]
    came = [cell.totals for cell in web.reports.arrivals(period)]
    promised = [cell.totals for cell in web.reports.promises(period)]
    return {
        "calls_today": sum(each.calls for each in calls),
        "reached_today": sum(each.reached for each in calls),
        "incoming_today": sum(each["all"] for each in came),
        "missed_today": sum(each["missed"] for each in came),
        "callbacks_today": sum(each["all"] for each in promised),
        "callbacks_missed": sum(each["missed"] for each in promised),
    }
