"""The assistant's last step: the campaign on one page, its forecast, what stands against a start, and the start."""

from __future__ import annotations

from typing import Any

from bottle import HTTPResponse

from firmware.model import CampaignId
from firmware.store.reports import Campaign
from web_ui import advice_words, forecast_view, forms, panels, rule_words, term_words, wizard, words
from web_ui.client import Refused, ServiceDown
from web_ui.pages import see_other
from web_ui.permissions import Permission
from web_ui.routes.wizard import draft_of, drafts, show
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()


@routes.get("/wizard/<number:int>/<action:re:start>", Permission.CAMPAIGNS_CHANGE)
def last(web: Web, visit: Visit, number: CampaignId, action: str) -> Any:
    """The whole campaign on one page, its forecast, and what stands against a start."""
    campaign = draft_of(web, visit, number)
    if isinstance(campaign, HTTPResponse):
        return campaign
    picture = web.hub.picture
    return show(
        web,
        visit,
        action,
        campaign,
        forecast=picture.dry_runs.get(number, {}),
        view=forecast_view,
        rows=_summary(web, visit, campaign),
        obstacles=_obstacles(web, visit, number),
        warnings=_warnings(visit, campaign, picture),
        advice_words=advice_words,
        panels=panels,
    )


@routes.post("/wizard/<number:int>/<action:re:start>", Permission.CAMPAIGNS_CHANGE)
def start(web: Web, visit: Visit, number: CampaignId, action: str) -> Any:
    """Start dialling, or say what is missing."""
    campaign = draft_of(web, visit, number)
    if isinstance(campaign, HTTPResponse):
        return campaign
    target = wizard.after(action, visit.text("go", 20))
    if target != action:
        return see_other(f"/wizard/{number}/{target}")
    try:
        web.call("campaign.start", id=number, who=visit.person.name if visit.person else "")
    except Refused as refused:
        return web.pages.refuse(visit, f"/wizard/{number}/start", refused.problems)
    drafts(web).forget(number)
    text = visit.language.gettext("{name} is running.", name=campaign.settings.name)
    return web.pages.go(visit, f"/campaigns/{number}", text)


def _summary(web: Web, visit: Visit, campaign: Campaign) -> list[tuple[str, str, list[str]]]:
    """Step, label and lines of everything that was chosen."""
    _, s = visit.language.gettext, campaign.settings
    lists = {each.id: each for each in web.reports.contact_lists()}
    names = {user.id: user.name for user in web.reports.users()}
    dnc = {each.id: each.name for each in web.reports.dnc_lists()}
    chosen = lists.get(s.contact_list_id) if s.contact_list_id is not None else None
    count = visit.language.ngettext(
        "{count} contact open", "{count} contacts open", chosen.open if chosen else 0
    )
    asked = [words.dnc_name(dnc.get(i, "?"), visit.language) for i in sorted({1, *s.dnc_list_ids})]
    return [
        ("list", _("Contact list"), [f"{chosen.name} ({count})"] if chosen else [_("none")]),
        ("check", _("DNC lists"), [visit.language.listing(asked)]),
        (
            "rules",
            _("Purpose"),
            [rule_words.word(rule_words.PURPOSES, s.purpose.value, visit.language)],
        ),
        ("rules", _("Number shown"), [visit.language.phone(s.caller_id) if s.caller_id else _("none")]),
        (
            "hours",
            _("Call windows"),
            [
                *(
                    [f"{days} {hours}" for days, hours in forms.week_words(s.windows, visit.language)]
                    or [_("none")]
                ),
                *filter(None, [term_words.of(s, visit.language)]),
            ],
        ),
        ("mode", _("Dialling mode"), [words.word(words.MODES, s.mode, visit.language)]),
        (
            "team",
            _("Agents"),
            [visit.language.listing([names.get(i, "?") for i in s.agent_ids]) or _("nobody yet")],
        ),
        ("team", _("Trunk"), [s.trunk or _("none")]),
        (
            "results",
            _("Attempts"),
            [_("at most {count} per contact", count=visit.language.number(s.max_attempts))],
        ),
    ]


def _obstacles(web: Web, visit: Visit, number: CampaignId) -> list[tuple[str, str]]:
    """What stands against a start, each with the step where it is mended."""
    try:
        told = web.call("campaign.obstacles", id=number)["problems"]
    except ServiceDown:
        return [("", visit.language.gettext("The telephone service does not answer."))]
    return [
        (wizard.FIELD_STEPS.get(str(each.get("where", "")), ""), words.raw_problem(each, visit.language))
        for each in told
    ]


def _warnings(visit: Visit, campaign: Campaign, picture: Any) -> list[str]:
    """What does not forbid a start but keeps calls from being made."""
    _ = visit.language.gettext
    found = [
        _(
            "The box is not dialling: {reason}",
            reason=words.sentence(words.HEALTH, why.get("key"), why.get("figures"), visit.language),
        )
        for why in picture.box.get("why_not") or ()
    ]
    states = [picture.agents.get(i, {}).get("state") for i in campaign.settings.agent_ids]
    if states and not any(state in panels.AT_WORK for state in states):
        found.append(_("None of the agents is at work yet. Calls begin as soon as one of them is ready."))
    return found
