"""Passwords and the brake on guessing, without a server."""

from __future__ import annotations

import threading

import pytest

from web_ui import passwords
from web_ui.throttle import FREE_TRIES, TRIES_PER_ADDRESS, WINDOW_S, Throttle


class Clock:
    """Seconds that pass when told."""

    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_a_hash_is_salted_verifies_and_says_how_it_was_made() -> None:
    one, two = passwords.hash_password("korrekt pferd"), passwords.hash_password("korrekt pferd")
    assert one != two
    assert one.startswith("scrypt$16384$8$5$")
    assert passwords.verify("korrekt pferd", one)
    assert passwords.verify("korrekt pferd", two)
    assert not passwords.verify("korrekt pferd ", one)


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "plain",
        "md5$x",
        "scrypt$a$b$c$d$e",
        "scrypt$16384$8$5$!!$!!",
        "scrypt$999999999$8$5$AAAA$AAAA",
        "bcrypt$16384$8$5$AAAA$AAAA",
        None,
    ],
)
def test_what_is_no_hash_lets_nobody_in(stored: str | None) -> None:
    assert not passwords.verify("", stored)
    assert not passwords.verify("x", stored)


def test_at_most_two_hashes_are_computed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock = 0, 0, threading.Lock()
    arrived = threading.Barrier(2)

    def slow(*_: object, **__: object) -> bytes:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        arrived.wait(10)
        with lock:
            running -= 1
        return b"x"

    monkeypatch.setattr(passwords.hashlib, "scrypt", slow)
    threads = [threading.Thread(target=passwords.hash_password, args=("x",)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_a_full_house_is_said_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr(passwords, "WAIT_S", 0.0)
    monkeypatch.setattr(passwords.hashlib, "scrypt", lambda *_, **__: release.wait(10))
    try:
        with pytest.raises(passwords.Busy):
            passwords.hash_password("x")
    finally:
        release.set()


@pytest.mark.parametrize(
    ("password", "weak"),
    [
        ("kurz", "too_short"),
        ("x" * 257, "too_long"),
        ("abababababab", "too_few_signs"),
        ("abcdefghijklmnop", "sequence"),
        ("ich bin anna berg", "contains_name"),
        ("nur kleine worte", ""),
        ("🐎🔋 korrekt pferd", ""),
    ],
)
def test_length_counts_and_composition_does_not(password: str, weak: str) -> None:
    assert passwords.weakness(password, "anna", "Anna Berg") == weak


def test_a_name_waits_longer_with_every_failure_but_is_never_locked_for_long() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    waits = []
    for i in range(FREE_TRIES + 8):
        wait = throttle.admit("anna", f"10.0.0.{i}")
        waits.append(wait)
        clock.now_s += wait
        if wait:
            assert throttle.admit("anna", f"10.0.0.{i}") == 0.0
    assert waits[:FREE_TRIES] == [0.0] * FREE_TRIES
    assert waits[FREE_TRIES] == 2.0
    assert max(waits) == 30.0
    assert throttle.admit("ben", "10.1.0.1") == 0.0


def test_many_tries_at_the_same_moment_gain_nothing() -> None:
    throttle = Throttle(Clock())
    admitted = [throttle.admit("anna", "10.0.0.1") == 0.0 for _ in range(50)]
    assert admitted.count(True) == FREE_TRIES


def test_an_address_that_tried_many_names_waits_for_the_window() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for i in range(TRIES_PER_ADDRESS):
        assert throttle.admit(f"name{i}", "10.0.0.1") == 0.0
    assert throttle.admit("another", "10.0.0.1") == WINDOW_S
    assert throttle.admit("another", "10.0.0.2") == 0.0
    clock.now_s += WINDOW_S + 1
    assert throttle.admit("another", "10.0.0.1") == 0.0


def test_the_right_password_clears_the_name_and_one_try_of_the_address() -> None:
    throttle = Throttle(Clock())
    for _ in range(100):
        assert throttle.admit("anna", "10.0.0.1") == 0.0
        throttle.succeeded("anna", "10.0.0.1")


def test_memory_does_not_grow_with_the_names_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web_ui.throttle.MOST_REMEMBERED", 10)
    throttle = Throttle(Clock())
    for i in range(1000):
        throttle.admit(f"name{i}", f"10.0.{i // 256}.{i % 256}")
    assert len(throttle._failures) <= 10
