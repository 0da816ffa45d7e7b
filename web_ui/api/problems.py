"""What went wrong, as RFC 9457 writes it, in the reader's language, all of it at once.

``type`` ends in a stable key, ``title`` is the same sentence for every problem of that kind, ``detail`` the one of this
occurrence. ``errors`` lists every fault with its place (``pointer``), key and sentence.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from firmware.model import Problem
from web_ui import words
from web_ui.api.shapes import TEXTS, Fault, Member, Several, Table, Text, Whole
from web_ui.language import N_, Language

CONTENT_TYPE = "application/problem+json"
TYPE = "urn:strowger:problem:"

TITLES: Mapping[str, tuple[int, str]] = {
    "malformed": (400, N_("The request cannot be read.")),
    "no_token": (401, N_("A valid token is needed.")),
    "wrong_place": (403, N_("The token may not be used from this address.")),
    "no_scope": (403, N_("The token does not allow this.")),
    "not_found": (404, N_("There is no such thing.")),
    "no_method": (405, N_("This method is not used here.")),
    "refused": (409, N_("This is not possible as things stand.")),
    "key_busy": (409, N_("The first request with this key is still under way.")),
    "stale": (412, N_("Somebody was faster.")),
    "too_large": (413, N_("The request is too large.")),
    "no_json": (415, N_("Send JSON (Content-Type: application/json).")),
    "unfit": (422, N_("Something in the request is not right.")),
    "key_used": (422, N_("This key was used for another request.")),
    "no_version": (428, N_("Say which version you change: If-Match with the ETag you have read.")),
    "too_many": (429, N_("Too many requests; wait a moment.")),
    "our_fault": (500, N_("Something failed inside the box.")),
    "away": (503, N_("The box does not answer just now; try again soon.")),
}
_BY_STATUS = {404: "not_found", 409: "refused", 412: "stale", 413: "too_large", 422: "unfit", 503: "away"}

SHAPE = Table(
    {
        "type": Member(Text(1, 200)),
        "title": Member(Text(1, 200)),
        "status": Member(Whole(400, 599)),
        "detail": Member(Text(0, 10_000), required=False),
        "errors": Member(
            Several(
                Table(
                    {
                        "pointer": Member(Text(0, 500)),
                        "key": Member(Text(1, 80)),
                        "text": Member(Text(0, 2000)),
                    }
                )
            ),
            required=False,
        ),
    },
    "Problem",
)


@dataclass(eq=False)
class ApiProblem(Exception):
    """Ends the handling of a request; ``key`` is one of ``TITLES``."""

    key: str
    detail: str = ""
    errors: Sequence[Mapping[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """HTTP's."""
        return TITLES[self.key][0]

    def body(self, language: Language) -> bytes:
        """As it is sent."""
        told: dict[str, Any] = {
            "type": f"{TYPE}{self.key}",
            "title": language.gettext(TITLES[self.key][1]),
            "status": self.status,
        }
        if self.detail:
            told["detail"] = self.detail
        if self.errors:
            told["errors"] = list(self.errors)
        return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")


def of_faults(faults: Iterable[Fault], language: Language, most: int = 100) -> ApiProblem:
    """A request whose shape is wrong."""
    errors = [
        {"pointer": each.where, "key": each.key, "text": _sentence(each, language)}
        for each, _ in zip(faults, range(most), strict=False)
    ]
    return ApiProblem(
        "unfit", " ".join(f"{each['pointer'] or '/'}: {each['text']}." for each in errors), errors
    )


def of_refusal(problems: Sequence[Problem], statuses: Mapping[str, int], language: Language) -> ApiProblem:
    """What the service refused, with the status its first problem is told with."""
    keys = [problem.key for problem in problems]
    errors = [
        {
            "pointer": f"/{problem.where.replace('.', '/')}" if problem.where else "",
            "key": problem.key or "refused",
            "text": words.problem(problem, language),
        }
        for problem in problems
    ]
    detail = " ".join(each["text"] for each in errors)
    if "our_fault" in keys:
        return ApiProblem("our_fault", detail)
    if "request_too_long" in keys:
        return ApiProblem("too_large", detail)
    if {"store_failed", "too_many_connections"} & set(keys):
        return ApiProblem("away", detail, headers={"Retry-After": "5"})
    status = next((statuses[key] for key in keys if key in statuses), 409)
    return ApiProblem(_BY_STATUS.get(status, "refused"), detail, errors)


def _sentence(fault: Fault, language: Language) -> str:
    text = language.gettext(TEXTS[fault.key])
    return text.format(**fault.figures) if fault.figures else text


def statuses_of(keys: Iterable[str]) -> list[int]:
    """The statuses of these keys, each once, in order."""
    return sorted({TITLES[key][0] for key in keys})


def phrase(status: int) -> str:
    """HTTP's own words for a status."""
    return HTTPStatus(status).phrase
