"""One-time codes: the RFC's own examples, clocks that are off, codes that come twice."""

from __future__ import annotations

import base64

import pytest

from firmware import totp

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (20000000000, "353130"),
    ],
)
def test_the_examples_of_rfc_6238(at: int, code: str) -> None:
    """Appendix B, the last six of its eight digits."""
    assert totp.code(RFC_SECRET, at // totp.STEP_S) == code


def test_a_telephones_clock_may_be_one_step_off() -> None:
    now = 1_780_000_000.0
    current = int(now) // totp.STEP_S
    counted = [totp.step_of(RFC_SECRET, totp.code(RFC_SECRET, current + off), now, 0) for off in range(-2, 3)]
    assert counted == [None, current - 1, current, current + 1, None]


def test_a_code_counts_once_and_none_before_it() -> None:
    now = 1_780_000_000.0
    current = int(now) // totp.STEP_S
    assert totp.step_of(RFC_SECRET, totp.code(RFC_SECRET, current), now, current) is None
    assert totp.step_of(RFC_SECRET, totp.code(RFC_SECRET, current - 1), now, current) is None
    assert totp.step_of(RFC_SECRET, totp.code(RFC_SECRET, current + 1), now, current) == current + 1


@pytest.mark.parametrize("typed", ["", "28708", "2870822", "abcdef", "²87082", "287 08"])
def test_what_is_no_code(typed: str) -> None:
    assert totp.step_of(RFC_SECRET, typed, 59.0, 0) is None


def test_blanks_between_digits_do_not_matter() -> None:
    assert totp.step_of(RFC_SECRET, " 287 082 ", 59.0, 0) == 1


def test_secrets_and_recovery_codes_differ_and_are_long_enough() -> None:
    assert len(base64.b32decode(totp.new_secret())) == 20
    codes = totp.new_recovery_codes()
    assert len(set(codes)) == totp.RECOVERY_CODES
    assert all(len(each) == 14 for each in codes)


def test_recovery_codes_are_known_however_they_are_typed() -> None:
    assert totp.recovery_hash("abcd-efgh-jkmn") == totp.recovery_hash(" ABCD efghjkmn")


def test_what_the_picture_says() -> None:
    told = totp.uri("ABC", "maria", "Büro Süd")
    assert told == "otpauth://totp/B%C3%BCro%20S%C3%BCd%3Amaria?secret=ABC&issuer=B%C3%BCro%20S%C3%BCd"
