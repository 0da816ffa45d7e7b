"""The agent's desk: one page for a whole day, a stream that follows the desk, and what its buttons ask for.

An agent only ever speaks for himself: the user id of every command is the session's, never the request's.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bottle import HTTPResponse

from firmware.model import Problem
from web_ui import desk_view, words
from web_ui.client import Refused, ServiceDown
from web_ui.following import as_json, asked, follow
from web_ui.language import Language
from web_ui.live import Picture
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.streams import Regions
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()
log = logging.getLogger("web_ui.desk")

MICROPHONE = "camera=(), geolocation=(), microphone=(self)"
"""The one page that may ask for a microphone: it can be the agent's telephone."""
KEY = re.compile(r"[0-9a-f]{16,64}")


@routes.get("/desk", Permission.DESK)
def page(web: Web, visit: Visit) -> Any:
    """The desk, complete with a call that is under way."""
    picture = web.hub.picture
    follower = Follower(web, visit)
    follower.follow(picture)
    shown = web.pages.show(
        visit,
        "desk",
        **desk_view.values(follower.desk, desk_view.my_campaigns(picture, visit.user_id)),
        facts=json.dumps(desk_view.facts(follower.desk, visit.language)["desk"]),
        here="desk",
    )
    shown.set_header("Permissions-Policy", MICROPHONE)
    return shown


@routes.get("/live/desk", Permission.DESK, streams=True)
def stream(web: Web, visit: Visit) -> Any:
    """The desk, sent whenever it changes. An open desk keeps its session alive."""
    return follow(web, visit, Follower(web, visit).follow_changes, keeps_session=True)


@routes.get("/live/desk.json", Permission.DESK)
def poll(web: Web, visit: Visit) -> Any:
    """The same for a page whose stream was turned away."""
    web.keep_session(visit.token)
    return asked(web, Follower(web, visit).follow)


@routes.post(
    "/desk/<action:re:log_in|ready|log_out|hang_up|leave_message|hold|unhold|next|dial|wait|reject|accept|decline>",
    Permission.DESK,
)
def act(web: Web, visit: Visit, action: str) -> Any:
    """A button without any further words."""
    return _ask(web, visit, f"desk.{action}", {})


@routes.post("/desk/pause", Permission.DESK)
def pause(web: Web, visit: Visit) -> Any:
    """Pause, with a reason."""
    reason = visit.text("reason", 40)
    return _ask(web, visit, "desk.pause", {"reason": reason if reason in words.PAUSE_REASONS else "break"})


@routes.post("/desk/take_incoming", Permission.DESK)
def take_incoming(web: Web, visit: Visit) -> Any:
    """Whether calls that come in are taken during a pause."""
    return _ask(web, visit, "desk.mark", {"on": visit.text("reason", 3) == "on"})


@routes.post("/desk/digits", Permission.DESK)
def digits(web: Web, visit: Visit) -> Any:
    """Keys pressed on the keypad during a call."""
    return _ask(web, visit, "desk.digits", {"digits": visit.text("digits", 32)})


@routes.get("/desk/whom.json", Permission.DESK)
def whom(web: Web, visit: Visit) -> Any:
    """Colleagues and destinations that could be asked into the call now."""
    try:
        return as_json(web.call("desk.whom", user_id=visit.user_id))
    except (ServiceDown, Refused):
        return as_json({"colleagues": [], "destinations": []}, 503)


@routes.post("/desk/consult", Permission.DESK)
def consult(web: Web, visit: Visit) -> Any:
    """Ask a colleague or a destination in, or hand the customer over at once."""
    kind = "destination" if visit.text("kind", 12) == "destination" else "agent"
    args = {"kind": kind, "id": _number(visit, "id"), "blind": bool(visit.text("blind", 3))}
    return _ask(web, visit, "desk.consult", args)


@routes.post("/desk/party", Permission.DESK)
def party(web: Web, visit: Visit) -> Any:
    """Change over, bring together, hand over, take back."""
    return _ask(web, visit, "desk.party", {"wish": visit.text("wish", 12)})


@routes.post("/desk/record", Permission.DESK)
def record(web: Web, visit: Visit) -> Any:
    """Stop the recording, or begin it anew: the agent says by the button that the customer agrees."""
    on = bool(visit.text("up", 3))
    return _ask(web, visit, "desk.record", {"on": on, "agreed": on})


@routes.post("/desk/hand", Permission.DESK)
def hand(web: Web, visit: Visit) -> Any:
    """Ask a supervisor to come, or no longer."""
    return _ask(web, visit, "desk.raise_hand", {"up": bool(visit.text("up", 3))})


@routes.post("/desk/read", Permission.DESK)
def read(web: Web, visit: Visit) -> Any:
    """A supervisor's message has been read."""
    return _ask(web, visit, "desk.read_message", {"id": _number(visit, "id")})


@routes.post("/desk/confirm", Permission.DESK)
def confirm(web: Web, visit: Visit) -> Any:
    """The agent knows of a campaign, and is there."""
    return _ask(web, visit, "desk.confirm_notice", {"id": _number(visit, "id")})


def _number(visit: Visit, name: str) -> int:
    text = visit.text(name, 12)
    return int(text) if text.isascii() and text.isdigit() else 0


@routes.post("/desk/skip", Permission.DESK)
def skip(web: Web, visit: Visit) -> Any:
    """Leave the record on the desk for later, with a reason."""
    reason = visit.text("reason", 40)
    return _ask(web, visit, "desk.skip", {"reason": reason if reason in words.SKIP_REASONS else "other"})


@routes.post("/desk/was_person", Permission.DESK)
def was_person(web: Web, visit: Visit) -> Any:
    """A call the box took for a machine's was a person's."""
    return _ask(web, visit, "desk.was_person", {"attempt": visit.text("attempt", 40)})


@routes.post("/desk/word", Permission.DESK)
def word(web: Web, visit: Visit) -> Any:
    """What it really was that answered: a machine, or a person."""
    return _ask(
        web, visit, "amd.word", {"attempt": visit.text("attempt", 40), "said": visit.text("said", 10)}
    )


@routes.post("/desk/dial_number", Permission.DESK)
def dial_number(web: Web, visit: Visit) -> Any:
    """Dial a typed number as a call of a campaign."""
    campaign, number = visit.text("campaign_id", 20), visit.text("number", 40)
    if not (campaign.isascii() and campaign.isdigit() and number):
        text = visit.language.gettext("Type the number to dial.")
        return as_json({"ok": False, "problems": [text]}, 422)
    return _ask(web, visit, "desk.dial_number", {"campaign_id": int(campaign), "number": number})


@routes.post("/desk/wrap_up", Permission.DESK)
def wrap_up(web: Web, visit: Visit) -> Any:
    """The result of a call. Sent again with the same key until it is acknowledged; then nothing happens twice."""
    key = visit.text("key", 64)
    if not KEY.fullmatch(key):
        return as_json({"ok": False, "problems": ["key"]}, 400)
    args: dict[str, Any] = {
        "attempt": visit.text("attempt", 40),
        "code": visit.text("code", 40),
        "note": visit.text("note", 4000),
        "key": key,
    }
    if visit.text("do_not_call"):
        args["do_not_call"] = True
    callback = visit.text("callback", 40)
    if callback:
        at = local_moment(callback, web.settings.zone)
        if at is None:
            text = visit.language.gettext("Choose the day and the time of the callback.")
            return as_json({"ok": False, "problems": [text]}, 422)
        args["callback_at"] = at
        args["callback_kind"] = "team" if visit.text("kind", 10) == "team" else "personal"
    return _ask(web, visit, "desk.wrap_up", args)


def local_moment(text: str, zone: str) -> float | None:
    """``2027-03-14T10:30`` on the office's clock as UTC seconds; None when it is no such moment."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()
    except (ValueError, OverflowError, KeyError):
        return None


LOOKED_AT_EVERY_S = 4.0
"""While a record is on the desk the service is asked this often: that is how it knows that the page is open."""


class Follower:
    """Follows one desk for one page; asks the service only when something about this agent changed."""

    def __init__(self, web: Web, visit: Visit) -> None:
        self._web, self._user_id, self._language = web, visit.user_id, visit.language
        self._seen = -1
        self._keys: Mapping[str, Any] | None = None
        self.desk: Mapping[str, Any] = desk_view.EMPTY

    def follow(self, picture: Picture) -> tuple[Regions, Mapping[str, Any]]:
        """The desk now; the last known one while the service is away."""
        try:
            if self._keys is None:
                self._keys = self._web.call("desk.keys", user_id=self._user_id)
            self.desk = {**self._web.call("desk.state", user_id=self._user_id), "keys": self._keys}
        except (ServiceDown, Refused) as error:
            log.info("the desk of user %s was not asked: %s", self._user_id, error)
        mine = desk_view.my_campaigns(picture, self._user_id)
        return desk_view.regions(self.desk, mine, self._language), desk_view.facts(self.desk, self._language)

    def follow_changes(self, picture: Picture) -> tuple[Regions, Mapping[str, Any]] | None:
        """The desk if it may have changed since the last picture."""
        changed = self._key(picture)
        if changed == self._seen:
            return None
        self._seen = changed
        return self.follow(picture)

    def _key(self, picture: Picture) -> int:
        mine = desk_view.my_campaigns(picture, self._user_id)
        campaigns = [(c.get("id"), c.get("state"), c.get("open")) for c in mine]
        looked_at = int(time.monotonic() / LOOKED_AT_EVERY_S) if self.desk.get("offer") else 0
        touched = picture.touched.get(self._user_id, 0)
        return hash((picture.connected, touched, tuple(campaigns), looked_at))


def _ask(web: Web, visit: Visit, do: str, args: Mapping[str, Any]) -> HTTPResponse:
    try:
        web.call_with(do, {"user_id": visit.user_id, **args})
    except Refused as refused:
        said = [_said(problem, visit.language) for problem in refused.problems]
        return as_json({"ok": False, "problems": said, **_proposal(web, visit, refused)}, 409)
    except ServiceDown:
        return as_json({"ok": False, "problems": [visit.language.gettext("The box does not answer.")]}, 503)
    return as_json({"ok": True, "problems": []})


def _proposal(web: Web, visit: Visit, refused: Refused) -> Mapping[str, str]:
    """The next time at which a callback is possible, where one was refused: for the form, and in words."""
    for problem in refused.problems:
        until = problem.figures.get("until")
        if problem.key == "callback_outside_window" and isinstance(until, int | float):
            local = datetime.fromtimestamp(until, ZoneInfo(web.settings.zone))
            return {
                "proposal": local.isoformat(timespec="minutes")[:16],
                "proposed": visit.language.moment(until),
            }
    return {}


def _said(problem: Problem, language: Language) -> str:
    """A problem of a record or a typed number in words; its reason is one of several kinds of keys."""
    if problem.key == "callback_outside_window":
        rule = words.word(words.REFUSALS, problem.figures.get("rule"), language)
        return f"{words.problem(problem, language)} {rule}."
    if problem.key == "call_refused":
        return desk_view.refusal_words(problem.figures, language)
    if problem.key == "cannot_dial":
        reasons = {**words.PACING, **words.HEALTH}
        reason = words.sentence(reasons, problem.figures.get("reason"), {}, language)
        return language.gettext("The box cannot dial now: {reason}", reason=reason)
    return words.problem(problem, language)
