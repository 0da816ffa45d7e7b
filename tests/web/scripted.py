"""A desk with a script, prepared answers and a card, and pages with such things on them."""

from __future__ import annotations

import time
from typing import Any

from tests.web.box import Box

_PLAIN: dict[str, Any] = {"fields": [], "branches": [], "next": "end"}
STEPS: list[dict[str, Any]] = [
    {
        **_PLAIN,
        "id": "s1",
        "heading": "Begrüßung",
        "text": "Guten Tag, Ada.\n\nHaben Sie kurz Zeit?",
        "branches": [{"label": "Ja", "go": "s2"}, {"label": "Nein", "go": "end"}],
    },
    {
        **_PLAIN,
        "id": "s2",
        "heading": "Bedarf",
        "text": "Welche Größe?",
        "fields": [
            {"id": "f1", "label": "Größe", "kind": "choice", "required": True, "choices": ["S", "M"]},
            {"id": "f2", "label": "Menge", "kind": "number", "required": False, "choices": []},
            {"id": "f3", "label": "Termin", "kind": "date", "required": False, "choices": []},
            {"id": "f4", "label": "Angebot?", "kind": "yes_no", "required": True, "choices": []},
        ],
    },
]
UID = "01K0000000000000000000000S"


def scripted(uid: str = UID, **told: Any) -> dict[str, Any]:
    """What a desk shows besides, in the call ``uid``."""
    script = {"about": uid, "version": 7, "steps": STEPS, "step": "s1", "path": [], "answers": {}, "seq": 0}
    return {
        "attempt": uid,
        "script": {"about": uid, "version": 7, "contact": 5},
        "script_told": {**script, **told},
        "snippets_told": [
            {"part": "Preise", "language": "de", "title": "Rabatt", "text": "Ab zehn Stück zehn Prozent."},
            {"part": "", "language": "en", "title": "Delivery", "text": "Within two weeks."},
        ],
        "card": {
            "contact": 5,
            "fields": [
                {"column": "@name", "value": "Ada Beispiel", "editable": True, "kind": "text"},
                {"column": "Ort", "value": "Bonn", "editable": True, "kind": "text"},
                {"column": "Kunde seit", "value": "2019", "editable": False, "kind": "text"},
            ],
            "edits": [{"at": 1_789_913_600.0, "by": "Mira Koch", "column": "Ort"}],
            "best_time": "vormittags",
            "reason": "Zählerwechsel <am> 3. März",
            "reached": [1_789_913_600.0],
        },
    }


def furnish(office: Box) -> list[str]:
    """Paths of pages about scripts and prepared answers, with something on each."""
    named = {**STEPS[1], "text": "{Name} aus {Nirgendwo}"}
    name = f"Leitfaden {time.time_ns()}"
    made = office.ask("script.save", where="control.sock", name=name, steps=[STEPS[0], named])
    said = {"title_de": "Rabatt", "text_de": "Zehn Prozent", "part": "Preise"}
    kept = office.ask("snippet.save", where="control.sock", **said)
    script, snippet = f"/scripts/{made['id']}", f"/snippets/{kept['id']}"
    return [
        *("/scripts", script, f"{script}/preview", "/scripts/new", "/campaigns/1/desk"),
        *("/snippets", snippet, "/snippets/new"),
    ]
