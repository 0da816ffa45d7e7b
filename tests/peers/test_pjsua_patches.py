"""Our patches to pjproject: each of these cases fails, or writes over memory, on the library as released."""

from __future__ import annotations

from tests.peers import pjsua_bench, pjsua_patch_cases

CASES = pjsua_patch_cases.__name__
TOO_MANY = pjsua_patch_cases.TOO_MANY


def test_destroying_a_finished_call_leaves_the_next_call_in_its_slot_alone() -> None:
    seen = pjsua_bench.run(CASES, "destroyed_object")
    assert seen == {
        "same_slot": True,
        "ended": True,
        "our_byes": 0,
        "states": ["CALLING", "CONNECTING", "CONFIRMED", "DISCONNECTED"],
    }


def test_a_late_answer_to_a_finished_call_leaves_the_next_call_in_its_slot_alone() -> None:
    seen = pjsua_bench.run(CASES, "late_answer")
    assert seen == {
        "same_slot": True,
        "media_active": True,
        "ended": True,
        "states": ["CALLING", "CONNECTING", "CONFIRMED", "DISCONNECTED"],
    }


def test_more_media_lines_than_a_call_has_room_for_are_refused() -> None:
    assert pjsua_bench.run(CASES, "many_lines_asked_for") == {"status": TOO_MANY}


def test_a_peer_that_fills_the_media_list_cannot_make_us_write_behind_it() -> None:
    seen = pjsua_bench.run(CASES, "many_lines_offered")
    assert seen == {"lines_answered": 16, "status": TOO_MANY, "ended": True}
