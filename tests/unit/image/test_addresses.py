"""The script that has the SIP edge follow the box's addresses, with an ``ip`` that says what it should."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "image/overlay/usr/lib/strowger/addresses"
SHOWN = "restart --no-block strowger-console.service"
EDGE, ALL = f"{SHOWN}\nrestart strowger-edge.service", f"{SHOWN}\nstart strowger-apply.service"


@pytest.mark.parametrize(
    ("heard", "own", "done"),
    [
        ((), (), ""),
        (("10.0.2.15",), ("10.0.2.15",), ""),
        (("10.0.2.15",), (), ""),
        ((), ("10.0.2.15",), ALL),
        (("10.0.2.15",), ("10.0.2.99",), ALL),
        (("10.0.2.15", "10.0.3.1"), ("10.0.2.15",), ALL),
        (("10.0.2.15",), ("10.0.2.15", "10.0.3.1"), EDGE),
        (("10.0.2.15",), ("10.0.2.1", "10.0.2.15"), EDGE),
    ],
)
def test_what_is_started_anew_follows_from_which_addresses_came_and_went(
    tmp_path: Path, heard: tuple[str, ...], own: tuple[str, ...], done: str
) -> None:
    """Nothing while the cable is out; only the edge for one more; everything for another; the screen shows either."""
    edge = tmp_path / "run/strowger/kamailio"
    edge.mkdir(parents=True)
    listens = [
        "listen=udp:127.0.0.1:5060",
        *(f"listen=udp:{each}:5060\nlisten=tcp:{each}:5060" for each in heard),
    ]
    (edge / "kamailio.cfg").write_text("\n".join(listens) + "\n")
    shown = "\n".join(f"2: enp0s3    inet {each}/24 brd 10.0.2.255 scope global enp0s3" for each in own)
    tool(tmp_path / "bin/ip", f'case "$*" in *global*) cat <<END\n{shown}\nEND\nesac')
    tool(tmp_path / "bin/systemctl", f'echo "$*" >>{tmp_path}/done')
    script = tmp_path / "addresses"
    script.write_text(SCRIPT.read_text().replace("/run/strowger", f"{tmp_path}/run/strowger"))
    ways = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "STROWGER_SETTLE_S": "0"}
    subprocess.run(["sh", str(script), "look"], check=True, env={**os.environ, **ways})
    asked = tmp_path / "done"
    assert (asked.read_text().strip() if asked.exists() else "") == done


def tool(path: Path, text: str) -> None:
    """A program that stands in for one of the system's."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
