"""What a page weighs on the wire: itself and every file it asks for, as nginx sends them compressed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.web.front import Front

_FILES = re.compile(r"""["'(](/static/[0-9a-f]+/[\w.-]+)""")
_IMPORTS = re.compile(r"""(?:from|import)\s*\(?\s*['"]\./([\w.-]+)['"]""")


def weigh(front: Front, path: str, cookies: Mapping[str, str]) -> dict[str, int]:
    """Bytes of each file that a first visit to ``path`` fetches, compressed where it can be, heads not counted."""
    told = "; ".join(f"{name}={value}" for name, value in cookies.items())
    weights: dict[str, int] = {}
    waiting = [path]
    while waiting:
        address = waiting.pop()
        if address in weights:
            continue
        plain = front.ask("GET", address, Cookie=told).read().decode()
        packed = front.ask("GET", address, Cookie=told, Accept_Encoding="gzip")
        assert packed.status == 200, f"{address}: {packed.status}"
        weights[address] = len(packed.read())
        waiting += _FILES.findall(plain)
        folder = address.rsplit("/", 1)[0]
        waiting += [f"{folder}/{name}" for name in _IMPORTS.findall(plain)] if address.endswith(".js") else []
    return weights
