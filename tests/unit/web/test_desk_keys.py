"""The keys of a desk: what is refused and in which words, what is kept, and that what is delivered stands."""

from __future__ import annotations

import pytest

from web_ui import desk_keys
from web_ui.desk_keys import DELIVERED, changed, in_force, mistakes, said, tidied
from web_ui.language import Languages

GERMAN = Languages("Europe/Berlin", "de").get("de")


def wrong(**keys: str) -> dict[str, str]:
    """Action -> why not, in German, where these keys are chosen over those delivered."""
    return {action: said(each, GERMAN) for action, each in mistakes({**DELIVERED, **keys}).items()}


def test_what_is_delivered_is_allowed_and_each_action_has_its_own() -> None:
    assert mistakes(DELIVERED) == {}
    assert len(in_force({}).actions) == len(DELIVERED)
    assert in_force({}).actions["Shift+F4"] == "hang_up"


@pytest.mark.parametrize("key", ["F1", "F3", "F5", "F11", "F12", "Shift+F5", "Shift+F10"])
def test_keys_that_browsers_keep_are_refused_in_words(key: str) -> None:
    assert key in wrong(hold=key)["hold"]
    assert "behält der Browser" in wrong(hold=key)["hold"]


@pytest.mark.parametrize("key", ["Ctrl+F4", "Strg+F4", "Alt+F4", "AltGr+F4", "Ctrl+H", "Ctrl+Shift+F4"])
def test_keys_held_with_others_are_refused(key: str) -> None:
    assert "Strg oder Alt" in wrong(hold=tidied(key))["hold"]


@pytest.mark.parametrize("key", ["H", "1", "Space", "F", "F0", "<b>"])
def test_what_would_be_typed_into_fields_is_refused_for_calls(key: str) -> None:
    assert "keine Funktionstaste" in wrong(hold=key)["hold"]


@pytest.mark.parametrize("key", ["F13", "F24"])
def test_keys_few_keyboards_have_are_refused(key: str) -> None:
    assert "nur wenige Tastaturen" in wrong(hold=key)["hold"]


@pytest.mark.parametrize("key", ["1", "F4", "NN", "Ä", "Enter"])
def test_a_result_takes_single_letters_only(key: str) -> None:
    assert "Buchstabe" in wrong(note=key)["note"]


def test_no_key_twice() -> None:
    assert wrong(mute="F4") == {"mute": "F4 ist schon vergeben: Halten und zurückholen; wechseln."}
    assert wrong(mute="F4", hold="F6") == {}
    assert list(wrong(park="N")) == ["park"]


def test_a_key_can_be_switched_off_and_then_is_free_for_another() -> None:
    assert wrong(hold="", mute="") == {}
    assert wrong(hold="", mute="F4") == {}
    keys = in_force({"hold": "", "mute": "F4"})
    assert (keys.hint("hold"), keys.shortcut("mute"), keys.actions["F4"]) == ("", "F4", "mute")


@pytest.mark.parametrize(
    ("typed", "key"),
    [("shift + f4", "Shift+F4"), ("⇧F4", "Shift+F4"), ("Umschalt+F4", "Shift+F4"), (" n ", "N"), ("", "")],
)
def test_a_key_is_understood_as_people_write_it(typed: str, key: str) -> None:
    assert tidied(typed) == key


def test_only_what_differs_is_kept_and_old_choices_never_break_a_desk() -> None:
    assert changed(dict(DELIVERED)) == {}
    assert changed({**DELIVERED, "hold": "F10"}) == {"hold": "F10"}
    assert in_force({"hold": "F10", "no_longer_there": "F2"}).of == {**DELIVERED, "hold": "F10"}
    assert in_force({"hold": "F2"}).of == DELIVERED  # taken by another action since


def test_every_action_has_a_name_in_german() -> None:
    for action in DELIVERED:
        english = desk_keys.name(action)
        assert GERMAN.gettext(english) != english
