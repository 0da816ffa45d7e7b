"""The audio of one call: descriptions on one side, a paced stream on the other (RFC 3264).

What `sip_call` asks of a Media, made of `sdp` and `rtp_stream`.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence

from board.sim import sdp
from board.sim.clips import Clip
from board.sim.mouth import Mouth
from board.sim.rtp_clock import RtpClock
from board.sim.rtp_stream import PortPool, RtpStream
from board.sim.sdp import Direction


class MediaFactory:
    """What all calls of one process share: the clock, the ports, the faint noise of the line."""

    def __init__(
        self, host: str, *, background: Clip, codecs: Sequence[str] = (), keep_s: float = 0.0
    ) -> None:
        """`codecs` in order of liking, empty to follow the offer; `keep_s` of heard audio are kept a call."""
        self.host = host
        self.clock = RtpClock()
        self._ports = PortPool(host)
        self._background = background
        self._codecs = tuple(codecs)
        self._keep_s = keep_s

    def session(self, rng: random.Random) -> MediaSession:
        """Return the audio of a new call. Raises OSError when no ports are free."""
        mouth = Mouth(self._background, rng.randrange(100))
        stream = RtpStream(self._ports, mouth, keep_s=self._keep_s, rng=rng)
        return MediaSession(self.host, self.clock, stream, self._codecs)


class MediaSession:
    """One call's audio. `held` says that the other side has put us on hold."""

    def __init__(self, host: str, clock: RtpClock, stream: RtpStream, codecs: tuple[str, ...]) -> None:
        """Take a stream and let its time run; it sends nothing before a description says where to."""
        self.stream = stream
        self.held = False
        self.wish = Direction.SENDRECV
        self._writer = sdp.Writer(host, stream.port, secrets.randbits(31))
        self._clock = clock
        self._codecs = codecs
        clock.add(stream)

    def answer(self, offer: bytes) -> bytes:
        """Return the answer to an offer and act by it. Raises BadSdp."""
        description = sdp.parse(offer)
        codec = sdp.pick(description, self._codecs)
        theirs = Direction.SENDONLY if description.held else description.direction
        direction = _both(self.wish, theirs.answered)
        self._apply(description, codec, direction)
        return self._writer.answer(description, codec, direction)

    def offer(self, direction: Direction) -> bytes:
        """Return an offer of ours; `direction` stays our wish until another is offered."""
        self.wish = direction
        return self._writer.offer(direction, self._codecs or sdp.CODECS)

    def accept(self, answer: bytes) -> None:
        """Act by the answer to our offer. Raises BadSdp."""
        description = sdp.parse(answer)
        direction = _both(self.wish, description.direction.answered)
        self._apply(description, sdp.pick(description, self._codecs), direction)

    def close(self) -> None:
        """Stop and free the ports."""
        self._clock.remove(self.stream)
        self.stream.mouth.stop()
        self.stream.close()

    def _apply(self, description: sdp.Description, codec: tuple[str, int], direction: Direction) -> None:
        stream = self.stream
        stream.remote = (description.host, description.port)
        stream.mouth.codec, stream.payload_type = codec
        stream.event_type = description.event_type
        self.held = self.wish.sends and not direction.sends
        stream.sending = direction.sends and not description.held


def _both(ours: Direction, theirs: Direction) -> Direction:
    """Return what is left when both must agree, as we say it."""
    sends = ours.sends and theirs.sends
    receives = _receives(ours) and _receives(theirs)
    if sends:
        return Direction.SENDRECV if receives else Direction.SENDONLY
    return Direction.RECVONLY if receives else Direction.INACTIVE


def _receives(direction: Direction) -> bool:
    return direction in (Direction.SENDRECV, Direction.RECVONLY)
