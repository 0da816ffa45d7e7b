"""What the ears learn late and what is left on machines, written down: a part of ``books``."""

from __future__ import annotations

from firmware.calls.live import GreetingEnd
from firmware.model import AttemptUid, MessageResult
from firmware.store import machines
from firmware.store.store import Store
from firmware.trunks.base import LegCorrected, LegHeard


class MachineBooks:
    """The part of the switchboard's ``Books`` that is about machines; in order with all the rest."""

    _store: Store

    def heard_early(self, uid: AttemptUid, verdict: LegHeard, at: float) -> None:
        """What was heard before the answer; its time is the attempt's ringing."""
        del at
        self._store.post(lambda conn: machines.mark_early(conn, uid, verdict.cause))

    def corrected(self, uid: AttemptUid, verdict: LegCorrected, at: float) -> None:
        """The verdict was wrong; it is kept beside the first."""
        self._store.post(
            lambda conn: machines.mark_corrected(
                conn, uid, verdict.label, verdict.confidence, verdict.cause, verdict.figures, at
            )
        )

    def audited(self, uid: AttemptUid) -> None:
        """Judged a machine, and an agent is to hear it all the same."""
        self._store.post(lambda conn: machines.mark_audited(conn, uid))

    def message_began(self, uid: AttemptUid, ended: GreetingEnd | None, at: float) -> None:
        """The message is being spoken."""
        after, ready_at = ("", None) if ended is None else (ended.cause, ended.at)
        self._store.post(lambda conn: machines.begin_message(conn, uid, after, ready_at, at))

    def message(self, uid: AttemptUid, result: MessageResult, at: float) -> None:
        """What became of it."""
        self._store.post(lambda conn: machines.end_message(conn, uid, result, at))
