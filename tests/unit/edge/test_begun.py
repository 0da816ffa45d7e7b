"""The service waits for the edge's configuration at the start of the machine, and for nobody else."""

from __future__ import annotations

import asyncio
from pathlib import Path

from firmware.edge.begun import begun


def test_without_its_folder_nobody_makes_a_configuration(tmp_path: Path) -> None:
    assert not asyncio.run(begun(tmp_path / "kamailio"))


def test_an_edge_that_never_comes_does_not_stop_the_service(tmp_path: Path) -> None:
    assert not asyncio.run(begun(tmp_path, patience_s=0.0))


def test_it_goes_on_once_the_configuration_is_there(tmp_path: Path) -> None:
    async def scene() -> bool:
        waiting = asyncio.create_task(begun(tmp_path, patience_s=30.0))
        await asyncio.sleep(0)
        assert not waiting.done()
        (tmp_path / "kamailio.cfg").touch()
        return await waiting

    assert asyncio.run(scene())
