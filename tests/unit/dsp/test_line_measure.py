"""The figures of a line test against lines whose figures are known."""

from __future__ import annotations

import numpy as np
import pytest

from board.sim.line import (
    HYBRIDS,
    PROFILES,
    Channel,
    FarEnd,
    Faults,
    Hook,
    IncomingCall,
    LineSim,
    return_loss_db,
)
from board.sim.line.fsk import keys
from dsp.line.measure import (
    Figure,
    Mark,
    battery,
    dial_tone,
    echo_return,
    keys_heard,
    loopback,
    probe,
    quiet_line,
)
from tests.unit.dsp.line_rig import look
from tests.unit.dsp.sounds import Pcm


def off_hook(country: str = "DE", faults: Faults | None = None, **channel: object) -> LineSim:
    """A line just taken; silent, unless it is asked for its dial tone."""
    line = LineSim(country, faults=faults or Faults(no_dial_tone=True), channel=Channel(**channel))  # type: ignore[arg-type]
    line.set_hook(Hook.OFF)
    line.advance(100)
    return line


def named(figures: list[Figure]) -> dict[str, Figure]:
    return {one.name: one for one in figures}


@pytest.mark.parametrize("country", PROFILES)
def test_a_good_battery_passes(country: str) -> None:
    line = LineSim(country)
    on_hook = look(line)
    line.set_hook(Hook.OFF)
    line.advance(20)
    figures = battery(on_hook, look(line))
    assert [one.mark for one in figures] == [Mark.GOOD] * 3
    assert figures[0].value == PROFILES[country].battery_v


@pytest.mark.parametrize(
    ("faults", "mark"), [(Faults(battery_v=30.0), Mark.WARN), (Faults(dead=True), Mark.BAD)]
)
def test_a_bad_battery_does_not(faults: Faults, mark: Mark) -> None:
    line = LineSim("DE", faults=faults)
    assert battery(look(line), look(line))[0].mark is mark


@pytest.mark.parametrize("country", ["DE", "GB", "US", "FR", "IT"])
def test_a_dial_tone_is_timed_and_its_level_taken(country: str) -> None:
    line = LineSim(country)
    line.set_hook(Hook.OFF)
    figures = named(dial_tone(line.advance(5000), country))
    late = 400 if country == "IT" else 0  # a rhythm must be heard once
    assert figures["dial_tone_delay"].value == pytest.approx(220 + late, abs=250)
    both = 3.0 if country in ("GB", "US") else 0.0
    if country != "IT":
        assert figures["dial_tone_level"].value == pytest.approx(-16.0 + both, abs=0.7)
    assert figures["dial_tone_level"].mark is Mark.GOOD


def test_no_dial_tone_fails() -> None:
    figures = dial_tone(off_hook().advance(5000), "DE")
    assert [(one.value, one.mark) for one in figures] == [(None, Mark.BAD)] * 2


@pytest.mark.parametrize(("noise_dbm0", "mark"), [(-70.0, Mark.GOOD), (-52.0, Mark.WARN), (-40.0, Mark.BAD)])
def test_noise_is_measured(noise_dbm0: float, mark: Mark) -> None:
    figure = named(quiet_line(off_hook(noise_dbm0=noise_dbm0, codec="").advance(3000)))["noise"]
    assert figure.value == pytest.approx(noise_dbm0 + 10 * np.log10(3100 / 4000), abs=0.7)
    assert figure.mark is mark


@pytest.mark.parametrize("hz", [50.0, 60.0])
def test_hum_is_told_from_noise(hz: float) -> None:
    figures = named(quiet_line(off_hook(hum_dbm0=-40.0, hum_hz=hz).advance(3000)))
    assert figures["hum"].value == pytest.approx(-39.0, abs=1.0)
    assert (figures["hum"].mark, figures["noise"].mark) == (Mark.BAD, Mark.GOOD)


def test_a_tone_that_begins_meanwhile_is_no_echo() -> None:
    line = off_hook(hybrid=HYBRIDS["long"], echo_delay_ms=60)
    sent = probe(2.0)
    heard = line.advance(2000, sent)
    tone = 2000 * np.sin(2 * np.pi * 425 * np.arange(len(heard)) / 8000)
    tone[: len(heard) * 3 // 4] = 0
    alone, spoilt = (named(echo_return(sent, one)) for one in (heard, (heard + tone).astype(np.int16)))
    for name, figure in alone.items():
        assert spoilt[name].value == pytest.approx(figure.value, abs=1.5), name


@pytest.mark.parametrize("hybrid", ["good", "long", "wrong", "worst"])
def test_the_echo_return_loss_is_the_hybrids(hybrid: str) -> None:
    line = off_hook(hybrid=HYBRIDS[hybrid], echo_delay_ms=60)
    sent = probe(2.0)
    figures = named(echo_return(sent, line.advance(2000, sent)))
    loss = figures["echo_return_loss"]
    assert loss.value == pytest.approx(return_loss_db(HYBRIDS[hybrid]), abs=1.0)
    assert loss.mark is {"good": Mark.GOOD, "long": Mark.GOOD, "wrong": Mark.WARN, "worst": Mark.BAD}[hybrid]
    assert figures["echo_delay"].value == pytest.approx(62, abs=2)
    assert len([name for name in figures if name.startswith("echo_return_loss_")]) == 4


def test_a_call_that_comes_back_is_timed_and_weighed() -> None:
    class Mirror:
        def frame(self, heard: Pcm) -> Pcm:
            return heard

    line = LineSim("DE", channel=Channel(far_delay_ms=100, hybrid=HYBRIDS["good"]))
    line.ring(IncomingCall(party=FarEnd(talker=Mirror)))
    line.set_hook(Hook.OFF)
    line.advance(100)
    sent = probe(2.0)
    heard = line.advance(3000, sent)
    assert loopback(sent, np.zeros_like(heard))[0].mark is Mark.BAD
    figures = named(loopback(sent, heard))
    assert figures["round_trip"].value == pytest.approx(240, abs=25)
    assert figures["loop_gain"].value == pytest.approx(-6.0, abs=1.5)
    assert [one.mark for one in figures.values()] == [Mark.GOOD] * 2


def test_our_own_keys_come_back_through_the_hybrid() -> None:
    line = off_hook(hybrid=HYBRIDS["wrong"])
    assert (
        keys_heard(line.advance(2500, keys("0123456789*#", 80, 80, -9.0).astype(np.int16))) == "0123456789*#"
    )
    assert keys_heard(np.zeros(0, np.int16)) == ""
