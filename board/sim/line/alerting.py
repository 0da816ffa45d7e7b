"""An incoming call as the wires feel it: ring bursts, reversal, alert tones and caller ID, each at its time.

Bell 202 and V.23 between the rings, V.23 after a reversal and DT-AS or after a short ring, DTMF with or without a
reversal (GR-30, EN 300 659-1 §6, SIN 227). Who calls and what follows the answer is `far_end`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from board.sim.line import fsk, messages
from board.sim.line.messages import Caller
from board.sim.line.port import SAMPLE_RATE, ChangeKind
from board.sim.line.profile import CallerIdCustom, Profile
from board.sim.line.tones import amplitude

Floats = NDArray[np.float32]
_AFTER_RING_MS = 600
_DT_AS_HZ, _DT_AS_DBM0 = (2130.0, 2750.0), -15.0
_DT_AS_AT_MS, _DT_AS_MS, _AFTER_DT_AS_MS = 120, 100, 60
_SHORT_RING_MS = 250
_KEYS_AT_MS = 300
_BEFORE_RING_MS = 300


@dataclass(frozen=True, slots=True)
class Happening:
    """A change on the wires, so long after the call came in."""

    at_ms: int
    kind: ChangeKind
    data: bytes = b""


class Alerting:
    """One call that rings, from the first sign of it."""

    def __init__(
        self,
        profile: Profile,
        caller: Caller | None,
        modulation: fsk.Modulation | None = None,
        raw: bytes | None = None,
    ) -> None:
        """`raw` replaces the message of an FSK custom: tests send broken ones."""
        self._ring_ms = profile.ring_ms
        self._first_ring_ms = 0
        self._prelude: list[Happening] = []
        self._sound = np.zeros(0, np.float32)
        custom = profile.caller_id if caller or raw else CallerIdCustom.NONE
        if custom in (CallerIdCustom.DTMF_AFTER_REVERSAL, CallerIdCustom.DTMF_BEFORE_RING):
            self._with_keys(messages.dtmf(caller or Caller(), profile), custom)
        elif custom is not CallerIdCustom.NONE:
            self._with_fsk(custom, message_of(custom, caller, raw), modulation or usual_modulation(custom))

    def happenings(self, from_ms: int, to_ms: int) -> list[Happening]:
        """What happens from one moment up to, not including, another."""
        found = [one for one in self._prelude if from_ms <= one.at_ms < to_ms]
        found += [one for one in self._rings(to_ms) if from_ms <= one.at_ms]
        return sorted(found, key=lambda one: one.at_ms)

    def sound(self, from_ms: int, to_ms: int) -> Floats:
        """What is to be heard meanwhile."""
        start, end = (ms * SAMPLE_RATE // 1000 for ms in (from_ms, to_ms))
        piece = self._sound[start:end]
        return np.concatenate((piece, np.zeros(end - start - len(piece), np.float32)))

    def bursts(self, at_ms: int) -> int:
        """How many whole rounds of the ring cadence are over."""
        return max(0, (at_ms - self._first_ring_ms) // sum(self._ring_ms))

    def _rings(self, to_ms: int) -> list[Happening]:
        """The bursts of the round that is on and the one before it."""
        cycle = sum(self._ring_ms)
        rounds = (to_ms - self._first_ring_ms) // cycle
        found = []
        for number in range(max(0, rounds - 1), rounds + 1):
            at_ms = self._first_ring_ms + number * cycle
            for i, ms in enumerate(self._ring_ms):
                found.append(Happening(at_ms, ChangeKind.RING_OFF if i % 2 else ChangeKind.RING_ON))
                at_ms += ms
        return [one for one in found if one.at_ms < to_ms]

    def _with_keys(self, keys: str, custom: CallerIdCustom) -> None:
        if custom is CallerIdCustom.DTMF_AFTER_REVERSAL:
            self._prelude.append(Happening(0, ChangeKind.REVERSAL))
        self._place(_KEYS_AT_MS, fsk.keys(keys), keys.encode("ascii"))
        self._first_ring_ms = self._prelude[-1].at_ms + _BEFORE_RING_MS

    def _with_fsk(self, custom: CallerIdCustom, message: bytes, modulation: fsk.Modulation) -> None:
        sound = fsk.modulate(message, modulation)
        if custom is CallerIdCustom.V23_AFTER_REVERSAL:
            self._prelude.append(Happening(0, ChangeKind.REVERSAL))
            self._add(_DT_AS_AT_MS, alert_tone(_DT_AS_MS))
            self._place(_DT_AS_AT_MS + _DT_AS_MS + _AFTER_DT_AS_MS, sound, message)
        elif custom is CallerIdCustom.V23_AFTER_SHORT_RING:
            self._prelude += [
                Happening(0, ChangeKind.RING_ON),
                Happening(_SHORT_RING_MS, ChangeKind.RING_OFF),
            ]
            self._place(_SHORT_RING_MS + _AFTER_RING_MS, sound, message)
        else:
            self._place(sum(self._ring_ms[:-1]) + _AFTER_RING_MS, sound, message)
            return
        self._first_ring_ms = self._prelude[-1].at_ms + _BEFORE_RING_MS

    def _place(self, at_ms: int, sound: Floats, message: bytes) -> None:
        self._add(at_ms, sound)
        over_ms = at_ms + -(-len(sound) * 1000 // SAMPLE_RATE)
        self._prelude.append(Happening(over_ms, ChangeKind.CALLER_ID, message))

    def _add(self, at_ms: int, sound: Floats) -> None:
        gap = np.zeros(at_ms * SAMPLE_RATE // 1000 - len(self._sound), np.float32)
        self._sound = np.concatenate((self._sound, gap, sound))


def alert_tone(ms: int) -> Floats:
    """DT-AS, called CAS in a conversation: 2130 and 2750 Hz."""
    at_s = np.arange(ms * SAMPLE_RATE // 1000) / SAMPLE_RATE
    wave = sum(np.sin(2 * np.pi * hz * at_s) for hz in _DT_AS_HZ) * amplitude(_DT_AS_DBM0)
    return np.asarray(wave, np.float32)


def message_of(custom: CallerIdCustom, caller: Caller | None, raw: bytes | None) -> bytes:
    """The bytes an FSK custom sends; ``raw`` goes before a proper message."""
    if raw is not None:
        return raw
    caller = caller or Caller()
    if custom is CallerIdCustom.BELL_BETWEEN_RINGS:
        return messages.mdmf(caller)
    return messages.mdmf(caller if caller.call_type else replace(caller, call_type=1))


def usual_modulation(custom: CallerIdCustom) -> fsk.Modulation:
    """Bell 202 or V.23."""
    return fsk.BELL_202 if custom is CallerIdCustom.BELL_BETWEEN_RINGS else fsk.V23
