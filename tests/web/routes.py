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
    "line": "analog-1",
    "name": "strowger.css",
    "action": "start",
    "maker": "yealink",
    "token": "A" * 43,
    "file": "01K0000000000000000000000A.wav",
}


def every_route() -> list[Route]:
    """All routes of all modules."""
    return [route for module in MODULES for route in module.routes]


def route_of(method: str, path: str) -> Route | None:
    """The route that answers, as bottle would find it."""
    for route in every_route():
        if route.method == method and re.fullmatch(_pattern(route.path), path):
            return route
    return None


def _pattern(path: str) -> str:
    kinds = {"int": "[0-9]+", "": "[^/]+"}
    parts = re.split(r"<([^>]+)>", path)
    for index in range(1, len(parts), 2):
        _, _, kind = parts[index].partition(":")
        parts[index] = f"(?:{kind[3:]})" if kind.startswith("re:") else kinds[kind]
    parts[::2] = [re.escape(part) for part in parts[::2]]
    return "".join(parts)


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
