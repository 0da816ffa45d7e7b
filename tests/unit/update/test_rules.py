"""What may be installed, and every reason against it."""

from __future__ import annotations

import pytest

from firmware.update.rules import Bundle, ThisBox, older, refusals, why_refused
from firmware.update.texts import UPDATE_TEXTS

BOX = ThisBox("strowger-amd64", "1.4.0", "1.2.0")


def keys(bundle: Bundle, calls: int = 0, *, force: bool = False) -> list[str]:
    return [each.key for each in refusals(bundle, BOX, calls, force=force)]


def test_a_newer_version_for_this_board_is_taken() -> None:
    assert keys(Bundle("strowger-amd64", "1.5.0")) == []


def test_the_same_and_an_allowed_older_version_are_taken() -> None:
    assert keys(Bundle("strowger-amd64", "1.4.0")) == keys(Bundle("strowger-amd64", "1.2.0")) == []


def test_all_reasons_are_told_at_once() -> None:
    refused = refusals(Bundle("strowger-arm64", "1.1.9"), BOX, 2, force=False)
    assert [each.key for each in refused] == ["update_other_board", "update_too_old", "update_calls"]
    assert "strowger-arm64" in refused[0].text
    assert "1.1.9" in refused[1].text
    assert "2" in refused[2].text


def test_force_overrules_calls_and_nothing_else() -> None:
    assert keys(Bundle("strowger-amd64", "1.5.0"), 3, force=True) == []
    assert keys(Bundle("strowger-arm64", "0.9"), 3, force=True) == ["update_other_board", "update_too_old"]


@pytest.mark.parametrize(
    ("version", "than"),
    [("1.2", "1.10"), ("1.2", "1.2.1"), ("1.2.0", "1.2.1"), ("0.9.9", "1"), ("1.2rc1", "1.2.1"), ("", "0.1")],
)
def test_versions_have_an_order(version: str, than: str) -> None:
    assert older(version, than)
    assert not older(than, version)


def test_a_version_is_not_older_than_itself() -> None:
    assert not older("1.2.3", "1.2.3")


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("signature verification failed: Verify error: self-signed certificate", "update_stranger"),
        (
            "signature verification failed: Verify error: unable to get local issuer certificate",
            "update_stranger",
        ),
        (
            "signature verification failed: error:1700009E:CMS routines::verification failure",
            "update_damaged",
        ),
        ("Failed mounting bundle: Input/output error", "update_damaged"),
        ("Invalid bundle format: Signature size (233) exceeds bundle size", "update_not_a_bundle"),
        ("the sky has fallen", "update_failed"),
        ("", "update_failed"),
    ],
)
def test_what_rauc_says_becomes_a_word_of_ours(said: str, key: str) -> None:
    assert why_refused(said).key == key


def test_an_unforeseen_error_is_passed_on() -> None:
    assert "the sky has fallen" in why_refused("first line\nthe sky has fallen\n").text


def test_every_refusal_is_there_in_both_languages() -> None:
    for english, german in UPDATE_TEXTS.values():
        assert english
        assert german
        assert english != german
