"""An agent's desk telephone: baresip, with the credentials the box gives out, takes calls of the whole box.

The customers live at the project's exchange, in this process, so that what they heard can be measured: the agent is a
tone of 700 Hz, customers say hello at 250 Hz and talk at 300 Hz. How legs and holds look on the wire is proved in
``test_sip_phones``; here it is the service, the edge and the pages' own records that must agree with both ends.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from board.sim import g711, plan
from board.sim.callee import Callee
from board.sim.exchange import Exchange, Settings
from firmware.model import AgentState, ContactState, Disposition, HangupCause, PhoneMode, Side, UserId
from tests.peers.far_ends import RATE_HZ, Baresip, level_db
from tests.peers.whole_box import WholeBox
from tests.unit.board_sim.support import make_voices

pytestmark = pytest.mark.peers

AGENT_HZ, HELLO_HZ, TALK_HZ = 700.0, 250.0, 300.0
VOICE = 5000 / 32767
"""Amplitude of the customers' fundamental, as a share of full scale."""
STAYS, LEAVES, STAYS_TOO = "+493023125101", "+493023125102", "+493023125103"
SOON = {"post_dial_s": 0, "ring_s": 0.3, "hello_after_s": 0.3, "listens_s": 0.3}
PEOPLE = {
    STAYS: {"behaviour": "human_stays", **SOON},
    STAYS_TOO: {"behaviour": "human_stays", **SOON},
    LEAVES: {"behaviour": "human", "talk_s": 3, **SOON},
}


@asynccontextmanager
async def office(
    folder: Path, more: Mapping[str, Any] | None = None
) -> AsyncIterator[tuple[WholeBox, Exchange]]:
    """A box and the people it may call."""
    settings = Settings(plan=plan.read({"numbers": PEOPLE}), voices=make_voices(folder / "voices"), keep_s=60)
    async with (
        Exchange(settings) as network,
        WholeBox(folder / "box", {"provider": network.port}, more=more) as box,
    ):
        yield box, network


@contextmanager
def telephone(folder: Path, account: Mapping[str, Any], **more: Any) -> Iterator[Baresip]:
    """A desk telephone with what ``user.create`` or ``user.new_phone_secret`` said; it speaks for five minutes."""
    credentials = {"secret": account["phone_secret"], "proxy": account["proxy"], "domain": account["domain"]}
    phone = Baresip(folder, account["phone_user"], hertz=AGENT_HZ, seconds=300, **{**credentials, **more})
    try:
        yield phone.start()
    finally:
        phone.stop()


# -- measuring ---------------------------------------------------------------------------------------------------


def heard_since(customer: Callee, begin_at: float) -> np.ndarray:
    """What arrived at a customer's ear since a moment (Unix time)."""
    kept = [one for one in customer.heard.kept if one.arrived_at >= begin_at]
    return np.concatenate([np.empty(0), *(g711.decode(one.payload, one.codec).astype(float) for one in kept)])


def loudest_db(samples: np.ndarray, hertz: float, against: float) -> float:
    """How loud a tone is in the 100 ms where it is loudest, in dB against one of amplitude ``against``."""
    blocks = samples[: len(samples) // 800 * 800].reshape(-1, 800)
    return max((level_db(block, hertz, against) for block in blocks), default=-100.0)


async def hears_agent(box: WholeBox, customer: Callee) -> None:
    """From now on the agent's tone arrives at the customer, as loud as it left."""
    begin_at = time.time()
    await box.until(lambda: len(heard_since(customer, begin_at)) >= 1.5 * RATE_HZ, why="the customer hears")
    tone = heard_since(customer, begin_at)[RATE_HZ // 2 :]
    assert abs(level_db(tone, AGENT_HZ)) <= 1.0


async def hears_customer(box: WholeBox, network: Exchange, phone: Baresip, customer: Callee) -> None:
    """The next thing the customer says arrives in what baresip keeps, as loud as it left."""
    said = sum(e.event == "spoke" and e.call_id == customer.subject.call_id for e in network.witness.events)
    await network.wait_for("spoke", call_id=customer.subject.call_id, nth=said + 1, timeout_s=15)
    begin = max(0, len(phone.heard()) - RATE_HZ // 2)
    await box.until(lambda: len(phone.heard()) >= begin + 2 * RATE_HZ, why="baresip keeps what it hears")
    assert abs(loudest_db(phone.heard()[begin:], TALK_HZ, VOICE)) <= 1.0


async def on_hold(box: WholeBox, phone: Baresip, customer: Callee) -> None:
    """For a second nothing of either reaches the other; the customer hears music instead."""
    begin_at, begin = time.time() + 0.2, len(phone.heard()) + RATE_HZ // 2
    await box.until(lambda: len(phone.heard()) >= begin + RATE_HZ, why="the agent's line stays open")
    at_customer = heard_since(customer, begin_at)
    assert loudest_db(at_customer, AGENT_HZ, VOICE) < -25
    assert np.abs(phone.heard()[begin:]).max() < 50


# -- calls -------------------------------------------------------------------------------------------------------


async def talking(box: WholeBox, network: Exchange, agent: UserId, number: str) -> Callee:
    """The customer the agent is connected with."""
    answered = await network.wait_for("answered", number=number, timeout_s=20)
    desk = await box.agent_is(agent, AgentState.TALKING)
    assert desk["call"]["number"] == number
    return network.call(answered.call_id)


async def wrap_up(box: WholeBox, agent: UserId, code: str) -> Mapping[str, Any]:
    """Choose a result; the desk as it was in the wrap-up."""
    desk = await box.agent_is(agent, AgentState.WRAP_UP)
    await box.ask(
        "desk.wrap_up", user_id=agent, attempt=desk["attempt"], code=code, key=f"{code}-1", note="ok"
    )
    return desk


@pytest.mark.req("WDE-001", "WDE-022")
@pytest.mark.parametrize("mode", list(PhoneMode))
async def test_three_calls_ended_by_the_desk_the_customer_and_the_handset(
    tmp_path: Path, mode: PhoneMode
) -> None:
    async with office(tmp_path) as (box, network):
        agent = await box.hire("anna", mode)
        user = UserId(agent["id"])
        with telephone(tmp_path / "phone", agent) as phone:
            await box.until(lambda: box.registered(agent), why="baresip is registered")
            await box.ready(user)
            listed = await box.contact_list([STAYS, LEAVES, STAYS_TOO])
            campaign = await box.campaign(listed, [user], "provider", amd_enabled=False)
            await box.trunks_up()
            await box.ask("campaign.start", id=campaign)

            first = await talking(box, network, user, STAYS)
            await hears_agent(box, first)
            await hears_customer(box, network, phone, first)
            await box.ask("desk.hold", user_id=user)
            held = await network.wait_for("reinvited", number=STAYS)
            assert held.figures["held"]
            await on_hold(box, phone, first)
            await box.ask("desk.unhold", user_id=user)
            assert not (await network.wait_for("reinvited", number=STAYS, nth=2)).figures["held"]
            await hears_agent(box, first)
            await hears_customer(box, network, phone, first)
            await box.ask("desk.hang_up", user_id=user)
            ended = await network.wait_for("ended", number=STAYS)
            assert (ended.figures["by"], ended.figures["how"]) == ("caller", "bye")
            assert (await wrap_up(box, user, "contacted"))["call"]["ended_by"] == Side.AGENT

            second = await talking(box, network, user, LEAVES)
            await hears_agent(box, second)
            ended = await network.wait_for("ended", number=LEAVES)
            assert (ended.figures["by"], ended.figures["how"]) == ("callee", "bye")
            assert (await wrap_up(box, user, "not_interested"))["call"]["ended_by"] == Side.CUSTOMER

            third = await talking(box, network, user, STAYS_TOO)
            await hears_agent(box, third)
            await hears_customer(box, network, phone, third)
            phone.command("hangup")
            ended = await network.wait_for("ended", number=STAYS_TOO)
            assert (ended.figures["by"], ended.figures["how"]) == ("caller", "bye")
            assert (await wrap_up(box, user, "wrong_number"))["call"]["ended_by"] == Side.AGENT

            await box.agent_is(user, AgentState.READY)
            await box.ask("desk.log_out", user_id=user)
            await box.nothing_left()
        attempts = box.attempts(campaign)
        assert [
            (a.number, a.disposition, a.wrap_up_code, a.ended_by, a.hangup_cause, a.user_id) for a in attempts
        ] == [
            (STAYS, Disposition.CONTACTED, "contacted", Side.AGENT, HangupCause.NORMAL, user),
            (LEAVES, Disposition.CONTACTED, "not_interested", Side.CUSTOMER, HangupCause.NORMAL, user),
            (STAYS_TOO, Disposition.WRONG_NUMBER, "wrong_number", Side.AGENT, HangupCause.NORMAL, user),
        ]
        assert {contact.state for contact in box.contacts(listed)} == {ContactState.CLOSED}
        assert box.complaints() == []


async def test_five_wrong_secrets_are_a_ban_and_the_ban_ends(tmp_path: Path) -> None:
    """baresip tries a refused secret again at once until nobody answers any more: five times."""
    ours, other = ("127.0.0.21", 5062), ("127.0.0.22", 5062)
    async with office(tmp_path, {"edge": {"ban_after": 5, "ban_s": 8.0}}) as (box, _):
        anna, bernd = await box.hire("anna"), await box.hire("bernd")
        with telephone(tmp_path / "wrong", anna, secret="wrong", address=ours):
            await box.until(lambda: box.banned(ours[0]), why="it is shut out")
            assert not await box.registered(anna)
        with telephone(tmp_path / "right", anna, address=ours):
            with telephone(tmp_path / "other", bernd, address=other):
                await box.until(lambda: box.registered(bernd), why="others are not touched")
                assert not await box.registered(anna), "the right secret is not even heard"
            await box.until(lambda: box.registered(anna), 40, "the ban ends")
    said = (box.directory / "log" / "kamailio.log").read_text(encoding="utf-8")
    assert [n for n in range(1, 9) if f"wrong password from {ours[0]}, number {n}\n" in said] == [
        1,
        2,
        3,
        4,
        5,
    ]


async def test_a_new_secret_ends_the_old_one(tmp_path: Path) -> None:
    first, second = ("127.0.0.23", 5062), ("127.0.0.24", 5062)
    async with office(tmp_path) as (box, _):
        agent = await box.hire("anna")
        with telephone(tmp_path / "old", agent, address=first):
            await box.until(lambda: box.registered(agent), why="the first secret is good")
            fresh = await box.ask("user.new_phone_secret", id=agent["id"])

            async def shut_out() -> bool:
                return not await box.registered(agent)

            await box.until(shut_out, why="its registration ends with it")
        with telephone(tmp_path / "again", agent, address=first):
            await box.until(lambda: box.banned(first[0]), why="the old secret is refused")
        with telephone(tmp_path / "new", {**agent, **fresh}, address=second):
            await box.until(lambda: box.registered(agent), why="the new one is good")
