"""A ``Media`` that lets somebody know what was asked of it, and else does what the one inside does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from firmware.model import LegId
from firmware.stories import Stories
from firmware.trunks.base import LegEvent, ListenSettings, Media, MediaHealth, Route


class ToldMedia:
    """Keeps ``stories`` current with both directions."""

    def __init__(self, media: Media, stories: Stories) -> None:
        self._media, self._stories = media, stories

    async def start(self, deliver: Callable[[LegEvent], None]) -> None:
        """Open for business."""

        def told(event: LegEvent) -> None:
            self._stories.event(event)
            deliver(event)

        await self._media.start(told)

    async def stop(self) -> None:
        """Hang up everything."""
        await self._media.stop()

    def originate(self, leg: LegId, route: Route, caller_id: str, ring_timeout_s: float) -> None:
        """Place a call."""
        self._stories.placed_leg(leg, route.kind, route.trunk, ring_timeout_s)
        self._media.originate(leg, route, caller_id, ring_timeout_s)

    def answer(self, leg: LegId) -> None:
        """Accept an offered leg."""
        self._stories.note(leg, "box", "accepted")
        self._media.answer(leg)

    def hang_up(self, leg: LegId, sip_code: int = 0) -> None:
        """End a leg."""
        self._stories.note(leg, "box", "hung_up", sip_code=sip_code)
        self._media.hang_up(leg, sip_code)

    def hold(self, leg: LegId) -> None:
        """Put the far end on hold."""
        self._stories.note(leg, "box", "hold")
        self._media.hold(leg)

    def unhold(self, leg: LegId) -> None:
        """Take it back."""
        self._stories.note(leg, "box", "unhold")
        self._media.unhold(leg)

    def send_digits(self, leg: LegId, digits: str) -> None:
        """Keys; how many, not which: they may be a secret."""
        self._stories.note(leg, "box", "keys", count=len(digits))
        self._media.send_digits(leg, digits)

    def play(self, leg: LegId, prompt: Path) -> None:
        """Play a file."""
        self._stories.note(leg, "box", "play")
        self._media.play(leg, prompt)

    def stop_playing(self, leg: LegId) -> None:
        """Stop at once."""
        self._media.stop_playing(leg)

    def listen(self, leg: LegId, settings: ListenSettings) -> None:
        """Let the ears judge this leg."""
        self._stories.note(leg, "box", "listen")
        self._media.listen(leg, settings)

    def stop_listening(self, leg: LegId) -> None:
        """And no more."""
        self._media.stop_listening(leg)

    def bridge(self, first: LegId, second: LegId) -> None:
        """Connect two legs."""
        self._stories.met(first, second)
        self._media.bridge(first, second)

    def unbridge(self, first: LegId, second: LegId) -> None:
        """Disconnect them."""
        for leg in (first, second):
            self._stories.note(leg, "box", "disconnected")
        self._media.unbridge(first, second)

    def feed(self, speaker: LegId, hearer: LegId) -> None:
        """One hears the other."""
        self._stories.met(speaker, hearer)
        self._media.feed(speaker, hearer)

    def unfeed(self, speaker: LegId, hearer: LegId) -> None:
        """And no more."""
        self._media.unfeed(speaker, hearer)

    def record(self, customer: LegId, agent: LegId, path: Path) -> None:
        """Write a stereo WAV."""
        self._stories.note(customer, "box", "record")
        self._media.record(customer, agent, path)

    def stop_recording(self, customer: LegId) -> None:
        """Close the file."""
        self._stories.note(customer, "box", "record_end")
        self._media.stop_recording(customer)

    def health(self) -> MediaHealth:
        """How the backend is."""
        return self._media.health()
