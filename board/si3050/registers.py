"""The Si3050's registers as far as they are used here: numbers, bits, and what each country wants in them.

What was found in working drivers and in excerpts of the datasheet. What is marked *unproven* below waits for the
datasheet or a bench (see ``board/README.md``): nothing decides about a call on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag

WRITE, READ = 0x20, 0x60
"""First byte of a frame: write is ``WRITE register value``, read ``READ register`` and one more byte clocked out."""
RESET = 0x80
AFTER_RESET = 0x03
"""What register 2 shows after a reset: the chip is there."""
LINE_SIDE_ON = 0x00
ALAW = 0x20
MULAW = 0x28
LVS_DEAD_VOLTS = 3
LOOP_MA_PER_BIT = 3.3
"""Register 12, bits 0-4."""
FINE_LOOP_MA_PER_BIT = 1.1
"""Register 28; *unproven* scale."""


class Reg(IntEnum):
    """Register numbers."""

    CONTROL_1 = 1
    CONTROL_2 = 2
    INTERRUPTS = 4
    DAA_1 = 5
    DAA_2 = 6
    LINE_ID = 11
    LINE_STATUS = 12
    LINE_REVISION = 13
    INTERNATIONAL_1 = 16
    INTERNATIONAL_3 = 18
    INTERNATIONAL_4 = 19
    DC_TERMINATION = 26
    LOOP_CURRENT = 28
    LINE_VOLTAGE = 29
    AC_TERMINATION = 30
    DAA_5 = 31
    PCM_MODE = 33
    TX_SLOT_LOW = 34
    TX_SLOT_HIGH = 35
    RX_SLOT_LOW = 36
    RX_SLOT_HIGH = 37
    TX_GAIN = 38
    RX_GAIN = 39
    TX_GAIN_TENTHS = 40
    RX_GAIN_TENTHS = 41


class Daa1(IntFlag):
    """Bits of ``DAA_1``."""

    OFF_HOOK = 0x01
    RING_HELD = 0x04
    ON_HOOK_MONITOR = 0x08
    RING_POSITIVE = 0x20
    RING_NEGATIVE = 0x40


class Interrupt(IntFlag):
    """Bits of ``INTERRUPTS``; cleared by writing zero."""

    POLARITY = 0x01
    RING = 0x80


FRAME_LINK_UP = 0x40
"""Bit 6 of ``LINE_STATUS``: both halves of the chip hear each other."""
LOOP_BITS = 0x1F
DROPPED_OUT, OVERLOADED = 0x02, 0x01
"""Bits of ``INTERNATIONAL_4``; *unproven* names, told and not acted upon."""
FULL_WAVE_RING = 0x02
"""Bit 1 of ``INTERNATIONAL_3``."""


@dataclass(frozen=True, slots=True)
class Country:
    """Registers 16, 26, 30 and 31: ring impedance and threshold, DC and AC termination, how the hook settles."""

    international: int
    dc: int
    ac: int
    daa_5: int


_TBR21 = Country(0x00, 0xC2, 0x02, 0x28)
COUNTRIES: dict[str, Country] = {
    "US": Country(0x01, 0xC0, 0x00, 0x20),
    "DE": Country(0x00, 0xC2, 0x03, 0x28),
    "AT": Country(0x00, 0xC2, 0x03, 0x28),
    **dict.fromkeys(("CH", "FR", "IT", "ES", "NL"), _TBR21),
    "GB": Country(0x00, 0xC2, 0x05, 0x28),
    "PL": Country(0x03, 0xC0, 0x00, 0x20),
}
ELSEWHERE = Country(0x00, 0xC2, 0x02, 0x20)
"""TBR 21, the common ground of European networks."""


def gain_codes(tenths_db: int) -> tuple[int, int]:
    """The two registers of a gain in tenths of a dB, -150 to 120: whole dB, then what is left.

    Bit 4 turns either into an attenuation. :raises ValueError: out of range
    """
    if not -150 <= tenths_db <= 120:
        raise ValueError(f"a gain is -15.0 to 12.0 dB, not {tenths_db / 10}")
    whole, rest = divmod(abs(tenths_db), 10)
    down = 0x10 if tenths_db < 0 else 0
    return (down | whole) if whole else 0, (down | rest) if rest else 0
