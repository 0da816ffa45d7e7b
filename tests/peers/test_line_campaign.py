"""A campaign over an analog line: the whole box, a simulated modem on a pseudo terminal, an agent's baresip.

A person is connected with the agent and hangs up, and in the middle of a second call the modem is pulled out: the call
ends with its cause, the box raises the alarm, and the line comes back with the modem.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from board.sim.line import FarEnd, LineSim
from board.sim.modem import ModemSim
from board.sim.modem_kinds import CX930XX_2X
from board.sim.modem_numbers import number_plan
from board.sim.modem_pty import ModemPty
from firmware.model import AgentState, AnswerConfidence, AnswerMethod, Disposition, HangupCause, Side, UserId
from tests.peers.processes import free_port
from tests.peers.test_agent_with_baresip import AGENT_HZ, telephone, wrap_up
from tests.peers.test_line_trunk import is_heard
from tests.peers.whole_box import WholeBox
from tests.unit.modem.test_line_listener import speech

pytestmark = pytest.mark.peers
PATIENCE_S = 90.0
LINE_NUMBER = "+493023125000"
PERSON, UNPLUGGED = "+493023125103", "+493023125104"


@pytest.fixture
def network() -> LineSim:
    """At 103 and 104 somebody talks on and on."""
    talks = FarEnd(
        rings=1, voice=np.concatenate((speech(1.0), np.zeros(12_000, np.int16))), voice_repeats=True
    )
    return LineSim("DE", number_plan({"103": talks, "104": talks}))


@pytest.fixture
def stick(network: LineSim, tmp_path: Path) -> Iterator[ModemPty]:
    stick = ModemPty(ModemSim(network, CX930XX_2X), tmp_path / "modem")
    stick.plug_in()
    yield stick
    stick.unplug()


async def talking(box: WholeBox, network: LineSim, agent: UserId, number: str) -> None:
    desk = await box.agent_is(agent, AgentState.TALKING, PATIENCE_S)
    assert desk["call"]["number"] == number
    await box.until(
        lambda: is_heard(network.far_heard(), AGENT_HZ), PATIENCE_S, "the far end hears the agent"
    )


@pytest.mark.req("GEN-003")
async def test_a_campaign_over_an_analog_line(network: LineSim, stick: ModemPty, tmp_path: Path) -> None:
    line = {"name": "one", "port": str(tmp_path / "modem"), "number": LINE_NUMBER}
    async with WholeBox(tmp_path / "box", {"provider": free_port()}, more={"[line]": line}) as box:

        async def wrong() -> str:
            return str((await box.ask("line.list"))[0]["wrong"]["key"])

        async def idle() -> bool:
            return str((await box.ask("line.list"))[0]["state"]) == "idle"

        async def alarms() -> set[str]:
            return {check["check"] for check in (await box.ask("status"))["health"] if not check["ok"]}

        agent = await box.hire("anna")
        user = UserId(agent["id"])
        with telephone(tmp_path / "phone", agent) as phone:
            await box.until(lambda: box.registered(agent), PATIENCE_S, "baresip is registered")
            await box.until(idle, PATIENCE_S, "the modem is ready")
            await box.ready(user)
            listed = await box.contact_list([PERSON, UNPLUGGED])
            campaign = await box.campaign(
                listed, [user], "one", caller_id=LINE_NUMBER, ring_timeout_s=40.0, amd_enabled=False
            )
            await box.ask("campaign.start", id=campaign)

            await talking(box, network, user, PERSON)
            begin = len(phone.heard())
            await box.until(
                lambda: np.abs(phone.heard()[begin:]).max(initial=0) > 500,
                PATIENCE_S,
                "the agent hears the person",
            )
            stick.do(lambda _: network.far_hangs_up())
            await box.agent_is(user, AgentState.WRAP_UP, PATIENCE_S)
            await wrap_up(box, user, "contacted")

            await talking(box, network, user, UNPLUGGED)
            stick.unplug()
            await box.agent_is(user, AgentState.WRAP_UP, PATIENCE_S)
            await box.until(wrong, PATIENCE_S, "the line says what is wrong")

            async def alarmed() -> bool:
                return {"line:one", "trunk:one"} <= await alarms()

            await box.until(alarmed, PATIENCE_S, "the alarm")
            stick.plug_in()
            await box.until(idle, PATIENCE_S, "the line is back")

            async def calm() -> bool:
                return not {"line:one", "trunk:one"} & await alarms()

            await box.until(calm, PATIENCE_S, "the alarm is over")
            await wrap_up(box, user, "contacted")
            await box.agent_is(user, AgentState.READY, PATIENCE_S)
            await box.ask("desk.log_out", user_id=user)
            await box.nothing_left()
        found = {a.number: (a.disposition, a.ended_by, a.hangup_cause) for a in box.attempts(campaign)}
        assert found == {
            PERSON: (Disposition.CONTACTED, Side.CUSTOMER, HangupCause.NORMAL),
            UNPLUGGED: (Disposition.CONTACTED, Side.BOX, HangupCause.MEDIA_LOST),
        }
        assert {(a.answer_method, a.answer_confidence) for a in box.attempts(campaign)} == {
            (AnswerMethod.VOICE_AFTER_RINGBACK, AnswerConfidence.LIKELY)
        }
        assert box.complaints() == []
    assert not stick.modem.off_hook
