"""One line: the thread that owns a modem's serial port, from opening it to putting it on-hook for the last time.

Opens the port, lets ``engine`` talk over it, opens it again when it was pulled out. Commands may be given from any
thread and return at once; events come from this thread. Whatever ends it, the line goes on-hook: an orderly end hangs
up by words, closing the port drops DTR (and &D2 makes a hang-up of that), which the kernel does for a killed process
too, and the first thing said to a modem is always to hang up.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable

from board.modem.engine import Engine, Listener, Settings, Sign
from board.modem.events import Event, Failed, Fault, Identity
from board.modem.ports import Port, PortTrouble
from board.modem.sounds import Sound
from board.modem.stream import Counters
from board.modem.table import State

_log = logging.getLogger(__name__)
_TRY_AGAIN_S = (0.5, 1.0, 2.0, 5.0)
"""Waits between looks for a port that is not there; the last one goes on."""
_DTR_DOWN_S = 0.5
_PART_S = 6.0
_MAX_FAILURES = 3


class ModemLine:
    """``start``, then ``dial``, ``hang_up``, ``send_digits``; ``stop`` at the end."""

    def __init__(self, port: str, settings: Settings, tell: Callable[[Event], None]) -> None:
        """``port`` as in ``ports.find``; ``tell`` is called in the line's thread."""
        self.port = port
        self._beat_at = time.monotonic()
        self._fault: Fault | None = None
        self.reopened = 0
        """How often the modem was found again."""
        self._tell = tell
        self._engine = Engine(settings, self._told)
        self._commands: queue.SimpleQueue[Callable[[float], None]] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"line {port[-20:]}", daemon=True)

    def start(self) -> None:
        """Look for the modem; ``Ready`` or ``Failed`` tells what came of it."""
        self._thread.start()

    def stop(self) -> None:
        """Hang up, let go of the port, end. Returns when it is done."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def dial(self, digits: str, listener: Listener, sound: Sound, *, measure: bool = False) -> None:
        """Call; ``Ended`` follows in every case. Raises ``ValueError`` for what cannot be dialled."""
        Engine.check(digits)
        self._commands.put(lambda now: self._engine.dial(digits, listener, sound, now, measure=measure))

    def answer(self, listener: Listener, sound: Sound) -> None:
        """Take the call that rings; ``Ended`` follows in every case."""
        self._commands.put(lambda now: self._engine.answer(listener, sound, now))

    def flash(self) -> None:
        """Open the loop for a moment in a call that is up."""
        self._commands.put(self._engine.flash)

    def hang_up(self) -> None:
        """End the call."""
        self._commands.put(self._engine.hang_up)

    def send_digits(self, digits: str) -> None:
        """Keys as tones. Raises ``ValueError`` for what are no keys."""
        Engine.check(digits)
        self._commands.put(lambda now: self._engine.send_digits(digits, now))

    def sign(self, sign: Sign) -> None:
        """Something was noticed by somebody else than the call's listener."""
        self._commands.put(lambda now: self._engine.sign(sign, now))

    @property
    def fault(self) -> Fault | None:
        """Why there is no line now."""
        return self._fault

    @property
    def silent_s(self) -> float:
        """Since the thread was last seen alive."""
        return max(0.0, time.monotonic() - self._beat_at)

    @property
    def state(self) -> State:
        """Where the line stands."""
        return self._engine.state

    @property
    def identity(self) -> Identity | None:
        """Who the modem is, once known."""
        return self._engine.identity

    @property
    def counters(self) -> Counters:
        """Samples of the latest call."""
        return self._engine.counters

    # In our thread.

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            port = self._opened()
            if port is not None:
                self._serve(port)
            failures = 0 if self._fault is None else failures + 1
            wait_s = _TRY_AGAIN_S[min(failures, len(_TRY_AGAIN_S)) - 1]
            self._beat_at = time.monotonic()
            self._idle(wait_s)

    def _idle(self, wait_s: float) -> None:
        """No port: commands are still answered, with what they meet."""
        until = time.monotonic() + wait_s
        while not self._stopping.is_set() and time.monotonic() < until:
            self._beat_at = time.monotonic()
            self._obey()
            self._stopping.wait(0.1)

    def _opened(self) -> Port | None:
        try:
            return Port(self.port)
        except PortTrouble as trouble:
            self._fail(trouble.fault)
            return None

    def _fail(self, fault: Fault) -> None:
        if self._fault is None or self._fault.key != fault.key:
            _log.warning("line %s: %s", self.port, fault.text)
            self._fault = fault
            self._tell(Failed(fault))

    def _serve(self, port: Port) -> None:
        """Until the modem is gone, turns out to be none, or we stop."""
        try:
            port.drop_dtr(up=True)
            self._engine.opened(time.monotonic())
            while not self._stopping.is_set() and self._engine.state is not State.GONE:
                self._turn(port)
                if self._engine.reset_wanted:
                    self._reset(port)
            self._part(port)
        except PortTrouble as trouble:
            self._engine.unplugged(time.monotonic())
            self._fail(trouble.fault)
        except Exception:  # noqa: BLE001 - the line must come back
            _log.exception("line %s failed", self.port)
            self._engine.unplugged(time.monotonic())
            self._fail(Fault("line_failed", f"{self.port}: our own fault; see the journal"))
        finally:
            port.close()

    def _turn(self, port: Port) -> None:
        self._obey()
        self._engine.turn(time.monotonic())
        out = self._engine.take()
        if out:
            port.write(out)
        raw = port.read()
        self._beat_at = now = time.monotonic()
        if raw:
            self._engine.feed(raw, now)
            out = self._engine.take()
            if out:
                port.write(out)

    def _obey(self) -> None:
        while True:
            try:
                command = self._commands.get_nowait()
            except queue.Empty:
                return
            command(time.monotonic())

    def _reset(self, port: Port) -> None:
        port.drop_dtr(up=False)
        time.sleep(_DTR_DOWN_S)
        port.drop_dtr(up=True)
        self._engine.opened(time.monotonic())

    def _part(self, port: Port) -> None:
        """Put the line on-hook by words before the port goes."""
        if self._engine.state is State.GONE:
            return
        self._engine.hang_up(time.monotonic())
        until = time.monotonic() + _PART_S
        while self._engine.state is State.RELEASING and time.monotonic() < until:
            self._turn(port)
        port.drop_dtr(up=False)

    def _told(self, event: Event) -> None:
        """From the engine: keep what is asked for from outside, pass the rest on."""
        if isinstance(event, Failed):
            self._fail(event.fault)
            return
        if self._fault is not None and self._engine.state is State.IDLE:
            self._fault = None
            self.reopened += 1
            _log.info("line %s is back", self.port)
        self._tell(event)
