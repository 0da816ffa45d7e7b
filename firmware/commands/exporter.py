"""Writes a contact list to a CSV file or a workbook in a process of its own: ``python -m firmware.commands.exporter``.

The order is one JSON object on standard input, the answer one on standard output. Every contact is a row with its
numbers, where it stands, and its own fields under their names. No cell can become a formula (OWASP, CSV injection: what
begins with ``= + - @`` tab or return gets an apostrophe, which the importer takes off again; in a workbook every cell
is a text). Rows are read on a connection of its own while dialling goes on.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from firmware.campaigns.report import harmless
from firmware.commands import workbook_writer
from firmware.model import ContactListId
from firmware.store import contact_numbers, contacts
from firmware.store.store import open_read_only

if TYPE_CHECKING:
    import sqlite3

_NICE = 10
_DELIMITER = {"de": ";", "en": ","}
_HEADER = {
    "de": "Rufnummer;Weitere Rufnummern;Name;Zeitzone;Priorität;Stand;Grund;Anwahlversuche;Zuletzt;Wieder ab".split(
        ";"
    ),
    "en": "Number;Further numbers;Name;Time zone;Priority;State;Reason;Attempts;Last attempt;Due from".split(
        ";"
    ),
}
_PARTIAL = ".partial"


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What to write where."""

    database: str
    list_id: int
    target: str
    language: str
    workbook: bool = False


def export(order: ExportOrder) -> int:
    """Write the file, complete under its name; returns how many contacts. :raises OSError: the disk."""
    language = order.language if order.language in _HEADER else "en"
    target = Path(order.target)
    draft = target.with_name(target.name + _PARTIAL)
    with closing(open_read_only(Path(order.database))) as conn:
        conn.execute("BEGIN")
        names = _fields(conn, order.list_id)
        header, rows = [*_HEADER[language], *names], _rows(conn, order.list_id, names)
        if order.workbook:
            count = workbook_writer.write(draft, header, rows)
        else:
            count = _write_csv(draft, _DELIMITER[language], header, rows)
    draft.replace(target)
    return count


def _write_csv(path: Path, delimiter: str, header: Sequence[str], rows: Iterator[list[str]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
        writer.writerow(map(harmless, header))
        for row in rows:
            writer.writerow(map(harmless, row))
            count += 1
    return count


def _fields(conn: sqlite3.Connection, list_id: int) -> list[str]:
    """Every name a field of the list has, in the order of the alphabet."""
    sql = "SELECT DISTINCT key FROM contact, json_each(contact.fields) WHERE list_id = ? ORDER BY key"
    return [str(name) for (name,) in conn.execute(sql, (list_id,))]


def _rows(conn: sqlite3.Connection, list_id: int, names: Sequence[str]) -> Iterator[list[str]]:
    sql = f"SELECT {contacts.COLUMNS} FROM contact WHERE list_id = ? ORDER BY id"  # noqa: S608 - constants only
    several = "SELECT 1 FROM contact_number WHERE contact_id = ? LIMIT 1"
    for row in conn.execute(sql, (ContactListId(list_id),)):
        found = contacts.read(row)
        others = (
            [
                each.number
                for each in contact_numbers.of_contact(conn, found.id)
                if each.number != found.number
            ]
            if conn.execute(several, (found.id,)).fetchone()
            else []
        )
        yield [
            *_stand(found, others, contacts.due_at(conn, found.id, found.next_at)),
            *_values(found.fields, names),
        ]


def _stand(found: contacts.Contact, others: Sequence[str], due_at: float | None) -> list[str]:
    return [
        found.number,
        " ".join(others),
        found.name,
        " ".join(found.zones),
        str(found.priority),
        found.state.value,
        found.closed_reason or "",
        str(found.attempts),
        _moment(found.last_attempt_at),
        _moment(due_at or None),
    ]


def _values(fields: Mapping[str, str], names: Sequence[str]) -> list[str]:
    return [str(fields.get(name, "")) for name in names]


def _moment(at: float | None) -> str:
    return "" if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def main() -> int:
    """Do one order."""
    os.nice(_NICE)
    order = ExportOrder(**json.loads(sys.stdin.readline()))
    sys.stdout.write(json.dumps({"contacts": export(order)}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
