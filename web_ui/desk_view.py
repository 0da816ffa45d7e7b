"""What an agent's desk shows: one desk's state as live regions and the few facts its script needs.

Pure, given the answer of ``desk.state``. Fields people type into are no live region, so nothing typed is ever
replaced from outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web_ui import words
from web_ui.language import Language, timer
from web_ui.live import Picture
from web_ui.pages import fragment
from web_ui.streams import Regions

Desk = Mapping[str, Any]

EMPTY: Desk = {"state": "logged_out", "since": 0.0, "phone": {}, "today": {}, "history": []}


def values(desk: Desk, mine: list[Mapping[str, Any]]) -> dict[str, Any]:
    """What the desk's templates need."""
    return {"desk": desk, "mine": mine, "label": label, "timer": timer}


def regions(desk: Desk, mine: list[Mapping[str, Any]], language: Language) -> Regions:
    """The desk's live regions."""
    names = ("status", "call", "contact", "codes", "idle")
    return {name: fragment(f"live/desk_{name}", language, **values(desk, mine)) for name in names}


def facts(desk: Desk, language: Language) -> dict[str, Any]:
    """What the script needs to know besides the HTML."""
    call, wrap_up = desk.get("call") or {}, desk.get("wrap_up") or {}
    return {
        "desk": {
            "state": desk.get("state"),
            "attempt": desk.get("attempt"),
            "call": call.get("state"),
            "held": bool(call.get("held")),
            "ends_at": wrap_up.get("ends_at"),
            "callbacks": _codes(wrap_up, "callback"),
            "never_again": _codes(wrap_up, "do_not_call"),
            "spoken": spoken(desk, language),
        }
    }


def _codes(wrap_up: Mapping[str, Any], disposition: str) -> list[str]:
    return [code["code"] for code in wrap_up.get("codes", ()) if code.get("disposition") == disposition]


def spoken(desk: Desk, language: Language) -> str:
    """What a screen reader says when the state changes."""
    state = words.word(words.AGENT_STATES, desk.get("state"), language)
    call = desk.get("call") or {}
    if desk.get("state") == "talking":
        name = call.get("name") or call.get("number") or ""
        held = language.gettext("on hold") if call.get("held") else ""
        return ", ".join(part for part in (state, str(name), held) if part)
    return state


def label(code: Mapping[str, Any], language: Language) -> str:
    """A wrap-up code in the reader's language."""
    return str(code.get(f"label_{language.code}") or code.get("label_en") or code.get("code", ""))


def my_campaigns(picture: Picture, user_id: int) -> list[Mapping[str, Any]]:
    """Campaigns under way that this agent works for."""
    return [
        campaign
        for campaign in picture.campaigns.values()
        if user_id in (campaign.get("agents") or ()) and campaign.get("state") in ("running", "paused")
    ]
