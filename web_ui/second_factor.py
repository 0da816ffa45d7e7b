"""What the pages need to know of the second factor before anybody is let in."""

from __future__ import annotations

from dataclasses import dataclass

from firmware.model import Role

PATH = "/account/second-factor"
OPEN_WITHOUT = (PATH, "/logout", "/language", "/static")
"""Beginnings of paths that somebody who still has to set one up may use."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whose password was right and whose code is still to come."""

    user_id: int
    login: str
    roles: frozenset[Role]
    path: str
