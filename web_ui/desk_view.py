"""What an agent's desk shows: one desk's state as live regions and the few facts its script needs.

Pure, given the answer of ``desk.state`` and the agent's ``keys``. Fields people type into are no live region, so
nothing typed is ever replaced from outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web_ui import desk_keys, detection_view, inbound_words, script_words, words
from web_ui.language import Language, timer
from web_ui.live import Picture
from web_ui.pages import fragment
from web_ui.streams import Regions

Desk = Mapping[str, Any]

EMPTY: Desk = {"state": "logged_out", "since": 0.0, "phone": {}, "today": {}, "history": []}


def values(desk: Desk, mine: list[Mapping[str, Any]]) -> dict[str, Any]:
    """What the desk's templates need."""
    return {
        "desk": desk,
        "mine": mine,
        "label": label,
        "timer": timer,
        "told_words": told_words,
        "promised_words": promised_words,
        "machine_words": detection_view.machine_at_desk,
        "past_words": past_words,
        "kind_words": inbound_words.kind,
        "card_label": card_label,
        "answer_words": script_words.answer,
        "call_kind": call_kind,
        "expected": expected,
        "keys": desk_keys.in_force(desk.get("keys") or {}),
        "about_keys": desk_keys,
    }


def regions(desk: Desk, mine: list[Mapping[str, Any]], language: Language) -> Regions:
    """The desk's live regions."""
    names = ("status", "floor", "call", "contact", "codes", "idle", "by_hand")
    return {name: fragment(f"live/desk_{name}", language, **values(desk, mine)) for name in names}


def facts(desk: Desk, language: Language) -> dict[str, Any]:
    """What the script needs to know besides the HTML."""
    call, wrap_up = desk.get("call") or {}, desk.get("wrap_up") or {}
    offer, on = desk.get("offer") or {}, desk.get("state") == "talking"
    return {
        "desk": {
            "state": desk.get("state"),
            "attempt": desk.get("attempt"),
            "call": call.get("state"),
            "held": bool(call.get("held")),
            "assists": (desk.get("party") or {}).get("role") == "other",
            "ends_at": wrap_up.get("ends_at"),
            "zone": desk.get("zone"),
            "callbacks": _codes(wrap_up, "callback"),
            "never_again": _codes(wrap_up, "do_not_call"),
            "offer": offer.get("contact_id"),
            "asked": desk.get("attempt") if asked(desk) else None,
            "dials_at": offer.get("dials_at") if offer.get("step") == "offered" else None,
            "goes_back_at": offer.get("ends_at") if offer.get("step") == "offered" else None,
            "by_hand": bool(desk.get("by_hand")) and desk.get("state") in ("ready", "paused"),
            "keys": desk_keys.in_force(desk.get("keys") or {}).actions,
            "expected": expected(desk),
            "spoken": spoken(desk, language),
            "script": desk.get("script"),
            "card": card_fields(desk, language),
            "machine": detection_view.machine_at_desk(call, language) if on else "",
        }
    }


def card_fields(desk: Desk, language: Language) -> dict[str, Any] | None:
    """The fields of the contact that this agent may change, for the form; None where there is none."""
    card = desk.get("card") or {}
    fields = [
        {**each, "label": card_label(each, language)} for each in card.get("fields", ()) if each["editable"]
    ]
    return {"contact": card["contact"], "fields": fields} if fields else None


def card_label(field: Mapping[str, Any], language: Language) -> str:
    """What a field of the card is called."""
    return language.gettext("Name") if field["column"] == "@name" else str(field["column"])


def call_kind(desk: Desk, language: Language) -> str:
    """Why the box or the agent calls, or why they called."""
    call, offer = desk.get("call") or {}, desk.get("offer") or {}
    if call.get("incoming"):
        return inbound_words.kind(call["incoming"], language)
    if desk.get("promise") or offer.get("promise"):
        return language.gettext("Promised callback")
    if offer:
        return language.gettext("Typed by hand") if offer.get("by_hand") else language.gettext("Preview")
    return language.gettext("Dialled by you") if call.get("own") else language.gettext("Dialled by the box")


def _codes(wrap_up: Mapping[str, Any], disposition: str) -> list[str]:
    return [code["code"] for code in wrap_up.get("codes", ()) if code.get("disposition") == disposition]


def expected(desk: Desk) -> bool:
    """Whether a promise is kept with this record or call, or the person returns a call of ours."""
    call, offer = desk.get("call") or {}, desk.get("offer") or {}
    promise = desk.get("promise") or offer.get("promise")
    return bool(promise) or (call.get("incoming") or {}).get("kind") == "callback"


def unfinished(desk: Desk, language: Language) -> str:
    """What lies on the desk and waits for the agent: a call on hold, a consultation, a result; empty when nothing."""
    call, party = desk.get("call") or {}, desk.get("party") or {}
    name = str(call.get("name") or call.get("number") or language.gettext("Number withheld"))
    if desk.get("state") == "wrap_up":
        return language.gettext("{name}: the result is not given yet.", name=name)
    if desk.get("state") != "talking":
        return ""
    if party.get("other"):
        other = str(party["other"].get("name", ""))
        return language.gettext("{name}: you have asked {other} in.", name=name, other=other)
    if call.get("held"):
        return language.gettext("{name} is on hold.", name=name)
    return language.gettext("{name}: the call is on.", name=name)


def spoken(desk: Desk, language: Language) -> str:
    """What a screen reader says when the state changes."""
    key = desk_keys.in_force(desk.get("keys") or {}).shortcut("take")
    state = words.word(words.AGENT_STATES, desk.get("state"), language)
    call, offer = desk.get("call") or {}, desk.get("offer") or {}
    if offer:
        name = offer.get("name") or offer.get("number") or ""
        said = language.gettext("Record to look at: {name}.", name=name)
        return said + (" " + language.gettext("{key} dials.", key=key) if key else "")
    if asked(desk):
        name = call.get("name") or call.get("number") or language.gettext("Number withheld")
        said = language.gettext("Incoming call: {name}.", name=name)
        return said + (" " + language.gettext("{key} takes it.", key=key) if key else "")
    if desk.get("state") == "talking":
        name = call.get("name") or call.get("number") or ""
        held = language.gettext("on hold") if call.get("held") else ""
        return ", ".join(part for part in (state, str(name), held) if part)
    let_go = detection_view.released(desk, language) if not call else ""
    return f"{state}. {let_go}" if let_go else state


def asked(desk: Desk) -> bool:
    """Whether a call that came in is shown and waits to be taken."""
    call = desk.get("call") or {}
    return bool((call.get("incoming") or {}).get("asked"))


def past_words(call: Mapping[str, Any], language: Language) -> str:
    """What an earlier call came to; of one that came in, also what became of it."""
    result = words.word(words.DISPOSITIONS, call["disposition"], language) if call.get("disposition") else ""
    if "incoming" not in call:
        return result
    became = inbound_words.outcome({"outcome": call["incoming"]}, language)
    said = language.gettext("Called us: {outcome}", outcome=became)
    return f"{said}, {result}" if result else said


def told_words(desk: Desk, language: Language) -> str:
    """What the box did with this agent's last record by itself, as a sentence; empty when there is nothing to say."""
    told = desk.get("told") or {}
    if not told:
        return detection_view.released(desk, language)
    if told.get("key") == "refused":
        return f"{told.get('name', '')}: {refusal_words(told, language)}"
    return words.sentence(words.TOLD, told.get("key"), told, language)


def promised_words(desk: Desk, language: Language) -> str:
    """What this person was promised, where the call keeps a promise."""
    promise = desk.get("promise") or (desk.get("offer") or {}).get("promise") or {}
    at = promise.get("promised_at")
    if not isinstance(at, int | float):
        return ""
    return language.gettext("Callback promised for {moment}", moment=language.moment(at))


def refusal_words(refused: Mapping[str, Any], language: Language) -> str:
    """Why a call is not allowed now, and from when it may be."""
    rule = words.word(words.REFUSALS, refused.get("rule"), language)
    said = language.gettext("This call is not allowed now: {rule}.", rule=rule)
    until = refused.get("until")
    if not isinstance(until, int | float):
        return said
    again = language.gettext("Possible again from {moment}.", moment=language.moment(until))
    return f"{said} {again}"


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
