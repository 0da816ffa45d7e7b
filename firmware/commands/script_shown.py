"""A script as a desk shows it: texts filled in, ways on found. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firmware.scripts import reading
from firmware.scripts.merging import merged
from firmware.scripts.script import END, Steps, leads_to


def spoken(steps: Steps, known: Mapping[str, str]) -> list[dict[str, Any]]:
    """Steps with their texts filled in and their ways on found."""
    return [
        {
            "id": step.id,
            "heading": merged(step.heading, known),
            "text": merged(step.text, known),
            "fields": [reading.field_plain(field) for field in step.fields],
            "branches": [{"label": b.label, "go": leads_to(steps, at, b.go)} for b in step.branches],
            "next": END if step.branches else leads_to(steps, at, step.next),
        }
        for at, step in enumerate(steps)
    ]
