"""Plans: who does what, and what a wrong plan is told."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from board.sim import plan
from board.sim.behaviours import BEHAVIOURS, TABLE
from board.sim.params import BadPlan, Chance

NUMBER = "+493023125100"


def choose(made: plan.Plan, number: str = NUMBER, nth: int = 1, seed: int = 1) -> plan.Choice:
    return made.choose(number, nth, plan.seeded(seed, number, nth))


def test_a_number_does_in_turn_what_its_list_says() -> None:
    made = plan.read({"numbers": {NUMBER: ["no_answer", {"behaviour": "busy", "status": 600}, "human"]}})
    done = [choose(made, nth=nth) for nth in (1, 2, 3, 4)]
    assert [one.behaviour for one in done] == ["no_answer", "busy", "human", "human"]
    assert done[1].params.status == 600
    assert {one.by for one in done} == {"plan"}


def test_the_plan_goes_before_the_table_and_the_longest_ending_wins() -> None:
    made = plan.read({"numbers": {"*0": "fax", "*000": "busy", "+493023125000": "sit"}})
    assert [choose(made, n).behaviour for n in ("+493023125000", "+441632960000", "+441632960010")] == [
        "sit",
        "busy",
        "fax",
    ]


def test_the_table_of_last_digits() -> None:
    made = plan.read({"params": {"human": {"talk_s": 5}}})
    assert TABLE["000"] == "human"
    assert len(TABLE) == len(BEHAVIOURS)
    chosen = choose(made, "+493023125000")
    assert (chosen.behaviour, chosen.by, chosen.params.talk_s) == ("human", "table", 5)
    assert choose(plan.read({"table": False}), "+493023125000").by == "mix"


def test_the_mix_repeats_itself_and_keeps_its_shares() -> None:
    made = plan.Plan()
    numbers = [f"+4930231{n:05d}" for n in range(20_000, 24_000)]
    first = [choose(made, number).behaviour for number in numbers]
    assert first == [choose(made, number).behaviour for number in numbers]
    assert first != [choose(made, number, seed=2).behaviour for number in numbers]
    assert first != [choose(made, number, nth=2).behaviour for number in numbers]
    mixed = Counter(choose(plan.read({"table": False}), number).behaviour for number in numbers)
    for name, share in plan.DEFAULT_MIX.items():
        assert mixed[name] / len(numbers) == pytest.approx(share / 100, abs=0.03)


def test_the_default_mix_is_a_hundred() -> None:
    assert sum(plan.DEFAULT_MIX.values()) == 100
    assert set(plan.DEFAULT_MIX) <= set(BEHAVIOURS)


def test_files_are_toml_or_json(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        'haste = 2\n[numbers]\n"+49" = {behaviour="machine", beep=false}\n[mix]\nhuman = 1\n'
    )
    (tmp_path / "a.json").write_text(
        '{"haste": 2, "numbers": {"+49": {"behaviour": "machine", "beep": false}}, "mix": {"human": 1}}'
    )
    assert plan.load(tmp_path / "a.toml") == plan.load(tmp_path / "a.json")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"nmubers": {}}, ["nmubers", "did you mean 'numbers'"]),
        ({"numbers": {"1": "bussy"}}, ["bussy", "did you mean 'busy'"]),
        ({"numbers": {"1": []}}, ["1: a behaviour, a table or a list"]),
        ({"numbers": {"1": 7}}, ["not 7"]),
        (
            {"numbers": {"1": {"behaviour": "human", "rings": 1, "beep": 2}}},
            ["no setting 'rings'", "beep must be true or false"],
        ),
        ({"numbers": {"1": {"behaviour": "human", "ring_s": -1}}}, ["ring_s must be a number not below 0"]),
        ({"numbers": {"1": {"behaviour": "busy", "status": 486.5}}}, ["status must be a whole number"]),
        ({"numbers": {"1": {"ring_s": 1}}}, ["no behaviour ''"]),
        ({"numbers": []}, ["numbers must be a table"]),
        ({"mix": {"human": -1}}, ["the weight of human"]),
        ({"mix": {"human": 0}}, ["all weights are 0"]),
        ({"mix": {"nobody": 1}}, ["no behaviour 'nobody'"]),
        ({"params": {"human": 3}}, ["params.human must be a table"]),
        ({"haste": 0}, ["haste must be"]),
        ({"table": 1}, ["table must be"]),
        ({"haste": True, "mix": {"x": 1}, "numbers": {"1": "y"}}, ["haste", "'x'", "'y'"]),
    ],
)
def test_every_mistake_is_named(values: dict[str, object], words: list[str]) -> None:
    with pytest.raises(BadPlan) as caught:
        plan.read(values)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(("name", "text"), [("a.toml", "= 3"), ("a.json", "{"), ("a.json", "[]")])
def test_a_file_that_is_none_is_said_so(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(BadPlan, match=name):
        plan.load(tmp_path / name)


def test_drawn_times_are_those_of_real_lists() -> None:
    chance = Chance(plan.seeded(1, "x", 1))
    people = sorted(chance.person_rings_s() for _ in range(4000))
    assert people[2000] == pytest.approx(8.5, abs=0.6)
    assert people[-1] <= 25
    machines = [chance.machine_rings_s() for _ in range(4000)]
    assert sum(one < 3 for one in machines) / 4000 == pytest.approx(0.15, abs=0.02)
    post_dial = [chance.post_dial_s() for _ in range(4000)]
    assert sum(post_dial) / 4000 == pytest.approx(2.6, abs=0.1)
    assert min(chance.talk_s() for _ in range(500)) >= 3
    hasty = Chance(plan.seeded(1, "x", 1), haste=10)
    assert sorted(hasty.person_rings_s() for _ in range(4000))[2000] == pytest.approx(0.85, abs=0.06)


def test_the_readme_has_the_table_of_last_digits() -> None:
    readme = (Path(plan.__file__).parent / "README.md").read_text()
    assert [f"{digits} {name}" for digits, name in TABLE.items() if f"{digits} {name}" not in readme] == []
