"""From off-hook to dial tone: may we dial now, or why not. A pure step: what was heard in, at most one event out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from dsp.line.country import Hz
from dsp.line.ears import Heard


class Refusal(StrEnum):
    """Why there is no dialling."""

    NO_DIAL_TONE = "no_dial_tone"
    BUSY = "busy"
    """Busy or congestion instead of a dial tone: another set was left off the hook, or the exchange is full."""
    UNOBTAINABLE = "unobtainable"
    VOICE = "voice"
    """Somebody speaks: a call came in at the same moment, or another set is in use."""


@dataclass(frozen=True, slots=True)
class SeizeSettings:
    """Times in ms."""

    present_ms: int = 600
    """A dial tone must have lasted so long; a German busy tone's burst lasts half a second."""
    wait_ms: int = 5000
    blind: bool = False
    """Dial when the time is up, tone or none."""
    voice_ms: int = 1500


@dataclass(frozen=True, slots=True)
class SeizeState:
    """``began_ms``: when the line was taken, in the line's time."""

    began_ms: int
    voice_ms: int = 0
    over: bool = False


@dataclass(frozen=True, slots=True)
class MayDial:
    """``after_ms`` since the seizure; ``hz`` is empty and ``level_db`` says nothing when dialling blind."""

    at_ms: int
    after_ms: int
    hz: Hz
    level_db: float


@dataclass(frozen=True, slots=True)
class NoDialling:
    """The line is to be given back."""

    at_ms: int
    reason: Refusal


def seize(
    settings: SeizeSettings, state: SeizeState, heard: Heard
) -> tuple[SeizeState, MayDial | NoDialling | None]:
    """One step of 100 ms. Once it has said something it says nothing more."""
    if state.over:
        return state, None
    after_ms = heard.at_ms - state.began_ms
    state = replace(state, voice_ms=state.voice_ms + heard.voice_ms)
    said = _judge(settings, state, heard, after_ms)
    return replace(state, over=said is not None), said


def _judge(
    settings: SeizeSettings, state: SeizeState, heard: Heard, after_ms: int
) -> MayDial | NoDialling | None:
    if min(heard.dial_ms, after_ms) >= settings.present_ms:
        return MayDial(heard.at_ms, after_ms, heard.dial_hz, heard.level_db)
    if min(heard.unobtainable_ms, after_ms) >= settings.present_ms:
        return NoDialling(heard.at_ms, Refusal.UNOBTAINABLE)
    if heard.progress in ("busy", "congestion"):
        return NoDialling(heard.at_ms, Refusal.BUSY)
    if state.voice_ms >= settings.voice_ms:
        return NoDialling(heard.at_ms, Refusal.VOICE)
    if after_ms < settings.wait_ms:
        return None
    if settings.blind:
        return MayDial(heard.at_ms, after_ms, (), heard.level_db)
    return NoDialling(heard.at_ms, Refusal.NO_DIAL_TONE)
