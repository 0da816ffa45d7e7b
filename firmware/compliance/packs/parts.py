"""What several packs share: hours written shortly, common durations, common wordings of what must be announced."""

from __future__ import annotations

from firmware.compliance.rules import AUTOMATED, AUTOMATED_SERVICE, DAY_S, Need
from firmware.model import CallWindow, Purpose

MONTH_S = 30 * DAY_S
HOUR_S = 3600.0
WORKDAYS = range(5)
SATURDAY = 5
ALL_WEEK = range(7)
BELATED_S = 72 * HOUR_S
"""How long Ofcom has a caller wait after an abandoned call; taken over where a country says nothing."""


def open_on(days: range | tuple[int, ...], *hours: tuple[float, float]) -> tuple[CallWindow, ...]:
    """The same hours on several weekdays; ``(9, 17.5)`` is from 09:00 to 17:30."""
    return tuple(CallWindow(day, round(a * 60), round(b * 60)) for day in days for a, b in hours)


def needs(
    *,
    service: Need,
    sales: Need,
    sales_business: Need,
    research: Need,
    automated: Need,
    automated_service: Need = Need.NOTHING,
) -> tuple[tuple[str, Need], ...]:
    """What consent every purpose needs, so that no pack forgets one."""
    return (
        (Purpose.SERVICE.value, service),
        (Purpose.SALES.value, sales),
        (Purpose.SALES_BUSINESS.value, sales_business),
        (Purpose.RESEARCH.value, research),
        (AUTOMATED, automated),
        (AUTOMATED_SERVICE, automated_service),
    )
