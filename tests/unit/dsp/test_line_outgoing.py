"""The rules put in order: one object that a driver turns 50 times a second, from off-hook to the end."""

from __future__ import annotations

import numpy as np
import pytest

from board.sim.line import FarEnd, Faults, HangUp, Hook, LineSim
from dsp.countries import Cadence
from dsp.line.answer import Answered, AnswerSettings, Refused
from dsp.line.dialling import HookMove
from dsp.line.disconnect import Disconnected, DisconnectMethod
from dsp.line.outgoing import Dialled, Event, OutgoingCall
from dsp.line.seize import MayDial, NoDialling, Refusal, SeizeSettings
from dsp.line.supervision import CallSettings, Ringing, Stage, Supervision
from tests.unit.dsp.line_rig import NUMBER, SILENT, babble, line, look

VOICE = babble(4)


def driven(sim: LineSim, settings: CallSettings, string: str = NUMBER, limit_ms: int = 90_000) -> list[Event]:
    """All that happened until it was over, then on-hook."""
    call = OutgoingCall(settings, string, sim.state.at_ms)
    events: list[Event] = []
    rx = SILENT
    while call.stage is not Stage.OVER and sim.state.at_ms < limit_ms:
        turn = call.turn(look(sim), rx)
        events += turn.events
        for move in turn.moves:
            sim.set_hook(Hook.OFF if move.off_hook else Hook.ON, offset_ms=move.offset_ms)
        rx = sim.frame(SILENT if turn.tx is None else turn.tx)
    sim.set_hook(Hook.ON)
    sim.advance(2000)
    return events


@pytest.mark.parametrize("after_ms", [0, 7_340])
@pytest.mark.parametrize(
    ("country", "pulse"), [("DE", False), ("DE", True), ("GB", False), ("US", False), ("IT", False)]
)
def test_a_whole_call_whenever_it_begins(country: str, pulse: bool, after_ms: int) -> None:
    sim = line(country, FarEnd(rings=1, voice=VOICE, talk_ms=5000))
    sim.advance(after_ms)
    events = driven(sim, CallSettings(country, pulse=pulse))
    assert [type(one) for one in events] == [MayDial, Dialled, Ringing, Answered, Disconnected]
    assert sim.dialled == NUMBER
    assert [one.at_ms for one in events] == sorted(one.at_ms for one in events)
    assert isinstance(events[0], MayDial)
    assert events[0].after_ms < 2000
    assert sim.state.milliamps == 0


def test_an_opened_loop_ends_it_at_once() -> None:
    events = driven(
        line("US", FarEnd(rings=1, voice=VOICE, talk_ms=5000, hang_up=HangUp.CPC)), CallSettings("US")
    )
    assert isinstance(events[-1], Disconnected)
    assert events[-1].method is DisconnectMethod.CPC


def test_a_busy_tone_that_only_this_line_has_ends_the_call() -> None:
    """An exchange in the office with a rhythm of no country, as learning finds it."""
    at = np.arange(320 * 8)
    burst = 3000 * np.sin(2 * np.pi * 440 * at / 8000)
    rhythm = np.concatenate((burst, np.zeros(640 * 8))).astype(np.int16)
    heard = np.concatenate((VOICE, np.tile(rhythm, 8)))
    own = (Cadence("line", "busy", (440.0,), (320, 640)),)
    ends = []
    for known in ((), own):
        call = Supervision(CallSettings("DE", own=known), stage=Stage.OVER)
        call.enter(Stage.UP)
        ends.append([one.method for one in call.hear(heard) if isinstance(one, Disconnected)])
    assert ends == [[], [DisconnectMethod.BUSY]]


def test_what_cannot_be_dialled_is_over_at_once() -> None:
    dead = driven(line("DE", FarEnd(), faults=Faults(dead=True)), CallSettings("DE"))
    assert [type(one) for one in dead] == [NoDialling]


def test_a_second_dial_tone_that_never_comes_is_the_end() -> None:
    sim = line("DE", FarEnd())
    settings = CallSettings("DE", seize=SeizeSettings(blind=True, wait_ms=100))
    sim.faults = Faults(no_dial_tone=True)
    events = driven(sim, settings, "0W1")
    assert events[-1] == NoDialling(events[-1].at_ms, Refusal.NO_DIAL_TONE)


def test_nobody_answers() -> None:
    sim = line("FR", FarEnd(rings=99))
    events = driven(sim, CallSettings("FR", answer=AnswerSettings(no_answer_ms=20_000)))
    assert isinstance(events[-1], Refused)
    assert events[-1].kind == "no_answer"


def test_a_strange_number_is_refused_before_the_line_is_touched() -> None:
    with pytest.raises(ValueError, match="dial string"):
        OutgoingCall(CallSettings("DE"), "tel:1", 0)


def test_the_first_turn_closes_the_loop_and_a_call_that_is_up_leaves_the_sound_alone() -> None:
    sim = line("DE", FarEnd())
    call = OutgoingCall(CallSettings("DE"), "1", 0)
    first = call.turn(look(sim), SILENT)
    assert first.moves == (HookMove(0, True),)
    assert first.tx is not None
    call._call.enter(Stage.UP)
    assert call.turn(look(sim), SILENT).tx is None
