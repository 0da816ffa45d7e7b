"""A box that dials, kept so that many power cuts can begin from it, and what the world outside has seen of it.

Inside are board.sim's exchange and telephones, two agents who work, a campaign of a thousand contacts none of whom is
to be called again for an hour, and a writer of SQLite rows. What cannot be taken back is told on the screen line at the
moment it happens, so that it is known outside when the power goes: every event of the exchange's log (INVITEs are what
it is about), every row and every wrap-up that was acknowledged.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass

from tests.image.calls import CALLER_ID, hire, set_up
from tests.image.inside import PYTHON, STROWGER, Visitor, python
from tests.image.machine import Machine

CONTACTS = 1000
LINES = 8
AGENTS = ("jonas", "mira")
_SCREEN = "/dev/ttyS0"
_MIX = """
[mix]
busy = 25
unavailable = 20
declined = 15
no_answer = 10
human = 25
machine = 5
"""
_WRITER = f"""
import os, sqlite3, time
store = sqlite3.connect("/data/cuts.db", isolation_level=None)
store.execute("pragma journal_mode=wal")
store.execute("pragma synchronous=full")
store.execute("create table if not exists row(n integer primary key, pad blob)")
number = store.execute("select coalesce(max(n), 0) from row").fetchone()[0]
line = os.open("{_SCREEN}", os.O_WRONLY | os.O_NOCTTY)
while True:
    number += 1
    store.execute("insert into row values(?, ?)", (number, os.urandom(2000)))
    os.write(line, b"row %d.\\n" % number)
    time.sleep(0.1)
"""
_CAMPAIGN = """
import asyncio
from pathlib import Path
from firmware.client import Client
from firmware.run import sample
async def main():
    async with Client(Path("/run/strowger/control.sock")) as client:
        source = Path("/var/lib/strowger/uploads/sample.csv")
        sample.write_contacts(source, COUNT, 3)
        source.chmod(0o660)
        listed = await sample.import_list(client, source)
        settings = sample.campaign_settings(listed, AGENTS, "amt", "CALLER")
        settings |= {
            "mode": "power", "lines_per_agent": 4.0, "min_gap_s": 3600.0, "ring_timeout_s": 15.0,
            "abandon_text": "{caller_name}: {reason}. {number}. {opt_out_number}.", "caller_name": "Musterhaus",
            "call_reason": "Wir messen Strom", "opt_out_number": "CALLER",
        }
        made = await client.ask("campaign.create", settings=settings)
        await sample.until_trunk_is_up(client)
        await client.ask("campaign.start", id=made["id"])
asyncio.run(main())
"""
_TEAM = f"""
import asyncio, os
from pathlib import Path
from firmware.run.team import Desk, Manners
socket = Path("/run/strowger/control.sock")
line = os.open("{_SCREEN}", os.O_WRONLY | os.O_NOCTTY)
manners = Manners(talk_s=(1.0, 4.0), wrap_up_s=(0.2, 1.0), hangs_up_share=1.0)
async def main():
    desks = [Desk(socket, agent, manners, agent) for agent in AGENTS]
    working = [asyncio.create_task(desk.work()) for desk in desks]
    told = set()
    while not any(task.done() for task in working):
        for desk in desks:
            for uid, code in desk.acknowledged.items():
                if uid not in told:
                    told.add(uid)
                    os.write(line, f"result {{uid}} {{code}}.\\n".encode())
        await asyncio.sleep(0.1)
    await asyncio.gather(*working)
asyncio.run(main())
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was known outside. ``calls``: (attempt, number in E.164) of every INVITE the exchange got, in order."""

    rows: int = 0
    calls: tuple[tuple[str, str], ...] = ()
    results: tuple[tuple[str, str], ...] = ()
    """(attempt, wrap-up code) of every result the service had confirmed to an agent."""


def seen(screen: str) -> Seen:
    """Read a screen. A line the power cut in two has told nothing."""
    calls = []
    for text in re.findall(r"\{\"t\": .*\}", screen):
        try:
            event = json.loads(text)
        except ValueError:
            continue  # the kernel spoke in between
        if event["event"] == "invite":
            calls.append((event["call_id"].partition("@")[0], event["number"]))
    rows = [int(number) for number in re.findall(r"row (\d+)\.", screen)]
    return Seen(max(rows, default=0), tuple(calls), tuple(re.findall(r"result (\S+) (\w+)\.", screen)))


def prepare(machine: Machine) -> None:
    """Make a box that nobody has set up one that dials, and let it dial for a while."""
    machine.until(f"{STROWGER} status")
    visitor = set_up(machine)
    _exchange(machine, visitor)
    agents = [hire(machine, name) for name in AGENTS]
    accounts = [{"user": a["phone_user"], "password": a["phone_secret"], "answer_ms": 200} for a in agents]
    _write(machine, "/run/phones.json", json.dumps(accounts))
    _start(
        machine, "phones", "-m board.sim phones --registrar 127.0.0.1:5060 --domain strowger.invalid"
        " --accounts /run/phones.json --voices /opt/strowger/prompts",
    )  # fmt: skip
    machine.until("journalctl --no-pager -q -u phones | grep -q ready || ! systemctl -q is-active phones")
    ids = str([int(agent["id"]) for agent in agents])
    script = _CAMPAIGN.replace("COUNT", str(CONTACTS)).replace("CALLER", CALLER_ID)
    python(machine, script.replace("AGENTS", ids))
    _start(machine, "team", f"-c {shlex.quote(_TEAM.replace('AGENTS', ids))}")
    _start(machine, "writer", f"-c {shlex.quote(_WRITER)}")
    machine.wait_for(r'"event": "invite"')
    machine.wait_for(r"result \S+ \w+\.")
    machine.run("systemctl is-active exchange phones team writer strowger")


def _exchange(machine: Machine, visitor: Visitor) -> None:
    _write(machine, "/run/mix.toml", _MIX)
    _start(
        machine, "exchange", "-m board.sim exchange --listen 127.0.0.1:15080 --seed 3 --no-table --haste 6"
        f" --mix /run/mix.toml --voices /opt/strowger/prompts --log {_SCREEN}",
    )  # fmt: skip
    trunk = {"name": "amt", "host": "127.0.0.1", "port": "15080", "transport": "udp", "username": "",
             "lines": str(LINES), "caller_ids": CALLER_ID}  # fmt: skip
    assert visitor.post("/first-run/trunk", trunk).status == 303
    assert visitor.post("/first-run/settings/apply").status == 303
    machine.until(f'{STROWGER} status --json | grep -q \'"name": "amt"\'')
    machine.until("systemctl is-active strowger-web.service strowger-kamailio.service")


def _start(machine: Machine, unit: str, program: str) -> None:
    machine.run(f"systemd-run --quiet --unit={unit} --working-directory=/tmp {PYTHON} {program}")


def _write(machine: Machine, file: str, text: str) -> None:
    machine.run(f"cat >{file} <<'EOF'\n{text}\nEOF")
