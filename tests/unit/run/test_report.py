"""Each invariant of a run's account finds what it is there to find, and nothing in a run that went well."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from firmware.model import (
    AmdLabel,
    AttemptState,
    AttemptUid,
    CampaignId,
    ContactId,
    Disposition,
    HangupCause,
    Permit,
    Side,
)
from firmware.run import report
from firmware.run.report import Seen
from firmware.store.attempt_rows import Attempt, Verdict

NUMBER = "+493023125001"


def uid(index: int) -> AttemptUid:
    return AttemptUid(f"{index:026d}")


def attempt(index: int, **changes: Any) -> Attempt:
    whole = Attempt(
        uid=uid(index),
        campaign_id=CampaignId(1),
        contact_id=ContactId(index),
        number=NUMBER,
        name="C",
        state=AttemptState.CLOSED,
        permit=Permit(NUMBER, 100.0, "Europe/Berlin", "", "", "v", {}, 0, None, ""),
        sent=True,
        started_at=100.0,
        ringing_at=101.0,
        answered_at=105.0,
        reserved_at=None,
        talking_at=None,
        ended_at=110.0,
        disposed_at=110.1,
        verdict=Verdict(AmdLabel.MACHINE, 0.99, "x", {}, 107.0),
        correction=None,
        early_cause="",
        audited=False,
        message=None,
        live=False,
        user_id=None,
        hangup_cause=HangupCause.NORMAL,
        ended_by=Side.BOX,
        sip_code=200,
        disposition=Disposition.MACHINE,
        wrap_up_code=None,
        note="",
        key="",
        recording=None,
        answer_method=None,
        answer_confidence=None,
    )
    return replace(whole, **changes)


def seen(index: int, **changes: Any) -> Seen:
    return replace(Seen(f"{uid(index)}@127.0.0.1", NUMBER, "machine", 100.01, True), **changes)


def test_a_run_that_went_well_breaks_nothing() -> None:
    attempts, calls = [attempt(1)], [seen(1)]
    assert not list(report.attempts_without_end(attempts))
    assert not list(report.permits_missing(attempts))
    assert not list(report.calls_without_intent(attempts, calls))
    assert not list(report.dialled_twice(calls, 5.0))
    assert not list(report.too_many_calls(attempts, 1))
    assert not list(report.calls_left_up(calls))
    assert not list(report.contacts_left_open(1, 1))
    assert not list(report.results_lost([attempt(1, wrap_up_code="sold")], {uid(1): "sold"}))


def test_each_contradiction_is_found() -> None:
    assert list(report.contacts_left_open(3, 2)) == ["1 of 3 contacts are not closed"]
    assert list(report.attempts_without_end([attempt(1, disposition=None)]))
    other = replace(attempt(1).permit, number="+493023125999")
    assert list(report.permits_missing([attempt(1, permit=other)]))
    assert "knows nothing" in next(report.calls_without_intent([attempt(1)], [seen(2)]))
    assert "before its intent" in next(report.calls_without_intent([attempt(1)], [seen(1, invited_at=99.0)]))
    assert "ending in 01 was dialled twice" in next(
        report.dialled_twice([seen(1), seen(2, invited_at=104.0)], 5.0)
    )
    assert list(report.calls_left_up([seen(1, ended=False)]))
    assert list(report.results_lost([attempt(1)], {uid(1): "sold"}))


def test_calls_waiting_for_an_agent_are_counted_at_every_moment() -> None:
    two_at_once = [attempt(1), attempt(2, started_at=106.0)]
    assert list(report.too_many_calls(two_at_once, 1))
    assert not list(report.too_many_calls(two_at_once, 2))
    one_talks = [attempt(1, talking_at=106.0), attempt(2, started_at=107.0)]
    assert not list(report.too_many_calls(one_talks, 1))


def test_who_answered_against_what_the_ears_said() -> None:
    def heard(index: int, label: AmdLabel) -> Attempt:
        return attempt(index, verdict=Verdict(label, 0.9, "x", {}, 107.0))

    attempts = [
        heard(1, AmdLabel.HUMAN),
        heard(2, AmdLabel.MACHINE),
        heard(3, AmdLabel.UNSURE),
        heard(4, AmdLabel.FAX),
    ]
    behaviours = ("human", "human", "machine", "fax")
    calls = [seen(index, behaviour=behaviour) for index, behaviour in enumerate(behaviours, 1)]
    assert report.confusion(attempts, calls) == {
        "human_as_human": 1,
        "human_as_machine": 1,
        "machine_as_machine": 0,
        "machine_as_human": 1,
        "other": 1,
    }


def test_the_witness_is_read_call_by_call(tmp_path: Path) -> None:
    log = tmp_path / "exchange.jsonl"
    events = [("invite", 1), ("ringing", 1), ("invite", 2), ("ended", 1)]
    log.write_text(
        "".join(
            json.dumps(
                {"t": 5.0 + at, "call_id": str(uid(i)), "number": NUMBER, "behaviour": "busy", "event": event}
            )
            + "\n"
            for at, (event, i) in enumerate(events)
        )
    )
    first, second = report.read_witness(log)
    assert (first.uid, first.invited_at, first.ended) == (uid(1), 5.0, True)
    assert (second.uid, second.invited_at, second.ended) == (uid(2), 7.0, False)
