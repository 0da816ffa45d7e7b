"""The byte stream from the modem, whichever state it is in: lines in command state, audio and words in voice state.

CONNECT turns the stream into voice from the byte after its line on; DLE ETX turns it back. One read may hold the end of
one and the beginning of the other. Says what came; what follows is the engine's business.
"""

from __future__ import annotations

from collections.abc import Iterator

from board.modem.answers import Answer, Lines, Result, read
from board.modem.dle import ETX, Unshielder

_LF = 0x0A
_OK = b"\r\nOK\r\n"


class Wire:
    """Feed it every byte read. ``voice`` may be left by us as well, when a modem never says DLE ETX."""

    def __init__(self) -> None:
        self.voice = False
        self.numeric = True
        """Until the first command has set them to words, result codes may be numbers."""
        self.leaving = False
        """We have asked to leave voice: an OK in the midst of it is one. Some modems say no DLE ETX before it."""
        self._tail = b""
        self._lines = Lines()
        self._unshielder = Unshielder()
        self._line_feed_due = False
        """The line of CONNECT has ended with CR; its LF is no audio."""

    def feed(self, raw: bytes) -> Iterator[Answer | bytes | int]:
        """Answers in command state; runs of audio (bytes) and words (int) in voice state."""
        while raw:
            if not self.voice:
                raw, answer = self._text(raw)
                if answer is not None:
                    yield answer
                continue
            if self._line_feed_due:
                self._line_feed_due = False
                raw = raw[1:] if raw[0] == _LF else raw
            for item in self._unshielder.feed(raw):
                if item == ETX and isinstance(item, int):
                    self.leave_voice()
                yield item
                if self._is_ok(item):
                    self.leave_voice()
                    yield Result.OK
                if not self.voice:
                    break
            raw = self._unshielder.rest

    def leave_voice(self) -> None:
        """Take what comes from now on for text."""
        self.voice = self.leaving = False
        self._tail = b""
        self._lines.clear()

    def _is_ok(self, item: bytes | int) -> bool:
        """An OK that ends a read: more audio after it would mean that the modem has not left."""
        if not (self.leaving and self.voice and isinstance(item, bytes)):
            return False
        self._tail = (self._tail + item)[-len(_OK) :]
        return self._tail == _OK

    def _text(self, raw: bytes) -> tuple[bytes, Answer | None]:
        """The rest after the first line, and what that line was; all of ``raw`` is used up when none ends."""
        for at, byte in enumerate(raw):
            line = self._lines.feed(byte)
            if line is None:
                continue
            answer = read(line, numeric=self.numeric)
            if answer is Result.CONNECT:
                self.voice, self._line_feed_due = True, byte != _LF
                self._unshielder = Unshielder()
            return raw[at + 1 :], answer
        return b"", None
