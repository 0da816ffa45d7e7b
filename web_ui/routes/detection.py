"""Machine detection: how well the ears hear on this box's own lines, and the words that say so."""

from __future__ import annotations

import time
from typing import Any

from firmware.model import CampaignId
from web_ui import detection_view, words
from web_ui.client import Refused
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

PATH = "/machine-detection"
_DAY_S = 86_400.0
_READING_S = 60.0
"""How long reading two hundred thousand attempts may take."""


@routes.get(PATH, Permission.DETECTION)
def index(web: Web, visit: Visit) -> Any:
    """The box's own figures, of a campaign and a period."""
    campaign, wanted = _number(visit.query("campaign")), visit.query("days")
    usual = not wanted or _number(wanted) not in detection_view.PERIODS
    days = detection_view.USUAL_DAYS if usual else _number(wanted)
    chosen = web.reports.campaign(CampaignId(campaign)) if campaign else None
    asked: dict[str, Any] = {"since": time.time() - days * _DAY_S} if days else {}
    if chosen is not None:
        asked["campaign_id"] = chosen.id
    return web.pages.show(
        visit,
        "detection",
        report=web.call("amd.report", _READING_S, **asked),
        chosen=chosen,
        campaigns=detection_view.campaigns_by_id(web.reports.campaigns()),
        days=days,
        view=detection_view,
        here="detection",
    )


@routes.post(f"{PATH}/sensitivity", Permission.DETECTION)
def set_sensitivity(web: Web, visit: Visit) -> Any:
    """Change a campaign's preset, with a way back."""
    campaign, preset = _number(visit.text("campaign_id", 20)), visit.text("sensitivity", 20)
    back = f"{PATH}?campaign={campaign}"
    try:
        done = web.call("amd.set_sensitivity", campaign_id=campaign, sensitivity=preset)
    except Refused as refused:
        return web.pages.refuse(visit, back, refused.problems)
    name = words.word(detection_view.PRESETS, preset, visit.language)
    text = visit.language.gettext("The campaign's calls are judged by “{preset}” from now on.", preset=name)
    fields = (("campaign_id", str(campaign)), ("sensitivity", str(done["before"])))
    return web.pages.go(visit, back, text, undo_path=f"{PATH}/sensitivity", undo_fields=fields)


@routes.post("/attempts/<uid>/word", Permission.VERDICTS)
def word(web: Web, visit: Visit, uid: str) -> Any:
    """What it really was that answered this attempt."""
    back, said = f"/attempts/{uid}", visit.text("said", 10)
    if web.reports.attempt(uid) is None:
        return web.pages.missing(visit)
    try:
        web.call("amd.word", user_id=visit.user_id, attempt=uid, said=said)
    except Refused as refused:
        return web.pages.refuse(visit, back, refused.problems)
    return web.pages.go(visit, back, visit.language.gettext("Noted. The last word counts."))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
