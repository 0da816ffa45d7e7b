"""Numbering plans of the five countries numbers are read for without asking the big library.

Data: country code, prefixes, and what a national significant number (the digits after the country code) may look
like. Patterns are deliberately wider than today's allocations, because the network knows better than a table which
numbers exist; what they must catch is a number that is too short, too long, costly, or an emergency. Sources:
BNetzA Nummernraum and Nummernplan Rufnummern, RTR KEM-V 2009, BAKOM E.164 plan, Ofcom National Telephone Numbering
Plan, NANPA; emergency numbers as in those plans and 3GPP TS 22.101 §10 (112 and 911 are emergencies everywhere).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Plan:
    """One country's plan. Patterns match a whole national significant number."""

    code: str
    trunk: str
    """The national prefix; empty where numbers are dialled without one."""
    idd: str
    """The international prefix as dialled from there."""
    shortest: int
    longest: int
    bare: int
    """Digits from which a number written with the country code but no plus is surely that, and no national
    number whose leading zero was lost; 0: the plan has no such doubt."""
    callable: re.Pattern[str]
    premium: re.Pattern[str]
    service: re.Pattern[str]
    zones: tuple[str, ...] = ()
    """Empty: depends on the area."""
    short_areas: frozenset[str] = field(default_factory=frozenset)
    """Area codes shorter than ``area_digits``; only for showing a number in groups."""
    area_digits: int = 3


_GERMANY = Plan(
    code="49",
    trunk="0",
    idd="00",
    shortest=5,
    longest=13,
    bare=11,
    callable=re.compile(
        r"(?:[2-8]\d|9[1-9]|90[1-9])(?!(?<=900))\d{3,11}|15\d{9}|16[023]\d{7,8}|17\d{8,9}|18[1-9]\d{5,11}"
    ),
    premium=re.compile(r"(?:900|190|180|137|138)\d*|12\d+"),
    service=re.compile(r"11[5-9]\d*|10\d+|19\d{3}"),
    zones=("Europe/Berlin",),
    short_areas=frozenset({"30", "40", "69", "89"}),
)
_AUSTRIA = Plan(
    code="43",
    trunk="0",
    idd="00",
    shortest=4,
    longest=13,
    bare=11,
    callable=re.compile(r"1\d{3,12}|[2-7]\d{4,12}|800\d{6,10}|8(?:04|10)\d{5,10}"),
    premium=re.compile(r"(?:9\d\d|82[018]|8[69]\d)\d*"),
    service=re.compile(r"1[0-8]\d|11[68]\d{2,4}"),
    zones=("Europe/Vienna",),
    short_areas=frozenset({"1"}),
)
_SWITZERLAND = Plan(
    code="41",
    trunk="0",
    idd="00",
    shortest=9,
    longest=9,
    bare=11,
    callable=re.compile(r"[2-6]\d{8}|7[1-9]\d{7}|81\d{7}|91\d{7}|800\d{6}"),
    premium=re.compile(r"(?:90\d|84\d|878)\d*"),
    service=re.compile(r"1\d{2,5}"),
    zones=("Europe/Zurich",),
    area_digits=2,
)
_BRITAIN = Plan(
    code="44",
    trunk="0",
    idd="00",
    shortest=7,
    longest=10,
    bare=11,
    callable=re.compile(
        r"1\d{8,9}|2\d{9}|3\d{9}|5[56]\d{8}|7[1-57-9]\d{8}|7624\d{6}|80[08]\d{7}|800\d{6}|8001111"
    ),
    premium=re.compile(r"9\d{9}|8[47]\d{8}|845464\d|70\d{8}"),
    service=re.compile(r"1\d\d|11[68]\d{3}"),
    zones=("Europe/London",),
    short_areas=frozenset({"20", "23", "24", "28", "29"}),
    area_digits=4,
)
_AMERICA = Plan(
    code="1",
    trunk="1",
    idd="011",
    shortest=10,
    longest=10,
    bare=0,
    callable=re.compile(r"(?!900)(?!.11)[2-9][0-8]\d(?!.11)(?!976)[2-9]\d{6}"),
    premium=re.compile(r"900\d{7}|\d{3}976\d{4}"),
    service=re.compile(r"[2-9]11"),
)

PLANS: Mapping[str, Plan] = {
    "DE": _GERMANY,
    "AT": _AUSTRIA,
    "CH": _SWITZERLAND,
    "GB": _BRITAIN,
    "US": _AMERICA,
    "CA": _AMERICA,
}
BY_CODE: Mapping[str, Plan] = {plan.code: plan for plan in PLANS.values()}
ALIASES: Mapping[str, str] = {"UK": "GB"}
"""What people write instead of the ISO 3166 code."""

EMERGENCY_ANYWHERE: frozenset[str] = frozenset({"112", "911"})
EMERGENCY: Mapping[str, frozenset[str]] = {
    "DE": frozenset({"110", "112"}),
    "AT": frozenset({"112", "122", "128", "133", "140", "141", "142", "144", "147"}),
    "CH": frozenset({"112", "117", "118", "143", "144", "145", "147", "1414", "1415"}),
    "GB": frozenset({"999", "112", "101", "105", "111"}),
    "US": frozenset({"911", "988"}),
    "CA": frozenset({"911", "988"}),
}
"""Emergency numbers and the help lines that must stay as free as those."""
