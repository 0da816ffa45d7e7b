"""Which pieces of a call are recorded: those in which exactly they talk whom its consent covers.

The office has switched recording on for a campaign or for calls that come in, and by that says it has and keeps the
consent of both sides: of the customer, towards the office, and of its own agents; or it lets agents record who have
asked. So a colleague who takes the customer
over is recorded on. While the customer cannot hear the agent (on hold, during a consultation) nobody is; nor while a
party from outside takes part, who has agreed to nothing. Each piece is a file of its own, ``UID.wav``, ``UID-2.wav``,
and a row that says from when to when and why it ended, shown with the call.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from firmware.calls.parties import Stage, Who
from firmware.calls.talk import Talk, Tape
from firmware.clock import Clock
from firmware.model import AttemptUid, LegId, PartyKind, TapeEnd
from firmware.trunks.base import Media

_TALKING = frozenset({Stage.TALK, Stage.ASIDE, Stage.CONFERENCE})
"""Customer and first hear each other."""


class TapeBooks(Protocol):
    """Where it is written down."""

    def tape_began(self, call: AttemptUid, file: str, at: float) -> None:
        """A piece begins."""

    def tape_ended(self, file: str, why: TapeEnd, at: float) -> None:
        """And is over."""


class Tapes:
    """The recordings under way."""

    def __init__(
        self,
        clock: Clock,
        media: Media,
        books: TapeBooks,
        folder: Path,
        room: Callable[[], bool],
        leg: Callable[[Talk, Who], LegId | None],
    ) -> None:
        """``room``: whether the disk has room; ``leg``: the leg of a party, if it has one."""
        self._clock = clock
        self._media = media
        self._books = books
        self._folder = folder
        self._room = room
        self._leg = leg

    def allow(self, live: Talk, *, always: bool, on_request: bool) -> Path | None:
        """The consent gate, passed once at the beginning: the first file, None where nothing is recorded.

        ``on_request``: an agent may begin, who has asked the customer.
        """
        live.recordable, live.records = always or on_request, always and self._room()
        return self._path(live, 1) if live.records else None

    def true_up(self, live: Talk) -> None:
        """Begin or end a piece, as who talks with whom now wants it."""
        why = self.obstacle(live) or (None if live.records else TapeEnd.ASKED)
        agent = None if why is not None else self._leg(live, Who.FIRST)
        if live.tape is not None and (live.tape.agent != agent or live.tape.customer != live.leg):
            self.stop(live, why or (TapeEnd.OVER if agent is None else TapeEnd.HANDED))
        if live.tape is None and agent is not None and self._room():
            self._begin(live, agent)

    def obstacle(self, live: Talk) -> TapeEnd | None:
        """Why nothing may be recorded at this moment; None: it may."""
        if not live.is_up:
            return TapeEnd.OVER
        if _outside(live):
            return TapeEnd.OUTSIDE
        if live.we_hold:
            return TapeEnd.HELD
        return None if live.parties.stage in _TALKING else TapeEnd.CONSULTED

    def stop(self, live: Talk, why: TapeEnd) -> None:
        """End the piece under way, if there is one."""
        tape, live.tape = live.tape, None
        if tape is not None:
            self._media.stop_recording(tape.customer)
            self._books.tape_ended(tape.file, why, self._clock.utc())

    def _begin(self, live: Talk, agent: LegId) -> None:
        live.tapes += 1
        path = self._path(live, live.tapes)
        live.tape = Tape(live.leg, agent, path.name)
        self._media.record(live.leg, agent, path)
        self._books.tape_began(live.uid, path.name, self._clock.utc())

    def _path(self, live: Talk, number: int) -> Path:
        return self._folder / (f"{live.uid}.wav" if number == 1 else f"{live.uid}-{number}.wav")


def _outside(live: Talk) -> bool:
    """Whether somebody from outside has the customer, or hears them."""
    first, other = live.first, live.other
    if first is not None and first.kind is PartyKind.DESTINATION:
        return True
    together = live.parties.stage is Stage.CONFERENCE
    return together and other is not None and other.kind is PartyKind.DESTINATION
