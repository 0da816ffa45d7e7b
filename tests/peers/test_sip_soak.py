"""A small soak in every run of the suite: 150 calls, 25 a second; ``make bench`` runs a thousand."""

from __future__ import annotations

import gc
import threading
from pathlib import Path

import pytest

from tests.peers.house import House
from tests.peers.processes import eventually
from tests.peers.soak import soak, sockets

pytestmark = pytest.mark.peers


def test_every_call_ends_once_with_its_cause_and_leaves_nothing(house: House, tmp_path: Path) -> None:
    soak(house, tmp_path / "first", calls=1, per_second=25.0)  # the first call opens what stays open
    before = sockets()
    over = threading.Event()

    def collect() -> None:
        """Whatever the collector finds it drops in this thread: it must never be anything of the library's."""
        while not over.wait(0.05):
            gc.collect()

    collector = threading.Thread(target=collect)
    collector.start()
    try:
        result = soak(house, tmp_path, calls=150, per_second=25.0)
    finally:
        over.set()
        collector.join()
    assert result.wrong == []
    house.nothing_left()
    eventually(lambda: sockets() <= before, 10, "every RTP socket is closed")
    assert not list((tmp_path / "recordings").glob("*.part")), "every recording is finished"
