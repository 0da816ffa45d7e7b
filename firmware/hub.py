"""What the box looks like from outside, kept current: a snapshot in parts, and an event for every part that
changes.

The API, all on the event loop: ``hub.publish("agent", {...})`` puts or replaces one part and tells every
subscriber if it differs from before; ``hub.remove("call", uid)`` takes one away (subscribers get its key
with ``removed: true``); ``hub.snapshot()`` is the whole; ``hub.subscribe(deliver)`` answers the snapshot
and hands every later event to ``deliver`` as one encoded line: nothing is lost between the two because
nothing is awaited between them.

``PARTS`` says how parts are told apart. What a part contains is its publisher's business; it is encoded at
once, so later changes to the mapping do not leak in. How lines reach a subscriber, and when one is too
slow, is ``control``'s.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from firmware.clock import Clock

Deliver = Callable[[bytes], None]

PARTS: Mapping[str, tuple[str, str]] = {
    "agent": ("agents", "id"),
    "call": ("calls", "attempt"),
    "campaign": ("campaigns", "id"),
    "health": ("health", "check"),
    "trunk": ("trunks", "name"),
    "line": ("lines", "name"),
    "line_job": ("line_jobs", "name"),
    "phone": ("phones", "name"),
    "machine": ("machine", "part"),
    "trial": ("trials", "id"),
    "import": ("imports", "job"),
    "dry_run": ("dry_runs", "campaign_id"),
    "queue": ("queues", "name"),
}
"""Event name -> its list in the snapshot and the key naming an entry. ``box`` is a single part of its own."""


class Hub:
    """The current parts and who wants to hear of changes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._box = "{}"
        self._parts: dict[str, dict[Any, str]] = {event: {} for event in PARTS}
        self._subscribers: dict[int, Deliver] = {}
        self._next_number = 0

    def publish(self, event: str, data: Mapping[str, Any]) -> bool:
        """Make ``data`` the current part of kind ``event``; whether anything changed.

        Raises ``KeyError`` for an unknown event or a part without its naming key, ``TypeError`` or
        ``ValueError`` for data that is not JSON: mistakes of the caller.
        """
        encoded = encode(data)
        if event == "box":
            if self._box == encoded:
                return False
            self._box = encoded
        else:
            entries, key = self._parts[event], data[PARTS[event][1]]
            if entries.get(key) == encoded:
                return False
            entries[key] = encoded
        self._tell(event, encoded)
        return True

    def remove(self, event: str, key: object) -> bool:
        """Forget one part; whether it was there."""
        if self._parts[event].pop(key, None) is None:
            return False
        self._tell(event, encode({PARTS[event][1]: key, "removed": True}))
        return True

    def snapshot(self) -> dict[str, Any]:
        """Every current part: ``at`` (UTC), ``box`` and one list for each kind of ``PARTS``."""
        lists = (
            f'"{PARTS[event][0]}":[{",".join(entries.values())}]' for event, entries in self._parts.items()
        )
        whole: dict[str, Any] = json.loads(f'{{"box":{self._box},{",".join(lists)}}}')
        return {"at": self._clock.utc(), **whole}

    def subscribe(self, deliver: Deliver) -> tuple[dict[str, Any], Callable[[], None]]:
        """The snapshot, and a function that ends the subscription (idempotent).

        ``deliver(line)`` is called for every later event, on the loop; it must return at once and not raise.
        """
        number = self._next_number
        self._next_number += 1
        self._subscribers[number] = deliver
        return self.snapshot(), lambda: self._leave(number)

    def _leave(self, number: int) -> None:
        self._subscribers.pop(number, None)

    @property
    def subscribers(self) -> int:
        """How many listen."""
        return len(self._subscribers)

    def _tell(self, event: str, encoded: str) -> None:
        if not self._subscribers:
            return
        at = encode(self._clock.utc())
        line = f'{{"event":"{event}","at":{at},"data":{encoded}}}\n'.encode()
        for deliver in list(self._subscribers.values()):
            deliver(line)


def encode(value: object) -> str:
    """Compact JSON; refuses NaN, infinities and what is no plain data."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
