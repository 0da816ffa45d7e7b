"""Why a leg ended, from what the wire said: SIP status (RFC 3261 §21) and Q.850 cause (ITU-T Q.850, RFC 3326).

Pure. What we ended ourselves (ring time over, peer silent, too long) is known before and never asked here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from firmware.model import HangupCause

_REASON = re.compile(r"^Reason[ \t]*:(.*)$", re.IGNORECASE | re.MULTILINE)
_FOLD = re.compile(r"\r?\n[ \t]+")
_ENTRY = re.compile(r'(?:"(?:\\.|[^"\\])*"|[^,"])+')
_CAUSE = re.compile(r";\s*cause\s*=\s*(\d{1,3})", re.IGNORECASE)
_TEXT = re.compile(r';\s*text\s*=\s*"((?:\\.|[^"\\])*)"', re.IGNORECASE)

_BY_Q850: dict[HangupCause, tuple[int, ...]] = {
    HangupCause.NOT_FOUND: (1, 2, 3, 14, 22, 28),
    HangupCause.BUSY: (17,),
    HangupCause.NO_ANSWER: (19,),
    HangupCause.UNAVAILABLE: (18, 20, 27),
    HangupCause.REJECTED: (21, 55, 57, 87),
    HangupCause.NETWORK_FAILURE: (
        6,
        34,
        38,
        *range(41, 45),
        47,
        49,
        50,
        58,
        63,
        65,
        66,
        69,
        79,
        81,
        88,
        *range(95, 103),
        111,
    ),
}
_CAUSE_OF_Q850 = {q850: cause for cause, values in _BY_Q850.items() for q850 in values}
"""Left out on purpose: 16 (normal), 31 (normal, unspecified) and 127 (interworking) say nothing the SIP status does
not say better."""

_BY_STATUS = {
    HangupCause.NOT_FOUND: (301, 404, 410, 484, 485, 604),
    HangupCause.BUSY: (486, 600),
    HangupCause.REJECTED: (403, 433, 603, 607, 608),
    HangupCause.UNAVAILABLE: (302, 305, 380, 480),
}
_CAUSE_OF_STATUS = {status: cause for cause, values in _BY_STATUS.items() for status in values}
_GAVE_UP_RINGING = frozenset({408, 480, 487})
"""Somewhere on the way a timer ran out. After ringing that is nobody picking up; without, it is not."""
_NO_SUCH_CALL = 481


@dataclass(frozen=True, slots=True)
class Reason:
    """The first Q.850 entry of a message's Reason headers; ``q850`` 0 without one."""

    q850: int = 0
    text: str = ""


def reason_of(message: str) -> Reason:
    """Read the Reason headers of a whole SIP message, folded or several in one line."""
    head = _FOLD.sub(" ", message.partition("\r\n\r\n")[0])
    for header in _REASON.findall(head):
        for entry in _ENTRY.findall(header):
            cause = _CAUSE.search(entry)
            if entry.strip().upper().startswith("Q.850") and cause:
                text = _TEXT.search(entry)
                return Reason(int(cause[1]) & 127, text[1] if text else "")
    return Reason()


def cause_of_refusal(status: int, q850: int, *, rang: bool) -> HangupCause:
    """Why a call was never answered. ``rang``: a 180 or 183 had come.

    The Q.850 cause was given nearer to the person called and wins where it says anything.
    """
    if q850 in _CAUSE_OF_Q850:
        return _CAUSE_OF_Q850[q850]
    if rang and status in _GAVE_UP_RINGING:
        return HangupCause.NO_ANSWER
    return _CAUSE_OF_STATUS.get(status, HangupCause.NETWORK_FAILURE)


def cause_of_end(status: int, q850: int) -> HangupCause:
    """Why an answered call ended: a BYE (status 200) is normal unless the network says it broke.

    481 to a request of ours means that the far end's BYE is still on its way to us.
    """
    broke = _CAUSE_OF_Q850.get(q850) == HangupCause.NETWORK_FAILURE
    failed = status >= 300 and status != _NO_SUCH_CALL
    return HangupCause.NETWORK_FAILURE if broke or failed else HangupCause.NORMAL
