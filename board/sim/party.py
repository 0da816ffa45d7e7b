"""Somebody on a telephone: speaks with a voice, listens, takes turns, and is watched by the witness.

What the called people and machines of `behaviours` and the agents of `phone` have in common. SIP is `call`'s.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterable

from board.sim.capture import Capture
from board.sim.clips import Clip
from board.sim.media import MediaSession
from board.sim.sip_call import SipCall
from board.sim.voices import Kind, Voices
from board.sim.witness import Subject, Witness

_TURN_QUIET_S = 0.5


class Party:
    """One end of one call."""

    def __init__(
        self, subject: Subject, witness: Witness, voices: Voices, language: str, rng: random.Random
    ) -> None:
        """The call itself comes with `connect`."""
        self.subject = subject
        self.rng = rng
        self.answered_at = 0.0
        self.hello_ended_at = 0.0
        self.spoke_at = 0.0
        self.spoke_until = 0.0
        self.listens_s = 12.0
        self._witness = witness
        self._voices = voices
        self._language = language
        self._voice = ""
        self._call: SipCall | None = None
        self._media: MediaSession | None = None

    def connect(self, call: SipCall, media: MediaSession) -> None:
        """Take the telephone in hand."""
        self._call, self._media = call, media
        call.on_event = self._happened
        media.stream.ear.on_burst = self._heard
        media.stream.ear.on_digit = lambda digit: self.note("digit", digit=digit)

    @property
    def call(self) -> SipCall:
        """The call. Raises RuntimeError before `connect`."""
        if self._call is None:
            raise RuntimeError("not connected")
        return self._call

    @property
    def media(self) -> MediaSession:
        """The audio of the call. Raises RuntimeError before `connect`."""
        if self._media is None:
            raise RuntimeError("not connected")
        return self._media

    @property
    def heard(self) -> Capture:
        """What this party has received."""
        return self.media.stream.capture

    def note(self, event: str, /, **figures: object) -> None:
        """Tell the witness; empty texts are left out."""
        self._witness.record(self.subject, event, {name: one for name, one in figures.items() if one != ""})

    def _happened(self, event: str, figures: dict[str, object]) -> None:
        self.note(event, **figures)

    def _heard(self, began_at: float) -> None:
        figures: dict[str, object] = {"first": self.media.stream.ear.bursts == 1}
        if self.answered_at:
            figures["since_answer_s"] = round(began_at - self.answered_at, 3)
        if self.hello_ended_at:
            figures["since_hello_end_s"] = round(began_at - self.hello_ended_at, 3)
        self._witness.record(self.subject, "heard_speech", figures, began_at)

    # --- speaking ------------------------------------------------------------------------------------------

    async def recall(self, kind: Kind) -> Clip:
        """Think of something to say: load a clip in this party's voice before it is needed."""
        recording = self._voices.choose(kind, self._language, self.rng, self._voice)
        self._voice = self._voice or recording.voice
        return await self._voices.load(recording)

    async def say(self, clip: Clip, kind: str = "") -> None:
        """Say a clip to its end."""

        def began(at: float) -> None:
            self.spoke_at = at
            figures: dict[str, object] = {
                "clip": clip.name,
                "kind": kind,
                "duration_s": round(clip.duration_s, 3),
            }
            self._witness.record(self.subject, "spoke", figures, at)

        await self.media.stream.mouth.play(clip, on_begin=began)
        self.spoke_until = time.time()

    async def press(self, keys: Iterable[str]) -> None:
        """Press keys (RFC 4733)."""
        keys = list(keys)
        self.note("pressed", digits="".join(keys))
        await asyncio.sleep(self.media.stream.mouth.press(keys))

    # --- listening -----------------------------------------------------------------------------------------

    async def turn(self, within_s: float) -> bool:
        """Wait until the other side has spoken since we last began to, and has paused; False when it does not.

        A side that talks without a pause is let talk for `listens_s`.
        """
        ear = self.media.stream.ear
        if ear.last_loud_at <= self.spoke_at and not await ear.speech(within_s):
            return False
        await ear.pause(_TURN_QUIET_S, self.listens_s)
        return True

    @property
    def quiet_since(self) -> float:
        """Since when neither side has spoken."""
        return max(self.spoke_until, self.media.stream.ear.last_loud_at)

    def figures(self) -> dict[str, object]:
        """Return what the audio of the call came to."""
        stream, heard = self.media.stream, self.heard
        return {
            "rtp_sent": stream.sent, "rtp_received": heard.received, "rtp_lost": heard.lost, "rtp_late": heard.late,
            "longest_gap_s": round(heard.longest_gap_s, 4), "bursts_heard": stream.ear.bursts,
        }  # fmt: skip
