"""Every route of the pages with an address that can be asked for."""

from __future__ import annotations

import re

from web_ui.routes import MODULES
from web_ui.routing import Route

EXAMPLES = {
    "number:int": "1",
    "made:int": "1",
    "uid": "01K0000000000000000000000A",
    "job": "0123456789abcdef",
    "version": "0",
    "code": "de",
    "name": "strowger.css",
    "action": "start",
}


def every_route() -> list[Route]:
    """All routes of all modules."""
    return [route for module in MODULES for route in module.routes]


def example(route: Route) -> str:
    """A path that this route answers."""

    def fill(match: re.Match[str]) -> str:
        words = match[1]
        if words.startswith("action:re:"):
            return words.removeprefix("action:re:").split("|")[0]
        if "csv" in words:
            return "import-1.csv"
        if words.startswith("name:re:"):
            return "greeting"
        if route.path.startswith("/lists/upload/"):
            return "0" * 32
        return EXAMPLES.get(words) or EXAMPLES[words.split(":")[0]]

    return re.sub(r"<([^>]+)>", fill, route.path)
