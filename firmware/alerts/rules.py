"""Which alerts there are, and how long each must hold or be over. Data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of alert: it begins when its condition has held for ``after_s``, and ends when it has not for
    ``over_s``."""

    key: str
    after_s: float
    over_s: float


RULES: Mapping[str, Rule] = {
    rule.key: rule
    for rule in (
        Rule("trunk_down", 30.0, 60.0),
        Rule("nobody_ready", 60.0, 30.0),
        Rule("abandon_near", 30.0, 300.0),
        Rule("disk_filling", 60.0, 300.0),
        Rule("clock_untrusted", 60.0, 60.0),
        Rule("backup_red", 60.0, 0.0),
        Rule("line_stuck", 60.0, 60.0),
        Rule("register_old", 60.0, 0.0),
        Rule("mail_stuck", 0.0, 0.0),
        Rule("access_asked", 0.0, 0.0),
        Rule("box_ill", 30.0, 60.0),
    )
}
"""``box_ill`` is every other reason for which the box does not dial."""

NEAR_TARGET = 0.8
"""An abandon rate above this share of its target is near it ..."""
BELOW_TARGET = 0.6
"""... until it is below this."""
FEWEST_ANSWERS = 30
"""Fewer live answers say nothing about a rate."""
