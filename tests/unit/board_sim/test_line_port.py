"""The simulated line as a line card sees it: volts, current, frames, changes; every fault."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from board.sim.line import (
    HYBRIDS,
    PROFILES,
    Caller,
    Change,
    ChangeKind,
    Channel,
    FarEnd,
    Faults,
    HangUp,
    Hook,
    IncomingCall,
    LinePort,
    LineSim,
    Pace,
    Phase,
    Polarity,
    profile,
    return_loss_db,
)
from board.sim.line.fsk import keys
from board.sim.line.sim import tone

LOADED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""How long an example takes says more of the machine's load than of the code."""

SILENT = np.zeros(160, np.int16)
NUMBER = "03023125100"


def kinds(line: LineSim) -> list[ChangeKind]:
    return [one.kind for one in line.changes()]


def power_db(sound: np.ndarray[tuple[int], np.dtype[np.int16]]) -> float:
    return float(10 * np.log10(np.mean(sound.astype(np.float64) ** 2) / 32768**2 + 1e-12))


@pytest.mark.parametrize("country", PROFILES)
def test_volts_and_current_on_and_off_the_hook(country: str) -> None:
    line: LinePort = LineSim(country)
    assert 40 <= line.state.volts <= 60
    assert (line.state.milliamps, line.state.hook, line.country) == (0, Hook.ON, country)
    line.set_hook(Hook.OFF)
    line.frame(SILENT)
    assert 5 <= line.state.volts <= 12
    assert 15 <= line.state.milliamps <= 60
    assert (line.state.at_ms, line.state.polarity) == (20, Polarity.NORMAL)


def test_an_unknown_country_names_those_there_are() -> None:
    with pytest.raises(KeyError, match="there are DE, AT"):
        profile("XX")
    assert profile("uk").country == "GB"


@pytest.mark.parametrize("frame", [np.zeros(80, np.int16), np.zeros(160), np.zeros((1, 160), np.int16)])
def test_frames_of_another_kind_are_refused(frame: np.ndarray[tuple[int, ...], np.dtype[np.int16]]) -> None:
    with pytest.raises(ValueError, match="int16"):
        LineSim("DE").frame(frame)


@pytest.mark.parametrize("offset_ms", [-1, 20])
def test_the_hook_moves_within_a_frame(offset_ms: int) -> None:
    with pytest.raises(ValueError, match="0 to 19"):
        LineSim("DE").set_hook(Hook.OFF, offset_ms=offset_ms)


def test_on_hook_nobody_hears_us_and_we_hear_no_echo() -> None:
    line = LineSim("DE", channel=Channel(hybrid=HYBRIDS["worst"]))
    assert power_db(line.advance(1000, tone(-6.0))) < -55


@pytest.mark.parametrize("country", PROFILES)
def test_it_rings_in_the_countrys_rhythm(country: str) -> None:
    line = LineSim(country)
    assert line.ring(IncomingCall(gives_up_after=2))
    line.advance(sum(line.profile.ring_ms) * 2 + 1000)
    rings = [one for one in line.changes() if one.kind in (ChangeKind.RING_ON, ChangeKind.RING_OFF)]
    gaps = [later.at_ms - one.at_ms for one, later in pairwise(rings)]
    wanted = (line.profile.ring_ms * 2)[:-1]
    assert tuple(gaps[: len(wanted)]) == wanted
    assert line.phase is Phase.IDLE


def test_while_it_rings_the_state_says_so() -> None:
    line = LineSim("US")
    line.ring(IncomingCall())
    line.advance(500)
    assert (line.state.ringing, line.state.ring_hz, line.state.ring_vrms) == (True, 20.0, 86.0)
    line.advance(2000)
    assert (line.state.ringing, line.state.ring_hz) == (False, 0.0)
    assert line.state.volts == 48.0


def test_going_off_hook_trips_the_ring_and_answers() -> None:
    line = LineSim("DE")
    line.ring(IncomingCall(party=FarEnd(voice=tone(-10.0, ms=3000))))
    line.advance(300)
    line.set_hook(Hook.OFF)
    rx = line.advance(1000)
    assert (line.phase, line.state.ringing) == (Phase.TALKING, False)
    off = next(one for one in line.changes() if one.kind is ChangeKind.RING_OFF)
    assert 300 <= off.at_ms <= 400
    assert power_db(rx[-4000:]) > -30


def test_a_caller_who_gives_up_stops_the_ring() -> None:
    line = LineSim("DE")
    line.ring(IncomingCall())
    line.advance(500)
    line.far_hangs_up()
    line.advance(100)
    assert (line.phase, line.state.ringing) == (Phase.IDLE, False)


def test_a_british_line_reverses_before_it_rings_and_turns_back_afterwards() -> None:
    line = LineSim("GB")
    line.ring(IncomingCall(Caller("01632960123"), gives_up_after=1))
    line.advance(20)
    assert (line.state.polarity, line.state.volts) == (Polarity.REVERSED, -50.0)
    line.advance(8000)
    assert line.state.polarity is Polarity.NORMAL
    assert kinds(line).count(ChangeKind.REVERSAL) == 2


def test_a_second_call_is_refused_or_knocks() -> None:
    line = LineSim("DE", {NUMBER: FarEnd(rings=0, set_up_ms=0)}.get)
    line.ring(IncomingCall())
    line.advance(100)
    assert not line.ring(IncomingCall())
    line.set_hook(Hook.OFF)
    line.advance(1000)
    quiet = power_db(line.advance(1000))
    assert not line.ring(IncomingCall())
    assert power_db(line.advance(1000)) > quiet + 20
    assert [seen.what for seen in line.log][-1] == "waiting"


def test_dead_line() -> None:
    line = LineSim("DE", faults=Faults(dead=True))
    line.set_hook(Hook.OFF)
    rx = line.advance(2000)
    assert (line.state.volts, line.state.milliamps) == (0, 0)
    assert power_db(rx) < -55
    assert not line.ring(IncomingCall())


def test_a_line_cut_in_the_middle_of_a_call_loses_it() -> None:
    line = LineSim("DE")
    line.ring(IncomingCall(party=FarEnd(voice=tone(-10.0), voice_repeats=True)))
    line.set_hook(Hook.OFF)
    line.advance(1000)
    line.faults = Faults(dead=True)
    assert power_db(line.advance(100)) < -55
    assert (line.phase, line.state.milliamps) == (Phase.IDLE, 0)
    line.faults = Faults()
    line.set_hook(Hook.ON)
    line.advance(500)
    line.set_hook(Hook.OFF)
    line.advance(1000)
    assert line.phase is Phase.DIAL_TONE


def test_a_failing_battery() -> None:
    line = LineSim("DE", faults=Faults(battery_v=20.0))
    assert line.state.volts == 20.0
    line.set_hook(Hook.OFF)
    line.frame(SILENT)
    assert 5 < line.state.milliamps < 15


def test_no_dial_tone() -> None:
    line = LineSim("DE", faults=Faults(no_dial_tone=True))
    line.set_hook(Hook.OFF)
    assert power_db(line.advance(2000)) < -55


def test_hum_is_heard_at_the_mains_frequency() -> None:
    line = LineSim("DE", faults=Faults(hum_dbm0=-30.0, no_dial_tone=True))
    rx = line.advance(1000)
    strongest = int(np.abs(np.fft.rfft(rx)).argmax())
    assert (strongest, round(power_db(rx))) == (50, -35)


def test_crosstalk_is_somebody_elses_voice() -> None:
    line = LineSim("DE", faults=Faults(crosstalk=tone(-10.0), crosstalk_db=-35.0))
    assert int(np.abs(np.fft.rfft(line.advance(1000))).argmax()) == 1004


def test_a_relay_that_sticks_keeps_the_current_flowing() -> None:
    line = LineSim("DE")
    line.set_hook(Hook.OFF)
    line.advance(500)
    line.faults = Faults(stuck_off_hook=True)
    line.set_hook(Hook.ON)
    line.advance(500)
    assert line.state.hook is Hook.ON
    assert line.state.milliamps > 20
    assert line.phase is Phase.DIAL_TONE


def test_glare_connects_us_with_a_caller_instead_of_the_exchange() -> None:
    line = LineSim("DE", faults=Faults(glare=IncomingCall()))
    line.set_hook(Hook.OFF)
    line.advance(100)
    assert line.phase is Phase.TALKING
    assert "glare" in [seen.what for seen in line.log]


def test_another_telephone_on_the_wires() -> None:
    line = LineSim("DE")
    line.extension(off_hook=True)
    line.advance(100)
    assert 5 < line.state.volts < 12
    assert line.state.milliamps == 0
    line.set_hook(Hook.OFF)
    line.advance(100)
    alone = LineSim("DE")
    alone.set_hook(Hook.OFF)
    alone.advance(100)
    assert line.state.milliamps < alone.state.milliamps / 1.8
    line.extension(off_hook=False)
    assert kinds(line) == [ChangeKind.EXTENSION_OFF, ChangeKind.EXTENSION_ON]


def test_off_the_hook_for_too_long_the_exchange_gives_up() -> None:
    line = LineSim("DE")
    line.set_hook(Hook.OFF)
    line.advance(60_000)
    assert [seen.what for seen in line.log] == [Phase.DIAL_TONE, Phase.HOWLER, Phase.PARKED]


@pytest.mark.parametrize(("hybrid", "least_db", "most_db"), [
    ("good", 20, 25), ("long", 13, 18), ("us", 12, 16), ("wrong", 8, 12), ("bad", 8, 12), ("worst", 5, 8),
])  # fmt: skip
def test_our_voice_comes_back_by_the_hybrids_return_loss(
    hybrid: str, least_db: float, most_db: float
) -> None:
    assert least_db <= return_loss_db(HYBRIDS[hybrid]) <= most_db
    line = LineSim(
        "DE", faults=Faults(no_dial_tone=True), channel=Channel(hybrid=HYBRIDS[hybrid], noise_dbm0=-80)
    )
    line.set_hook(Hook.OFF)
    line.advance(100)
    noise = np.random.default_rng(1).normal(size=16_000) * 2000
    sent = noise.astype(np.int16)
    back = line.advance(2000, sent)
    assert least_db - 2 <= power_db(sent) - power_db(back) <= most_db + 2


def test_the_echo_comes_later_by_what_is_buffered() -> None:
    def first_ms(delay_ms: int) -> int:
        line = LineSim(
            "DE", faults=Faults(no_dial_tone=True), channel=Channel(noise_dbm0=-90, echo_delay_ms=delay_ms)
        )
        line.set_hook(Hook.OFF)
        line.advance(20)
        click = np.zeros(160, np.int16)
        click[0] = 30_000
        return int(np.abs(line.advance(400, click)).argmax()) // 8

    assert first_ms(60) - first_ms(0) == 60


def test_both_directions_carry_sound_with_their_delay() -> None:
    line = LineSim("DE", {"1": FarEnd(set_up_ms=0, rings=0, voice=tone(-10.0, 700), voice_after_ms=0)}.get,
                   channel=Channel(far_delay_ms=200))  # fmt: skip
    line.ring(IncomingCall(party=FarEnd(voice=tone(-10.0, 700), voice_after_ms=0)))
    line.set_hook(Hook.OFF)
    rx = line.advance(1000, tone(-10.0, 1500))
    heard = line.far_heard()
    assert power_db(rx[: 180 * 8]) < power_db(rx[260 * 8 :]) - 5
    assert power_db(heard[: 180 * 8]) < -55
    assert int(np.abs(np.fft.rfft(heard[-4000:])).argmax()) * 2 == 1500


ACTS = st.sampled_from(
    [
        "off",
        "on",
        "flash",
        "ring",
        "far",
        "extension",
        "no extension",
        "dead",
        "well",
        "stuck",
        "glare",
        "keys",
    ]
)


@settings(LOADED, max_examples=20)
@given(
    country=st.sampled_from(sorted(PROFILES)),
    moves=st.lists(st.tuples(ACTS, st.integers(20, 1500)), max_size=15),
)
def test_whatever_is_done_to_it_the_line_comes_to_rest(country: str, moves: list[tuple[str, int]]) -> None:
    line = LineSim(country, {"1": FarEnd(rings=0, set_up_ms=0, talk_ms=900, hang_up=HangUp.CPC)}.get)
    acts = {
        "off": lambda: line.set_hook(Hook.OFF),
        "on": lambda: line.set_hook(Hook.ON),
        "flash": lambda: (line.set_hook(Hook.ON, offset_ms=3), line.set_hook(Hook.OFF, offset_ms=19)),
        "ring": lambda: line.ring(IncomingCall(Caller("03023125101"), gives_up_after=1)),
        "far": lambda: line.far_hangs_up(HangUp.REVERSAL),
        "extension": lambda: line.extension(off_hook=True),
        "no extension": lambda: line.extension(off_hook=False),
        "dead": lambda: setattr(line, "faults", Faults(dead=True)),
        "well": lambda: setattr(line, "faults", Faults()),
        "stuck": lambda: setattr(line, "faults", Faults(stuck_off_hook=True)),
        "glare": lambda: setattr(line, "faults", Faults(glare=IncomingCall())),
        "keys": lambda: line.advance(400, keys("1").astype(np.int16)),
    }
    for act, ms in moves:
        acts[act]()
        line.advance(ms)
    line.faults = Faults()
    line.extension(off_hook=False)
    line.set_hook(Hook.ON)
    line.advance(9_000)
    state = line.state
    assert (line.phase, state.ringing, state.polarity) == (Phase.IDLE, False, Polarity.NORMAL)
    assert (state.volts, state.milliamps) == (line.profile.battery_v, 0)
    times = [one.at_ms for one in line.changes()]
    assert times == sorted(times)


def test_the_same_seed_gives_the_same_line() -> None:
    one, other = (LineSim("FR").advance(500) for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_changes_are_taken_once() -> None:
    line = LineSim("DE")
    line.ring(IncomingCall())
    line.advance(100)
    assert line.changes() == [Change(ChangeKind.RING_ON, 0)]
    assert line.changes() == []


def test_a_wall_clock_asks_for_frames_in_step_and_skips_what_is_too_late() -> None:
    now = [100.0]
    pace = Pace(lambda: now[0])
    assert (pace.due(), round(pace.until_next_s(), 3)) == (0, 0.02)
    now[0] += 0.05
    assert pace.due() == 2
    now[0] += 1.0
    assert (pace.due(), pace.skipped) == (10, 40)
    assert pace.due() == 0
