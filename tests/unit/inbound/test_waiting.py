"""Places among those who wait, and what is said about them."""

from __future__ import annotations

import pytest

from firmware.inbound.call import step
from firmware.inbound.happenings import (
    Admission,
    Admitted,
    Answered,
    Call,
    PlayMusic,
    PositionDue,
    RungLong,
    Said,
    Say,
    Speak,
    State,
)
from firmware.inbound.texts import spoken

WAITING = (Admitted(Admission.OPEN), RungLong(), Answered(), Said())


def waiting() -> Call:
    call = Call()
    for event in WAITING:
        call, _ = step(call, event)
    assert call.state is State.WAITING
    return call


def test_a_place_is_told_only_to_who_waits() -> None:
    call = Call()
    for event in WAITING:
        assert step(call, PositionDue()) == (call, [])
        call, _ = step(call, event)
    assert step(call, PositionDue())[1] == [Speak(Say.POSITION)]


def test_music_goes_on_after_the_place() -> None:
    call, _ = step(waiting(), PositionDue())
    assert step(call, Said()) == (call, [PlayMusic()])


@pytest.mark.parametrize("language", ["de", "en", "fr"])
def test_the_first_is_told_so_and_the_others_their_number(language: str) -> None:
    first, third = spoken(Say.POSITION, language, 1), spoken(Say.POSITION, language, 3)
    assert first != third
    assert "3" in third
    assert "1" not in first
