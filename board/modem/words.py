"""What the words inside a voice stream mean (V.253 table 21; CX93010 table 5-2, USR5637 table 189).

They are hints: the audio is listened to as well, and decides. ``Word`` names only what this box makes use of.
"""

from __future__ import annotations

from enum import StrEnum

DIGITS = "0123456789ABCD*#"


class Word(StrEnum):
    """A word from the modem that is no key of a telephone."""

    END = "end"
    RING = "ring"
    BUSY = "busy"
    FAST_BUSY = "fast_busy"
    DIAL_TONE = "dial_tone"
    RINGBACK = "ringback"
    SIT = "sit"
    SILENCE = "silence"
    QUIET = "quiet"
    FAX_CALLING = "fax_calling"
    FAX_ANSWER = "fax_answer"
    LOOP_BREAK = "loop_break"
    """Loop current interrupted; on Conexant in voice mode a reversal too."""
    REVERSAL = "reversal"
    PHONE_UP = "phone_up"
    PHONE_DOWN = "phone_down"
    VOLTS_UP = "volts_up"
    VOLTS_DOWN = "volts_down"
    """An extension was lifted; on Conexant also the far end's hang-up."""
    UNDERRUN = "underrun"
    OVERRUN = "overrun"
    CALL_WAITING = "call_waiting"


_WORDS = {
    "\x03": Word.END,
    "R": Word.RING,
    "b": Word.BUSY,
    "K": Word.FAST_BUSY,
    "d": Word.DIAL_TONE,
    "i": Word.DIAL_TONE,
    "r": Word.RINGBACK,
    "J": Word.SIT,
    "s": Word.SILENCE,
    "q": Word.QUIET,
    "c": Word.FAX_CALLING,
    "a": Word.FAX_ANSWER,
    "f": Word.FAX_ANSWER,
    "l": Word.LOOP_BREAK,
    "L": Word.REVERSAL,
    "h": Word.PHONE_UP,
    "H": Word.PHONE_DOWN,
    "p": Word.VOLTS_UP,
    "P": Word.VOLTS_DOWN,
    "u": Word.UNDERRUN,
    "o": Word.OVERRUN,
    "w": Word.CALL_WAITING,
}


def meaning(code: int) -> Word | None:
    """The word of a code, ``None`` for keys and what we do not know."""
    return _WORDS.get(chr(code))


def digit(code: int) -> str:
    """The key of a code, empty for anything else. A modem repeats it for as long as the key is down."""
    return chr(code) if chr(code) in DIGITS else ""
