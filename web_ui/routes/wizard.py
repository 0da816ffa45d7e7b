"""The assistant for a new campaign: from an uploaded file to the start in eight steps.

The draft is a campaign in state draft from the first answer on, so nothing is lost by a log-out or a restart; each step
saves its part of the settings. Uploads are ``wizard_list``'s, their check and import ``wizard_check``'s, the last step
``wizard_start``'s, the forecast ``dry_run``'s.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bottle import HTTPResponse

from firmware.model import CampaignId, CampaignState, Problem, Role
from firmware.store.reports import Campaign
from web_ui import advice_words, forms, pack_words, rule_words, wizard
from web_ui.client import Refused, ServiceDown
from web_ui.drafts import Drafts, Notes
from web_ui.language import N_
from web_ui.pages import Note, by_field, see_other
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()
log = logging.getLogger(__name__)

FITTED = {
    "ring_timeout_s": N_("The time it rings was fitted to the rules."),
    "hold_s": N_("The time a person waits was fitted to the rules."),
    "abandon_target": N_("The abandon rate was fitted to the rules."),
}


def drafts(web: Web) -> Drafts:
    """Where notes on drafts are kept."""
    return Drafts(web.settings.uploads)


def draft_of(web: Web, visit: Visit, number: CampaignId) -> Campaign | HTTPResponse:
    """The draft, or the page to show instead: a campaign that was started is changed on its own page."""
    campaign = web.reports.campaign(number)
    if campaign is None:
        return web.pages.missing(visit)
    if campaign.state is not CampaignState.DRAFT:
        return see_other(f"/campaigns/{number}")
    return campaign


def show(
    web: Web,
    visit: Visit,
    step: str,
    campaign: Campaign | None,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
    **values: Any,
) -> HTTPResponse:
    """One step's page."""
    kept = drafts(web)
    notes = kept.read(campaign.id) if campaign else Notes()
    at = wizard.number_of(step)
    if campaign and notes.seen < at:
        notes = replace(notes, seen=at)
        kept.write(campaign.id, notes)
    return web.pages.show(
        visit,
        f"wizard_{values.pop('template', step)}",
        status,
        **{"errors": dict(by_field(problems, visit.language)), **values},
        campaign=campaign,
        step=step,
        steps=wizard.STEPS,
        seen=notes.seen,
        path=f"/wizard/{campaign.id}" if campaign else "/wizard",
        here="campaigns",
    )


@routes.get("/wizard/<number:int>", Permission.CAMPAIGNS_CHANGE)
def resume(web: Web, visit: Visit, number: CampaignId) -> Any:
    """Go on where somebody left off."""
    campaign = draft_of(web, visit, number)
    if isinstance(campaign, HTTPResponse):
        return campaign
    notes = drafts(web).read(number)
    if campaign.settings.contact_list_id is None:
        waits = "check" if notes.look or notes.job else "list"
        return see_other(f"/wizard/{number}/{waits}")
    return see_other(f"/wizard/{number}/{wizard.NAMES[max(3, min(notes.seen, len(wizard.NAMES))) - 1]}")


@routes.get("/wizard/<number:int>/<action:re:rules|hours|mode|team|results>", Permission.CAMPAIGNS_CHANGE)
def step(web: Web, visit: Visit, number: CampaignId, action: str) -> Any:
    """One step of the settings, with what somebody typed there and could not save yet."""
    campaign = draft_of(web, visit, number)
    if isinstance(campaign, HTTPResponse):
        return campaign
    shown = forms.fields_of(campaign.settings)
    typed = drafts(web).read(number).typed.get(action)
    if isinstance(typed, dict):
        shown = wizard.typed_again(action, shown, *_lookups(typed))
    return _settings_page(web, visit, action, campaign, shown)


@routes.post("/wizard/<number:int>/<action:re:rules|hours|mode|team|results>", Permission.CAMPAIGNS_CHANGE)
def save(web: Web, visit: Visit, number: CampaignId, action: str) -> Any:
    """Save a step and go where the button leads."""
    campaign = draft_of(web, visit, number)
    if isinstance(campaign, HTTPResponse):
        return campaign
    target = wizard.after(action, visit.text("go", 20))
    changes = _along(web, campaign, wizard.read(action, visit.text, visit.texts))
    try:
        told = web.call("campaign.change", id=number, changes=changes, fit=action == "rules")
    except Refused as refused:
        if wizard.goes_back(action, target):
            _keep_typed(web, visit, number, action)
            return see_other(f"/wizard/{number}/{target}")
        shown = wizard.typed_again(action, forms.fields_of(campaign.settings), visit.text, visit.texts)
        return _settings_page(web, visit, action, campaign, shown, refused.problems, 422)
    _drop_typed(web, number, action)
    for name in told["fitted"]:
        web.pages.tell(visit, Note(visit.language.gettext(FITTED[name]), "plain"))
    return lead_to(web, number, target)


def lead_to(web: Web, number: CampaignId, target: str) -> HTTPResponse:
    """On to a step. Before the last one the forecast is begun; where that is refused, the page has a button for it."""
    if target == "start":
        try:
            web.call("dry_run.begin", id=number)
        except Refused as refused:
            log.info("campaign %d is not forecast: %s", number, refused)
    return see_other(f"/wizard/{number}/{target}")


# -- what the steps show ------------------------------------------------------------------------------------------


def _settings_page(
    web: Web,
    visit: Visit,
    action: str,
    campaign: Campaign,
    shown: dict[str, Any],
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> HTTPResponse:
    return show(
        web,
        visit,
        action,
        campaign,
        problems,
        status,
        shown=shown,
        retried=forms.RETRIED,
        rule_words=rule_words,
        pack_words=pack_words,
        advice_words=advice_words,
        trunks=web.settings.trunks,
        trunk_states=web.hub.picture.trunks,
        agent_states=web.hub.picture.agents,
        agents=[user for user in web.reports.users() if Role.AGENT in user.roles and user.active],
        **_asked(web, action, campaign),
    )


def _asked(web: Web, action: str, campaign: Campaign) -> dict[str, Any]:
    """What a step must ask of the service: the rules, or the adviser."""
    if action in ("rules", "hours"):
        packs = {pack["name"]: pack for pack in web.call("rules.packs")["packs"]}
        return {"packs": packs, "pack": pack_name(campaign, packs)}
    if action != "mode":
        return {}
    packs = {pack["name"]: pack for pack in web.call("rules.packs")["packs"]}
    return {
        "advice": advice_for(web, campaign.id),
        "fresh": drafts(web).read(campaign.id).seen < 5,
        "parts": packs[pack_name(campaign, packs)]["rules"].get("announcement", ()),
    }


def pack_name(campaign: Campaign, packs: Mapping[str, Any]) -> str:
    """The pack a campaign keeps: its own choice, that of its country, or ``own``."""
    chosen = campaign.settings.rule_pack
    if chosen in packs:
        return chosen
    country = campaign.settings.country
    return next((name for name, pack in packs.items() if country in pack.get("countries", ())), "own")


def advice_for(web: Web, number: CampaignId) -> Mapping[str, Any] | None:
    """The adviser's word: from the forecast where there is one, else reckoned; None while nobody answers."""
    result = web.hub.picture.dry_runs.get(number, {}).get("result")
    if result:
        advice: Mapping[str, Any] = result["advice"]
        return advice
    try:
        reckoned: Mapping[str, Any] = web.call("dry_run.advice", id=number)
    except (Refused, ServiceDown):
        return None
    return reckoned


def _along(web: Web, campaign: Campaign, changes: dict[str, Any]) -> dict[str, Any]:
    """Trunk and number shown go together: a choice of one brings a fitting other."""
    may_show = {trunk.name: trunk.caller_ids for trunk in web.settings.trunks}
    shown = campaign.settings.caller_id
    if "caller_id" in changes:
        number, trunk = changes["caller_id"], campaign.settings.trunk
        fits = [name for name, numbers in may_show.items() if number in numbers]
        return {**changes, "trunk": trunk if not fits or trunk in fits else fits[0]}
    if changes.get("trunk") in may_show:
        numbers = may_show[changes["trunk"]]
        fitting = shown if shown in numbers or not numbers else numbers[0]
        return {**changes, "caller_id": fitting}
    return changes


# -- what was typed and could not be saved ------------------------------------------------------------------------


def _keep_typed(web: Web, visit: Visit, number: CampaignId, action: str) -> None:
    kept = drafts(web)
    notes = kept.read(number)
    typed: dict[str, list[str]] = {}
    for name, value in visit.request.forms.decode().allitems():
        if name not in ("csrf", "go"):
            typed.setdefault(name, []).append(value[:2000])
    kept.write(number, replace(notes, typed={**notes.typed, action: typed}))


def _drop_typed(web: Web, number: CampaignId, action: str) -> None:
    kept = drafts(web)
    notes = kept.read(number)
    if action in notes.typed:
        kept.write(number, replace(notes, typed={k: v for k, v in notes.typed.items() if k != action}))


def _lookups(typed: Mapping[str, list[str]]) -> tuple[wizard.Text, wizard.Texts]:
    return (lambda name: str((typed.get(name) or [""])[0])), (lambda name: list(typed.get(name) or ()))
