"""Small translations between rows and words that several modules share: numbers, JSON, dotted lists."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def digits(number: str) -> int:
    """E.164 with its plus to the integer that is stored. :raises ValueError: not E.164."""
    if not (number[:1] == "+" and number[1:].isascii() and number[1:].isdigit() and 1 < len(number) <= 16):
        raise ValueError(f"not an E.164 number: {number!r}")
    return int(number[1:])


def e164(stored: int) -> str:
    """Return the stored integer as E.164."""
    return f"+{stored}"


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def mapping(text: str) -> dict[str, Any]:
    """Read a stored JSON object."""
    value = json.loads(text)
    assert isinstance(value, dict)
    return value


def tallies(rows: list[tuple[str, int]]) -> dict[str, int]:
    """Counter rows as a mapping, without those that fell back to nothing."""
    return {what: n for what, n in rows if n}


def below(counts: Mapping[str, int], prefix: str) -> dict[str, int]:
    """Return the counters whose name begins with ``prefix``, without it."""
    return {what.removeprefix(prefix): n for what, n in counts.items() if what.startswith(prefix)}
