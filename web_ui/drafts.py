"""What the assistant must remember of a draft beside its settings: the upload, its imports, how far somebody came.

The settings themselves are the campaign's, in state draft. These few notes lie as a small file per campaign in the
folder of the uploads, whose fate they share: after a day without use they are swept away, and the assistant goes on
with what the campaign says. So they survive a log-out and a restart of either process.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Notes:
    """``upload``: the file's name in the folder; ``look``, ``job``: the import that only looked, and the real one."""

    upload: str = ""
    title: str = ""
    order: Mapping[str, Any] = field(default_factory=dict)
    """How the upload is to be imported: ``name mapping country update``."""
    look: str = ""
    job: str = ""
    begun_at: float = 0.0
    seen: int = 1
    """The furthest step anybody has looked at."""
    typed: Mapping[str, Any] = field(default_factory=dict)
    """Step -> the fields as typed, where they could not be saved when somebody went back."""


class Drafts:
    """The folder with the notes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, campaign: int) -> Notes:
        """The notes of a campaign; empty ones where there are none or they cannot be read."""
        try:
            raw = json.loads(self._path(campaign).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return Notes()
        known = {each.name: type(getattr(Notes(), each.name)) for each in fields(Notes)}
        if not isinstance(raw, dict):
            return Notes()
        return Notes(**{name: raw[name] for name, kind in known.items() if isinstance(raw.get(name), kind)})

    def write(self, campaign: int, notes: Notes) -> None:
        """Keep notes, whole or not at all. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="draft-", suffix=".partial", dir=self._folder)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(asdict(notes), file)
            Path(name).replace(self._path(campaign))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def forget(self, campaign: int) -> None:
        """Nothing more to remember."""
        self._path(campaign).unlink(missing_ok=True)

    def _path(self, campaign: int) -> Path:
        return self._folder / f"draft-{int(campaign)}.json"
