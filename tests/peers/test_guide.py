"""``*00`` on a desk telephone: baresip dials, hears the box speak, then itself, and is hung up on with a goodbye."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.peers.far_ends import RATE_HZ, Baresip, level_db
from tests.peers.processes import free_port
from tests.peers.test_agent_with_baresip import AGENT_HZ, telephone
from tests.peers.whole_box import WholeBox

pytestmark = pytest.mark.peers
PATIENCE_S = 90.0
VOICE = 1000.0
"""Louder than what a line without anybody on it can be (of 32767)."""


def lately(phone: Baresip) -> np.ndarray:
    """The last half second of what baresip heard."""
    return phone.heard()[-RATE_HZ // 2 :]


def speaks(phone: Baresip) -> bool:
    """Whether somebody speaks, and it is not the phone's own tone."""
    sound = lately(phone)
    return len(sound) == RATE_HZ // 2 and np.abs(sound).max() > VOICE and level_db(sound, AGENT_HZ) < -20


def hears_itself(phone: Baresip) -> bool:
    """Whether the phone's own tone comes back."""
    sound = lately(phone)
    return len(sound) == RATE_HZ // 2 and level_db(sound, AGENT_HZ) > -3


async def test_the_box_answers_speaks_echoes_and_says_goodbye(tmp_path: Path) -> None:
    async with WholeBox(tmp_path / "box", {"provider": free_port()}) as box:
        agent = await box.hire("anna")
        with telephone(tmp_path / "phone", agent) as phone:
            await box.until(lambda: box.registered(agent), PATIENCE_S, "baresip is registered")
            phone.command("dial", f"sip:*00@{agent['domain']}")
            await box.until(lambda: speaks(phone), PATIENCE_S, "the box speaks")
            phone.command("sndcode", "3")
            await box.until(lambda: hears_itself(phone), PATIENCE_S, "the phone hears itself")
            phone.command("sndcode", "1")
            await box.until(lambda: speaks(phone), PATIENCE_S, "the box speaks again")
            assert not phone.saw("CALL_CLOSED")
            phone.command("sndcode", "9")
            await box.until(lambda: phone.saw("CALL_CLOSED"), PATIENCE_S, "the box has hung up")
            await box.nothing_left()
        assert (await box.ask("inbound.list"))["rows"] == []
        assert box.complaints() == []
