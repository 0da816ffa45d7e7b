"""Calls that came in: who called, who was missed, and a callback for them. What a desk does with one is ``desk``'s."""

from __future__ import annotations

import re
import time
from collections.abc import Collection
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from web_ui import desk_view, inbound_words
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
    rule, now = visit.query("rule")[:32], time.time()
    campaigns = {each.id: each.settings.name for each in web.reports.campaigns()}
    lists = {each.id: each.name for each in web.reports.contact_lists()}
    chosen = {
        "campaign_id": _one_of(visit.query("campaign"), campaigns),
        "contact_list_id": _one_of(visit.query("list"), lists),
    }
    asked = {
        "show": show,
        "rule": rule,
        "page": visit.page(),
        "masked": not visit.may(Permission.REPORTS_CALLS),
    }
    told = web.call_with("inbound.list", {**asked, **chosen})
    figures = web.call_with("inbound.figures", {"since": now - FIGURES_S, "until": now + 60.0})
    return web.pages.show(
        visit,
        "inbound",
        told=told,
        hours=inbound_words.hours_of_day(figures["hours"], web.settings.zone),
        show=show,
        rule=rule,
        chosen=chosen,
        campaigns=campaigns,
        lists=lists,
        query=urlencode(
            {"rule": rule, "campaign": chosen["campaign_id"] or "", "list": chosen["contact_list_id"] or ""}
        ),
        names=inbound_words,
        calls_back=visit.may(Permission.CALLBACKS_ALL),
        here="inbound",
    )


def _one_of(text: str, known: Collection[int]) -> int | None:
    """A number from an address, if there is such a thing."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
    return number if number in known else None


@routes.get("/calls/inbound/<uid>", Permission.CAMPAIGNS)
def one(web: Web, visit: Visit, uid: str) -> Any:
    """One call that came in: what happened when, who took part, what was recorded."""
    found = web.reports.inbound_call(uid) if UID.fullmatch(uid) else None
    if found is None:
        return web.pages.missing(visit)
    campaign = None if found.campaign_id is None else web.reports.campaign(found.campaign_id)
    codes = () if campaign is None else campaign.settings.wrap_up_codes
    return web.pages.show(
        visit,
        "inbound_call",
        call=found,
        seen=visit.may(Permission.REPORTS_CALLS),
        campaign=campaign,
        code=next(
            (
                desk_view.label(asdict(each), visit.language)
                for each in codes
                if each.code == found.wrap_up_code
            ),
            "",
        ),
        listed=next(
            (each.name for each in web.reports.contact_lists() if each.id == found.contact_list_id), ""
        ),
        agents={user.id: user.name for user in web.reports.users()},
        company=web.reports.company(uid),
        names=inbound_words,
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
