"""Stage ``update``: a stranger's bundle is refused, a good version keeps everything, bad ones are taken back.

Its tests build on one another, on one machine, in the order they stand here: a boot takes minutes where processors are
translated. Each bad version leaves the box on the good one, with the data as it was.
"""

from __future__ import annotations

import pytest

from tests.image.inside import FIRST, MADE, STROWGER, bring, install, python, slot, take_away, version
from tests.image.machine import Machine

GOOD = "0.1.1"
HIRE = """
import asyncio
from pathlib import Path
from firmware.client import Client
from firmware.run import sample
async def main():
    async with Client(Path("/run/strowger/control.sock")) as client:
        await client.ask("user.create", login="mira", name="Mira Koch", roles=["agent"], language="de",
                         password_hash=sample.unusable_password(), phone_mode="nailed_up")
asyncio.run(main())
"""


def kept(machine: Machine) -> str:
    """What an update must not change: the people, the settings, the code, the certificate."""
    names = "sqlite3.connect('/var/lib/strowger/strowger.db').execute('select login, phone_ha1 from user').fetchall()"
    people = python(machine, f"import sqlite3; print({names})")
    return people + machine.run(
        "sha256sum /var/lib/strowger/setup-code /etc/strowger/strowger.toml /data/tls/certificate.pem"
    )


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
    python(machine, HIRE)
    before = kept(machine)
    assert version(machine) == FIRST
    shown = install(machine, "good.raucb")
    machine.wait_for(f"version {GOOD} in slot B is good", after=shown)
    assert (slot(machine), version(machine)) == ("B", GOOD)
    machine.until("systemctl is-active strowger.service")
    assert kept(machine) == before


@pytest.mark.parametrize(
    ("name", "number", "why"),
    [
        ("service", "0.1.2", "did not prove itself: units"),
        ("call", "0.1.4", "did not prove itself: call"),
        ("kernel", "0.1.3", ""),
    ],
)
def test_a_bad_version_ends_on_the_good_one_by_itself(
    machine: Machine, name: str, number: str, why: str
) -> None:
    before = kept(machine)
    shown = install(machine, f"{name}.raucb")
    if why:
        shown = machine.wait_for(f"version {number} {why}", after=shown)
    else:
        shown = machine.wait_for(r"(slot A does not load[\s\S]*){3}", after=shown)
    machine.wait_for(f"version {GOOD} in slot B is good", after=shown)
    assert (slot(machine), version(machine)) == ("B", GOOD)
    machine.until("systemctl is-active strowger.service")
    assert f"taken back: {number}" in machine.until(f"{STROWGER} update")
    assert kept(machine) == before
