"""Which rules a campaign keeps for a number: its pack, what it made stricter, and the pack that protects the number.

A campaign for Germany that calls a French number keeps both packs, field by field the stricter one. The pack ``own``
is kept alone: the office that writes its own rules answers for all of them. Working this out costs more than judging,
so it is done once per campaign and country and remembered for as long as the campaign's settings are the same.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from firmware.compliance.packs import PACKS, pack_for_number, pack_of
from firmware.compliance.packs.own import OWN
from firmware.compliance.rules import Pack, Rules, changed, overlap, stricter
from firmware.model import CallWindow, CampaignSettings

_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules of a campaign for the numbers of one country, and the windows that are left of its own."""

    rules: Rules
    home: Rules
    """Those for numbers of no other pack."""
    windows: tuple[CallWindow, ...]
    home_windows: tuple[CallWindow, ...]
    """The same for numbers of no other pack: what all contacts of the campaign share."""
    packs: str
    """The packs with their versions, as permits name them."""


class Office:
    """The rules of one campaign's settings."""

    def __init__(self, settings: CampaignSettings) -> None:
        self.settings = settings
        self.pack: Pack = pack_of(settings.rule_pack, settings.country)
        self._home = _with(self.pack, settings.rules)
        self._windows = overlap(settings.windows, self._home.hours)
        self._alone = InForce(self._home, self._home, self._windows, self._windows, self.pack.label)
        self._abroad: dict[str, InForce] = {}

    def for_number(self, number: str) -> InForce:
        """Return what is in force for an E.164 number."""
        if self.pack is OWN:
            return self._alone
        other = pack_for_number(number)
        if other is None or other is self.pack:
            return self._alone
        found = self._abroad.get(other.name)
        if found is None:
            rules = stricter(self._home, other.rules)
            windows = overlap(self._windows, other.rules.hours)
            found = InForce(rules, self._home, windows, self._windows, f"{self.pack.label} + {other.label}")
            self._abroad[other.name] = found
        return found


def office_of(settings: CampaignSettings) -> Office:
    """Return the rules of these settings, remembered. Raises ``KeyError`` for a pack there is not."""
    found = _OFFICES.get(id(settings))
    if found is not None and found.settings is settings:
        return found
    office = Office(settings)
    _OFFICES[id(settings)] = office
    while len(_OFFICES) > _REMEMBERED:
        _OFFICES.popitem(last=False)
    return office


_OFFICES: OrderedDict[int, Office] = OrderedDict()
"""By identity, which is safe because an office keeps its settings: settings are values and never change."""


def tightened(settings: CampaignSettings) -> CampaignSettings:
    """Return the settings as far as the rules allow them: ringing, time to an agent, abandon target, call windows.

    The form refuses what the rules forbid; this holds settings to it that were saved before the rules changed.
    """
    try:
        office = office_of(settings).for_number("")
    except KeyError:
        return settings
    rules = office.rules
    kept = replace(
        settings,
        windows=office.windows,
        ring_timeout_s=min(max(settings.ring_timeout_s, rules.ring_min_s), rules.ring_max_s),
        hold_s=min(settings.hold_s, rules.connect_within_s),
        abandon_target=min(settings.abandon_target, *(each.limit for each in rules.abandon)),
    )
    return settings if kept == settings else kept


def rules_of(settings: CampaignSettings) -> Rules:
    """Return the rules a campaign keeps for the numbers of its own country. Raises ``KeyError``."""
    return office_of(settings).for_number("").rules


def _with(pack: Pack, asked: Mapping[str, Any]) -> Rules:
    if not asked:
        return pack.rules
    wanted = changed(pack.rules, asked)
    return wanted if pack is OWN else stricter(pack.rules, wanted)


__all__ = ["PACKS", "InForce", "Office", "office_of", "rules_of", "tightened"]
