"""Webhooks: who is told what, what became of each delivery, trying one, repeating one."""

from __future__ import annotations

from typing import Any

from web_ui import api_view
from web_ui.client import Refused
from web_ui.pages import by_field
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()
BASE = "/settings/webhooks"


@routes.get(BASE, Permission.PROGRAMS)
def index(web: Web, visit: Visit) -> Any:
    """Every webhook, and the secret of the one just made."""
    return _show(web, visit, {"url": "", "campaign_id": "", "events": []}, {})


@routes.post(BASE, Permission.PROGRAMS)
def add(web: Web, visit: Visit) -> Any:
    """Tell an address what happens from now on."""
    _ = visit.language.gettext
    events = [event for event in visit.texts("events") if event in api_view.EVENTS]
    typed = {"url": visit.text("url", 500), "campaign_id": visit.text("campaign_id", 20), "events": events}
    errors = {} if typed["url"] else {"url": _("Type the address.")}
    if not events:
        errors["events"] = _("Choose at least one event.")
    if errors:
        return _show(web, visit, typed, errors)
    campaigns = visit.numbers("campaign_id")
    args = {"url": typed["url"], "events": events, "by": visit.person.name if visit.person else ""}
    try:
        made = web.call_with("webhook.add", {**args, "campaign_id": campaigns[0]} if campaigns else args)
    except Refused as refused:
        return _show(web, visit, typed, dict(by_field(refused.problems, visit.language)))
    web.pages.once.put(visit.session, "webhook", made["secret"])
    return web.pages.go(visit, BASE, _("The webhook is set up. Copy its secret now."))


@routes.get(f"{BASE}/<number:int>", Permission.PROGRAMS)
def log(web: Web, visit: Visit, number: int) -> Any:
    """What was sent, newest first."""
    hook = next((each for each in web.reports.webhook_subscriptions() if each.id == number), None)
    if hook is None:
        return web.pages.missing(visit)
    before = visit.query("before")
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else 0
    found = web.reports.webhook_deliveries(number, start, 51)
    return web.pages.show(
        visit,
        "webhook_log",
        hook=hook,
        deliveries=found[:50],
        more=len(found) > 50,
        view=api_view,
        here="api",
    )


@routes.post(f"{BASE}/<number:int>/test", Permission.PROGRAMS)
def test(web: Web, visit: Visit, number: int) -> Any:
    """Send an event that means nothing."""
    return _do(
        web,
        visit,
        f"{BASE}/{number}",
        "webhook.test",
        visit.language.gettext("Sent. What became of it stands below soon; reload the page."),
        id=number,
    )


@routes.post(f"{BASE}/<number:int>/active", Permission.PROGRAMS)
def set_active(web: Web, visit: Visit, number: int) -> Any:
    """Tell it again, or no more."""
    active = visit.text("active") == "1"
    _ = visit.language.gettext
    text = _("It is told again, with what has waited.") if active else _("It is told nothing for now.")
    return _do(web, visit, BASE, "webhook.set_active", text, id=number, active=active)


@routes.post(f"{BASE}/<number:int>/remove", Permission.PROGRAMS)
def remove(web: Web, visit: Visit, number: int) -> Any:
    """Forget it and what waits for it."""
    return _do(web, visit, BASE, "webhook.remove", visit.language.gettext("The webhook is gone."), id=number)


@routes.post(f"{BASE}/<number:int>/again", Permission.PROGRAMS)
def again(web: Web, visit: Visit, number: int) -> Any:
    """Deliver once more."""
    numbers = visit.numbers("delivery")
    delivery = numbers[0] if numbers else 0
    text = visit.language.gettext("It is delivered again.")
    return _do(web, visit, f"{BASE}/{number}", "webhook.again", text, delivery=delivery)


def _do(web: Web, visit: Visit, back: str, command: str, text: str, **args: Any) -> Any:
    try:
        web.call_with(command, args)
    except Refused as refused:
        return web.pages.refuse(visit, BASE, refused.problems)
    return web.pages.go(visit, back, text)


def _show(web: Web, visit: Visit, typed: dict[str, Any], errors: dict[str, str]) -> Any:
    return web.pages.show(
        visit,
        "webhooks",
        422 if errors else 200,
        hooks=web.reports.webhook_subscriptions(),
        waiting=web.reports.webhook_waiting(),
        campaigns=web.reports.campaigns(),
        secret=web.pages.once.take(visit.session, "webhook"),
        events={key: text for key, text in api_view.EVENTS.items() if key != "webhook.test"},
        typed=typed,
        errors=errors,
        here="api",
    )
