"""Who takes a call that comes in: the rules of the settings, the first that fits, and whether it is taken now.

Pure: the settings file's tables (``[[inbound]]``) come in as ``Rule`` values, ``now`` as an argument.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firmware.compliance.numbers import normalise
from firmware.inbound.happenings import Admission, Kind
from firmware.inbound.hours import is_open
from firmware.model import CallWindow


@dataclass(frozen=True, slots=True)
class Rule:
    """One ``[[inbound]]``. Empty ``trunk`` and ``numbers`` fit every call; an empty ``campaign`` is every agent."""

    name: str
    trunk: str = ""
    numbers: tuple[str, ...] = ()
    campaign: str = ""
    hours: tuple[CallWindow, ...] = ()
    holidays: str = ""
    by_key: bool = True
    ring_s: float = 8.0
    wait_s: float = 120.0
    call_back: bool = False
    most_waiting: int = 20
    position_s: float = 45.0
    """How often who waits is told the place; 0: never."""
    tone: bool = False
    """Who waits hears a quiet tone instead of music."""
    new_customers: bool = False
    """Callers nobody knows are new customers."""
    record: bool = False
    """Calls are recorded: the office has the consent of both sides."""
    record_on_request: bool = False
    """Agents may record a call once the caller has said yes to it."""
    texts: tuple[tuple[str, str], ...] = ()
    """Announcements of the office's own: the word of ``Say`` and the text."""

    def text(self, say: str) -> str:
        """The office's own text of an announcement; empty: the box's."""
        return dict(self.texts).get(say, "")


@dataclass(frozen=True, slots=True)
class Here:
    """The box at the moment of a call."""

    country: str
    zone: str
    lines_full: bool
    waiting: int
    """Callers of the same rule who wait for an agent."""


def choose(rules: Sequence[Rule], trunk: str, called: str, country: str) -> Rule | None:
    """Return the first rule for a number called over a trunk; rules that name the number go before others."""
    fitting = [rule for rule in rules if rule.trunk in ("", trunk)]
    wanted = {called, number_of(called, country)} - {""}
    named = [rule for rule in fitting if wanted & _spelled(rule, country)]
    others = [rule for rule in fitting if not rule.numbers]
    return next(iter((*named, *others)), None)


def kind_of(rule: Rule | None, *, known: bool, called: bool) -> Kind:
    """Tell why somebody calls. ``known``: in a contact list; ``called``: open in one that a running campaign calls."""
    if called:
        return Kind.CALLBACK
    return Kind.NEW if rule is not None and rule.new_customers and not known else Kind.SERVICE


def admit(rule: Rule | None, here: Here, now: float) -> Admission:
    """Tell what is to be done with a call. Raises ``UnknownZoneError``."""
    if rule is None:
        return Admission.REFUSED
    if here.lines_full or here.waiting >= rule.most_waiting:
        return Admission.BUSY
    return Admission.OPEN if is_open(rule.hours, here.zone, rule.holidays, now) else Admission.CLOSED


def number_of(text: str, country: str) -> str:
    """Return what the network tells as E.164, empty where it is no number: withheld, a name, an extension."""
    found = normalise(text, country) if text else ""
    return found if isinstance(found, str) else ""


def _spelled(rule: Rule, country: str) -> set[str]:
    """A rule's numbers as written and as E.164: a gateway may tell only an extension."""
    return {*rule.numbers, *(number_of(number, country) for number in rule.numbers)} - {""}
