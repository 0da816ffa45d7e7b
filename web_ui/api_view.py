"""What the pages about tokens, webhooks and the API show, as plain values. Pure: facts in, words out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from web_ui.api import openapi, problems
from web_ui.api.endpoint import PREFIX, Endpoint
from web_ui.api.shapes import Maybe, Moment, Named, Several, Shape, Table, Text, Whole, Word
from web_ui.language import N_, Language

SCOPES: Mapping[str, str] = {
    "contacts:read": N_("See contact lists and contacts"),
    "contacts:write": N_("Add, change and close contacts"),
    "leads:write": N_("Give campaigns leads to call"),
    "callbacks:read": N_("See promised callbacks"),
    "callbacks:write": N_("Promise callbacks and withdraw them"),
    "dnc:read": N_("See whether a number is blocked"),
    "dnc:write": N_("Block and unblock numbers"),
    "consents:read": N_("See consents on record"),
    "consents:write": N_("Put consents on record and take them back"),
    "campaigns:read": N_("See campaigns with their figures"),
    "campaigns:control": N_("Start, pause and stop campaigns"),
    "attempts:read": N_("See calls with their results and permits"),
    "inbound:read": N_("See calls that come in, and who waits"),
    "agents:read": N_("See what agents are doing"),
    "webhooks:manage": N_("Set up webhooks"),
}
EVENTS: Mapping[str, str] = {
    "attempt.ended": N_("A call has its result"),
    "callback.promised": N_("A callback was promised"),
    "campaign.state": N_("A campaign was started, paused, stopped or is finished"),
    "contact.closed": N_("A contact is called no more"),
    "dnc.added": N_("A number was blocked"),
    "inbound.answered": N_("A call that came in is with an agent"),
    "inbound.missed": N_("A call that came in met nobody"),
    "inbound.ended": N_("A call that came in is over"),
    "inbound.result": N_("A call that came in has its result"),
    "lead.accepted": N_("A lead has come"),
    "rule.matched": N_("A rule asks for it"),
    "alert.began": N_("An alert begins"),
    "alert.ended": N_("An alert is over"),
    "webhook.test": N_("Test"),
}
DELIVERIES: Mapping[str, str] = {
    "waiting": N_("Waits"),
    "delivered": N_("Delivered"),
    "failed": N_("Given up"),
}
FAILURES: Mapping[str, str] = {
    "answered": N_("answered with status {detail}"),
    "timeout": N_("no answer within {detail} s"),
    "unreachable": N_("cannot be reached: {detail}"),
    "webhook_url_unfit": N_("is no address for a webhook"),
    "webhook_address_unfit": N_("the settings of the box do not let webhooks reach {detail}"),
    "webhook_needs_tls": N_("outside the office webhooks go over https:// only"),
    "unsubscribed": N_("the webhook was removed"),
}
TAGS: Mapping[str, str] = {
    "lists": N_("Contact lists"),
    "contacts": N_("Contacts"),
    "leads": N_("Leads"),
    "dnc": N_("DNC lists"),
    "consents": N_("Consent"),
    "campaigns": N_("Campaigns"),
    "attempts": N_("Attempts"),
    "inbound": N_("Incoming calls"),
    "callbacks": N_("Callbacks"),
    "agents": N_("Agents"),
    "webhooks": N_("Webhooks"),
    "token": N_("Token"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One value that goes in."""

    name: str
    kind: str
    doc: str
    required: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One endpoint as the page tells of it."""

    anchor: str
    method: str
    path: str
    summary: str
    scope: str
    fields: list[Field]
    sample: str
    statuses: list[str]


def failure(error: str, language: Language) -> str:
    """Why a delivery failed, in words."""
    key, _, detail = error.partition(": ")
    text = FAILURES.get(key)
    return error if text is None else language.gettext(text, detail=detail)


def sections(endpoints: Iterable[Endpoint], base: str, language: Language) -> list[tuple[str, list[Entry]]]:
    """Every endpoint by its noun."""
    found: dict[str, list[Entry]] = {}
    for endpoint in endpoints:
        found.setdefault(language.gettext(TAGS[endpoint.tag]), []).append(_entry(endpoint, base, language))
    return list(found.items())


def _entry(endpoint: Endpoint, base: str, language: Language) -> Entry:
    statuses = {*problems.statuses_of(openapi.keys_of(endpoint)), *endpoint.refusals.values()}
    return Entry(
        openapi.anchor(endpoint),
        endpoint.method,
        PREFIX + endpoint.path,
        language.gettext(endpoint.summary),
        endpoint.scope,
        [*_fields(endpoint.query, language, "?"), *_fields(endpoint.body, language)],
        sample(endpoint, base),
        [f"{status} {problems.phrase(status)}" for status in sorted({endpoint.status, *statuses})],
    )


def sample(endpoint: Endpoint, base: str) -> str:
    """A curl command that can be tried; numbers are reserved ones."""
    path = endpoint.path
    for name, shape in endpoint.parameters.items():
        path = path.replace(f"{{{name}}}", _value(shape))
    needed = [name for name, member in endpoint.query.members.items() if member.required]
    query = "&".join(f"{name}={'Irrtum' if name == 'reason' else '%2B493023125107'}" for name in needed)
    lines = [
        f"curl {base}{PREFIX}{path}{'?' + query if query else ''}".replace(
            "curl ", f"curl -X {endpoint.method} "
        )
    ]
    lines.append('-H "Authorization: Bearer $TOKEN"')
    if endpoint.versioned and endpoint.method != "GET":
        lines.append("-H 'If-Match: \"0123456789abcdef\"'")
    if endpoint.body is not None:
        lines += ["-H 'Content-Type: application/json'", f"-d '{endpoint.example or '{}'}'"]
    return " \\\n  ".join(lines)


def _value(shape: Shape) -> str:
    if isinstance(shape, Text):
        return "%2B493023125107" if shape.example else "01KBM3V5Q8Z0G5T9P7X2N4C6RD"
    return "1"


def _fields(shape: Any, language: Language, mark: str = "") -> list[Field]:
    if not isinstance(shape, Table):
        return []
    return [
        Field(
            mark + name,
            _kind(member.shape, language),
            language.gettext(member.doc) if member.doc else "",
            member.required,
        )
        for name, member in shape.members.items()
    ]


def _kind(shape: Shape, language: Language) -> str:
    """A shape in a few words."""
    _ = language.gettext
    if isinstance(shape, Maybe):
        return _("{kind} or null", kind=_kind(shape.of, language))
    if isinstance(shape, Several):
        return _("list of {kind}", kind=_kind(shape.of, language))
    if isinstance(shape, Word):
        return " | ".join(shape.choices)
    if isinstance(shape, Whole):
        return _("whole number")
    if isinstance(shape, Moment):
        return _("time (RFC 3339)")
    return _("object") if isinstance(shape, Table | Named) else _("text")
