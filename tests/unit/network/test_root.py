"""Root's part of the box's address, in a folder that is its machine: tried, kept, brought back, after a power cut."""

from __future__ import annotations

import configparser
import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from firmware.clock import FakeClock
from firmware.commands.network import NetworkCommands
from firmware.model import OperatorError
from firmware.network import plan
from firmware.network.root import TIMER, Network, one_at_a_time

UNITS = Path(__file__).resolve().parents[3] / "systemd/image"
FIXED = {
    "method": "fixed", "port": "eth0", "address": "192.0.2.10", "prefix": "24", "gateway": "192.0.2.1",
}  # fmt: skip
HERE, ELSEWHERE = "192.0.2.10", "strowger.local"


class Box:
    """Files of a machine, and the commands that are asked of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock, self.calls = folder, FakeClock(), 0
        self.done: list[str] = []
        self.fails: set[str] = set()
        (folder / "run/strowger").mkdir(parents=True)
        for port in ("lo", "eth0", "eth1"):
            (folder / "sys/class/net" / port).mkdir(parents=True)
        self.flashed = folder / "flashed"
        self.flashed.touch()
        self.network = Network(folder, self._run, self.clock.utc)
        ports = [{"name": "eth0", "up": True, "address": "198.51.100.7", "prefix": 24}]
        self.commands = NetworkCommands(
            lambda: self.calls, folder / "run/strowger", self.flashed, folder / "run/strowger-network/told",
            lambda: ports,
        )  # fmt: skip

    def _run(self, command: Sequence[str]) -> bool:
        text = " ".join(command)
        self.done.append(text)
        return text not in self.fails

    @property
    def settings(self) -> str:
        file = self.folder / "run/systemd/network/70-strowger.network"
        return file.read_text() if file.exists() else ""

    def power_cut(self) -> None:
        """What lies in memory goes."""
        os.rename(self.folder / "run", self.folder / f"gone-{len(self.done)}")
        (self.folder / "run/strowger").mkdir(parents=True)
        self.done.append("power cut")
        self.network.boot()

    async def set(self, **changed: str) -> None:
        await self.commands.set(**{**FIXED, **changed})
        self.network.try_()

    async def outcome(self) -> str:
        return str((await self.commands.state())["outcome"])


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


async def test_a_machine_that_was_not_flashed_keeps_its_address(box: Box) -> None:
    box.flashed.unlink()
    for refused in (box.commands.set("dhcp"), box.commands.settle(HERE)):
        with pytest.raises(OperatorError) as error:
            await refused
        assert error.value.problems[0].key == "network_not_flashed"
    assert not (await box.commands.state())["possible"]
    assert list((box.folder / "run/strowger").iterdir()) == []


async def test_calls_are_ended_by_force_only(box: Box) -> None:
    box.calls = 1
    with pytest.raises(OperatorError) as error:
        await box.set()
    assert error.value.problems[0].key == "calls_now"
    await box.commands.set("dhcp", force=True)
    assert (box.folder / "run/strowger/network-wanted").stat().st_mode & 0o777 == 0o600


async def test_an_address_is_tried_and_its_way_back_is_wound_up_first(box: Box) -> None:
    await box.set()
    assert "Address=192.0.2.10/24" in box.settings
    assert box.done == [f"systemctl restart {TIMER}", "networkctl reload"]
    assert not (box.folder / "data/network/kept").exists(), "nothing is kept yet"
    assert not (box.folder / "run/strowger/network-wanted").exists()
    told = await box.commands.state(HERE)
    assert told["kept"]["method"] == "dhcp"
    assert told["trial"]["until"] == box.clock.utc() + 180
    assert told["trial"]["here"]
    assert not (await box.commands.state(ELSEWHERE))["trial"]["here"]


async def test_nobody_confirms_and_the_old_settings_are_back(box: Box) -> None:
    await box.set()
    box.network.return_()
    assert box.settings == ""
    assert box.done[-2:] == [f"systemctl stop {TIMER}", "networkctl reload"]
    told = await box.commands.state(HERE)
    assert (told["outcome"], told["trial"], told["tried"]["address"]) == ("returned", None, HERE)
    with pytest.raises(OperatorError) as error:
        await box.commands.settle(HERE)
    assert error.value.problems[0].key == "network_no_trial"
    before = list(box.done)
    box.network.return_()
    assert box.done == before, "a second time there is nothing to bring back"


async def test_who_confirms_from_elsewhere_is_sent_to_the_new_address(box: Box) -> None:
    await box.set()
    with pytest.raises(OperatorError) as error:
        await box.commands.settle(ELSEWHERE)
    assert error.value.problems[0].figures["address"] == "https://192.0.2.10/network"
    assert not (box.folder / "run/strowger/network-confirmed").exists()


async def test_what_was_confirmed_is_there_after_a_power_cut(box: Box) -> None:
    await box.set()
    await box.commands.settle(HERE)
    box.network.keep()
    settings = box.settings
    assert box.done[-1] == f"systemctl stop {TIMER}"
    assert await box.outcome() == "kept"
    box.network.return_()
    assert box.settings == settings, "the timer that ran out at the same moment changes nothing any more"
    box.power_cut()
    assert box.settings == settings
    assert (await box.commands.state())["kept"]["address"] == HERE


async def test_a_power_cut_ends_a_trial(box: Box) -> None:
    await box.set()
    box.power_cut()
    assert box.settings == ""
    await box.set()
    await box.commands.settle(HERE)
    box.network.keep()
    await box.set(address="192.0.2.99")
    assert "192.0.2.99" in box.settings
    box.power_cut()
    assert "192.0.2.10" in box.settings
    assert "192.0.2.99" not in box.settings
    assert (await box.commands.state())["trial"] is None


async def test_from_fixed_back_to_dhcp_is_a_trial_as_well(box: Box) -> None:
    await box.set()
    await box.commands.settle(HERE)
    box.network.keep()
    await box.set(method="dhcp")
    assert box.settings == ""
    box.network.return_()
    assert "192.0.2.10" in box.settings
    await box.set(method="dhcp")
    await box.commands.settle(ELSEWHERE)
    box.network.keep()
    box.power_cut()
    assert box.settings == ""


async def test_a_second_try_takes_the_place_of_the_first_and_leads_back_to_what_was_kept(box: Box) -> None:
    await box.set()
    await box.set(address="192.0.2.11")
    assert box.done.count(f"systemctl restart {TIMER}") == 2
    box.network.return_()
    assert box.settings == ""
    assert (await box.commands.state())["tried"]["address"] == "192.0.2.11"


@pytest.mark.parametrize(
    "left",
    [
        "", "no json", "[]", "\0" * 9000, '{"method": "fixed"}',
        plan.read(FIXED, ["eth0"]).text().replace("eth0", "eth7"),
        plan.read(FIXED, ["eth0"]).text().replace("192.0.2.10", "127.0.0.1"),
        plan.read(FIXED, ["eth0"]).text().replace("192.0.2.1\"", "192.0.2.1\\n[Match]\""),
    ],
)  # fmt: skip
async def test_root_believes_nothing_it_has_not_looked_at(box: Box, left: str) -> None:
    (box.folder / "run/strowger/network-wanted").write_text(left)
    box.network.try_()
    assert box.settings == ""
    assert box.done == []
    assert await box.outcome() == "refused"
    assert not (box.folder / "run/strowger/network-wanted").exists()


async def test_no_link_is_followed_out_of_the_services_folder(box: Box) -> None:
    other = box.folder / "somebody's"
    other.write_text(plan.read(FIXED, ["eth0"]).text())
    (box.folder / "run/strowger/network-wanted").symlink_to(other)
    box.network.try_()
    assert box.settings == ""
    assert other.exists()
    assert await box.outcome() == "refused"


async def test_a_timer_that_does_not_start_or_a_network_that_does_not_listen_means_no_trial(box: Box) -> None:
    for fails in (
        {f"systemctl restart {TIMER}"},
        {"networkctl reload", "systemctl restart systemd-networkd.service"},
    ):
        box.fails = fails
        await box.set()
        assert box.settings == ""
        assert await box.outcome() == "failed"
        assert not (box.folder / "run/strowger-network/trial").exists()
    box.fails = {"networkctl reload"}
    await box.set()
    assert box.done[-1] == "systemctl restart systemd-networkd.service"
    assert box.settings != ""


@pytest.mark.parametrize("torn", ["", "{", '{"method": "fixed", "address": "192.0.2.10"}', "\xff"])
async def test_what_was_kept_and_cannot_be_read_is_as_good_as_never_set(box: Box, torn: str) -> None:
    (box.folder / "data/network").mkdir(parents=True)
    (box.folder / "data/network/kept").write_text(torn, "latin-1")
    box.network.boot()
    assert box.settings == ""
    assert await box.outcome() == "unreadable"
    await box.set()
    await box.commands.settle(HERE)
    box.network.keep()
    box.power_cut()
    assert "192.0.2.10" in box.settings


async def test_without_root_having_told_anything_the_address_is_the_networks(box: Box) -> None:
    told = await box.commands.state(HERE)
    assert (told["kept"]["method"], told["trial"], told["outcome"]) == ("dhcp", None, "")
    assert json.loads(json.dumps(told)) == told


def test_two_acts_wait_for_each_other(tmp_path: Path) -> None:
    with one_at_a_time(tmp_path):
        assert os.stat(tmp_path / "run/strowger-network").st_mode & 0o777 == 0o755
    with one_at_a_time(tmp_path):
        pass


def test_the_units_do_what_the_code_says() -> None:
    timer = configparser.ConfigParser()
    timer.read(UNITS / TIMER)
    assert int(timer["Timer"]["OnActiveSec"]) == plan.TRIAL_S
    for act in ("try", "keep", "return"):
        text = (UNITS / f"strowger-network-{act}.service").read_text()
        assert text.count(f"firmware.network.root {act}\n") == 1
    boot = (UNITS / "strowger-network.service").read_text()
    assert "Before=network-pre.target" in boot
    assert "ConditionPathExists=!/data/strowger/reset\n" in boot
