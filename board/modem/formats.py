"""Which voice format to ask a modem for: its answer to ``AT+VSM=?``, read and ranked.

A line of the answer is ``code,"label",bits,…``; families number the same formats differently, so the label counts, and
the bits where the label says little. Companded formats come first: a byte a sample fits the link both ways at once
(two bytes a sample did not, on Conexant: 30.4 kB/s for both directions together) and carries more than 8 linear bits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from board.modem.companding import Encoding

RATE_HZ = 8000
_RANKS = (Encoding.ALAW, Encoding.ULAW, Encoding.LINEAR16, Encoding.UNSIGNED8, Encoding.SIGNED8)
_LINE = re.compile(r"^\s*(?:\+VSM:\s*)?(\d+)\s*,\s*\"?([^\",]*)\"?\s*(.*)$")


@dataclass(frozen=True, slots=True)
class Format:
    """One entry of the answer that we can speak."""

    code: int
    encoding: Encoding

    @property
    def bytes_per_s(self) -> int:
        """Of one direction."""
        return RATE_HZ * (2 if self.encoding is Encoding.LINEAR16 else 1)


def read_formats(lines: Iterable[str]) -> tuple[Format, ...]:
    """What of ``AT+VSM=?`` we can speak, at 8 kHz; other lines are passed over."""
    found = []
    for line in lines:
        match = _LINE.match(line)
        encoding = _encoding(match[2], match[3]) if match else None
        if match and encoding and _has_rate(match[3]):
            found.append(Format(int(match[1]), encoding))
    return tuple(found)


def best(formats: Iterable[Format], budget_bytes_s: int) -> Format | None:
    """The best format whose two directions fit the link; ``None`` when there is none."""
    fitting = [one for one in formats if 2 * one.bytes_per_s <= budget_bytes_s]
    return min(fitting, key=lambda one: _RANKS.index(one.encoding), default=None)


def _encoding(label: str, rest: str) -> Encoding | None:
    name = re.sub(r"[^A-Z0-9]", "", label.upper())
    if "ADPCM" in name or "G729" in name or "IMA" in name:
        return None
    if "ALAW" in name:
        return Encoding.ALAW
    if "ULAW" in name or "MULAW" in name:
        return Encoding.ULAW
    if "LINEAR" in name or "PCM" in name:
        return _linear(name, rest)
    return None


def _linear(name: str, rest: str) -> Encoding | None:
    if "16" in name:
        return Encoding.LINEAR16
    if "14" in name:
        return None
    bits = re.match(r"\D*(\d+)", rest)
    if "8" not in name and (bits is None or bits[1] != "8"):
        return None
    return Encoding.SIGNED8 if "SIGNED" in name and "UNSIGNED" not in name else Encoding.UNSIGNED8


def _has_rate(rest: str) -> bool:
    """Rates may stand alone, in a list or as a range."""
    numbers = [int(one) for one in re.findall(r"\d+", rest)]
    spans = [(int(low), int(high)) for low, high in re.findall(r"(\d+)-(\d+)", rest)]
    return (
        RATE_HZ in numbers
        or any(low <= RATE_HZ <= high for low, high in spans)
        or not any(number >= 4000 for number in numbers)
    )
