"""What pages on reports, alerts, wallboards, mail and privacy ask of the store. A part of ``reports.Reports``."""

from __future__ import annotations

from firmware.model import UserId
from firmware.store import activity_kinds, alerts, mail, views, walls
from firmware.store.activity import Period
from firmware.store.activity_kinds import TallyCell
from firmware.store.alerts import Alert, Receiver
from firmware.store.mail import Mail
from firmware.store.reading import Readers
from firmware.store.views import Schedule, View
from firmware.store.walls import Wall


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

    def report_views(self, user: UserId) -> list[View]:
        """Saved reports a user finds: the own ones and those that are shared."""
        with self._readers.read() as conn:
            return views.of_user(conn, user)

    def report_view_names(self) -> dict[int, str]:
        """What every saved report is called."""
        with self._readers.read() as conn:
            return dict(conn.execute("SELECT id, name FROM report_view"))

    def report_schedules(self) -> list[Schedule]:
        """Which reports are sent when, oldest first."""
        with self._readers.read() as conn:
            return views.schedules(conn)

    def mails(self, limit: int = 50) -> list[Mail]:
        """The newest messages, newest first."""
        with self._readers.read() as conn:
            return mail.latest(conn, limit)

    def open_alerts(self) -> list[Alert]:
        """What is wrong now, oldest first."""
        with self._readers.read() as conn:
            return alerts.open_now(conn)

    def past_alerts(self, limit: int = 100) -> list[Alert]:
        """What was wrong, newest first."""
        with self._readers.read() as conn:
            return alerts.over(conn, limit)

    def alert_receivers(self) -> list[Receiver]:
        """Who is told of alerts."""
        with self._readers.read() as conn:
            return alerts.receivers(conn)

    def walls(self) -> list[Wall]:
        """Wallboards in use, oldest first."""
        with self._readers.read() as conn:
            return walls.every(conn)

    def wall(self, token_hash: str) -> Wall | None:
        """The wallboard a secret opens."""
        with self._readers.read() as conn:
            return walls.by_hash(conn, token_hash)
