"""A service that is killed leaves calls behind; the next one ends them before it places its own."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from firmware.edge.edge import Edge
from tests.peers.far_ends import sipp
from tests.peers.house import house_plan
from tests.peers.loops import Loop
from tests.peers.processes import Kamailio, eventually

pytestmark = pytest.mark.peers

SERVICE = """
import sys
from pathlib import Path
from firmware.clock import SystemClock
from firmware.model import LegId
from firmware.trunks._sip_settings import SipSettings
from firmware.trunks.base import LegAnswered, LegEnded, LegRinging
from firmware.trunks.sip import SipMedia
from tests.peers.house import judge_without_model
from tests.permitted import over
import asyncio
port, proxy, each = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])

async def main():
    hosts = {"talks": "127.0.0.2", "rings": "127.0.0.2"}
    settings = SipSettings(port, proxy, "strowger.invalid", "127.0.0.1", trunk_hosts=hosts)
    media = SipMedia(settings, SystemClock(), None, judge_without_model)
    seen = []
    await media.start(seen.append)
    for n in range(each):
        for trunk in hosts:
            media.originate(LegId(f"{trunk}{n}"), over(trunk, "+493023125001"), "", 120.0)
            await asyncio.sleep(0.01)
    for _ in range(300):
        answered = sum(isinstance(e, LegAnswered) for e in seen)
        ringing = sum(isinstance(e, LegRinging) and e.leg.startswith("rings") for e in seen)
        if answered == each and ringing == each:
            print("ready", flush=True)
        await asyncio.sleep(0.1)
    print("not ready:", answered, [e for e in seen if isinstance(e, LegEnded)], flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize("each", [2, 110])
def test_calls_of_a_killed_service_are_ended_on_both_sides(loop: Loop, tmp_path: Path, each: int) -> None:
    plan = replace(house_plan(("talks", "rings")), no_reply_s=10.0)
    kamailio = Kamailio(plan, tmp_path / "kamailio")
    kamailio.start()
    places = {trunk.name: (trunk.host, trunk.port) for trunk in plan.trunks}
    command = [sys.executable, "-c", SERVICE, str(plan.service_port), plan.proxy, str(each)]
    edge = Edge(plan, kamailio.rendered.rpc_socket)
    with (
        sipp("talk", places["talks"], tmp_path / "talks", calls=each, messages=False) as talks,
        sipp("no_answer", places["rings"], tmp_path / "rings", calls=each, messages=False) as rings,
    ):
        service = subprocess.Popen(command, stdout=subprocess.PIPE)
        try:
            assert service.stdout is not None
            lines = [b""]
            while not lines[-1].startswith(b"ready"):
                lines.append(service.stdout.readline())
                assert lines[-1], f"the service did not get so far: {lines[-3:]}"
        finally:
            service.kill()
            service.wait()
        loop.run(edge.start())
        assert talks.wait(20) == 0, "everybody who talked got a BYE"
        assert rings.wait(20) == 0, "everybody whose telephone rang got a CANCEL"
    loop.run(edge.stop())
    eventually(lambda: not [d for d in kamailio.ask("dlg.briefing", "cs")["result"] if d["state"] < 5])  # type: ignore[attr-defined]
    kamailio.stop()
