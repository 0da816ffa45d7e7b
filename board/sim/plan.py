"""What will a dialled number do? The plan, else the table of last digits, else a seeded mix.

A plan file is TOML or JSON:

    haste = 3                                   # waits and talks three times as fast as in life
    table = false                               # no table of last digits
    [numbers]
    "+493023125100" = "busy"
    "+493023125101" = { behaviour = "human", ring_s = 2, stays = true }
    "+493023125102" = ["no_answer", "busy", "human"]     # first, second, every further call
    "*77" = "machine"                           # every number that ends so; the longest ending wins
    [params.human]                              # for calls the table or the mix sends there
    talk_s = 20
    [mix]                                       # weights; replaces the default mix
    human = 1
    machine = 1

The mix is drawn from the seed, the number and how often it has been called, so a run repeats itself whatever the
order of the calls.
"""

from __future__ import annotations

import hashlib
import json
import random
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from board.sim.behaviours import BEHAVIOURS, TABLE
from board.sim.params import BadPlan, Params, read_params, suggest

T = TypeVar("T")

DEFAULT_MIX: dict[str, float] = {
    "human": 45, "machine": 25, "no_answer": 12, "busy": 6, "sit": 2, "sit_answered": 1, "fax": 2, "rejected": 1,
    "immediate_hang_up": 1, "silence": 2, "slow_answer": 1, "service_unavailable": 1, "early_announcement": 1,
}  # fmt: skip
_KEYS = ("haste", "table", "numbers", "params", "mix")


@dataclass(frozen=True, slots=True)
class Choice:
    """A behaviour with its settings; `by` says who chose: plan, table or mix."""

    behaviour: str
    params: Params = field(default_factory=Params)
    by: str = "plan"


@dataclass(frozen=True, slots=True)
class Plan:
    """Who does what. `numbers` maps a number or "*" and its last digits to what its calls do, in turn."""

    numbers: Mapping[str, Sequence[Choice]] = field(default_factory=dict)
    params: Mapping[str, Params] = field(default_factory=dict)
    mix: Mapping[str, float] = field(default_factory=lambda: DEFAULT_MIX)
    table: bool = True
    haste: float = 1.0

    def choose(self, number: str, nth: int, rng: random.Random) -> Choice:
        """Return what the nth call (from 1) of this number does."""
        planned = self.numbers.get(number) or self._by_ending(number)
        if planned:
            return planned[min(nth, len(planned)) - 1]
        if self.table and number[-3:] in TABLE:
            return self._with_params(TABLE[number[-3:]], "table")
        drawn = rng.choices(list(self.mix), list(self.mix.values()))[0]
        return self._with_params(drawn, "mix")

    def _by_ending(self, number: str) -> Sequence[Choice]:
        endings = [key for key in self.numbers if key.startswith("*") and number.endswith(key[1:])]
        return self.numbers[max(endings, key=len)] if endings else ()

    def _with_params(self, name: str, by: str) -> Choice:
        return Choice(name, self.params.get(name, Params()), by)

    def with_number(self, number: str, what: object) -> Plan:
        """Return this plan with one more number. Raises BadPlan."""
        return replace(self, numbers={**self.numbers, number: read_choices(what, number)})


def seeded(seed: int, number: str, nth: int) -> random.Random:
    """Return the source of chance of one call."""
    digest = hashlib.blake2b(f"{seed}/{number}/{nth}".encode(), digest_size=8).digest()
    return random.Random(int.from_bytes(digest, "big"))


def load(path: Path) -> Plan:
    """Read a plan file, JSON if its name says so, else TOML. Raises BadPlan and OSError."""
    try:
        text = path.read_text(encoding="utf-8")
        values = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except ValueError as why:
        raise BadPlan(f"{path}: {why}") from why
    if not isinstance(values, dict):
        raise BadPlan(f"{path}: a table is wanted")
    return read(values)


def read(values: Mapping[str, object]) -> Plan:
    """Make a Plan of a file's contents or of a dictionary in a test. Raises BadPlan naming every mistake."""
    wrong = [
        f"no {key!r} in a plan{suggest(key, dict.fromkeys(_KEYS))}" for key in values if key not in _KEYS
    ]
    numbers = _each(values, "numbers", read_choices, wrong)
    params = _each(values, "params", _read_defaults, wrong)
    mix = _each(values, "mix", _weight, wrong)
    if mix and not sum(mix.values()):
        wrong.append("mix: all weights are 0")
    haste, table = values.get("haste", 1.0), values.get("table", True)
    if not isinstance(haste, int | float) or isinstance(haste, bool) or not 0.01 <= haste <= 1000:
        wrong.append(f"haste must be a number from 0.01 to 1000, not {haste!r}")
    if not isinstance(table, bool):
        wrong.append(f"table must be true or false, not {table!r}")
    if wrong:
        raise BadPlan("\n".join(wrong))
    return Plan(numbers, params, mix or DEFAULT_MIX, table is True, float(str(haste)))


def _each(
    values: Mapping[str, object], section: str, reader: Callable[[object, str], T], wrong: list[str]
) -> dict[str, T]:
    """Read every entry of a section; mistakes are added to `wrong`."""
    found: dict[str, T] = {}
    entries = values.get(section, {})
    if not isinstance(entries, Mapping):
        wrong.append(f"{section} must be a table")
        return found
    for name, value in entries.items():
        try:
            found[str(name)] = reader(value, str(name))
        except BadPlan as why:
            wrong.append(str(why))
    return found


def read_choices(value: object, where: str) -> tuple[Choice, ...]:
    """Read what one number does: a name, a table, or a list of these. Raises BadPlan."""
    if isinstance(value, str):
        return (Choice(_known(value, where)),)
    if isinstance(value, Mapping):
        settings = {str(name): one for name, one in value.items() if name != "behaviour"}
        return (Choice(_known(str(value.get("behaviour", "")), where), read_params(settings, where)),)
    if isinstance(value, Sequence) and value and not isinstance(value, bytes):
        return tuple(choice for one in value for choice in read_choices(one, where))
    raise BadPlan(f"{where}: a behaviour, a table or a list is wanted, not {value!r}")


def _read_defaults(value: object, name: str) -> Params:
    if not isinstance(value, Mapping):
        raise BadPlan(f"params.{name} must be a table")
    return read_params({str(key): one for key, one in value.items()}, f"params.{_known(name, 'params')}")


def _weight(value: object, name: str) -> float:
    _known(name, "mix")
    if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
        raise BadPlan(f"mix: the weight of {name} must be a number not below 0, not {value!r}")
    return float(value)


def _known(name: str, where: str) -> str:
    if name not in BEHAVIOURS:
        raise BadPlan(f"{where}: no behaviour {name!r}{suggest(name, BEHAVIOURS)}")
    return name
