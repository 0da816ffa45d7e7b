"""What the settings file says about calls that come in, as the reception needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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


def settings_of(config: Config) -> ReceptionSettings:
    """The settings of a (checked) settings file."""
    rules = tuple(
        Rule(
            each.name, each.trunk, each.numbers, each.campaign, read_all(each.hours), each.holidays,
            each.accept == "key", each.ring_s, each.wait_s, each.then == "callback", each.waiting,
            each.kind == "new",
            tuple((say, text) for say in Say if (text := getattr(each, say, ""))),
        )
        for each in config.inbound
    )  # fmt: skip
    lines = {trunk.name: trunk.lines for trunk in config.trunks}
    return ReceptionSettings(rules, config.box.country, config.box.zone, lines, config.dialling.max_call_s)
