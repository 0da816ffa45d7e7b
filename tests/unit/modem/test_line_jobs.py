"""Line tests and learning, whole, against simulated modems on simulated lines and a counted clock."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from board.modem.engine import Listener
from board.modem.events import Event
from board.modem.sounds import Sound
from board.modem.table import State
from board.sim.line import Channel, FarEnd, HangUp, LineSim
from board.sim.line import Faults as LineFaults
from board.sim.line import Outcome as FarOutcome
from board.sim.modem_kinds import CX930XX_2X, USR5637, Kind
from dsp.line.disconnect import DisconnectMethod
from dsp.line.supervision import CallSettings
from firmware.commands.line_texts import LINE_TEXTS
from firmware.line_habits import Habits, plain, read
from firmware.line_jobs import FAILED, LineJob
from firmware.line_results import HINTS
from firmware.trunks._modem_signs import LineListener
from tests.unit.modem.bench import NUMBER, Bench
from tests.unit.modem.test_line_listener import speech
from web_ui import line_words


class Lent:
    """A line on a bench, lent to jobs."""

    def __init__(self, kind: Kind = CX930XX_2X, far: FarEnd | None = None, **line: object) -> None:
        self.line = LineSim("DE", {NUMBER: far or FarEnd()}.get, **line)  # type: ignore[arg-type]
        self.bench = Bench(kind, line=self.line).started()
        self.told: Callable[[Event], None] | None = None
        events = self.bench.events
        self.bench.engine._tell = lambda event: (events.append(event), self.told and self.told(event))

    def lend(self, told: Callable[[Event], None]) -> Lent:
        self.told = told
        return self

    def give_back(self) -> None:
        self.told = None

    def dial(self, digits: str, listener: Listener, sound: Sound, *, measure: bool = False) -> None:
        self.bench.engine.dial(digits, listener, sound, self.bench.now, measure=measure)

    def answer(self, listener: Listener, sound: Sound) -> None:
        self.bench.engine.answer(listener, sound, self.bench.now)

    def hang_up(self) -> None:
        self.bench.engine.hang_up(self.bench.now)

    def job(self) -> LineJob:
        bench = self.bench
        return LineJob("one", self, lambda: 1_790_000_000.0 + bench.now, lambda: bench.now, lambda _: None)


def finished(lent: Lent) -> LineJob:
    job = lent.job()
    job.test("DE")
    assert lent.bench.run(60, lambda: not job.running)
    assert lent.told is None
    assert not lent.bench.modem.off_hook
    return job


def test_a_good_line_passes_and_nobody_was_called() -> None:
    lent = Lent()
    job = finished(lent)
    found = {one.figure: one for one in job.results}
    assert job.failed == ""
    assert job.plain()["verdict"] in ("good", "warn")
    assert found["on_hook_volts"].value == pytest.approx(60, abs=1)
    assert found["off_hook_volts"].value is not None
    assert found["loop_milliamps"].verdict == "none"
    assert found["dial_tone_pitch"].value == pytest.approx(425, abs=2)
    assert found["dial_tone_level"].verdict == "good"
    assert found["noise"].verdict == found["hum"].verdict == "good"
    assert found["echo_return_loss"].value is not None
    assert found["keys"].value == 4
    assert lent.line.dialled in ("2", "2ABCD")
    assert {seen.what for seen in lent.line.log}.isdisjoint({"ringback", "talking"})


def test_a_modem_that_measures_no_volts_says_so_and_the_rest_is_tested() -> None:
    found = {one.figure: one for one in finished(Lent(USR5637)).results}
    assert (found["on_hook_volts"].value, found["on_hook_volts"].verdict) == (None, "none")
    assert found["dial_tone_level"].verdict == "good"


@pytest.mark.parametrize(
    ("line", "figure", "hint"),
    [
        ({"channel": Channel(noise_dbm0=-38.0)}, "noise", "line_hint_noise"),
        ({"faults": LineFaults(battery_v=30.0)}, "on_hook_volts", "line_hint_battery"),
    ],
)
def test_what_is_wrong_is_named_with_a_way_out(line: dict[str, object], figure: str, hint: str) -> None:
    found = {one.figure: one for one in finished(Lent(**line)).results}  # type: ignore[arg-type]
    assert found[figure].verdict in ("warn", "bad")
    assert found[figure].hint == hint
    assert hint in HINTS


def test_a_line_without_a_dial_tone_fails_and_nothing_is_dialled() -> None:
    lent = Lent(faults=LineFaults(no_dial_tone=True))
    job = finished(lent)
    found = {one.figure: one for one in job.results}
    assert job.failed == "line_no_dial_tone"
    assert found["dial_tone_level"].hint == "line_hint_dial_tone"
    assert lent.line.dialled == ""


def test_a_job_that_is_stopped_leaves_the_line_on_hook() -> None:
    lent = Lent()
    job = lent.job()
    job.test("DE")
    lent.bench.reach(State.PROGRESS)
    job.stop()
    assert lent.bench.run(20, lambda: not job.running)
    assert job.failed == "line_stopped"
    assert not lent.bench.modem.off_hook


def test_a_modem_pulled_out_ends_the_job() -> None:
    lent = Lent()
    job = lent.job()
    job.test("DE")
    lent.bench.reach(State.PROGRESS)
    lent.bench.engine.unplugged(lent.bench.now)
    assert not job.running
    assert job.failed == "line_unplugged"


@pytest.mark.parametrize(
    ("how", "method"),
    [
        (HangUp.BUSY, DisconnectMethod.BUSY),
        (HangUp.CONGESTION, DisconnectMethod.CONGESTION),
        (HangUp.CPC, DisconnectMethod.CPC),
        (HangUp.REVERSAL, DisconnectMethod.REVERSAL),
        (HangUp.DIAL_TONE, DisconnectMethod.DIAL_TONE),
        (HangUp.SILENCE, DisconnectMethod.SILENCE),
    ],
)
def test_what_the_far_end_does_when_it_hangs_up_is_learnt(how: HangUp, method: DisconnectMethod) -> None:
    lent = Lent(far=FarEnd(rings=1, voice=speech(3), hangs_up_after_voice=True, hang_up=how))
    job = lent.job()
    job.learn(CallSettings("DE"), NUMBER)
    assert lent.bench.run(150, lambda: not job.running)
    assert job.failed == ""
    assert method in [one.method for one in job.proposals]
    assert not lent.bench.modem.off_hook
    assert read([plain(one) for one in job.proposals]) == tuple(job.proposals)
    settings = Habits(tuple(job.proposals), 0.0, "").applied(CallSettings("DE"))
    LineListener(settings, lambda: None)


def test_learning_from_a_number_that_is_busy_learns_nothing() -> None:
    lent = Lent(far=FarEnd(outcome=FarOutcome.BUSY))
    job = lent.job()
    job.learn(CallSettings("DE"), NUMBER)
    assert lent.bench.run(60, lambda: not job.running)
    assert (job.failed, job.proposals) == ("line_learn_not_answered", [])


def test_what_was_learnt_becomes_the_rules_of_a_call() -> None:
    stored = [
        {"method": "busy", "confidence": "likely", "at_ms": 0, "hz": [440.0], "pattern_ms": [320, 640],
         "rounds": 5, "length_ms": 0},
        {"method": "cpc", "confidence": "certain", "at_ms": 0, "hz": [], "pattern_ms": [], "rounds": 0,
         "length_ms": 80},
        {"method": "reversal", "confidence": "certain", "at_ms": 0, "hz": [], "pattern_ms": [], "rounds": 0,
         "length_ms": 0},
        {"method": "silence", "confidence": "assumed", "at_ms": 0, "hz": [], "pattern_ms": [], "rounds": 0,
         "length_ms": 9000},
    ]  # fmt: skip
    settings = Habits(read(stored), 0.0, "anna").applied(CallSettings("DE"))
    assert [one.pattern_ms for one in settings.own] == [(320, 640)]
    assert settings.disconnect.cpc_ms == 64
    assert settings.disconnect.reversal
    assert settings.disconnect.silence_ms == 20_000
    with pytest.raises((KeyError, ValueError)):
        read([{"method": "guessed"}])


def test_every_hint_and_failure_has_its_words_for_the_pages() -> None:
    assert set(HINTS) == set(line_words.HINTS)
    assert all(line_words.HINTS[key] == text for key, text in HINTS.items())
    assert {*FAILED.values(), "line_stopped", "line_learn_not_answered"} <= set(line_words.FAILED)
    assert set(LINE_TEXTS) == set(line_words.PROBLEMS)
