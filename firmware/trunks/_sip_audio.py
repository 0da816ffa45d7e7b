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
        self._hearers: set[LegAudio] = set()
        self._speakers: set[LegAudio] = set()
        self._silenced = False
        self.ring: pj.AudioRing | None = None

    def attach(self, media: pj.AudioMedia) -> None:
        """This is the leg's port from now on."""
        self._media = media
        if self.ring is None:
            self.ring = pj.AudioRing(self._name, RATE_HZ, _HEARD_MS, _SPOKEN_MS)
        media.startTransmit(self.ring)
        self.ring.startTransmit(media)
        for hearer in self._hearers:
            self._connect(hearer)
        for speaker in self._speakers:
            speaker._connect(self)

    def detach(self) -> None:
        """The leg has no port at the moment; the library has cut its connections."""
        self._media = None

    def bridge(self, partner: LegAudio) -> None:
        """Talk to ``partner`` from now on, as soon as both have a port."""
        self.speak_to(partner)
        partner.speak_to(self)

    def unbridge(self, partner: LegAudio) -> None:
        """And no more."""
        self.fall_silent(partner)
        partner.fall_silent(self)

    def speak_to(self, hearer: LegAudio) -> None:
        """Be heard by ``hearer`` from now on, as soon as both have a port."""
        self._hearers.add(hearer)
        hearer._speakers.add(self)
        self._connect(hearer)

    def fall_silent(self, hearer: LegAudio) -> None:
        """And no more, for ``hearer`` alone."""
        if hearer in self._hearers:
            self._disconnect(hearer)
            self._hearers.discard(hearer)
            hearer._speakers.discard(self)

    def silence(self, silenced: bool) -> None:
        """Cut or restore the audio to and from everybody, without forgetting who that is."""
        self._silenced = silenced
        for hearer in self._hearers:
            self._again(hearer)
        for speaker in self._speakers:
            speaker._again(self)

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
        for hearer in self._hearers:
            hearer._speakers.discard(self)
        for speaker in self._speakers:
            speaker._hearers.discard(self)
        self._hearers.clear()
        self._speakers.clear()
        ring, self.ring, self._media, self._prompt = self.ring, None, None, None
        return ring

    def _again(self, hearer: LegAudio) -> None:
        if self._silenced or hearer._silenced:
            self._disconnect(hearer)
        else:
            self._connect(hearer)

    def _connect(self, hearer: LegAudio) -> None:
        ours, theirs = self._media, hearer._media
        if ours is not None and theirs is not None and not self._silenced and not hearer._silenced:
            ours.startTransmit(theirs)

    def _disconnect(self, hearer: LegAudio) -> None:
        ours, theirs = self._media, hearer._media
        if ours is not None and theirs is not None:
            ours.stopTransmit(theirs)
