"""The model card: the JSON file beside the model. What the program needs, and what a person wants to know of
it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dsp.amd import Limits, Sensitivity
from dsp.model import CLASSES
from dsp.training.clips import Clip


def of_file(content: bytes, temperature: float, limits: dict[Sensitivity, Limits]) -> dict[str, Any]:
    """The part of the card the program reads."""
    return {
        "model": "strowger-amd",
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "classes": list(CLASSES),
        "step_ms": 100,
        "looks_back_ms": 3100,
        "temperature": round(temperature, 3),
        "limits": {name: asdict(values) for name, values in limits.items()},
    }


def sources(clips: Sequence[Clip]) -> list[dict[str, Any]]:
    """What went in, by source and licence: clips per split, and voices."""
    groups: dict[tuple[str, str], list[Clip]] = {}
    for clip in clips:
        groups.setdefault((clip.source, clip.licence), []).append(clip)
    return [
        {
            "source": source,
            "licence": licence,
            "clips": dict(Counter(clip.split for clip in group)),
            "voices": len({clip.voice for clip in group}),
        }
        for (source, licence), group in sorted(groups.items())
    ]


def read(model: Path) -> dict[str, Any]:
    """The card beside ``model``."""
    found: dict[str, Any] = json.loads(model.with_suffix(".json").read_text("utf-8"))
    return found


def write(model: Path, facts: dict[str, Any]) -> None:
    """Put the card beside ``model``."""
    text = json.dumps(facts, indent=1, ensure_ascii=False)
    model.with_suffix(".json").write_text(text + "\n", "utf-8")
