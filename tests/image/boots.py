"""What the image owes on a machine: boots, is updated, takes a bad version back. ``make image-test`` runs this file.

Its tests build on one another, on one machine, in the order they stand here: a boot takes minutes where processors are
translated. ``STROWGER_BUNDLES`` is the folder ``image/test.sh`` made: ``disk.img`` and the bundles by name.
"""

from __future__ import annotations

import os
import ssl
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.image.machine import LOOK_S, PATIENCE_S, Machine

MADE = Path(os.environ["STROWGER_BUNDLES"])
STROWGER = "/opt/strowger/.venv/bin/strowger"
GOOD, BROKEN = "0.1.1", "0.1.2"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with Machine(MADE / "disk.img", tmp_path_factory.mktemp("machine")) as made:
        made.power_on()
        yield made


def slot(machine: Machine) -> str:
    return machine.run("tr ' ' '\\n' </proc/cmdline | sed -n 's/^rauc.slot=//p'").strip()


def version(machine: Machine) -> str:
    return machine.run(". /etc/os-release; echo $IMAGE_VERSION").strip()


def bring(machine: Machine, name: str) -> str:
    """Put a bundle on a stick and plug it in; its path inside."""
    machine.plug_in(MADE / name)
    machine.until("blkid -L STICK")
    machine.run("mkdir -p /run/stick && mount -o ro -L STICK /run/stick")
    return f"/run/stick/{name}"


def take_away(machine: Machine) -> None:
    machine.run("umount /run/stick")
    machine.unplug()


def front_page(machine: Machine) -> bytes:
    """What a browser gets that trusts the box's own certificate, once the pages have come up behind nginx."""
    trust_anybody = ssl.create_default_context()
    trust_anybody.check_hostname = False
    trust_anybody.verify_mode = ssl.CERT_NONE
    end_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            address = f"https://127.0.0.1:{machine.https_port}/"
            with urllib.request.urlopen(address, context=trust_anybody, timeout=60) as answer:
                return bytes(answer.read())
        except OSError:
            if time.monotonic() > end_s:
                raise
        time.sleep(LOOK_S)


def test_a_flashed_box_proves_itself_and_serves_its_pages(machine: Machine) -> None:
    machine.wait_for("version 0.1.0 in slot A is good")
    machine.wait_for("set-up code: [A-Z0-9]{8}")
    assert b"Strowger" in front_page(machine)


def test_its_root_cannot_be_written_and_its_disk_is_used_to_the_end(machine: Machine) -> None:
    assert "Read-only" in machine.run("touch /usr/probe 2>&1 || true")
    assert int(machine.run("df --output=size -BM /data | tail -n 1").strip(" M\n")) > 3000
    assert "0 loaded units" in machine.run("systemctl --failed")


def test_only_what_is_listed_is_open(machine: Machine) -> None:
    """avahi also asks from a port of its own, which the firewall lets nobody reach."""
    sockets = (
        "ss -Hltunp | grep -v avahi-daemon | awk '{print $1, $5}' | grep -v '127\\.\\|\\[::1\\]' || true"
    )
    ports = {line.rpartition(":")[2] for line in machine.run(sockets).split("\n") if line}
    assert ports <= {"80", "443", "5060", "68", "546"}
    assert "policy drop" in machine.run("nft list chain inet strowger input")
    assert "elements" not in machine.run("nft list set inet strowger technician")
    assert (
        machine.run("systemctl is-active ssh.service strowger-ssh.service || true").split()
        == ["inactive"] * 2
    )


def test_it_answers_to_its_name_and_says_it_on_the_screen(machine: Machine) -> None:
    assert "https://strowger.local" in machine.run("cat /run/strowger-console")
    assert machine.run("systemctl is-active avahi-daemon").strip() == "active"


def test_a_stick_is_found_by_itself_and_nothing_on_it_is_installed(machine: Machine) -> None:
    machine.plug_in(MADE / "good.raucb")
    assert "good.raucb" in machine.until("ls /run/strowger-sticks/*/good.raucb")
    assert "update: none" in machine.run(f"{STROWGER} update")
    machine.unplug()


def test_a_bundle_signed_by_a_stranger_is_refused_in_words(machine: Machine) -> None:
    path = bring(machine, "stranger.raucb")
    assert "does not trust" in machine.run(f"{STROWGER} update {path}; true")
    assert "nicht traut" in machine.run(f"{STROWGER} update --language de {path}; true")
    take_away(machine)
    assert slot(machine) == "A"


def test_a_good_version_is_installed_proves_itself_and_finds_the_data(machine: Machine) -> None:
    code = machine.run("cat /var/lib/strowger/setup-code")
    path = bring(machine, "good.raucb")
    machine.run(f"{STROWGER} update {path}")
    take_away(machine)
    shown = len(machine.screen)
    machine.run("touch /run/strowger/restart-wanted")
    machine.wait_for(f"version {GOOD} in slot B is good", after=shown)
    assert (slot(machine), version(machine)) == ("B", GOOD)
    machine.until("systemctl is-active strowger.service")
    assert machine.run("cat /var/lib/strowger/setup-code") == code


def test_a_version_whose_service_does_not_start_is_taken_back(machine: Machine) -> None:
    path = bring(machine, "broken.raucb")
    machine.run(f"{STROWGER} update {path}")
    take_away(machine)
    shown = len(machine.screen)
    machine.run("touch /run/strowger/restart-wanted")
    back = machine.wait_for(f"version {BROKEN} did not prove itself", after=shown)
    machine.wait_for(f"version {GOOD} in slot B is good", after=back)
    assert (slot(machine), version(machine)) == ("B", GOOD)
    machine.until("systemctl is-active strowger.service")
    assert f"taken back: {BROKEN}" in machine.until(f"{STROWGER} update")
