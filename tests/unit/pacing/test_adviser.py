"""The mode adviser: small budgets and hot lists get progressive, small teams a budget in calls."""

from __future__ import annotations

from dataclasses import replace

import pytest

from firmware.pacing.adviser import SENTENCES, Team, advise

TEAM = Team(agents=10, answers=2000.0, abandon_limit=0.03, live_share=0.25, talk_s=90.0)


@pytest.mark.parametrize(
    ("changes", "mode", "key"),
    [
        ({"agents": 0}, "agentless", "advise_agentless"),
        ({"answers": 30.0}, "progressive", "advise_progressive_no_budget"),
        ({"answers": 0.0}, "progressive", "advise_progressive_no_budget"),
        ({"agents": 3, "answers": 45.0}, "predictive", "advise_progressive_with_budget"),
        ({"live_share": 0.6, "talk_s": 200.0, "agents": 4}, "progressive", "advise_progressive_little_gain"),
        (
            {"busy_progressive": 0.88, "busy_predictive": 0.89},
            "progressive",
            "advise_progressive_little_gain",
        ),
        ({"busy_progressive": 0.60, "busy_predictive": 0.80}, "predictive", "advise_predictive"),
        ({}, "predictive", "advise_predictive"),
    ],
)
def test_the_advice_and_its_sentence(changes: dict[str, float], mode: str, key: str) -> None:
    advice = advise(replace(TEAM, **changes))
    assert (advice.mode, advice.key) == (mode, key)
    assert "{" not in advice.text


def test_three_agents_get_their_budget_in_calls() -> None:
    advice = advise(replace(TEAM, agents=3, answers=45.0))
    assert advice.text == "3 agents: progressive with a budget of 1 calls (predictive)."
    assert set(SENTENCES) >= {advice.key}
