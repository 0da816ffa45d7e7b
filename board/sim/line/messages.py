"""Caller-ID messages as a network sends them: SDMF, MDMF (Telcordia GR-30, EN 300 659-3) and DTMF keys.

Bytes only; how they sound is `fsk`'s and `keys`' business, when they are sent `alerting`'s.
"""

from __future__ import annotations

from dataclasses import dataclass

from board.sim.line.profile import Profile

SDMF, MDMF, MESSAGE_WAITING = 0x04, 0x80, 0x82
_TIME, _NUMBER, _DIALLED, _NO_NUMBER = 0x01, 0x02, 0x03, 0x04
_NAME, _NO_NAME, _VISUAL, _CALL_TYPE, _REDIRECTING = 0x07, 0x08, 0x0B, 0x11, 0x1A
WITHHELD, UNKNOWN = "P", "O"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling. Without a number `reason` says why: "P" withheld, "O" out of area."""

    number: str = ""
    name: str = ""
    reason: str = UNKNOWN
    name_reason: str = ""
    """"P" or "O" when the name is kept back too."""
    time: str = "01010000"
    """Month, day, hour, minute, two digits each; "" leaves it out."""
    dialled: str = ""
    redirecting: str = ""
    call_type: int = 0
    """EN 300 659-3 §5.4.9: 1 voice call; 0 leaves the parameter out."""


def closed(kind: int, body: bytes) -> bytes:
    """Type, length, body, and the byte that makes the sum zero. ValueError beyond 255 bytes."""
    if len(body) > 255:
        raise ValueError(f"a caller-ID message holds 255 bytes, not {len(body)}")
    head = bytes((kind, len(body))) + body
    return head + bytes((-sum(head) & 0xFF,))


def sdmf(caller: Caller) -> bytes:
    """Single data message: time, then number or reason."""
    return closed(SDMF, (caller.time + (caller.number or caller.reason)).encode("ascii"))


def mdmf(caller: Caller, *, number_first: bool = False) -> bytes:
    """Multiple data message. Networks differ in the order of parameters."""
    said = [(_CALL_TYPE, bytes((caller.call_type,)))] if caller.call_type else []
    said += [(_TIME, caller.time.encode("ascii"))] if caller.time else []
    number = (
        (_NUMBER, caller.number.encode("ascii"))
        if caller.number
        else (_NO_NUMBER, caller.reason.encode("ascii"))
    )
    said = [number, *said] if number_first else [*said, number]
    if caller.name or caller.name_reason:
        name = (_NAME, caller.name) if caller.name else (_NO_NAME, caller.name_reason)
        said.append((name[0], name[1].encode("latin-1")))
    said += [(_DIALLED, caller.dialled.encode("ascii"))] if caller.dialled else []
    said += [(_REDIRECTING, caller.redirecting.encode("ascii"))] if caller.redirecting else []
    return closed(MDMF, b"".join(bytes((kind, len(value))) + value for kind, value in said))


def message_waiting(waiting: bool) -> bytes:
    """Lamp on or off."""
    return closed(MESSAGE_WAITING, bytes((_VISUAL, 1, 0xFF if waiting else 0)))


def dtmf(caller: Caller, profile: Profile) -> str:
    """The keys of this country's custom."""
    if not caller.number:
        return profile.dtmf_withheld if caller.reason == WITHHELD else profile.dtmf_unknown
    number = f"{caller.number}D{caller.redirecting}" if caller.redirecting else caller.number
    return profile.dtmf_clip.format(number=number)
