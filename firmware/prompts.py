"""The announcements the box plays, found by kind and language.

A folder of prompts has a ``manifest.csv`` (file, kind, language, ...), as the set-up writes it. Making prompts is the
set-up's business, playing them the trunks'.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from pathlib import Path

NO_AGENT = "announcement_abandoned"
"""Told to a person whom no agent could take in time: who called and how to reach them."""


def default_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the set-up puts its voices: STROWGER_VOICES, else below the cache."""
    if named := environment.get("STROWGER_VOICES"):
        return Path(named)
    caches = environment.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(environment.get("STROWGER_CACHE") or Path(caches) / "strowger") / "voices"


class Prompts:
    """The prompts of one folder."""

    def __init__(self, folder: Path, language: str) -> None:
        self._language = language
        self._files: dict[tuple[str, str], Path] = {}
        manifest = folder / "manifest.csv"
        if manifest.is_file():
            with manifest.open(encoding="utf-8", newline="") as rows:
                for row in csv.DictReader(rows):
                    self._files.setdefault((row["kind"], row["language"]), folder / row["file"])

    def no_agent(self) -> Path | None:
        """The announcement for a call without an agent, in the box's language, else in any; None if there is none."""
        wanted = self._files.get((NO_AGENT, self._language))
        return wanted or next((path for (kind, _), path in self._files.items() if kind == NO_AGENT), None)
