"""Rule packs: every rule has a source, stricter is stricter, and what is in force for which number."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.compliance.in_force import office_of, rules_of, tightened
from firmware.compliance.packs import PACKS, pack_for_number, pack_of
from firmware.compliance.rules import (
    AUTOMATED,
    AUTOMATED_SERVICE,
    SETTABLE,
    AbandonRule,
    ConnectFrom,
    Limit,
    Need,
    Period,
    Rules,
    Standing,
    changed,
    looser,
    overlap,
    stricter,
)
from firmware.model import CallWindow, CampaignSettings, Purpose

ALWAYS = tuple(CallWindow(day, 0, 1440) for day in range(7))


@pytest.mark.req("GEN-059")
@pytest.mark.parametrize("name", PACKS)
def test_every_rule_of_every_pack_cites_its_source(name: str) -> None:
    pack = PACKS[name]
    assert set(pack.sources) == {each.name for each in fields(Rules)}
    for source in pack.sources.values():
        assert source.text
        assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", source.as_of)
        assert source.standing in Standing
    assert re.fullmatch(r"\d{4}\.\d+", pack.version)
    assert {purpose for purpose, _ in pack.rules.consent} == {
        *map(str, Purpose),
        AUTOMATED,
        AUTOMATED_SERVICE,
    }


@pytest.mark.parametrize(
    ("name", "weekday", "minute", "is_open"),
    [
        ("de", 0, 8 * 60, True),
        ("de", 0, 20 * 60, False),
        ("de", 5, 18 * 60 - 1, True),
        ("de", 6, 12 * 60, False),
        ("fr", 0, 13 * 60 + 30, False),
        ("fr", 4, 14 * 60, True),
        ("fr", 5, 11 * 60, False),
        ("us", 6, 20 * 60 + 59, True),
        ("us", 6, 21 * 60, False),
        ("gb", 5, 16 * 60 + 59, True),
        ("gb", 5, 17 * 60, False),
    ],
)
def test_hours_are_those_of_the_law(name: str, weekday: int, minute: int, is_open: bool) -> None:
    hours = [w for w in PACKS[name].rules.hours if w.weekday == weekday]
    assert any(w.start_min <= minute < w.end_min for w in hours) is is_open


@pytest.mark.parametrize(
    ("name", "limit", "numerator", "denominator", "window_s", "scope"),
    [
        ("us", 0.03, ("abandoned",), "live_answers", 30 * 86400, "campaign"),
        ("gb", 0.03, ("abandoned", "false_machines"), "live_answers", 86400, "campaign"),
        ("de", 0.03, ("abandoned", "false_machines"), "live_answers", 86400, "box"),
    ],
)
def test_abandoning_is_counted_as_the_law_counts(
    name: str, limit: float, numerator: tuple[str, ...], denominator: str, window_s: float, scope: str
) -> None:
    rules = PACKS[name].rules
    assert rules.abandon == (AbandonRule(limit, numerator, denominator, window_s, scope),)
    greeting = ConnectFrom.GREETING_END if name == "us" else ConnectFrom.ANSWER
    assert (rules.connect_within_s, rules.connect_from) == (2.0, greeting)


@pytest.mark.parametrize(
    ("pack", "country", "name"),
    [("", "DE", "de"), ("", "gb", "gb"), ("", "NL", "own"), ("", "", "own"), ("us", "DE", "us")],
)
def test_without_a_name_the_country_decides(pack: str, country: str, name: str) -> None:
    assert pack_of(pack, country).name == name


@pytest.mark.parametrize(
    ("number", "name"),
    [("+493023125000", "de"), ("+12025550123", "us"), ("+33199000000", "fr"), ("+4313100000", "at")],
)
def test_a_number_is_protected_by_its_country(number: str, name: str) -> None:
    pack = pack_for_number(number)
    assert pack is not None
    assert pack.name == name
    assert pack_for_number("+31201234567") is None


def test_a_call_abroad_keeps_both_packs() -> None:
    settings = CampaignSettings("x", country="DE", windows=ALWAYS)
    abroad = office_of(settings).for_number("+33199000000")
    assert abroad.packs == "de 2026.1 + fr 2026.1"
    assert abroad.rules.hours == overlap(PACKS["de"].rules.hours, PACKS["fr"].rules.hours)
    assert abroad.rules.limit(Period.MONTH) == 4
    assert abroad.rules.limit(Period.DAY) == 3
    assert office_of(settings).for_number("+493023125000").packs == "de 2026.1"


def test_own_rules_are_kept_alone_and_may_be_changed_either_way() -> None:
    asked = {"attempts_per_day": 9, "holidays": False, "ring_max_s": 60.0, "consent": {"sales": "presumed"}}
    settings = CampaignSettings("x", country="DE", rule_pack="own", windows=ALWAYS, rules=asked)
    found = office_of(settings).for_number("+33199000000")
    assert (found.packs, found.rules.limit(Period.DAY), found.rules.holidays) == ("own 2026.1", 9, False)
    assert (found.rules.ring_max_s, found.rules.need("sales")) == (60.0, Need.PRESUMED)
    assert found.rules.need("research") is Need.RECORD


def test_a_country_is_only_made_stricter_even_by_settings_nobody_checked() -> None:
    asked = {"attempts_per_day": 9, "attempts_per_week": 2, "holidays": False, "after_abandon_s": 1.0}
    rules = rules_of(CampaignSettings("x", rules=asked))
    assert (rules.limit(Period.DAY), rules.limit(Period.WEEK)) == (3, 2)
    assert rules.holidays
    assert rules.after_abandon_s == 72 * 3600


def test_what_loosens_is_named() -> None:
    asked = {"attempts_per_day": 2, "ring_max_s": 41.0, "abandon_limit": 0.031, "holidays": True}
    assert looser(PACKS["de"].rules, asked) == ("ring_max_s", "abandon_limit")


def test_settings_from_before_the_rules_are_held_to_them() -> None:
    loose = CampaignSettings(
        "x", windows=ALWAYS, ring_timeout_s=60.0, abandon_target=0.05, rules={"connect_within_s": 1.0}
    )
    kept = tightened(loose)
    assert (kept.ring_timeout_s, kept.abandon_target, kept.hold_s) == (40.0, 0.03, 1.0)
    assert kept.windows == tuple(sorted(PACKS["de"].rules.hours, key=lambda w: (w.weekday, w.start_min)))
    assert tightened(kept) is kept
    strange = replace(loose, rule_pack="xx")
    assert tightened(strange) is strange


WINDOWS = st.lists(
    st.builds(CallWindow, st.integers(0, 6), st.integers(0, 700), st.integers(701, 1440)), max_size=4
).map(tuple)
RULES = st.builds(
    lambda pack, **other: replace(pack.rules, **other),
    pack=st.sampled_from(list(PACKS.values())),
    hours=WINDOWS,
    holidays=st.booleans(),
    connect_within_s=st.sampled_from([0.5, 1.0, 2.0]),
    ring_min_s=st.sampled_from([0.0, 15.0]),
    ring_max_s=st.sampled_from([30.0, 40.0]),
    after_abandon_s=st.sampled_from([86400.0, 259200.0]),
    limits=st.lists(st.builds(Limit, st.sampled_from(Period), st.integers(1, 9)), max_size=3).map(tuple),
    connect_from=st.sampled_from(ConnectFrom),
)
ASKED = st.fixed_dictionaries(
    {},
    optional={
        "attempts_per_day": st.integers(1, 9),
        "ring_max_s": st.floats(15, 60),
        "holidays": st.booleans(),
        "consent": st.dictionaries(
            st.sampled_from(["sales", "research"]), st.sampled_from([*map(str, Need)])
        ),
        "hours": st.lists(
            st.fixed_dictionaries(
                {"weekday": st.integers(0, 6), "start_min": st.integers(0, 700), "end_min": st.just(900)}
            ),
            max_size=2,
        ),
    },
)


@given(RULES, RULES, st.integers(0, 7 * 1440 - 1))
def test_the_stricter_of_two_allows_nothing_that_either_forbids(one: Rules, other: Rules, at: int) -> None:
    joined = stricter(one, other)
    day, minute = divmod(at, 1440)

    def opened(rules: Rules) -> bool:
        return any(w.weekday == day and w.start_min <= minute < w.end_min for w in rules.hours)

    assert opened(joined) == (opened(one) and opened(other))
    for rules in (one, other):
        assert joined.connect_within_s <= rules.connect_within_s
        assert joined.ring_min_s >= rules.ring_min_s
        assert joined.ring_max_s <= rules.ring_max_s
        assert joined.after_abandon_s >= rules.after_abandon_s
        assert joined.holidays >= rules.holidays
        assert set(joined.abandon) >= set(rules.abandon)
        for period in Period:
            limit, found = rules.limit(period), joined.limit(period)
            assert limit is None or (found is not None and found <= limit)
        for purpose in (*map(str, Purpose), "automated"):
            needs = list(Need)
            assert needs.index(joined.need(purpose)) >= needs.index(rules.need(purpose))


@given(st.sampled_from(list(PACKS.values())), ASKED)
def test_a_setting_that_is_not_named_as_looser_comes_into_force_as_asked(pack: Any, asked: Any) -> None:
    loose = looser(pack.rules, asked)
    assert set(loose) <= set(SETTABLE)
    kept = {name: value for name, value in asked.items() if name not in loose}
    assert looser(pack.rules, kept) == ()
    joined = stricter(pack.rules, changed(pack.rules, kept))
    if "attempts_per_day" in kept:
        assert joined.limit(Period.DAY) == kept["attempts_per_day"]
    if "ring_max_s" in kept:
        assert joined.ring_max_s == kept["ring_max_s"]
