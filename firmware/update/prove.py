"""Does this version work on this box? What a slot shows before it is marked good, each look with a name.

The looks go from the cheap to the dear: the units are up, the control socket answers, the database has opened and
Kamailio is heard from, the pages answer, a telephone may register, and, where asked for, a whole call: a second box on
loopback (``strowger run``) with a simulated exchange and a desk telephone, which ends well only if the telephone has
registered, a person has been heard and connected, and the records agree with what the exchange saw.

Marking the slot and everything else that needs root is left to ``image/overlay/usr/lib/strowger/trial``.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from firmware.client import Client
from firmware.config import Config
from firmware.model import ServiceGone

UNITS = (
    "strowger-edge.service",
    "strowger-rtpengine.service",
    "strowger-kamailio.service",
    "strowger.service",
    "strowger-web.service",
)
LOOK_S = 1.0
PATIENCE_S = 180.0
"""For all looks but the call; a slow machine takes a minute from its first start to an answer."""
CALL_S = 300.0
CALL = ("run", "--headless", "--contacts", "1", "--agents", "1", "--seed", "3", "--until-done", "--json")
"""With this seed the one contact is a person who answers."""
_PARTS = frozenset({"store", "sip", "edge"})


class NotProved(Exception):
    """What is missing, as a sentence for the journal and for the person who installed the update."""


@dataclass(frozen=True, slots=True)
class Look:
    """One thing to be shown; ``shown`` raises NotProved for as long as it is not."""

    name: str
    shown: Callable[[], Awaitable[None]]


async def prove(config: Config, say: Callable[[str], None], *, call: bool) -> None:
    """Return when everything has been shown. :raises NotProved: what was not, in time"""
    looks = (
        Look("units", _units),
        Look("service", lambda: _service(config)),
        Look("pages", lambda: _pages(config)),
        Look("registration", lambda: _registration(config)),
    )
    end_s = asyncio.get_running_loop().time() + PATIENCE_S
    for look in looks:
        await _until_shown(look, end_s)
        say(f"{look.name}: well")
    if call:
        say(f"call: {await make_call((sys.executable, '-m', 'firmware', *CALL))}")


async def _until_shown(look: Look, end_s: float) -> None:
    while True:
        try:
            await look.shown()
        except NotProved as missing:
            if asyncio.get_running_loop().time() > end_s:
                raise NotProved(f"{look.name}: {missing}") from missing
            await asyncio.sleep(LOOK_S)
        else:
            return


async def _units() -> None:
    try:
        asking = await asyncio.create_subprocess_exec(
            "systemctl", "is-active", *UNITS, stdout=asyncio.subprocess.PIPE, stdin=asyncio.subprocess.DEVNULL
        )
    except FileNotFoundError as error:
        raise NotProved("there is no systemd") from error
    states = (await asking.communicate())[0].decode().split()
    down = [unit for unit, state in zip(UNITS, states, strict=False) if state != "active"]
    if down or len(states) != len(UNITS):
        raise NotProved(f"not up: {', '.join(down) or 'systemd does not answer'}")


async def _service(config: Config) -> None:
    try:
        async with Client(config.paths.control_socket) as client:
            snapshot = await client.ask("status")
    except ServiceGone as gone:
        raise NotProved(str(gone)) from gone
    looked = {check["check"]: check for check in snapshot["health"]}
    sick = [check["key"] for name, check in looked.items() if name in _PARTS and not check["ok"]]
    if sick or _PARTS - looked.keys():
        raise NotProved(f"not well: {', '.join(sick) or 'not looked at yet'}")


async def _pages(config: Config) -> None:
    host, _, port = config.web.listen.rpartition(":")
    try:
        async with asyncio.timeout(10.0):
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(b"GET /login HTTP/1.0\r\nHost: localhost\r\n\r\n")
            first = (await reader.readline()).decode("ascii", "replace")
            writer.close()
    except (OSError, TimeoutError) as error:
        raise NotProved(f"no answer: {error}") from error
    if " 200 " not in first and " 30" not in first:
        raise NotProved(first.strip() or "an empty answer")


class _Answer(asyncio.DatagramProtocol):
    """Keeps the first datagram."""

    def __init__(self) -> None:
        self.first: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:  # noqa: ARG002
        """The first line is the status line (RFC 3261 §7.2)."""
        if not self.first.done():
            self.first.set_result(data.decode("utf-8", "replace").partition("\r\n")[0])


async def _registration(config: Config) -> None:
    """A REGISTER without a password must be asked for one (RFC 3261 §10.3, 401)."""
    host, _, port = config.sip.proxy.rpartition(":")
    transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
        _Answer, remote_addr=(host, int(port))
    )
    mine = "{}:{}".format(*transport.get_extra_info("sockname")[:2])
    to = f"<sip:proof@{config.sip.domain}>"
    lines = (
        f"REGISTER sip:{config.sip.domain} SIP/2.0",
        f"Via: SIP/2.0/UDP {mine};branch=z9hG4bKproof{id(protocol)};rport",
        f"From: {to};tag=proof",
        f"To: {to}",
        f"Call-ID: proof{id(protocol)}@{mine}",
        "CSeq: 1 REGISTER",
        f"Contact: <sip:proof@{mine}>",
        "Max-Forwards: 70",
        "Expires: 60",
        "Content-Length: 0",
    )
    try:
        transport.sendto(("\r\n".join(lines) + "\r\n\r\n").encode())
        async with asyncio.timeout(3.0):
            first = await protocol.first
    except TimeoutError as error:
        raise NotProved("no answer to a registration") from error
    finally:
        transport.close()
    if " 401 " not in first:
        raise NotProved(f"a registration was answered {first!r}")


async def make_call(command: Sequence[str]) -> str:
    """Make the call and return what came of it. :raises NotProved: it was none, or nobody was connected"""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(CALL_S):
            output, errors = await process.communicate()
    except TimeoutError as error:
        process.terminate()
        await process.wait()
        raise NotProved(f"call: not over within {CALL_S:.0f} s") from error
    return _judge(process.returncode or 0, output.decode(), errors.decode("utf-8", "replace"))


def _judge(status: int, output: str, errors: str) -> str:
    try:
        report = json.loads(output)
    except ValueError:
        report = {}
    if status != 0:
        reasons = [*report.get("invariants_broken", ()), *report.get("errors", ())] or errors.splitlines()[
            -1:
        ]
        raise NotProved(f"call: {'; '.join(reasons) or f'ended with status {status}'}")
    if not report.get("live_answers"):
        raise NotProved("call: nobody who answered was heard")
    return f"{report['live_answers']} people heard and connected in {report['attempts']} calls"
