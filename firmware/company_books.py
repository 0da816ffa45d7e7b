"""Who else took part in a call and what was done with it, written down: a part of ``books``."""

from __future__ import annotations

from firmware.calls.monitors import Monitor
from firmware.model import AttemptUid, HangupCause, NewParty, PartyResult, Side, TapeEnd, UserId
from firmware.store import attempts, parties, tapes
from firmware.store.store import Store


class CompanyBooks:
    """The part of the switchboard's ``Books`` that is about parties; in order with all the rest."""

    _store: Store

    def asked(self, party: NewParty, at: float) -> None:
        """Somebody is asked in."""
        self._store.post(lambda conn: parties.ask(conn, party, at))

    def party_answered(self, uid: str, at: float) -> None:
        """They are there."""
        self._store.post(lambda conn: parties.mark_answered(conn, uid, at))

    def party_handed(self, uid: str, at: float) -> None:
        """The customer is theirs."""
        self._store.post(lambda conn: parties.mark_handed(conn, uid, at))

    def party_ended(self, uid: str, result: PartyResult, at: float) -> None:
        """Their part is over."""
        self._store.post(lambda conn: parties.end(conn, uid, result, at))

    def handed_on(self, uid: AttemptUid, at: float) -> None:
        """What the attempt tells of ends here, so that its times are those of its agent; the rest is the others'."""
        self._store.post(
            lambda conn: attempts.mark_ended(conn, uid, HangupCause.NORMAL, Side.AGENT, None, at)
        )

    def monitoring_began(self, monitor: Monitor, at: float) -> None:
        """A supervisor hears from now on."""
        row = parties.MonitoringRow(
            monitor.supervisor,
            monitor.agent,
            monitor.attempt,
            monitor.kind,
            monitor.announced,
            at,
            None,
            None,
        )
        self._store.post(lambda conn: parties.begin_monitoring(conn, row))

    def monitoring_ended(self, supervisor: UserId, by: str, at: float) -> None:
        """And no more."""
        self._store.post(lambda conn: parties.end_monitoring(conn, supervisor, by, at))

    def tape_began(self, call: AttemptUid, file: str, at: float) -> None:
        """A piece of a call is being recorded."""
        self._store.post(lambda conn: tapes.began(conn, call, file, at))

    def tape_ended(self, file: str, why: TapeEnd, at: float) -> None:
        """And no more."""
        self._store.post(lambda conn: tapes.ended(conn, file, why, at))

    def step(self, attempt: AttemptUid, what: str, user: UserId | None, about: str, at: float) -> None:
        """Something was done with the call."""
        self._store.post(lambda conn: parties.note(conn, attempt, what, at, user, about))
