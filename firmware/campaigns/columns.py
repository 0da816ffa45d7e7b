"""What the columns of a list mean: is there a header, and which column is the number, the name, the zone?

Guesses only; the person who uploads sees them beside sample rows and decides. Headers are understood in German and
English. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from firmware.campaigns.hints import did_you_mean
from firmware.campaigns.texts import file_problem
from firmware.model import OperatorError, Problem

REPORT_MARK = "Strowger: "
"""Begins the header of the column a report of damaged rows adds; such a column is passed over when read again."""


class ColumnRole(StrEnum):
    """What a column can be, beside a field that is kept under its own name."""

    NUMBER = "number"
    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    ZONE = "zone"
    PRIORITY = "priority"
    MOBILE = "mobile"
    WORK = "work"
    HOME = "home"
    CONSENT_AT = "consent_at"
    CONSENT_SOURCE = "consent_source"
    CONSENT_PURPOSE = "consent_purpose"


FURTHER = (ColumnRole.MOBILE, ColumnRole.WORK, ColumnRole.HOME)
"""Further numbers beside the first, in the order they are tried."""


class ColumnType(StrEnum):
    """What the cells of a column seem to be; shown beside the sample, kept nowhere."""

    EMPTY = "empty"
    PHONE = "phone"
    DATE = "date"
    NUMBER = "number"
    EMAIL = "email"
    YES_NO = "yes_no"
    TEXT = "text"


_WORDS: Mapping[ColumnRole, list[str]] = {
    ColumnRole.NUMBER: (
        "telefon telefonnummer telefonnr telnr rufnummer rufnr phone phonenumber telephone telephonenumber "
        "tel festnetz festnetznummer landline mobil mobilnummer mobiltelefon handy handynummer mobile "
        "mobilephone mobilenumber cell cellphone e164 msisdn nummer number"
    ).split(),
    ColumnRole.MOBILE: (
        "mobil mobilnummer mobiltelefon handy handynummer mobile mobilephone mobilenumber cell cellphone"
    ).split(),
    ColumnRole.WORK: (
        "geschäftlich telefongeschäftlich dienstlich büro firma telefonbüro work workphone office officephone business"
    ).split(),
    ColumnRole.HOME: "privat telefonprivat festnetz festnetznummer home homephone landline private".split(),
    ColumnRole.FIRST_NAME: "vorname firstname givenname forename rufname".split(),
    ColumnRole.LAST_NAME: "nachname familienname zuname lastname surname familyname".split(),
    ColumnRole.NAME: "name fullname kontakt kontaktname ansprechpartner contact contactname kunde".split(),
    ColumnRole.ZONE: "zeitzone timezone tz zone".split(),
    ColumnRole.PRIORITY: "priorität prioritaet prio priority dringlichkeit".split(),
    ColumnRole.CONSENT_AT: (
        "einwilligungam einwilligungvom einwilligungsdatum einwilligungerteiltam datumdereinwilligung optinam "
        "optindatum consentat consentdate consentgiven consentgivenat consentgivenon dateofconsent optinat optindate"
    ).split(),
    ColumnRole.CONSENT_SOURCE: (
        "einwilligungquelle quelledereinwilligung einwilligungsquelle einwilligungwo optinquelle "
        "consentsource sourceofconsent optinsource"
    ).split(),
    ColumnRole.CONSENT_PURPOSE: (
        "einwilligungzweck zweckdereinwilligung einwilligungszweck einwilligungfür optinzweck "
        "consentpurpose purposeofconsent consentfor optinpurpose"
    ).split(),
}
_NOT_A_NUMBER = frozenset({"fax", "telefax", "faxnummer", "faxnumber", "kundennummer", "id"})

_PHONE_LIKE = re.compile(r"'?(?:tel:)?\+?[\d(][\d\s()/.\-\u00a0]{5,24}")
_DATE = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMBER = re.compile(r"[+-]?\d{1,3}(?:[.,' ]\d{3})*(?:[.,]\d+)?|[+-]?\d+(?:[.,]\d+)?")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?")
_YES_NO = frozenset("ja nein yes no true false wahr falsch x - 0 1 j n y".split())
_ROUNDED = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)


def header_at(rows: Sequence[Sequence[str]]) -> int | None:
    """Return which row names the columns, or None where all are data.

    It stands above the first row with anything like a number (titles may stand above it), and says a word we know;
    failing that, a first row of words above numbers is taken for it.
    """
    numbers = next((at for at, row in enumerate(rows) if any(map(_phone_like, row))), len(rows))
    for at, row in enumerate(rows[:numbers]):
        if any(_role_score(cell, role) for cell in row for role in ColumnRole):
            return at
    return 0 if 0 < numbers < len(rows) else None


def column_names(header: Sequence[str], width: int) -> tuple[str, ...]:
    """Return ``width`` different names: the header's, numbered where they repeat, letters where there are none."""
    names: list[str] = []
    taken: set[str] = set()
    for at in range(width):
        plain = " ".join(header[at].split()) if at < len(header) else ""
        base = plain[:80] or letters(at)
        name, count = base, 1
        while name in taken:
            count += 1
            name = f"{base} {count}"
        taken.add(name)
        names.append(name)
    return tuple(names)


def letters(at: int) -> str:
    """Return a column's name as spreadsheets have it: A … Z, AA …"""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def type_of(cells: Sequence[str]) -> ColumnType:
    """Return what nine in ten of the filled cells are."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return ColumnType.EMPTY
    for kind, fits in _TYPES:
        if sum(fits(cell) for cell in filled) >= 0.9 * len(filled):
            return kind
    return ColumnType.TEXT


def guess(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return the likely mapping, role to column name; roles that no column fits are left out."""
    found: dict[str, str] = {}
    free = [name for name in columns if not name.startswith(REPORT_MARK)]
    scored = [(_role_score(name, role), role, name) for role in ColumnRole for name in free]
    for score, role, name in sorted(scored, key=lambda each: -each[0]):
        if score and role.value not in found and name not in found.values():
            found[role.value] = name
    if ColumnRole.NUMBER not in found:
        further = [role.value for role in FURTHER if role.value in found]
        number = found.pop(further[0]) if further else _number_by_content(columns, rows)
        if number:
            found[ColumnRole.NUMBER.value] = number
    if ColumnRole.FIRST_NAME in found and ColumnRole.LAST_NAME not in found and ColumnRole.NAME in found:
        found[ColumnRole.LAST_NAME.value] = found.pop(ColumnRole.NAME)
    return found


def places(mapping: Mapping[str, str], columns: Sequence[str]) -> dict[ColumnRole, int]:
    """Return each role's column index. Raises ``OperatorError`` with every mistake in the mapping."""
    problems: list[Problem] = []
    roles = [role.value for role in ColumnRole]
    for role, name in mapping.items():
        if role not in roles:
            figures = {"value": str(role)[:80], "possible": ", ".join(roles)}
            problems.append(
                file_problem("mapping", "unknown_role", **figures, **did_you_mean(str(role), roles))
            )
        elif name not in columns:
            figures = {"value": str(name)[:80]}
            problems.append(
                file_problem(
                    f"mapping.{role}", "unknown_column", **figures, **did_you_mean(str(name), columns)
                )
            )
        elif list(mapping.values()).count(name) > 1:
            problems.append(file_problem(f"mapping.{role}", "column_used_twice", value=name))
    if ColumnRole.NUMBER not in mapping:
        problems.append(file_problem("mapping.number", "no_number_column"))
    if problems:
        raise OperatorError(*problems)
    return {ColumnRole(role): columns.index(name) for role, name in mapping.items()}


def _role_score(header: str, role: ColumnRole) -> int:
    """Return how well a header names a role: the earlier its word stands in the list, the better; 0 is not at all."""
    plain = unicodedata.normalize("NFKC", header).casefold()
    tokens = re.findall(r"[^\W_]+", plain)
    if len(header) > 60 or (role is ColumnRole.NUMBER and _NOT_A_NUMBER.intersection(tokens)):
        return 0
    words = _WORDS[role]
    joined = "".join(tokens)
    if joined in words:
        return 200 - words.index(joined)
    hits = [100 - words.index(token) for token in tokens if token in words]
    return max(hits, default=0)


def _number_by_content(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    best, best_share = "", 0.5
    for at, name in enumerate(columns):
        cells = [row[at] for row in rows if at < len(row) and row[at].strip()]
        share = sum(_phone_score(cell) for cell in cells) / len(cells) if cells else 0.0
        if share > best_share:
            best, best_share = name, share
    return best


def _phone_score(cell: str) -> float:
    if not _phone_like(cell):
        return 0.0
    return 1.0 if cell.strip().lstrip("'(").startswith(("+", "0", "tel:")) else 0.8


def _phone_like(cell: str) -> bool:
    plain = unicodedata.normalize("NFKC", cell).strip()
    if _ROUNDED.fullmatch(plain):
        return True
    if len(plain) > 30 or _DATE.fullmatch(plain) or not _PHONE_LIKE.fullmatch(plain):
        return False
    return 6 <= sum(c.isdigit() for c in plain) <= 16


def _is_date(cell: str) -> bool:
    return bool(_DATE.fullmatch(cell) or _ISO_DATE.fullmatch(cell))


_TYPES: tuple[tuple[ColumnType, Callable[[str], bool]], ...] = (
    (ColumnType.YES_NO, lambda cell: cell.casefold() in _YES_NO),
    (ColumnType.EMAIL, lambda cell: _EMAIL.fullmatch(cell) is not None),
    (ColumnType.DATE, _is_date),
    (ColumnType.PHONE, lambda cell: _phone_like(cell) and len(cell) >= 7),
    (ColumnType.NUMBER, lambda cell: _NUMBER.fullmatch(cell) is not None),
)
"""Asked in this order."""
