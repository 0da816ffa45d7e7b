"""What a box reads before it can be used: its programs leave the rooms that they may never need shut.

Most of a start on a small processor is the reading of modules, and one careless import brings hundreds of them back.
How long a start takes is ``bench_start``'s; this is what it consists of, in an interpreter that has read nothing else.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = {
    "edge": "firmware.cli, firmware.edge.render",
    "web": "firmware.cli, web_ui.app",
    "serve": "firmware.cli, firmware.journal, firmware.service, dsp",
}
"""As ``firmware.cli`` imports them, by command."""
_FOR_ALL = (
    "firmware.cli_update firmware.cli_lines firmware.run firmware.simulate firmware.listen firmware.update.prove"
    " holidays phonenumbers babel.messages fpdf PIL multiprocessing"
)
SHUT = {
    "edge": f"{_FOR_ALL} asyncio ssl email importlib.metadata sqlite3 numpy firmware.store firmware.commands dsp board",
    "web": (
        f"{_FOR_ALL} asyncio importlib.metadata numpy firmware.commands firmware.service firmware.trunks segno dsp"
        " board"
    ),
    "serve": (
        f"{_FOR_ALL} bottle waitress web_ui serial board.modem board.sim dsp.line dsp.training firmware.trunks.modem"
        " firmware.trunks.lines firmware.trunks.simulated firmware.line_jobs firmware.line_habits"
        " firmware.trunks._sip_gateway_ear firmware.backup.maker firmware.backup.archive tarfile urllib.request xml.sax"
        " python_calamine"
    ),
}
"""Rooms for lines and gateways that settings may name, for what is done at night, and for what somebody asks."""


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_start_leaves_shut_what_it_may_never_need(program: str) -> None:
    read = read_by(PROGRAMS[program])
    entered = {
        room
        for room in SHUT[program].split()
        if any(module == room or module.startswith(f"{room}.") for module in read)
    }
    assert entered == set()


def test_an_open_room_is_noticed() -> None:
    assert {"firmware.simulate.prospect", "firmware.simulate"} <= read_by("firmware.commands.dry_runner")


def read_by(imports: str) -> set[str]:
    """The names of every module an interpreter knows after these imports."""
    code = f"import {imports}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())
