"""Cells of a list as values that can be compared: text, numbers, dates.

A list holds text. ``12,5`` and ``12.5`` are one number, ``1.234,56`` and ``1,234.56`` another (the last sign parts the
decimals; a sign that comes twice parts thousands). Dates are ISO 8601 or day first, with point or slash; a moment has
its hour. What cannot be read is no value: it is neither less nor more than anything. Pure.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache

DAY_S = 86400.0
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?)?Z?")
_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_MOST_DIGITS = 40


class Kind(StrEnum):
    """What a field is compared as."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Return text without what makes no difference to a person: case, accents, outer blanks."""
    if text.isascii():
        return text.strip().lower()
    plain = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def as_number(text: str) -> float | None:
    """Return the number a cell holds, None without one."""
    plain = (
        text.strip()
        .replace(" ", "")
        .replace("\u00a0", "")
        .replace("'", "")
        .removesuffix("€")
        .removesuffix("%")
    )
    if len(plain) > _MOST_DIGITS or not plain.isascii():
        return None
    plain = _with_point(plain)
    return float(plain) if _NUMBER.fullmatch(plain) else None


def _with_point(plain: str) -> str:
    comma, point = plain.rfind(","), plain.rfind(".")
    if comma < 0:
        return plain.replace(".", "") if plain.count(".") > 1 else plain
    if point < 0:
        return plain.replace(",", "") if plain.count(",") > 1 else plain.replace(",", ".")
    return plain.replace(".", "").replace(",", ".") if comma > point else plain.replace(",", "")


def as_date(text: str) -> float | None:
    """Return the moment a cell holds as seconds since 1970, its hours read as UTC; None without one."""
    plain = text.strip()
    iso = _ISO.fullmatch(plain)
    if iso is not None:
        year, month, day, *clock = iso.groups()
    else:
        first = _DAY_FIRST.fullmatch(plain)
        if first is None:
            return None
        day, month, year, *clock = first.groups()
    try:
        hour, minute, second = (int(each or 0) for each in clock)
        return datetime(int(year), int(month), int(day), hour, minute, second, tzinfo=UTC).timestamp()
    except ValueError:
        return None


def moment_text(at: float | None) -> str:
    """Return a moment as ``as_date`` reads it back; empty for none, and for one no calendar has."""
    if at is None or not math.isfinite(at):
        return ""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")


def value_of(text: str, kind: Kind) -> float | str | None:
    """Return a cell as what it is compared as; None where it cannot be read so or is empty."""
    if kind is Kind.NUMBER:
        return as_number(text)
    if kind is Kind.DATE:
        return as_date(text)
    return folded(text) or None
