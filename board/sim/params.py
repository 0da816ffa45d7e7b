"""The screws of a behaviour: what a plan may set, what is drawn when it does not, how fast the world runs.

Ring times and delays are drawn as measured on real lists: after the delay of the network a person answers after a
log-normal time (median 8.5 s), a machine at once or after about 20 s.
"""

from __future__ import annotations

import difflib
import random
from collections.abc import Mapping
from dataclasses import dataclass, fields


class BadPlan(ValueError):
    """A plan that makes no sense; the message names every mistake."""


@dataclass(frozen=True, slots=True)
class Params:
    """What may be set for a behaviour; None is drawn. Not every behaviour looks at everything."""

    post_dial_s: float | None = None
    """From the INVITE to the first ringing."""
    ring_s: float | None = None
    """From ringing to the answer."""
    ringback: bool = False
    """Ring with 183 and the country's ringback tone as early media instead of 180."""
    hello_after_s: float | None = None
    """From the answer to the first word."""
    ask_again_s: float = 2.0
    """How long a person waits for a voice before saying hello again."""
    patience_s: float = 6.0
    """After how long of nobody speaking a person hangs up."""
    hold_patience_s: float = 60.0
    """The same, while on hold."""
    listens_s: float = 12.0
    """How long a person listens to somebody who does not pause before speaking all the same."""
    talk_s: float | None = None
    """How long a person talks before hanging up."""
    stays: bool = False
    """Talk until the other side hangs up (600 s at most)."""
    beep: bool = True
    """A machine beeps after its greeting."""
    record_s: float = 20.0
    """How long a machine records before it hangs up."""
    tone_s: float = 15.0
    """How long an in-band tone is played."""
    limit_s: float = 120.0
    """How long something that says nothing holds the line."""
    give_up_s: float = 60.0
    """How long an unanswered call rings until the network ends it."""
    status: int = 0
    """Final SIP status instead of the behaviour's own."""
    keys: str = "9"
    """Keys to press."""
    keys_after_s: float = 2.0
    """From the first hello to the keys."""
    hold_after_s: float = 3.0
    """From the first turn to putting the other side on hold."""
    hold_s: float = 3.0
    """How long to keep it there."""
    loss_percent: float | None = None
    """Packets lost each way, in percent."""
    country: str = ""
    """Whose tones and language; else by the number's prefix."""


_TYPES = {
    one.name: bool
    if "bool" in str(one.type)
    else int
    if one.type == "int"
    else str
    if one.type == "str"
    else float
    for one in fields(Params)
}


def read_params(values: Mapping[str, object], where: str) -> Params:
    """Return Params from a table of a plan. Raises BadPlan."""
    wrong = []
    for name, value in values.items():
        wanted = _TYPES.get(name)
        if wanted is None:
            wrong.append(f"{where}: no setting {name!r}{suggest(name, _TYPES)}")
        elif not _fits(value, wanted):
            wrong.append(f"{where}: {name} must be {_WORDS[wanted]}, not {value!r}")
    if wrong:
        raise BadPlan("\n".join(wrong))
    return Params(**values)  # type: ignore[arg-type]


_WORDS = {bool: "true or false", int: "a whole number", float: "a number not below 0", str: "a text"}


def _fits(value: object, wanted: type) -> bool:
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    return type(value) is wanted


def suggest(name: str, known: Mapping[str, object]) -> str:
    """Return ", did you mean …?" when a known name is near."""
    near = difflib.get_close_matches(name, known, 1)
    return f", did you mean {near[0]!r}?" if near else ""


@dataclass(frozen=True, slots=True)
class Chance:
    """Draws what a plan leaves open. `haste` divides waiting and talking, never how speech sounds."""

    rng: random.Random
    haste: float = 1.0

    def post_dial_s(self) -> float:
        """0.8 s + Gamma(3, 0.6 s)."""
        return (0.8 + self.rng.gammavariate(3, 0.6)) / self.haste

    def person_rings_s(self) -> float:
        """Log-normal, median 8.5 s, σ 0.6, at most 25 s."""
        while (drawn_s := self.rng.lognormvariate(2.14, 0.6)) > 25.0:
            pass
        return drawn_s / self.haste

    def machine_rings_s(self) -> float:
        """Switched off in 15 of 100: 0.5-3 s; else normal, 20 s ± 2.5 s."""
        if self.rng.random() < 0.15:
            return self.rng.uniform(0.5, 3.0) / self.haste
        return max(10.0, self.rng.gauss(20.0, 2.5)) / self.haste

    def talk_s(self) -> float:
        """Log-normal, mean 30 s, σ 0.8, at least 3 s."""
        return max(3.0, self.rng.lognormvariate(3.08, 0.8) / self.haste)

    def between(self, low_s: float, high_s: float) -> float:
        """Even between the two; haste does not touch it."""
        return self.rng.uniform(low_s, high_s)

    def soon(self, low_s: float, high_s: float) -> float:
        """Even between the two, divided by haste."""
        return self.rng.uniform(low_s, high_s) / self.haste
