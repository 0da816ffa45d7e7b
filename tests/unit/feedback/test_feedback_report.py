"""The box's own figures: matrix, shares, times, presets compared, and a suggestion only when there is enough."""

from __future__ import annotations

import json
from typing import Any

from firmware.feedback.report import Counting
from firmware.model import AmdLabel
from firmware.store.verdict_words import How, Judged, Said
from tests.unit.feedback.test_replay import BALANCED, CAREFUL, EAGER

LIMITS = {"careful": CAREFUL, "balanced": BALANCED, "eager": EAGER}


def call(
    verdict: AmdLabel = AmdLabel.HUMAN,
    said: Said | None = None,
    peak: float = 0.1,
    last: float | None = None,
    **other: Any,
) -> Judged:
    """A call judged by voice."""
    figures = {"machine": 0.5, "machine_peak": peak, **({} if last is None else {"machine_at_last": last})}
    values = {"cause": "spoke_and_waited", "decided_ms": 1000, "sensitivity": "balanced", **other}
    connected = verdict in (AmdLabel.HUMAN, AmdLabel.UNSURE)
    how = None if said is None else How.RESULT
    return Judged(verdict, figures=figures, connected=connected, said=said, how=how, **values)


def report(*calls: Judged, current: str | None = None, target: float | None = None) -> dict[str, Any]:
    counting = Counting(LIMITS)
    for each in calls:
        counting.add(each)
    found = counting.report(current, target)
    json.dumps(found)
    return found


def preset(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in found["presets"] if each["name"] == name)


def test_nothing_yet() -> None:
    found = report(current="balanced", target=0.03)
    assert (found["matrix"], found["causes"], found["decided_ms"]) == ([], [], [])
    assert found["calls"]["judged"] == 0
    assert found["calls"]["heard"]["share"] is None
    assert (found["suggested"], found["persons_needed"]) == (None, 125)


def test_the_matrix_counts_words_and_the_share_nobody_said_anything_about() -> None:
    found = report(
        *[call(said=Said.PERSON)] * 9,
        call(said=Said.MACHINE),
        call(),
        call(AmdLabel.UNSURE, Said.MACHINE, cause="music", decided_ms=3500),
        *[call(AmdLabel.MACHINE, decided_ms=2000)] * 3,
        call(AmdLabel.MACHINE, Said.PERSON, decided_ms=None),
    )
    rows = {row["verdict"]: row for row in found["matrix"]}
    assert list(rows) == ["human", "machine", "unsure"]
    assert (rows["human"]["calls"], rows["human"]["none"]) == (11, 1)
    assert rows["human"]["machine"] == {"count": 1, "of": 10, "share": 0.1, "ci95": [0.0179, 0.4042]}
    assert rows["machine"]["person"]["count"] == 1
    assert found["calls"]["judged"] == 16
    assert (found["calls"]["heard"]["count"], found["calls"]["heard"]["of"]) == (11, 12)
    assert (found["calls"]["unheard"]["count"], found["calls"]["unheard"]["of"]) == (1, 4)
    assert found["calls"]["by"] == {"result": 12}
    times = {row["verdict"]: (row["calls"], row["p50"], row["p95"]) for row in found["decided_ms"]}
    assert times["machine"] == (3, 2000, 2000)
    assert times["all"] == (15, 1000, 3500)
    assert found["causes"][0] == {
        "verdict": "human", "cause": "spoke_and_waited", "calls": 11, "machine": 1, "person": 9,
    }  # fmt: skip


def test_presets_are_compared_on_the_same_calls() -> None:
    found = report(
        *[call(said=Said.PERSON)] * 18,
        call(AmdLabel.UNSURE, Said.PERSON, last=0.80),  # eager would have hung up on this person
        call(AmdLabel.HUMAN, Said.PERSON, peak=0.96),  # and on this one
        *[call(AmdLabel.UNSURE, Said.MACHINE, last=0.80)] * 3,  # and on these machines
        call(AmdLabel.UNSURE, Said.MACHINE, last=0.1),
        call(AmdLabel.MACHINE, peak=0.5, last=0.9),  # careful would have let it through
        call(AmdLabel.MACHINE, peak=0.99),
    )
    lost = {name: preset(found, name)["persons_lost"]["count"] for name in LIMITS}
    assert lost == {"careful": 0, "balanced": 0, "eager": 2}
    assert preset(found, "eager")["persons_lost"]["of"] == 20
    through = {name: preset(found, name)["machines_through"]["count"] for name in LIMITS}
    assert through == {"careful": 4, "balanced": 4, "eager": 1}
    assert preset(found, "careful")["unheard_connected"]["count"] == 1
    assert preset(found, "balanced")["unheard_connected"]["count"] == 0


def test_what_cannot_be_told_is_counted_apart() -> None:
    eager = {"sensitivity": "eager"}
    found = report(
        call(AmdLabel.MACHINE, Said.PERSON, peak=0.96, **eager), call(AmdLabel.MACHINE, peak=0.96, **eager)
    )
    careful = preset(found, "careful")
    assert (careful["persons_unknown"], careful["unheard_unknown"]) == (1, 1)
    assert careful["persons_lost"]["of"] == careful["unheard_connected"]["of"] == 0


def test_a_preset_is_suggested_only_with_enough_people() -> None:
    caught = [call(AmdLabel.UNSURE, Said.MACHINE, last=0.80)] * 10
    few = report(*[call(said=Said.PERSON)] * 124, *caught, current="balanced", target=0.03)
    assert (few["suggested"], few["persons"]) == (None, 124)
    enough = report(*[call(said=Said.PERSON)] * 125, *caught, current="balanced", target=0.03)
    assert enough["suggested"] == "eager"
    lossy = [call(AmdLabel.UNSURE, Said.PERSON, last=0.80)] * 3
    kept = report(*[call(said=Said.PERSON)] * 122, *lossy, *caught, current="eager", target=0.03)
    assert kept["suggested"] == "careful"  # as many machines as balanced, and no one lost
    assert report(*[call(said=Said.PERSON)] * 500, target=0.03)["suggested"] is None


def test_where_every_preset_loses_too_many_the_most_careful_is_suggested() -> None:
    persons = [call(said=Said.PERSON)] * 110
    lost = [call(AmdLabel.MACHINE, Said.PERSON, peak=0.99)] * 20
    assert report(*persons, *lost, current="eager", target=0.03)["suggested"] == "careful"
