"""A line test as the listener and the sound of one call: dial tone, one key against it, silence, noise of ours, keys.

It runs in the thread of the line whatever drives that; ``line_jobs`` starts it and asks for its results. After the dial
tone one key is dialled (``QUIET_KEY``), which stops the tone and is no number of the public network, then nothing but
the keys A to D, which no exchange understands: a test calls nobody. Figures and limits are ``dsp.line.measure``'s.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from board.modem.companding import Samples
from board.modem.engine import Sign
from board.modem.table import Input, State
from dsp.line import measure
from dsp.line.country import line_country
from dsp.line.dialling import key_tone
from dsp.line.seize import MayDial, NoDialling
from dsp.line.supervision import CallSettings, Stage, Supervision
from dsp.line.wires import Wires
from firmware.line_results import Result, results

QUIET_KEY = "2"
KEYS = "ABCD"
_MS = 8
_SETTLE, _QUIET, _PROBE_S, _TAIL = 500 * _MS, 1500 * _MS, 2.0, 400 * _MS
_NONE = np.zeros(0, np.int16)


def keys_sound(keys: str, country: str) -> Samples:
    """Keys one after the other, each with its pause."""
    habits = line_country(country)
    pause = np.zeros(habits.key_ms[1] * _MS, np.int16)
    return np.concatenate([part for key in keys for part in (key_tone(key, habits), pause)])


class LineTest:
    """A ``Listener`` and a ``Sound`` at once."""

    def __init__(self, country: str) -> None:
        self.step = "dial_tone"
        self.results: list[Result] = []
        self._country = country
        self._call = Supervision(CallSettings(country), stage=Stage.OVER)
        self._heard: list[Samples] = []
        self._said: list[Samples] = []
        self._to_say = _NONE
        self._volts: dict[bool, float] = {}
        self._measured = False

    # -- what the line tells -----------------------------------------------------------------------------------

    def moved(self, state: State) -> None:
        """The line stands elsewhere."""
        if state is State.DIAL_TONE:
            self._call.enter(Stage.SEIZING)
        elif state is State.PROGRESS:
            self._heard, self._said = [], []
            sound = measure.probe(_PROBE_S)
            quiet = np.zeros(_SETTLE + _QUIET, np.int16)
            gap = np.zeros(_TAIL, np.int16)
            self._to_say = np.concatenate((quiet, sound, gap, keys_sound(KEYS, self._country), gap))
            self.step = "noise"

    def volts(self, off_hook: bool, volts: float) -> None:
        """The modem measured."""
        self._volts[off_hook] = volts

    def hinted(self, word: str) -> Iterator[Sign]:
        """Nothing follows from a word."""
        del word
        yield from ()

    def heard(self, samples: Samples) -> Iterator[Sign]:
        """Sound of the line."""
        self._heard.append(samples)
        for event in self._call.hear(samples) if self._call.stage is Stage.SEIZING else ():
            if isinstance(event, MayDial | NoDialling):
                found = measure.dial_tone(np.concatenate(self._heard), self._country)
                self.results += [*self._battery(), *results("dial_tone", found)]
                yield Sign(Input.HEARD_DIAL_TONE if isinstance(event, MayDial) else Input.NO_DIAL_TONE)
        if self.step in ("noise", "echo", "keys") and not self._measured:
            self.step = self._where()
            if not len(self._to_say):
                self._measured = True
                self._measure()
                yield Sign(Input.FAR_END_GONE, "the test is over")

    # -- sound -------------------------------------------------------------------------------------------------

    def write(self, samples: bytes) -> int:
        """Heard on the line; ``heard`` takes it."""
        return len(samples) // 2

    def read(self, max_samples: int) -> bytes:
        """To be said on the line."""
        piece, self._to_say = self._to_say[:max_samples], self._to_say[max_samples:]
        self._said.append(np.concatenate((piece, np.zeros(max_samples - len(piece), np.int16))))
        return piece.tobytes()

    # -- figures -----------------------------------------------------------------------------------------------

    def _where(self) -> str:
        keys = len(keys_sound(KEYS, self._country)) + _TAIL
        if len(self._to_say) <= keys:
            return "keys"
        return "echo" if len(self._to_say) <= keys + round(_PROBE_S * 8000) + _TAIL else "noise"

    def _battery(self) -> list[Result]:
        """What a modem can tell; none of them knows the current."""
        looks = [Wires(0, off, volts=self._volts.get(off)) for off in (False, True)]
        known = {one.name: one for one in measure.battery(*looks)}
        wanted = (("on_hook_volts", "V"), ("off_hook_volts", "V"), ("loop_milliamps", "mA"))
        return results(
            "battery", [known.get(name) or measure.unmeasured(name, unit) for name, unit in wanted]
        )

    def _measure(self) -> None:
        heard, said = np.concatenate(self._heard), np.concatenate(self._said)
        count = min(len(heard), len(said))
        heard, said = heard[:count], said[:count]
        begin = _SETTLE + _QUIET
        probe_end = begin + round(_PROBE_S * 8000) + _TAIL
        self.results += results("noise", measure.quiet_line(heard[_SETTLE:begin]))
        self.results += results("echo", measure.echo_return(said[begin:probe_end], heard[begin:probe_end]))
        came_back = measure.own_keys(KEYS, said[probe_end:], heard[probe_end:])
        self.results += results("keys", [measure.keys(KEYS, came_back)])
