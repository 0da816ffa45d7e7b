"""A driver without hardware for the signalling tests: a simulated line on one side, the rules of ``dsp.line`` on the
other, and nothing between them but frames of 20 ms.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from board.sim.line import ChangeKind, FarEnd, Hook, LineSim
from dsp.line import answer, dialling, disconnect, seize
from dsp.line.answer import AnswerSettings
from dsp.line.country import line_country
from dsp.line.dialling import HookMove
from dsp.line.disconnect import DisconnectSettings
from dsp.line.ears import Heard, LineEars
from dsp.line.seize import SeizeSettings
from dsp.line.wires import Wires
from tests.unit.dsp.sounds import Pcm

NUMBER = "03023125100"
SILENT = np.zeros(160, np.int16)


def babble(seconds: float, seed: int = 1, rms: float = 2500.0) -> Pcm:
    """Noise with a voice's spectrum and the swell of syllables: like speech to a level meter, and free of licences."""
    rng = np.random.default_rng(seed)
    count = int(seconds * 8000)
    hz = np.fft.rfftfreq(count, 1 / 8000)
    colour = hz / (hz + 150) / (1 + (hz / 700) ** 2) + 0.3 * np.exp(-(((hz - 1800) / 400) ** 2))
    sound = np.fft.irfft(np.fft.rfft(rng.normal(size=count)) * colour, count)
    steps = np.arange(0, seconds + 1, 0.12)
    swell = np.interp(np.arange(count) / 8000, steps, np.abs(rng.normal(size=len(steps))) - 0.3)
    sound *= np.clip(swell, 0, None)
    return np.asarray(np.clip(sound * rms / np.std(sound), -32000, 32000), np.int16)


def line(country: str, far: FarEnd, **more: object) -> LineSim:
    """A line on which one number is ``far``'s."""
    return LineSim(country, {NUMBER: far}.get, **more)  # type: ignore[arg-type]


@dataclass
class Story:
    """One call out, as the rules saw it."""

    seized: seize.MayDial | seize.NoDialling | None = None
    answered: answer.Answered | answer.Refused | None = None
    ended: disconnect.Disconnected | None = None


@dataclass
class Rig:
    """One driver."""

    line: LineSim
    sound: list[Pcm] = field(default_factory=list)
    wires: list[Wires] = field(default_factory=list)
    metering: int = 0

    def __post_init__(self) -> None:
        self.ears = LineEars(self.line.country)

    def frame(self, tx: Pcm = SILENT, moves: Iterable[HookMove] = ()) -> tuple[Wires, list[Heard]]:
        for move in moves:
            self.line.set_hook(Hook.OFF if move.off_hook else Hook.ON, offset_ms=move.offset_ms)
        rx = self.line.frame(tx)
        self.metering += sum(one.kind is ChangeKind.METERING for one in self.line.changes())
        self.sound.append(rx)
        self.wires.append(look(self.line, self.metering))
        return self.wires[-1], self.ears.feed(rx)

    def call(
        self,
        answering: AnswerSettings | None = None,
        ending: DisconnectSettings | None = None,
        *,
        seizing: SeizeSettings | None = None,
        string: str = NUMBER,
        pulse: bool = False,
        limit_ms: int = 120_000,
    ) -> Story:
        """Seize, dial, wait for the answer and for the end."""
        story = Story()
        began_ms = self.line.state.at_ms
        self.line.set_hook(Hook.OFF)
        story.seized = self._seize(seizing or SeizeSettings(), began_ms)
        if not isinstance(story.seized, seize.MayDial):
            return story
        self.dial(string, pulse=pulse)
        story.answered = self._await_answer(answering or AnswerSettings())
        if isinstance(story.answered, answer.Answered):
            story.ended = self._await_end(ending or DisconnectSettings(), began_ms, limit_ms)
        return story

    def dial(self, string: str, *, pulse: bool = False) -> None:
        script = dialling.compiled(string, line_country(self.line.country), pulse=pulse)
        state = dialling.DialState()
        while state.part < len(script):
            state, frame = dialling.step(script, state)
            self.frame(frame.tx, frame.moves)

    def _seize(self, settings: SeizeSettings, began_ms: int) -> seize.MayDial | seize.NoDialling:
        state = seize.SeizeState(began_ms)
        while True:
            for heard in self.frame()[1]:
                state, said = seize.seize(settings, state, heard)
                if said:
                    return said

    def _await_answer(self, settings: AnswerSettings) -> answer.Answered | answer.Refused:
        state = answer.AnswerState(self.line.state.at_ms)
        while True:
            wires, all_heard = self.frame()
            state, said = answer.watch(settings, state, wires)
            for heard in all_heard:
                if not said:
                    state, said = answer.listen(settings, state, heard)
            if said:
                return said

    def _await_end(
        self, settings: DisconnectSettings, began_ms: int, limit_ms: int
    ) -> disconnect.Disconnected | None:
        state = disconnect.DisconnectState(self.line.state.at_ms, began_ms)
        until_ms = self.line.state.at_ms + limit_ms
        while self.line.state.at_ms < until_ms:
            wires, all_heard = self.frame()
            state, said = disconnect.watch(settings, state, wires)
            for heard in all_heard:
                if not said:
                    state, said = disconnect.listen(settings, state, heard)
            if said:
                return said
        return None


def look(sim: LineSim, metering: int = 0) -> Wires:
    """The wires as a chip would tell of them."""
    state = sim.state
    off_hook = state.hook is Hook.OFF
    wires = Wires.measured(state.at_ms, off_hook=off_hook, volts=state.volts, milliamps=state.milliamps)
    return replace(wires, ringing=state.ringing, metering=metering)
