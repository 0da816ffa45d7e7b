"""Turns a template into an answer: the values every page has, one-time messages, and refusals in words."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from bottle import HTTPResponse, SimpleTemplate, redirect

from firmware.model import Problem
from web_ui import announcement_words, words
from web_ui.glossary import TERMS
from web_ui.language import LANGUAGES, N_, Language
from web_ui.permissions import Permission
from web_ui.visit import Visit

HERE = Path(__file__).parent
VIEWS = str(HERE / "views")
STATIC = HERE / "static"

NAVIGATION: tuple[tuple[str, str, str, Permission], ...] = (
    ("dashboard", "/dashboard", N_("Dashboard"), Permission.LIVE),
    ("team", "/team", N_("Team"), Permission.TEAM),
    ("desk", "/desk", N_("Desk"), Permission.DESK),
    ("alerts", "/alerts", N_("Alerts"), Permission.ALERTS),
    ("campaigns", "/campaigns", N_("Campaigns"), Permission.CAMPAIGNS),
    ("callbacks", "/callbacks", N_("Callbacks"), Permission.CALLBACKS_ALL),
    ("inbound", "/calls/inbound", N_("Incoming calls"), Permission.CAMPAIGNS),
    ("tapes", "/calls/recorded", N_("Recorded calls"), Permission.TAPES),
    ("destinations", "/destinations", N_("Destinations"), Permission.DESTINATIONS),
    ("scripts", "/scripts", N_("Scripts"), Permission.TEXTS),
    ("recordings", "/recordings", N_("Recordings"), Permission.RECORDINGS),
    ("detection", "/machine-detection", N_("Machine detection"), Permission.DETECTION),
    ("lists", "/lists", N_("Contact lists"), Permission.LISTS),
    ("dnc", "/dnc", N_("DNC lists"), Permission.DNC),
    ("permits", "/permits", N_("Permits"), Permission.PROOF),
    ("reports", "/reports", N_("Reports"), Permission.REPORTS),
    ("walls", "/walls", N_("Wallboards"), Permission.WALLS),
    ("people", "/users", N_("People"), Permission.PEOPLE),
    ("privacy", "/privacy", N_("Privacy"), Permission.PRIVACY),
    ("audit", "/audit", N_("Log of changes"), Permission.AUDIT),
    ("box", "/box", N_("Box"), Permission.TECHNICIAN),
    ("backup", "/backup", N_("Backup"), Permission.BACKUP),
    ("first_run", "/first-run", N_("First run"), Permission.BOX),
    ("update", "/update", N_("Update"), Permission.BOX),
    ("api", "/settings/api", N_("Other programs"), Permission.PROGRAMS),
)
"""The menu: what a page is called there (and its icon), where it lies, and who sees it."""

SECTIONS = {
    "campaigns": N_("Calling"),
    "lists": N_("Whom to call"),
    "reports": N_("Figures"),
    "people": N_("People and their data"),
    "box": N_("Technology"),
}
"""Headings of the menu, each before the entry it begins with; who sees few entries needs none."""


def menu(visit: Visit) -> Sequence[tuple[str, str, str]]:
    """What this visitor finds in the menu; who may open one page only needs none (an agent has the desk)."""
    entries = [(name, path, label) for name, path, label, needed in NAVIGATION if visit.may(needed)]
    return entries if len(entries) > 1 else ()


def sections(entries: Sequence[tuple[str, str, str]], enough: int = 8) -> Sequence[tuple[str, Sequence[Any]]]:
    """The menu's entries under their headings; one section without a heading while there are less than ``enough``."""
    if len(entries) < enough:
        return [("", entries)]
    heading, found = "", dict[str, list[Any]]()
    shown = {entry[0]: entry for entry in entries}
    for name, *_ in NAVIGATION:
        heading = SECTIONS.get(name, heading)
        if name in shown:
            found.setdefault(heading, []).append(shown[name])
    return list(found.items())


@dataclass(frozen=True, slots=True)
class Note:
    """A message shown once on the next page, perhaps with a button that takes it back."""

    text: str
    kind: str = "done"
    undo_path: str = ""
    undo_fields: Sequence[tuple[str, str]] = ()


class Once:
    """Things kept for a session until they have been shown: notes, and a new phone's secret. Thread-safe."""

    def __init__(self, keep_s: float = 600.0, most: int = 1000) -> None:
        self._keep_s, self._most = keep_s, most
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], tuple[float, Any]] = OrderedDict()

    def put(self, session: str, name: str, value: Any) -> None:
        """Keep ``value`` for the session, replacing what had this name."""
        with self._lock:
            self._kept[session, name] = (time.monotonic(), value)
            self._kept.move_to_end((session, name))
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def look(self, session: str, name: str) -> Any:
        """The value, without taking it; None when there is none or it is too old."""
        with self._lock:
            at, value = self._kept.get((session, name), (0.0, None))
            return value if time.monotonic() - at < self._keep_s else None

    def take(self, session: str, name: str) -> Any:
        """The value, once; None when there is none or it is too old."""
        with self._lock:
            at, value = self._kept.pop((session, name), (0.0, None))
            return value if time.monotonic() - at < self._keep_s else None


@cache
def static_version() -> str:
    """Changes whenever a static file does, so that browsers may keep the files for ever."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def static_url(name: str) -> str:
    """Where a static file is found; the version is part of the path so that modules import each other's version."""
    return f"/static/{static_version()}/{name}"


@cache
def _template(name: str) -> SimpleTemplate:
    return SimpleTemplate(name=name, lookup=[VIEWS])


def fragment(name: str, language: Language, **values: Any) -> str:
    """A part of a page, for first display and live replacement alike."""
    return str(
        _template(f"{name}.tpl").render(
            _=language.gettext,
            ngettext=language.ngettext,
            L=language,
            words=words,
            announcement_words=announcement_words,
            static_url=static_url,
            terms=TERMS,
            **values,
        )
    )


@dataclass(frozen=True)
class Pages:
    """Renders whole pages."""

    box_name: str
    connected: Callable[[], bool]
    script_words: Mapping[str, str]
    """Per language, the sentences of the scripts as JSON."""
    once: Once = field(default_factory=Once)

    def show(self, visit: Visit, name: str, status: int = 200, **values: Any) -> HTTPResponse:
        """Render the page ``name`` for this visitor."""
        body = fragment(
            name,
            visit.language,
            visit=visit,
            may=visit.may,
            box_name=self.box_name,
            connected=self.connected(),
            navigation=(navigation := menu(visit)),
            menu_sections=sections(navigation),
            languages=LANGUAGES,
            notes=self.once.take(visit.session, "notes") or [],
            script_words=self.script_words[visit.language.code],
            **values,
        )
        return HTTPResponse(body, status, {"Content-Type": "text/html; charset=utf-8"})

    def missing(self, visit: Visit) -> HTTPResponse:
        """404 in words."""
        return self.show(visit, "problem", 404, number=404, detail="", reference="", here="")

    def tell(self, visit: Visit, note: Note) -> None:
        """Show a note on this session's next page."""
        notes = self.once.take(visit.session, "notes") or []
        self.once.put(visit.session, "notes", [*notes[-4:], note])

    def go(self, visit: Visit, path: str, text: str = "", kind: str = "done", **undo: Any) -> HTTPResponse:
        """Send the browser on (303) with a note for the next page."""
        if text:
            self.tell(visit, Note(text, kind, **undo))
        return see_other(path)

    def refuse(self, visit: Visit, path: str, problems: Sequence[Problem]) -> HTTPResponse:
        """Send the browser on with the reasons why something was not done."""
        for problem in problems:
            self.tell(visit, Note(words.problem(problem, visit.language), "refused"))
        return see_other(path)


def see_other(path: str) -> HTTPResponse:
    """303 to a path of our own; anything else (an open redirect) becomes the start page."""
    safe = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    try:
        redirect(path if safe else "/", 303)
    except HTTPResponse as answer:
        return answer
    raise AssertionError("bottle's redirect raises")


def by_field(problems: Sequence[Problem], language: Language) -> Mapping[str, str]:
    """Problems of a form by field name (the part of ``where`` before a dot or bracket), in words."""
    found: dict[str, str] = {}
    for problem in problems:
        name = problem.where.replace("[", ".").split(".")[0]
        text = words.problem(problem, language)
        found[name] = f"{found[name]} {text}" if name in found else text
    return found
