"""What a driver tells of its pair of wires, moment by moment, as plain values; the other half of ``ears``.

A chip measures volts and current, a modem only reports that the loop was broken or reversed. What a driver cannot know
stays ``None``, and no rule acts on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

BATTERY_V = 3.0
"""Less than this between the wires is no battery."""
LOOP_MA = 3.0
"""Less than this off-hook, and the exchange has opened the loop."""


class Notice(StrEnum):
    """A word about the wires from a driver that reports changes and cannot measure."""

    REVERSED = "reversed"
    OPENED = "opened"
    """The loop was interrupted. Some chips say this of a reversal too."""


@dataclass(frozen=True, slots=True)
class Wires:
    """One look at the wires; ``at_ms`` is the line's own time, the same as the audio's."""

    at_ms: int
    off_hook: bool
    """What we told the line to do."""
    battery: bool | None = None
    reversed: bool | None = None
    volts: float | None = None
    """Without a sign."""
    milliamps: float | None = None
    ringing: bool = False
    """Ring voltage is on the wires now."""
    metering: int = 0
    """Metering pulses counted so far."""

    @classmethod
    def measured(cls, at_ms: int, *, off_hook: bool, volts: float, milliamps: float | None = None) -> Wires:
        """From a meter: ``volts`` signed, negative when reversed; what follows from them is filled in."""
        flowing = milliamps is None or not off_hook or milliamps >= LOOP_MA
        battery = abs(volts) >= BATTERY_V and flowing
        return cls(
            at_ms,
            off_hook,
            battery=battery,
            reversed=volts < 0 if abs(volts) >= BATTERY_V else None,
            volts=abs(volts),
            milliamps=milliamps,
        )
