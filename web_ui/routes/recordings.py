"""Recordings that campaigns leave on machines: listed, uploaded, deleted."""

from __future__ import annotations

import re
from typing import Any

from web_ui import words
from web_ui.client import Refused
from web_ui.pages import see_other
from web_ui.permissions import Permission
from web_ui.routes.lists import take_file
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

PATH = "/recordings"
_CONVERTING_S = 30.0


@routes.get(PATH, Permission.RECORDINGS)
def index(web: Web, visit: Visit) -> Any:
    """Every recording, and who leaves it."""
    return _index(web, visit)


@routes.post(PATH, Permission.RECORDINGS)
def add(web: Web, visit: Visit) -> Any:
    """Take a WAV and make it a recording under the name typed, or that of the file."""
    file = visit.request.files.get("file")
    name = visit.text("name", 60) or _name_of("" if file is None else file.raw_filename)
    upload, mistake = take_file(web, visit)
    if not upload:
        return _index(web, visit, mistake, name)
    try:
        web.call("recording.add", _CONVERTING_S, name=name, path=str(web.uploads.path(upload)))
    except Refused as refused:
        web.uploads.forget(upload)
        return _index(web, visit, words.problem(refused.problems[0], visit.language), name)
    return see_other(PATH)


@routes.post("/recordings/<name:re:[0-9a-z][0-9a-z_-]*>/remove", Permission.RECORDINGS)
def remove(web: Web, visit: Visit, name: str) -> Any:
    """Delete one that no campaign leaves."""
    try:
        web.call("recording.remove", name=name)
    except Refused as refused:
        return _index(web, visit, words.problem(refused.problems[0], visit.language))
    return see_other(PATH)


def _index(web: Web, visit: Visit, mistake: str = "", name: str = "") -> Any:
    found = web.call("recording.list")["recordings"]
    return web.pages.show(
        visit,
        "recordings",
        status=422 if mistake else 200,
        recordings=found,
        mistake=mistake,
        typed=name,
        errors={},
        here="recordings",
    )


def _name_of(file_name: str) -> str:
    """``Guten Tag.WAV`` -> ``guten-tag``."""
    stem = file_name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
    return re.sub(r"[^0-9a-z_]+", "-", stem).strip("-_")[:60]
