"""A script as a form and back: steps with their fields and ways on, added, moved and removed without any script.

Pure. The form carries the whole script; nothing is kept between two requests. A row with an empty label is left out,
and every list of rows ends with an empty one. Whether the script makes sense is the service's to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

MOST_STEPS, MOST_FIELDS, MOST_BRANCHES = 60, 30, 9
LONGEST_TEXT = 8000
_FIRST: Mapping[str, Any] = {
    "id": "s1",
    "heading": "",
    "text": "",
    "next": "",
    "fields": [],
    "branches": [],
}

Steps = list[dict[str, Any]]
Text = Callable[[str, int], str]


def fresh() -> Steps:
    """A script nobody has written yet."""
    return [dict(_FIRST)]


def read(text: Text) -> Steps:
    """The steps as they stand in the form; ``text`` reads one field of it."""
    steps = []
    for at in range(MOST_STEPS):
        mark = f"s{at}"
        if not text(f"{mark}-id", 16):
            break
        steps.append(
            {
                "id": text(f"{mark}-id", 16),
                "heading": text(f"{mark}-heading", 300),
                "text": text(f"{mark}-text", LONGEST_TEXT),
                "next": text(f"{mark}-next", 16),
                "fields": _fields(text, mark),
                "branches": _branches(text, mark),
            }
        )
    return _numbered(steps)


def _fields(text: Text, mark: str) -> list[dict[str, Any]]:
    rows = []
    for at in range(MOST_FIELDS + 1):
        name = f"{mark}-f{at}"
        label = text(f"{name}-label", 300)
        if label:
            choices = [each.strip() for each in text(f"{name}-choices", 8000).split(";")]
            rows.append(
                {
                    "id": text(f"{name}-id", 16),
                    "label": label,
                    "kind": text(f"{name}-kind", 10) or "text",
                    "required": bool(text(f"{name}-required", 1)),
                    "choices": [each for each in choices if each],
                }
            )
    return rows[:MOST_FIELDS]


def _branches(text: Text, mark: str) -> list[dict[str, Any]]:
    rows = []
    for at in range(MOST_BRANCHES + 1):
        label = text(f"{mark}-b{at}-label", 300)
        if label:
            rows.append({"label": label, "go": text(f"{mark}-b{at}-go", 16)})
    return rows[:MOST_BRANCHES]


def _numbered(steps: Steps) -> Steps:
    """Give new fields an id of their own."""
    last = max((_number(field["id"]) for step in steps for field in step["fields"]), default=0)
    for step in steps:
        for field in step["fields"]:
            if not field["id"]:
                last += 1
                field["id"] = f"f{last}"
    return steps


def _number(name: str) -> int:
    return int(name[1:]) if name[1:].isascii() and name[1:].isdigit() else 0


def after(steps: Steps, wish: str) -> tuple[Steps, int]:
    """The steps after a button (``add-2``, ``up-2``, ``down-2``, ``remove-2``), and the place to look at."""
    what, _, place = wish.partition("-")
    at = int(place) if place.isascii() and place.isdigit() else len(steps) - 1
    if not 0 <= at < max(1, len(steps)):
        return steps, 0
    steps = list(steps)
    if what == "add" and len(steps) < MOST_STEPS:
        number = max((_number(step["id"]) for step in steps), default=0) + 1
        steps.insert(at + 1, {**_FIRST, "id": f"s{number}", "fields": [], "branches": []})
        return steps, at + 1
    if what == "remove" and len(steps) > 1:
        del steps[at]
        return steps, max(0, at - 1)
    to = {"up": at - 1, "down": at + 1}.get(what, at)
    if 0 <= to < len(steps):
        steps[at], steps[to] = steps[to], steps[at]
        return steps, to
    return steps, at


def goals(steps: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Every step a way can lead to: its id, and its number with its heading."""
    return [(step["id"], f"{at}. {step['heading']}") for at, step in enumerate(steps, 1)]
