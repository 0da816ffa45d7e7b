"""Rules as people and programs read them: each value as one line of plain words and numbers, or as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from firmware.compliance.rules import DAY_S, AbandonRule, Limit, Pack, RegisterRule, Rules
from firmware.compliance.windows import window_text
from firmware.model import CallWindow


def said(value: Any) -> str:
    """Return one rule's value in a line."""
    if isinstance(value, tuple):
        return ", ".join(_part(each) for each in value) or "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "-" if math.isinf(value) else f"{value:g}"
    return str(value)


def _part(value: Any) -> str:
    if isinstance(value, CallWindow):
        return window_text(value)
    if isinstance(value, Limit):
        return f"{value.most} per {value.period.value}"
    if isinstance(value, AbandonRule):
        over = " + ".join(value.numerator)
        return f"({over}) / {value.denominator} <= {value.limit:.1%} in {value.window_s / 3600:g} h per {value.scope}"
    if isinstance(value, RegisterRule):
        return f"{value.name} at most {value.max_age_s / DAY_S:g} days old for {', '.join(value.purposes)}"
    if isinstance(value, tuple):
        return ": ".join(str(each) for each in value)
    return str(value)


def plain(pack: Pack) -> Mapping[str, Any]:
    """Return a pack as JSON has it; a rule without an end (infinite) is null."""
    rules = {each.name: _json(getattr(pack.rules, each.name)) for each in fields(Rules)}
    return {
        "name": pack.name,
        "version": pack.version,
        "countries": list(pack.countries),
        "rules": rules,
        "sources": {name: asdict(source) for name, source in pack.sources.items()},
        "said": {each.name: said(getattr(pack.rules, each.name)) for each in fields(Rules)},
    }


def _json(value: Any) -> Any:
    if isinstance(value, float) and math.isinf(value):
        return None
    if isinstance(value, tuple):
        return [asdict(each) if hasattr(each, "__slots__") else _json(each) for each in value]
    return value
