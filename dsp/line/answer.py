"""Whether the far end has answered, and how we know: answer supervision of a call out. Pure steps.

A reversal is certain where the line is known to give one; a metering pulse always. Everything by ear is likely or
assumed, and says so, because a bill or a figure must not take it for more. What the network refuses is told as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from dsp.line.ears import Heard
from dsp.line.wires import Notice, Wires


class AnswerMethod(StrEnum):
    """What told us."""

    REVERSAL = "reversal"
    METERING = "metering"
    GATEWAY = "gateway"
    """A SIP gateway said so; never found out here."""
    MODEM_TONE = "modem_tone"
    """A fax or modem answers with its tone."""
    VOICE_AFTER_RINGBACK = "voice_after_ringback"
    VOICE = "voice"
    """Somebody speaks and no ringback was heard; it may be an announcement before the answer."""
    RINGBACK_STOPPED = "ringback_stopped"
    """No ringback any more, and nobody speaks."""
    TIMER = "timer"


class Confidence(StrEnum):
    """How sure."""

    CERTAIN = "certain"
    LIKELY = "likely"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """Times in ms."""

    reversal: bool = False
    """This line reverses when the far end answers; then nothing less counts but metering."""
    tones: bool = True
    """By ear, where the line does not reverse."""
    voice_ms: int = 400
    """So much voice in the pause of a ringback is an answer."""
    late_voice_ms: int = 120
    """And so much once a burst is overdue."""
    overdue: float = 1.5
    """Ringback is over when so many of its pauses have passed without a burst."""
    stopped_ms: int = 3000
    """So long after that, even silence is an answer."""
    early_voice_ms: int = 1200
    """Voice without any ringback before."""
    timer_ms: int = 0
    """Call it answered so long after the last digit, whatever is heard; 0 is never."""
    no_answer_ms: int = 120_000


@dataclass(frozen=True, slots=True)
class AnswerState:
    """``began_ms``: the end of dialling, in the line's time. The rest is memory."""

    began_ms: int
    reversed: bool | None = None
    """How the polarity was while dialling; the first look is taken for it."""
    metering: int | None = None
    ringback_ms: int | None = None
    """When a burst of ringback last sounded."""
    pause_ms: int = 4000
    voice_ms: int = 0
    over: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """The call is through."""

    at_ms: int
    method: AnswerMethod
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Refused:
    """It never was: ``kind`` is busy, congestion, sit, unobtainable, no_answer; ``detail`` the tone's."""

    at_ms: int
    kind: str
    detail: str = ""


Outcome = Answered | Refused | None
_MODEM = ("ced", "cng", "modem")
_LOUD_DB = -46.0
_SETTLE_MS = 650
"""So soon after the last digit the wires still bounce."""
_TOLD_MS = 900
"""``dsp.tones`` tells a ringback so long after its burst."""


def watch(settings: AnswerSettings, state: AnswerState, wires: Wires) -> tuple[AnswerState, Outcome]:
    """One look at the wires."""
    if state.over:
        return state, None
    if state.metering is None or (state.reversed is None and wires.reversed is not None):
        first = wires.metering if state.metering is None else state.metering
        was = wires.reversed if state.reversed is None else state.reversed
        state = replace(state, metering=first, reversed=was)
    if state.metering is not None and wires.metering > state.metering:
        return _over(state, Answered(wires.at_ms, AnswerMethod.METERING, Confidence.CERTAIN))
    turned = wires.reversed is not None and wires.reversed != state.reversed
    if settings.reversal and turned:
        return _over(state, Answered(wires.at_ms, AnswerMethod.REVERSAL, Confidence.CERTAIN))
    return state, None


def noticed(
    settings: AnswerSettings, state: AnswerState, at_ms: int, notice: Notice
) -> tuple[AnswerState, Outcome]:
    """A word about the wires; one chip calls a reversal an opened loop, so on a line that reverses both count."""
    del notice
    if state.over or not settings.reversal or at_ms - state.began_ms < _SETTLE_MS:
        return state, None
    return _over(state, Answered(at_ms, AnswerMethod.REVERSAL, Confidence.CERTAIN))


def listen(settings: AnswerSettings, state: AnswerState, heard: Heard) -> tuple[AnswerState, Outcome]:
    """100 ms of the line."""
    if state.over:
        return state, None
    for tone in heard.tones:
        if tone.kind in ("busy", "congestion", "sit"):
            return _over(state, Refused(heard.at_ms, tone.kind, tone.detail))
        if tone.kind in _MODEM and settings.tones:
            return _over(state, Answered(heard.at_ms, AnswerMethod.MODEM_TONE, Confidence.LIKELY))
    state = _remember(state, heard)
    said = _judge(settings, state, heard)
    return _over(state, said) if said else (state, None)


def _remember(state: AnswerState, heard: Heard) -> AnswerState:
    for tone in heard.tones:
        if tone.kind == "ringback":  # told in the pause after its first burst
            return replace(
                state, ringback_ms=heard.at_ms - _TOLD_MS, pause_ms=tone.pattern_ms[-1], voice_ms=0
            )
    burst = heard.progress == "ringback" and heard.level_db > _LOUD_DB and not heard.voice_ms
    if not burst:
        return replace(state, voice_ms=state.voice_ms + heard.voice_ms)
    pause_ms = state.pause_ms
    if state.ringback_ms is not None and 1000 < heard.at_ms - state.ringback_ms < 7000:
        pause_ms = heard.at_ms - state.ringback_ms
    return replace(state, ringback_ms=heard.at_ms, pause_ms=pause_ms, voice_ms=0)


def _judge(settings: AnswerSettings, state: AnswerState, heard: Heard) -> Outcome:
    waited_ms = heard.at_ms - state.began_ms
    if heard.unobtainable_ms >= 1000:
        return Refused(heard.at_ms, "unobtainable")
    method = _by_ear(settings, state, heard.at_ms) if settings.tones and not settings.reversal else None
    if method:
        sure = Confidence.LIKELY if method is AnswerMethod.VOICE_AFTER_RINGBACK else Confidence.ASSUMED
        return Answered(heard.at_ms, method, sure)
    if settings.timer_ms and waited_ms >= settings.timer_ms:
        return Answered(heard.at_ms, AnswerMethod.TIMER, Confidence.ASSUMED)
    if waited_ms >= settings.no_answer_ms:
        return Refused(heard.at_ms, "no_answer")
    return None


def _by_ear(settings: AnswerSettings, state: AnswerState, at_ms: int) -> AnswerMethod | None:
    if state.ringback_ms is None:
        return AnswerMethod.VOICE if state.voice_ms >= settings.early_voice_ms else None
    late_ms = at_ms - state.ringback_ms - settings.overdue * state.pause_ms
    wanted_ms = settings.late_voice_ms if late_ms > 0 else settings.voice_ms
    if state.voice_ms >= wanted_ms:
        return AnswerMethod.VOICE_AFTER_RINGBACK
    return AnswerMethod.RINGBACK_STOPPED if late_ms > settings.stopped_ms else None


def _over(state: AnswerState, said: Outcome) -> tuple[AnswerState, Outcome]:
    return replace(state, over=True), said
