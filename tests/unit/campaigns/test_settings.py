"""A campaign's settings from JSON: every mistake at once, with its place and a way out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firmware.campaigns import defaults
from firmware.campaigns.settings import KNOWN, check, from_json, to_json
from firmware.campaigns.texts import SETTINGS_TEXTS
from firmware.compliance.texts import NUMBER_TEXTS, sentence
from firmware.model import CampaignSettings, OperatorError

ALONE: dict[str, Any] = {
    "mode": "agentless",
    "on_person": "hang_up",
    "on_machine": "message",
    "drop_text": "Please call back",
}
"""A campaign that speaks to machines alone."""
TRUNKS = {"provider": ["+49 30 23125000", "+493023125001"], "spare": ["+493023125100"]}


def problems(**given: Any) -> set[tuple[str, str]]:
    found = check({"name": "Sample", **given}, TRUNKS)[1]
    return {(problem.where, problem.key) for problem in found}


def window(weekday: int, start_min: int, end_min: int) -> dict[str, int]:
    return {"weekday": weekday, "start_min": start_min, "end_min": end_min}


@pytest.mark.parametrize(
    ("given", "where", "key"),
    [
        ({"name": ""}, "name", "missing_setting"),
        ({"name": "  "}, "name", "missing_setting"),
        ({"name": None}, "name", "missing_setting"),
        ({"name": 5}, "name", "wrong_type"),
        ({"name": "x" * 121}, "name", "text_unfit"),
        ({"name": "a\nb"}, "name", "text_unfit"),
        ({"ring_timeout_s": 14.9}, "ring_timeout_s", "out_of_range"),
        ({"ring_timeout_s": 61}, "ring_timeout_s", "out_of_range"),
        ({"ring_timeout_s": "25"}, "ring_timeout_s", "wrong_type"),
        ({"ring_timeout_s": float("nan")}, "ring_timeout_s", "wrong_type"),
        ({"ring_timeout_s": float("inf")}, "ring_timeout_s", "out_of_range"),
        ({"ring_timeout_s": True}, "ring_timeout_s", "wrong_type"),
        ({"ring_timeout_s": None}, "ring_timeout_s", "missing_setting"),
        ({"hold_s": 2.1}, "hold_s", "out_of_range"),
        ({"hold_s": -1}, "hold_s", "out_of_range"),
        ({"abandon_target": 0.051}, "abandon_target", "out_of_range"),
        ({"abandon_target": 3}, "abandon_target", "out_of_range"),
        ({"max_attempts": 0}, "max_attempts", "out_of_range"),
        ({"max_attempts": 31}, "max_attempts", "out_of_range"),
        ({"max_attempts": 2.5}, "max_attempts", "wrong_type"),
        ({"max_attempts": 10**30}, "max_attempts", "out_of_range"),
        ({"min_gap_s": -1}, "min_gap_s", "out_of_range"),
        ({"wrap_up_limit_s": 0}, "wrap_up_limit_s", "out_of_range"),
        ({"amd_enabled": "yes"}, "amd_enabled", "wrong_type"),
        ({"on_machine": "bark"}, "on_machine", "unknown_value"),
        ({"on_machine": "message"}, "drop_text", "no_message_to_leave"),
        ({"on_correction": "message", "drop_text": "  "}, "drop_text", "no_message_to_leave"),
        ({"on_machine": "flow"}, "on_machine", "no_message_to_speak"),
        ({"on_music": "message", "drop_text": "x"}, "on_music", "no_greeting_to_wait_for"),
        ({"drop_file": "../secret"}, "drop_file", "no_message_name"),
        ({"drop_wait_s": 4}, "drop_wait_s", "out_of_range"),
        ({"audit_share": 0.6}, "audit_share", "out_of_range"),
        ({"amd_sensitivity": "balancd"}, "amd_sensitivity", "unknown_value"),
        ({"amd_sensitivity": 1}, "amd_sensitivity", "wrong_type"),
        ({"mode": "predictiv"}, "mode", "unknown_value"),
        ({"rule_pack": "xx"}, "rule_pack", "unknown_value"),
        ({"purpose": "fun"}, "purpose", "unknown_value"),
        ({"rules": []}, "rules", "wrong_type"),
        ({"rules": {"attempts_per_dya": 2}}, "rules.attempts_per_dya", "unknown_setting"),
        ({"rules": {"attempts_per_day": 0}}, "rules.attempts_per_day", "out_of_range"),
        ({"rules": {"attempts_per_day": 4}}, "rules.attempts_per_day", "looser_than_rules"),
        ({"rules": {"abandon_limit": 0.04}}, "rules.abandon_limit", "looser_than_rules"),
        ({"rules": {"holidays": False}}, "rules.holidays", "looser_than_rules"),
        ({"rules": {"consent": {"sales": "nothing"}}}, "rules.consent", "looser_than_rules"),
        ({"rules": {"consent": {"sales": "maybe"}}}, "rules.consent.sales", "unknown_value"),
        ({"rules": {"hours": [window(6, 600, 660)]}}, "rules.hours", "looser_than_rules"),
        ({"rules": {"after_abandon_s": 3600}}, "rules.after_abandon_s", "out_of_range"),
        ({"rules": {"after_abandon_s": 86400}}, "rules.after_abandon_s", "looser_than_rules"),
        ({"on_person": "message"}, "on_person", "unknown_value"),
        (ALONE | {"rule_pack": "fr", "amd_enabled": False}, "on_person", "hang_up_on_everybody"),
        (ALONE | {"rule_pack": "fr", "on_machine": "hang_up"}, "on_person", "hang_up_on_everybody"),
        *((ALONE | {"rule_pack": pack}, "on_person", "hang_up_against_rules") for pack in ("de", "gb", "us")),
        ({"ring_timeout_s": 41}, "ring_timeout_s", "against_rules"),
        ({"abandon_target": 0.04}, "abandon_target", "against_rules"),
        ({"abandon_target": 0.02, "rules": {"abandon_limit": 0.01}}, "abandon_target", "against_rules"),
        ({"windows": [window(6, 600, 660)]}, "windows", "windows_against_rules"),
        ({"windows": [window(0, 1200, 1260)]}, "windows", "windows_against_rules"),
        ({"country": "XX"}, "country", "unknown_country"),
        ({"country": "Germany"}, "country", "text_unfit"),
        ({"default_zone": "Europe/Berlni"}, "default_zone", "unknown_zone"),
        ({"default_zone": "../../etc/passwd"}, "default_zone", "unknown_zone"),
        ({"caller_id": "030 23125999"}, "caller_id", "caller_id_not_allowed"),
        ({"caller_id": "110"}, "caller_id", "emergency_number"),
        ({"caller_id": "0900 1234567"}, "caller_id", "premium_number"),
        ({"caller_id": "4,91E+11"}, "caller_id", "spreadsheet_damage"),
        ({"caller_id": "030 23125100", "trunk": "provider"}, "caller_id", "caller_id_not_allowed"),
        ({"trunk": "provder"}, "trunk", "unknown_trunk"),
        ({"windows": []}, "windows", "no_windows"),
        ({"windows": {}}, "windows", "wrong_type"),
        ({"windows": [5]}, "windows[0]", "wrong_type"),
        ({"windows": [{"weekday": 7, "start_min": 0, "end_min": 1}]}, "windows[0].weekday", "out_of_range"),
        (
            {"windows": [{"weekday": 0, "start_min": 0, "end_min": 1441}]},
            "windows[0].end_min",
            "out_of_range",
        ),
        (
            {"windows": [{"weekday": 0, "start_min": 9, "end_min": 9}]},
            "windows[0].end_min",
            "window_ends_first",
        ),
        ({"windows": [{"weekday": 0, "start_min": 9}]}, "windows[0].end_min", "missing_setting"),
        ({"windows": [{"weekday": 0, "start": 9}]}, "windows[0].start", "unknown_setting"),
        (
            {
                "windows": [
                    {"weekday": 0, "start_min": 0, "end_min": 9},
                    {"weekday": 0, "start_min": 8, "end_min": 10},
                ]
            },
            "windows[1]",
            "windows_overlap",
        ),
        ({"windows": [{"weekday": 0, "start_min": 0, "end_min": 9}] * 80}, "windows", "out_of_range"),
        ({"retry": []}, "retry", "wrong_type"),
        ({"retry": {"bussy": {"delay_s": 1, "max_attempts": 1}}}, "retry.bussy", "unknown_value"),
        ({"retry": {"busy": {"delay_s": -1, "max_attempts": 1}}}, "retry.busy.delay_s", "out_of_range"),
        ({"retry": {"busy": {"delay_s": 1}}}, "retry.busy.max_attempts", "missing_setting"),
        ({"retry": {"busy": 900}}, "retry.busy", "wrong_type"),
        (
            {"retry": {"do_not_call": {"delay_s": 1, "max_attempts": 1}}},
            "retry.do_not_call",
            "final_disposition",
        ),
        ({"wrap_up_codes": []}, "wrap_up_codes", "missing_setting"),
        ({"automatic_wrap_up_code": "nothing"}, "automatic_wrap_up_code", "no_such_code"),
        ({"agent_ids": "1"}, "agent_ids", "wrong_type"),
        ({"agent_ids": [1, 2, 1]}, "agent_ids[2]", "duplicate"),
        ({"agent_ids": [0]}, "agent_ids[0]", "out_of_range"),
        ({"agent_ids": [None]}, "agent_ids[0]", "missing_setting"),
        ({"dnc_list_ids": [True]}, "dnc_list_ids[0]", "wrong_type"),
        ({"contact_list_id": "3"}, "contact_list_id", "wrong_type"),
        ({"contact_list_id": 0}, "contact_list_id", "out_of_range"),
        ({"ring_timout_s": 25}, "ring_timout_s", "unknown_setting"),
        ({"": 1}, "", "unknown_setting"),
    ],
)
def test_a_mistake_is_named_with_its_place(given: dict[str, Any], where: str, key: str) -> None:
    assert (where, key) in problems(**given)


def test_codes_that_share_a_digit_or_a_name_are_told() -> None:
    code = {"code": "a", "digit": 1, "label_en": "A", "label_de": "A", "disposition": "contacted"}
    found = problems(wrap_up_codes=[code, code, {**code, "code": "b", "digit": 2, "disposition": "sold"}])
    assert ("wrap_up_codes[1].code", "duplicate") in found
    assert ("wrap_up_codes[1].digit", "duplicate") in found
    assert ("wrap_up_codes[2].disposition", "unknown_value") in found


def test_all_mistakes_come_at_once_and_in_one_error() -> None:
    with pytest.raises(OperatorError) as error:
        from_json({"nmae": "x", "ring_timeout_s": 5, "hold_s": 9, "windows": []}, TRUNKS)
    assert {problem.where for problem in error.value.problems} == {
        "nmae", "name", "ring_timeout_s", "hold_s", "windows",
    }  # fmt: skip


def test_an_unknown_setting_comes_with_the_nearest_one() -> None:
    problem = check({"name": "x", "ring_timout_s": 20})[1][0]
    assert problem.text == "There is no setting 'ring_timout_s'. Did you mean 'ring_timeout_s'?"
    assert sentence(SETTINGS_TEXTS, problem.key, problem.figures, "de").endswith(
        "Meinten Sie 'ring_timeout_s'?"
    )


@pytest.mark.parametrize("raw", [None, [], "x", 5])
def test_what_is_no_object_is_refused(raw: Any) -> None:
    assert check(raw)[1][0].key == "not_an_object"


def test_a_name_is_enough_and_the_defaults_fill_in() -> None:
    made = from_json({"name": " Sample "}, TRUNKS)
    assert made.name == "Sample"
    assert made.windows == defaults.WINDOWS
    assert made.retry == defaults.RETRY
    assert made.wrap_up_codes == defaults.WRAP_UP_CODES
    assert made.ring_timeout_s == 25
    assert made.record_calls is False


@pytest.mark.parametrize("spelling", ["+493023125001", "030 23125001", "+49 (0)30 23125-001"])
def test_a_caller_id_may_be_written_in_any_way(spelling: str) -> None:
    assert (
        from_json({"name": "x", "caller_id": spelling, "trunk": "provider"}, TRUNKS).caller_id
        == "+493023125001"
    )


def test_without_a_trunk_every_trunks_numbers_may_be_shown() -> None:
    assert from_json({"name": "x", "caller_id": "+493023125100"}, TRUNKS).caller_id == "+493023125100"


def test_what_was_stored_is_read_back_though_the_trunk_is_gone() -> None:
    made = from_json({"name": "x", "caller_id": "+493023125000", "trunk": "provider"}, TRUNKS)
    assert from_json(to_json(made)) == made
    with pytest.raises(OperatorError):
        from_json(to_json(made), {})


def test_every_setting_is_written_and_read() -> None:
    plain = to_json(CampaignSettings("x", windows=defaults.WINDOWS, wrap_up_codes=defaults.WRAP_UP_CODES))
    assert set(plain) == set(KNOWN)


def test_windows_come_back_in_the_order_of_the_week() -> None:
    windows = [
        {"weekday": 5, "start_min": 0, "end_min": 60},
        {"weekday": 0, "start_min": 540, "end_min": 600},
    ]
    assert [w.weekday for w in from_json({"name": "x", "windows": windows}).windows] == [0, 5]


def test_every_sentence_exists_in_both_languages_with_the_same_figures() -> None:
    for english, german in SETTINGS_TEXTS.values():
        names = {part.split("}")[0].split("!")[0].removesuffix("_en") for part in english.split("{")[1:]}
        assert names == {
            part.split("}")[0].split("!")[0].removesuffix("_de") for part in german.split("{")[1:]
        }


@pytest.mark.req("GEN-059")
def test_an_office_that_writes_its_own_rules_may_say_anything_within_reason() -> None:
    rules = {
        "hours": [window(6, 0, 1440)],
        "holidays": False,
        "attempts_per_day": 20,
        "abandon_limit": 0.05,
        "consent": {"sales": "presumed"},
    }
    assert problems(rule_pack="own", rules=rules, windows=[window(6, 0, 60)], abandon_target=0.05) == set()
    found = problems(rule_pack="own", rules={"abandon_limit": 0.06, "after_abandon_s": 60})
    assert found == {("rules.abandon_limit", "out_of_range"), ("rules.after_abandon_s", "out_of_range")}


def test_what_is_stricter_than_the_pack_is_taken() -> None:
    made, found = check(
        {"name": "S", "rules": {"attempts_per_day": 1, "hours": [window(0, 600, 660)], "ring_max_s": 30.0}}
    )
    assert (made is not None, found) == (True, [])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(raw=st.dictionaries(st.sampled_from(KNOWN) | st.text(max_size=10), JSON, max_size=8))
@settings(max_examples=400, deadline=None)
def test_any_json_is_settings_or_problems(raw: dict[str, Any]) -> None:
    made, found = check(raw, TRUNKS)
    assert (made is None) == bool(found)
    for problem in found:
        texts = SETTINGS_TEXTS if problem.key in SETTINGS_TEXTS else NUMBER_TEXTS
        assert sentence(texts, problem.key, problem.figures, "de")
    if made is not None:
        assert from_json(json.loads(json.dumps(to_json(made)))) == made


@given(
    st.fixed_dictionaries(
        {"name": st.from_regex(r"[A-Za-zÄÖÜ0-9][A-Za-z ]{0,30}[a-z]", fullmatch=True)},
        optional={
            "ring_timeout_s": st.integers(15, 40),
            "hold_s": st.floats(0, 2),
            "max_attempts": st.integers(1, 30),
            "min_gap_s": st.floats(0, 7776000),
            "abandon_target": st.floats(0, 0.03),
            "amd_enabled": st.booleans(),
            "amd_sensitivity": st.sampled_from(["careful", "balanced", "eager"]),
            "agent_ids": st.lists(st.integers(1, 1000), unique=True, max_size=5),
            "retry": st.dictionaries(
                st.sampled_from(["busy", "no_answer", "machine", "abandoned"]),
                st.fixed_dictionaries({"delay_s": st.floats(0, 1e6), "max_attempts": st.integers(1, 30)}),
            ),
        },
    )
)
@settings(max_examples=150, deadline=None)
def test_good_settings_survive_json_unchanged(raw: dict[str, Any]) -> None:
    made = from_json(raw, TRUNKS)
    assert from_json(json.loads(json.dumps(to_json(made))), TRUNKS) == made


@pytest.mark.req("GEN-024")
@pytest.mark.parametrize("pack", ["own", "at", "ch", "fr"])
def test_where_no_law_limits_it_the_office_may_hang_up_on_people(pack: str) -> None:
    assert problems(**ALONE, rule_pack=pack) == set()
    assert problems(**ALONE | {"mode": "progressive"}, rule_pack="us") == set(), (
        "with agents it means nothing"
    )
