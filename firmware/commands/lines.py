"""What the box's analog lines are doing, and looking after them: ``line.list|test|learn|job|stop|accept|forget|flash``.

All take ``name``, the line's name, but ``line.list``. Times are UTC seconds; what is not known is ``null``. Refusals:
``line_unknown``, ``line_call_up`` (a call is up or rings), ``line_job_running``, ``line_not_there`` (no modem),
``line_emergency``, ``line_number_bad``, ``line_nothing_learnt``, ``line_wrong`` with a fault's own key.

``line.list`` -> a list of lines::

    {"name": "one", "trunk": "office", "port": "/dev/...", "country": "DE", "number": "+4930...",
     "state": "gone|starting|idle|ringing|seizing|waiting for dial tone|dialling|call progress|talking|releasing|...",
     "modem": "what it says of itself", "profile": "Conexant CX930xx", "format": "alaw", "duplex": true,
     "volts": 48.2, "volts_at": 1790000000.0, "milliamps": null, "reversed_at": null,
     "levels": {"heard": {"peak_db": -9.1, "rms_db": -24.0}, "said": {...}, "clipped": 0},
     "gain": {"heard_db": 0.0, "said_db": 0.0},
     "counters": {"heard": 0, "said": 0, "underruns": 0, "overruns": 0, ...},
     "rings": 0, "caller": "0302312...", "caller_raw": [["NMBR", "0302312..."], ["NAME", "..."]], "caller_at": null,
     "last": {"outcome": "far_end", "text": "busy", "at": ...} | null,
     "alarms": ["left_off_hook"],
     "habits": {"country": "DE", "proposals": [Proposal, ...], "learnt_at": ..., "learnt_by": "anna"} | null,
     "job": null | "test" | "learn",
     "wrong": {"key": "line_port_held", "figures": {...}}}

``line.test(name, loop="")`` starts a test and returns the job at once; ``loop`` names another line to be called for
the loopback (left out: none is called). ``line.learn(name, number, by="")`` calls ``number`` (a telephone somebody
holds in hand: answer, then hang up) and records 15 s from the moment the far end goes; nothing is changed.
``line.stop(name)`` ends either; ``line.job(name)`` -> the latest job, or ``null``::

    {"name": "one", "kind": "test|learn", "running": true, "step": "battery|dial_tone|noise|echo|keys|loopback|
     calling|talking|recording|", "begun_at": ..., "ended_at": null, "verdict": "good|warn|bad|" (empty: not over),
     "results": [{"test": "battery|dial_tone|noise|echo|keys|loopback", "figure": "dial_tone_level", "value": -13.2,
                  "unit": "V|mA|ms|Hz|dBm0|dB|keys|", "least": -25.0 | null, "most": -8.0 | null,
                  "verdict": "good|warn|bad|none" (none: this modem cannot measure it), "hint": "" | key}, ...],
     "proposals": [Proposal, ...],
     "failed": {"key": "" | "line_no_dial_tone" | ..., "figures": {}}}

    Proposal = {"method": "busy|congestion|dial_tone|cpc|reversal|silence", "confidence": "certain|likely|assumed",
                "at_ms": 1200, "hz": [425.0], "pattern_ms": [480, 480], "rounds": 6, "length_ms": 0}

``line.accept(name, proposals=[0, 2], by="")`` makes those of the latest learning (by their place) the line's habits,
``line.flash(name)`` opens the loop of a call that is up for a moment, as a recall key does -> ``flashed``.
``line.forget(name)`` drops them; both answer the line's ``habits``. A change of a job is published as a ``line_job``
event with the job as its data.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from firmware.clock import Clock
from firmware.commands.line_texts import refuse
from firmware.compliance.numbers import is_emergency, normalise
from firmware.config import Config
from firmware.control import Control
from firmware.hub import Hub
from firmware.model import OperatorError, Problem
from firmware.store import line_habits
from firmware.store.store import Store
from firmware.trunks._modem_dial import BadNumber, DialPlan
from firmware.typed import Length

if TYPE_CHECKING:
    from dsp.line.learn import Proposal
    from firmware.line_jobs import LineJob, Loop
    from firmware.trunks.lines import LinesMedia
    from firmware.trunks.modem import AnalogLine

_log = logging.getLogger(__name__)

_Name = Annotated[str, Length(1, 60)]


class LineCommands:
    """Of a box without lines: an empty list, and no line of any name; what jobs and habits need is not even read."""

    def __init__(
        self, lines: LinesMedia | None, config: Config, clock: Clock, store: Store, hub: Hub
    ) -> None:
        self._lines, self._config, self._clock, self._store, self._hub = lines, config, clock, store, hub
        self._jobs: dict[str, LineJob] = {}

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("line.list", self.every)
        for name in ("test", "learn", "job", "stop", "accept", "forget", "flash"):
            control.add(f"line.{name}", getattr(self, name))

    async def prepare(self) -> None:
        """What was learnt before is in force from the first call on."""
        if self._lines is None:
            return
        from firmware.line_habits import Habits, read

        known = await self._store.do(line_habits.every)
        for line in self._lines.lines():
            kept = known.get(line.settings.name)
            try:
                line.habits = (
                    None if kept is None else Habits(read(kept.proposals), kept.learnt_at, kept.learnt_by)
                )
            except (KeyError, TypeError, ValueError) as error:
                _log.warning("line %s: what was learnt of it cannot be read: %s", line.settings.name, error)

    # -- looking -----------------------------------------------------------------------------------------------

    async def every(self) -> Sequence[dict[str, Any]]:
        """Each line, as this module's docstring has it."""
        if self._lines is None:
            return []
        return [{**one.plain(), "job": self._kind_of_job(one.name)} for one in self._lines.status()]

    async def job(self, name: _Name) -> Mapping[str, Any] | None:
        """The latest job on a line."""
        self._line(name)
        found = self._jobs.get(name)
        return None if found is None else found.plain()

    def _kind_of_job(self, name: str) -> str | None:
        found = self._jobs.get(name)
        return found.kind if found is not None and found.running else None

    # -- doing -------------------------------------------------------------------------------------------------

    async def test(self, name: _Name, loop: Annotated[str, Length(0, 60)] = "") -> Mapping[str, Any]:
        """Begin a line test -> the job."""
        line = self._idle(name)
        other = self._other(line, loop) if loop else None
        return self._begun(name, lambda job: job.test(line.settings.country, other))

    async def learn(
        self, name: _Name, number: Annotated[str, Length(1, 40)], by: Annotated[str, Length(0, 200)] = ""
    ) -> Mapping[str, Any]:
        """Begin learning how the far end's hang-up shows -> the job."""
        del by
        line = self._idle(name)
        digits = self._digits(line, number)
        return self._begun(name, lambda job: job.learn(line.settings.call(), digits))

    async def stop(self, name: _Name) -> Mapping[str, Any]:
        """End a job -> ``stopped``: whether there was one."""
        self._line(name)
        found = self._jobs.get(name)
        running = found is not None and found.running
        if found is not None:
            found.stop()
        return {"stopped": running}

    async def flash(self, name: _Name) -> Mapping[str, Any]:
        """Flash the hook of a call that is up -> ``flashed``: whether there was one."""
        line = self._line(name)
        return {"flashed": line.leg is not None and line.flash(line.leg)}

    async def accept(
        self, name: _Name, proposals: Sequence[int], by: Annotated[str, Length(0, 200)] = ""
    ) -> Mapping[str, Any]:
        """Make proposals of the latest learning the line's habits -> the line's ``habits``."""
        from firmware.line_habits import Habits, plain

        line = self._line(name)
        job = self._jobs.get(name)
        offered: Sequence[Proposal] = job.proposals if job is not None and not job.running else ()
        chosen = [offered[each] for each in dict.fromkeys(proposals) if 0 <= each < len(offered)]
        if not chosen or len(chosen) != len(set(proposals)):
            raise refuse("proposals", "line_nothing_learnt", line=name)
        habits = Habits(tuple(chosen), self._clock.utc(), by)
        kept = line_habits.Kept([plain(one) for one in chosen], habits.learnt_at, by)
        await self._store.do(lambda conn: line_habits.keep(conn, name, kept))
        line.habits = habits
        return {"habits": habits.plain()}

    async def forget(self, name: _Name) -> Mapping[str, Any]:
        """Drop a line's habits."""
        line = self._line(name)

        await self._store.do(lambda conn: line_habits.forget(conn, name))
        line.habits = None
        return {"habits": None}

    # -- what is refused ---------------------------------------------------------------------------------------

    def _line(self, name: str) -> AnalogLine:
        found = next(
            (one for one in (self._lines.lines() if self._lines else ()) if one.settings.name == name), None
        )
        if found is None:
            raise refuse("name", "line_unknown", line=name)
        return found

    def _idle(self, name: str) -> AnalogLine:
        """A line that could be tested now."""
        line = self._line(name)
        job = self._jobs.get(name)
        if job is not None and job.running:
            raise refuse("name", "line_job_running", line=name)
        status = line.status()
        key, figures = status.wrong()
        if key:
            raise refuse(
                "name", "line_wrong", line=name, why=key, **{k: v for k, v in figures.items() if k != "line"}
            )
        if not line.up:
            raise refuse("name", "line_not_there", line=name)
        if not line.free:
            raise refuse("name", "line_call_up", line=name)
        return line

    def _other(self, line: AnalogLine, name: str) -> Loop:
        from firmware.line_jobs import Loop

        other = self._idle(name)
        if other is line:
            raise refuse("loop", "line_loop_itself", line=name)
        if not other.settings.number:
            raise refuse("loop", "line_number_unknown", line=name)
        return Loop(other, self._digits(line, other.settings.number))

    def _digits(self, line: AnalogLine, number: str) -> str:
        """What to dial; never an emergency number, however it is written."""
        country, outside = line.settings.country, line.settings.outside
        digits = "".join(each for each in number if each.isdigit())
        forms = {digits, digits.removeprefix(outside)} - {""}
        known = self._config.dialling.emergency
        if any(form in known or is_emergency(form, country) for form in forms):
            raise refuse("number", "line_emergency", text=number)
        found = normalise(number, country)
        if isinstance(found, Problem):
            raise OperatorError(Problem("number", found.key, found.text, found.figures))
        try:
            return DialPlan(country, outside).dialled(found)
        except BadNumber as error:
            raise refuse("number", "line_number_bad", text=number) from error

    def _begun(self, name: str, begin: Any) -> Mapping[str, Any]:
        from firmware.line_jobs import LineJob

        line = self._line(name)
        job = LineJob(name, line, self._clock.utc, self._clock.monotonic, self._changed)
        try:
            begin(job)
        except BadNumber as error:
            raise refuse("name", "line_call_up", line=name) from error
        self._jobs[name] = job
        self._changed(job)
        return job.plain()

    def _changed(self, job: LineJob) -> None:
        self._hub.publish("line_job", job.plain())
