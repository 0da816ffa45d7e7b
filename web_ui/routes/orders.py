"""Whom a campaign calls next, and its rules: the order and the filter, rule after rule, and a trial on one contact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from firmware.model import CampaignId, Problem
from web_ui import condition_values, order_forms, words
from web_ui.client import Refused
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()


@routes.get("/campaigns/<number:int>/order", Permission.CAMPAIGNS_CHANGE)
def order(web: Web, visit: Visit, number: CampaignId) -> Any:
    """The order and the filter."""
    return _order(web, visit, number, web.reports.campaign_order(number))


@routes.post("/campaigns/<number:int>/order", Permission.CAMPAIGNS_CHANGE)
def set_order(web: Web, visit: Visit, number: CampaignId) -> Any:
    """Save them."""
    wanted = order_forms.read_order(visit.text, _known(web, visit, number))
    try:
        web.call("campaign.set_order", id=number, order=wanted, who=_who(visit))
    except Refused as refused:
        return _order(web, visit, number, wanted, refused.problems)
    return web.pages.go(visit, f"/campaigns/{number}/order", visit.language.gettext("Saved."))


@routes.get("/campaigns/<number:int>/rules", Permission.CAMPAIGNS_CHANGE)
def rules(web: Web, visit: Visit, number: CampaignId) -> Any:
    """Every rule in the order they are asked."""
    return _rules(web, visit, number)


@routes.post("/campaigns/<number:int>/rules/try", Permission.CAMPAIGNS_CHANGE)
def attempt(web: Web, visit: Visit, number: CampaignId) -> Any:
    """What would happen with one contact."""
    names = ("number", "disposition", "verdict", "code")
    args = {name: visit.text(name, 40) for name in names}
    after = visit.text("after") == "1"
    try:
        told = web.call_with("campaign.try_rules", {"id": number, "after": after, **args})
    except Refused as refused:
        return _rules(web, visit, number, problems=refused.problems)
    return _rules(web, visit, number, told)


@routes.get("/campaigns/<number:int>/rules/new", Permission.CAMPAIGNS_CHANGE)
def new_rule(web: Web, visit: Visit, number: CampaignId) -> Any:
    """The form of a new rule."""
    return _rule(web, visit, number, None, None)


@routes.post("/campaigns/<number:int>/rules/new", Permission.CAMPAIGNS_CHANGE)
def add_rule(web: Web, visit: Visit, number: CampaignId) -> Any:
    """Add it as the last."""
    return _save(web, visit, number, None)


@routes.get("/campaigns/<number:int>/rules/<made:int>", Permission.CAMPAIGNS_CHANGE)
def rule(web: Web, visit: Visit, number: CampaignId, made: int) -> Any:
    """The form of one rule; ``made`` counts from 0."""
    _, found = web.reports.campaign_rules(number)
    return _rule(web, visit, number, made, found[made]) if made < len(found) else web.pages.missing(visit)


@routes.post("/campaigns/<number:int>/rules/<made:int>", Permission.CAMPAIGNS_CHANGE)
def save_rule(web: Web, visit: Visit, number: CampaignId, made: int) -> Any:
    """Save it in its place."""
    return _save(web, visit, number, made)


@routes.post(
    "/campaigns/<number:int>/rules/<made:int>/<action:re:up|down|switch|delete>", Permission.CAMPAIGNS_CHANGE
)
def move_rule(web: Web, visit: Visit, number: CampaignId, made: int, action: str) -> Any:
    """Put a rule before or behind the next, switch it off or on, or delete it."""
    version, found = web.reports.campaign_rules(number)
    path = f"/campaigns/{number}/rules"
    if made >= len(found) or visit.text("version") != str(version):
        return web.pages.refuse(visit, path, [_changed()])
    if action == "switch":
        found[made] = {**found[made], "active": not found[made]["active"]}
    else:
        taken = found.pop(made)
        if action != "delete":
            found.insert(max(0, made - 1) if action == "up" else made + 1, taken)
    try:
        web.call("campaign.set_rules", id=number, rules=found, who=_who(visit))
    except Refused as refused:
        return web.pages.refuse(visit, path, refused.problems)
    return web.pages.go(visit, path, visit.language.gettext("Saved."))


def _save(web: Web, visit: Visit, number: CampaignId, made: int | None) -> Any:
    version, found = web.reports.campaign_rules(number)
    wanted = order_forms.read_rule(visit.text, _known(web, visit, number))
    if visit.text("version") != str(version) or (made is not None and made >= len(found)):
        return _rule(web, visit, number, made, wanted, [_changed()])
    if made is None:
        found.append(wanted)
    else:
        found[made] = wanted
    try:
        web.call("campaign.set_rules", id=number, rules=found, who=_who(visit))
    except Refused as refused:
        return _rule(web, visit, number, made, wanted, refused.problems)
    return web.pages.go(visit, f"/campaigns/{number}/rules", visit.language.gettext("Saved."))


def _order(web: Web, visit: Visit, number: CampaignId, shown: Any, problems: Any = ()) -> Any:
    campaign = web.reports.campaign(number)
    if campaign is None:
        return web.pages.missing(visit)
    known = _known(web, visit, number)
    join, rows, kept = order_forms.rows_of(shown.get("filter"), known)
    return web.pages.show(
        visit,
        "campaign_order",
        422 if problems else 200,
        campaign=campaign,
        shown=shown,
        sorts=order_forms.sort_rows(shown),
        fields=order_forms.FIELDS,
        columns=_columns(web, campaign),
        offered=condition_values.suggestions({}, _values(web, campaign)),
        waits=web.reports.order_waits(number),
        here="campaigns",
        **_conditions(join, rows, kept, shown.get("filter"), visit, problems),
    )


def _rules(web: Web, visit: Visit, number: CampaignId, told: Any = None, problems: Any = ()) -> Any:
    campaign = web.reports.campaign(number)
    if campaign is None:
        return web.pages.missing(visit)
    version, found = web.reports.campaign_rules(number)
    return web.pages.show(
        visit,
        "campaign_rule_list",
        422 if problems else 200,
        campaign=campaign,
        version=version,
        rules=found,
        told=told,
        forms=order_forms,
        lists={each.id: each.name for each in web.reports.contact_lists()},
        mistakes=_said(problems, visit),
        here="campaigns",
    )


def _rule(
    web: Web, visit: Visit, number: CampaignId, made: int | None, shown: Any, problems: Any = ()
) -> Any:
    campaign = web.reports.campaign(number)
    if campaign is None:
        return web.pages.missing(visit)
    version, _found = web.reports.campaign_rules(number)
    when, known = shown.get("when") if shown else None, _known(web, visit, number)
    return web.pages.show(
        visit,
        "campaign_rule",
        422 if problems else 200,
        campaign=campaign,
        made=made,
        version=visit.text("version") or version,
        shown=order_forms.rule_fields(shown),
        fields=order_forms.CALL_FIELDS,
        columns=_columns(web, campaign),
        offered=condition_values.suggestions(known, _values(web, campaign)),
        lists=web.reports.contact_lists(),
        moments=order_forms.MOMENTS,
        here="campaigns",
        **_conditions(*order_forms.rows_of(when, known), when, visit, problems),
    )


def _conditions(
    join: str, rows: list[order_forms.Row], kept: str, condition: Any, visit: Visit, problems: Any
) -> dict[str, Any]:
    """What the template of a condition's rows needs."""
    empty = [{"field": "", "is": "equals", "as": "text", "value": ""}]
    return {
        "join": join,
        "rows": rows + empty * max(2, order_forms.CHECKS - len(rows)),
        "kept": kept,
        "kept_words": order_forms.in_words(condition, visit.language) if kept else "",
        "hows": order_forms.HOWS,
        "kinds": order_forms.KINDS,
        "joins": order_forms.JOINS,
        "mistakes": _said(problems, visit),
    }


def _columns(web: Web, campaign: Any) -> list[str]:
    list_id = campaign.settings.contact_list_id
    return [] if list_id is None else web.reports.list_columns(list_id)


def _values(web: Web, campaign: Any) -> Mapping[str, Sequence[str]]:
    list_id = campaign.settings.contact_list_id
    return {} if list_id is None else web.reports.list_values(list_id)


def _known(web: Web, visit: Visit, number: CampaignId) -> condition_values.Choices:
    """Words for what the box's own fields hold, with the campaign's wrap-up codes."""
    campaign = web.reports.campaign(number)
    return condition_values.choices(visit.language, campaign.settings.wrap_up_codes if campaign else ())


def _said(problems: Any, visit: Visit) -> list[str]:
    return list(dict.fromkeys(words.problem(problem, visit.language) for problem in problems))


def _changed() -> Problem:
    return Problem("version", "rules_changed", "Somebody else has changed the rules meanwhile. Look again.")


def _who(visit: Visit) -> str:
    return visit.person.login if visit.person else ""
