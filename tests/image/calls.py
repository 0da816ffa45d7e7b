"""Stage ``calls``: a telephone registers from outside, and a campaign is dialled to its end inside.

The exchange and the agents' telephones are ``board.sim``'s programs, on the machine's loopback, because its network
lets nobody in but to the ports that are forwarded; the trunk to the exchange is put in on the pages.
"""

from __future__ import annotations

import json
import shlex
from functools import partial
from pathlib import Path

import pytest

from tests.image.first_run import PASSWORD
from tests.image.inside import PYTHON, STROWGER, Visitor, python, say, until
from tests.image.machine import PATIENCE_S, Machine
from tests.peers.far_ends import Baresip
from tests.peers.processes import eventually

CONTACTS = 20
CAMPAIGN_S = 3600.0
"""Twenty people who are rung at, spoken with and written about, where every instruction is translated."""
CALLER_ID = "+493023125001"
_HIRE = """
import asyncio, json
from pathlib import Path
from firmware.client import Client
from firmware.run import sample
async def main():
    async with Client(Path("/run/strowger/control.sock")) as client:
        made = await client.ask("user.create", login="NAME", name="NAME", roles=["agent"], language="de",
                                password_hash=sample.unusable_password(), phone_mode="nailed_up")
        print(json.dumps(dict(made)))
asyncio.run(main())
"""
_CAMPAIGN = """
import asyncio, json
from pathlib import Path
from firmware.client import Client
from firmware.run import sample
socket = Path("/run/strowger/control.sock")
async def main():
    async with Client(socket) as client:
        source = Path("/var/lib/strowger/uploads/sample.csv")
        sample.write_contacts(source, COUNT, 3)
        source.chmod(0o660)
        settings = sample.campaign_settings(await sample.import_list(client, source), [AGENT], "amt", "CALLER")
        settings |= {"ring_timeout_s": 40.0, "hold_s": 2.0}
        made = await client.ask("campaign.create", settings=settings)
        await sample.until_trunk_is_up(client)
        await client.ask("campaign.start", id=made["id"])
    print(made["id"])
asyncio.run(main())
"""
_TEAM = """
import asyncio, json
from pathlib import Path
from firmware.client import Client
from firmware.run.team import Desk, Manners
socket = Path("/run/strowger/control.sock")
async def main():
    desk = asyncio.create_task(Desk(socket, AGENT, Manners(), 3).work())
    async with Client(socket) as client:
        while not desk.done():
            campaign = (await client.ask("status"))["campaigns"][0]
            Path("/run/progress.new").write_text(json.dumps(dict(campaign)))
            Path("/run/progress.new").rename("/run/progress")
            await asyncio.sleep(5.0)
    desk.result()
asyncio.run(main())
"""


def set_up(machine: Machine) -> Visitor:
    """An administrator who has set the box up, without a browser."""
    visitor = Visitor(machine)
    until(lambda: visitor.get("/setup").status == 200, "no set-up page")
    code = machine.run("cat /var/lib/strowger/setup-code").strip()
    typed = {"code": code, "name": "Anna Berg", "login": "anna", "language": "de"}
    done = visitor.post("/setup", {**typed, "password": PASSWORD, "again": PASSWORD})
    assert done.status == 303, done.text
    visitor.get("/account")
    return visitor


@pytest.fixture(scope="module")
def visitor(machine: Machine) -> Visitor:
    """Who does what these tests do on the pages."""
    return set_up(machine)


def hire(machine: Machine, name: str) -> dict[str, str]:
    """An agent; the service's answer, with what the telephone needs."""
    made: dict[str, str] = json.loads(python(machine, _HIRE.replace("NAME", name)))
    return made


def test_a_telephone_registers_from_outside(machine: Machine, visitor: Visitor, tmp_path: Path) -> None:
    """By TCP: QEMU's own network takes no UDP in while it lets nothing out."""
    agent = hire(machine, "mira")
    for name, secret, answered in (("hers", agent["phone_secret"], "OK"), ("guessed", "guessed", "FAIL")):
        phone = Baresip(
            tmp_path / name, agent["phone_user"], secret=secret, proxy=f"127.0.0.1:{machine.sip_port}",
            transport="tcp",
        )  # fmt: skip
        try:
            phone.start()
            eventually(partial(phone.saw, f"REGISTER_{answered}"), PATIENCE_S, f"{name}: {phone.events}")
        finally:
            phone.stop()


def test_a_trunk_put_in_on_the_pages_is_taken_over_by_the_services(
    machine: Machine, visitor: Visitor
) -> None:
    machine.run(
        f"systemd-run --quiet --unit=exchange --working-directory=/tmp {PYTHON} -m board.sim exchange"
        " --listen 127.0.0.1:15080 --seed 3 --no-table --haste 2 --voices /opt/strowger/prompts"
    )
    trunk = {"name": "amt", "host": "127.0.0.1", "port": "15080", "transport": "udp", "username": "", "lines": "4",
             "caller_ids": CALLER_ID}  # fmt: skip
    assert visitor.post("/first-run/trunk", trunk).status == 303
    assert visitor.post("/first-run/settings/apply").status == 303
    machine.until(f'{STROWGER} status --json | grep -q \'"name": "amt"\'')
    machine.until("systemctl is-active strowger-web.service strowger-kamailio.service")


def test_a_campaign_is_dialled_to_its_end(machine: Machine, visitor: Visitor) -> None:
    agent = hire(machine, "jonas")
    account = [{"user": agent["phone_user"], "password": agent["phone_secret"], "answer_ms": 200}]
    machine.run(f"cat >/run/phones.json <<'EOF'\n{json.dumps(account)}\nEOF")
    machine.run(
        f"systemd-run --quiet --unit=phones --working-directory=/tmp {PYTHON} -m board.sim phones"
        " --registrar 127.0.0.1:5060 --domain strowger.invalid --accounts /run/phones.json"
        " --voices /opt/strowger/prompts"
    )
    machine.until("journalctl --no-pager -q -u phones | grep -q ready || ! systemctl -q is-active phones")
    machine.run("systemctl is-active phones")
    script = _CAMPAIGN.replace("AGENT", str(agent["id"])).replace("COUNT", str(CONTACTS))
    python(machine, script.replace("CALLER", CALLER_ID))
    team = shlex.quote(_TEAM.replace("AGENT", str(agent["id"])))
    machine.run(f"systemd-run --quiet --unit=team --working-directory=/tmp {PYTHON} -c {team}")
    seen: dict[str, object] = {}

    def finished() -> bool:
        shown = json.loads(machine.until("cat /run/progress"))
        told = {name: shown[name] for name in ("state", "contacts", "closed") if name in shown}
        if told != seen:
            say(json.dumps(told))
            seen.update(told)
        return bool(shown["state"] == "finished")

    try:
        until(finished, "the campaign does not end", CAMPAIGN_S)
    finally:
        say(machine.run("journalctl --no-pager -q -n 60 -u strowger -u team -u phones -u exchange"))
    assert seen["closed"] == seen["contacts"] == CONTACTS
