"""What the pages need to know of the second factor before anybody is let in, and its QR code."""

from __future__ import annotations

from dataclasses import dataclass

from bottle import HTTPResponse

from firmware.model import Role
from web_ui import squares

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


def qr_code(text: str) -> HTTPResponse:
    """A picture of a text for a telephone's camera (ISO/IEC 18004), which nobody keeps."""
    headers = {"Content-Type": "image/svg+xml", "Cache-Control": "no-store"}
    return HTTPResponse(squares.svg(text), 200, headers)
