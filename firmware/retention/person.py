"""Everything about a number for the person itself: as JSON, and as a sheet of paper in German or English.

GDPR Art. 15 (what is stored) and 20 (in a form programs can read). Names of columns are the store's own; the sheet says
the same as the JSON, heading by heading.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from firmware.papers.sheet import Row, Section, Sheet

_TITLES: Mapping[str, tuple[str, str]] = {
    "title": ("Everything stored about {number}", "Alles, was über {number} gespeichert ist"),
    "asked": ("As of {at}", "Stand {at}"),
    "nothing": ("Nothing is stored about this number.", "Über diese Nummer ist nichts gespeichert."),
    "contacts": ("Contact", "Kontakt"),
    "numbers": ("Numbers of the contact", "Rufnummern des Kontakts"),
    "before_imports": ("Before a later import", "Vor einem späteren Import"),
    "attempts": ("Attempt", "Anwahlversuch"),
    "parties": ("Others in a call", "Weitere Teilnehmer eines Gesprächs"),
    "tapes": ("Recording", "Aufzeichnung"),
    "verdict_words": ("Said about what was heard", "Gesagt über das Gehörte"),
    "incoming": ("Call that came in", "Eingehender Anruf"),
    "answers": ("Answers in a call", "Antworten in einem Gespräch"),
    "edits": ("Changed at the desk", "Am Platz geändert"),
    "promises": ("Callback", "Wiedervorlage"),
    "promise_history": ("History of a callback", "Verlauf einer Wiedervorlage"),
    "offers": ("Record shown to an agent", "Einem Agenten gezeigter Datensatz"),
    "rules": ("Rule that fired", "Ausgelöste Regel"),
    "consents": ("Consent", "Einwilligung"),
    "dnc": ("Entry on a DNC list", "Eintrag auf einer Sperrliste"),
    "scrub": ("Answer of an external service", "Auskunft eines externen Dienstes"),
    "told": ("Told to other programs", "Anderen Programmen gemeldet"),
}


def as_json(number: str, found: Mapping[str, Sequence[Mapping[str, Any]]], at: float) -> str:
    """The whole as one JSON text; times (``..._at``, ``at``) are RFC 3339."""
    plain = {kind: [_timed(row) for row in rows] for kind, rows in found.items()}
    told = {"number": number, "as_of": _moment(at), "stored": plain}
    return json.dumps(told, ensure_ascii=False, indent=1)


def sheet(
    number: str, found: Mapping[str, Sequence[Mapping[str, Any]]], office: str, at: float, language: str
) -> Sheet:
    """The same on paper."""
    german = language == "de"
    sections = tuple(
        Section(_title(kind, german), tuple(_rows(row))) for kind, rows in found.items() for row in rows
    )
    lines = [office, _title("asked", german).format(at=_moment(at))]
    if not sections:
        lines.append(_title("nothing", german))
    return Sheet(_title("title", german).format(number=number), tuple(lines), sections, office, language)


def _title(key: str, german: bool) -> str:
    return _TITLES[key][german]


def _rows(row: Mapping[str, Any]) -> list[Row]:
    told = []
    for name, value in _timed(row).items():
        if value in (None, "", {}, []):
            continue
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        told.append((name, text))
    return told


def _timed(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _moment(value) if _is_time(name) and isinstance(value, int | float) else value
        for name, value in row.items()
    }


def _is_time(name: str) -> bool:
    return name == "at" or name.endswith("_at") or name == "until"


def _moment(at: float) -> str:
    try:
        return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    except (OverflowError, ValueError):
        return ""  # infinite: at no time of its own
