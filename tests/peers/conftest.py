"""Fixtures with real peers. Loopback addresses tell the neighbours apart: 127.0.0.1 the box, .2 trunks, .3 strangers
and wire-level phones, .4 and up whoever a test needs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from firmware.edge.edge import Edge
from firmware.edge.plan import Plan, Trunk
from tests.peers.house import House
from tests.peers.loops import Loop
from tests.peers.processes import Kamailio, eventually, free_port
from tests.peers.soak import KINDS

DOMAIN = "strowger.invalid"


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    """One event loop for the whole session."""
    ours = Loop()
    yield ours
    ours.close()


@pytest.fixture
def plan() -> Plan:
    """A small plan on free ports: one trunk without a password on 127.0.0.2, impatient timers."""
    proxy = f"127.0.0.1:{free_port()}"
    return Plan(
        service_port=free_port(),
        proxy=proxy,
        domain=DOMAIN,
        listen=(proxy,),
        media_address="127.0.0.1",
        trunks=(Trunk("provider", "127.0.0.2", free_port("127.0.0.2")),),
        rtpengine=f"127.0.0.1:{free_port()}",
        browser_phones=f"127.0.0.1:{free_port()}",
        ban_after=5,
        ban_s=2.0,
        pike_requests=400,
        probe_s=1,
        register_check_s=1,
        no_reply_s=1.5,
    )


@pytest.fixture
def start_kamailio(tmp_path: Path) -> Iterator[Callable[[Plan], Kamailio]]:
    """Starts Kamailios that end with the test."""
    started: list[Kamailio] = []
    numbers = itertools.count()

    def start(plan: Plan) -> Kamailio:
        kamailio = Kamailio(plan, tmp_path / f"kamailio{next(numbers)}")
        started.append(kamailio)
        kamailio.start()
        return kamailio

    yield start
    for kamailio in started:
        kamailio.stop()


@pytest.fixture
def kamailio(plan: Plan, start_kamailio: Callable[[Plan], Kamailio]) -> Kamailio:
    """A running Kamailio on ``plan``."""
    return start_kamailio(plan)


@pytest.fixture
def start_edge(loop: Loop) -> Iterator[Callable[[Kamailio], Edge]]:
    """Starts the service's side of the edge; it looks every 50 ms."""
    started: list[Edge] = []

    def start(kamailio: Kamailio) -> Edge:
        ours = Edge(kamailio.plan, kamailio.rendered.rpc_socket, poll_s=0.05)
        loop.run(ours.start())
        started.append(ours)
        eventually(lambda: ours.up, why="the edge answers")
        return ours

    yield start
    for ours in started:
        loop.run(ours.stop())


@pytest.fixture
def edge(kamailio: Kamailio, start_edge: Callable[[Kamailio], Edge]) -> Edge:
    """The edge of ``kamailio``, up."""
    return start_edge(kamailio)


@pytest.fixture(scope="session")
def whole_house(loop: Loop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The way out, once per session: the library allows one endpoint per process."""
    house = House(loop, tmp_path_factory.mktemp("house"), (*KINDS, "nowhere")).start()
    yield house
    house.stop()


@pytest.fixture
def house(whole_house: House) -> Iterator[House]:
    """The house, and the promise that the test leaves nothing behind in it."""
    yield whole_house
    whole_house.nothing_left()
