"""The Si3050's driver against a model of its registers on a simulated line."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from board.si3050.chip import Chip, ChipTrouble, Look
from board.si3050.line import Line
from board.si3050.registers import COUNTRIES, Reg, gain_codes
from board.si3050.wires import LOOK_MS, Happened, Wires
from board.sim.line.far_end import FarEnd, HangUp, IncomingCall
from board.sim.line.messages import Caller
from board.sim.line.port import Samples
from board.sim.line.sim import Faults, LineSim
from board.sim.si3050 import ChipPcm, Si3050Sim

NUMBER = "03023125001"


class Bench:
    """A line on a chip on a simulated line; time moves only here."""

    def __init__(self, country: str = "DE", faults: frozenset[str] = frozenset(), **line: object) -> None:
        self.far = line.pop("far", None)
        self.sim = LineSim(country, {NUMBER: self.far or FarEnd(rings=1)}.get, **line)  # type: ignore[arg-type]
        self.model = Si3050Sim(self.sim, faults)
        self.chip = Chip(self.model, lambda wait_s: self.model.advance(round(wait_s * 1000)))
        self.heard: list[Samples] = []
        self.says: Callable[[int], Samples] = lambda count: np.zeros(count, np.int16)
        self.line = Line(self.chip, ChipPcm(self.model), self.heard.append, lambda count: self.says(count))

    def open(self, country: str = "DE", **how: int) -> Bench:
        self.line.open(country, **how)
        return self

    def run(self, ms: int) -> list[Happened]:
        told: list[Happened] = []
        for _ in range(ms // LOOK_MS):
            self.model.advance(LOOK_MS)
            told += self.line.tick()
        return told


# -- what cannot work -----------------------------------------------------------------------------------------


def test_without_a_clock_nothing_answers() -> None:
    bench = Bench()
    with pytest.raises(ChipTrouble) as trouble:
        bench.chip.bring_up("DE")
    assert trouble.value.key == "si3050_absent"
    assert "clock" in str(trouble.value)
    assert bench.model.written == []


@pytest.mark.parametrize(
    ("fault", "key"), [("absent", "si3050_absent"), ("no_line_side", "si3050_line_side")]
)
def test_a_chip_that_is_not_there_or_only_half_says_so(fault: str, key: str) -> None:
    with pytest.raises(ChipTrouble) as trouble:
        Bench(faults=frozenset({fault})).open()
    assert trouble.value.key == key


@pytest.mark.parametrize("tenths", [-151, 121])
def test_a_gain_out_of_range_is_refused(tenths: int) -> None:
    with pytest.raises(ValueError, match="gain"):
        gain_codes(tenths)


@pytest.mark.parametrize(
    ("tenths", "codes"),
    [(0, (0, 0)), (35, (3, 5)), (-35, (0x13, 0x15)), (-150, (0x1F, 0)), (120, (12, 0)), (-4, (0, 0x14))],
)  # fmt: skip
def test_gains_are_whole_decibels_and_tenths(tenths: int, codes: tuple[int, int]) -> None:
    assert gain_codes(tenths) == codes


# -- bring-up -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("country", [*COUNTRIES, "XX"])
def test_the_country_is_in_the_registers_before_the_line_side_is_on(country: str) -> None:
    bench = Bench().open(country)
    order = [register for register, _ in bench.model.written]
    assert order[0] == 1
    assert order.index(Reg.DC_TERMINATION) < order.index(Reg.DAA_2)
    assert bench.model.written[-2] == (5, 0x08)
    kept = dict(bench.model.written)
    wanted = COUNTRIES.get(country) or COUNTRIES["FR"]
    assert (kept[16], kept[26], kept[30]) == (wanted.international, wanted.dc, wanted.ac)


def test_gains_and_time_slot_are_set() -> None:
    bench = Bench().open(slot=16, rx_tenths_db=-35, tx_tenths_db=20)
    kept = dict(bench.model.written)
    assert (kept[34], kept[36], kept[33]) == (16, 16, 0x20)
    assert (kept[38], kept[39], kept[40], kept[41]) == (2, 0x13, 0, 0x15)


def test_it_knows_the_revision_of_its_line_side() -> None:
    bench = Bench().open()
    assert bench.chip.revision == 5


# -- the wires ------------------------------------------------------------------------------------------------


def test_volts_on_hook_and_current_off_hook() -> None:
    bench = Bench().open()
    bench.run(100)
    look = bench.line.wires.last
    assert look is not None
    assert 40 <= abs(look.volts) <= 60
    assert look.milliamps == 0
    bench.line.seize()
    bench.run(1000)
    look = bench.line.wires.last
    assert look is not None
    assert abs(look.volts) < 20
    assert 15 <= look.milliamps <= 60
    assert bench.chip.is_off_hook


def test_a_dead_line_is_told_once_and_its_return_too() -> None:
    bench = Bench().open()
    bench.run(200)
    bench.sim.faults = Faults(dead=True)
    assert bench.run(1000) == [Happened.BATTERY_LOST]
    bench.sim.faults = Faults()
    assert bench.run(1000) == [Happened.BATTERY_BACK]


def test_rings_are_counted_and_the_caller_gives_up() -> None:
    bench = Bench().open()
    bench.sim.ring(IncomingCall(gives_up_after=2))
    told = bench.run(24_000)
    assert told.count(Happened.RING) == 2
    assert told.count(Happened.RING_END) == 2
    assert told[-1] is Happened.RING_STOPPED
    assert Happened.REVERSAL not in told


@pytest.mark.parametrize("country", ["DE", "GB", "US", "FR"])
def test_caller_id_between_the_rings_is_heard_on_hook(country: str) -> None:
    bench = Bench(country).open(country)
    quiet = on_hook_tones(bench, IncomingCall(gives_up_after=3))
    told = on_hook_tones(Bench(country).open(country), IncomingCall(Caller(NUMBER), gives_up_after=3))
    assert not bench.line.off_hook
    assert told > 20 * max(quiet, 1.0)


def test_one_polarity_alone_is_a_lamp_and_no_ring() -> None:
    wires, told = Wires(), []
    for at_ms in range(0, 2000, LOOK_MS):
        told += wires.look(look(ring_positive=at_ms % 40 < 20), at_ms)
    assert told == []


def test_a_reversal_has_to_stay() -> None:
    wires, told = Wires(), []
    for at_ms in range(0, 1000, LOOK_MS):
        told += wires.look(look(volts=-48 if 200 <= at_ms < 240 or at_ms >= 600 else 48), at_ms)
    assert told == [Happened.REVERSAL]


def test_a_lost_link_is_told_once() -> None:
    wires = Wires()
    assert wires.look(look(link=False), 0) == [Happened.LINK_LOST]
    assert wires.look(look(link=False), 4) == []
    assert wires.look(look(), 8) == []


# -- calls ----------------------------------------------------------------------------------------------------


def test_the_exchange_opens_the_loop_when_the_far_end_has_gone() -> None:
    far = FarEnd(rings=1, talk_ms=2000, hang_up=HangUp.CPC)
    bench = Bench("US", far=far).open("US")
    dial(bench)
    assert Happened.LOOP_OPEN in bench.run(20_000)


def test_an_answer_may_be_a_reversal() -> None:
    bench = Bench(far=FarEnd(rings=1, answer_reversal=True)).open()
    dial(bench)
    assert Happened.REVERSAL in bench.run(12_000)


def test_the_first_moments_off_hook_are_no_open_loop() -> None:
    bench = Bench().open()
    bench.line.seize()
    assert bench.run(2000) == []


def test_a_flash_is_short_and_is_not_taken_for_the_far_end() -> None:
    bench = Bench().open()
    bench.line.seize()
    bench.run(1000)
    bench.line.flash(100)
    assert not bench.chip.is_off_hook
    assert bench.run(1500) == []
    assert bench.chip.is_off_hook


def test_sound_goes_both_ways() -> None:
    bench = Bench(far=FarEnd(rings=1)).open()
    bench.line.seize()
    bench.run(1000)
    loud = [block for block in bench.heard if np.abs(block.astype(int)).max() > 500]
    assert len(loud) > 20  # the dial tone
    dial(bench)
    assert bench.sim.dialled == NUMBER


def test_whatever_ends_it_the_line_is_on_hook_and_then_the_clock_stops() -> None:
    bench = Bench().open()
    bench.line.seize()
    bench.run(500)
    bench.line.close()
    assert bench.model.written[-1] == (5, 0x08)
    assert not bench.model.clock_runs


def test_a_highway_that_fails_is_counted_and_the_line_still_goes_on_hook() -> None:
    bench = Bench().open()

    class Dry(ChipPcm):
        def write(self, samples: Samples) -> bool:
            del samples
            return False

        def read(self) -> Samples | None:
            return None

    bench.line.pcm = Dry(bench.model)
    bench.line.seize()
    bench.run(200)
    assert bench.line.underruns == bench.line.overruns == 10
    bench.line.close()
    assert bench.model.written[-1] == (5, 0x08)


def look(
    volts: int = 48, ring_positive: bool = False, ring_negative: bool = False, link: bool = True
) -> Look:
    return Look(volts, 0.0, ring_positive, ring_negative, link, False, False, False)


def dial(bench: Bench) -> None:
    """Key the number in, as the box would, in the audio."""
    from board.modem.tones import dial_sounds

    if not bench.line.off_hook:
        bench.line.seize()
        bench.run(1000)
    left = list(dial_sounds(NUMBER))

    def says(count: int) -> Samples:
        block = left[:count]
        del left[:count]
        return np.array(block + [0] * (count - len(block)), np.int16)

    bench.says = says
    bench.run(3000)


def on_hook_tones(bench: Bench, call: IncomingCall) -> float:
    """How much is heard at the frequencies of caller ID (V.23 and Bell 202), on-hook, while it rings."""
    bench.sim.ring(call)
    bench.run(10_000)
    spectra = (np.abs(np.fft.rfft(block.astype(float))) for block in bench.heard)
    return max(float(power[[24, 26, 42, 44]].max()) for power in spectra)
