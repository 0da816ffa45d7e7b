"""A call coming in: bursts counted, when it may be answered, when the caller has given up. A pure step.

Answered too early a call loses its caller ID, which most networks send after the first burst; so the rule waits for
the message or for two bursts. A single knock on the wires (a reversal, a lightning) is no ring: a burst must last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dsp.line.wires import Wires


@dataclass(frozen=True, slots=True)
class RingSettings:
    """Times in ms."""

    least_ms: int = 120
    """A shorter burst is none. (A ring pulse that announces a caller ID lasts 200 ms and more.)"""
    over_ms: int = 7000
    """So long without a burst, the caller has given up; longer than any country's pause."""
    twin_ms: int = 500
    """A pause so short is within a burst: British lines ring twice."""
    bursts: int = 2
    """Answer after so many when there is no caller ID; before the second ends there will be none."""


@dataclass(frozen=True, slots=True)
class RingState:
    """Memory. ``bursts``: of this call so far, the one that is on included once it is long enough."""

    bursts: int = 0
    began_ms: int | None = None
    """Of the burst that is on."""
    counted: bool = False
    off_ms: int | None = None
    """When the latest burst ended."""
    known_ms: int | None = None
    """When the caller ID came."""
    told: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """A burst was counted; the first one means that a call has come in."""

    at_ms: int
    bursts: int


@dataclass(frozen=True, slots=True)
class MayAnswer:
    """Nothing is lost any more by going off-hook. Told once a call."""

    at_ms: int
    bursts: int
    caller_known: bool


@dataclass(frozen=True, slots=True)
class GivenUp:
    """It rings no more, and nobody has answered."""

    at_ms: int
    bursts: int


RingEvent = Rung | MayAnswer | GivenUp


def caller_known(state: RingState, at_ms: int) -> RingState:
    """The caller ID of a call has been decoded; before the first burst it is kept for the call to come."""
    return replace(state, known_ms=at_ms)


def ring(settings: RingSettings, state: RingState, wires: Wires) -> tuple[RingState, tuple[RingEvent, ...]]:
    """One look at the wires; off-hook the call is somebody else's business and all is forgotten."""
    if wires.off_hook:
        return RingState(), ()
    if wires.ringing:
        state, rung = _on(settings, state, wires.at_ms)
    else:
        state, rung = _off(settings, state, wires.at_ms)
    if isinstance(rung, GivenUp):
        return RingState(), (rung,)
    said: tuple[RingEvent, ...] = (rung,) if rung else ()
    if not state.bursts and state.known_ms is not None and wires.at_ms - state.known_ms > settings.over_ms:
        state = replace(state, known_ms=None)
    known = state.known_ms is not None
    if not state.told and state.bursts and (known or state.bursts >= settings.bursts):
        said += (MayAnswer(wires.at_ms, state.bursts, known),)
        state = replace(state, told=True)
    return state, said


def _on(settings: RingSettings, state: RingState, at_ms: int) -> tuple[RingState, RingEvent | None]:
    if state.began_ms is None:
        twin = state.bursts > 0 and state.off_ms is not None and at_ms - state.off_ms <= settings.twin_ms
        return replace(state, began_ms=at_ms, counted=twin), None
    if state.counted or at_ms - state.began_ms < settings.least_ms:
        return state, None
    state = replace(state, counted=True, bursts=state.bursts + 1)
    return state, Rung(at_ms, state.bursts)


def _off(settings: RingSettings, state: RingState, at_ms: int) -> tuple[RingState, RingEvent | None]:
    if state.began_ms is not None:
        return replace(state, began_ms=None, off_ms=at_ms), None
    quiet_ms = 0 if state.off_ms is None else at_ms - state.off_ms
    if quiet_ms < settings.over_ms:
        return state, None
    return state, GivenUp(at_ms, state.bursts) if state.bursts else None
