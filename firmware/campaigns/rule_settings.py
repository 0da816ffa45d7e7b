"""What a campaign says about rules: which pack it keeps and what it makes stricter, read from JSON with every mistake.

A country's pack is never loosened: what would loosen it is a problem, and so are settings beside the rules (ringing,
hold, abandon target, call windows) that the pack forbids. Under ``own`` everything may be said, within reason.
"""

from __future__ import annotations

from typing import Any

from firmware.campaigns.checker import Checker
from firmware.campaigns.parts import read_windows
from firmware.compliance.in_force import office_of
from firmware.compliance.packs import PACKS, pack_of
from firmware.compliance.rules import (
    ATTEMPTS,
    AUTOMATED,
    AUTOMATED_SERVICE,
    MOST_ATTEMPTS,
    NUMBERS,
    SETTABLE,
    Need,
    Rules,
    Standing,
    looser,
)
from firmware.model import CampaignSettings, Purpose

PACK_NAMES: tuple[str, ...] = ("", *PACKS)
_PURPOSES = (*(purpose.value for purpose in Purpose), AUTOMATED, AUTOMATED_SERVICE)


def read_rules(checker: Checker, name: str) -> dict[str, Any]:
    """Read ``{"attempts_per_day": 2, "hours": [...], "consent": {"sales": "record"}, ...}``."""
    raw = checker.object(name)
    part = Checker(raw, f"{name}.", checker.problems)
    part.only(SETTABLE)
    found: dict[str, Any] = {
        each: part.number(each, None, *NUMBERS[each]) for each in NUMBERS if part.has(each)
    }
    found |= {each: part.whole(each, None, 1, MOST_ATTEMPTS) for each in ATTEMPTS if part.has(each)}
    if part.has("hours"):
        windows = read_windows(part, "hours", ())
        found["hours"] = [
            {"weekday": w.weekday, "start_min": w.start_min, "end_min": w.end_min} for w in windows
        ]
    if part.has("holidays"):
        found["holidays"] = part.flag("holidays", default=True)
    if part.has("consent"):
        found["consent"] = _read_consent(part)
    return found


def _read_consent(part: Checker) -> dict[str, str]:
    needs = Checker(part.object("consent"), "rules.consent.", part.problems)
    needs.only(_PURPOSES)
    words = [need.value for need in Need]
    return {purpose: needs.one_of(purpose, words, None) for purpose in _PURPOSES if needs.has(purpose)}


def check_rules(checker: Checker, settings: CampaignSettings) -> None:
    """Note everything in sound settings that the rules of the campaign's pack do not allow."""
    pack = pack_of(settings.rule_pack, settings.country)
    if pack.name != "own":
        for name in looser(pack.rules, settings.rules):
            checker.problem(f"rules.{name}", "looser_than_rules", pack=pack.label)
    office = office_of(settings).for_number("")
    for name, value, low, high in _bounds(office.rules, settings):
        if not low <= value <= high:
            figures = {"low": f"{low:g}", "high": f"{high:g}", "value": f"{value:g}", "pack": pack.label}
            checker.problem(name, "against_rules", **figures)
    limit = min((each.limit for each in office.rules.abandon), default=1.0)
    if settings.hangs_up_on_people and pack.sources["abandon"].standing is not Standing.OWN_CHOICE:
        checker.problem("on_person", "hang_up_against_rules", pack=pack.label, limit=f"{limit * 100:g}")
    if settings.windows and not office.windows:
        checker.problem("windows", "windows_against_rules", pack=pack.label)


def _bounds(rules: Rules, settings: CampaignSettings) -> list[tuple[str, float, float, float]]:
    limit = min((each.limit for each in rules.abandon), default=1.0)
    return [
        ("ring_timeout_s", settings.ring_timeout_s, rules.ring_min_s, rules.ring_max_s),
        ("hold_s", settings.hold_s, 0.0, rules.connect_within_s),
        ("abandon_target", settings.abandon_target, 0.0, limit),
    ]
