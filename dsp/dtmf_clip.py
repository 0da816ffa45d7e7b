"""Caller ID in DTMF keys: the start and stop codes of the countries that send it so.

Keys come from ``dtmf``; only a row of them that is whole, from start code to stop code without a long gap, is told.
What it means as a caller ID is ``caller_id``'s. Codes: EN 300 659-1 annex A (A number, D redirecting, B information,
C end; 00 not available, 10 restricted), and the older form with # and D1 to D3 (Denmark).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from dsp.dtmf import Keypad
from dsp.frames import BLOCK_MS, Floats

_LONGEST_GAP_MS = 400
"""From one key to the next being certain; customary are 70 ms on and 70 ms off."""
_LONGEST = 44


class DtmfCustom(StrEnum):
    """Which rows of keys are a caller ID."""

    ETSI = "etsi"
    """``A<number>D<redirecting>B<info>C``, any of them left out."""
    HASH = "hash"
    """``A<number>#``; ``D1#`` restricted, ``D2#`` and ``D3#`` not available."""
    BARE = "bare"
    """``<number>#``."""


DTMF_CUSTOMS = {
    "NL": DtmfCustom.ETSI,
    "BE": DtmfCustom.ETSI,
    "SE": DtmfCustom.ETSI,
    "FI": DtmfCustom.ETSI,
    "DK": DtmfCustom.HASH,
}
_ROWS = {
    DtmfCustom.ETSI: (
        re.compile(r"(?=[ABD].*C)(?:[AD](\d{1,20}))?(?:D(\d{1,20}))?(?:B(\d{2,20}))?C"),
        "ABD",
        "C",
    ),
    DtmfCustom.HASH: (re.compile(r"(?:A(\d{1,20})()()|D([123]))#"), "AD", "#"),
    DtmfCustom.BARE: (re.compile(r"(\d{3,20})()()#"), "0123456789", "#"),
}


class Reason(StrEnum):
    """Why there is no number."""

    PRIVATE = "private"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Keyed:
    """A whole row of keys."""

    keys: str
    at_ms: int
    number: str
    redirecting: str
    reason: Reason
    """Of no interest when there is a number."""


def read(keys: str, custom: DtmfCustom, at_ms: int = 0) -> Keyed | None:
    """What a row says; ``None`` if it is not of this custom."""
    row = _ROWS[custom][0].fullmatch(keys)
    if row is None:
        return None
    private = (row[3] or "").startswith("10") or (custom is DtmfCustom.HASH and row[4] == "1")
    reason = Reason.PRIVATE if private else Reason.UNAVAILABLE
    return Keyed(keys, at_ms, row[1] or "", row[2] or "", reason)


class DtmfClip:
    """Follows a line; blocks of 100 ms in, whole rows out."""

    def __init__(self, custom: DtmfCustom) -> None:
        self._custom = custom
        self._keypad = Keypad()
        self._keys = ""
        self._last_ms = 0
        self._at_ms = 0

    def block(self, block: Floats) -> list[Keyed]:
        """Take 800 float samples."""
        found = []
        for key, at_ms, _ in self._keypad.block(block):
            if row := self._key(key, self._at_ms + at_ms):
                found.append(row)
        self._at_ms += BLOCK_MS
        return found

    def _key(self, key: str, at_ms: int) -> Keyed | None:
        _, starts, stop = _ROWS[self._custom]
        if at_ms - self._last_ms > _LONGEST_GAP_MS or len(self._keys) > _LONGEST:
            self._keys = ""
        self._last_ms = at_ms
        if not self._keys and key not in starts:
            return None
        self._keys += key
        if key != stop:
            return None
        keys, self._keys = self._keys, ""
        return read(keys, self._custom, at_ms)
