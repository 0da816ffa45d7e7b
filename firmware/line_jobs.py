"""Tests and learning on a line, one job at a time and line: begun, followed, ended; the line is on-hook afterwards.

A job borrows a free line from whoever has it (``trunks.modem.AnalogLine`` in the service, ``PortLender`` on the command
line) and gives it back when the call has ended. What is heard is ``line_test``'s, ``line_learn``'s and ``line_loop``'s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from board.modem.driver import ModemLine
from board.modem.engine import Listener
from board.modem.engine import Settings as DriverSettings
from board.modem.events import Ended, Event, Failed, Moved, Outcome, Rang, Volts
from board.modem.sounds import Sound
from dsp.line.learn import Proposal
from dsp.line.supervision import CallSettings
from firmware.line_habits import plain
from firmware.line_learn import LineLearning
from firmware.line_loop import LoopCall
from firmware.line_results import Result, verdict
from firmware.line_test import QUIET_KEY, LineTest


class Caller(Protocol):
    """What a job needs of a driver: ``ModemLine``, ``trunks.modem.Driver``."""

    def dial(self, digits: str, listener: Listener, sound: Sound, *, measure: bool = False) -> None:
        """Call."""

    def answer(self, listener: Listener, sound: Sound) -> None:
        """Take the call that rings."""

    def hang_up(self) -> None:
        """End the call."""


class Lender(Protocol):
    """Who has a line: ``AnalogLine``."""

    def lend(self, told: Callable[[Event], None]) -> Caller:
        """Hand the line out; its events go to ``told``. Raises ``BadNumber`` where it is not free."""

    def give_back(self) -> None:
        """The job is over."""


FAILED = {
    Outcome.NO_DIAL_TONE: "line_no_dial_tone",
    Outcome.GLARE: "line_glare",
    Outcome.HALF_DUPLEX: "line_half_duplex",
    Outcome.UNPLUGGED: "line_unplugged",
    Outcome.LINE_GONE: "line_unplugged",
    Outcome.STREAM_LOST: "line_stream_lost",
    Outcome.MODEM_SILENT: "line_modem_silent",
    Outcome.DELAYED: "line_delayed",
    Outcome.BLACKLISTED: "line_blacklisted",
}
"""Keys of what ends a job before its time; every other end is the job's own."""


@dataclass(frozen=True, slots=True)
class Loop:
    """The other line of a loopback call, and how the first one dials it."""

    line: Lender
    digits: str


class LineJob:
    """One. ``utc`` tells the time of day, ``now`` never steps; ``changed`` is called whenever there is news."""

    def __init__(
        self,
        name: str,
        line: Lender,
        utc: Callable[[], float],
        now: Callable[[], float],
        changed: Callable[[LineJob], None],
    ) -> None:
        self.name, self.kind = name, ""
        self.begun_at = utc()
        self.ended_at: float | None = None
        self.results: list[Result] = []
        self.proposals: list[Proposal] = []
        self.failed = ""
        self._utc, self._now, self._changed, self._line = utc, now, changed, line
        self._driver: Caller | None = None
        self._work: LineTest | LineLearning | None = None
        self._loop: Loop | None = None
        self._meeting: LoopCall | None = None
        self._other: Caller | None = None
        self._country = ""
        self._stopped = False

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.ended_at is None

    @property
    def step(self) -> str:
        """What is being done now."""
        if not self.running:
            return ""
        return (
            self._meeting.step
            if self._meeting is not None
            else self._work.step
            if self._work is not None
            else ""
        )

    def plain(self) -> dict[str, Any]:
        """As ``firmware.commands.lines`` describes it."""
        return {
            "name": self.name, "kind": self.kind, "running": self.running, "step": self.step,
            "begun_at": self.begun_at, "ended_at": self.ended_at,
            "verdict": "" if self.running or self.kind != "test" else verdict(self.results),
            "results": [one.plain() for one in self.results],
            "proposals": [plain(one) for one in self.proposals],
            "failed": {"key": self.failed, "figures": {"line": self.name} if self.failed else {}},
        }  # fmt: skip

    # -- beginning ---------------------------------------------------------------------------------------------

    def test(self, country: str, loop: Loop | None = None) -> None:
        """Begin a line test. Raises ``BadNumber`` where the line is not free."""
        self.kind, self._country, self._loop = "test", country, loop
        self._driver = self._line.lend(self._told)
        self._work = work = LineTest(country)
        self._driver.dial(QUIET_KEY, work, work, measure=True)

    def learn(self, settings: CallSettings, digits: str) -> None:
        """Begin learning with a call to ``digits``. Raises ``BadNumber`` where the line is not free."""
        self.kind, self._country = "learn", settings.country
        self._driver = self._line.lend(self._told)
        self._work = work = LineLearning(settings)
        self._driver.dial(digits, work, work)

    def stop(self) -> None:
        """End it now; what is known so far stays."""
        if self.running:
            self._stopped = True
            for driver in (self._driver, self._other):
                if driver is not None:
                    driver.hang_up()

    # -- what the lines tell -----------------------------------------------------------------------------------

    def _told(self, event: Event) -> None:
        if not self.running:
            return
        if isinstance(event, Volts) and isinstance(self._work, LineTest):
            self._work.volts(event.off_hook, event.volts)
        elif isinstance(event, Ended):
            self._ended(event)
        elif isinstance(event, Failed):
            self.failed = event.fault.key
            self._finish()
        elif isinstance(event, Moved):
            self._changed(self)

    def _ended(self, event: Ended) -> None:
        self.failed = "line_stopped" if self._stopped else FAILED.get(event.outcome, "")
        if self._meeting is not None:
            self._loop_over()
            return
        work = self._work
        if isinstance(work, LineTest):
            self.results = list(work.results)
            if not self.failed and self._loop is not None:
                self._begin_loop(self._loop)
                return
        elif work is not None:
            self.proposals = list(work.proposals)
            self.failed = self.failed or work.failed
        self._finish()

    # -- the call to the other line ----------------------------------------------------------------------------

    def _begin_loop(self, loop: Loop) -> None:
        assert self._driver is not None
        self._meeting = LoopCall(self._country, self._now)
        self._other = loop.line.lend(self._told_of_other)
        self._driver.dial(loop.digits, self._meeting.caller, self._meeting.caller)
        self._changed(self)

    def _told_of_other(self, event: Event) -> None:
        meeting, other = self._meeting, self._other
        if meeting is None or other is None:
            return
        if isinstance(event, Rang) and meeting.rang_s is None:
            meeting.rang()
            other.answer(meeting.callee, meeting.callee)
        elif isinstance(event, Ended):
            meeting.over = True

    def _loop_over(self) -> None:
        assert self._meeting is not None
        if self._other is not None:
            self._other.hang_up()
        self.results += self._meeting.results()
        self.failed = self.failed or self._meeting.failed
        self._finish()

    def _finish(self) -> None:
        self.ended_at = self._utc()
        self._line.give_back()
        if self._loop is not None and self._other is not None:
            self._loop.line.give_back()
        self._changed(self)


class PortLender:
    """A line on a port of this machine that no service holds, for the command line."""

    def __init__(self, port: str, settings: DriverSettings, told: Callable[[Event], None]) -> None:
        """``told``: everything, a job or none."""
        self._job: Callable[[Event], None] | None = None
        self._tell = told
        self.driver = ModemLine(port, settings, self._told)

    def lend(self, told: Callable[[Event], None]) -> Caller:
        """The line is ours alone."""
        self._job = told
        return self.driver

    def give_back(self) -> None:
        """The job is over."""
        self._job = None

    def _told(self, event: Event) -> None:
        job = self._job
        if job is not None:
            job(event)
        self._tell(event)
