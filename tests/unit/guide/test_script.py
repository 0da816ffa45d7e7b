"""What ``*00`` says and where its keys lead: no phrase without words in both languages, no address half spoken."""

from __future__ import annotations

import re

import pytest

from firmware.guide.script import KEYS, LANGUAGES, Facts, Step, after, following, is_wanted, other, phrases

FACTS = Facts("Büro Nord", "strowger", ("192.0.2.10",), True, {"provider": True, "second": False}, 1, 2, 3)


def said(step: Step, facts: Facts = FACTS, language: str = "en") -> str:
    return " ".join(phrase.text for phrase in phrases(step, facts, language))


@pytest.mark.parametrize(
    ("called", "well"),
    [
        *((text, True) for text in ("*00", "%2A00", "%2a00", "%2A%30%30")),
        *((text, False) for text in ("", "00", "*0", "*000", "*00#", "**00", "110", "112", "*00@x", "%")),
    ],
)
def test_one_number_is_wanted_however_a_telephone_writes_it(called: str, well: bool) -> None:
    assert is_wanted(called) is well


def test_an_address_is_spoken_sign_by_sign() -> None:
    assert "the address one nine two dot zero dot two dot one zero In the office's network" in said(
        Step.WELCOME
    )
    assert "eins neun zwei Punkt null Punkt zwei Punkt eins null" in said(Step.WELCOME, language="de")
    assert "its name is strowger dot local" in said(Step.WELCOME)
    assert "box hyphen two dot local" in said(Step.WELCOME, Facts("x", "box-2"))


def test_several_addresses_are_told_and_none_as_well() -> None:
    both = Facts("x", "strowger", ("192.0.2.1", "198.51.100.2"))
    assert "dot one or one nine eight dot" in said(Step.WELCOME, both)
    assert "no address" in said(Step.WELCOME, Facts("x", "strowger"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_set_up_code_is_on_the_screen_and_nowhere_else(language: str) -> None:
    fresh = said(Step.WELCOME, Facts("x", "strowger", set_up=False), language)
    assert fresh != said(Step.WELCOME, Facts("x", "strowger"), language)
    assert re.search("screen|Bildschirm", fresh)


def test_lines_trunks_and_telephones_are_told_as_they_are() -> None:
    told = said(Step.STATE)
    assert "The trunk provider is ready." in told
    assert "The trunk second cannot be reached." in told
    assert "Of 2 analog lines 1 are ready." in told
    assert "3 telephones are registered." in told
    nothing = said(Step.STATE, Facts("x", "strowger", phones=1, may_dial=False))
    assert nothing.startswith("No provider and no line")
    assert "One telephone is registered." in nothing
    assert nothing.endswith("Its pages say why.")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", list(Step))
def test_every_step_has_words_in_every_language_and_none_is_left_unfilled(step: Step, language: str) -> None:
    found = phrases(step, FACTS, language)
    assert found
    assert all(phrase.text and "{" not in phrase.text for phrase in found)
    strange = [phrase for phrase in found if phrase.language != language]
    assert [phrase.language for phrase in strange] == ([other(language)] if step is Step.MENU else [])


def test_the_menu_names_every_key_there_is() -> None:
    words = {"1": "one", "2": "two", "3": "three", "9": "nine"}
    assert set(words) == set(KEYS)
    assert all(word in said(Step.MENU) for word in words.values())


def test_keys_lead_on_and_the_end_is_the_end() -> None:
    for step in set(Step) - {Step.END}:
        assert after(step, "9") is Step.END
        assert after(step, "1") is Step.WELCOME
    assert after(Step.MENU, "7") is None
    assert after(Step.ECHO, "7") is Step.MENU
    assert all(after(Step.END, key) is None for key in "0123456789*#")
    assert following(Step.WELCOME) is following(Step.STATE) is Step.MENU
    assert following(Step.MENU) is following(Step.ECHO) is following(Step.END) is None
