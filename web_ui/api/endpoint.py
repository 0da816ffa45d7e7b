"""One declaration per endpoint: how it is reached, who may use it, what comes in, what goes out, what can go wrong.

Routing, reading of requests, the OpenAPI document and the page for people are all made from these. A handler gets a
``Call`` whose values are read and sound, asks the service or the store, and answers plain data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from firmware.store.reports import Token
from web_ui.api.shapes import Member, Shape, Table
from web_ui.language import Language
from web_ui.web import Web

Handler = Callable[["Call"], "Answer"]
PREFIX = "/api/v1"
NOTHING = Table({})


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read: ``path``, ``query`` and ``body`` hold what the endpoint's shapes made of it."""

    web: Web
    token: Token
    language: Language
    path: Mapping[str, Any]
    query: Mapping[str, Any]
    body: Any
    version: str = ""
    """What If-Match named."""

    @property
    def who(self) -> str:
        """The token, as histories name whoever did something."""
        return f"API: {self.token.name}"[:80]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. ``body`` is None where there is nothing to say."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path. ``summary`` is an English sentence, translated where it is shown."""

    method: str
    path: str
    """Below ``PREFIX``; ``{name}`` is one of ``parameters``."""
    scope: str
    """What the token must be allowed; empty: any token will do."""
    summary: str
    handler: Handler
    tag: str
    parameters: Mapping[str, Shape] = field(default_factory=dict)
    query: Table = NOTHING
    body: Shape | None = None
    answer: Shape | None = None
    status: int = 200
    refusals: Mapping[str, int] = field(default_factory=dict)
    """Problem keys of the service -> the status they are told with; every other is 409."""
    versioned: bool = False
    """If-Match must name the version that is changed; answers carry an ETag."""
    example: str = ""
    """A body for the page's sample command."""

    @property
    def pattern(self) -> re.Pattern[str]:
        """Matches its paths."""
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path))

    @property
    def name(self) -> str:
        """Unique among endpoints: the OpenAPI document's operationId."""
        words = re.sub(r"[{}]", "", self.path).strip("/").replace("/", "_")
        return f"{self.method.lower()}_{words}"


class Endpoints(list[Endpoint]):
    """The endpoints of one module, collected by a decorator."""

    def __init__(self, tag: str) -> None:
        super().__init__()
        self._tag = tag

    def add(
        self, method: str, path: str, scope: str, summary: str, **more: Any
    ) -> Callable[[Handler], Handler]:
        """Declare the decorated function as an endpoint; ``more`` are further fields of ``Endpoint``."""

        def keep(handler: Handler) -> Handler:
            self.append(Endpoint(method, path, scope, summary, handler, self._tag, **more))
            return handler

        return keep


def optional(shape: Shape, doc: str = "") -> Member:
    """A member that may be left out."""
    return Member(shape, doc, required=False)
