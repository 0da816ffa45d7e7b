"""The backend's own life: start, stop, start again, a port that is taken, calls that are up when it stops.

Each in a process of its own, as the service is: the library is one per process, and an exit is part of the test.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.peers.far_ends import sipp
from tests.peers.house import house_plan
from tests.peers.processes import Kamailio, free_port

pytestmark = pytest.mark.peers

HEAD = """
import asyncio, sys
from firmware.clock import SystemClock
from firmware.model import LegId, OperatorError
from firmware.trunks._sip_settings import SipSettings
from firmware.trunks.base import *
from firmware.trunks.sip import SipMedia
from tests.peers.house import judge_without_model
from tests.permitted import over
port, proxy = int(sys.argv[1]), sys.argv[2]

def media():
    settings = SipSettings(port, proxy, "strowger.invalid", "127.0.0.1", trunk_hosts={"far": "127.0.0.2"})
    return SipMedia(settings, SystemClock(), None, judge_without_model)
"""


def run(script: str, port: int, proxy: str = "127.0.0.1:9") -> str:
    """Its output; it must end by itself, with status 0."""
    command = [sys.executable, "-c", HEAD + script, str(port), proxy]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


TAKEN = """
async def main():
    try:
        await media().start(print)
    except OperatorError as error:
        print(error.problems[0].key, error.problems[0].text)

asyncio.run(main())
"""


def test_a_port_that_is_taken_is_said_in_clear_words() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        said = run(TAKEN, port)
    assert f"port_in_use [sip] port: udp port {port} is in use by another program" in said


AGAIN = """
async def main():
    for _ in range(3):
        one = media()
        await one.start(print)
        assert one.health().heartbeat_age_s < 1
        await one.stop()
    print("three times")

asyncio.run(main())
"""


def test_it_may_be_started_again_in_the_same_process() -> None:
    assert "three times" in run(AGAIN, free_port())


BUSY = """
async def main():
    one, seen = media(), []
    await one.start(seen.append)
    for n in range(20):
        one.originate(LegId(f"leg{n}"), over("far", "+493023125001"), "", 60.0)
    while sum(isinstance(e, LegAnswered) for e in seen) < 20:
        await asyncio.sleep(0.01)
    await one.stop()
    ends = [e for e in seen if isinstance(e, LegEnded)]
    print(len(ends), {str(e.cause) for e in ends}, one.health().legs, one.faults)

asyncio.run(main())
"""


def test_a_stop_hangs_up_and_tells_everybody(tmp_path: Path) -> None:
    plan = replace(house_plan(("far",)), no_reply_s=10.0)
    kamailio = Kamailio(plan, tmp_path / "kamailio")
    kamailio.start()
    trunk = plan.trunks[0]
    try:
        with sipp("talk", (trunk.host, trunk.port), tmp_path / "far", calls=20, messages=False) as far:
            assert "20 {'normal'} 0 0" in run(BUSY, plan.service_port, plan.proxy)
            assert far.wait(5) == 0, "everybody got a BYE"
    finally:
        kamailio.stop()
