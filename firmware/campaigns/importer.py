"""Contact lists from CSV files and workbooks: what is in the file, and row after row, good or with what is wrong.

A file of any size the opener admits is read in bounded memory; the numbers seen so far are all that grows, up to a
limit. Every damaged row comes back with its line, its cells and one problem; no row is dropped in silence except
blank ones. Storing contacts, DNC lists and numbers an earlier file brought is the store's. The core takes lines of
text; only ``preview`` and ``read`` touch a file.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from zoneinfo import available_timezones

from firmware.campaigns import columns as naming
from firmware.campaigns.columns import REPORT_MARK, ColumnRole
from firmware.campaigns.content import NO_TABLE
from firmware.campaigns.csv_file import Dialect, examine, not_csv, read_records
from firmware.campaigns.hints import did_you_mean
from firmware.campaigns.records import Record
from firmware.campaigns.texts import file_problem, row_problem
from firmware.compliance.numbers import known_country, normalise, zones_of
from firmware.model import OperatorError, Problem, Purpose
from firmware.rulebook.values import as_date

SAMPLE_ROWS = 10
_LOOKED_AT = 50
"""Records looked at for the header, the width and the guess."""
MOST_REMEMBERED = 2_000_000
"""Different numbers remembered to find duplicates inside one file; beyond, only the store finds them."""
MOST_PRIORITY = 99
MOST_COLUMNS = 256
_LONGEST_NAME = 200
_LONGEST_SOURCE = 200
_PURPOSES = {
    **{each.value: each.value for each in Purpose},
    **dict.fromkeys(("automated", "machine", "ansagen", "automatisch"), "automated"),
    **dict.fromkeys(("all", "everything", "alles", "alle"), "all"),
    **dict.fromkeys(("advertising", "marketing", "werbung", "verkauf", "telefonwerbung"), "sales"),
    **dict.fromkeys(("umfrage", "umfragen", "marktforschung", "survey", "surveys"), "research"),
    **dict.fromkeys(("b2b", "business", "geschäftlich", "sales business"), "sales_business"),
}
"""What lists call a purpose, in small letters."""
_FORMULA_STARTS = tuple("=+-@＝＋－＠")


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file holds: how it is written, its columns, the first rows as they stand, and the guessed mapping."""

    encoding: str
    delimiter: str
    header_line: int
    """The physical line that names the columns; 0: the file has no header."""
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    mapping: Mapping[str, str]
    """Role (``ColumnRole``) to column name."""
    types: tuple[str, ...]
    """What each column seems to hold (``ColumnType``), in order."""


@dataclass(frozen=True, slots=True)
class RowConsent:
    """The consent a row speaks of: when it was given (UTC seconds), where, and for what (``Consent.purpose``)."""

    given_at: float
    source: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Row:
    """A contact. ``fields`` holds every other column that is not empty, under its header."""

    line: int
    number: str
    name: str
    zones: tuple[str, ...]
    priority: int
    fields: dict[str, str]
    numbers: tuple[tuple[str, str], ...] = ()
    """Further numbers in the order they are tried: kind (``mobile, work, home``) and E.164."""
    kind: str = ""
    """The kind of ``number``, where a further number has taken the place of a missing first one."""
    consent: RowConsent | None = None


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is no contact: its physical line, its cells as they stood, and why. A second row with the same
    number is one, with the problem ``duplicate``."""

    line: int
    cells: tuple[str, ...]
    problem: Problem


def preview(path: Path) -> Preview:
    """Look at the beginning of the file. Raises ``OperatorError`` if it is not a CSV file that can be read."""
    return _preview(path, examine(path))


def read(
    path: Path, mapping: Mapping[str, str], country: str, now: float = math.inf
) -> Iterator[Row | BadRow]:
    """Return the file's rows in order. Raises ``OperatorError`` at once for a bad file, mapping or country.

    ``mapping`` is role to column name, as in ``Preview.mapping``; ``country`` (ISO 3166) is where numbers without
    a country code belong. A consent given after ``now`` (UTC seconds) makes a row a bad one.
    """
    dialect = examine(path)
    seen = _preview(path, dialect)
    if not known_country(country):
        raise OperatorError(file_problem("country", "unknown_country", text=country[:20]))
    places = naming.places(mapping, seen.columns)
    data = (record for record in read_records(path, dialect) if record.line != seen.header_line)
    return rows(data, seen.columns, places, country, now)


def rows(
    found: Iterable[Record],
    columns: Sequence[str],
    places: Mapping[ColumnRole, int],
    country: str,
    now: float = math.inf,
) -> Iterator[Row | BadRow]:
    """Yield each record as a row or a bad row. Pure; raises nothing."""
    maker = _RowMaker(columns, places, country, now)
    for record in found:
        if record.fault or not _is_blank(record):
            yield maker.make(record)


def _preview(path: Path, dialect: Dialect) -> Preview:
    sound = [r for r in islice(read_records(path, dialect), _LOOKED_AT) if not r.fault and not _is_blank(r)]
    if not sound:
        raise not_csv(NO_TABLE)
    cells = [record.cells for record in sound]
    at = naming.header_at(cells)
    header, body = (cells[at], cells[at + 1 :]) if at is not None else ([], cells)
    width = min(MOST_COLUMNS, max(len(header), _usual_width(body)))
    columns = naming.column_names(header, width)
    sample = tuple(tuple(map(_clean, (row + [""] * width)[:width])) for row in body)
    return Preview(
        dialect.encoding,
        dialect.delimiter,
        0 if at is None else sound[at].line,
        columns,
        sample[:SAMPLE_ROWS],
        naming.guess(columns, sample),
        tuple(naming.type_of([row[at] for row in sample]).value for at in range(width)),
    )


def _is_blank(record: Record) -> bool:
    return not any(cell and not cell.isspace() for cell in record.cells)


def _usual_width(rows: Sequence[Sequence[str]]) -> int:
    return Counter(map(len, rows)).most_common(1)[0][0] if rows else 0


_CONSENT = (ColumnRole.CONSENT_AT, ColumnRole.CONSENT_SOURCE, ColumnRole.CONSENT_PURPOSE)


class _RowMaker:
    """Turns records into rows; remembers the numbers it has made."""

    def __init__(
        self, columns: Sequence[str], places: Mapping[ColumnRole, int], country: str, now: float
    ) -> None:
        self._width = len(columns)
        self._country = country
        self._number = places[ColumnRole.NUMBER]
        self._name = places.get(ColumnRole.NAME)
        self._parts = [places[r] for r in (ColumnRole.FIRST_NAME, ColumnRole.LAST_NAME) if r in places]
        self._zone = places.get(ColumnRole.ZONE)
        self._priority = places.get(ColumnRole.PRIORITY)
        self._further = [(role.value, places[role]) for role in naming.FURTHER if role in places]
        self._consent = tuple(places.get(role) for role in _CONSENT)
        self._now = now
        taken = {self._number, self._name, self._zone, self._priority, *(at for _, at in self._further)}
        taken.update(self._consent)
        self._fields = [
            (at, name)
            for at, name in enumerate(columns)
            if at not in taken and not name.startswith(REPORT_MARK)
        ]
        self._seen: set[int] = set()

    def make(self, record: Record) -> Row | BadRow:
        """Return the row, or what is wrong with it first."""
        cells = record.cells
        fault = record.fault or self._misfit(cells)
        if fault:
            return _bad(record, row_problem("", fault, found=len(cells), expected=self._width))
        if len(cells) < self._width:
            cells = cells + [""] * (self._width - len(cells))
        kind, number, numbers = self._numbers(cells)
        if isinstance(number, Problem):
            return _bad(record, number)
        zones = self._zones(cells, [number, *(further for _, further in numbers)])
        if isinstance(zones, Problem):
            return _bad(record, zones)
        priority = self._priority_of(cells)
        if isinstance(priority, Problem):
            return _bad(record, priority)
        consent = None if self._consent[0] is None else self._consent_of(cells)
        if isinstance(consent, Problem):
            return _bad(record, consent)
        if self._is_duplicate(number):
            return _bad(record, row_problem("", "duplicate"))
        fields = self._fields_of(cells)
        return Row(record.line, number, self._name_of(cells), zones, priority, fields, numbers, kind, consent)

    def _consent_of(self, cells: list[str]) -> RowConsent | Problem | None:
        """The consent a row tells of; without a date it tells of none. Where is needed, for what else advertising."""
        date, source, purpose = ("" if at is None else _clean(cells[at]) for at in self._consent)
        if not date:
            return None
        given_at = as_date(date)
        if given_at is None or given_at > self._now:
            return row_problem("", "consent_date_unfit", value=date[:40])
        if not source:
            return row_problem("", "consent_without_source")
        meant = _PURPOSES.get(purpose.casefold() or Purpose.SALES.value)
        if meant is None:
            return row_problem("", "consent_purpose_unknown", value=purpose[:40])
        return RowConsent(given_at, source[:_LONGEST_SOURCE], meant)

    def _numbers(self, cells: list[str]) -> tuple[str, str | Problem, tuple[tuple[str, str], ...]]:
        """The first number with its kind, and the further ones; an empty first cell leaves its place to the next.

        A damaged further number makes the row a bad one: what cannot be dialled is for a person to mend.
        """
        first = cells[self._number]
        if not self._further:
            return "", normalise(_clean(first), self._country), ()
        given = [("", first), *((kind, cells[at]) for kind, at in self._further)]
        found: dict[str, str] = {}
        for kind, cell in given:
            text = _clean(cell)
            if not text:
                continue
            number = normalise(text, self._country)
            if isinstance(number, Problem):
                return kind, number, ()
            found.setdefault(number, kind)
        if not found:
            return "", normalise("", self._country), ()
        (number, kind), *others = found.items()
        return kind, number, tuple((other_kind, other) for other, other_kind in others)

    def _misfit(self, cells: list[str]) -> str:
        if len(cells) > self._width and any(cell.strip() for cell in cells[self._width :]):
            return "wrong_cell_count"
        return "wrong_cell_count" if len(cells) <= self._number else ""

    def _is_duplicate(self, number: str) -> bool:
        digits = int(number)
        if digits in self._seen:
            return True
        if len(self._seen) < MOST_REMEMBERED:
            self._seen.add(digits)
        return False

    def _name_of(self, cells: list[str]) -> str:
        if self._name is not None:
            return _clean(cells[self._name])[:_LONGEST_NAME]
        return " ".join(filter(None, (_clean(cells[at]) for at in self._parts)))[:_LONGEST_NAME]

    def _zones(self, cells: list[str], numbers: list[str]) -> tuple[str, ...] | Problem:
        """The zone that is given, else all that any of the numbers may be in."""
        text = _clean(cells[self._zone]) if self._zone is not None else ""
        if not text and len(numbers) == 1:
            return zones_of(numbers[0])
        if not text:
            return tuple(sorted({zone for number in numbers for zone in zones_of(number)}))
        zone = _zone_names().get(text.casefold())
        if zone is None:
            hints = did_you_mean(text, _zone_names().values())
            return row_problem("", "unknown_zone", value=text[:80], **hints)
        return (zone,)

    def _priority_of(self, cells: list[str]) -> int | Problem:
        text = _clean(cells[self._priority]).removesuffix(".0") if self._priority is not None else ""
        if not text:
            return 0
        digits = text.removeprefix("-").removeprefix("+")
        if digits.isascii() and digits.isdigit() and len(digits) <= 4 and abs(int(text)) <= MOST_PRIORITY:
            return int(text)
        return row_problem("", "priority_not_whole", value=text[:40])

    def _fields_of(self, cells: list[str]) -> dict[str, str]:
        return {name: text for at, name in self._fields if cells[at] and (text := _clean(cells[at]))}


def _bad(record: Record, problem: Problem) -> BadRow:
    return BadRow(record.line, tuple(record.cells), replace(problem, where=f"line {record.line}"))


def _clean(cell: str) -> str:
    """Return a cell without outer blanks, control characters, and the apostrophe that guards it in spreadsheets."""
    text = cell.strip()
    if not text.isprintable():
        text = "".join(c for c in text if c.isprintable() or c == "\n").strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA_STARTS) else text


@lru_cache(maxsize=1)
def _zone_names() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}
