"""A list of labelled sound files: CSV with ``file`` and ``label`` and what else is known of each.

``kind`` and ``language`` group the figures. ``beep_s``: end of the voicemail beep; where the column is there, an empty
field means that there is none. ``first_utterance_end_s``: where the first words of who answered end.
``early_media_s``: so much came before the answer. Times count from the answer. Other columns are left alone. All
mistakes are said at once.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from firmware.listen.errors import BadManifest

LABELS = {
    "human": "HUMAN",
    "machine": "MACHINE",
    "intercept": "INTERCEPT",
    "announcement": "INTERCEPT",
    "screening": "SCREEN",
    "screen": "SCREEN",
    "fax": "FAX",
    "music": "MUSIC",
    "silence": "SILENCE",
}
"""The word in the manifest and the status that is right."""
_NUMBERS = ("beep_s", "first_utterance_end_s", "early_media_s")
_MOST_MISTAKES = 20


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled file. ``None``: not known; ``beep_s`` also where there is no beep."""

    file: Path
    label: str
    kind: str = ""
    language: str = ""
    beep_s: float | None = None
    beep_known: bool = False
    first_utterance_end_s: float | None = None
    early_media_s: float | None = None


def read(path: Path) -> list[Case]:
    """All cases; files are looked for beside the manifest. Raises ``BadManifest``."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file, strict=True))
            columns = list(rows[0]) if rows else []
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise BadManifest(f"{path}: {reason}") from error
    if not rows:
        raise BadManifest(f"{path}: there are no rows")
    missing = [name for name in ("file", "label") if name not in columns]
    if missing:
        raise BadManifest("\n".join(f"{path}: row 1: the column {name} is missing" for name in missing))
    mistakes: list[str] = []
    cases = [_case(path, number, row, mistakes) for number, row in enumerate(rows, start=2)]
    if mistakes:
        more = [f"... and {len(mistakes) - _MOST_MISTAKES} more"] if len(mistakes) > _MOST_MISTAKES else []
        raise BadManifest("\n".join(mistakes[:_MOST_MISTAKES] + more))
    return cases


def _case(path: Path, number: int, row: dict[str, str], mistakes: list[str]) -> Case:
    def wrong(column: str, words: str) -> None:
        mistakes.append(f"{path}: row {number}, column {column}: {words}")

    if None in row or None in row.values():
        wrong("(last)", "the row has not as many fields as the header")
    fields = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
    if not fields["file"]:
        wrong("file", "is empty")
    if fields["label"].lower() not in LABELS:
        wrong("label", f"{fields['label']!r} is none of {', '.join(LABELS)}")
    numbers: dict[str, float | None] = {}
    for name in _NUMBERS:
        text = fields.get(name, "")
        numbers[name] = _number(text)
        if text and numbers[name] is None:
            wrong(name, f"{text!r} is no number of seconds")
    return Case(
        path.parent / fields["file"],
        LABELS.get(fields["label"].lower(), ""),
        fields.get("kind", ""),
        fields.get("language", ""),
        numbers["beep_s"],
        "beep_s" in fields,
        numbers["first_utterance_end_s"],
        numbers["early_media_s"],
    )


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0.0 <= value < 86400.0 else None
