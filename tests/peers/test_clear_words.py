"""What can stand in the way of a whole box, said in words, with nothing half done.

Only what needs the real programs: who is refused what by which command is tried in ``unit/commands`` and ``web``.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from firmware.model import CampaignState, OperatorError
from firmware.run.box import Box
from firmware.run.processes import free_port
from firmware.run.sample import MAPPING
from tests.peers.far_ends import sipp
from tests.peers.whole_box import WholeBox

pytestmark = pytest.mark.peers


@contextlib.contextmanager
def held(kind: socket.SocketKind, port: int) -> Iterator[None]:
    """Another program has this port."""
    with socket.socket(socket.AF_INET, kind) as holder:
        holder.bind(("127.0.0.1", port))
        if kind == socket.SOCK_STREAM:
            holder.listen()
        yield


def start(box: Box, *program: str) -> subprocess.CompletedProcess[str]:
    """Start one program of the box and wait for it to give up."""
    command = [sys.executable, "-m", *program, "--config", str(box.settings_file)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def test_a_taken_sip_port_is_named_and_the_service_ends(tmp_path: Path) -> None:
    box = Box(tmp_path, {"provider": free_port()})
    port = box.config.sip.port
    with held(socket.SOCK_DGRAM, port):
        ended = start(box, "firmware", "serve")
    assert ended.returncode == 1
    assert f"strowger: [sip] port: udp port {port} is in use by another program" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not box.config.paths.control_socket.exists(), "nobody takes it for running"


def test_a_taken_web_port_is_named_and_the_pages_end(tmp_path: Path) -> None:
    box = Box(tmp_path, {"provider": free_port()})
    port = int(box.config.web.listen.rpartition(":")[2])
    with held(socket.SOCK_STREAM, port):
        ended = start(box, "web_ui")
    assert ended.returncode == 1
    said = f"The pages cannot be served: [web] listen: tcp port {port} is in use by another program"
    assert ended.stderr.strip() == said


async def test_a_second_service_leaves_the_first_one_alone(tmp_path: Path) -> None:
    async with WholeBox(tmp_path, {"provider": free_port()}) as box:
        ended = await asyncio.to_thread(start, box, "firmware", "serve")
        assert ended.returncode == 1
        assert "strowger: another process already works with the store beside" in ended.stderr
        assert "Traceback" not in ended.stderr
        assert (await box.ask("status"))["box"]["name"] == "Strowger"
        async with box.client() as newcomer:
            assert (await newcomer.ask("status"))["box"]["name"] == "Strowger"


async def test_files_that_are_no_list_are_refused_and_leave_no_list(tmp_path: Path) -> None:
    async with WholeBox(tmp_path, {"provider": free_port()}) as box:
        uploads = box.config.paths.uploads
        uploads.mkdir(parents=True, exist_ok=True)
        document, huge = uploads / "kunden.csv", uploads / "alle.csv"
        document.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(4000))
        huge.touch()
        os.truncate(huge, 1 << 30)
        for path, key, words in ((document, "file_not_csv", "a PDF"), (huge, "file_too_large", "1024 MB")):
            with pytest.raises(OperatorError) as refused:
                await box.ask("list.import", path=str(path), name="Liste", mapping=MAPPING, country="DE")
            (problem,) = refused.value.problems
            assert problem.key == key
            assert words in problem.text
        status = await box.ask("status")
        assert status["imports"] == []
        assert box.lists() == []


async def test_a_trunk_that_is_down_is_named_and_its_return_is_noticed(tmp_path: Path) -> None:
    port = free_port()
    async with WholeBox(tmp_path, {"provider": port}) as box:
        agent = (await box.hire("anna"))["id"]
        listed = await box.contact_list(["+493023125200", "+493023125201"])
        campaign = await box.campaign(listed, [agent], "provider", amd_enabled=False, max_attempts=1)

        async def trunk_is_down() -> bool:
            return not any(trunk["up"] for trunk in (await box.ask("status"))["trunks"])

        await box.until(trunk_is_down, 60, "the edge finds nobody at the trunk")
        with pytest.raises(OperatorError) as refused:
            await box.ask("campaign.start", id=campaign)
        (problem,) = refused.value.problems
        assert (problem.where, problem.key) == ("trunk", "trunk_down")
        assert "provider" in problem.text
        assert box.attempts(campaign) == []
        keys = {"status": "486 Busy Here", "cause": "17"}
        with sipp("reject", ("127.0.0.1", port), tmp_path / "far", keys=keys):
            await box.trunks_up()
            await box.ready(agent)
            await box.ask("campaign.start", id=campaign)

            async def finished() -> bool:
                shown = (await box.ask("status"))["campaigns"]
                return any(c["id"] == campaign and c["state"] == CampaignState.FINISHED for c in shown)

            await box.until(finished, why="it dials after all")
        assert len(box.attempts(campaign)) == 2
