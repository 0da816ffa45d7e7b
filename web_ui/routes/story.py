"""The story of a call: one readable time line, and the same to take along."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from bottle import HTTPResponse

from web_ui import story_words
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()


@routes.get("/attempts/<uid>/story", Permission.STORY)
def page(web: Web, visit: Visit, uid: str) -> Any:
    """Every step, with its explanation."""
    story = _story(web, visit, uid)
    if story is None:
        return web.pages.missing(visit)
    return web.pages.show(
        visit, "story", story=story, steps=story_words.steps(story, visit.language), here="campaigns"
    )


@routes.get("/attempts/<uid>/story.zip", Permission.STORY)
def bundle(web: Web, visit: Visit, uid: str) -> Any:
    """The story as JSON and as text; its number is masked for whoever may not see it."""
    story = _story(web, visit, uid)
    if story is None:
        return web.pages.missing(visit)
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("story.json", json.dumps(story, indent=2, ensure_ascii=False))
        made.writestr("story.txt", story_words.text(story, visit.language))
    headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": f'attachment; filename="story-{uid}.zip"',
        "Cache-Control": "no-store",
    }
    return HTTPResponse(whole.getvalue(), 200, headers)


def _story(web: Web, visit: Visit, uid: str) -> Mapping[str, Any] | None:
    if len(uid) != 26 or web.reports.attempt(uid) is None:
        return None
    told: Mapping[str, Any] = web.call("story.of", uid=uid, numbers=visit.may(Permission.REPORTS_CALLS))
    return told
