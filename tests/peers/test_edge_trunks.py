"""The trunk side of the edge: challenges, registration, probing, what a trunk may send us."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from firmware.config import Secret
from firmware.edge.edge import Edge
from firmware.edge.plan import Plan, Trunk
from tests.peers.conftest import DOMAIN
from tests.peers.far_ends import sipp
from tests.peers.processes import Kamailio, eventually
from tests.peers.test_edge_guard import OFFER, Service
from tests.peers.wire import Stranger

pytestmark = pytest.mark.peers
KEYS = {"username": "box", "password": 'correct horse "battery" $staple'}


def with_password(plan: Plan, password: str = "", **more: bool) -> Plan:
    trunk = plan.trunks[0]
    secret = Secret(password or KEYS["password"])
    return replace(plan, trunks=(replace(trunk, username="box", password=secret, **more),))


def test_trunks_are_asked_whether_they_are_there(edge: Edge, plan: Plan, tmp_path: Path) -> None:
    trunk = plan.trunks[0]
    eventually(lambda: edge.trunks == {"provider": False}, 20)
    with sipp("talk", (trunk.host, trunk.port), tmp_path):
        eventually(lambda: edge.trunks == {"provider": True}, 20)
    eventually(lambda: edge.trunks == {"provider": False}, 20)


def test_a_registration_with_a_password(
    plan: Plan,
    start_kamailio: Callable[[Plan], Kamailio],
    start_edge: Callable[[Kamailio], Edge],
    tmp_path: Path,
) -> None:
    trunk = plan.trunks[0]
    keys = {"username": "box", "password": "simple"}
    plan = replace(with_password(plan, "simple", register=True), probe_s=3600)
    with sipp("register", (trunk.host, trunk.port), tmp_path, keys=keys, calls=1) as far:
        start_edge(start_kamailio(plan))
        assert far.wait(20) == 0


def test_what_comes_from_a_trunk_goes_to_the_service_without_a_password(
    edge: Edge, plan: Plan, kamailio: Kamailio
) -> None:
    service = Service(plan.service_port)
    trunk = Stranger(kamailio.address, plan.trunks[0].host, port=plan.trunks[0].port)
    other = Stranger(kamailio.address, "127.0.0.8")
    try:
        forged = "X-Strowger-Phone: boss\r\n"
        trunk.send(trunk.request("INVITE", f"sip:+493023125000@{DOMAIN}", body=OFFER, extra=forged))
        invite = eventually(service.look)[0]
        assert invite.headers["x-strowger-trunk"] == "provider"
        assert "x-strowger-phone" not in invite.headers
        refused = other.ask(other.request("INVITE", f"sip:+493023125000@{DOMAIN}", body=OFFER))
        assert refused is not None
        assert refused.code == 407
        register = trunk.ask(trunk.request("REGISTER", f"sip:{DOMAIN}"))
        assert register is not None
        assert register.code == 401, "to be a trunk is not to be a phone"
    finally:
        for one in (service, trunk, other):
            one.close()


def test_a_trunk_whose_name_nobody_knows_does_not_keep_the_edge_from_starting(
    plan: Plan,
    start_kamailio: Callable[[Plan], Kamailio],
    start_edge: Callable[[Kamailio], Edge],
    tmp_path: Path,
) -> None:
    plan = replace(plan, trunks=(*plan.trunks, Trunk("lost", "no-such-host.invalid")))
    edge = start_edge(start_kamailio(plan))
    with sipp("talk", (plan.trunks[0].host, plan.trunks[0].port), tmp_path):
        eventually(lambda: edge.trunks == {"provider": True, "lost": False}, 20)


def test_a_box_without_trunks(
    plan: Plan, start_kamailio: Callable[[Plan], Kamailio], start_edge: Callable[[Kamailio], Edge]
) -> None:
    edge = start_edge(start_kamailio(replace(plan, trunks=())))
    assert edge.trunks == {}
