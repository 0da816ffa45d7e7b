"""The native audio ring against the real conference bridge: every sample counted, every lifetime survived."""

from __future__ import annotations

from tests.peers import audio_ring_cases, pjsua_bench

CASES = audio_ring_cases.__name__
FRAME = audio_ring_cases.FRAME


def test_plays_to_the_last_sample_and_not_beyond() -> None:
    assert pjsua_bench.run(CASES, "exact_count") == {"written": 4321, "played": 4321, "same": True}


def test_flush_stops_at_once_and_what_is_written_next_is_played_whole() -> None:
    seen = pjsua_bench.run(CASES, "flush")
    assert seen == {"pending": 0, "room": 16000, "whole_frames": True, "same": True}


def test_a_full_ring_counts_what_it_drops_and_goes_on() -> None:
    seen = pjsua_bench.run(CASES, "overflow")
    assert seen == {
        "kept": 800,
        "accounted": True,
        "lost": True,
        "goes_on": True,
        "taken_when_full": [700, 100],
    }


def test_takes_whole_samples_from_any_buffer_and_refuses_the_rest() -> None:
    seen = pjsua_bench.run(CASES, "buffers")
    assert seen == {
        "written": [80, 80, 1],
        "read_into": FRAME,
        "rest": True,
        "read": 200,
        "refused": ["ValueError", "BufferError", "TypeError"],
    }


def test_two_hundred_rings_come_and_go_while_audio_flows() -> None:
    assert pjsua_bench.run(CASES, "churn") == {"delivered": 200}


def test_may_be_dropped_on_any_thread_and_after_the_library() -> None:
    assert pjsua_bench.run(CASES, "foreign_thread") == {"done": True, "goes_on": True}


def test_refuses_to_exist_without_a_library_or_with_an_odd_clock() -> None:
    assert pjsua_bench.run(CASES, "without_endpoint") == {"before": "refused", "odd_rate": "refused"}
