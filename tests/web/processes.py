"""Processes that are quick to start: one imports everything once, and each new one is a fork of it.

Importing takes longer than most tests. A fork here is a process of its own all the same: it can be stopped and killed,
and what it writes can be read.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import re
import sys
import threading
from multiprocessing.connection import Connection

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.web.fake_service", "web_ui.app"])


class Process:
    """A child that calls ``main`` of ``module``; its first words tell that it is ready."""

    def __init__(self, module: str, arguments: list[str], ready: str) -> None:
        self.lines: list[str] = []
        self._pattern = re.compile(ready)
        self._ready = threading.Event()
        self.said: re.Match[str] | None = None
        told, tell = _FORKS.Pipe(duplex=False)
        self._process = _FORKS.Process(
            target=_become, args=(module, arguments, dict(os.environ), tell), daemon=True
        )
        self._process.start()
        tell.close()
        threading.Thread(target=self._read, args=(told,), daemon=True).start()
        if not self._ready.wait(30) or self.said is None:
            raise AssertionError("not ready:\n" + "".join(self.lines))

    def _read(self, told: Connection) -> None:
        with told, os.fdopen(os.dup(told.fileno())) as words:
            for line in words:
                self.lines.append(line)
                if self.said is None and (found := self._pattern.search(line)):
                    self.said = found
                    self._ready.set()
        self._ready.set()

    @property
    def pid(self) -> int:
        """For measuring."""
        assert self._process.pid is not None
        return self._process.pid

    def stop(self) -> None:
        """End it and wait."""
        self._process.terminate()
        self._wait()

    def kill(self) -> None:
        """As a power cut would."""
        self._process.kill()
        self._wait()

    def _wait(self) -> None:
        self._process.join(10)
        assert self._process.exitcode is not None, "still there 10 s after it was told to end"


def _become(module: str, arguments: list[str], environment: dict[str, str], tell: Connection) -> None:
    """In the child: write to ``tell`` what a terminal would show, and be that program."""
    os.environ.clear()
    os.environ.update(environment)
    for descriptor in (1, 2):
        os.dup2(tell.fileno(), descriptor)
    tell.close()
    sys.stdout, sys.stderr = os.fdopen(1, "w", buffering=1), os.fdopen(2, "w", buffering=1)
    raise SystemExit(importlib.import_module(module).main(arguments))
