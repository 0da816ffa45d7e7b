"""What a closer look at Kamailio shows of phones and trunks, and pushing everything once more."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware.edge.closer import Closer
from firmware.edge.edge import Edge
from firmware.edge.phone_book import ha1
from firmware.edge.plan import Plan
from tests.peers.conftest import DOMAIN
from tests.peers.far_ends import sipp
from tests.peers.loops import Loop
from tests.peers.processes import Kamailio, eventually
from tests.peers.wire import Stranger

pytestmark = pytest.mark.peers


@pytest.fixture
def closer(edge: Edge, kamailio: Kamailio, plan: Plan, loop: Loop) -> Iterator[Closer]:
    trunks = {trunk.name: True for trunk in plan.trunks}
    looks = Closer(kamailio.rendered.rpc_socket, lambda: edge.phones, trunks, time.time, look_s=0.2)
    loop.run(looks.start())
    yield looks
    loop.run(looks.stop())


def test_where_a_phone_registers_from_and_how_quick_a_trunk_answers(
    closer: Closer, edge: Edge, kamailio: Kamailio, plan: Plan, loop: Loop, tmp_path: Path
) -> None:
    secret = {"p1": ha1("p1", DOMAIN, "one"), "p2": ha1("p2", DOMAIN, "two")}
    loop.call(lambda: edge.want_phones(secret))
    phone = Stranger(kamailio.address, "127.0.0.7")
    try:
        eventually(lambda: phone.register("p1", "one").code == 200, 30)  # type: ignore[union-attr]
        eventually(lambda: set(closer.phones) == {"p1"}, 30)
        seen = closer.phones["p1"]
        assert seen.address.startswith("127.0.0.7")
        assert seen.transport == "udp"
        assert seen.expires_s > 0
        trunk = plan.trunks[0]
        eventually(lambda: "provider" in closer.trunks, 30)
        assert closer.trunks["provider"].round_trip_ms is None  # nobody is there yet
        with sipp("talk", (trunk.host, trunk.port), tmp_path):
            eventually(lambda: closer.trunks["provider"].round_trip_ms is not None, 60)
        assert closer.trunks["provider"].registered is False
        pushes = edge.book.pushes
        loop.call(edge.provision)
        eventually(lambda: edge.book.pushes > pushes, 30)
        eventually(lambda: phone.register("p1", "one").code == 200, 30)  # type: ignore[union-attr]
    finally:
        phone.close()
