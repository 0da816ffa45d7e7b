"""Signatures and pauses: figures worked out by hand or by the specification."""

from __future__ import annotations

import pytest

from firmware.webhooks import schedule, signing


def test_the_example_of_the_specification() -> None:
    """Standard Webhooks 1.0, the vector its reference libraries are tested with."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    made = signing.headers(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330.9, body)
    assert made == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_secrets_are_new_every_time_and_fit() -> None:
    first, second = signing.new_secret(), signing.new_secret()
    assert first != second
    assert signing.signature(first, "a", "1", b"") != signing.signature(second, "a", "1", b"")
    with pytest.raises(ValueError, match="secret"):
        signing.signature("gone!", "a", "1", b"")


def test_pauses_grow_and_end() -> None:
    assert [schedule.pause_s(tries) for tries in (1, 2, 3, 8, 9, 1000)] == [5, 15, 45, 10935, 21600, 21600]
    assert schedule.next_try(1, 100.0, 100.0) == 105.0
    last = 100.0 + schedule.TRIED_FOR_S - schedule.LONGEST_PAUSE_S
    assert schedule.next_try(20, 100.0, last) == 100.0 + schedule.TRIED_FOR_S
    assert schedule.next_try(20, 100.0, last + 1) is None


def test_a_clock_that_was_set_back_does_not_end_the_tries() -> None:
    assert schedule.next_try(3, 1000.0, 10.0) == 55.0


def test_who_is_hopeless_and_who_only_alarming() -> None:
    assert not schedule.alarming(None, 1e9)
    assert not schedule.alarming(0.0, schedule.ALARM_AFTER_S - 1)
    assert schedule.alarming(0.0, schedule.ALARM_AFTER_S)
    assert not schedule.hopeless(0.0, schedule.TRIED_FOR_S - 1)
    assert schedule.hopeless(0.0, schedule.TRIED_FOR_S)
