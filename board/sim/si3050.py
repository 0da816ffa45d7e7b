"""A Si3050 with its line side, at the level of its registers, on a simulated line: the other end of ``periphery.SPI``.

Written from the register description alone, a second time and on purpose: it shares no constant with the driver. Bytes
come one by one, each with its own chip select. Without a running PCM clock nothing is answered and nothing is kept.
``advance`` lets line time pass in steps of 1 ms; sound moves in frames of 20 ms through ``ChipPcm``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from board.sim.line.port import FRAME_MS, FRAME_SAMPLES, Electrical, Hook, LinePort, Polarity, Samples

_NEW = {2: 0x03, 5: 0x00, 6: 0x10, 24: 0x19, 31: 0x20}
_READ_ONLY = {11, 12, 13, 28, 29}
_LINE_SIDE_MS = 300
_RING_HELD_MS = 5000
_SILENT = np.zeros(FRAME_SAMPLES, np.int16)


class Si3050Sim:
    """One chip. ``port`` is its pair of wires; ``faults``: ``absent`` (nothing answers), ``no_line_side``."""

    def __init__(self, port: LinePort, faults: frozenset[str] = frozenset()) -> None:
        self.port, self.faults = port, faults
        self.clock_runs = False
        self.at_ms = 0
        self.written: list[tuple[int, int]] = []
        """Every write the chip took, for tests."""
        self._registers: dict[int, int] = dict(_NEW)
        self._bytes: list[int] = []
        self._line_side_at: int | None = None
        self._rang_at = -_RING_HELD_MS
        self._polarity = port.state.polarity
        self._to_line: deque[Samples] = deque()
        self.from_line: deque[Samples] = deque()

    # -- the bus -----------------------------------------------------------------------------------------------

    def transfer(self, data: Sequence[int]) -> list[int]:
        """As ``periphery.SPI``."""
        return [self._byte(byte) for byte in data]

    def _byte(self, byte: int) -> int:
        if not self.clock_runs or "absent" in self.faults:
            self._bytes.clear()
            return 0xFF
        self._bytes.append(byte)
        if self._bytes[0] not in (0x20, 0x60):
            self._bytes.clear()
        if len(self._bytes) < 3:
            return 0xFF
        command, register, value = self._bytes
        self._bytes.clear()
        if command == 0x60:
            return self._read(register)
        self._write(register, value)
        return 0xFF

    def _write(self, register: int, value: int) -> None:
        self.written.append((register, value))
        if register == 1 and value & 0x80:
            self._registers = dict(_NEW)
            self._line_side_at = None
            self.port.set_hook(Hook.ON)
            return
        if register in _READ_ONLY:
            return
        if register == 4:
            self._registers[4] = self._registers.get(4, 0) & value
            return
        if register == 5:
            value &= 0x0B
            self.port.set_hook(Hook.OFF if value & 1 else Hook.ON)
        if register == 6 and not value & 0x10 and self._line_side_at is None:
            self._line_side_at = self.at_ms
        self._registers[register] = value

    def _read(self, register: int) -> int:
        up, state = self._line_side_up, self.port.state
        if register == 5:
            return self._registers.get(5, 0) | self._ring_bits(state)
        if register == 11:
            return 0x30 if up else 0x00
        if register == 12:
            return (0x40 | min(31, round(abs(state.milliamps) / 3.3))) if up else 0
        if register == 13:
            return 0x40 | (5 << 2)
        if register == 28:
            return min(255, round(abs(state.milliamps) / 1.1)) if up else 0
        if register == 29:
            return self._volts(state) & 0xFF if up else 0
        return self._registers.get(register, 0)

    @property
    def _line_side_up(self) -> bool:
        started = self._line_side_at
        return (
            started is not None
            and "no_line_side" not in self.faults
            and self.at_ms - started >= _LINE_SIDE_MS
        )

    def _volts(self, state: Electrical) -> int:
        volts = round(state.volts)
        small = abs(volts) < 3 and not self._registers.get(31, 0) & 1
        return 0 if small else max(-128, min(127, volts))

    def _ring_bits(self, state: Electrical) -> int:
        bits = 0x04 if self.at_ms - self._rang_at < _RING_HELD_MS else 0
        if state.ringing and state.ring_hz:
            half_ms = 500 / state.ring_hz
            bits |= 0x20 if int(self.at_ms / half_ms) % 2 else 0x40
        return bits

    # -- time --------------------------------------------------------------------------------------------------

    def advance(self, ms: int) -> None:
        """Let line time pass."""
        for _ in range(ms):
            self.at_ms += 1
            if self.at_ms % FRAME_MS == 0:
                self._frame()

    def _frame(self) -> None:
        said = self._to_line.popleft() if self._to_line else _SILENT
        heard = self.port.frame(said)
        monitored = self._registers.get(5, 0) & 0x09
        if self.clock_runs:
            self.from_line.append(heard if monitored else _SILENT)
        while len(self.from_line) > 10:
            self.from_line.popleft()
        state = self.port.state
        if state.ringing:
            self._rang_at = self.at_ms
            self._registers[4] = self._registers.get(4, 0) | 0x80
        if state.polarity is not self._polarity:
            self._polarity = state.polarity
            self._registers[4] = self._registers.get(4, 0) | 0x01

    def say(self, samples: Samples) -> None:
        """A frame from the highway."""
        self._to_line.append(samples)

    @property
    def reversed(self) -> bool:
        """Whether the wires are the other way round."""
        return self.port.state.polarity is Polarity.REVERSED


class ChipPcm:
    """The highway of one chip; its clock is the chip's life."""

    def __init__(self, chip: Si3050Sim) -> None:
        self._chip = chip

    def start(self) -> None:
        """The clock runs."""
        self._chip.clock_runs = True

    def stop(self) -> None:
        """And stands still."""
        self._chip.clock_runs = False

    def read(self) -> Samples | None:
        """What came from the line."""
        return self._chip.from_line.popleft() if self._chip.from_line else None

    def write(self, samples: Samples) -> bool:
        """What goes onto it."""
        self._chip.say(samples)
        return True
