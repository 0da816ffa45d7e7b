"""A call from one line of the box to another: both ends as listeners and sounds, and what came through between them.

Each end says a probe in its turn and records; one end presses every key. The two lines' clocks differ, so passages are
timed by the one clock that is given. Figures are ``dsp.line.measure``'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from board.modem.companding import Samples
from board.modem.engine import Sign
from board.modem.table import Input, State
from dsp.line import measure
from dsp.line.seize import MayDial, NoDialling
from dsp.line.supervision import CallSettings, Stage, Supervision
from firmware.line_results import Result, results
from firmware.line_test import keys_sound

KEYS = "1234567890*#"
_RATE = 8000
_FIRST_S, _PROBE_S, _GAP_S, _SECOND_S, _END_S = 1.0, 2.0, 0.5, 8.0, 11.0
_KEYS_FROM_S = _FIRST_S + _PROBE_S + _GAP_S
_PATIENCE_S = 30.0


@dataclass(slots=True)
class _End:
    """One end's sound from the moment the call is up."""

    to_say: Samples = field(default_factory=lambda: np.zeros(0, np.int16))
    probe_at: int = 0
    said: int = 0
    set_out_s: float | None = None
    began_s: float | None = None
    heard: list[Samples] = field(default_factory=list)


class LoopCall:
    """What both ends share. ``caller`` and ``callee`` are their listeners and sounds."""

    def __init__(self, country: str, now: Callable[[], float]) -> None:
        self.step = "loopback"
        self.up = self.over = False
        self.failed = ""
        self.dialled_s: float | None = None
        self.rang_s: float | None = None
        self.country, self.now = country, now
        self.caller, self.callee = LoopCaller(self), LoopCallee(self)

    def rang(self) -> None:
        """The other line rings."""
        self.rang_s = self.rang_s or self.now()

    def results(self) -> list[Result]:
        """Both ways and the keys; of a call that did not come about, that it did not."""
        late = (
            None if self.dialled_s is None or self.rang_s is None else (self.rang_s - self.dialled_s) * 1000
        )
        figures = [measure.set_up(late)]
        if self.up:
            there, back = self.callee.end, self.caller.end
            figures += self._passage(back, there, 0.0, _SECOND_S)
            figures += self._passage(
                there, back, _KEYS_FROM_S + len(keys_sound(KEYS, self.country)) / _RATE, _END_S
            )
            keys = _piece(there, _KEYS_FROM_S - 0.3, _SECOND_S)
            figures.append(measure.keys(KEYS, measure.keys_heard(keys)))
        return results("loopback", figures)

    @staticmethod
    def _passage(sender: _End, receiver: _End, from_s: float, to_s: float) -> list[measure.Figure]:
        heard = _piece(receiver, from_s, to_s)
        began_ms = ((receiver.began_s or 0.0) + from_s) * 1000
        return measure.passage(measure.probe(_PROBE_S), heard, began_ms, (sender.set_out_s or 0.0) * 1000)


class _Party:
    """An end of the call: records while it is up, says its part in its turn."""

    def __init__(self, call: LoopCall) -> None:
        self.end = _End()
        self._shared = call

    def write(self, samples: bytes) -> int:
        """Heard on the line; ``heard`` takes it."""
        return len(samples) // 2

    def read(self, max_samples: int) -> bytes:
        """To be said on the line."""
        end = self.end
        if not self._shared.up:
            return b""
        piece = end.to_say[end.said : end.said + max_samples]
        if end.set_out_s is None and end.said <= end.probe_at < end.said + len(piece):
            end.set_out_s = self._shared.now() + (end.probe_at - end.said) / _RATE
        end.said += len(piece)
        return piece.tobytes()

    def hinted(self, word: str) -> Iterator[Sign]:
        """Nothing follows from a word."""
        del word
        yield from ()

    def _record(self, samples: Samples) -> None:
        if self.end.began_s is None:
            self.end.began_s = self._shared.now() - len(samples) / _RATE
        self.end.heard.append(samples)


class LoopCaller(_Party):
    """The end that dials."""

    def __init__(self, call: LoopCall) -> None:
        super().__init__(call)
        self._rules = Supervision(CallSettings(call.country), stage=Stage.OVER)
        self._waited = 0
        gap = np.zeros(round(_GAP_S * _RATE), np.int16)
        first = np.zeros(round(_FIRST_S * _RATE), np.int16)
        keys = keys_sound(KEYS, call.country)
        self.end.to_say = np.concatenate((first, measure.probe(_PROBE_S), gap, keys))
        self.end.probe_at = len(first)

    def moved(self, state: State) -> None:
        """The line stands elsewhere."""
        if state is State.DIAL_TONE:
            self._rules.enter(Stage.SEIZING)
        elif state is State.PROGRESS:
            self._rules.enter(Stage.OVER)
            self._shared.dialled_s = self._shared.now()

    def heard(self, samples: Samples) -> Iterator[Sign]:
        """Sound of the line."""
        call = self._shared
        if self._rules.stage is Stage.SEIZING:
            for event in self._rules.hear(samples):
                if isinstance(event, NoDialling):
                    call.failed = "line_no_dial_tone"
                    yield Sign(Input.NO_DIAL_TONE, event.reason.value)
                elif isinstance(event, MayDial):
                    yield Sign(Input.HEARD_DIAL_TONE)
        elif call.up:
            self._record(samples)
            if call.over:
                yield Sign(Input.FAR_END_GONE, "the loopback call is over")
        elif call.dialled_s is not None:
            self._waited += len(samples)
            if self._waited >= _PATIENCE_S * _RATE:
                call.failed = "line_loop_not_reached"
                yield Sign(Input.FAR_END_GONE, "the other line was not reached")


class LoopCallee(_Party):
    """The end that is called."""

    def __init__(self, call: LoopCall) -> None:
        super().__init__(call)
        quiet = np.zeros(round(_SECOND_S * _RATE), np.int16)
        self.end.to_say = np.concatenate((quiet, measure.probe(_PROBE_S)))
        self.end.probe_at = len(quiet)
        self._samples = 0

    def moved(self, state: State) -> None:
        """The line stands elsewhere."""
        if state is State.TALKING:
            self._shared.up = True

    def heard(self, samples: Samples) -> Iterator[Sign]:
        """Sound of the line."""
        self._record(samples)
        self._samples += len(samples)
        if self._samples >= _END_S * _RATE and not self._shared.over:
            self._shared.over = True
            yield Sign(Input.FAR_END_GONE, "the loopback call is over")


def _piece(end: _End, from_s: float, to_s: float) -> Samples:
    """So much of a recording."""
    whole = np.concatenate(end.heard) if end.heard else np.zeros(0, np.int16)
    return whole[max(0, round(from_s * _RATE)) : round(to_s * _RATE)]
