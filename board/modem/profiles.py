"""The families of voice modems, as data: how each is recognised, set up, put into duplex voice and taken out of it.

From the manuals (USR5637 OEM guide, Conexant CX93010 102752C) and from what others measured on real sticks. Any command
of ``setting_up`` may be refused: gains on some, caller ID on others. What a modem cannot do is found out by trying,
never by its answer to a test form (``AT+VTR=?`` answers ERROR on firmware that does it well).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from board.modem.companding import Encoding
from board.modem.formats import Format

DUPLEX_LINK_BYTES_S = 64_000
_CX_LINK_BYTES_S = 30_400
"""Measured on a CX93001: both directions together."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One family. ``{code}`` in ``choose_format`` is the number of the voice format."""

    name: str
    recognised_by: str
    """Regular expression over the answers to ATI0, ATI3 and +FMI? +FMM? put together."""
    setting_up: tuple[str, ...]
    choose_format: tuple[str, ...]
    """Spellings of the choice, tried until one is taken."""
    silence_off: str
    """Command that turns silence detection off: a conversation has pauses."""
    country: str = "+GCI={code}"
    link_bytes_s: int = DUPLEX_LINK_BYTES_S
    formats: tuple[Format, ...] = ()
    """What it speaks where ``+VSM=?`` tells nothing."""
    leave_duplex: tuple[bytes, ...] = (b"\x10\x03", b"\x10^")
    """What ends duplex voice, tried in this order until the modem is back in command state."""
    leave_wait_s: float = 0.6
    duplex: bool = True
    volts: str = ""
    """Command that reads the line's volts."""


USR5637 = Profile(
    name="USR5637",
    recognised_by=r"\b5601\b|U\.?S\.? ?Robotics|USR",
    setting_up=("&D2", "&K3", "+VIT=0", "+VGR=128", "+VGT=128", "+VCID=1", "+VNH=0"),
    choose_format=("+VSM={code},8000",),
    silence_off="+VSD=128,0",
    formats=(Format(130, Encoding.ALAW), Format(131, Encoding.ULAW), Format(129, Encoding.LINEAR16)),
)
CONEXANT = Profile(
    name="Conexant CX930xx",
    recognised_by=r"\b56000\b|CX93|Conexant|SoftK56|CONEXANT",
    setting_up=("&D2", "+VIT=0", "+VGR=0", "+VGT=128", "+VCID=1", "-STE=7"),
    choose_format=("+VSM={code},8000,0,0",),
    silence_off="+VSD=0,0",
    link_bytes_s=_CX_LINK_BYTES_S,
    formats=(Format(1, Encoding.UNSIGNED8),),
    leave_duplex=(b"\x10^", b"\x10\x03"),
    volts="-TRV",
)
ZOOM3095 = Profile(
    name="Zoom 3095",
    recognised_by=r"\bZoom\b|\b3095\b",
    setting_up=CONEXANT.setting_up,
    choose_format=CONEXANT.choose_format,
    silence_off=CONEXANT.silence_off,
    link_bytes_s=_CX_LINK_BYTES_S,
    formats=CONEXANT.formats,
    leave_duplex=(b"\x10\x10\x10^", b"\x10\x10\x10\x03", b"\x10^"),
    volts="-TRV",
)
HALF_DUPLEX = Profile(
    name="half-duplex voice modem",
    recognised_by=r"\bLT V\.9[02]\b|Lucent|Agere|ELSA|ZyXEL|Rockwell",
    setting_up=("&D2", "+VIT=0", "+VCID=1"),
    choose_format=("+VSM={code},8000",),
    silence_off="+VSD=128,0",
    duplex=False,
)
UNKNOWN = Profile(
    name="unknown voice modem",
    recognised_by=r"",
    setting_up=("&D2", "+VIT=0", "+VCID=1"),
    choose_format=("+VSM={code},8000", "+VSM={code},8000,0,0"),
    silence_off="+VSD=128,0",
    link_bytes_s=_CX_LINK_BYTES_S,
    leave_duplex=(b"\x10^", b"\x10\x03", b"\x10\x10\x10^", b"\x10\x10\x10\x03"),
)
"""One we have not met: the most careful of everything."""

PROFILES = (ZOOM3095, USR5637, CONEXANT, HALF_DUPLEX)
"""In the order in which they are tried; the first whose expression is found wins."""

COUNTRY_CODES = {
    "DE": "42", "AT": "0A", "CH": "A6", "GB": "B4", "US": "B5", "FR": "3D", "IT": "59", "ES": "A0", "NL": "7B",
    "PL": "8A",
}  # fmt: skip
"""ITU-T T.35 annex A, as ``+GCI`` takes them."""


def recognise(words: str) -> Profile:
    """The family of a modem by what it says of itself; ``UNKNOWN`` when nobody claims it."""
    for profile in PROFILES:
        if re.search(profile.recognised_by, words, re.IGNORECASE):
            return profile
    return UNKNOWN
