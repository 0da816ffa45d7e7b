"""Runs one dialogue at a time: sends what it yields, gives it what came back, and knows when nothing will.

The clock is ``now`` in every call. Which dialogue is run, and what its end means, is the engine's.
"""

from __future__ import annotations

from collections.abc import Callable

from board.modem.answers import Result, Text
from board.modem.dialogues import Ask, Dialogue, Refused, Reply, Say, Step
from board.modem.events import Identity
from board.modem.wire import Wire


class Conversation:
    """``over`` is called once for every dialogue begun and not closed, ``refused`` in its place where one broke off."""

    def __init__(
        self,
        send: Callable[[bytes], None],
        over: Callable[[Identity | None], None],
        refused: Callable[[Refused], None],
    ) -> None:
        self.wire = Wire()
        self._send, self._over, self._refused = send, over, refused
        self._dialogue: Dialogue | None = None
        self._step: Step | None = None
        self._until = float("inf")
        self._lines: list[str] = []
        self._tries = 0
        self._now = 0.0
        self._takes_ok = False

    @property
    def busy(self) -> bool:
        """Whether a dialogue is under way."""
        return self._dialogue is not None

    def begin(self, dialogue: Dialogue, now: float, *, takes_ok: bool = False) -> None:
        """Run ``dialogue``. ``takes_ok``: an OK ends what is merely said; else it is waited out like anything."""
        self._now, self._dialogue, self._step, self._takes_ok = now, dialogue, None, takes_ok
        self._until = float("inf")
        self._resume(None)

    def close(self) -> bool:
        """Break off without a word; whether there was anything to break off."""
        running, self._dialogue = self._dialogue, None
        self._step, self._until = None, float("inf")
        if running is not None:
            running.close()
        return running is not None

    def result(self, result: Result, now: float) -> None:
        """A result code came. It belongs to the step under way, or to nothing."""
        self._now = now
        said = isinstance(self._step, Say) and self._takes_ok and result is Result.OK
        if isinstance(self._step, Ask) or said:
            self.wire.numeric = self.wire.numeric and result is not Result.OK
            self._resume(Reply(result, tuple(self._lines)))

    def text(self, text: Text) -> None:
        """Information came; an echo of the command is none."""
        if isinstance(self._step, Ask) and text.text != f"AT{self._step.command}":
            self._lines.append(text.text)

    def turn(self, now: float) -> None:
        """Time has passed."""
        self._now = now
        waiting = self._step
        if now < self._until or waiting is None:
            return
        self._until = float("inf")
        if isinstance(waiting, Ask) and self._tries < waiting.tries:
            self._begin(waiting)
            return
        self.wire.leaving = False
        if isinstance(waiting, Say) and not self._takes_ok:
            self.wire.leave_voice()
        self._resume(Reply(None, tuple(self._lines)))

    def _resume(self, reply: Reply | None) -> None:
        assert self._dialogue is not None
        self._until = float("inf")
        try:
            following = next(self._dialogue) if reply is None else self._dialogue.send(reply)
        except StopIteration as end:
            self._dialogue = self._step = None
            self._over(end.value)
        except Refused as refused:
            self._dialogue = self._step = None
            self._refused(refused)
        else:
            self._tries = 0
            self._begin(following)

    def _begin(self, following: Step) -> None:
        self._step, self._lines = following, []
        if isinstance(following, Ask):
            self._tries += 1
            self._send(f"AT{following.command}\r".encode("ascii"))
            self._until = self._now + following.timeout_s
            return
        if isinstance(following, Say):
            self._send(following.raw)
            self.wire.leaving = self.wire.voice
        self._until = self._now + following.wait_s
