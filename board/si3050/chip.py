"""One Si3050 behind an SPI bus: bring-up, country, hook, gains, and what it measures. No thread, no sound, no clock.

The bus is anything with ``transfer``: ``periphery.SPI`` on a board, a model of the chip in tests. Each byte is a
transfer of its own, because chip select has to rise between bytes. The PCM clock must run before the first word:
without it the chip answers nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from board.si3050.registers import (
    AFTER_RESET,
    ALAW,
    COUNTRIES,
    DROPPED_OUT,
    ELSEWHERE,
    FINE_LOOP_MA_PER_BIT,
    FRAME_LINK_UP,
    FULL_WAVE_RING,
    LINE_SIDE_ON,
    LOOP_BITS,
    LOOP_MA_PER_BIT,
    OVERLOADED,
    READ,
    RESET,
    WRITE,
    Daa1,
    Interrupt,
    Reg,
    gain_codes,
)

RESET_S = 0.1
LINE_SIDE_S = 2.0
"""How long the line side may take to come up."""
_STEP_S = 0.01
MAX_HZ = 1_000_000
MODE = 3


class Bus(Protocol):
    """``periphery.SPI``, or a model."""

    def transfer(self, data: Sequence[int]) -> Sequence[int]:
        """Clock bytes out and the same number in."""


class ChipTrouble(Exception):
    """There is no line on this chip. ``key`` is stable; the text is the English sentence with the way out."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(text)
        self.key = key


@dataclass(frozen=True, slots=True)
class Look:
    """The line at one moment. ``volts`` is signed by polarity; below 3 V the chip shows 0."""

    volts: int
    milliamps: float
    ring_positive: bool
    ring_negative: bool
    link: bool
    reversed_since: bool
    """Polarity has changed since the last look."""
    dropped_out: bool
    overloaded: bool

    @property
    def battery(self) -> bool:
        """Whether the exchange feeds the line."""
        return self.volts != 0


class Chip:
    """Not thread-safe. ``sleep`` is the driver's, so that tests need not wait."""

    def __init__(self, bus: Bus, sleep: Callable[[float], None]) -> None:
        self._bus = bus
        self._sleep = sleep
        self.revision = 0
        """Of the line side, once it is up."""

    # -- words -------------------------------------------------------------------------------------------------

    def write(self, register: Reg, value: int) -> None:
        """Set a register."""
        for byte in (WRITE, register, value & 0xFF):
            self._bus.transfer([int(byte)])

    def read(self, register: Reg) -> int:
        """Look into a register."""
        for byte in (READ, int(register)):
            self._bus.transfer([byte])
        return int(self._bus.transfer([0xFF])[0])

    # -- bring-up ----------------------------------------------------------------------------------------------

    def bring_up(self, country: str, slot: int = 0, rx_tenths_db: int = 0, tx_tenths_db: int = 0) -> None:
        """Reset, find the line side, set the country, the time slot and the gains; on-hook at the end.

        :raises ChipTrouble: no chip answers, or its line side does not come up
        """
        self.write(Reg.CONTROL_1, RESET)
        self._sleep(RESET_S)
        if self.read(Reg.CONTROL_2) != AFTER_RESET:
            text = "No Si3050 answers. Check the SPI device, the reset line, and that the PCM clock runs."
            raise ChipTrouble("si3050_absent", text)
        self._set_country(country)
        self._set_slot(slot)
        self.write(Reg.DAA_2, LINE_SIDE_ON)
        self._await_line_side()
        self.write(Reg.INTERNATIONAL_3, FULL_WAVE_RING)
        self.set_gains(rx_tenths_db, tx_tenths_db)
        self.on_hook()
        self.write(Reg.INTERRUPTS, 0)

    def _set_country(self, country: str) -> None:
        found = COUNTRIES.get(country, ELSEWHERE)
        self.write(Reg.INTERNATIONAL_1, found.international)
        self.write(Reg.DC_TERMINATION, found.dc)
        self.write(Reg.AC_TERMINATION, found.ac)
        self.write(Reg.DAA_5, found.daa_5)

    def _set_slot(self, slot: int) -> None:
        for low, high in ((Reg.TX_SLOT_LOW, Reg.TX_SLOT_HIGH), (Reg.RX_SLOT_LOW, Reg.RX_SLOT_HIGH)):
            self.write(low, slot & 0xFF)
            self.write(high, slot >> 8)
        self.write(Reg.PCM_MODE, ALAW)

    def _await_line_side(self) -> None:
        for _ in range(round(LINE_SIDE_S / _STEP_S)):
            if self.read(Reg.LINE_ID) & 0xF0 and self.read(Reg.LINE_STATUS) & FRAME_LINK_UP:
                self.revision = (self.read(Reg.LINE_REVISION) >> 2) & 0xF
                return
            self._sleep(_STEP_S)
        text = "The line side of the Si3050 does not come up. Check the isolation capacitors and its supply."
        raise ChipTrouble("si3050_line_side", text)

    # -- hook, gain, caller ID ---------------------------------------------------------------------------------

    def off_hook(self) -> None:
        """Close the loop; the on-hook monitor has to let go first."""
        self.write(Reg.DAA_1, 0)
        self.write(Reg.DAA_1, Daa1.OFF_HOOK)

    def on_hook(self) -> None:
        """Open the loop and go on listening to the open wires, for caller ID."""
        self.write(Reg.DAA_1, Daa1.ON_HOOK_MONITOR)

    @property
    def is_off_hook(self) -> bool:
        """What the chip itself says."""
        return bool(self.read(Reg.DAA_1) & Daa1.OFF_HOOK)

    def set_gains(self, rx_tenths_db: int, tx_tenths_db: int) -> None:
        """Both directions, in tenths of a dB. :raises ValueError: out of range"""
        for tenths, whole, rest in (
            (rx_tenths_db, Reg.RX_GAIN, Reg.RX_GAIN_TENTHS),
            (tx_tenths_db, Reg.TX_GAIN, Reg.TX_GAIN_TENTHS),
        ):
            first, second = gain_codes(tenths)
            self.write(whole, first)
            self.write(rest, second)

    # -- measuring ---------------------------------------------------------------------------------------------

    def look(self) -> Look:
        """Everything at once; takes note of a change of polarity."""
        daa, status = self.read(Reg.DAA_1), self.read(Reg.LINE_STATUS)
        happened, health = self.read(Reg.INTERRUPTS), self.read(Reg.INTERNATIONAL_4)
        if happened:
            self.write(Reg.INTERRUPTS, 0)
        raw = self.read(Reg.LINE_VOLTAGE)
        return Look(
            raw - 256 if raw > 127 else raw,
            self._milliamps(status),
            bool(daa & Daa1.RING_POSITIVE),
            bool(daa & Daa1.RING_NEGATIVE),
            bool(status & FRAME_LINK_UP),
            bool(happened & Interrupt.POLARITY),
            bool(health & DROPPED_OUT),
            bool(health & OVERLOADED),
        )

    def _milliamps(self, status: int) -> float:
        fine = self.read(Reg.LOOP_CURRENT)
        return fine * FINE_LOOP_MA_PER_BIT if fine else (status & LOOP_BITS) * LOOP_MA_PER_BIT
