"""What the box's analog lines are doing, and looking after them: ``line.list|test|learn|job|stop|accept|forget``.

All take ``name``, the line's name, but ``line.list``. Times are UTC seconds; what is not known is ``null``. Refusals:
``line_unknown``, ``line_call_up`` (a call is up or rings), ``line_job_running``, ``line_not_there`` (no modem),
``emergency_number``, ``line_number_bad``, ``line_nothing_learnt``, ``line_wrong`` with a fault's own key.

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
``line.forget(name)`` drops them; both answer the line's ``habits``. A change of a job is published as a ``line_job``
event with the job as its data.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from firmware.control import Control
from firmware.trunks.lines import LinesMedia


class LineCommands:
    """Of a box without lines: an empty list."""

    def __init__(self, lines: LinesMedia | None) -> None:
        self._lines = lines

    def add_to(self, control: Control) -> None:
        """Answer this command."""
        control.add("line.list", self.every)

    async def every(self) -> Sequence[dict[str, Any]]:
        """Each line, as this module's docstring has it."""
        return [status.plain() for status in self._lines.status()] if self._lines is not None else []
