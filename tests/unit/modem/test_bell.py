"""When a call on a line is told of, and with whose number."""

from __future__ import annotations

from firmware.trunks._modem_bell import FRESH_S, Bell


def rung(*counts: int, told: str | None = None, before: bool = False) -> Bell:
    bell = Bell()
    if told is not None and before:
        bell.told("NMBR", told, 0.0)
    for at, count in enumerate(counts):
        bell.rang(count, float(at))
        if told is not None and not before and count == 1:
            bell.told("NMBR", told, at + 0.5)
    return bell


def test_one_ring_without_caller_id_waits_for_the_second() -> None:
    assert not rung(1).due
    assert rung(1).missed
    assert rung(1, 2).due


def test_caller_id_alone_is_no_call() -> None:
    assert not rung(told="030", before=True).due


def test_caller_id_before_or_after_the_first_ring() -> None:
    for before in (True, False):
        bell = rung(1, told="03023125007", before=before)
        assert (bell.due, bell.caller) == (True, "03023125007")


def test_caller_id_of_a_call_that_never_rang_is_not_the_next_callers() -> None:
    bell = Bell()
    bell.told("NMBR", "03023125007", 0.0)
    bell.rang(1, FRESH_S + 1.0)
    assert (bell.due, bell.caller) == (False, "")


def test_a_withheld_number_is_known_and_empty() -> None:
    for value in ("P", "O"):
        bell = rung(1, told=value)
        assert (bell.due, bell.caller) == (True, "")


def test_a_call_is_told_of_once() -> None:
    bell = rung(1, 2)
    bell.done()
    bell.rang(3, 9.0)
    assert not bell.due
    assert not bell.missed
    bell.quiet()
    bell.rang(1, 20.0)
    assert bell.missed


def test_other_fields_are_no_number() -> None:
    bell = rung(1)
    bell.told("NAME", "SCHMIDT", 0.1)
    assert not bell.due
