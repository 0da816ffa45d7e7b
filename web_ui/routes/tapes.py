"""Recorded calls: found, listened to, taken along, deleted. No sound leaves the box before it is on record who hears.

A browser asks for a sound in pieces; one who listens is put on record once in ten minutes for each recording. Where
reports show no figures of single agents, recordings are not listed by them either. Whoever may listen may see numbers.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from datetime import date, timedelta
from threading import Lock
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from bottle import static_file

from firmware.model import Role
from firmware.store.reports import Page, PiecesAsked
from web_ui.client import Refused
from web_ui.permissions import Permission
from web_ui.report_view import midnight
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

PATH = "/calls/recorded"
FILE = r"<file:re:[0-9A-Z]{26}(?:-[1-9][0-9]*)?\.wav>"
SHOWN = 25
HEARD_FOR_S = 600.0
"""Whoever listens to the same recording again within this is not put on record anew."""
_MOST_HEARD = 1000


class Heard:
    """Who listens to what just now: by session and file."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._until: OrderedDict[tuple[str, str], float] = OrderedDict()

    def lately(self, session: str, file: str, now_s: float) -> bool:
        """Whether this one is on record already."""
        with self._lock:
            return self._until.get((session, file), 0.0) > now_s

    def note(self, session: str, file: str, now_s: float) -> None:
        """It has been put on record."""
        with self._lock:
            self._until[session, file] = now_s + HEARD_FOR_S
            self._until.move_to_end((session, file))
            while len(self._until) > _MOST_HEARD:
                self._until.popitem(last=False)


_heard = Heard()


@routes.get(PATH, Permission.TAPES)
def index(web: Web, visit: Visit) -> Any:
    """The recordings asked for, newest first."""
    asked, mistake = _asked(web, visit)
    number = max(1, visit.page())
    found, total = web.reports.pieces(asked, SHOWN, (number - 1) * SHOWN)
    campaigns = {each.id: each.settings.name for each in web.reports.campaigns()}
    people = {each.id: each for each in web.reports.users()}
    given = {name: visit.query(name) for name in ("day", "agent", "campaign", "number", "call")}
    return web.pages.show(
        visit,
        "tapes",
        422 if mistake else 200,
        page=Page(found, number, max(1, -(-total // SHOWN)), total),
        campaigns=campaigns,
        names={key: each.name for key, each in people.items()} if web.settings.each_agent else {},
        agents=[each for each in people.values() if Role.AGENT in each.roles],
        each_agent=web.settings.each_agent,
        given=given,
        query="".join(f"&{urlencode({name: value})}" for name, value in given.items() if value),
        mistake=mistake,
        days=web.reports.recordings_kept_days(),
        day_s=86400.0,
        here="tapes",
    )


@routes.get(f"{PATH}/{FILE}", Permission.TAPES)
def listen(web: Web, visit: Visit, file: str) -> Any:
    """The sound, or a part of it."""
    return _sound(web, visit, file, "listen")


@routes.get(f"{PATH}/{FILE}/download", Permission.TAPES_TAKE)
def download(web: Web, visit: Visit, file: str) -> Any:
    """The same as a file to take along."""
    return _sound(web, visit, file, "download")


@routes.post(f"{PATH}/{FILE}/remove", Permission.TAPES_TAKE)
def remove(web: Web, visit: Visit, file: str) -> Any:
    """Delete a recording for good."""
    try:
        web.call("tape.remove", id=file, reason=visit.text("reason", 200))
    except Refused as refused:
        return web.pages.refuse(visit, PATH, refused.problems)
    return web.pages.go(visit, PATH, visit.language.gettext("The recording is deleted."))


def _sound(web: Web, visit: Visit, file: str, how: str) -> Any:
    path = web.settings.recordings / file
    if web.reports.piece(file) is None or path.is_symlink() or not path.is_file():
        return web.pages.missing(visit)
    now_s, mine = time.monotonic(), str(visit.session)
    if how == "download" or not _heard.lately(mine, file, now_s):
        try:
            web.call("tape.play", id=file, how=how)
        except Refused as refused:
            return web.pages.refuse(visit, PATH, refused.problems)
        _heard.note(mine, file, now_s)
    answer = static_file(
        file, root=str(web.settings.recordings), mimetype="audio/wav", download=how == "download"
    )
    answer.set_header("Cache-Control", "no-store")
    return answer


def _asked(web: Web, visit: Visit) -> tuple[PiecesAsked, str]:
    """What is asked for, and what is wrong with it."""
    since = until = None
    mistake = ""
    if text := visit.query("day"):
        try:
            day = date.fromisoformat(text)
            zone = ZoneInfo(web.settings.zone)
            since, until = (midnight(each, zone) for each in (day, day + timedelta(days=1)))
        except (ValueError, OverflowError):
            mistake = visit.language.gettext("That is no day.")
    digits = "".join(c for c in visit.query("number") if c in "0123456789").lstrip("0")[:15]
    return PiecesAsked(
        since,
        until,
        _number(visit.query("agent")) if web.settings.each_agent else None,
        _number(visit.query("campaign")),
        digits,
        visit.query("call")[:26],
    ), mistake


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
