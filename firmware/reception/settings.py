"""What the settings file says about calls that come in, as the reception needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from firmware.config import Config
from firmware.inbound.happenings import Say
from firmware.inbound.hours import read_all
from firmware.inbound.routing import Rule


@dataclass(frozen=True, slots=True)
class ReceptionSettings:
    """What the settings file says about calls that come in. ``lines``: calls each trunk carries at once."""

    rules: tuple[Rule, ...]
    country: str
    zone: str
    lines: Mapping[str, int]
    max_call_s: float
    shown_as: Mapping[str, str] = field(default_factory=dict)
    """The office's number on each trunk, for destinations that are asked in."""


def settings_of(config: Config) -> ReceptionSettings:
    """The settings of a (checked) settings file."""
    rules = tuple(
        Rule(
            each.name, each.trunk, each.numbers, each.campaign, read_all(each.hours), each.holidays,
            each.accept == "key", each.ring_s, each.wait_s, each.then == "callback", each.waiting,
            each.position_s, each.sound == "tone",
            each.kind == "new",
            each.record == "always", each.record == "asked",
            tuple((say, text) for say in Say if (text := getattr(each, say, ""))),
        )
        for each in config.inbound
    )  # fmt: skip
    lines = {trunk.name: trunk.lines for trunk in config.trunks}
    shown_as = {trunk.name: trunk.caller_ids[0] for trunk in config.trunks if trunk.caller_ids}
    limit_s = config.dialling.max_call_s
    return ReceptionSettings(rules, config.box.country, config.box.zone, lines, limit_s, shown_as)
