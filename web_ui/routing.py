"""Routes as data: each handler says which roles may use it, and nothing is reachable that does not say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from firmware.model import Role

Handler = Callable[..., Any]

PUBLIC: frozenset[Role] | None = None
"""Reachable without logging in."""
ADMINISTRATOR: frozenset[Role] = frozenset({Role.ADMINISTRATOR})
AGENT: frozenset[Role] = frozenset({Role.AGENT})
ANYBODY: frozenset[Role] = frozenset(Role)
"""Everybody who has logged in."""


@dataclass(frozen=True, slots=True)
class Route:
    """One method and path with the roles that may use it (``None``: public)."""

    method: str
    path: str
    roles: frozenset[Role] | None
    handler: Handler
    streams: bool = False
    """Answers with an endless stream of events."""


class Routes(list[Route]):
    """The routes of one module, collected by decorators."""

    def get(
        self, path: str, roles: frozenset[Role] | None, streams: bool = False
    ) -> Callable[[Handler], Handler]:
        """Declare a handler for GET (and HEAD)."""
        return self._add("GET", path, roles, streams)

    def post(self, path: str, roles: frozenset[Role] | None) -> Callable[[Handler], Handler]:
        """Declare a handler for POST."""
        return self._add("POST", path, roles, False)

    def _add(
        self, method: str, path: str, roles: frozenset[Role] | None, streams: bool
    ) -> Callable[[Handler], Handler]:
        def keep(handler: Handler) -> Handler:
            self.append(Route(method, path, roles, handler, streams))
            return handler

        return keep
