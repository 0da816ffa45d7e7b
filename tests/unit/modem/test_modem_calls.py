"""The driver's engine against every simulated make and every fault, on a counted clock."""

from __future__ import annotations

import numpy as np
import pytest

from board.modem.companding import Encoding
from board.modem.dialogues import Dialling
from board.modem.engine import Settings
from board.modem.events import Answered, Caller, Ended, Failed, Outcome, Rang, Ready
from board.modem.sounds import Duplex
from board.modem.table import Input, State
from board.sim.line import Caller as LineCaller
from board.sim.line import FarEnd, IncomingCall, LineSim
from board.sim.line import Faults as LineFaults
from board.sim.modem_kinds import (
    COUNTRY_DELAY,
    CX930XX_2X,
    CX93010_2006,
    HALF_DUPLEX,
    KINDS,
    NO_CALLER_ID,
    NO_VOICE,
    USR5637,
    ZOOM3095,
    Faults,
)
from tests.unit.modem.bench import NUMBER, Bench, Ear

DUPLEX = [kind for kind in KINDS.values() if kind.duplex]
BY_MODEM = Settings(dialling=Dialling(by_modem=True))


@pytest.mark.parametrize("kind", DUPLEX, ids=lambda kind: kind.name)
@pytest.mark.parametrize("seed", [1, 2])
def test_a_whole_call(kind, seed):
    bench = Bench(kind, seed=seed).started()
    ear = Ear()
    bench.dial(ear)
    bench.reach(State.PROGRESS)
    assert bench.line.dialled == NUMBER
    assert bench.modem.off_hook
    bench.engine.hang_up(bench.now)
    bench.reach(State.IDLE)
    assert ear.states == [
        State.SEIZING, State.DIAL_TONE, State.DIALLING, State.PROGRESS, State.RELEASING, State.IDLE,
    ]  # fmt: skip
    assert bench.all(Ended) == [Ended(Outcome.HUNG_UP)]
    assert not bench.modem.off_hook
    bench.dial(Ear())  # and again: what the hang-up reset is set anew
    bench.reach(State.PROGRESS)


@pytest.mark.parametrize("kind", [USR5637, CX93010_2006, CX930XX_2X], ids=lambda kind: kind.name)
def test_a_modem_that_dials_by_itself(kind):
    bench = Bench(kind, settings=BY_MODEM).started()
    bench.dial(Ear())
    bench.reach(State.PROGRESS)
    assert bench.line.dialled == NUMBER


def test_what_the_modem_says_of_the_exchange_is_the_outcome():
    silent = LineSim("DE", faults=LineFaults(no_dial_tone=True))
    bench = Bench(line=silent, settings=BY_MODEM).started()
    bench.dial(Ear())
    bench.reach(State.RELEASING)
    bench.reach(State.IDLE)
    assert bench.ended is not None
    assert bench.ended.outcome is Outcome.NO_DIAL_TONE


def test_no_dial_tone_by_ear():
    bench = Bench(line=LineSim("DE", faults=LineFaults(no_dial_tone=True))).started()
    bench.dial(Ear())
    bench.reach(State.RELEASING)
    bench.reach(State.IDLE)
    assert bench.all(Ended) == [Ended(Outcome.NO_DIAL_TONE, "the line is silent: no dial tone")]
    assert not bench.modem.off_hook


def test_country_rules_are_outcomes_of_their_own_and_never_busy():
    bench = Bench(COUNTRY_DELAY, settings=BY_MODEM).started()
    outcomes = []
    for pause_s in (0, 5, 70, 70, 70):
        bench.events.clear()
        bench.run(pause_s)
        bench.dial(Ear())
        bench.run(60, lambda: bench.engine.state is State.PROGRESS or bench.ended is not None)
        bench.engine.hang_up(bench.now)
        bench.reach(State.IDLE)
        outcomes.append(bench.ended.outcome if bench.ended else None)
    assert outcomes == [
        Outcome.HUNG_UP, Outcome.DELAYED, Outcome.HUNG_UP, Outcome.HUNG_UP, Outcome.BLACKLISTED,
    ]  # fmt: skip


def test_dialled_by_our_own_tones_there_is_no_list():
    bench = Bench(COUNTRY_DELAY).started()
    for _ in range(4):
        bench.events.clear()
        bench.dial(Ear())
        bench.reach(State.PROGRESS)
        bench.engine.hang_up(bench.now)
        bench.reach(State.IDLE)
        assert bench.all(Ended) == [Ended(Outcome.HUNG_UP)]


def test_a_half_duplex_modem_is_found_out_once_and_never_seizes_the_line_again():
    bench = Bench(HALF_DUPLEX).started()
    bench.dial(Ear())
    bench.reach(State.RELEASING)
    bench.reach(State.IDLE)
    assert bench.ended is not None
    assert bench.ended.outcome is Outcome.HALF_DUPLEX
    assert [ready.identity.duplex for ready in bench.all(Ready)] == [True, False]
    seizures = bench.modem.commands.count("+VLS=1")
    bench.dial(Ear())
    assert bench.all(Ended)[-1].outcome is Outcome.HALF_DUPLEX
    bench.run(5)
    assert bench.modem.commands.count("+VLS=1") == seizures
    assert not bench.modem.off_hook


def test_a_modem_without_voice_says_so_with_the_way_out():
    bench = Bench(NO_VOICE).started()
    assert bench.engine.state is State.GONE
    (failed,) = bench.all(Failed)
    assert failed.fault.key == "line_no_voice"
    assert "voice modem" in failed.fault.text


def test_what_is_no_modem_says_so():
    bench = Bench(faults=Faults(deaf_to=frozenset({"E0", "Q0", "V1", "H0"}))).started()
    assert [failed.fault.key for failed in bench.all(Failed)] == ["line_no_modem"]


@pytest.mark.parametrize(
    "faults",
    [
        Faults(garbage=b"\x00\xff\x10\x03AT+\r\nRINGG\r\n\x00\x7f" * 9),
        Faults(numeric=True),
        Faults(slow_oks={"H0": 3.0, "+VLS=1": 2.0, "+FCLASS=8": 4.5}),
        Faults(lost_oks={"H0": 1, "+FCLASS=8": 1, "&D2": 1}),
        Faults(lost_oks={"+VLS=1": 1}),
        Faults(
            refused=frozenset({"+VGR=0", "+VGT=128", "+VIT=0", "+VCID=1", "+VSD=0,0", "-STE=7", "+GCI=42"})
        ),
        Faults(refused=frozenset({"I0", "+FMI?", "+FMM?"})),
    ],
    ids=["garbage", "numbers", "slow", "lost", "lost at seizure", "refused", "says little"],
)
def test_a_call_comes_about_in_spite_of(faults):
    bench = Bench(faults=faults).started()
    bench.dial(Ear())
    bench.reach(State.PROGRESS, 60)
    bench.engine.hang_up(bench.now)
    bench.reach(State.IDLE, 60)
    assert not bench.modem.off_hook
    assert bench.all(Ended) == [Ended(Outcome.HUNG_UP)]


def test_a_modem_that_is_known_by_nobody_is_treated_with_care():
    bench = Bench(faults=Faults(refused=frozenset({"I0", "I3", "+FMI?", "+FMM?"}))).started()
    assert bench.engine.identity is not None
    assert bench.engine.identity.profile == "unknown voice modem"
    assert bench.engine.identity.format.encoding is Encoding.ALAW
    bench.dial(Ear())
    bench.reach(State.PROGRESS)


def test_a_stream_that_stalls_ends_the_call_on_hook():
    bench = Bench(faults=Faults(stalls_after_s=8)).started()
    bench.dial(Ear())
    bench.reach(State.RELEASING, 60)
    bench.reach(State.IDLE, 60)
    assert bench.ended is not None
    assert bench.ended.outcome is Outcome.STREAM_LOST
    assert not bench.modem.off_hook


def test_a_modem_that_does_not_let_go_by_words_is_reset_by_dtr():
    bench = Bench(faults=Faults()).started()
    bench.dial(Ear())
    bench.reach(State.PROGRESS)
    object.__setattr__(bench.modem._faults, "deaf_to", frozenset({"H0"}))
    bench.engine.hang_up(bench.now)
    assert bench.run(60, lambda: bench.engine.reset_wanted)
    assert bench.modem.off_hook
    object.__setattr__(bench.modem._faults, "deaf_to", frozenset())
    bench.modem.dtr(up=False)
    bench.engine.opened(bench.now)
    bench.reach(State.IDLE, 60)
    assert bench.all(Ended) == [Ended(Outcome.HUNG_UP)]
    assert not bench.modem.off_hook


def test_what_a_killed_process_left_off_hook_is_hung_up_first():
    bench = Bench(ZOOM3095).started()
    bench.dial(Ear())
    bench.reach(State.PROGRESS)
    successor = Bench(ZOOM3095)
    successor.modem = bench.modem
    successor.engine.opened(successor.now)
    assert successor.run(5, lambda: not bench.modem.off_hook)
    successor.reach(State.IDLE)


@pytest.mark.parametrize("at", [State.SEIZING, State.DIAL_TONE, State.DIALLING, State.PROGRESS])
def test_hanging_up_at_any_moment_ends_on_hook(at):
    bench = Bench(seed=3).started()
    bench.dial(Ear())
    bench.reach(at)
    bench.engine.hang_up(bench.now)
    bench.reach(State.IDLE)
    assert bench.all(Ended) == [Ended(Outcome.HUNG_UP)]
    bench.run(3)
    assert not bench.modem.off_hook
    bench.dial(Ear())
    bench.reach(State.PROGRESS)


@pytest.mark.parametrize("at", [State.SEIZING, State.DIAL_TONE, State.PROGRESS, State.RELEASING])
def test_unplugged_at_any_moment_the_call_ends_once_and_the_line_is_gone(at):
    bench = Bench().started()
    bench.dial(Ear())
    if at is State.RELEASING:
        bench.reach(State.PROGRESS)
        bench.engine.hang_up(bench.now)
    bench.reach(at)
    bench.engine.unplugged(bench.now)
    assert bench.engine.state is State.GONE
    assert [ended.outcome for ended in bench.all(Ended)] == [Outcome.UNPLUGGED]
    bench.dial(Ear())
    assert bench.all(Ended)[-1].outcome is Outcome.LINE_GONE


def test_a_ring_is_counted_and_its_caller_told_but_not_answered():
    line = LineSim("DE", {NUMBER: FarEnd()}.get)
    bench = Bench(line=line).started()
    line.ring(IncomingCall(LineCaller("02312312501", "Probe GmbH"), gives_up_after=3))
    assert bench.run(40, lambda: len(bench.all(Rang)) == 3)
    assert bench.engine.state is State.RINGING
    assert [rang.count for rang in bench.all(Rang)] == [1, 2, 3]
    assert Caller("NMBR", "02312312501") in bench.events
    bench.reach(State.IDLE, 40)
    assert not bench.modem.off_hook


def test_a_modem_without_caller_id_still_rings():
    line = LineSim("DE")
    bench = Bench(NO_CALLER_ID, line=line).started()
    line.ring(IncomingCall(LineCaller("02312312501")))
    assert bench.run(20, lambda: bool(bench.all(Rang)))
    assert not bench.all(Caller)


def test_dialling_while_it_rings_is_glare_and_leaves_the_call_alone():
    line = LineSim("DE")
    bench = Bench(line=line).started()
    line.ring(IncomingCall())
    bench.reach(State.RINGING)
    bench.dial(Ear())
    assert bench.ended is not None
    assert bench.ended.outcome is Outcome.GLARE
    assert not bench.modem.off_hook


@pytest.mark.parametrize(
    "settings", [Settings(rest_s=0.0), Settings(dialling=Dialling(by_modem=True), rest_s=0.0)]
)
def test_a_ring_in_the_moment_of_seizing_is_glare(settings):
    line = LineSim("DE", {NUMBER: FarEnd()}.get)
    bench = Bench(line=line, settings=settings).started()
    line.ring(IncomingCall())
    bench.dial(Ear())
    bench.reach(State.RELEASING)
    bench.run(20, lambda: bench.ended is not None)
    assert bench.ended is not None
    assert bench.ended.outcome is Outcome.GLARE
    assert not bench.modem.off_hook


def test_a_word_of_the_modem_can_be_the_answer_and_keys_are_said_once():
    bench = Bench().started()
    ear = Ear()
    ear.on_word = {"reversal": Input.ANSWERED}
    bench.dial(ear)
    bench.reach(State.PROGRESS)
    voice = bench.modem.voice
    assert voice is not None
    voice.word_due("L")
    bench.reach(State.TALKING)
    assert bench.all(Answered) == [Answered()]
    for _ in range(4):
        voice._words += b"\x105"
        bench.run(0.06)
    assert ear.words.count("5") == 1


def test_the_far_end_is_heard_and_hears():
    hello = (3000 * np.sin(np.arange(16_000) / 3)).astype(np.int16)
    line = LineSim("DE", {NUMBER: FarEnd(rings=1, voice=hello)}.get)
    bench = Bench(line=line).started()
    sound = Duplex(60_000)
    bench.dial(Ear(), sound)
    bench.reach(State.PROGRESS)
    sound.heard.read(1 << 20)
    tone = (4000 * np.sin(np.arange(40_000) / 5)).astype(np.int16)
    bench.run(10)
    sound.said.write(tone.tobytes())
    bench.run(6)
    heard = np.frombuffer(sound.heard.read(1 << 20), np.int16)
    assert np.abs(heard.astype(int)).max() > 500
    assert np.abs(line.far_heard().astype(int)).max() > 500


def ringing(kind=CX930XX_2X, **more) -> Bench:
    line = LineSim("DE", {NUMBER: FarEnd()}.get)
    bench = Bench(kind, line=line, **more).started()
    hello = (3000 * np.sin(np.arange(16_000) / 3)).astype(np.int16)
    line.ring(IncomingCall(LineCaller("02312312501"), party=FarEnd(voice=hello, voice_repeats=True)))
    assert bench.run(20, lambda: bool(bench.all(Rang)))
    return bench


@pytest.mark.parametrize("kind", DUPLEX, ids=lambda kind: kind.name)
def test_a_call_that_rings_is_taken_heard_and_ended_on_hook(kind):
    bench = ringing(kind)
    ear, sound = Ear(), Duplex(60_000)
    bench.engine.answer(ear, sound, bench.now)
    bench.reach(State.TALKING)
    assert bench.all(Answered) == [Answered()]
    bench.run(3)
    heard = np.frombuffer(sound.heard.read(1 << 20), np.int16)
    assert np.abs(heard.astype(int)).max() > 500
    bench.engine.hang_up(bench.now)
    bench.reach(State.IDLE)
    assert ear.states == [State.ANSWERING, State.TALKING, State.RELEASING, State.IDLE]
    assert bench.all(Ended) == [Ended(Outcome.HUNG_UP)]
    assert not bench.modem.off_hook


def test_a_modem_that_knows_no_answer_command_takes_the_line():
    bench = ringing(faults=Faults(refused=frozenset({"A"})))
    bench.run(1.5)  # between two bursts
    bench.engine.answer(Ear(), Duplex(60_000), bench.now)
    bench.reach(State.TALKING)


def test_nobody_is_there_any_more_to_be_answered():
    bench = Bench().started()
    bench.engine.answer(Ear(), Duplex(60_000), bench.now)
    assert bench.all(Ended) == [Ended(Outcome.FAR_END, "nobody rings any more")]
    assert not bench.modem.off_hook


def test_a_caller_who_gives_up_in_the_moment_of_answering():
    bench = ringing(faults=Faults(refused=frozenset()))
    bench.modem._rang_ms = -100_000
    bench.engine.answer(Ear(), Duplex(60_000), bench.now)
    bench.run(20, lambda: bench.ended is not None)
    assert bench.ended == Ended(Outcome.FAR_END, "the caller has gone")
    assert not bench.modem.off_hook


@pytest.mark.parametrize("at", [State.ANSWERING, State.FLASHING])
@pytest.mark.parametrize("how", ["hang up", "unplug"])
def test_an_answered_call_ends_on_hook_from_anywhere(at, how):
    bench = ringing()
    bench.engine.answer(Ear(), Duplex(60_000), bench.now)
    if at is State.FLASHING:
        bench.reach(State.TALKING)
        bench.engine.flash(bench.now)
    bench.reach(at)
    if how == "unplug":
        bench.engine.unplugged(bench.now)
        assert [ended.outcome for ended in bench.all(Ended)] == [Outcome.UNPLUGGED]
        return
    bench.engine.hang_up(bench.now)
    bench.reach(State.IDLE)
    assert bench.all(Ended) == [Ended(Outcome.HUNG_UP)]
    bench.run(2)
    assert not bench.modem.off_hook


@pytest.mark.parametrize("kind", DUPLEX, ids=lambda kind: kind.name)
def test_a_flash_is_seen_by_the_exchange_and_the_call_goes_on(kind):
    bench = ringing(kind)
    sound = Duplex(60_000)
    bench.engine.answer(Ear(), sound, bench.now)
    bench.reach(State.TALKING)
    bench.run(1)
    bench.engine.flash(bench.now)
    bench.reach(State.FLASHING)
    bench.reach(State.TALKING)
    bench.run(0.5)
    assert "flash" in [seen.what for seen in bench.line.log]
    sound.heard.read(1 << 20)
    bench.run(2)
    heard = np.frombuffer(sound.heard.read(1 << 20), np.int16)
    assert np.abs(heard.astype(int)).max() > 500  # the exchange's own dial tone for a second call
    assert len(bench.all(Answered)) == 1
    assert bench.ended is None


def test_a_modem_that_cannot_flash_ends_the_call_and_says_so():
    bench = ringing(faults=Faults(refused=frozenset({"+VTS={!,10}", "+VTS=!"})))
    bench.engine.answer(Ear(), Duplex(60_000), bench.now)
    bench.reach(State.TALKING)
    bench.engine.flash(bench.now)
    bench.reach(State.IDLE)
    assert bench.ended is not None
    assert "cannot flash" in bench.ended.text
    assert not bench.modem.off_hook


def test_a_modem_dials_in_pulses():
    line = LineSim("DE", {NUMBER: FarEnd()}.get)
    pulses = Settings(dialling=Dialling(by_modem=True, pulse=True))
    bench = Bench(line=line, settings=pulses).started()
    bench.dial(Ear())
    bench.reach(State.PROGRESS, 60)
    assert line.dialled == NUMBER
    assert f"DP{NUMBER};" in bench.modem.commands
