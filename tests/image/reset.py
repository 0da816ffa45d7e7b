"""Stage ``reset``: a backup goes to a stick, the box is wiped, and the backup is put back on what is left.

What a wipe leaves is what a freshly flashed box has, so the restore is what somebody would do with a new one: by the
stick and the recovery key alone.
"""

from __future__ import annotations

import json

from tests.image.inside import STROWGER, python, until
from tests.image.machine import Machine
from tests.image.update import HIRE

FOLDER = "/media/backup"
_PEOPLE = (
    "import sqlite3; store = sqlite3.connect('/var/lib/strowger/strowger.db');"
    "print(*(login for login, in store.execute('select login from user order by login')))"
)
_ASK = """
import asyncio, json
from pathlib import Path
from firmware.client import Client
async def main():
    async with Client(Path("/run/strowger/control.sock")) as client:
        print(json.dumps(await client.ask(DO)))
asyncio.run(main())
"""


def ask(machine: Machine, do: str) -> dict[str, object]:
    """Ask the service by its socket: a command and its arguments, as Python."""
    answer: dict[str, object] = json.loads(python(machine, _ASK.replace("DO", do)).splitlines()[-1])
    return answer


def test_a_backup_goes_to_a_stick_named_for_it(machine: Machine) -> None:
    python(machine, HIRE)
    ask(machine, f'"settings.change", section="backup", values={{"folder": "{FOLDER}"}}')
    machine.run("touch /run/strowger/apply-wanted")
    machine.until(f"{STROWGER} backup | grep -q {FOLDER}; test $? -eq 0")
    secret = str(ask(machine, '"backup.new_key"')["secret"])
    machine.run(f"install -m 600 /dev/null /data/recovery && echo '{secret}' >/data/recovery")
    machine.plug_in_writable(256, "STROWGER")
    machine.until(f"mountpoint -q {FOLDER}")
    machine.run(f"{STROWGER} backup --now")
    told = until(lambda: (ask(machine, '"backup.state"') or {}).get("last"), "no backup")
    until(lambda: _good(machine), f"no good backup: {told}")
    assert machine.run(f"ls {FOLDER}").strip().endswith(".strowger.age")


def _good(machine: Machine) -> bool:
    last = ask(machine, '"backup.state"')["last"]
    assert isinstance(last, dict)
    assert not last["key"], last
    return bool(last["good_at"])


def test_a_wiped_box_is_as_it_came(machine: Machine) -> None:
    code = machine.run("cat /var/lib/strowger/setup-code").strip()
    recovery = machine.run("cat /data/recovery").strip()
    asked = machine.run(f"{STROWGER} reset --wipe").rsplit(None, 1)[1]
    shown = len(machine.screen)
    machine.run(f"{STROWGER} reset --wipe --confirm {asked}")
    machine.wait_for("in slot A is good", after=shown)
    machine.wait_for("set-up code: [A-Z0-9]{8}", after=shown)
    assert machine.run("cat /var/lib/strowger/setup-code").strip() != code
    assert python(machine, _PEOPLE).strip() == ""
    assert "none" in machine.run("test -e /data/recovery || echo none")
    machine.run(f"install -m 600 /dev/null /run/recovery && echo '{recovery}' >/run/recovery")


def test_the_backup_is_put_back(machine: Machine) -> None:
    machine.until(f"mountpoint -q {FOLDER}")
    machine.run("systemctl stop strowger-web strowger && chown strowger /run/recovery")
    put = f"{STROWGER} restore --key /run/recovery {FOLDER}/*.strowger.age"
    assert "is back" in machine.run(f"runuser -u strowger -- sh -c '{put}'")
    machine.run("systemctl start strowger strowger-web")
    assert python(machine, _PEOPLE).strip() == "mira"
