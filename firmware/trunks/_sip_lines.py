"""Analog lines on the conference bridge: for each leg a port of its own, which a line's thread fills and empties.

To the rest of the SIP thread such a leg is audio like any other: it hears announcements, is recorded, judged and
bridged by the same code. The port is an ``AudioRing``: the line writes what it hears, the bridge plays it to the
partner, and the other way round, so nothing of Python stands between them per frame but the line's own 20 ms. Leaves
the line itself to ``modem``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pjsua2 as pj

from firmware.model import LegId
from firmware.trunks._modem_sound import BridgeSound
from firmware.trunks._sip_audio import LegAudio
from firmware.trunks._sip_prompt import RATE_HZ
from firmware.trunks.base import LegEnded

if TYPE_CHECKING:
    from firmware.trunks._sip_legs import Legs

_ROOM_MS = 400


class LineLeg:
    """One leg on a line, as the bridge knows it."""

    def __init__(self, leg: LegId, fail: Callable[[str], None]) -> None:
        self.id = leg
        self.audio = LegAudio(leg)
        self.port = pj.AudioRing(f"{leg} line", RATE_HZ, _ROOM_MS, _ROOM_MS)
        self.fail = fail
        """Ask the line to end the leg, because something of ours went wrong."""


class LineLegs:
    """All of them. Runs in the SIP thread."""

    def __init__(self, legs: Legs) -> None:
        self._legs = legs
        self._lines: dict[LegId, LineLeg] = {}

    def __len__(self) -> int:
        return len(self._lines)

    def get(self, name: LegId) -> LineLeg | None:
        """The leg of that name, if it is on a line."""
        return self._lines.get(name)

    def open(self, name: LegId, use: Callable[[BridgeSound], None], fail: Callable[[str], None]) -> None:
        """Make a port for a leg; ``use`` is given its two ends, here in the SIP thread."""
        try:
            leg = self._lines[name] = LineLeg(name, fail)
            leg.audio.attach(leg.port)
            self._legs.on_ring(name, leg.audio)
        except pj.Error as error:
            fail(f"no room on the bridge: {error.reason}")
            return
        use(BridgeSound(leg.port))

    def answered(self, name: LegId) -> None:
        """What was heard so far was early media."""
        if name in self._lines:
            self._legs.ears.answered(name)

    def close(self, ended: LegEnded) -> None:
        """The line is on-hook: take the leg off the bridge, then tell."""
        leg = self._lines.pop(ended.leg, None)
        if leg is not None:
            self._legs.let_go(leg.id, leg.audio)
        self._legs.emit(ended)

    def forget(self) -> None:
        """Drop every object of the library."""
        for leg in self._lines.values():
            leg.audio.close()
        self._lines.clear()
