"""Simulated days: the same from the same seed, true to the limits, and each mode as good as it should be."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from firmware import cli
from firmware.simulate.floor import Floor
from firmware.simulate.pacers import Ratio
from firmware.simulate.runner import pacer_of, simulate
from firmware.simulate.scenario import MODES, Mode, Scenario, read
from firmware.simulate.world import Day, Fates

FILE = Path(__file__).with_name("base.toml")
BASE = read(tomllib.loads(FILE.read_text("utf-8")))
PROMISED = {
    "busy_share",
    "talk_share",
    "mean_wait_s",
    "abandoned_share",
    "days_over_share",
    "live_answers",
    "dials",
    "decisions_us",
}


def run(scenario: Scenario = BASE, **changes: Any) -> dict[str, Any]:
    """The figures of a run; keys of ``run`` and ``team`` may be changed."""
    own = {key: changes.pop(key) for key in ("days", "seed", "mode", "tick_s") if key in changes}
    changed = replace(scenario, run=replace(scenario.run, **own), team=replace(scenario.team, **changes))
    return simulate(changed, lambda: 0.0)


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_runs_and_says_what_is_promised(mode: Mode) -> None:
    figures = run(mode=mode)
    assert set(figures) >= PROMISED
    for key in ("busy_share", "talk_share", "abandoned_share", "days_over_share"):
        assert 0.0 <= figures[key] <= 1.0
    assert 0 < figures["live_answers"] < figures["dials"]


def test_the_same_seed_gives_the_same_and_another_seed_something_else() -> None:
    assert run() == run()
    assert run() != run(seed=4)


@pytest.mark.parametrize("mode", ["preview", "progressive"])
def test_with_people_who_stay_nobody_is_abandoned(mode: Mode) -> None:
    """One call per idle agent, and nobody leaves while it rings."""
    assert run(mode=mode, people=False, agents=6)["abandoned_share"] == 0.0


@pytest.mark.req("GEN-005")
def test_predictive_keeps_agents_busier_than_progressive_and_stays_under_the_limit() -> None:
    """Eight hours of six agents: the abandoned share of the day is under 3 %, and the gain is no accident."""
    predictive = run(shift_h=8.0, agents=6)
    progressive = run(shift_h=8.0, agents=6, mode="progressive")
    assert predictive["days_over_share"] == 0.0
    assert 0.015 < predictive["abandoned_share"] <= 0.03
    assert predictive["busy_share"] > progressive["busy_share"] + 0.08


@pytest.mark.req("GEN-004")
def test_power_spends_what_progressive_does_not() -> None:
    power, progressive = run(mode="power", shift_h=2.0), run(mode="progressive", shift_h=2.0)
    assert power["busy_share"] > progressive["busy_share"]
    assert power["abandoned_share"] > progressive["abandoned_share"]


class Watched(Ratio):
    """Dials as many as it can and looks at the lines it is offered."""

    def __init__(self) -> None:
        super().__init__(20.0)
        self.least = 10**9

    def starts(self, lines_free: int, left_s: float, now: float) -> list[int | None]:
        self.least = min(self.least, lines_free)
        return super().starts(lines_free, left_s, now)


def test_lines_are_never_exceeded() -> None:
    pacer = Watched()
    tally = Floor(BASE, 1, 0, pacer, lambda: 0.0).run()
    assert pacer.least == 0
    assert tally.dials > 100


def test_every_mode_sees_the_same_days() -> None:
    one, other = Day(BASE, 5, 2), Day(BASE, 5, 2)
    assert [one.live_share(60.0 * m) for m in range(60)] == [other.live_share(60.0 * m) for m in range(60)]
    assert [t.login_s for t in one.timetables] == [t.login_s for t in other.timetables]
    assert one.live_share(0.0) != Day(BASE, 5, 3).live_share(0.0)


def test_without_drift_the_share_is_as_written() -> None:
    plain = replace(BASE, drift=replace(BASE.drift, enabled=False))
    assert {Day(plain, 1, 0).live_share(60.0 * m) for m in range(60)} == {0.25}


def test_what_becomes_of_dials_follows_the_shares() -> None:
    fates = Fates(BASE, 1, 0)
    drawn = [fates.draw(0.25) for _ in range(20_000)]
    people = [fate for fate in drawn if fate.person]
    assert len(people) / len(drawn) == pytest.approx(0.25, abs=0.01)
    rings = [fate.ends_s - fate.ring_s for fate in people if fate.ring_s is not None]
    assert len(rings) == len(people)
    assert max(rings) <= 25.0
    assert sorted(rings)[len(rings) // 2] == pytest.approx(8.3, abs=0.3)
    assert sum(fate.ring_s is None for fate in drawn) / len(drawn) == pytest.approx(0.75 * 0.098, abs=0.01)


def test_machine_detection_errs_as_written() -> None:
    with_amd = replace(BASE, amd=replace(BASE.amd, enabled=True))
    fates = Fates(with_amd, 1, 0)
    drawn = [fate for fate in (fates.draw(0.5) for _ in range(20_000)) if fate.pick_up_s is not None]
    people, machines = [f for f in drawn if f.person], [f for f in drawn if not f.person]
    assert sum(not f.wanted for f in people) / len(people) == pytest.approx(0.02, abs=0.005)
    assert sum(f.wanted for f in machines) / len(machines) == pytest.approx(0.08, abs=0.01)


def test_a_person_taken_for_a_machine_is_abandoned() -> None:
    deaf = replace(BASE, amd=replace(BASE.amd, enabled=True, false_positive=0.5))
    assert run(deaf, mode="progressive")["abandoned_share"] == pytest.approx(0.5, abs=0.15)


def test_a_team_that_never_dials_divides_by_nothing() -> None:
    dead = replace(BASE, answers=replace(BASE.answers, live=0.0), drift=replace(BASE.drift, enabled=False))
    figures = run(dead)
    assert (figures["live_answers"], figures["abandoned_share"], figures["mean_wait_s"]) == (0, 0.0, 0.0)


def test_a_30_day_window_counts_over_days() -> None:
    month = replace(BASE, limits=replace(BASE.limits, window="30d"))
    pacer = pacer_of(month, "predictive")
    pacer.begin_day(0, 0.0)
    pacer.begin_day(1, 86400.0)
    assert run(month, days=2)["live_answers"] > 0


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_command_prints_json_and_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["simulate", str(FILE), "--agents", "2", "--days", "1", "--seed", "7", "--mode", "progressive"]
    assert cli.main([*argv, "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)) >= PROMISED
    assert cli.main(argv) == 0
    assert "progressive, 2 agents, 1 days of 1 h, seed 7" in capsys.readouterr().out


def test_the_command_says_every_mistake_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text(FILE.read_text("utf-8").replace("agents = 4", "agnets = 4"), "utf-8")
    assert cli.main(["simulate", str(file)]) == 1
    told = capsys.readouterr().err
    assert "wrong.toml, line 18: [team] agnets: is not known; did you mean 'agents'?" in told


def test_the_command_forecasts_a_campaign(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["simulate", str(FILE), "--contacts", "500", "--days", "1", "--start", "2026-11-27"]
    assert cli.main([*argv, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["predictive"]["ends_on"] >= "2026-11-27"
    assert told["advice"]["key"].startswith("advise_")
    assert cli.main(argv) == 0
    assert "lines_needed" in capsys.readouterr().out
    assert cli.main([*argv, "--attempts", "0"]) == 1
    assert "--attempts: 0 is less than 1" in capsys.readouterr().err


VARIANTS: dict[tuple[str, str], list[Any]] = {
    ("run", "tick_s"): [0.5, 2.5, 5],
    ("limits", "abandon_limit"): [0.001, 1.0],
    ("limits", "window"): ["30d"],
    ("limits", "hold_s"): [0, 5],
    ("limits", "ring_timeout_s"): [10, 60],
    ("limits", "min_ring_s"): [0, 40],
    ("limits", "lines_per_agent"): [1, 1.2],
    ("team", "agents"): [1, 30],
    ("team", "shift_h"): [0.01, 0.5],
    ("team", "people"): [False],
    ("answers", "live"): [0, 1],
    ("answers", "machine_ring"): [{"early_share": 1.0, "early": [0, 0]}],
    ("answers", "human_ring"): [{"lognormal_mean": 1, "sigma": 0.1, "min": 2, "max": 60}],
    ("handling", "talk"): [{"lognormal_median": 5, "sigma": 0}, {"lognormal_mean": 600, "sigma": 1.5}],
    ("amd", "enabled"): [True],
    ("amd", "false_positive"): [0, 1],
    ("amd", "false_negative"): [0, 1],
    ("drift", "list_change"): [[], [3.0]],
    ("drift", "live_clip"): [[0.2, 0.2]],
}


@pytest.mark.parametrize("seed", range(16))
def test_any_scenario_of_that_shape_can_be_played(seed: int) -> None:
    random, tables = Random(seed), tomllib.loads(FILE.read_text("utf-8"))
    tables["team"]["shift_h"] = 0.2
    for section, key in random.sample(list(VARIANTS), 5):
        tables[section][key] = random.choice(VARIANTS[section, key])
    figures = run(read(tables), mode=MODES[seed % len(MODES)], seed=seed)
    for key in ("busy_share", "talk_share", "abandoned_share", "days_over_share"):
        assert 0.0 <= figures[key] <= 1.0
