"""Caller ID as it arrives on an analog line: FSK (SDMF, MDMF; Bell 202, V.23) and DTMF, decoded or not told at all.

A message is believed when its type, length, parameters and checksum are right and several slicers of ``fsk`` agree on
every byte; keys when they have the start and stop codes of the country. Nothing is guessed. The raw bytes stay with it.
Sources: Telcordia GR-30 and GR-31, EN 300 659-1 to -3, and for DTMF EN 300 659-1 annex A and national practice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from dsp.dtmf_clip import DTMF_CUSTOMS, DtmfClip, Keyed, Reason
from dsp.frames import BLOCK, BLOCK_MS, SAMPLE_RATE_HZ, Blocks, Floats, Samples, check
from dsp.fsk import Reading, readings, without_clicks


class Presentation(StrEnum):
    """Whether the caller may be and was named."""

    AVAILABLE = "available"
    PRIVATE = "private"
    UNAVAILABLE = "unavailable"


class Format(StrEnum):
    """How it was sent."""

    SDMF = "sdmf"
    MDMF = "mdmf"
    DTMF = "dtmf"


class Kind(StrEnum):
    """What the message is about."""

    CALL = "call"
    MESSAGE_WAITING = "message_waiting"
    CHARGE = "charge"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CallerId:
    """One message. Texts are as sent; a missing one is empty."""

    kind: Kind
    format: Format
    raw: bytes
    """Type to checksum, or the keys as ASCII."""
    at_ms: int
    """Its end, since the first sample."""
    number: str = ""
    name: str = ""
    presentation: Presentation = Presentation.UNAVAILABLE
    name_presentation: Presentation = Presentation.UNAVAILABLE
    time: str = ""
    """Month, day, hour, minute as the network has them: MMDDhhmm."""
    dialled: str = ""
    redirecting: str = ""
    call_type: int = 0
    """EN 300 659-3 §5.4.9; 0: not said."""
    waiting: bool | None = None
    """Lamp on or off, where the message says so."""
    slicers: int = 0
    """How many slicers read exactly this (four are enough to ask no more); 0 for keys."""
    offset_hz: float = 0.0
    """How far the line has shifted the middle between mark and space."""
    modulation: str = ""
    """"Bell 202", "V.23" by the pitch of the marks; "" for keys."""


_CALLS = {
    0x04: Kind.CALL,
    0x06: Kind.MESSAGE_WAITING,
    0x80: Kind.CALL,
    0x82: Kind.MESSAGE_WAITING,
    0x86: Kind.CHARGE,
}
_SDMF = frozenset((0x04, 0x06))
_TIME = re.compile(r"(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d")
_NUMBER = re.compile(r"[ -~]{1,32}")
_ABSENT = {"P": Presentation.PRIVATE}
_SAID = {Reason.PRIVATE: Presentation.PRIVATE, Reason.UNAVAILABLE: Presentation.UNAVAILABLE}
_AGREE, _APART_MS = 3, 200
"""Noise that changed two bits so that the sum stays right has been seen to fool two slicers of one sort."""
_BELL_BELOW_HZ = 1250.0
_LONGEST_MS, _SHORTEST_MS = 4500, 400
_HANN = np.hanning(160).astype(np.float32)
_AUDIBLE_BINS, _FSK_BINS = 6, slice(14, 43)
"""Bins of 50 Hz: from 300 Hz on, and of those 1.0 to 2.4 kHz."""
_SHARE, _FAINTEST = 0.5, 1e-3
"""The latter is about -62 dBFS in a Hann window of 160."""
_LAMP_ON, _LAMP_OFF = (0xFF, 0x42), (0x00, 0x6F)


def parse(message: bytes, at_ms: int = 0) -> CallerId | None:
    """What a whole message (type to checksum) says; ``None`` if any of it is out of order."""
    if len(message) < 3 or len(message) != message[1] + 3 or sum(message) % 256:
        return None
    kind = _CALLS.get(message[0], Kind.OTHER)
    body = message[2:-1]
    if message[0] in _SDMF:
        return _single(kind, message, body, at_ms)
    fields = _parameters(body)
    return _multiple(kind, message, fields, at_ms) if fields is not None else None


def _single(kind: Kind, message: bytes, body: bytes, at_ms: int) -> CallerId | None:
    if kind is Kind.MESSAGE_WAITING:
        lamp = _lamp(body[-1]) if body else None
        return None if lamp is None else CallerId(kind, Format.SDMF, message, at_ms, waiting=lamp)
    text = body.decode("latin-1")
    time, rest = text[:8], text[8:]
    if not _TIME.fullmatch(time) or not (rest in ("O", "P") or re.fullmatch(r"[0-9*#+]{1,32}", rest)):
        return None
    number, presentation = _party(rest)
    return CallerId(kind, Format.SDMF, message, at_ms, number=number, presentation=presentation, time=time)


def _parameters(body: bytes) -> dict[int, bytes] | None:
    """Type to value, the first of each; ``None`` unless they fill the body exactly."""
    fields: dict[int, bytes] = {}
    at = 0
    while at + 2 <= len(body):
        kind, length = body[at], body[at + 1]
        value = body[at + 2 : at + 2 + length]
        if len(value) != length:
            return None
        fields.setdefault(kind, value)
        at += 2 + length
    return fields if at == len(body) and fields else None


def _multiple(kind: Kind, message: bytes, fields: dict[int, bytes], at_ms: int) -> CallerId | None:
    texts = {key: value.decode("latin-1") for key, value in fields.items()}
    numbers = [texts[key] for key in (0x02, 0x03, 0x1A) if key in texts]
    time = texts.get(0x01, "")
    named = texts.get(0x07, " ").isprintable() and (not time or re.fullmatch(r"[0-9]{8}", time))
    if not named or any(not _NUMBER.fullmatch(one) for one in numbers):
        return None
    number, presentation = _party(texts.get(0x02) or texts.get(0x04, "O"))
    name, name_presentation = _party(texts.get(0x07, "") or texts.get(0x08, "O"), text=0x07 in texts)
    return CallerId(
        kind,
        Format.MDMF,
        message,
        at_ms,
        number=number,
        name=name,
        presentation=presentation,
        name_presentation=name_presentation,
        time=time if _TIME.fullmatch(time) else "",
        dialled=texts.get(0x03, ""),
        redirecting=texts.get(0x1A, ""),
        call_type=fields[0x11][0] if fields.get(0x11) else 0,
        waiting=_lamp(fields[0x0B][0]) if fields.get(0x0B) else None,
    )


def _party(said: str, *, text: bool = False) -> tuple[str, Presentation]:
    """Number or name, and its presentation. A single O or P stands for a number kept back, wherever it is put."""
    if said in ("O", "P") and not text:
        return "", _ABSENT.get(said, Presentation.UNAVAILABLE)
    plain = said.strip()
    if not plain or (not text and len(plain) == 1 and plain.isalpha()):
        return "", Presentation.UNAVAILABLE
    return plain, Presentation.AVAILABLE


def _lamp(value: int) -> bool | None:
    return True if value in _LAMP_ON else False if value in _LAMP_OFF else None


def believed(found: list[Reading], base_ms: float = 0.0) -> list[CallerId]:
    """Messages that make sense and that two slicers of different sorts, or three of one, read alike.

    Where messages overlap, the one with most votes is told.
    """
    alike: dict[bytes, list[Reading]] = {}
    for one in found:
        alike.setdefault(one.message, []).append(one)
    told: list[CallerId] = []
    for message, same in sorted(alike.items(), key=lambda item: -len({one.slicer for one in item[1]})):
        end_ms = round(base_ms + float(np.median([one.end for one in same])) * 1000 / SAMPLE_RATE_HZ)
        known = parse(message, end_ms)
        agreed = len({one.slicer for one in same}) + len({one.correlated for one in same}) > _AGREE
        if known and agreed and all(abs(one.at_ms - end_ms) > _APART_MS for one in told):
            told.append(_measured(known, same))
    return sorted(told, key=lambda one: one.at_ms)


def _measured(known: CallerId, same: list[Reading]) -> CallerId:
    bell = float(np.median([one.mark_hz for one in same])) < _BELL_BELOW_HZ
    return replace(
        known,
        slicers=len({one.slicer for one in same}),
        offset_hz=round(float(np.median([one.offset_hz for one in same])), 1),
        modulation="Bell 202" if bell else "V.23",
    )


class CallerIdEars:
    """Follows one line while it is on-hook; samples in, messages out within 0.2 s of their end."""

    def __init__(self, country: str) -> None:
        """``country``: ISO 3166 code; decides whether keys may be a caller ID, and with which codes."""
        self._blocks = Blocks()
        self._carrier = _Carrier()
        self._keys = DtmfClip(custom) if (custom := DTMF_CUSTOMS.get(country)) else None
        self._held: list[Floats] = []
        self._before = np.zeros(BLOCK, np.float32)
        self._at_ms = 0

    def feed(self, samples: Samples) -> list[CallerId]:
        """Take int16 samples, any number; TypeError for anything else."""
        check(samples)
        return [one for block in self._blocks.push(samples) for one in self._block(block)]

    def _block(self, block: Floats) -> list[CallerId]:
        self._at_ms += BLOCK_MS
        found = self._keyed(block)
        if self._carrier.on(block):
            self._held = self._held or [self._before]
            self._held.append(block)
            if len(self._held) * BLOCK_MS < _LONGEST_MS:
                return found
        elif self._held:
            self._held.append(block)
        self._before = block
        return found + self._burst() if self._held else found

    def _burst(self) -> list[CallerId]:
        held, self._held = self._held, []
        if len(held) * BLOCK_MS < _SHORTEST_MS:
            return []
        burst, began_ms = np.concatenate(held), self._at_ms - len(held) * BLOCK_MS
        return believed(readings(burst), began_ms) or believed(readings(without_clicks(burst)), began_ms)

    def _keyed(self, block: Floats) -> list[CallerId]:
        said = self._keys.block(block) if self._keys else []
        return [_from_keys(one) for one in said]


class _Carrier:
    """Whether a block of 100 ms sounds like FSK: most of its power between 1 and 2.4 kHz."""

    def on(self, block: Floats) -> bool:
        power = np.square(np.abs(np.fft.rfft(block.reshape(5, -1) * _HANN, axis=1)))[:, _AUDIBLE_BINS:]
        total = power.sum(axis=1)
        share = power[:, _FSK_BINS].sum(axis=1) / (total + 1e-12)
        return int(np.count_nonzero((share > _SHARE) & (total > _FAINTEST))) >= 3


def _from_keys(one: Keyed) -> CallerId:
    return CallerId(
        Kind.CALL,
        Format.DTMF,
        one.keys.encode("ascii"),
        one.at_ms,
        number=one.number,
        presentation=_SAID[one.reason] if not one.number else Presentation.AVAILABLE,
        redirecting=one.redirecting,
    )
