"""A label for the box: its name and address to read, to type and to photograph; to be printed and stuck on."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from bottle import HTTPResponse

from web_ui import squares
from web_ui.permissions import Permission
from web_ui.routing import Routes
from web_ui.visit import Visit
from web_ui.web import Web

routes = Routes()

PATH = "/label"
FINGERPRINT = Path("/run/strowger-fingerprint")
"""Of the box's certificate, written at boot; to compare when a browser warns at the first visit."""


@routes.get(PATH, Permission.BOX)
def label(web: Web, visit: Visit) -> Any:
    """The label."""
    seen = f"{visit.request.urlparts.scheme}://{visit.request.urlparts.netloc}/"
    fixed = web.call("network.state")["kept"]["address"]
    also = list(dict.fromkeys([f"https://{fixed}/", seen] if fixed else [seen]))
    mark = _read(FINGERPRINT)
    return web.pages.show(visit, "label", address=_address(), also=also, fingerprint=mark, here="first_run")


@routes.get(f"{PATH}/qr.svg", Permission.BOX)
def picture(web: Web, visit: Visit) -> Any:  # noqa: ARG001
    """The QR code of the address."""
    return HTTPResponse(squares.svg(_address()), 200, {"Content-Type": "image/svg+xml"})


def _address() -> str:
    """By the name the box has in the office's network (mDNS, RFC 6762), which stays when its number changes."""
    return f"https://{socket.gethostname().partition('.')[0].lower()}.local/"


def _read(file: Path) -> str:
    try:
        return file.read_text("ascii", "replace").strip()[:200]
    except OSError:
        return ""
