"""What people write in lists, and what must never be dialled.

Numbers are from the blocks kept free for fiction where a country has one (Germany, United Kingdom, United States,
France); the others are counting digits, and nothing here dials.
"""

from __future__ import annotations

import string

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from firmware.compliance.number_plans import PLANS
from firmware.compliance.numbers import (
    is_dial_string,
    is_emergency,
    known_country,
    mask,
    normalise,
    zones_of,
)
from firmware.compliance.texts import NUMBER_TEXTS, sentence
from firmware.model import Problem

BERLIN = "+493023125123"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "empty_number"),
        ("   ", "empty_number"),
        ("'", "empty_number"),
        ("\u200b", "empty_number"),
        ("4,91E+11", "spreadsheet_damage"),
        ("4.93023E+11", "spreadsheet_damage"),
        ("4,93023125123E+11", "spreadsheet_damage"),
        ("4e+11", "spreadsheet_damage"),
        ("4.9302E11", "spreadsheet_damage"),
        ("493023125.12", "spreadsheet_damage"),
        ("493023125123.00", "spreadsheet_damage"),
        ("########", "spreadsheet_damage"),
        ("#NV", "spreadsheet_damage"),
        ("#REF!", "spreadsheet_damage"),
        ("#WERT!", "spreadsheet_damage"),
        ("3023125123", "leading_zero_lost"),
        ("302312512", "leading_zero_lost"),
        ("1713920012", "leading_zero_lost"),
        ("3023125123.0", "leading_zero_lost"),
        ("4921123456", "leading_zero_lost"),
        ("110", "emergency_number"),
        ("112", "emergency_number"),
        ("1 1 2", "emergency_number"),
        ("0112", "emergency_number"),
        ("+49110", "emergency_number"),
        ("0049 112", "emergency_number"),
        ("911", "emergency_number"),
        ("+1 911", "emergency_number"),
        ("+43 144", "emergency_number"),
        ("tel:112", "emergency_number"),
        ("１１２", "emergency_number"),
        ("115", "service_number"),
        ("116117", "service_number"),
        ("+49 116 117", "service_number"),
        ("0900 1234567", "premium_number"),
        ("+49 900 1 234567", "premium_number"),
        ("0137 1234567", "premium_number"),
        ("0180 5 123456", "premium_number"),
        ("11833", "service_number"),
        ("+44 909 879 0000", "premium_number"),
        ("+41 900 123 456", "premium_number"),
        ("+43 930 123456", "premium_number"),
        ("+1 900 555 0123", "premium_number"),
        ("+33 899 70 00 00", "premium_number"),
        ("030", "too_short"),
        ("+49 30", "too_short"),
        ("+1 202 555", "too_short"),
        ("+4930231251234567", "too_long"),
        ("030 231251234567890123", "too_long"),
        ("+1 202 555 01234", "too_long"),
        ("+33 1 99 00 12 34 56", "too_long"),
        ("0171 39200", "not_in_use"),
        ("+41 11 123 45 67", "not_in_use"),
        ("+1 111 555 0123", "not_in_use"),
        ("+1 202 155 0123", "not_in_use"),
        ("+999 12345678", "not_a_number"),
        ("Herr Müller", "not_a_number"),
        ("erika@example.org", "not_a_number"),
        ("sip:100@example.org", "not_a_number"),
        ("030 23125ABC", "not_a_number"),
        ("1-800-FLOWERS", "not_a_number"),
        ("++49 30 23125123", "not_a_number"),
        ("030+23125123", "not_a_number"),
        ("*21*03023125123#", "not_a_number"),
        ("03023125123\x00", "not_a_number"),
        ("500&PJSIP/itsp/14165551212", "not_a_number"),
        ("030 23125123 / 030 23125124", "several_numbers"),
        ("030 23125123; 030 23125124", "several_numbers"),
        ("030 23125123, 23125124", "several_numbers"),
        ("030 23125123 oder 030 23125124", "several_numbers"),
        ("030 23125-12 / 13", "several_numbers"),
        ("030 23125123\n030 23125124", "several_numbers"),
        ("030 23125123 ext. 12", "has_extension"),
        ("030 23125123x12", "has_extension"),
        ("030 23125123 DW 12", "has_extension"),
        ("tel:+493023125123;ext=12", "has_extension"),
    ],
)
def test_what_is_refused(text: str, key: str) -> None:
    answer = normalise(text, "DE")
    assert isinstance(answer, Problem), answer
    assert answer.key == key
    assert answer.text == sentence(NUMBER_TEXTS, key, answer.figures, "en")
    assert sentence(NUMBER_TEXTS, key, answer.figures, "de") != answer.text


@pytest.mark.parametrize(
    "text",
    [
        "030 23125 123",
        "030 23125123",
        "030/23125123",
        "030/23125-123",
        "(030) 23125-123",
        "(0)30 23125123",
        "030.23125.123",
        "030\u00a023125\u00a0123",
        "030 \u2011 23125123",
        "+49 30 23125123",
        "+49 (0)30-23125123",
        "+49(0)3023125123",
        "+49 030 23125123",
        "+0049 30 23125123",
        "0049 30 23125123",
        "0049 (0)30 23125123",
        "0049 (0)30/23125123",
        "49 30 23125123",
        "4930 23125123",
        "493023125123.0",
        "493023125123,0",
        "+493023125123.0",
        "'+493023125123",
        "'03023125123",
        "tel:+49-30-23125123",
        "TEL:+49-30-23125123",
        "tel:03023125123;phone-context=+49",
        "callto:+493023125123",
        "\u202a+49 30 23125123\u202c",
        "\ufeff+493023125123",
        "＋４９３０２３１２５１２３",
        "٠٣٠٢٣١٢٥١٢٣",
        " \t03023125123 \n",
        "+49 30 [23125] 123",
        "+49_30_23125123",
    ],
)
def test_forms_of_one_german_number(text: str) -> None:
    assert normalise(text, "DE") == BERLIN


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("01632 960123", "GB", "+441632960123"),
        ("01632 960123", "UK", "+441632960123"),
        ("+44 (0)1632 960 123", "DE", "+441632960123"),
        ("441632960123", "GB", "+441632960123"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("1-202-555-0123", "us", "+12025550123"),
        ("011 49 30 23125123", "US", BERLIN),
        ("202.555.0123", "CA", "+12025550123"),
        ("2025550123.0", "US", "+12025550123"),
        ("0043 1 5880012", "DE", "+4315880012"),
        ("01 5880012", "AT", "+4315880012"),
        ("0664 1234567", "AT", "+436641234567"),
        ("0446681800", "CH", "+41446681800"),
        ("079 123 45 67", "CH", "+41791234567"),
        ("41791234567", "CH", "+41791234567"),
        ("01 99 00 12 34", "FR", "+33199001234"),
        ("+33 1 99 00 12 34", "DE", "+33199001234"),
        ("06 698 12345", "IT", "+390669812345"),
        ("0171 39200-12", "DE", "+491713920012"),
        ("01522 8817386", "DE", "+4915228817386"),
        ("0800 1234567", "DE", "+498001234567"),
        ("040 1234", "DE", "+49401234"),
    ],
)
def test_numbers_of_several_countries(text: str, country: str, number: str) -> None:
    assert normalise(text, country) == number


@pytest.mark.parametrize(
    ("text", "country", "key"),
    [
        ("791234567", "CH", "leading_zero_lost"),
        ("7700900123", "GB", "leading_zero_lost"),
        ("6641234567", "AT", "leading_zero_lost"),
        ("999", "GB", "emergency_number"),
        ("144", "AT", "emergency_number"),
        ("117", "CH", "emergency_number"),
        ("15", "FR", "emergency_number"),
        ("17", "FR", "emergency_number"),
        ("211", "US", "service_number"),
        ("03023125123", "XX", "unknown_country"),
        ("03023125123", "", "unknown_country"),
        ("abc", "XX", "not_a_number"),
    ],
)
def test_refusals_of_several_countries(text: str, country: str, key: str) -> None:
    answer = normalise(text, country)
    assert isinstance(answer, Problem), answer
    assert answer.key == key


def test_a_lost_zero_comes_with_the_number_it_probably_was() -> None:
    answer = normalise("30 23125123", "DE")
    assert isinstance(answer, Problem)
    assert answer.figures["suggestion"] == "03023125123"
    assert normalise(answer.figures["suggestion"], "DE") == BERLIN


def test_a_long_cell_is_not_repeated_in_full() -> None:
    answer = normalise("x" * 100_000, "DE")
    assert isinstance(answer, Problem)
    assert len(answer.text) < 200


@pytest.mark.parametrize(
    ("digits", "country", "emergency"),
    [
        ("112", "DE", True),
        ("110", "DE", True),
        ("0110", "DE", True),
        ("+49110", "DE", True),
        ("0049112", "DE", True),
        ("+490112", "DE", True),
        ("11 2", "DE", True),
        ("999", "GB", True),
        ("999", "DE", False),
        ("911", "DE", True),
        ("112", "US", True),
        ("1911", "US", True),
        ("000", "AU", True),
        ("112", "ZZ", True),
        ("", "DE", False),
        ("1122", "DE", False),
        ("116117", "DE", False),
        (BERLIN, "DE", False),
        ("+12025550112", "US", False),
    ],
)
def test_emergency_numbers_are_known_however_they_are_dialled(
    digits: str, country: str, emergency: bool
) -> None:
    assert is_emergency(digits, country) is emergency


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("+493023125123", True),
        ("*21#", True),
        ("0" * 20, True),
        ("0" * 21, False),
        ("", False),
        ("12 34", False),
        ("12\n", False),
        ("١٢٣", False),
        ("500&PJSIP/x", False),
        ("1,2", False),
    ],
)
def test_a_dial_string_is_digits_and_three_signs(text: str, good: bool) -> None:
    assert is_dial_string(text) is good


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        (BERLIN, "+49 30 23••••23"),
        ("+491713920012", "+49 171 3••••12"),
        ("+441632960123", "+44 1632 ••••23"),
        ("+12025550123", "+1 202 5••••23"),
        ("+33199001234", "+33 19 9••••34"),
        ("+49401234", "+49 40 ••34"),
        ("phone-7f3a", "••••••••3a"),
        ("110", "•••••"),
        ("", "•••••"),
    ],
)
def test_masked_numbers(number: str, masked: str) -> None:
    assert mask(number) == masked


@given(st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True))
def test_a_masked_number_never_shows_what_calls_it(number: str) -> None:
    masked = mask(number)
    assert masked.count("•") >= 2
    assert number[1:] not in "".join(c for c in masked if c.isdigit())


@pytest.mark.parametrize(
    ("number", "zones"),
    [
        (BERLIN, ("Europe/Berlin",)),
        ("+441632960123", ("Europe/London",)),
        ("+12025550123", ("America/New_York",)),
        ("+12135550123", ("America/Los_Angeles",)),
        ("+436641234567", ("Europe/Vienna",)),
        ("+41791234567", ("Europe/Zurich",)),
        ("+33199001234", ("Europe/Paris",)),
        ("+88212345678", ()),
        ("", ()),
    ],
)
def test_the_zones_a_number_may_be_in(number: str, zones: tuple[str, ...]) -> None:
    assert zones_of(number) == zones


def test_a_number_that_may_be_anywhere_in_a_wide_country_names_all_its_zones() -> None:
    assert {"America/New_York", "America/Los_Angeles", "Pacific/Honolulu"} <= set(zones_of("+18005550123"))


def test_countries_are_known_by_their_code() -> None:
    assert all(map(known_country, ("DE", "de", "UK", "FR", " at ")))
    assert not any(map(known_country, ("", "XX", "Germany", "001")))


DIGITS = st.text(string.digits, min_size=4, max_size=13)
CHEAP = {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.PAGER}


@given(country=st.sampled_from(["DE", "AT", "CH", "GB"]), national=DIGITS)
@settings(max_examples=1500)
def test_our_plans_accept_every_ordinary_number_the_library_knows(country: str, national: str) -> None:
    number = f"+{PLANS[country].code}{national}"
    parsed = phonenumbers.parse(number, None)
    kind = phonenumbers.number_type(parsed)
    answer = normalise(number, country)
    if kind in {PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.TOLL_FREE}:
        assert answer == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if kind is PhoneNumberType.PREMIUM_RATE:
        assert isinstance(answer, Problem)


@given(
    text=st.text(max_size=40),
    country=st.sampled_from(["DE", "AT", "CH", "GB", "US", "CA", "FR", "IT", "XX", ""]),
)
@example(text="+", country="DE")
@example(text="00", country="DE")
@example(text="+49", country="DE")
@example(text="0", country="FR")
@example(text="²³", country="DE")
@example(text="+1" + "0" * 500, country="DE")
@settings(max_examples=1000)
def test_whatever_stands_in_a_cell_the_answer_is_a_number_or_a_problem(text: str, country: str) -> None:
    answer = normalise(text, country)
    if isinstance(answer, Problem):
        assert answer.key in NUMBER_TEXTS
        assert sentence(NUMBER_TEXTS, answer.key, answer.figures, "de")
    else:
        assert answer[0] == "+"
        assert answer[1:].isascii()
        assert answer[1:].isdigit()
        assert 7 <= len(answer) <= 16
        assert is_dial_string(answer)
        assert not is_emergency(answer, country)


@given(
    country=st.sampled_from(["DE", "AT", "CH", "GB", "US", "FR", "ES"]),
    text=st.text("0123456789+ -/().", min_size=5, max_size=22),
)
@settings(max_examples=1500)
def test_a_number_once_read_reads_the_same_again_anywhere(country: str, text: str) -> None:
    answer = normalise(text, country)
    if isinstance(answer, str):
        assert normalise(answer, "DE") == answer
        assert normalise(answer, country) == answer
        assert normalise(f"tel:{answer}", "US") == answer
