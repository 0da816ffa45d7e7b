"""Who hears whom, by their ears: a customer, two agents, a supervisor, each a tone of its own, through the whole box.

The customer is SIPp with RTP of ours, the others are baresip with the box's credentials. Tones lie above the music that
who waits hears. Each look waits until exactly the wanted tones are heard, and no other.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from firmware.model import AgentState, Disposition, PhoneMode, UserId
from firmware.run import sample
from tests.peers.far_ends import RATE_HZ, Baresip, level_db, sipp, tone
from tests.peers.people import (
    EAR_S,
    HZ,
    PATIENCE_S,
    Ears,
    leave_seats,
    open_phone,
    take_seats,
    telephone,
)
from tests.peers.processes import free_port
from tests.peers.rtp_end import _LINEAR
from tests.peers.rtp_talk import RtpTalk
from tests.peers.whole_box import WholeBox

pytestmark = pytest.mark.peers

NUMBER = "+493023125001"


class People(Ears):
    """Here the customer has no telephone, but RTP of ours."""

    def __init__(self, box: WholeBox, talk: RtpTalk, phones: Mapping[str, Baresip]) -> None:
        super().__init__(box, phones)
        self._talk = talk

    def sound(self, who: str) -> np.ndarray:
        """The last of what arrived at somebody's ear."""
        if who != "customer":
            return super().sound(who)
        packets = [payload for _, payload in list(self._talk.came.values())[-int(EAR_S * RATE_HZ) // 160 :]]
        return _LINEAR[np.frombuffer(b"".join(packets), dtype=np.uint8)].astype(float)


@pytest.mark.req("WDE-029")
async def test_everybody_hears_whom_they_should_and_nobody_else(tmp_path: Path) -> None:
    port, talk = free_port(), RtpTalk(tone(240.0, HZ["customer"]), host="127.0.0.1")
    with contextlib.ExitStack() as stack:
        stack.callback(talk.close)
        stack.enter_context(
            sipp("talk_rtp", ("127.0.0.1", port), tmp_path / "sipp", keys={"rtp": f"{talk.port}"})
        )
        async with WholeBox(tmp_path / "box", {"provider": port}) as box:
            team = await take_seats(box, tmp_path, stack)
            anna, bernd, sven = team.anna, team.bernd, team.sven
            people = People(box, talk, team.phones)
            campaign = await box.campaign(
                await box.contact_list([NUMBER]), [anna, bernd], "provider", amd_enabled=False
            )
            await box.ask("campaign.start", id=campaign)
            await box.agent_is(anna, AgentState.TALKING, PATIENCE_S)
            await people.hear(customer="a", anna="c", bernd="")

            await box.ask("team.listen", by=sven, agent_id=anna, kind="listen")
            await people.hear(sven="ac", customer="a", anna="c")
            await box.ask("team.listen", by=sven, agent_id=anna, kind="whisper")
            await people.hear(anna="cs", customer="a", sven="ac")
            await box.ask("team.listen", by=sven, agent_id=anna, kind="barge")
            await people.hear(anna="cs", customer="as", sven="ac")
            await box.ask("team.leave", by=sven)
            await people.hear(anna="c", customer="a")

            await box.ask("desk.consult", user_id=anna, kind="agent", id=bernd)
            await people.hear(anna="b", bernd="a", customer="")
            assert np.abs(people.sound("customer")).max() > 500, "who waits hears music"
            await box.ask("desk.party", user_id=anna, wish="toggle")
            await people.hear(anna="c", bernd="", customer="a")
            await box.ask("desk.party", user_id=anna, wish="join")
            await people.hear(anna="bc", bernd="ac", customer="ab")
            await box.ask("desk.party", user_id=anna, wish="complete")
            await people.hear(bernd="c", customer="b", anna="")
            await box.ask("desk.hang_up", user_id=bernd)
            await leave_seats(box, team, (await box.ask("desk.state", user_id=anna))["attempt"])
            assert box.complaints() == []


# -- keys pressed during a message -------------------------------------------------------------------------------------

OBJECTS, WANTS_AGENT, WANTS_PARTNER, PARTNER = (f"+4930231251{n:02d}" for n in (11, 12, 13, 20))


LONG_MESSAGE = "Guten Tag, hier ist das Musterhaus. " * 12


def speaks(phone: Baresip) -> bool:
    """Whether something loud has just arrived at a telephone."""
    sound = phone.heard()[-int(EAR_S * RATE_HZ) :]
    return len(sound) > 0 and bool(np.abs(sound).max() > 1000)


async def forbidden_first(box: WholeBox, number: str) -> None:
    """The number is on the list, and was before the call ended."""
    with contextlib.closing(sqlite3.connect(f"file:{box.config.paths.database}?mode=ro", uri=True)) as conn:
        (listed_at,) = conn.execute("SELECT min(at) FROM dnc_change").fetchone()
        (ended_at,) = conn.execute(
            "SELECT max(ended_at) FROM attempt WHERE number = ?", (int(number[1:]),)
        ).fetchone()
    assert listed_at < ended_at


async def after_key(box: WholeBox, trunk: str, user: UserId, phone: Baresip) -> None:
    """What the key does, until the call is over."""

    async def calls() -> Any:
        return (await box.ask("status"))["calls"]

    async def with_partner() -> bool:
        return any(call["with"] == ["Partner"] and call["state"] == "handed" for call in await calls())

    async def over() -> bool:
        return not await calls()

    if trunk == "agent":
        desk = await box.agent_is(user, AgentState.TALKING, PATIENCE_S)
        await box.until(lambda: abs(level_db(phone.heard()[-4800:], HZ["anna"])) < 3, PATIENCE_S, "her voice")
        await box.ask("desk.hang_up", user_id=user)
        await box.agent_is(user, AgentState.WRAP_UP, PATIENCE_S)
        await box.ask(
            "desk.wrap_up", user_id=user, attempt=desk["attempt"], code="contacted", key="0123456789abcdef"
        )
    elif trunk == "partner":
        await box.until(with_partner, PATIENCE_S, "customer and partner talk")
        phone.command("hangup")
    await box.until(over, PATIENCE_S, "the call is over")


@contextlib.contextmanager
def customer(folder: Path, number: str, port: int, hertz: float) -> Iterator[Baresip]:
    """A customer's telephone at a trunk of its own; the partner's number rings there too."""
    partner = (
        f";regint=0\n<sip:{PARTNER}@127.0.0.1;transport=udp>;answermode=auto;audio_codecs=pcma,pcmu;ptime=20"
    )
    phone = Baresip(folder, number, address=("127.0.0.1", port), hertz=hertz, seconds=300, account=partner)
    try:
        yield phone.start()
    finally:
        phone.stop()


@pytest.mark.req("GEN-033", "GEN-034", "GEN-035", "GEN-036")
async def test_keys_during_a_message_forbid_further_calls_or_reach_an_agent_or_a_destination(
    tmp_path: Path,
) -> None:
    """Agentless campaigns over SIP: the message is heard, a key is pressed, and what it does is done before the end."""
    ports = {"objects": free_port(), "agent": free_port(), "partner": free_port()}
    async with WholeBox(tmp_path / "box", ports) as box:
        with contextlib.ExitStack() as stack:
            anna = await box.hire("anna", PhoneMode.NAILED_UP)
            user = UserId(anna["id"])
            stack.enter_context(telephone(tmp_path, "anna", anna))
            await box.until(lambda: box.registered(anna), PATIENCE_S, "registered")
            await box.ready(user)
            await open_phone(box, user)
            entry = await box.ask("destination.add", name="Partner", number=PARTNER)
            people = {
                "objects": (OBJECTS, "", "9"),
                "agent": (WANTS_AGENT, f"agent:{user}", "2"),
                "partner": (WANTS_PARTNER, f"destination:{entry['id']}", "2"),
            }
            phones = {
                trunk: stack.enter_context(customer(tmp_path / trunk, number, ports[trunk], 950.0))
                for trunk, (number, _, _) in people.items()
            }
            await box.trunks_up()
            campaigns = {}
            for trunk, (number, to, key) in people.items():
                campaigns[trunk] = await box.campaign(
                    await box.contact_list([number]), [user], trunk, mode="agentless", agent_key=True,
                    agent_key_to=to, amd_enabled=False, message_text=LONG_MESSAGE,
                    rules=sample.OWN_RULES | {"consent": {"automated_service": "nothing"}},
                )  # fmt: skip
                await box.ask("campaign.start", id=campaigns[trunk])
                await box.until(lambda trunk=trunk: speaks(phones[trunk]), PATIENCE_S, "the message is heard")
                phones[trunk].command("sndcode", key)
                await after_key(box, trunk, user, phones[trunk])
            ends = {trunk: box.attempts(campaigns[trunk])[0].disposition for trunk in people}
            assert ends == {
                "objects": Disposition.DO_NOT_CALL,
                "agent": Disposition.CONTACTED,
                "partner": Disposition.CONTACTED,
            }
            await forbidden_first(box, OBJECTS)
            await box.ask("desk.log_out", user_id=user)
            await box.nothing_left()
            assert box.complaints() == []
