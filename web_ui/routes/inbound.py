"""Calls that came in: who called, who was missed, and a callback for them. What a desk does with one is ``desk``'s."""

from __future__ import annotations

import re
import time
from typing import Any

from web_ui import inbound_words
from web_ui.client import Refused
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

FIGURES_S = 30 * 86400.0
"""Figures by the hour look so far back."""
UID = re.compile(r"[0-9A-Z]{26}")


@routes.get("/calls/inbound", Permission.CAMPAIGNS)
def index(web: Web, visit: Visit) -> Any:
    """The calls, narrowed to what is asked for; numbers only for whoever may see those of calls."""
    show = visit.query("show")
    show = show if show in inbound_words.SHOWN else "missed"
    rule = visit.query("rule")[:32]
    now = time.time()
    told = web.call_with(
        "inbound.list",
        {"show": show, "rule": rule, "page": visit.page(), "masked": not visit.may(Permission.REPORTS_CALLS)},
    )
    figures = web.call_with("inbound.figures", {"since": now - FIGURES_S, "until": now + 60.0})
    return web.pages.show(
        visit,
        "inbound",
        told=told,
        hours=inbound_words.hours_of_day(figures["hours"], web.settings.zone),
        show=show,
        rule=rule,
        names=inbound_words,
        calls_back=visit.may(Permission.CALLBACKS_ALL),
        here="inbound",
    )


@routes.post("/calls/inbound/<uid>/call_back", Permission.CALLBACKS_ALL)
def call_back(web: Web, visit: Visit, uid: str) -> Any:
    """Promise whoever was missed a callback, as soon as the rules allow one."""
    if not UID.fullmatch(uid):
        return web.pages.missing(visit)
    try:
        done = web.call_with("inbound.call_back", {"attempt": uid, "user_id": visit.user_id})
    except Refused as refused:
        return web.pages.refuse(visit, "/calls/inbound", refused.problems)
    moment = visit.language.moment(done["promised_at"])
    text = visit.language.gettext("The team calls back from {moment} on.", moment=moment)
    return web.pages.go(visit, "/calls/inbound", text)
