"""What is an agent's own: the keys of the desk, and what is still open.

Keys are the agent's, kept with the box, so that they are the same at every place. What is open lists promised
callbacks, the call on the desk, and results the box had to give; each can be finished or promised from there.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from web_ui import callback_words, desk_keys, desk_view
from web_ui.client import Refused
from web_ui.permissions import Permission
from web_ui.routes.desk import local_moment
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()
OPEN = "/desk/open"


# -- keys ------------------------------------------------------------------------------------------------------------


@routes.get("/desk/keys", Permission.DESK)
def keys(web: Web, visit: Visit) -> Any:
    """The keys in force, to be changed."""
    return _keys(web, visit, desk_keys.in_force(web.call("desk.keys", user_id=visit.user_id)).of, {})


@routes.post("/desk/keys", Permission.DESK)
def set_keys(web: Web, visit: Visit) -> Any:
    """Change them, all at once; "as delivered" forgets the choice."""
    if visit.text("delivered", 2):
        web.call("desk.set_keys", user_id=visit.user_id, keys={})
        return web.pages.go(visit, "/desk/keys", visit.language.gettext("The keys are as delivered."))
    typed = {action: desk_keys.tidied(visit.text(action, 20)) for action in desk_keys.DELIVERED}
    wrong = desk_keys.mistakes(typed)
    if wrong:
        errors = {action: desk_keys.said(each, visit.language) for action, each in wrong.items()}
        return _keys(web, visit, typed, errors, 422)
    web.call("desk.set_keys", user_id=visit.user_id, keys=desk_keys.changed(typed))
    return web.pages.go(visit, "/desk/keys", visit.language.gettext("Saved."))


def _keys(
    web: Web, visit: Visit, typed: Mapping[str, str], errors: Mapping[str, str], status: int = 200
) -> Any:
    return web.pages.show(
        visit, "desk_keys", status, typed=typed, errors=errors, about=desk_keys, here="desk"
    )


# -- what is open ----------------------------------------------------------------------------------------------------


@routes.get(OPEN, Permission.DESK)
def open_items(web: Web, visit: Visit) -> Any:
    """What is still this agent's: on the desk, promised, and given by the box."""
    return web.pages.show(
        visit,
        "open_items",
        told=web.call("desk.open_items", user_id=visit.user_id),
        on_desk=desk_view.unfinished(web.call("desk.state", user_id=visit.user_id), visit.language),
        names=callback_words,
        label=desk_view.label,
        here="desk",
    )


@routes.post("/desk/open/checked", Permission.DESK)
def checked(web: Web, visit: Visit) -> Any:
    """A result of the box is right."""
    try:
        web.call("desk.checked", user_id=visit.user_id, attempt=visit.text("attempt", 40))
    except Refused as refused:
        return web.pages.refuse(visit, OPEN, refused.problems)
    return web.pages.go(visit, OPEN, visit.language.gettext("Checked."))


@routes.post("/desk/open/result", Permission.DESK)
def result(web: Web, visit: Visit) -> Any:
    """The agent's own result of a conversation that was interrupted."""
    args = {
        "user_id": visit.user_id,
        "attempt": visit.text("attempt", 40),
        "code": visit.text("code", 40),
        "note": visit.text("note", 4000),
        "key": secrets.token_hex(16),
    }
    try:
        web.call_with("desk.wrap_up", args)
    except Refused as refused:
        return web.pages.refuse(visit, OPEN, refused.problems)
    return web.pages.go(visit, OPEN, visit.language.gettext("The result is saved."))


@routes.post("/desk/open/park", Permission.DESK)
def park(web: Web, visit: Visit) -> Any:
    """Promise the person another call, by oneself; only for what is open and one's own."""
    attempt = visit.text("attempt", 40)
    mine = web.call("desk.open_items", user_id=visit.user_id)["results"]
    found = next((each for each in mine if each["attempt"] == attempt and each["contact_there"]), None)
    at = local_moment(f"{visit.text('day', 10)}T{visit.text('time', 5)}", web.settings.zone)
    if found is None:
        return web.pages.go(visit, OPEN, visit.language.gettext("This is not open any more."), "refused")
    if at is None:
        text = visit.language.gettext("Choose the day and the time of the callback.")
        return web.pages.go(visit, OPEN, text, "refused")
    args = {
        "contact": found["contact_id"],
        "at": at,
        "owner": visit.user_id,
        "note": visit.text("note", 2000),
    }
    if found["campaign_id"] is not None:
        args["campaign"] = found["campaign_id"]
    try:
        web.call_with("callback.make", {**args, "made_by": visit.user_id})
    except Refused as refused:
        return web.pages.refuse(visit, OPEN, refused.problems)
    text = visit.language.gettext("Parked until {moment}.", moment=visit.language.moment(at))
    return web.pages.go(visit, OPEN, text)
