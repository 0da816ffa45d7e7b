"""Somebody calls the line: when that is told to the box, and with whose number.

Caller ID comes before the first ring, between the first two, or not at all, by country and network. A call is told of
once its caller is known, and with the second ring at the latest. Pure; times are seconds of a clock that never steps.
"""

from __future__ import annotations

RINGS = 2
"""With this ring the call is told of whether or not the caller is known."""
FRESH_S = 10.0
"""Caller ID so long before the first ring belongs to another call."""
_NOT_TOLD = ("P", "O")
"""V.253 §8.2: withheld (private), not available (out of area)."""


class Bell:
    """One line's."""

    def __init__(self) -> None:
        self.rings = 0
        self._caller: str | None = None
        self._told_at_s = float("-inf")
        self._done = False

    @property
    def caller(self) -> str:
        """The number as the network told it, empty if it did not."""
        return "" if self._caller in (None, *_NOT_TOLD) else str(self._caller)

    @property
    def due(self) -> bool:
        """Whether the call is to be told of now."""
        known = self.rings > 0 and self._caller is not None
        return not self._done and (known or self.rings >= RINGS)

    @property
    def missed(self) -> bool:
        """Whether it rang and nobody was told: a caller who gave up after one ring."""
        return not self._done and self.rings > 0

    def rang(self, count: int, now_s: float) -> None:
        """One burst, the ``count``-th since the line was last quiet."""
        if not self.rings and now_s - self._told_at_s > FRESH_S:
            self._caller = None
        self.rings = count

    def told(self, field: str, value: str, now_s: float) -> None:
        """A line of caller ID."""
        if field == "NMBR":
            self._caller, self._told_at_s = value.strip(), now_s

    def done(self) -> None:
        """The box knows of the call; further rings are the same one."""
        self._done = True

    def quiet(self) -> None:
        """The bell is silent for good, or the call was taken."""
        self.rings, self._caller, self._done = 0, None, False
