"""Calls and desks together on scripted far ends and a fake clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from firmware.calls.agent import Agent
from firmware.calls.call import CallState
from firmware.calls.desks import Desks, DeskUser
from firmware.calls.live import GreetingEnd
from firmware.calls.switchboard import LiveCall, Switchboard, SwitchboardSettings
from firmware.clock import FakeClock
from firmware.model import (
    AgentState,
    AmdLabel,
    AttemptUid,
    CampaignId,
    CampaignSettings,
    Claim,
    ContactId,
    Disposition,
    HangupCause,
    LegId,
    MessageResult,
    NewParty,
    OperatorError,
    PartyResult,
    Permit,
    PhoneMode,
    Side,
    TapeEnd,
    UserId,
)
from firmware.trunks.base import LegCorrected, LegHeard, LegOffered, Route
from firmware.trunks.simulated import FarEnd, SimulatedMedia

ANNA, BERND = UserId(1), UserId(2)
PROMPT = Path("announcement.wav")
HUMAN = FarEnd(answers_after_s=3.0)
PHONE = FarEnd(rings_after_s=0.01, answers_after_s=0.1)


class Paper:
    """Books that keep what they are told, and let every call go at once when its final word is written."""

    def __init__(self) -> None:
        self.lines: list[tuple[Any, ...]] = []
        self.switchboard: Switchboard | None = None

    def ringing(self, uid: AttemptUid, at: float) -> None:
        self.lines.append(("ringing", uid))

    def answered(self, uid: AttemptUid, at: float, *_how: object) -> None:
        self.lines.append(("answered", uid))

    def heard(self, uid: AttemptUid, verdict: LegHeard, at: float) -> None:
        self.lines.append(("heard", uid, verdict.label))

    def heard_early(self, uid: AttemptUid, verdict: LegHeard, at: float) -> None:
        self.lines.append(("heard early", uid, verdict.cause))

    def corrected(self, uid: AttemptUid, verdict: LegCorrected, at: float) -> None:
        self.lines.append(("corrected", uid, verdict.label))

    def audited(self, uid: AttemptUid) -> None:
        self.lines.append(("audited", uid))

    def message_began(self, uid: AttemptUid, ended: GreetingEnd | None, at: float) -> None:
        self.lines.append(("message began", uid, ended))

    def message(self, uid: AttemptUid, result: MessageResult, at: float) -> None:
        self.lines.append(("message", uid, result))

    def talking(self, uid: AttemptUid, agent: UserId, at: float, recording: Path | None) -> None:
        self.lines.append(("talking", uid, agent, recording))

    def ended(self, uid: AttemptUid, cause: HangupCause, by: Side, sip_code: int, at: float) -> None:
        self.lines.append(("ended", uid, cause, by))

    def asked(self, party: NewParty, at: float) -> None:
        self.lines.append(("asked", party.attempt, party.name))

    def party_answered(self, uid: str, at: float) -> None:
        self.lines.append(("party answered", uid))

    def party_handed(self, uid: str, at: float) -> None:
        self.lines.append(("party handed", uid))

    def party_ended(self, uid: str, result: PartyResult, at: float) -> None:
        self.lines.append(("party ended", uid, result))

    def handed_on(self, uid: AttemptUid, at: float) -> None:
        self.lines.append(("handed on", uid))

    def step(self, attempt: AttemptUid, what: str, user: UserId | None, about: str, at: float) -> None:
        self.lines.append(("step", attempt, what, user, about))

    def tape_began(self, call: AttemptUid, file: str, at: float) -> None:
        self.lines.append(("tape", call, file))

    def tape_ended(self, file: str, why: TapeEnd, at: float) -> None:
        self.lines.append(("tape over", file, why))

    def dispose(self, live: LiveCall, disposition: Disposition, at: float) -> None:
        self.lines.append(("disposed", live.uid, disposition))
        assert self.switchboard is not None
        self.switchboard.closed(live)

    def of(self, word: str) -> list[tuple[Any, ...]]:
        return [line for line in self.lines if line[0] == word]


class Office:
    """A small office: people, phones and customers, all scripted."""

    def __init__(
        self,
        far_end: Callable[[Route, int], FarEnd] = lambda route, _: PHONE if route.kind == "phone" else HUMAN,
        mode: PhoneMode = PhoneMode.NAILED_UP,
        **settings: Any,
    ) -> None:
        self.clock = FakeClock()
        self.paper = Paper()
        self.agent_states: list[tuple[UserId, AgentState]] = []
        self.expired: list[LiveCall] = []
        self.media = SimulatedMedia(self.clock, far_end)
        self.desks = Desks(self.clock, self.media, self._agent_changed)
        self.desks.adopt([DeskUser(ANNA, "Anna", "p1", mode), DeskUser(BERND, "Bernd", "p2", mode)])
        self.switchboard = Switchboard(
            self.clock,
            self.media,
            self.desks,
            self.paper,
            SwitchboardSettings(3600.0, Path("recordings"), lambda: PROMPT, lambda: True),
            changed=lambda live: None,
            freed=lambda: None,
            wrap_up_expired=self.expired.append,
        )
        self.paper.switchboard = self.switchboard
        self.settings = CampaignSettings(name="T", trunk="t", agent_ids=(ANNA, BERND), **settings)
        self.count = 0

    def _agent_changed(self, before: Agent, after: Agent) -> None:
        if before.state is not after.state:
            self.agent_states.append((after.user_id, after.state))

    async def open(self, *agents: UserId) -> None:
        await self.media.start(self.switchboard.on_leg)
        for agent in agents:
            self.desks.log_in(agent)
            self.desks.ready(agent)
        await self.clock.advance(1.0)

    def call(self, owner: UserId | None = None) -> LiveCall:
        self.count += 1
        now = self.clock.utc()
        number = f"+493023125{self.count:03d}"
        permit = Permit(number, now, "Europe/Berlin", "", "", "test", {}, 0, None, "")
        uid = AttemptUid(f"{self.count:026d}")
        claim = Claim(uid, CampaignId(1), ContactId(self.count), number, "Clara", {}, permit)
        return self.switchboard.place(claim, self.settings, owner)


async def test_a_person_is_bridged_at_once_to_an_open_phone() -> None:
    office = Office()
    await office.open(ANNA)
    live = office.call()
    await office.clock.advance(4.05)
    assert live.call.state is CallState.BRIDGED
    assert office.desks.agent(ANNA).state is AgentState.TALKING
    assert len(office.media.bridges) == 1
    office.media.far_end_hangs_up(live.leg)
    assert office.paper.of("ended") == [("ended", live.uid, HangupCause.NORMAL, Side.CUSTOMER)]
    assert office.desks.agent(ANNA).state is AgentState.WRAP_UP
    assert office.media.bridges == set()
    office.switchboard.closed(live)
    assert office.desks.agent(ANNA).state is AgentState.READY
    assert office.switchboard.live() == []


async def test_a_per_call_phone_rings_only_once_a_person_is_there() -> None:
    office = Office(mode=PhoneMode.PER_CALL)
    await office.open(ANNA)
    live = office.call()
    await office.clock.advance(3.9)
    assert [p.route.kind for p in office.media.placed] == ["trunk"]
    await office.clock.advance(0.3)
    assert live.call.state is CallState.BRIDGED
    office.media.far_end_hangs_up(live.leg)
    office.switchboard.closed(live)
    await office.clock.advance(0.1)
    assert office.desks.leg(ANNA) is None
    assert office.desks.available([ANNA]) == [ANNA]


async def test_the_next_agent_is_tried_when_a_phone_does_not_answer() -> None:
    def far_end(route: Route, _: int) -> FarEnd:
        if route.address == "p1":
            return FarEnd(rings_after_s=None, refuses=(0.1, 480, HangupCause.UNAVAILABLE))
        return PHONE if route.kind == "phone" else HUMAN

    office = Office(far_end, mode=PhoneMode.PER_CALL)
    await office.open(ANNA, BERND)
    live = office.call()
    await office.clock.advance(4.5)
    assert live.call.agent == BERND
    anna = office.desks.agent(ANNA)
    assert (anna.state, anna.reason) == (AgentState.PAUSED, "phone_unreachable")


async def test_nobody_there_in_time_means_announcement_and_abandoned() -> None:
    office = Office(hold_s=2.0)
    await office.open()
    live = office.call()
    await office.clock.advance(4.0 + 1.9)
    assert live.call.state is CallState.WAITING
    await office.clock.advance(0.2)
    assert live.call.state is CallState.ANNOUNCING
    await office.clock.advance(5.0)
    assert office.paper.of("disposed") == [("disposed", live.uid, Disposition.ABANDONED)]


async def test_an_agent_who_gets_free_takes_the_call_that_waited_longest() -> None:
    office = Office(hold_s=2.0)
    await office.open()
    first = office.call()
    await office.clock.advance(0.5)
    second = office.call()
    await office.clock.advance(3.6)
    office.desks.log_in(ANNA)
    office.desks.ready(ANNA)
    await office.clock.advance(0.4)
    assert (first.call.agent, second.call.agent) == (ANNA, None)


async def test_hanging_up_the_handset_ends_the_call_and_the_phone_is_called_again() -> None:
    office = Office()
    await office.open(ANNA)
    live = office.call()
    await office.clock.advance(4.05)
    leg = office.desks.leg(ANNA)
    assert leg is not None
    office.media.far_end_hangs_up(leg)
    await office.clock.advance(0.05)
    assert office.paper.of("ended") == [("ended", live.uid, HangupCause.NORMAL, Side.AGENT)]
    assert office.desks.agent(ANNA).state is AgentState.WRAP_UP
    office.switchboard.closed(live)
    assert office.desks.available([ANNA]) == []
    await office.clock.advance(0.2)
    assert office.desks.available([ANNA]) == [ANNA]


async def test_a_phone_that_goes_away_while_idle_pauses_its_agent() -> None:
    office = Office()
    await office.open(ANNA)
    leg = office.desks.leg(ANNA)
    assert leg is not None
    office.media.far_end_hangs_up(leg)
    anna = office.desks.agent(ANNA)
    assert (anna.state, anna.reason) == (AgentState.PAUSED, "phone_hung_up")


async def test_a_customer_who_hangs_up_while_the_phone_rings_frees_the_agent() -> None:
    def far_end(route: Route, _: int) -> FarEnd:
        return FarEnd(answers_after_s=1.5) if route.kind == "phone" else HUMAN

    office = Office(far_end, mode=PhoneMode.PER_CALL)
    await office.open(ANNA)
    live = office.call()
    await office.clock.advance(4.5)
    office.media.far_end_hangs_up(live.leg)
    await office.clock.advance(0.1)
    assert office.paper.of("disposed") == [("disposed", live.uid, Disposition.HUNG_UP)]
    assert office.desks.agent(ANNA).state is AgentState.READY
    assert office.desks.available([ANNA]) == [ANNA]


async def test_logging_out_while_talking_takes_effect_after_the_wrap_up_and_lets_the_phone_go() -> None:
    office = Office()
    await office.open(ANNA)
    live = office.call()
    await office.clock.advance(4.05)
    office.desks.log_out(ANNA)
    assert office.desks.agent(ANNA).state is AgentState.TALKING
    office.media.far_end_hangs_up(live.leg)
    office.switchboard.closed(live)
    await office.clock.advance(0.1)
    assert office.desks.agent(ANNA).state is AgentState.LOGGED_OUT
    assert office.desks.leg(ANNA) is None


async def test_the_wrap_up_limit_is_announced_to_whoever_decides() -> None:
    office = Office(wrap_up_limit_s=30.0)
    await office.open(ANNA)
    live = office.call()
    await office.clock.advance(4.05)
    office.media.far_end_hangs_up(live.leg)
    await office.clock.advance(29.0)
    assert office.expired == []
    await office.clock.advance(2.0)
    assert office.expired == [live]


async def test_recording_only_where_the_campaign_says_so() -> None:
    office = Office(record_calls=True)
    await office.open(ANNA)
    live = office.call()
    await office.clock.advance(4.05)
    assert office.paper.of("talking") == [("talking", live.uid, ANNA, Path("recordings") / f"{live.uid}.wav")]


async def test_a_machine_never_reaches_an_agent() -> None:
    machine = FarEnd(answers_after_s=3.0, label=AmdLabel.MACHINE)
    office = Office(lambda route, _: PHONE if route.kind == "phone" else machine)
    await office.open(ANNA)
    live = office.call()
    await office.clock.advance(4.1)
    assert office.paper.of("disposed") == [("disposed", live.uid, Disposition.MACHINE)]
    assert (ANNA, AgentState.RESERVED) not in office.agent_states


async def test_what_is_not_possible_now_is_said_and_changes_nothing() -> None:
    office = Office()
    await office.open()
    with pytest.raises(OperatorError) as refusal:
        office.desks.pause(ANNA, "lunch")
    assert refusal.value.problems[0].key == "not_in_this_state"
    with pytest.raises(OperatorError):
        office.desks.ready(UserId(99))


async def test_somebody_who_calls_the_box_is_told_at_once_that_nobody_takes_calls() -> None:
    office = Office()
    await office.open()
    refused: list[tuple[LegId, int]] = []
    office.media.hang_up = lambda leg, sip_code=0: refused.append((leg, sip_code))  # type: ignore[method-assign]
    office.switchboard.on_leg(LegOffered(LegId("o1"), "+493023125001", "+493023125000"))
    assert refused == [(LegId("o1"), 480)]
    assert office.switchboard.live() == []


async def test_who_dialled_is_connected_at_the_answer_and_nobody_judges_it() -> None:
    machine = FarEnd(answers_after_s=3.0, label=AmdLabel.MACHINE)
    office = Office(lambda route, _: PHONE if route.kind == "phone" else machine)
    await office.open(ANNA, BERND)
    assert office.desks.take(BERND)
    live = office.call(owner=BERND)
    assert office.desks.agent(BERND).attempt == live.uid
    await office.clock.advance(4.05)
    assert (live.call.state, live.call.agent) == (CallState.BRIDGED, BERND)
    assert office.paper.of("heard") == []
    assert office.desks.agent(ANNA).state is AgentState.READY


async def test_the_watcher_hears_of_every_call_but_those_agents_dial() -> None:
    class Watcher:
        def __init__(self) -> None:
            self.seen: list[tuple[str, CallState]] = []

        def placed(self, live: LiveCall) -> None:
            self.seen.append((live.uid, live.call.state))

        def moved(self, live: LiveCall, before: CallState) -> None:
            assert before is not live.call.state
            self.seen.append((live.uid, live.call.state))

    office = Office()
    office.switchboard.watcher = watcher = Watcher()
    await office.open(ANNA, BERND)
    assert office.desks.take(BERND)
    office.call(owner=BERND)
    mine = office.call()
    await office.clock.advance(5.0)
    office.media.far_end_hangs_up(mine.leg)
    assert watcher.seen == [
        (mine.uid, state)
        for state in (
            CallState.DIALLING,
            CallState.RINGING,
            CallState.LISTENING,
            CallState.WAITING,
            CallState.BRIDGED,
            CallState.ENDED,
        )
    ]


async def test_an_agent_who_looks_at_a_record_cannot_be_taken_twice_or_reserved() -> None:
    office = Office()
    await office.open(ANNA)
    assert office.desks.take(ANNA)
    assert not office.desks.take(ANNA)
    assert office.desks.available([ANNA]) == []
    office.desks.release(ANNA)
    assert office.desks.available([ANNA]) == [ANNA]
