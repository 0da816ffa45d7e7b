"""A machine that begins "Hello?" and pauses, on a real SIP call through the whole box: taken for a person, connected
with an agent, found out, and a message left on it after its beep.

The far end keeps what it hears beside the number of its own packet that was next to leave, so that "after the beep" is
told by its own clock. How soon the message begins is measured, not judged: that is a matter of the machine's load.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from firmware.model import AgentState, AmdLabel, Disposition, MessageResult, PhoneMode, UserId
from firmware.run import sample
from firmware.store.reports import Attempt
from tests.peers.far_ends import RATE_HZ, sipp, tone, write_wav
from tests.peers.processes import free_port
from tests.peers.rtp_end import _LINEAR
from tests.peers.rtp_talk import SAMPLES, RtpTalk
from tests.peers.whole_box import WholeBox
from tests.unit.dsp.sounds import pcm, silence, speech
from tests.unit.dsp.sounds import tone as beep

pytestmark = pytest.mark.peers

NOTES_HZ = (500.0, 600.0, 700.0, 800.0, 900.0, 1000.0)
NOTE_S = 0.5
GREETING = (
    "You have reached the office. Nobody can come to the telephone. Please leave a message after the tone."
)
PATIENCE_S = 60.0


def machine() -> tuple[np.ndarray, int]:
    """What the far end says, and the number of the packet in which its beep ends."""
    greeting = pcm(
        *(silence(400), speech("Hello?"), silence(1300), speech(GREETING)),
        *(silence(300), beep((1000.0,), 400)),
    )
    return np.concatenate((greeting, np.zeros(90 * RATE_HZ, dtype=np.int16))), len(greeting) // SAMPLES


def notes_heard(talk: RtpTalk, after: int) -> list[tuple[float, int, float]]:
    """The message's notes as they came: pitch, number of our packet at the first of it, seconds."""
    found: list[tuple[float, int, float]] = []
    for number, payload in talk.came.values():
        if number <= after or len(payload) != SAMPLES:
            continue
        samples = _LINEAR[np.frombuffer(payload, dtype=np.uint8)].astype(float)
        at_s = np.arange(SAMPLES) / RATE_HZ
        power = [abs(np.exp(-2j * np.pi * hz * at_s) @ samples) * 2 / SAMPLES for hz in NOTES_HZ]
        if max(power) < 2000:
            continue
        hz = NOTES_HZ[int(np.argmax(power))]
        if found and found[-1][0] == hz:
            found[-1] = (hz, found[-1][1], found[-1][2] + SAMPLES / RATE_HZ)
        else:
            found.append((hz, number, SAMPLES / RATE_HZ))
    return [each for each in found if each[2] > 0.04]  # where two notes meet a packet may sound like a third


@pytest.mark.req("GEN-017", "GEN-022")
async def test_a_machine_that_passed_for_a_person_gets_its_message_after_the_beep(tmp_path: Path) -> None:
    said, beep_ends = machine()
    port, talk = free_port(), RtpTalk(said, host="127.0.0.1")
    try:
        with sipp("talk_rtp", ("127.0.0.1", port), tmp_path / "sipp", keys={"rtp": f"{talk.port}"}):
            async with WholeBox(tmp_path / "box", {"provider": port}) as box:
                attempt = await called(box)
    finally:
        talk.close()
    assert attempt.verdict is not None
    assert attempt.correction is not None
    assert attempt.verdict.label in (AmdLabel.HUMAN, AmdLabel.UNSURE)
    assert attempt.correction.label is AmdLabel.MACHINE
    assert attempt.talking_at is not None
    assert attempt.verdict.at < attempt.talking_at < attempt.correction.at
    assert (attempt.disposition, attempt.wrap_up_code) == (Disposition.MACHINE, None)
    assert attempt.message is not None
    assert (attempt.message.result, attempt.message.after) == (MessageResult.LEFT, "beep")
    notes = notes_heard(talk, beep_ends)
    assert [hz for hz, _, _ in notes] == list(NOTES_HZ), (
        "each once, in order: begun once, and heard to the end"
    )
    assert sum(seconds for _, _, seconds in notes) == pytest.approx(NOTE_S * len(NOTES_HZ), rel=0.05)


async def called(box: WholeBox) -> Attempt:
    """One agent, one contact, and a campaign that leaves a recording where the ears were wrong at first."""
    folder = box.config.paths.speech / "recordings"
    folder.mkdir(parents=True, exist_ok=True)
    write_wav(folder / "notes.wav", np.concatenate([tone(NOTE_S, hz) for hz in NOTES_HZ]))
    agent = await box.hire("anna", PhoneMode.NAILED_UP)
    user = UserId(agent["id"])
    await box.telephones([agent])
    await box.trunks_up()
    await box.until(lambda: box.registered(agent), PATIENCE_S, "the telephone is registered")
    await box.ready(user)

    async def open_phone() -> bool:
        desk: dict[str, Any] = await box.ask("desk.state", user_id=user)
        return bool(desk["phone"]["open"])

    await box.until(open_phone, PATIENCE_S, "the telephone is open")
    campaign = await box.campaign(
        await box.contact_list(["+493023125001"]),
        [user],
        "provider",
        on_correction="message",
        drop_file="notes",
        rules=sample.OWN_RULES | {"consent": {"automated_service": "nothing"}},
    )
    await box.ask("campaign.start", id=campaign)

    async def let_go() -> bool:
        desk: dict[str, Any] = await box.ask("desk.state", user_id=user)
        gone: bool = desk["released"] == {"name": "Kunde 001", "what": "message", "by_agent": False}
        return gone and desk["state"] == AgentState.READY

    await box.until(let_go, PATIENCE_S, "the agent is free while the call goes on")

    async def over() -> bool:
        attempts = box.attempts(campaign)
        return bool(attempts) and attempts[0].disposition is not None

    await box.until(over, PATIENCE_S, "the message is left")
    return box.attempts(campaign)[0]
