"""A campaign's forecast: its page, its progress, working it out anew with other assumptions, and giving it up."""

from __future__ import annotations

from typing import Any

from firmware.model import CampaignId, CampaignState
from web_ui import advice_words, forecast_view
from web_ui.client import Refused
from web_ui.following import asked, follow
from web_ui.language import Language
from web_ui.live import Picture
from web_ui.pages import fragment, see_other
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.streams import Regions
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()


@routes.get("/campaigns/<number:int>/forecast", Permission.CAMPAIGNS_CHANGE)
def one(web: Web, visit: Visit, number: CampaignId) -> Any:
    """The forecast, or how far it is."""
    campaign = web.reports.campaign(number)
    if campaign is None:
        return web.pages.missing(visit)
    return web.pages.show(
        visit,
        "forecast",
        campaign=campaign,
        forecast=web.hub.picture.dry_runs.get(number, {}),
        view=forecast_view,
        advice_words=advice_words,
        here="campaigns",
    )


@routes.post("/campaigns/<number:int>/forecast", Permission.CAMPAIGNS_CHANGE)
def begin(web: Web, visit: Visit, number: CampaignId) -> Any:
    """Work it out, with the assumptions of the form where it has any."""
    campaign = web.reports.campaign(number)
    if campaign is None:
        return web.pages.missing(visit)
    back = f"/campaigns/{number}/forecast"
    if visit.text("back") == "wizard" and campaign.state is CampaignState.DRAFT:
        back = f"/wizard/{number}/start"
    result = web.hub.picture.dry_runs.get(number, {}).get("result") or {}
    given = forecast_view.read(visit.text, result.get("assumed") or {})
    kept = {name: value for name, value in (result.get("assumed") or {}).items() if _changed(result, name)}
    try:
        if visit.text("go", 20) == "cancel":
            web.call("dry_run.cancel", id=number)
        else:
            web.call("dry_run.begin", id=number, given={**kept, **given} if visit.text("a-seed") else {})
    except Refused as refused:
        return web.pages.refuse(visit, back, refused.problems)
    web.hub.wait_until(lambda p: number in p.dry_runs, 1.0)
    return see_other(back)


def _changed(result: Any, name: str) -> bool:
    return bool(result.get("sources", {}).get(name) == "given")


@routes.get("/live/campaigns/<number:int>/forecast", Permission.CAMPAIGNS_CHANGE, streams=True)
def stream(web: Web, visit: Visit, number: CampaignId) -> Any:
    """The forecast's progress and its end."""
    return follow(web, visit, lambda picture: (_regions(picture, number, visit.language), {}))


@routes.get("/live/campaigns/<number:int>/forecast.json", Permission.CAMPAIGNS_CHANGE)
def poll(web: Web, visit: Visit, number: CampaignId) -> Any:
    """The same for a page whose stream was turned away."""
    return asked(web, lambda picture: (_regions(picture, number, visit.language), {}))


def _regions(picture: Picture, number: CampaignId, language: Language) -> Regions:
    entry = picture.dry_runs.get(number, {})
    return {
        "forecast": fragment(
            "live/forecast", language, forecast=entry, view=forecast_view, advice_words=advice_words
        )
    }
