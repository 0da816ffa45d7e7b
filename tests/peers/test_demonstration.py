"""The whole box at work: real Kamailio, rtpengine, service and simulated exchange, as ``make run`` starts them."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import random
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from firmware.run import Demonstration, Options
from firmware.run.team import Manners

pytestmark = pytest.mark.peers

KILLS = int(os.environ.get("STROWGER_KILLS", "6"))
"""How often the service is killed in one run; 50 in ``make soak``."""
HURRY = Manners(talk_s=(1.0, 3.0), wrap_up_s=(0.2, 0.6))
STROWGER = [sys.executable, "-m", "firmware", "run"]


def options(directory: Path, contacts: int) -> Options:
    return Options(
        contacts=contacts,
        headless=True,
        until_done=True,
        directory=directory,
        manners=HURRY,
        haste=4.0,
        seed=3,
    )


@pytest.mark.req("GEN-003", "GEN-016", "GEN-017")
def test_a_campaign_is_dialled_to_its_end_and_the_exchange_agrees(tmp_path: Path) -> None:
    argv = [
        *STROWGER,
        "--headless",
        "--contacts",
        "12",
        "--until-done",
        "--json",
        "--directory",
        str(tmp_path),
    ]
    run = subprocess.run(argv, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr + run.stdout
    report = json.loads(run.stdout)
    assert report["contacts"] == report["closed"] == 12
    assert report["invariants_broken"] == []
    assert report["errors"] == []
    assert sum(report["dispositions"].values()) == report["attempts"]
    assert report["live_answers"] >= 2
    assert report["amd"]["human_as_human"] > report["amd"]["human_as_machine"]


async def test_killed_at_any_moment_it_goes_on_and_loses_nothing(tmp_path: Path) -> None:
    chance = random.Random(11)
    run = options(tmp_path, contacts=4 + 2 * KILLS)
    async with Demonstration(run, tmp_path) as box:
        done = asyncio.create_task(box.until_finished())
        for _ in range(KILLS):
            await asyncio.wait({done}, timeout=chance.uniform(0.5, 8.0))
            if done.done():
                break
            await box.crash_service()
        await asyncio.wait_for(done, 120 + 20 * KILLS)
    report = box.account()
    assert list(report.invariants_broken) == []
    assert report.closed == report.contacts
    assert sum(report.dispositions.values()) == report.attempts


def test_ctrl_c_stops_everything_it_started(tmp_path: Path) -> None:
    argv = [*STROWGER, "--headless", "--contacts", "50", "--directory", str(tmp_path)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        for line in run.stdout:
            if "closed" in line:
                break
        run.send_signal(signal.SIGINT)
        run.stdout.read()
        assert run.wait(60) == 0
    left = subprocess.run(["pgrep", "-f", str(tmp_path)], capture_output=True, text=True, check=False)
    assert left.stdout == ""


def test_more_contacts_than_there_are_reserved_numbers_is_refused_in_words(tmp_path: Path) -> None:
    argv = [*STROWGER, "--headless", "--contacts", "1001", "--directory", str(tmp_path)]
    run = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 1
    assert run.stderr.strip() == "strowger: --contacts: between 1 and 1000 contacts can be simulated"


def test_a_taken_web_port_is_no_obstacle(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        box = Demonstration(dataclasses.replace(options(tmp_path, 1), web_port=port), tmp_path)
    assert box.web_url.startswith("http://127.0.0.1:")
    assert f":{port}/" not in box.web_url
