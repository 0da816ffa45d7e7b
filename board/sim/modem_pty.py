"""A simulated modem on a pseudo terminal, in real time: what a program opens as if it were `/dev/ttyACM0`.

A thread owns the terminal's inner end. A pseudo terminal has no DTR; that the last program closed it (or was killed)
shows here as an error of reading, and counts as DTR having dropped. While the computer owes samples the line's time
stands still for a moment: a busy machine makes a slow telephone call, not a broken one. `unplug` closes it as pulling
the stick out would; `plug_in` opens another one, under another name, behind the same link.
"""

from __future__ import annotations

import contextlib
import os
import pty
import select
import threading
import tty
from collections.abc import Callable
from pathlib import Path

from board.sim.line.pace import Pace
from board.sim.modem import ModemSim

_MOST_UNREAD = 1 << 16
"""What a computer that reads nothing for eight seconds still gets."""

_PATIENCE_FRAMES = 25
"""How long the line waits for each 20 ms of the computer's, in frames."""


class ModemPty:
    """One modem. `path` is what to open; with `link` a name that stays the same over unplugging."""

    def __init__(self, modem: ModemSim, link: Path | None = None) -> None:
        self.modem = modem
        self.path = ""
        self._link = link
        self._master = -1
        self._calls: list[Callable[[ModemSim], None]] = []
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._opened = False
        self._unread = bytearray()
        self._waited = 0

    @property
    def plugged_in(self) -> bool:
        """Whether there is something to open."""
        return self._thread is not None

    def plug_in(self) -> str:
        """Appear; the path to open."""
        master, slave = pty.openpty()
        tty.setraw(slave)
        self.path = os.ttyname(slave)
        os.close(slave)
        os.set_blocking(master, False)
        self._master, self._opened = master, False
        if self._link is not None:
            self._link.unlink(missing_ok=True)
            self._link.symlink_to(self.path)
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="modem pty", daemon=True)
        self._thread.start()
        return str(self._link or self.path)

    def unplug(self) -> None:
        """Vanish; the line goes on-hook with the stick."""
        if self._thread is None:
            return
        self._stopping.set()
        self._thread.join()
        self._thread = None
        os.close(self._master)
        if self._link is not None:
            self._link.unlink(missing_ok=True)
        self.modem.dtr(up=False)
        self.modem.tick()

    def do(self, what: Callable[[ModemSim], None]) -> None:
        """Run `what` in the modem's thread, before its next 20 ms."""
        self._calls.append(what)

    def _run(self) -> None:
        pace = Pace()
        while not self._stopping.is_set():
            ready, _, _ = (
                select.select([self._master], [], [], pace.until_next_s()) if self._opened else ([], [], [])
            )
            if not self._opened:
                self._stopping.wait(pace.until_next_s())
            if ready or not self._opened:
                self._read()
            for _ in range(pace.due()):
                if not self._waits():
                    self._tick()

    def _waits(self) -> bool:
        """Whether to leave out this frame, because the computer has not sent what is to be played in it."""
        hungry = self.modem.voice is not None and self.modem.voice.hungry and self._opened
        self._waited = self._waited + 1 if hungry else 0
        return hungry and self._waited < _PATIENCE_FRAMES

    def _tick(self) -> None:
        calls, self._calls = self._calls, []
        for call in calls:
            call(self.modem)
        self._unread += self.modem.tick()
        if not self._opened:
            self._unread.clear()
        del self._unread[:-_MOST_UNREAD]
        if self._unread:
            with contextlib.suppress(OSError):  # full, or closed just now
                del self._unread[: os.write(self._master, self._unread[:2048])]

    def _read(self) -> None:
        try:
            raw = os.read(self._master, 4096)
        except BlockingIOError:
            self._opened = True  # somebody has it open, and says nothing
            return
        except OSError:
            if self._opened:
                self._opened = False
                self.modem.dtr(up=False)
            return
        if not self._opened:
            self._opened = True
            self.modem.dtr(up=True)
        self.modem.host(raw)
