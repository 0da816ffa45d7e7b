"""A contact as conditions and orders see it: every field by its name, as text.

Built-in fields begin with a colon (``:priority``), all others are columns of the list. What is only known after a call
(verdict, disposition, wrap-up code) is empty before it; ``callback`` says what stands promised, or what this call made
of it. Pure; whoever fills it in knows the store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from firmware.rulebook.values import moment_text


@dataclass(frozen=True, slots=True)
class Subject:
    """One contact at one moment. ``hour`` and ``weekday`` (Monday 0) are the contact's own, None where not asked."""

    id: int
    number: str
    name: str = ""
    priority: int = 0
    attempts: int = 0
    last_attempt_at: float | None = None
    list_id: int = 0
    zones: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    verdict: str = ""
    disposition: str = ""
    code: str = ""
    callback: str = ""
    """``promised`` where somebody waits for a call; after one ``kept``, ``missed`` or ``withdrawn`` where it ended."""
    hour: int | None = None
    weekday: int | None = None

    def text(self, name: str) -> str:
        """The field with this name as text; empty for one the contact does not have."""
        if name[:1] != ":":
            return str(self.fields.get(name, ""))
        reader = BUILT_IN.get(name)
        return "" if reader is None else reader(self)


def _figure(value: int | None) -> str:
    return "" if value is None else str(value)


OF_CONTACT: Mapping[str, Callable[[Subject], str]] = {
    ":priority": lambda s: str(s.priority),
    ":attempts": lambda s: str(s.attempts),
    ":order": lambda s: str(s.id),
    ":last_attempt": lambda s: moment_text(s.last_attempt_at),
    ":name": lambda s: s.name,
    ":number": lambda s: s.number,
    ":zone": lambda s: s.zones,
}
"""Fields every contact has; a list can be sorted and filtered by them."""
OF_CALL: Mapping[str, Callable[[Subject], str]] = {
    ":list": lambda s: str(s.list_id),
    ":verdict": lambda s: s.verdict,
    ":disposition": lambda s: s.disposition,
    ":code": lambda s: s.code,
    ":callback": lambda s: s.callback,
    ":hour": lambda s: _figure(s.hour),
    ":weekday": lambda s: _figure(s.weekday),
}
"""What rules may ask besides."""
BUILT_IN: Mapping[str, Callable[[Subject], str]] = {**OF_CONTACT, **OF_CALL}
