"""The order of a list for one campaign: a filter, and a key for each contact that sorts as bytes.

Keys are made so that comparing them byte by byte is comparing the fields: numbers and dates as eight bytes in the order
of their values, texts ``folded``. What is missing comes last, whichever way the field is sorted. A contact's priority
leads unless the order names it in another place. Contacts with equal keys are the store's to part (longest due first).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from firmware.rulebook.conditions import Condition, holds
from firmware.rulebook.subject import Subject
from firmware.rulebook.values import Kind, value_of

MOST_SORTS = 4
_MOST_CHARACTERS = 40
"""Of a text, so many decide: a key is an index entry."""
_SIGN = 1 << 63
_ALL = (1 << 64) - 1
_SWAPPED = bytes(range(255, -1, -1))


@dataclass(frozen=True, slots=True)
class Sort:
    """One field to sort by."""

    field: str
    kind: Kind = Kind.TEXT
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """Whom a campaign calls first, and whom not at all.

    ``dynamic``: a contact takes another place when what it is sorted by changes; else it keeps the one it came in with.
    The filter always goes by what the contact is now. ``fresh_first``: never dialled before dialled.
    """

    sorts: tuple[Sort, ...] = ()
    fresh_first: bool = False
    dynamic: bool = True
    filter: Condition | None = None

    @property
    def says_nothing(self) -> bool:
        """Whether it is the order every list has anyway."""
        return not self.sorts and not self.fresh_first and self.filter is None


def fits(order: Order, subject: Subject) -> bool:
    """Tell whether the campaign is to call the contact at all."""
    return order.filter is None or holds(order.filter, subject)


def key(order: Order, subject: Subject) -> bytes:
    """Return the contact's place: smaller bytes are called first."""
    parts = []
    if not any(sort.field == ":priority" for sort in order.sorts):
        parts.append(bytes([99 - max(-99, min(99, subject.priority))]))
    if order.fresh_first:
        parts.append(b"\x01" if subject.attempts else b"\x00")
    parts += [key_of(sort, subject.text(sort.field)) for sort in order.sorts]
    return b"".join(parts)


def key_of(sort: Sort, text: str) -> bytes:
    """Return a cell's place by one field: smaller bytes come first, what is missing last."""
    value = value_of(text, sort.kind)
    if value is None:
        return b"\x01"
    if isinstance(value, str):
        # No text holds a NUL (cells are printable): it ends the shorter of two before the longer goes on.
        encoded = value[:_MOST_CHARACTERS].replace("\0", "").encode("utf-8", "replace") + b"\0"
    else:
        encoded = _sortable(value)
    return b"\x00" + (encoded.translate(_SWAPPED) if sort.descending else encoded)


def _sortable(value: float) -> bytes:
    """A double whose bytes sort as the numbers do (IEEE 754: the sign flipped, a negative one inverted)."""
    (bits,) = struct.unpack(">Q", struct.pack(">d", value + 0.0))
    return struct.pack(">Q", bits ^ (_ALL if bits & _SIGN else _SIGN))
