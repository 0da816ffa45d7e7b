"""The machines of the stages: one flashed anew, and one that goes on from a box that has proved itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.image.inside import MADE, STROWGER
from tests.image.machine import Machine


@pytest.fixture(scope="module")
def flashed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine with the image on its disk, switched on for the first time."""
    with Machine(MADE / "disk.img", tmp_path_factory.mktemp("machine")) as made:
        made.power_on()
        yield made


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A running box whose version has proved itself and that nobody has set up (kept by the stage ``boot``)."""
    if not (MADE / "proven/disk.qcow2").exists():
        pytest.fail("the stage boot has kept no machine: run it first")
    with Machine.like(tmp_path_factory.mktemp("machine"), MADE / "proven") as made:
        made.power_on()
        made.until(
            f"{STROWGER} status"
        )  # it was kept just after its addresses had changed, which starts it anew
        yield made
