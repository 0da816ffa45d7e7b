"""A call over an analog line, from the simulated exchange to an agent's telephone and back, and a modem pulled out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from board.sim.line import FarEnd, HangUp, LineSim
from board.sim.modem import ModemSim
from board.sim.modem_kinds import CX930XX_2X
from board.sim.modem_pty import ModemPty
from firmware.clock import SystemClock
from firmware.model import HangupCause, LegId
from firmware.trunks.base import LegAnswered, LegEnded, LegRinging
from firmware.trunks.modem import AnalogLine, LineSettings
from tests.peers.far_ends import RATE_HZ, level_db, tone
from tests.peers.house import House
from tests.peers.processes import eventually
from tests.permitted import over
from tests.unit.modem.test_line_listener import speech

pytestmark = pytest.mark.peers
PATIENCE_S = 60.0
NUMBER = "+493023125500"
DIALLED = "03023125500"
FAR_HZ, AGENT_HZ = 1000.0, 700.0


def greeting() -> np.ndarray:
    """Words, so that the answer is heard, then a tone that can be found again."""
    hello = speech(1.5)
    return np.concatenate((hello, tone(20.0, FAR_HZ).astype(np.int16)))


def is_heard(sound: np.ndarray, hertz: float) -> bool:
    """Whether a tone is in the last two seconds: a busy machine may leave gaps in it."""
    blocks = sound[-2 * RATE_HZ :].astype(float).reshape(-1, 800) if len(sound) >= 2 * RATE_HZ else ()
    return any(level_db(block, hertz) > -25 for block in blocks)


@pytest.mark.req("GEN-003")
def test_a_call_over_a_modem_meets_an_agent_and_survives_the_modem(house: House, tmp_path: Path) -> None:
    exchange = LineSim(
        "DE", {DIALLED: FarEnd(rings=1, voice=greeting(), voice_repeats=True, hang_up=HangUp.BUSY)}.get
    )
    stick = ModemPty(ModemSim(exchange, CX930XX_2X), tmp_path / "modem")
    stick.plug_in()
    settings = LineSettings("one", "lines", str(tmp_path / "modem"))
    line = AnalogLine(settings, SystemClock(), house.media)
    house.do(line.start)
    try:
        eventually(lambda: line.free, PATIENCE_S, "the modem is ready")
        with house.desk(tmp_path / "desk", "2001", hertz=AGENT_HZ, seconds=300.0) as phone:
            agent = house.ring("2001")
            house.wait(agent, LegAnswered, PATIENCE_S)
            leg = LegId("line-1")
            house.do(lambda: line.originate(leg, over("lines", NUMBER), 60.0))
            house.wait(leg, LegRinging, PATIENCE_S)
            house.wait(leg, LegAnswered, PATIENCE_S)
            assert exchange.dialled == DIALLED
            house.do(lambda: house.media.bridge(leg, agent))
            eventually(
                lambda: is_heard(exchange.far_heard(), AGENT_HZ), PATIENCE_S, "the far end hears the agent"
            )
            eventually(lambda: is_heard(phone.heard(), FAR_HZ), PATIENCE_S, "the agent hears the far end")
            stick.do(lambda modem: exchange.far_hangs_up())
            ended = house.wait(leg, LegEnded, PATIENCE_S)
            assert (ended.cause, ended.by_far_end) == (HangupCause.NORMAL, True)
            assert not stick.modem.off_hook

            eventually(lambda: line.free, PATIENCE_S)
            leg = LegId("line-2")
            house.do(lambda: line.originate(leg, over("lines", NUMBER), 60.0))
            house.wait(leg, LegAnswered, PATIENCE_S)
            house.do(lambda: house.media.bridge(leg, agent))
            stick.unplug()
            ended = house.wait(leg, LegEnded, PATIENCE_S)
            assert ended.cause is HangupCause.MEDIA_LOST
            eventually(lambda: not line.up, PATIENCE_S, "the alarm")
            stick.plug_in()
            eventually(lambda: line.free, PATIENCE_S, "the modem is back")
            house.hang_up(agent)
    finally:
        house.loop.run(line.stop())
        stick.unplug()
