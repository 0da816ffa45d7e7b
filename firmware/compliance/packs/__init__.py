"""The rule packs this version of the box knows, and which of them a campaign keeps.

A pack is data with the source of every rule. When a law changes, its pack changes together with its version; permits
name the version, so that an old permit can be read by the rules of its day. None of this is legal advice: each office
has its pack confirmed by its own counsel, above all what is marked as unconfirmed.
"""

from __future__ import annotations

from collections.abc import Mapping

from firmware.compliance.packs.at import AT
from firmware.compliance.packs.ch import CH
from firmware.compliance.packs.de import DE
from firmware.compliance.packs.fr import FR
from firmware.compliance.packs.gb import GB
from firmware.compliance.packs.own import OWN
from firmware.compliance.packs.us import US
from firmware.compliance.rules import Pack

PACKS: Mapping[str, Pack] = {pack.name: pack for pack in (DE, AT, CH, GB, US, FR, OWN)}
"""By name."""
BY_COUNTRY: Mapping[str, Pack] = {country: pack for pack in PACKS.values() for country in pack.countries}
BY_CODE: Mapping[str, Pack] = {pack.code: pack for pack in PACKS.values() if pack.code}


def pack_of(name: str, country: str) -> Pack:
    """Return the pack called ``name``, or without a name that of the country, or ``own`` where there is none.

    Raises ``KeyError`` for a name there is no pack of.
    """
    return PACKS[name] if name else BY_COUNTRY.get(country.strip().upper(), OWN)


def pack_for_number(number: str) -> Pack | None:
    """Return the pack that protects an E.164 number, by its country code."""
    return BY_CODE.get(number[1:3]) or BY_CODE.get(number[1:2])
