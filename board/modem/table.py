"""The life of a line on a voice modem as a table: where it stands, what happened, where it stands then and what to do.

    GONE ─▶ STARTING ─▶ IDLE ─▶ SEIZING ─▶ DIAL_TONE ─▶ DIALLING ─▶ PROGRESS ─▶ TALKING
                        │ ▲ │       └───────────┴───────────┴───────────┴─────────┤
              RINGING ◀─┘ │ └ ring       ANSWERING ─▶ TALKING ◀─▶ FLASHING        ▼
                 └────────┼─────────────▶┘                                        │
                          └──────────────────────────────────────────────── RELEASING

Pure data and one look-up. A pair that is not in the table means nothing in that state and changes nothing: a busy tone
heard while hanging up, an answer that comes after the caller gave up. Carrying out is the engine's.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where a line stands."""

    GONE = "gone"
    """No modem: unplugged, held by somebody else, or not one at all."""
    STARTING = "starting"
    """A modem is being asked who it is, its line on-hook."""
    IDLE = "idle"
    RINGING = "ringing"
    """Somebody calls the line."""
    ANSWERING = "answering"
    SEIZING = "seizing"
    DIAL_TONE = "waiting for dial tone"
    DIALLING = "dialling"
    PROGRESS = "call progress"
    TALKING = "talking"
    FLASHING = "flashing"
    """The hook is flashed; nothing is heard meanwhile."""
    RELEASING = "releasing"


class Input(StrEnum):
    """What can happen to a line."""

    OPENED = "opened"
    UNPLUGGED = "unplugged"
    DONE = "done"
    """The commands of the state were all taken."""
    REFUSED = "refused"
    """One of them was not, or was never answered."""
    DIAL = "dial"
    HANG_UP = "hang up"
    ANSWER = "answer"
    FLASH = "flash"
    RING = "ring"
    QUIET = "quiet"
    """The bell has been silent for so long that the caller has gone."""
    HEARD_DIAL_TONE = "heard dial tone"
    NO_DIAL_TONE = "no dial tone"
    DIGITS_SENT = "digits sent"
    ANSWERED = "answered"
    FAR_END_BUSY = "far end busy"
    FAR_END_GONE = "far end gone"
    STALLED = "stalled"
    """Samples ceased to come."""


class Do(StrEnum):
    """What is to be done on the way."""

    NOTHING = "nothing"
    START = "start"
    READY = "ready"
    FAIL = "fail"
    SEIZE = "seize"
    REFUSE_GLARE = "refuse: glare"
    LISTEN = "listen"
    DIAL = "dial"
    FOLLOW = "follow"
    TALK = "talk"
    ANSWER = "answer"
    TAKE = "take"
    FLASH = "flash"
    RESUME = "resume"
    RELEASE = "release"
    FINISH = "finish"
    RESET = "reset"
    RING = "ring"
    LOSE = "lose"


Row = tuple[State, Do]
_STREAMING = (State.DIAL_TONE, State.DIALLING, State.PROGRESS, State.TALKING)
_OFF_HOOK = (State.SEIZING, State.ANSWERING, State.FLASHING, *_STREAMING)
_RELEASE: Row = (State.RELEASING, Do.RELEASE)


def _rows() -> dict[tuple[State, Input], Row]:
    rows: dict[tuple[State, Input], Row] = {
        (State.GONE, Input.OPENED): (State.STARTING, Do.START),
        (State.STARTING, Input.DONE): (State.IDLE, Do.READY),
        (State.STARTING, Input.REFUSED): (State.GONE, Do.FAIL),
        (State.IDLE, Input.DIAL): (State.SEIZING, Do.SEIZE),
        (State.IDLE, Input.RING): (State.RINGING, Do.RING),
        (State.RINGING, Input.RING): (State.RINGING, Do.RING),
        (State.RINGING, Input.QUIET): (State.IDLE, Do.NOTHING),
        (State.RINGING, Input.DIAL): (State.RINGING, Do.REFUSE_GLARE),
        (State.RINGING, Input.ANSWER): (State.ANSWERING, Do.ANSWER),
        (State.ANSWERING, Input.DONE): (State.TALKING, Do.TAKE),
        (State.ANSWERING, Input.REFUSED): _RELEASE,
        (State.TALKING, Input.FLASH): (State.FLASHING, Do.FLASH),
        (State.FLASHING, Input.DONE): (State.TALKING, Do.RESUME),
        (State.FLASHING, Input.REFUSED): _RELEASE,
        (State.SEIZING, Input.DONE): (State.DIAL_TONE, Do.LISTEN),
        (State.SEIZING, Input.REFUSED): _RELEASE,
        (State.SEIZING, Input.RING): _RELEASE,
        (State.DIAL_TONE, Input.HEARD_DIAL_TONE): (State.DIALLING, Do.DIAL),
        (State.DIAL_TONE, Input.NO_DIAL_TONE): _RELEASE,
        (State.DIAL_TONE, Input.FAR_END_BUSY): _RELEASE,
        (State.DIAL_TONE, Input.RING): _RELEASE,
        (State.DIALLING, Input.DIGITS_SENT): (State.PROGRESS, Do.FOLLOW),
        (State.PROGRESS, Input.ANSWERED): (State.TALKING, Do.TALK),
        (State.PROGRESS, Input.FAR_END_BUSY): _RELEASE,
        (State.PROGRESS, Input.FAR_END_GONE): _RELEASE,
        (State.TALKING, Input.FAR_END_GONE): _RELEASE,
        (State.TALKING, Input.FAR_END_BUSY): _RELEASE,
        (State.RELEASING, Input.DONE): (State.IDLE, Do.FINISH),
        (State.RELEASING, Input.REFUSED): (State.STARTING, Do.RESET),
    }
    rows |= {(state, Input.HANG_UP): _RELEASE for state in _OFF_HOOK}
    rows |= {(state, Input.STALLED): _RELEASE for state in _STREAMING}
    rows |= {(state, Input.UNPLUGGED): (State.GONE, Do.LOSE) for state in State if state is not State.GONE}
    return rows


TABLE = MappingProxyType(_rows())


def step(state: State, happened: Input) -> Row | None:
    """Where ``happened`` leads from ``state`` and what to do; ``None``: it means nothing there."""
    return TABLE.get((state, happened))
