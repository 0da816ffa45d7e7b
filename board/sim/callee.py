"""A called number for the length of one call: what the behaviours act with.

Adds to a Party what only the called side does: let it ring, early media, answer, refuse.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from dataclasses import dataclass
from typing import Any

from board.sim import tones
from board.sim.media import MediaSession
from board.sim.params import Chance, Params
from board.sim.party import Party
from board.sim.sip_incoming import IncomingCall
from board.sim.voices import Kind, Voices
from board.sim.witness import Subject, Witness


class CallOver(Exception):
    """The other side has ended the call while the behaviour was waiting."""


@dataclass(frozen=True, slots=True)
class Network:
    """What all called numbers share."""

    witness: Witness
    voices: Voices
    country: str = "DE"
    haste: float = 1.0


class Callee(Party):
    """One called number, one call."""

    def __init__(
        self, network: Network, subject: Subject, params: Params, rng: random.Random, attempt: str
    ) -> None:
        """`attempt` is the caller's X-Attempt header, empty if it sent none."""
        self.country = params.country or tones.country_of(subject.number, network.country)
        super().__init__(subject, network.witness, network.voices, tones.LANGUAGES[self.country], rng)
        self.params = params
        self.listens_s = params.listens_s
        self.attempt = attempt
        self.chance = Chance(rng, network.haste)
        self._incoming: IncomingCall | None = None

    def take(self, call: IncomingCall, media: MediaSession) -> None:
        """Take the call that has come."""
        self.connect(call, media)
        self._incoming = call
        if self.params.loss_percent:
            media.stream.loss_in = media.stream.loss_out = self.params.loss_percent / 100

    @property
    def incoming(self) -> IncomingCall:
        """The call. Raises RuntimeError before `take`."""
        if self._incoming is None:
            raise RuntimeError("not connected")
        return self._incoming

    # --- before the answer ---------------------------------------------------------------------------------

    async def reach(self) -> None:
        """Let the network take its time to find the number."""
        given_s = self.params.post_dial_s
        await asyncio.sleep(self.chance.post_dial_s() if given_s is None else given_s)

    async def ring(self, drawn_s: float) -> None:
        """Find the number and let it ring: for `params.ring_s`, else for what was drawn."""
        await self.reach()
        if self.params.ringback:
            self.early()
            self.media.stream.mouth.play(tones.progress(self.country, "ringback"), loop=True)
        else:
            self.incoming.ring()
            self.note("ringing", status=180)
        await asyncio.sleep(drawn_s if self.params.ring_s is None else self.params.ring_s)
        self.media.stream.mouth.stop()

    def early(self) -> None:
        """Open early media: 183 with our answer to the offer."""
        self.incoming.ring(183, early_media=True)
        self.note("ringing", status=183, early_media=True)

    def refuse(self, status: int, cause: int = 0) -> None:
        """Refuse the call, with a Q.850 cause if given."""
        status = self.params.status or status
        if not self.incoming.is_answered:
            self.note("refused", status=status)
        self.incoming.refuse(status, cause=cause)

    async def answer(self) -> None:
        """Answer, and wait for the ACK. Raises CallOver when the call ends instead."""
        self.incoming.answer()
        self.answered_at = time.time()
        self.note("answered", codec=self.media.stream.mouth.codec)
        either: set[asyncio.Future[Any]] = {self.incoming.confirmed, self.incoming.ended}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not self.incoming.is_confirmed:
            raise CallOver

    # --- after it ------------------------------------------------------------------------------------------

    def hang_up(self) -> None:
        """Send the BYE."""
        self.incoming.bye()

    def leave(self, status: int) -> None:
        """End the call wherever it stands: refuse with `status` before the answer, BYE after it."""
        if not self.incoming.is_answered:
            self.note("refused", status=status)
            self.incoming.refuse(status)
        elif self.incoming.is_confirmed:
            self.hang_up()

    async def hello(self, kind: Kind = Kind.HELLO) -> None:
        """Say the first thing."""
        clip = await self.recall(kind)
        after_s = self.params.hello_after_s
        await asyncio.sleep(self.chance.between(0.2, 0.8) if after_s is None else after_s)
        await self.say(clip, kind)
        self.hello_ended_at = time.time()

    async def hold_the_line(self) -> None:
        """Say nothing until the other side hangs up, or `params.limit_s` have passed."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self.incoming.ended), self.params.limit_s)
        self.hang_up()
