"""The audio of one leg: its port on the conference bridge, its ring, what is played, whom it talks to.

Says what should be connected; whenever the library replaces the port (a re-INVITE does) ``attach`` makes it so again.
Only the SIP thread uses it. Leaves reading the ring to the ears.
"""

from __future__ import annotations

import pjsua2 as pj

from firmware.trunks._sip_prompt import RATE_HZ, Prompt

_HEARD_MS = 2000
"""How long the ears may be late before the ring loses audio."""
_SPOKEN_MS = 1000


class LegAudio:
    """Connections of one leg. A leg that we hold hears announcements and nobody."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._media: pj.AudioMedia | None = None
        self._prompt: Prompt | None = None
        self._partners: set[LegAudio] = set()
        self._silenced = False
        self.ring: pj.AudioRing | None = None

    def attach(self, media: pj.AudioMedia) -> None:
        """This is the leg's port from now on."""
        self._media = media
        if self.ring is None:
            self.ring = pj.AudioRing(self._name, RATE_HZ, _HEARD_MS, _SPOKEN_MS)
        media.startTransmit(self.ring)
        self.ring.startTransmit(media)
        for partner in self._partners:
            self._connect(partner)

    def detach(self) -> None:
        """The leg has no port at the moment; the library has cut its connections."""
        self._media = None

    def bridge(self, partner: LegAudio) -> None:
        """Talk to ``partner`` from now on, as soon as both have a port."""
        self._partners.add(partner)
        partner._partners.add(self)
        self._connect(partner)

    def unbridge(self, partner: LegAudio) -> None:
        """And no more."""
        if partner in self._partners:
            self._disconnect(partner)
            self._partners.discard(partner)
            partner._partners.discard(self)

    def silence(self, silenced: bool) -> None:
        """Cut or restore the audio to and from all partners, without forgetting them."""
        self._silenced = silenced
        for partner in self._partners:
            if silenced:
                self._disconnect(partner)
            else:
                self._connect(partner)

    def play(self, prompt: Prompt | None) -> None:
        """Play this instead of what is being played; nothing for ``None``."""
        if self.ring is not None:
            self.ring.flush()
        self._prompt = prompt

    def feed(self) -> bool:
        """Keep the announcement going; true at its end, once."""
        if self._prompt is None or self.ring is None or not self._prompt.feed(self.ring):
            return False
        self._prompt = None
        return True

    @property
    def playing(self) -> bool:
        """Whether an announcement is under way."""
        return self._prompt is not None

    def close(self) -> pj.AudioRing | None:
        """Let go of everything; the ring, which the ears may still be reading, is the caller's to drop."""
        for partner in list(self._partners):
            self._partners.discard(partner)
            partner._partners.discard(self)
        ring, self.ring, self._media, self._prompt = self.ring, None, None, None
        return ring

    def _connect(self, partner: LegAudio) -> None:
        ours, theirs = self._media, partner._media
        if ours is not None and theirs is not None and not self._silenced and not partner._silenced:
            ours.startTransmit(theirs)
            theirs.startTransmit(ours)

    def _disconnect(self, partner: LegAudio) -> None:
        ours, theirs = self._media, partner._media
        if ours is not None and theirs is not None:
            ours.stopTransmit(theirs)
            theirs.stopTransmit(ours)
