"""The national registers that rule packs know: whose they are, and how old a copy may be. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from firmware.compliance.packs import PACKS
from firmware.compliance.rules import DAY_S, Source

OTHER = "other"
"""A register no pack knows; the office says how old it may be."""
MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Known:
    """A register a pack asks for: how many days old it may be, and where that stands."""

    name: str
    pack: str
    days: int
    source: Source


KNOWN: Mapping[str, Known] = {
    rule.name: Known(rule.name, pack.name, int(rule.max_age_s // DAY_S), pack.sources["registers"])
    for pack in PACKS.values()
    for rule in pack.rules.registers
}
NAMES: tuple[str, ...] = (*KNOWN, OTHER)


def most_days(name: str) -> int:
    """How many days old a register may be at most, whatever an office sets."""
    return KNOWN[name].days if name in KNOWN else MOST_DAYS
