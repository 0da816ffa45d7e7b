"""What pages on reports, alerts, wallboards, mail and privacy ask of the store. A part of ``reports.Reports``."""

from __future__ import annotations

from firmware.store import activity_kinds
from firmware.store.activity import Period
from firmware.store.activity_kinds import TallyCell
from firmware.store.reading import Readers


class ViewReports:
    """Questions of these pages. Raises nothing but ``StoreUnavailable``."""

    _readers: Readers

    def waits(self, period: Period) -> list[TallyCell]:
        """How long people who answered waited for an agent."""
        with self._readers.read() as conn:
            return activity_kinds.waits(conn, period)

    def arrivals(self, period: Period) -> list[TallyCell]:
        """Calls that came in, and how long they waited."""
        with self._readers.read() as conn:
            return activity_kinds.arrivals(conn, period)

    def refusals(self, period: Period) -> list[TallyCell]:
        """Contacts that were due and not allowed, by rule."""
        with self._readers.read() as conn:
            return activity_kinds.refusals(conn, period)

    def promises(self, period: Period) -> list[TallyCell]:
        """What became of the callbacks promised for a period."""
        with self._readers.read() as conn:
            return activity_kinds.promises(conn, period)

    def confusion(self, period: Period) -> list[TallyCell]:
        """What the ears said against what people say."""
        with self._readers.read() as conn:
            return activity_kinds.confusion(conn, period)
