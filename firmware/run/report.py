"""The account of a demonstration: the box's own records against what the exchange saw.

The exchange is the independent witness. It knows who it played (a person, a machine), when each INVITE reached it and
when each call ended; the box knows what it made of that. Every contradiction is an invariant broken, in words.
"""

from __future__ import annotations

import itertools
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from firmware.model import AgentState, AmdLabel, AttemptUid, CampaignId, Disposition
from firmware.run import sample
from firmware.store.attempt_rows import Attempt
from firmware.store.reports import Reports

if TYPE_CHECKING:
    from firmware.run.demonstration import Demonstration

PEOPLE = frozenset(
    {"human", "human_stays", "slow_answer", "packet_loss", "lost_bye", "presses_keys", "holds"}
)
MACHINES = frozenset({"machine", "machine_without_beep"})
_PERSON = frozenset({AmdLabel.HUMAN, AmdLabel.UNSURE})
_UID_LENGTH = 26
_SLACK_S = 0.25
"""Two clocks' worth of rounding between the box's records and the exchange's."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a run printed as JSON consists of. Shares are 0..1 of the agents' time, ``_ms`` milliseconds."""

    contacts: int
    closed: int
    attempts: int
    dispositions: Mapping[str, int]
    amd: Mapping[str, int]
    live_answers: int
    abandoned: int
    answer_to_agent_ms: Mapping[str, float]
    agents: Mapping[str, float]
    invariants_broken: Sequence[str]
    errors: Sequence[str]
    seconds: float


@dataclass(frozen=True, slots=True)
class Seen:
    """One call as the exchange saw it."""

    call_id: str
    number: str
    behaviour: str
    invited_at: float
    ended: bool

    @property
    def uid(self) -> AttemptUid:
        """The attempt's uid, which is the left part of the Call-ID."""
        return AttemptUid(self.call_id[:_UID_LENGTH])


def make(run: Demonstration) -> Report:
    """Account for a run whose programs have stopped."""
    reports = Reports(run.config.paths.database)
    try:
        counters = reports.campaign_progress(CampaignId(run.campaign_id))
        attempts = list(_all_attempts(reports, CampaignId(run.campaign_id)))
    finally:
        reports.close()
    assert counters is not None
    seen = read_witness(run.witness)
    broken = [
        *contacts_left_open(counters.contacts, counters.closed),
        *attempts_without_end(attempts),
        *permits_missing(attempts),
        *calls_without_intent(attempts, seen),
        *dialled_twice(seen, sample.MIN_GAP_S),
        *too_many_calls(attempts, run.options.agents),
        *calls_left_up(seen),
        *results_lost(attempts, _merged(desk.acknowledged for desk in run.desks)),
    ]
    return Report(
        contacts=counters.contacts,
        closed=counters.closed,
        attempts=counters.attempts,
        dispositions={str(k): v for k, v in counters.dispositions.items()},
        amd=confusion(attempts, seen),
        live_answers=counters.live_answers,
        abandoned=counters.abandoned,
        answer_to_agent_ms=_percentiles(attempts),
        agents=_shares(desk.spent for desk in run.desks),
        invariants_broken=broken,
        errors=_errors(run.directory / "log" / "service.log"),
        seconds=round(time.time() - run.started_at, 1),
    )


def read_witness(path: Path) -> list[Seen]:
    """The calls in the exchange's log, in the order of their INVITEs."""
    calls: dict[str, dict[str, Any]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        call = calls.setdefault(event["call_id"], {"events": set()})
        call["events"].add(event["event"])
        if event["event"] == "invite":
            call.update(number=event["number"], behaviour=event["behaviour"], at=event["t"])
    invited = ((call_id, call) for call_id, call in calls.items() if "invite" in call["events"])
    return [
        Seen(call_id, c["number"], c["behaviour"], c["at"], "ended" in c["events"]) for call_id, c in invited
    ]


# -- invariants ----------------------------------------------------------------------------------------------


def contacts_left_open(contacts: int, closed: int) -> Iterator[str]:
    """Every contact is closed at the end."""
    if contacts != closed:
        yield f"{contacts - closed} of {contacts} contacts are not closed"


def attempts_without_end(attempts: Iterable[Attempt]) -> Iterator[str]:
    """Every attempt has its one disposition."""
    for attempt in attempts:
        if attempt.disposition is None:
            yield f"attempt {attempt.uid} has no disposition"


def permits_missing(attempts: Iterable[Attempt]) -> Iterator[str]:
    """Every attempt has a permit for exactly the number it dialled."""
    for attempt in attempts:
        if attempt.permit.number != attempt.number:
            yield f"attempt {attempt.uid} has no permit for the number it dialled"


def calls_without_intent(attempts: Iterable[Attempt], seen: Iterable[Seen]) -> Iterator[str]:
    """No INVITE reaches the network before its intent is on disk."""
    by_uid = {attempt.uid: attempt for attempt in attempts}
    for call in seen:
        attempt = by_uid.get(call.uid)
        if attempt is None:
            yield f"the exchange saw call {call.call_id}, of which the store knows nothing"
        elif attempt.started_at > call.invited_at + _SLACK_S:
            yield f"attempt {attempt.uid} reached the exchange before its intent was recorded"


def dialled_twice(seen: Iterable[Seen], gap_s: float) -> Iterator[str]:
    """No number is dialled again before the campaign's gap has passed."""
    times: dict[str, list[float]] = defaultdict(list)
    for call in seen:
        times[call.number].append(call.invited_at)
    for number, moments in times.items():
        ordered = sorted(moments)
        for before, after in itertools.pairwise(ordered):
            if after - before < gap_s - _SLACK_S:
                yield f"a number ending in {number[-2:]} was dialled twice within {after - before:.1f} s"


def too_many_calls(attempts: Iterable[Attempt], agents: int) -> Iterator[str]:
    """Progressive: at no moment more calls without an agent than there are agents."""
    steps: list[tuple[float, int]] = []
    for attempt in attempts:
        steps += [(attempt.started_at, 1), (_needed_agent_until(attempt), -1)]
    waiting = most = 0
    for _, change in sorted(steps):
        waiting += change
        most = max(most, waiting)
    if most > agents:
        yield f"{most} calls were without an agent at the same time, with {agents} agents"


def _needed_agent_until(attempt: Attempt) -> float:
    """When it was clear that the call has its agent, or will not get one."""
    if attempt.talking_at is not None:
        return attempt.talking_at
    if attempt.verdict is not None and attempt.disposition is not Disposition.HUNG_UP:
        return attempt.verdict.at
    ends = (attempt.ended_at, attempt.disposed_at)
    return next((at for at in ends if at is not None), float("inf"))


def calls_left_up(seen: Iterable[Seen]) -> Iterator[str]:
    """Every call the exchange saw has ended."""
    for call in seen:
        if not call.ended:
            yield f"call {call.call_id} never ended at the exchange"


def results_lost(attempts: Iterable[Attempt], acknowledged: Mapping[str, str]) -> Iterator[str]:
    """Every result the service confirmed to an agent is in the store."""
    stored = {str(attempt.uid): attempt.wrap_up_code for attempt in attempts}
    for uid, code in acknowledged.items():
        if stored.get(uid) != code:
            yield f"the result {code} of attempt {uid} was confirmed and is not stored"


# -- figures -------------------------------------------------------------------------------------------------


def confusion(attempts: Iterable[Attempt], seen: Iterable[Seen]) -> dict[str, int]:
    """Who answered, against what the ears said."""
    played = {call.uid: call.behaviour for call in seen}
    counts = Counter[str]()
    for attempt in attempts:
        if attempt.verdict is None:
            continue
        behaviour = played.get(attempt.uid, "")
        counts[_cell(behaviour, attempt.verdict.label)] += 1
    names = ("human_as_human", "human_as_machine", "machine_as_machine", "machine_as_human", "other")
    return {name: counts[name] for name in names}


def _cell(behaviour: str, label: AmdLabel) -> str:
    if behaviour in PEOPLE and label in _PERSON:
        return "human_as_human"
    if behaviour in PEOPLE and label is AmdLabel.MACHINE:
        return "human_as_machine"
    if behaviour in MACHINES and label is AmdLabel.MACHINE:
        return "machine_as_machine"
    if behaviour in MACHINES and label in _PERSON:
        return "machine_as_human"
    return "other"


def _percentiles(attempts: Iterable[Attempt]) -> dict[str, float]:
    """From the customer's answer to two-way audio with an agent."""
    waits = sorted(
        1000 * (a.talking_at - a.answered_at) for a in attempts if a.talking_at is not None and a.answered_at
    )
    if not waits:
        return {}
    return {f"p{p}": round(waits[min(len(waits) - 1, len(waits) * p // 100)], 1) for p in (50, 95)}


def _shares(spent: Iterable[Mapping[AgentState, float]]) -> dict[str, float]:
    total = Counter[AgentState]()
    for one in spent:
        total.update(one)
    whole = sum(total.values()) or 1.0
    shown = {
        "talk_share": AgentState.TALKING,
        "wait_share": AgentState.READY,
        "wrap_share": AgentState.WRAP_UP,
    }
    return {name: round(total[state] / whole, 3) for name, state in shown.items()}


def _errors(log: Path) -> list[str]:
    """What the service itself called an error."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if " ERROR " in line or " CRITICAL " in line or "Traceback" in line][:20]


def _all_attempts(reports: Reports, campaign: CampaignId) -> Iterator[Attempt]:
    page = 1
    while True:
        found = reports.attempts(campaign=campaign, page=page)
        yield from found.rows
        if page >= found.pages:
            return
        page += 1


def _merged(many: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {key: value for one in many for key, value in one.items()}
