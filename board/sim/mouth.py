"""What a stream says: clips one after the other, keys, and a background when there is nothing to say."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable
from itertools import chain

from board.sim.clips import Clip
from board.sim.rtp import FRAME_S, event_payloads


class _Piece:
    """One clip being played. `over` is done when its last frame has been heard, cancelled when it was cut off."""

    __slots__ = ("at", "clip", "loop", "on_begin", "over")

    def __init__(self, clip: Clip, loop: bool, on_begin: Callable[[float], None] | None) -> None:
        self.clip = clip
        self.loop = loop
        self.on_begin = on_begin
        self.at = 0
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Mouth:
    """Gives out one payload a frame. Without a background it is mute between clips: no packets at all."""

    def __init__(self, background: Clip | None = None, offset: int = 0) -> None:
        """`offset` is where in the background to begin, so that calls do not hum in step."""
        self.codec = "PCMU"
        self.background = background
        self._at = offset
        self._pieces: deque[_Piece] = deque()
        self._keys: deque[bytes | None] = deque()
        self._key_frame = 0

    def play(
        self, clip: Clip, *, loop: bool = False, on_begin: Callable[[float], None] | None = None
    ) -> asyncio.Future[None]:
        """Queue a clip; the future is done 20 ms after its last frame was sent.

        `on_begin` is told the Unix time at which its first frame leaves.
        """
        piece = _Piece(clip, loop, on_begin)
        self._pieces.append(piece)
        return piece.over

    def stop(self) -> None:
        """Cut off what is being played and drop what is queued."""
        while self._pieces:
            self._pieces.popleft().over.cancel()

    def press(self, digits: Iterable[str], on_s: float = 0.1, off_s: float = 0.1) -> float:
        """Queue keys as telephone events; return how long they take in seconds. Raises ValueError for others."""
        pause: list[bytes | None] = [None] * max(1, round(off_s / FRAME_S))
        queued = list(chain.from_iterable([*event_payloads(digit, on_s), *pause] for digit in digits))
        self._keys.extend(queued)
        return len(queued) * FRAME_S

    def next_event(self) -> tuple[bytes, int] | None:
        """Return the telephone event of this frame and how many frames ago its key went down."""
        if not self._keys:
            return None
        payload = self._keys.popleft()
        if payload is None:
            self._key_frame = 0
            return None
        self._key_frame += 1
        return payload, self._key_frame - 1

    def next_frame(self) -> bytes | None:
        """Return the payload of this frame, None for no packet."""
        while self._pieces:
            piece = self._pieces[0]
            frames = piece.clip.frames(self.codec)
            if piece.at < len(frames):
                self._tell_begin(piece)
                piece.at += 1
                return frames[piece.at - 1]
            self._end(piece)
        if self.background is None:
            return None
        frames = self.background.frames(self.codec)
        self._at = (self._at + 1) % len(frames)
        return frames[self._at]

    @staticmethod
    def _tell_begin(piece: _Piece) -> None:
        if piece.on_begin:
            piece.on_begin(time.time())
            piece.on_begin = None

    def _end(self, piece: _Piece) -> None:
        """Begin a loop again, or be done with a clip: its last frame has had its 20 ms."""
        if piece.loop and piece.at:
            piece.at = 0
            return
        self._pieces.popleft()
        if not piece.over.done():
            piece.over.set_result(None)
