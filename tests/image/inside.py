"""What the stages do with a machine: ask it what it is, put a stick in, visit its pages, run Python inside it."""

from __future__ import annotations

import http.client
import os
import shlex
import ssl
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tests.image.machine import LOOK_S, PATIENCE_S, Machine
from tests.web.box import Client

T = TypeVar("T")
MADE = Path(os.environ.get("STROWGER_BUNDLES", "build/image-test"))
"""The folder ``image/test.sh`` made: ``disk.img``, bundles by name, and ``proven``, a box that has proved itself."""
PYTHON = "/opt/strowger/.venv/bin/python"
STROWGER = "/opt/strowger/.venv/bin/strowger"
FIRST = "0.1.0"
_OWN_CERTIFICATE = ssl.create_default_context()
_OWN_CERTIFICATE.check_hostname = False
_OWN_CERTIFICATE.verify_mode = ssl.CERT_NONE


class Visitor(Client):
    """A browser without scripts that trusts the box's own certificate."""

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine.https_port, https=True)

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=PATIENCE_S / 4, context=_OWN_CERTIFICATE
        )


def say(text: str) -> None:
    """What a stage found, for whoever reads its output."""
    sys.stdout.write(f"{text.rstrip()}\n")


def until(what: Callable[[], T], why: str, patience_s: float = PATIENCE_S) -> T:
    """Ask until the answer is true; the answer. An answer that cannot be had yet is none."""
    end_s = time.monotonic() + patience_s
    while True:
        try:
            if answer := what():
                return answer
        except (OSError, http.client.HTTPException):
            pass
        assert time.monotonic() < end_s, why
        time.sleep(LOOK_S)  # between two looks at a foreign machine


def slot(machine: Machine) -> str:
    """Which slot it runs from."""
    return machine.run("tr ' ' '\\n' </proc/cmdline | sed -n 's/^rauc.slot=//p'").strip()


def version(machine: Machine) -> str:
    """Which version runs."""
    return machine.run(". /etc/os-release; echo $IMAGE_VERSION").strip()


def python(machine: Machine, text: str) -> str:
    """Run a program with the box's own Python, as root; what it prints."""
    return machine.run(f"cd /run && {PYTHON} -c {shlex.quote(text)}")


def bring(machine: Machine, name: str) -> str:
    """Put a bundle on a stick and plug it in; its path inside."""
    machine.plug_in(MADE / name)
    machine.until("blkid -L STICK")
    machine.run("mkdir -p /run/stick && mount -o ro -L STICK /run/stick")
    return f"/run/stick/{name}"


def take_away(machine: Machine) -> None:
    """Pull the stick."""
    machine.run("umount /run/stick")
    machine.unplug()


def install(machine: Machine, name: str) -> int:
    """Install a bundle from a stick and restart; how much the screen showed before."""
    path = bring(machine, name)
    machine.run(f"{STROWGER} update {path}")
    take_away(machine)
    shown = len(machine.screen)
    machine.run("touch /run/strowger/restart-wanted")
    return shown


def front_page(machine: Machine) -> bytes:
    """What a browser is shown at first, once the pages have come up behind nginx."""

    def shown() -> bytes:
        page = Visitor(machine).get("/setup")
        return page.body if page.status == 200 else b""

    return until(shown, "no page")
