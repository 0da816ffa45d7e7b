"""SIPp as the network: every end a call can have, through the whole box, many at once, and nothing is left of them.

Each behaviour is a trunk with a SIPp of its own and a campaign; all of them run at the same time, as fast as the box
may start calls (20 a second). ``STROWGER_CALLS`` says how many altogether: 60 in the suite, 1,000 in ``make soak``.
What a call came to is read from the pages' records and compared with what SIPp wrote down.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from firmware.model import (
    AmdLabel,
    CampaignId,
    ContactListId,
    ContactState,
    Disposition,
    HangupCause,
    PhoneMode,
    Side,
    UserId,
)
from firmware.run.team import Desk, Manners
from firmware.store.reports import Attempt, Contact
from tests.peers.far_ends import sipp
from tests.peers.processes import free_port
from tests.peers.whole_box import WholeBox

pytestmark = pytest.mark.peers

CALLS = int(os.environ.get("STROWGER_CALLS", "60"))
"""How many calls altogether; 1,000 in ``make soak``."""
PER_SECOND = 20
DEAD_PEER_S = 30.0
"""After so long without a packet the box gives a far end up (``SipSettings``), and looks every 5 s."""
MINUTE_S, HOUR_S, DAY_S = 60.0, 3600.0, 86400.0
NEVER = (1e6, 1e6)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What the far end does, and what must come of it."""

    scenario: str
    share: float
    disposition: Disposition
    cause: HangupCause
    ended_by: Side
    again_s: float | None
    """From the disposition to the next attempt, by the campaign's rules; None: the contact is closed."""
    keys: Mapping[str, str] = field(default_factory=dict)
    pause_ms: int = 1000
    talk_s: tuple[float, float] | None = None
    """When the agent hangs up; None: the call needs no agent's phone."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    attempts: int = 1

    @property
    def calls(self) -> int:
        """How many contacts get this."""
        return max(2, round(self.share * CALLS))

    @property
    def agents(self) -> int:
        """Enough for the season to end in a few minutes."""
        return min(8, max(2, math.ceil(self.calls / 6)))


def refusal(
    status: str, q850: int, disposition: Disposition, cause: HangupCause, again_s: float, **more: Any
) -> Behaviour:
    """The network says no."""
    keys = {"status": status, "cause": str(q850)}
    given = {"scenario": "reject", "share": 0.1, "keys": keys, **more}
    return Behaviour(disposition=disposition, cause=cause, ended_by=Side.CUSTOMER, again_s=again_s, **given)


def talk(
    scenario: str, share: float, ended_by: Side, cause: HangupCause = HangupCause.NORMAL, **more: Any
) -> Behaviour:
    """Somebody answers and an agent's wrap-up code is the end of it."""
    given = {"talk_s": NEVER, **more}
    return Behaviour(scenario, share, Disposition.CONTACTED, cause, ended_by, None, **given)


CONTACTED = {
    "code": "contacted",
    "digit": 1,
    "label_en": "Success",
    "label_de": "Erfolg",
    "disposition": "contacted",
}
BUSY_AGAIN = {"retry": {"busy": {"delay_s": 1.0, "max_attempts": 2}}, "min_gap_s": 0.0}
BEHAVIOURS = {
    "lost_bye": talk("vanish", 0.03, Side.BOX, HangupCause.MEDIA_LOST, pause_ms=300),
    "no_answer": Behaviour(
        "no_answer", 0.05, Disposition.NO_ANSWER, HangupCause.NO_ANSWER, Side.BOX, 2 * HOUR_S
    ),
    "silence": Behaviour(
        "silence",
        0.04,
        Disposition.SILENCE,
        HangupCause.NORMAL,
        Side.BOX,
        DAY_S,
        settings={"amd_enabled": True},
    ),
    "486": refusal("486 Busy Here", 17, Disposition.BUSY, HangupCause.BUSY, 15 * MINUTE_S, share=0.12),
    "404": refusal("404 Not Found", 1, Disposition.UNREACHABLE, HangupCause.NOT_FOUND, 4 * HOUR_S),
    "480": refusal(
        "480 Temporarily Unavailable", 20, Disposition.UNREACHABLE, HangupCause.UNAVAILABLE, 4 * HOUR_S
    ),
    "503": refusal(
        "503 Service Unavailable", 34, Disposition.FAILED, HangupCause.NETWORK_FAILURE, 10 * MINUTE_S
    ),
    "603": refusal(
        "603 Decline", 21, Disposition.REJECTED, HangupCause.REJECTED, DAY_S, scenario="ring_reject"
    ),
    "486_twice": refusal(
        "486 Busy Here",
        17,
        Disposition.BUSY,
        HangupCause.BUSY,
        0.0,
        share=0.03,
        settings=BUSY_AGAIN,
        attempts=2,
    ),
    "early_media": talk("early", 0.06, Side.AGENT, talk_s=(0.5, 1.0)),
    "reinvite": talk("reinvite", 0.05, Side.AGENT, talk_s=(2.0, 3.0)),
    "customer_ends": talk("talk_bye", 0.1, Side.CUSTOMER, keys={"cause": "16"}, pause_ms=400),
    "agent_ends": talk("talk", 0.09, Side.AGENT, talk_s=(0.3, 1.0)),
}


# -- what SIPp wrote down ----------------------------------------------------------------------------------------

_MESSAGE = re.compile(
    r"UDP message (received|sent) [^\n]*:\s*\n\s*(?:SIP/2\.0 (\d+)|([A-Z]+) )(.*?)(?=\n-{20,}|\Z)", re.DOTALL
)
_CALL_ID = re.compile(r"^Call-ID:\s*(\S+)", re.MULTILINE | re.IGNORECASE)


def seen_by_sipp(folder: Path) -> dict[str, Counter[str]]:
    """Per Call-ID, how often each request and each final answer went which way: ``<BYE``, ``>200``."""
    calls: dict[str, Counter[str]] = defaultdict(Counter)
    for log in folder.glob("*_messages.log"):
        for way, status, method, rest in _MESSAGE.findall(log.read_text(errors="replace").replace("\r", "")):
            name = _CALL_ID.search(rest)
            if name is not None and method != "OPTIONS":
                calls[name[1]][("<" if way == "received" else ">") + (status or method)] += 1
    return {name: seen for name, seen in calls.items() if seen["<INVITE"]}


WIRE = {
    "lost_bye": {"<INVITE", ">200", "<ACK"},
    "no_answer": {"<INVITE", ">180", "<CANCEL", ">487", "<ACK"},
    "silence": {"<INVITE", ">200", "<ACK", "<BYE"},
    "486": {"<INVITE", ">486", "<ACK"},
    "404": {"<INVITE", ">404", "<ACK"},
    "480": {"<INVITE", ">480", "<ACK"},
    "503": {"<INVITE", ">503", "<ACK"},
    "603": {"<INVITE", ">180", ">603", "<ACK"},
    "486_twice": {"<INVITE", ">486", "<ACK"},
    "early_media": {"<INVITE", ">183", ">200", "<ACK", "<BYE"},
    "reinvite": {"<INVITE", ">INVITE", "<200", ">ACK", "<BYE"},
    "customer_ends": {"<INVITE", ">200", "<ACK", ">BYE", "<200"},
    "agent_ends": {"<INVITE", ">200", "<ACK", "<BYE"},
}
"""What SIPp must have seen (<) and said (>) in every call."""


# -- the season --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Played:
    """One behaviour's campaign."""

    list_id: ContactListId
    campaign: CampaignId
    agents: list[UserId]
    folder: Path
    attempts: list[Attempt] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)


@dataclass(slots=True)
class Season:
    """Everything that was dialled, on a box that is still up and idle."""

    box: WholeBox
    ports_before: set[int]
    most_ports: int = 0
    played: dict[str, Played] = field(default_factory=dict)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def season(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Season]:
    """Dial everything, once for all tests of this file."""
    folder = tmp_path_factory.mktemp("season")
    ports = {name.replace("_", "-"): free_port() for name in BEHAVIOURS}
    more = {"dialling": {"calls_per_second": float(PER_SECOND), "tick_s": 0.1}}
    with contextlib.ExitStack() as far_ends:
        for name, behaviour in BEHAVIOURS.items():
            address = ("127.0.0.1", ports[name.replace("_", "-")])
            given = {"keys": behaviour.keys, "pause_ms": behaviour.pause_ms}
            far_ends.enter_context(sipp(behaviour.scenario, address, folder / name, **given))
        async with WholeBox(folder / "box", ports, more=more) as box:
            dialled = Season(box, box.audio_ports())
            await _play(dialled, folder)
            yield dialled


async def _play(season: Season, folder: Path) -> None:
    box, number = season.box, iter(range(1000))
    phones: list[Mapping[str, Any]] = []
    for name, behaviour in BEHAVIOURS.items():
        mode = PhoneMode.PER_CALL if behaviour.talk_s is None else PhoneMode.NAILED_UP
        team = [await box.hire(f"a-{name.replace('_', '-')}-{n}", mode) for n in range(behaviour.agents)]
        phones += team if behaviour.talk_s is not None else []
        list_id = await box.contact_list(f"+493023125{next(number):03d}" for _ in range(behaviour.calls))
        settings = {"amd_enabled": False, "wrap_up_codes": [CONTACTED], **behaviour.settings}
        users = [UserId(agent["id"]) for agent in team]
        campaign = await box.campaign(list_id, users, name.replace("_", "-"), **settings)
        season.played[name] = Played(list_id, campaign, users, folder / name)
    await box.telephones(phones)
    await box.trunks_up()
    await _dial(season)
    for played in season.played.values():
        played.attempts, played.contacts = box.attempts(played.campaign), box.contacts(played.list_id)


async def _dial(season: Season) -> None:
    """Agents sit down, campaigns run until each contact has had its attempts, agents leave."""
    box = season.box
    work = []
    for name, played in season.played.items():
        manners = Manners(BEHAVIOURS[name].talk_s or NEVER, (0.05, 0.1), 1.0)
        for user in played.agents:
            desk = Desk(box.config.paths.control_socket, user, manners, int(user))
            work.append(asyncio.create_task(desk.work(), name=f"{name} {user}"))
    try:
        for played in season.played.values():
            await box.ask("campaign.start", id=played.campaign)

        async def all_dialled() -> bool:
            season.most_ports = max(season.most_ports, len(box.audio_ports()))
            shown = {c["id"]: c for c in (await box.ask("status"))["campaigns"]}
            return all(_done(shown.get(p.campaign), BEHAVIOURS[n]) for n, p in season.played.items())

        await box.until(all_dialled, 90 + CALLS, "every contact has had its attempts")
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
    for played in season.played.values():
        await box.ask("campaign.stop", id=played.campaign)
        for user in played.agents:
            await box.ask("desk.log_out", user_id=user)


def _done(shown: Mapping[str, Any] | None, behaviour: Behaviour) -> bool:
    return (
        shown is not None
        and shown["attempts"] == behaviour.calls * behaviour.attempts
        and not shown["in_flight"]
    )


# -- what must have come of it -----------------------------------------------------------------------------------


@pytest.mark.req("GEN-025", "GEN-030")
@pytest.mark.parametrize("name", BEHAVIOURS)
def test_each_end_has_its_disposition(season: Season, name: str) -> None:
    wanted, played = BEHAVIOURS[name], season.played[name]
    assert len(played.attempts) == wanted.calls * wanted.attempts
    found = Counter((a.disposition, a.hangup_cause, a.ended_by) for a in played.attempts)
    assert found == {(wanted.disposition, wanted.cause, wanted.ended_by): len(played.attempts)}
    for attempt in played.attempts:
        assert (attempt.talking_at is not None) == (wanted.talk_s is not None)
        assert (attempt.user_id in played.agents) == (wanted.talk_s is not None)


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_the_contact_is_closed_or_called_again_by_the_rule(season: Season, name: str) -> None:
    wanted, played = BEHAVIOURS[name], season.played[name]
    disposed = {attempt.number: attempt.disposed_at for attempt in played.attempts}
    assert len(played.contacts) == wanted.calls
    for contact in played.contacts:
        assert contact.attempts == wanted.attempts
        if wanted.again_s and wanted.attempts == 1:
            assert contact.state == ContactState.OPEN
            assert contact.next_at - (disposed[contact.number] or 0) == pytest.approx(wanted.again_s, abs=0.5)
        else:
            assert contact.state == ContactState.CLOSED


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_sipp_saw_the_same(season: Season, name: str) -> None:
    played = season.played[name]
    calls = seen_by_sipp(played.folder)
    assert {call_id[:26] for call_id in calls} == {str(attempt.uid) for attempt in played.attempts}
    for call_id, seen in calls.items():
        assert set(seen) >= WIRE[name], call_id
    errors = "".join(log.read_text(errors="replace") for log in played.folder.glob("*_errors.log"))
    if name != "lost_bye":  # there SIPp is told to be gone when our BYE comes
        assert not [line for line in errors.splitlines() if "Aborting call" in line]


def test_silence_is_what_the_ears_said(season: Season) -> None:
    verdicts = [attempt.verdict for attempt in season.played["silence"].attempts]
    assert {verdict.label for verdict in verdicts if verdict} == {AmdLabel.SILENCE}
    assert all(verdicts)


def test_a_lost_bye_is_given_up_in_time(season: Season) -> None:
    for attempt in season.played["lost_bye"].attempts:
        assert attempt.ended_at is not None
        assert attempt.talking_at is not None
        assert DEAD_PEER_S <= attempt.ended_at - attempt.talking_at <= DEAD_PEER_S + 10


@pytest.mark.asyncio(loop_scope="module")
async def test_no_leg_no_port_no_dialogue_is_left(season: Season) -> None:
    assert season.ports_before == set()
    assert season.most_ports >= 2 * sum(
        len(p.agents) for n, p in season.played.items() if BEHAVIOURS[n].talk_s
    )
    await season.box.nothing_left()
    assert season.box.complaints() == []
    assert season.box.processes.gone() == []
