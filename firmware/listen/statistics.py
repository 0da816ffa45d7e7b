"""Shares with the range they may really lie in, and percentiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

_Z = 1.959963984540054
"""Two-sided 95 %."""


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``of``, with Wilson's 95 % interval (E. B. Wilson, JASA 22, 1927)."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """0..1; nothing without cases."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end, 0..1."""
        if not self.of:
            return 0.0, 1.0
        share, weight = self.count / self.of, _Z * _Z / self.of
        middle = (share + weight / 2) / (1 + weight)
        reach = _Z * sqrt(share * (1 - share) / self.of + weight / (4 * self.of)) / (1 + weight)
        low = 0.0 if self.count == 0 else max(0.0, middle - reach)
        return low, 1.0 if self.count == self.of else min(1.0, middle + reach)

    def as_json(self) -> dict[str, object]:
        """Count, cases, share and interval, rounded to a hundredth of a percent."""
        low, high = self.interval
        share = None if self.value is None else round(self.value, 4)
        return {"count": self.count, "of": self.of, "share": share, "ci95": [round(low, 4), round(high, 4)]}

    def __str__(self) -> str:
        if self.value is None:
            return "no cases"
        low, high = self.interval
        return f"{self.value:7.2%}  [{low:6.2%} .. {high:6.2%}]  {self.count} of {self.of}"


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least so many percent do not exceed. Raises ``ValueError`` without values."""
    if not values:
        raise ValueError("a percentile of nothing")
    return sorted(values)[max(0, ceil(len(values) * percent / 100) - 1)]
