"""Makes true who hears whom and who hears music in a call that is up; only the difference reaches the backend.

What should be is said by ``parties`` and, for supervisors, by ``Listeners``. Runs on the event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from firmware.calls import parties
from firmware.calls.parties import Who
from firmware.calls.talk import Talk
from firmware.model import LegId
from firmware.trunks.base import Media


class Listeners(Protocol):
    """Supervisors who take part."""

    def wires(self, live: Talk) -> Iterable[tuple[LegId, LegId]]:
        """(who speaks, who hears it) of everybody who listens in to this call."""

    def call_changed(self, live: Talk) -> None:
        """Other people may be in it now, or nobody."""


class Wiring:
    """The bridge of the calls that are up."""

    def __init__(
        self,
        media: Media,
        music: Callable[[], Path | None],
        leg: Callable[[Talk, Who], LegId | None],
    ) -> None:
        """``leg``: the leg of a party, if it has one."""
        self._media = media
        self._music = music
        self._leg = leg
        self._playing: dict[LegId, Talk] = {}
        self.listeners: Listeners | None = None

    def played(self, leg: LegId) -> bool:
        """A file was heard to its end; False: it was no music, which begins again."""
        if leg not in self._playing:
            return False
        self._play_music(leg)
        return True

    def forget(self, leg: LegId) -> None:
        """A leg is gone."""
        self._playing.pop(leg, None)

    def true_up(self, live: Talk) -> None:
        """Make true who hears whom and who hears music; only the difference reaches the backend."""
        up = live.is_up
        legs = {who: self._leg(live, who) for who in Who}
        ears = parties.connections(live.parties) if up else frozenset()
        wanted = {(legs[speaker], legs[hearer]) for speaker, hearer in ears}
        if up and self.listeners is not None:
            wanted.update(self.listeners.wires(live))
        known = frozenset((a, b) for a, b in wanted if a is not None and b is not None)
        self._unwire(live.wired - known)
        self._wire(known - live.wired)
        live.wired = known
        self._music_for(live, legs, up=up)
        if self.listeners is not None:
            self.listeners.call_changed(live)

    def _wire(self, new: frozenset[tuple[LegId, LegId]]) -> None:
        for speaker, hearer in sorted(new):
            if (hearer, speaker) not in new:
                self._media.feed(speaker, hearer)
            elif speaker < hearer:
                self._media.bridge(speaker, hearer)

    def _unwire(self, old: frozenset[tuple[LegId, LegId]]) -> None:
        for speaker, hearer in sorted(old):
            if (hearer, speaker) not in old:
                self._media.unfeed(speaker, hearer)
            elif speaker < hearer:
                self._media.unbridge(speaker, hearer)

    def _music_for(self, live: Talk, legs: dict[Who, LegId | None], *, up: bool) -> None:
        waiting = parties.music(live.parties) if up else frozenset()
        if up and live.we_hold:
            waiting |= {Who.CUSTOMER}
        wanted = frozenset(leg for who in waiting if (leg := legs[who]) is not None)
        for leg in live.music - wanted:
            self._playing.pop(leg, None)
            self._media.stop_playing(leg)
        for leg in wanted - live.music:
            self._playing[leg] = live
            self._play_music(leg)
        live.music = wanted

    def _play_music(self, leg: LegId) -> None:
        file = self._music()
        if file is not None:
            self._media.play(leg, file)
