"""Whether the far end has gone: disconnect supervision of a call that is up. Pure steps.

Opened loop, second reversal, busy or congestion for some cycles, dial tone, silence, and an end to everything. What a
hook flash of ours does to the loop is masked, and so is the moment of going off-hook.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from dsp.line.answer import Confidence
from dsp.line.ears import Heard
from dsp.line.wires import Notice, Wires
from dsp.tones import Tone


class DisconnectMethod(StrEnum):
    """What told us."""

    CPC = "cpc"
    """The exchange opened the loop."""
    REVERSAL = "reversal"
    BUSY = "busy"
    CONGESTION = "congestion"
    DIAL_TONE = "dial_tone"
    SILENCE = "silence"
    MAXIMUM = "maximum"


@dataclass(frozen=True, slots=True)
class DisconnectSettings:
    """Times in ms; 0 turns a rule off."""

    cpc_ms: int = 80
    reversal: bool = False
    """This line reverses (again) when the far end has gone."""
    tones: bool = True
    cycles: int = 3
    """Rounds of busy or congestion that must be heard; 6 where people hear such tones in conversation."""
    dial_ms: int = 2500
    """A dial tone so long; longer than any ringback's burst."""
    silence_ms: int = 60_000
    maximum_ms: int = 4 * 3600 * 1000
    mask_ms: int = 650
    """After going off-hook the loop is not looked at."""
    settle_ms: int = 600
    """A reversal sooner after the last one belongs to it."""
    quiet_db: float = -46.0


@dataclass(frozen=True, slots=True)
class DisconnectState:
    """``began_ms``: the answer; ``off_hook_ms``: when the loop was closed. In the line's time."""

    began_ms: int
    off_hook_ms: int
    held: bool = False
    """On hold silence is what is to be heard: it does not count."""
    masked_until_ms: int = 0
    open_since_ms: int | None = None
    reversed: bool | None = None
    reversed_at_ms: int = 0
    loud_at_ms: int | None = None
    tone: Tone | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class Disconnected:
    """Hang up."""

    at_ms: int
    method: DisconnectMethod
    confidence: Confidence


def flashed(state: DisconnectState, at_ms: int, flash_ms: int) -> DisconnectState:
    """We are about to flash: the loop is not looked at for that long and 400 ms more."""
    return replace(state, masked_until_ms=at_ms + flash_ms + 400)


def hold(state: DisconnectState, at_ms: int, *, held: bool) -> DisconnectState:
    """The call is put on hold or taken back."""
    return replace(state, held=held, loud_at_ms=at_ms)


def watch(
    settings: DisconnectSettings, state: DisconnectState, wires: Wires
) -> tuple[DisconnectState, Disconnected | None]:
    """One look at the wires."""
    masked = wires.at_ms < max(state.masked_until_ms, state.off_hook_ms + settings.mask_ms)
    if state.over or masked or not wires.off_hook:
        return replace(state, open_since_ms=None, reversed=_known(wires, state)), None
    state = _opened(state, wires)
    open_ms = 0 if state.open_since_ms is None else wires.at_ms - state.open_since_ms
    if settings.cpc_ms and open_ms >= settings.cpc_ms:
        return _over(state, wires.at_ms, DisconnectMethod.CPC, Confidence.CERTAIN)
    turned = wires.reversed is not None and state.reversed is not None and wires.reversed != state.reversed
    if not turned:
        return replace(state, reversed=_known(wires, state)), None
    soon = wires.at_ms - max(state.reversed_at_ms, state.began_ms) < settings.settle_ms
    state = replace(state, reversed=wires.reversed, reversed_at_ms=wires.at_ms)
    if settings.reversal and not soon:
        return _over(state, wires.at_ms, DisconnectMethod.REVERSAL, Confidence.CERTAIN)
    return state, None


def noticed(
    settings: DisconnectSettings, state: DisconnectState, at_ms: int, notice: Notice
) -> tuple[DisconnectState, Disconnected | None]:
    """A word about the wires, masked like a look at them. An opened loop is the end; a reversal only where it is."""
    masked_ms = max(
        state.masked_until_ms, state.off_hook_ms + settings.mask_ms, state.began_ms + settings.settle_ms
    )
    if state.over or at_ms < masked_ms:
        return state, None
    if notice is Notice.OPENED and settings.cpc_ms:
        return _over(state, at_ms, DisconnectMethod.CPC, Confidence.CERTAIN)
    if notice is Notice.REVERSED and settings.reversal:
        return _over(state, at_ms, DisconnectMethod.REVERSAL, Confidence.CERTAIN)
    return state, None


def listen(
    settings: DisconnectSettings, state: DisconnectState, heard: Heard
) -> tuple[DisconnectState, Disconnected | None]:
    """100 ms of the line."""
    if state.over:
        return state, None
    silent = state.held or heard.level_db < settings.quiet_db
    loud_at_ms = heard.at_ms if state.loud_at_ms is None or not silent or state.held else state.loud_at_ms
    tone = next((one for one in heard.tones if one.kind in ("busy", "congestion")), state.tone)
    state = replace(state, loud_at_ms=loud_at_ms, tone=tone if heard.progress else None)
    method = _by_ear(settings, state, heard) if settings.tones else None
    if method:
        return _over(state, heard.at_ms, method, Confidence.LIKELY)
    if settings.silence_ms and heard.at_ms - loud_at_ms >= settings.silence_ms:
        return _over(state, heard.at_ms, DisconnectMethod.SILENCE, Confidence.ASSUMED)
    if settings.maximum_ms and heard.at_ms - state.began_ms >= settings.maximum_ms:
        return _over(state, heard.at_ms, DisconnectMethod.MAXIMUM, Confidence.ASSUMED)
    return state, None


def _by_ear(settings: DisconnectSettings, state: DisconnectState, heard: Heard) -> DisconnectMethod | None:
    tone = state.tone
    if tone and heard.at_ms - (tone.at_ms - tone.length_ms) >= settings.cycles * sum(tone.pattern_ms):
        return DisconnectMethod(tone.kind)
    if settings.dial_ms and heard.dial_ms >= settings.dial_ms:
        return DisconnectMethod.DIAL_TONE
    return None


def _opened(state: DisconnectState, wires: Wires) -> DisconnectState:
    if wires.battery is not False:
        return replace(state, open_since_ms=None)
    return state if state.open_since_ms is not None else replace(state, open_since_ms=wires.at_ms)


def _known(wires: Wires, state: DisconnectState) -> bool | None:
    return state.reversed if wires.reversed is None else wires.reversed


def _over(
    state: DisconnectState, at_ms: int, method: DisconnectMethod, confidence: Confidence
) -> tuple[DisconnectState, Disconnected]:
    return replace(state, over=True), Disconnected(at_ms, method, confidence)
