"""Campaigns: the list, one campaign with its attempts, the form, and starting, pausing, stopping."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from firmware.model import CallWindow, CampaignId, CampaignSettings, ContactListId, Problem, Role
from web_ui import (
    advice_words,
    callback_words,
    detection_view,
    forms,
    order_forms,
    pacing_view,
    panels,
    rule_words,
    script_words,
    term_words,
)
from web_ui.client import Refused, ServiceDown
from web_ui.following import asked, follow
from web_ui.language import N_, Language, timer
from web_ui.live import Picture
from web_ui.pages import by_field, fragment
from web_ui.permissions import Permission
from web_ui.routes.wizard import advice_for
from web_ui.routing import Routes
from web_ui.streams import Regions
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

SHOWN_DECISIONS = 200
SHOWN_IN_SHORT = 5
OFFICE_HOURS = tuple(CallWindow(day, 9 * 60, 18 * 60) for day in range(5))
ACTIONS = {
    "announce": N_("The agents of {name} are told, and can confirm that they are there."),
    "start": N_("{name} is running."),
    "pause": N_("{name} is paused. Calls under way go on to their end."),
    "stop": N_("{name} is stopped."),
}


@routes.get("/campaigns", Permission.CAMPAIGNS)
def index(web: Web, visit: Visit) -> Any:
    """Every campaign."""
    return web.pages.show(
        visit,
        "campaigns",
        campaigns=sorted(web.reports.campaigns(), key=lambda c: -c.id),
        picture=web.hub.picture,
        panels=panels,
        here="campaigns",
    )


@routes.get("/campaigns/new", Permission.CAMPAIGNS_CHANGE)
def new(web: Web, visit: Visit) -> Any:
    """The form for a new campaign, filled with what most offices want."""
    list_id = visit.query("list")
    trunk = web.settings.trunks[0] if web.settings.trunks else None
    settings = CampaignSettings(
        name="",
        contact_list_id=ContactListId(int(list_id)) if list_id.isdigit() else None,
        country=web.settings.country,
        default_zone=web.settings.zone,
        windows=OFFICE_HOURS,
        trunk=trunk.name if trunk else "",
        caller_id=trunk.caller_ids[0] if trunk and trunk.caller_ids else "",
        dnc_list_ids=[dnc.id for dnc in web.reports.dnc_lists()],
        agent_ids=[user.id for user in web.reports.users() if Role.AGENT in user.roles and user.active],
    )
    return _form(web, visit, forms.fields_of(settings), None)


@routes.post("/campaigns", Permission.CAMPAIGNS_CHANGE)
def create(web: Web, visit: Visit) -> Any:
    """Make a campaign from the form."""
    shown = forms.fields_of(CampaignSettings(name="", windows=OFFICE_HOURS))
    try:
        made = web.call("campaign.create", settings=forms.read(visit.text, visit.texts))
    except Refused as refused:
        return _again(web, visit, shown, None, refused)
    text = visit.language.gettext("The campaign is saved. Start it when your agents are ready.")
    return web.pages.go(visit, f"/campaigns/{made['id']}", text)


@routes.get("/campaigns/<number:int>", Permission.CAMPAIGNS)
def one(web: Web, visit: Visit, number: CampaignId) -> Any:
    """One campaign: progress, results, and its attempts."""
    campaign = web.reports.campaign(number)
    if campaign is None:
        return web.pages.missing(visit)
    return web.pages.show(
        visit,
        "campaign",
        campaign=campaign,
        live=panels.live_campaign(web.hub.picture, campaign),
        attempts=web.reports.attempts(campaign=number, page=visit.page()),
        callbacks=web.reports.callbacks_of(number, time.time(), SHOWN_IN_SHORT),
        callback_words=callback_words,
        decisions=web.reports.pacing_notes(number, SHOWN_IN_SHORT),
        advice=advice_for(web, number),
        advice_words=advice_words,
        names={user.id: user.name for user in web.reports.users()},
        notices={each.user_id: each for each in web.reports.notices(number)},
        lists={each.id: each.name for each in web.reports.contact_lists()},
        dnc={each.id: each.name for each in web.reports.dnc_lists()},
        week=forms.week_words(campaign.settings.windows, visit.language),
        panels=panels,
        signed=web.reports.signed_off(number),
        term_words=term_words,
        timer=timer,
        here="campaigns",
    )


@routes.get("/campaigns/<number:int>/pacing", Permission.CAMPAIGNS)
def pacing(web: Web, visit: Visit, number: CampaignId) -> Any:
    """Why how many calls were started: the last decisions, and where the abandon rate stands."""
    campaign = web.reports.campaign(number)
    if campaign is None:
        return web.pages.missing(visit)
    notes = web.reports.pacing_notes(number, SHOWN_DECISIONS)
    live = panels.live_campaign(web.hub.picture, campaign)
    return web.pages.show(
        visit,
        "pacing",
        campaign=campaign,
        standing=pacing_view.standing(live, notes, visit.language),
        decisions=pacing_view.decisions(notes, visit.language),
        advice=advice_for(web, number),
        advice_words=advice_words,
        here="campaigns",
    )


@routes.get("/words", Permission.ACCOUNT)
def all_terms(web: Web, visit: Visit) -> Any:
    """Every term that is explained somewhere."""
    return web.pages.show(visit, "terms", here="")


@routes.get("/live/campaigns/<number:int>", Permission.CAMPAIGNS, streams=True)
def stream(web: Web, visit: Visit, number: CampaignId) -> Any:
    """A campaign's figures, sent whenever they change."""
    return follow(web, visit, Follower(web, number, visit.language).follow_changes)


@routes.get("/live/campaigns/<number:int>.json", Permission.CAMPAIGNS)
def poll(web: Web, visit: Visit, number: CampaignId) -> Any:
    """The same for a page whose stream was turned away."""
    return asked(web, Follower(web, number, visit.language).follow)


class Follower:
    """Follows one campaign for one page: what the service tells at once, and what only the store counts."""

    def __init__(self, web: Web, number: CampaignId, language: Language) -> None:
        self._web, self._number, self._language = web, number, language
        self._seen: object = None

    def follow(self, picture: Picture) -> tuple[Regions, Mapping[str, Any]]:
        """The campaign now; nothing when there is none."""
        campaign = self._web.reports.campaign(self._number)
        if campaign is None:
            return {}, {}
        live = panels.live_campaign(picture, campaign)
        names = ("campaign_state", "campaign_figures")
        return {
            name: fragment(f"live/{name}", self._language, live=live, panels=panels) for name in names
        }, {}

    def follow_changes(self, picture: Picture) -> tuple[Regions, Mapping[str, Any]] | None:
        """The campaign if the service told anything new of it."""
        told = (picture.connected, picture.campaigns.get(self._number))
        if told == self._seen:
            return None
        self._seen = told
        return self.follow(picture)


@routes.get("/campaigns/<number:int>/edit", Permission.CAMPAIGNS_CHANGE)
def edit(web: Web, visit: Visit, number: CampaignId) -> Any:
    """The form with this campaign's settings."""
    campaign = web.reports.campaign(number)
    if campaign is None:
        return web.pages.missing(visit)
    return _form(web, visit, forms.fields_of(campaign.settings), campaign)


@routes.post("/campaigns/<number:int>", Permission.CAMPAIGNS_CHANGE)
def update(web: Web, visit: Visit, number: CampaignId) -> Any:
    """Save the form."""
    campaign = web.reports.campaign(number)
    if campaign is None:
        return web.pages.missing(visit)
    try:
        web.call("campaign.update", id=number, settings=forms.read(visit.text, visit.texts))
    except Refused as refused:
        return _again(web, visit, forms.fields_of(campaign.settings), campaign, refused)
    return web.pages.go(visit, f"/campaigns/{number}", visit.language.gettext("Saved."))


@routes.post("/campaigns/<number:int>/delete", Permission.CAMPAIGNS_CHANGE)
def delete(web: Web, visit: Visit, number: CampaignId) -> Any:
    """Delete a draft; anything that has dialled is kept as proof."""
    try:
        web.call("campaign.delete", id=number)
    except Refused as refused:
        return web.pages.refuse(visit, f"/campaigns/{number}", refused.problems)
    return web.pages.go(visit, "/campaigns", visit.language.gettext("The draft is deleted."))


@routes.post("/campaigns/<number:int>/<action:re:announce|start|pause|stop>", Permission.CAMPAIGNS_RUN)
def move(web: Web, visit: Visit, number: CampaignId, action: str) -> Any:
    """Tell the agents, start, pause or stop."""
    campaign = web.reports.campaign(number)
    if campaign is None:
        return web.pages.missing(visit)
    back = "/dashboard" if visit.text("back") == "dashboard" else f"/campaigns/{number}"
    try:
        who = {"who": visit.person.name if visit.person else ""} if action == "start" else {}
        web.call_with(f"campaign.{action}", {"id": number, **who})
    except Refused as refused:
        return web.pages.refuse(visit, back, refused.problems)
    return web.pages.go(visit, back, visit.language.gettext(ACTIONS[action], name=campaign.settings.name))


@routes.get("/attempts/<uid>", Permission.CAMPAIGNS)
def attempt(web: Web, visit: Visit, uid: str) -> Any:
    """One attempt: what happened when, and the permit that allowed it."""
    found = web.reports.attempt(uid)
    if found is None:
        return web.pages.missing(visit)
    return web.pages.show(
        visit,
        "attempt",
        attempt=found,
        company=web.reports.company(uid),
        names={user.id: user.name for user in web.reports.users()},
        campaign=web.reports.campaign(found.campaign_id),
        dnc={str(each.id): each.name for each in web.reports.dnc_lists()},
        chain=_chain(web, uid),
        rule_words=rule_words,
        term_words=term_words,
        said=web.reports.verdict_words(uid),
        answer_words=script_words.answer,
        edits=web.reports.desk_edits(found.contact_id, uid),
        detection=detection_view,
        fired=web.reports.rules_fired(uid),
        order_forms=order_forms,
        lists={each.id: each.name for each in web.reports.contact_lists()},
        here="campaigns",
    )


def _chain(web: Web, uid: str) -> Mapping[str, Any] | None:
    """The permit's place in the chain, and what the judge says to it today; None while the service is away."""
    try:
        told: Mapping[str, Any] = web.call("attempt.permit", uid=uid)
    except ServiceDown:
        return None
    return told


def _again(web: Web, visit: Visit, shown: dict[str, Any], campaign: Any, refused: Refused) -> Any:
    typed = forms.typed_again(shown, visit.text, visit.texts)
    return _form(web, visit, typed, campaign, refused.problems, 422)


def _form(
    web: Web,
    visit: Visit,
    shown: dict[str, Any],
    campaign: Any,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> Any:
    list_id = campaign.settings.contact_list_id if campaign else None
    return web.pages.show(
        visit,
        "campaign_form",
        status,
        shown=shown,
        campaign=campaign,
        errors=dict(by_field(problems, visit.language)),
        lists=web.reports.contact_lists(),
        dnc_lists=web.reports.dnc_lists(),
        agents=[user for user in web.reports.users() if Role.AGENT in user.roles and user.active],
        destinations=web.reports.destinations(),
        columns=web.reports.list_columns(list_id) if list_id is not None else [],
        trunks=web.settings.trunks,
        retried=forms.RETRIED,
        machine_fields=forms.MACHINE_FIELDS,
        detection=detection_view,
        rule_words=rule_words,
        here="campaigns",
    )
