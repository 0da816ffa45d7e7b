"""Somebody calls the office: over a SIP trunk through the edge, and over an analog line with caller ID.

The caller is found in a contact list, an agent's baresip is asked by a tone, the agent takes the call at the desk, and
both hear each other. What was said of the call afterwards is asked of the box.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from board.sim.line import Caller, FarEnd, HangUp, IncomingCall, LineSim
from board.sim.modem import ModemSim
from board.sim.modem_kinds import CX930XX_2X
from board.sim.modem_pty import ModemPty
from firmware.model import AgentState, PhoneMode, UserId
from tests.peers.far_ends import RATE_HZ, Baresip, level_db, tone
from tests.peers.processes import free_port
from tests.peers.test_agent_with_baresip import AGENT_HZ, telephone
from tests.peers.whole_box import WholeBox
from tests.unit.modem.test_line_listener import speech

pytestmark = pytest.mark.peers
PATIENCE_S = 90.0
CALLER, OURS = "+493023125777", "+493023125000"
CALLER_HZ = 1000.0
OFFICE = {"name": "office", "accept": "key", "ring_s": 30.0, "wait_s": 300.0}


def is_heard(sound: np.ndarray, hertz: float) -> bool:
    """Whether a tone is in the last two seconds: a busy machine may leave gaps in it."""
    blocks = sound[-2 * RATE_HZ :].astype(float).reshape(-1, 800) if len(sound) >= 2 * RATE_HZ else ()
    return any(level_db(block, hertz) > -25 for block in blocks)


async def seated(box: WholeBox, agent: Mapping[str, Any]) -> UserId:
    """The agent is ready, with an open phone, and the caller is in a list."""
    user = UserId(agent["id"])
    await box.until(lambda: box.registered(agent), PATIENCE_S, "baresip is registered")
    await box.contact_list([CALLER, "+493023125778"])
    await box.ready(user)

    async def open_phone() -> bool:
        return bool((await box.ask("desk.state", user_id=user))["phone"]["open"])

    await box.until(open_phone, PATIENCE_S, "the agent's phone is open")
    return user


async def taken(box: WholeBox, user: UserId, trunk: str) -> None:
    """The call is shown with its caller's name, and the agent takes it."""

    async def shown() -> Any:
        call = (await box.ask("desk.state", user_id=user))["call"] or {}
        return (call.get("incoming") or {}).get("asked") and call

    call = await box.until(shown, PATIENCE_S, "the call is shown at the desk")
    assert (call["name"], call["number"]) == ("Kunde 777", CALLER)
    await box.ask("desk.accept", user_id=user)
    await box.agent_is(user, AgentState.TALKING, PATIENCE_S)
    (row,) = (await box.ask("inbound.list"))["rows"]
    assert (row["trunk"], row["caller"], row["agent"]) == (trunk, CALLER, "Anna")


async def over(box: WholeBox, user: UserId) -> None:
    """The caller has hung up: a result, and nothing is left."""
    desk = await box.agent_is(user, AgentState.WRAP_UP, PATIENCE_S)
    await box.ask(
        "desk.wrap_up", user_id=user, attempt=desk["attempt"], code="contacted", key="once", note="bill"
    )
    await box.agent_is(user, AgentState.READY, PATIENCE_S)
    (row,) = (await box.ask("inbound.list", show="answered"))["rows"]
    assert (row["outcome"], row["disposition"], row["note"], row["ended_by"]) == (
        "answered", "contacted", "bill", "customer",
    )  # fmt: skip
    await box.ask("desk.log_out", user_id=user)
    await box.nothing_left()
    assert box.complaints() == []


async def test_a_call_over_a_sip_trunk_reaches_an_agent(tmp_path: Path) -> None:
    port = free_port()
    async with WholeBox(tmp_path / "box", {"provider": port}, more={"[inbound]": OFFICE}) as box:
        agent = await box.hire("anna", PhoneMode.NAILED_UP)
        caller = Baresip(
            tmp_path / "caller", CALLER, address=("127.0.0.1", port), hertz=CALLER_HZ, seconds=300.0
        )
        with telephone(tmp_path / "phone", agent) as phone:
            user = await seated(box, agent)
            caller.start()
            try:
                await box.trunks_up()
                caller.command("dial", f"sip:{OURS}@{box.config.sip.proxy}")
                await taken(box, user, "provider")
                await box.until(
                    lambda: is_heard(caller.heard(), AGENT_HZ), PATIENCE_S, "the caller hears the agent"
                )
                await box.until(
                    lambda: is_heard(phone.heard(), CALLER_HZ), PATIENCE_S, "the agent hears the caller"
                )
                caller.command("hangup")
                await over(box, user)
            finally:
                caller.stop()


async def test_a_call_over_an_analog_line_with_caller_id_reaches_an_agent(tmp_path: Path) -> None:
    network = LineSim("DE", {}.get)
    stick = ModemPty(ModemSim(network, CX930XX_2X), tmp_path / "modem")
    stick.plug_in()
    line = {"name": "one", "port": str(tmp_path / "modem"), "number": OURS}
    talks = np.concatenate((speech(1.0), tone(20.0, CALLER_HZ).astype(np.int16)))
    party = FarEnd(voice=talks, voice_repeats=True, hang_up=HangUp.BUSY)
    more = {"[line]": line, "[inbound]": {**OFFICE, "trunk": "one"}}
    try:
        async with WholeBox(tmp_path / "box", {"provider": free_port()}, more=more) as box:

            async def idle() -> bool:
                return str((await box.ask("line.list"))[0]["state"]) == "idle"

            agent = await box.hire("anna", PhoneMode.NAILED_UP)
            with telephone(tmp_path / "phone", agent) as phone:
                user = await seated(box, agent)
                await box.until(idle, PATIENCE_S, "the modem is ready")
                call = IncomingCall(Caller("03023125777"), gives_up_after=None, party=party)
                stick.do(lambda _: network.ring(call))
                await taken(box, user, "one")
                await box.until(
                    lambda: is_heard(network.far_heard(), AGENT_HZ), PATIENCE_S, "the caller hears the agent"
                )
                await box.until(
                    lambda: is_heard(phone.heard(), CALLER_HZ), PATIENCE_S, "the agent hears the caller"
                )
                stick.do(lambda _: network.far_hangs_up())
                await over(box, user)
        assert not stick.modem.off_hook
    finally:
        stick.unplug()
