"""A second call during a conversation: its call-waiting tone, and who it is from if we ask (EN 300 659-2, GR-575).

After the first tone comes the alerting signal (CAS, 2130 and 2750 Hz); a set that wants the caller ID answers with key
A or D, is cut off from the conversation for a second and gets V.23 or Bell 202 without a channel seizure.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from board.sim.line import fsk
from board.sim.line.alerting import Happening, alert_tone, message_of, usual_modulation
from board.sim.line.far_end import IncomingCall
from board.sim.line.port import FRAME_MS, FRAME_SAMPLES, ChangeKind
from board.sim.line.profile import CallerIdCustom, Profile
from board.sim.line.tones import Loop, render

Floats = NDArray[np.float32]
_CAS_AFTER_MS, _CAS_MS = 40, 80
_ANSWER_WITHIN_MS = 500
_DATA_AFTER_MS = 100
_ANSWERS = "AD"
_MARK_BITS = 80
_MUTE = (CallerIdCustom.DTMF_AFTER_REVERSAL, CallerIdCustom.DTMF_BEFORE_RING, CallerIdCustom.NONE)
"""Customs that send nothing off-hook."""


class Knock:
    """One call that waits."""

    def __init__(self, profile: Profile, call: IncomingCall) -> None:
        tone = profile.tones["call_waiting"]
        self._tone = Loop(render(tone), repeats=True)
        self._profile = profile
        self._call = call
        told = profile.caller_id not in _MUTE and (call.caller or call.raw)
        self._cas_ms = tone.segments[0][1] + _CAS_AFTER_MS if told else None
        self._cas: Loop | None = None
        self._data: Loop | None = None
        self._message = b""
        self._data_ms = 0
        self._at_ms = 0

    @property
    def muted(self) -> bool:
        """The conversation is cut off: data is being sent, or about to be."""
        return self._data is not None

    def key(self, key: str) -> None:
        """A key of ours; an answer to the alerting signal if it comes in time."""
        if self._cas_ms is None or self._data is not None or key not in _ANSWERS:
            return
        if 0 <= self._at_ms - self._cas_ms - _CAS_MS <= _ANSWER_WITHIN_MS:
            custom = self._profile.caller_id
            self._message = message_of(custom, self._call.caller, self._call.raw)
            modulation = self._call.modulation or usual_modulation(custom)
            short = replace(modulation, seizure_bits=0, mark_bits=_MARK_BITS)
            self._data = Loop(fsk.modulate(self._message, short), repeats=False)
            self._data_ms, self._cas_ms = self._at_ms + _DATA_AFTER_MS, None

    def take(self) -> Floats:
        """The next 20 ms of it, to be added to the conversation."""
        at_ms, self._at_ms = self._at_ms, self._at_ms + FRAME_MS
        if self._data is not None:
            return self._data.take(FRAME_SAMPLES) if at_ms >= self._data_ms else _silence()
        sound = self._tone.take(FRAME_SAMPLES)
        if self._cas_ms is not None and self._cas_ms <= at_ms < self._cas_ms + _CAS_MS:
            self._cas = self._cas or Loop(alert_tone(_CAS_MS), repeats=False)
            return self._cas.take(FRAME_SAMPLES)
        return sound

    def sent(self, at_ms: int) -> Happening | None:
        """The caller ID, once it has been sent in full; then the conversation goes on."""
        if self._data is None or not self._data.over:
            return None
        self._data = None
        return Happening(at_ms, ChangeKind.CALLER_ID, self._message)


def _silence() -> Floats:
    return np.zeros(FRAME_SAMPLES, np.float32)
