"""A caller, two agents and a supervisor by their ears, and what was recorded of it: over SIP through the whole box.

The caller's baresip dials the office over a trunk. Each has a tone of its own above the music that who waits hears;
each look waits until exactly the wanted tones are heard, and no other. The recording is looked into afterwards, piece
by piece: the caller on the left, whoever had them on the right, and nobody who was asked in.
"""

from __future__ import annotations

import contextlib
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from firmware.model import AgentState
from tests.peers.far_ends import RATE_HZ, Baresip, level_db
from tests.peers.people import HZ, PATIENCE_S, Ears, leave_seats, take_seats
from tests.peers.processes import free_port
from tests.peers.test_calls_in import CALLER, OFFICE, OURS
from tests.peers.whole_box import WholeBox

pytestmark = pytest.mark.peers

RECORDED = {**OFFICE, "record": "always"}
BLOCK = RATE_HZ // 5
"""A piece may be short: people are brought together for a moment only."""


def tones_in(sound: np.ndarray) -> set[str]:
    """Whose tones a channel holds where they are loudest; gaps of a busy machine do not matter."""
    blocks = sound[: len(sound) // BLOCK * BLOCK].astype(float).reshape(-1, BLOCK)
    return {
        name
        for name, hertz in HZ.items()
        if max((level_db(each, hertz) for each in blocks), default=-99.0) > -20
    }


def pieces(folder: Path) -> list[tuple[set[str], set[str]]]:
    """(left, right) of every finished piece, in the order they were made."""
    found = []
    for path in sorted(folder.glob("*.wav"), key=lambda path: (len(path.name), path.name)):
        with wave.open(str(path)) as file:
            both = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)
        found.append((tones_in(both[:, 0]), tones_in(both[:, 1])))
    return found


@pytest.mark.req("WDE-029")
async def test_a_caller_is_consulted_about_handed_on_overheard_and_recorded(tmp_path: Path) -> None:
    port = free_port()
    with contextlib.ExitStack() as stack:
        more = {"[inbound]": RECORDED}
        async with WholeBox(tmp_path / "box", {"provider": port}, more=more) as box:
            team = await take_seats(box, tmp_path, stack)
            anna, bernd, sven = team.anna, team.bernd, team.sven
            caller = Baresip(
                tmp_path / "caller", CALLER, address=("127.0.0.1", port), hertz=HZ["customer"], seconds=300.0
            )
            stack.callback(caller.stop)
            caller.start()
            people = Ears(box, {**team.phones, "customer": caller})
            caller.command("dial", f"sip:{OURS}@{box.config.sip.proxy}")

            async def asked() -> Any:
                call = (await box.ask("desk.state", user_id=anna))["call"] or {}
                return (call.get("incoming") or {}).get("asked")

            await box.until(asked, PATIENCE_S, "the call is shown at the desk")
            await box.ask("desk.accept", user_id=anna)
            await box.agent_is(anna, AgentState.TALKING, PATIENCE_S)
            await people.hear(customer="a", anna="c", bernd="")

            await box.ask("team.listen", by=sven, agent_id=anna, kind="whisper")
            await people.hear(anna="cs", customer="a", sven="ac")
            await box.ask("team.leave", by=sven)
            await people.hear(anna="c", customer="a")

            await box.ask("desk.consult", user_id=anna, kind="agent", id=bernd)
            await people.hear(anna="b", bernd="a", customer="")
            await box.ask("desk.party", user_id=anna, wish="join")
            await people.hear(anna="bc", bernd="ac", customer="ab")
            await box.ask("desk.party", user_id=anna, wish="complete")
            await people.hear(bernd="c", customer="b", anna="")
            call = (await box.ask("desk.state", user_id=anna))["attempt"]
            caller.command("hangup")
            await leave_seats(box, team, call)
            folder = box.config.paths.recordings
            await box.until(
                lambda: len(list(folder.glob("*.wav"))) == 3, PATIENCE_S, "three pieces are written"
            )
            with_anna, together, with_bernd = pieces(folder)
            assert with_anna == ({"customer"}, {"anna"})
            assert together == ({"customer"}, {"anna"}), "whoever is only asked in is not in the file"
            assert with_bernd == ({"customer"}, {"bernd"})
            assert box.complaints() == []
