"""Routes as data: each handler says which permission it needs, and nothing is reachable that does not say so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bottle import Router

from web_ui.permissions import Permission

Handler = Callable[..., Any]

PUBLIC: Permission | None = None
"""Reachable without logging in."""


@dataclass(frozen=True, slots=True)
class Route:
    """One method and path with the permission it needs (``None``: public)."""

    method: str
    path: str
    permission: Permission | None
    handler: Handler
    streams: bool = False
    """Answers with an endless stream of events."""


class Routes(list[Route]):
    """The routes of one module, collected by decorators."""

    def get(
        self, path: str, permission: Permission | None, streams: bool = False
    ) -> Callable[[Handler], Handler]:
        """Declare a handler for GET (and HEAD)."""
        return self._add("GET", path, permission, streams)

    def post(self, path: str, permission: Permission | None) -> Callable[[Handler], Handler]:
        """Declare a handler for POST."""
        return self._add("POST", path, permission, False)

    def _add(
        self, method: str, path: str, permission: Permission | None, streams: bool
    ) -> Callable[[Handler], Handler]:
        def keep(handler: Handler) -> Handler:
            self.append(Route(method, path, permission, handler, streams))
            return handler

        return keep


class Addresses(Router):  # type: ignore[misc]  # bottle has no types
    """Bottle's router, for hundreds of routes: it puts them together once, when all are known, not anew with each."""

    def __init__(self) -> None:
        super().__init__()
        self._complete = False

    def complete(self) -> None:
        """No route comes after this."""
        self._complete = True
        for method in self.dyna_routes:
            self._compile(method)

    def _compile(self, method: str) -> None:
        if self._complete:
            super()._compile(method)
