"""One contact as another program sends it, read by the same rules and refused in the same words as a row of a file.

Pure. Whether the list has the number already and who blocks it is the store's to tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from firmware.campaigns.columns import REPORT_MARK, ColumnRole
from firmware.campaigns.importer import BadRow, Row, rows
from firmware.campaigns.records import Record
from firmware.campaigns.texts import row_problem
from firmware.model import Problem

_ROLES = (
    ColumnRole.NUMBER,
    ColumnRole.NAME,
    ColumnRole.ZONE,
    ColumnRole.PRIORITY,
    ColumnRole.MOBILE,
    ColumnRole.WORK,
    ColumnRole.HOME,
)


def read(given: Mapping[str, str], fields: Mapping[str, str], country: str) -> Row | Problem:
    """Return the contact, or what is wrong with it first (``where`` of the problem is empty).

    ``given`` has texts by role (``number, name, zone, priority, mobile, work, home``), ``fields`` everything else;
    ``country`` (ISO 3166) is where numbers without a country code belong.
    """
    kept = {name: text for name, text in fields.items() if not name.startswith(REPORT_MARK)}
    columns = (*(role.value for role in _ROLES), *kept)
    cells = [*(given.get(role.value, "") for role in _ROLES), *kept.values()]
    # A column nobody uses is none: with a further number in it the first may be missing.
    places = {role: at for at, role in enumerate(_ROLES) if role is ColumnRole.NUMBER or cells[at]}
    found = next(rows([Record(1, cells)], columns, places, country), None)
    if found is None:
        # A file's blank rows are passed over, a program's are not.
        return row_problem("", "empty_number", text="")
    return replace(found.problem, where="") if isinstance(found, BadRow) else found
