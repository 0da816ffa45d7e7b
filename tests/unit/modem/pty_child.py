"""A process that dials over a modem and stays on the line until it is killed: ``python -m ... PORT``."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable

from board.modem.companding import Samples
from board.modem.driver import ModemLine
from board.modem.engine import Settings, Sign
from board.modem.events import Event, Ready
from board.modem.sounds import Duplex
from board.modem.table import State


class Deaf:
    """Blind dialling needs no ears."""

    def heard(self, samples: Samples) -> Iterable[Sign]:
        return ()

    def hinted(self, word: str) -> Iterable[Sign]:
        return ()

    def moved(self, state: State) -> None:
        sys.stdout.write(f"{state.value}\n")
        sys.stdout.flush()


def main() -> None:
    ready = threading.Event()

    def told(event: Event) -> None:
        if isinstance(event, Ready):
            ready.set()

    line = ModemLine(sys.argv[1], Settings(blind=True, rest_s=0.0), told)
    line.start()
    ready.wait()
    line.dial("02312312500", Deaf(), Duplex())
    threading.Event().wait()


if __name__ == "__main__":
    main()
