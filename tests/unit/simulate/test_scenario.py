"""Reading scenarios: every mistake is named with its key and line, and all at once."""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace
from pathlib import Path
from typing import get_type_hints

import pytest

from firmware.model import OperatorError
from firmware.simulate import scenario as scenario_module
from firmware.simulate.scenario import Scenario, load, override, read

BASE = Path(__file__).with_name("base.toml").read_text("utf-8")


def problems(text: str) -> list[str]:
    with pytest.raises(OperatorError) as refused:
        read(tomllib.loads(text), text, "day.toml")
    return [problem.text for problem in refused.value.problems]


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("agents = 4", "agnets = 4", ["[team] agnets", "did you mean 'agents'"]),
        ("agents = 4", "agents = 0", ["[team] agents", "not between 1 and"]),
        ("agents = 4", 'agents = "four"', ["[team] agents", "must be a whole number"]),
        ("agents = 4", "agents = true", ["[team] agents", "must be a whole number"]),
        ("[handling]", "[handlign]", ["[handlign]", "did you mean 'handling'"]),
        ('mode = "predictive"', 'mode = "predictiv"', ["[run] mode", "did you mean predictive"]),
        ('window = "24h"', 'window = "1h"', ["[limits] window", "24h"]),
        ("live = 0.25", "live = 1.25", ["[answers] live", "not between 0 and 1"]),
        ("live = 0.25", "live = nan", ["[answers] live", "must be a number"]),
        ("machine = 0.45", "machine = 0.65", ["[answers] machine", "must make 1"]),
        ("sigma = 0.6, max = 25", "sigma = 0.6, maxx = 25", ["human_ring.maxx", "did you mean 'max'"]),
        (
            "talk = { lognormal_mean = 90, ",
            "talk = { ",
            ["[handling] talk", "lognormal_mean or lognormal_median"],
        ),
        ("min = 3 }", "min = 3, max = 2 }", ["[handling] talk", "less than its upper bound"]),
        ("early = [0.5, 3.0]", "early = [0.5]", ["machine_ring.early", "allowed are 2 to 2"]),
        ("early = [0.5, 3.0]", "early = [3.0, 0.5]", ["machine_ring", "must not be more"]),
        ("early = [0.5, 3.0]", 'early = [0.5, "x"]', ["machine_ring.early[2]", "must be a number"]),
        ("wrap = {", "wrap = 12 # {", ["[handling] wrap", "must be a table"]),
        ("live_clip = [0.04, 0.80]", "live_clip = [0.8, 0.04]", ["[drift] live_clip", "must not be more"]),
    ],
)
def test_a_mistake_is_named_with_its_key_and_line(before: str, after: str, words: list[str]) -> None:
    text = BASE.replace(before, after, 1)
    assert text != BASE
    told = problems(text)
    assert any(all(word in each for word in words) for each in told), told
    assert any(f"day.toml, line {line_of(text, after)}: " in each for each in told), told


def test_all_mistakes_come_at_once() -> None:
    text = (
        BASE.replace("seed = 3", "sede = 3")
        .replace("agents = 4", "agents = -1")
        .replace("live = ", "alive = ")
    )
    assert len(problems(text)) == 4


def test_what_is_missing_is_named() -> None:
    told = problems("[run]\ndays = 1\n")
    for key in ("[team] agents", "[answers] live", "[handling] talk", "[handling] wrap"):
        assert any(f"{key}: is missing" in each for each in told), told


def test_tables_may_be_written_out() -> None:
    inline = "talk = { lognormal_mean = 90, sigma = 0.8, min = 3 }\n"
    table = "\n[handling.talk]\nlognormal_mean = 90\nsigma = 0.8\nmin = 3\n"
    text = BASE.replace(inline, "") + table
    assert read(tomllib.loads(text), text) == read(tomllib.loads(BASE), BASE)
    wrong = text.replace("sigma = 0.8\nmin = 3", "sgima = 0.8\nmin = 3")
    assert any(f"line {line_of(wrong, 'sgima')}: [handling] talk.sgima" in each for each in problems(wrong))


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"[run\n", "line 1"), (b"\xff\xfe", "UTF-8"), (b"days = \n", "line 1")],
)
def test_a_file_that_is_no_toml_says_where(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "day.toml"
    file.write_bytes(content)
    with pytest.raises(OperatorError, match=words):
        load(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=r"nothing\.toml: cannot be read"):
        load(tmp_path / "nothing.toml")


def test_options_go_before_the_file_and_are_checked_like_it() -> None:
    scenario: Scenario = read(tomllib.loads(BASE), BASE)
    changed = override(scenario, {"agents": 7, "days": 2, "seed": 9, "mode": "power"})
    assert (changed.team.agents, changed.run.days, changed.run.seed, changed.run.mode) == (7, 2, 9, "power")
    assert changed.answers == scenario.answers
    with pytest.raises(OperatorError, match="--agents: 0 is not between") as refused:
        override(scenario, {"agents": 0, "days": -1})
    assert len(refused.value.problems) == 2


def test_the_example_shows_every_key_with_its_default() -> None:
    file = Path(scenario_module.__file__).with_name("example.toml")
    scenario, tables = load(file), tomllib.loads(file.read_text("utf-8"))
    for section, shape in get_type_hints(Scenario).items():
        assert set(tables[section]) == {entry.name for entry in fields(shape)}
    needed = {key: tables[key] for key in ("team", "answers", "handling")}
    assert read(needed) == replace(scenario, drift=replace(scenario.drift, enabled=False))
