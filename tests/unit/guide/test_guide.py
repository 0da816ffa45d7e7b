"""Conversations with the box on the simulated backend: keys in the middle of a sentence, echoes, silence, the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from firmware.clock import FakeClock
from firmware.guide.guide import ECHO_S, LONGEST_S, MOST, PATIENCE_S, ROUNDS, Guide
from firmware.guide.script import Facts, Step, phrases
from firmware.model import LegId
from firmware.trunks.base import LegEnded, LegEvent
from firmware.trunks.simulated import FarEnd, SimulatedMedia

LEG = LegId("o1")
FACTS = Facts("Büro", "strowger", ("192.0.2.1",))
PROMPT_S = 1.0


class Box:
    """A guide whose phrases last a second each."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.media = SimulatedMedia(self.clock, lambda *_: FarEnd(), PROMPT_S)
        self.guide = Guide(self.clock, self.media, "de", self._speak)
        self.guide.facts = self._facts
        self.clock.on_settle(self._settle)
        self.said: list[str] = []
        self.mute = False
        self.ended: list[LegEnded] = []
        self.others: list[LegEvent] = []

    async def _facts(self) -> Facts:
        return FACTS

    async def _speak(self, text: str, language: str) -> Path | None:
        await asyncio.sleep(0)
        self.said.append(text)
        return None if self.mute else Path(f"{language}.wav")

    async def _settle(self) -> None:
        for _ in range(40):
            await asyncio.sleep(0)

    def event(self, event: LegEvent) -> None:
        if not self.guide.takes(event):
            self.others.append(event)
            return
        self.guide.event(event)
        if isinstance(event, LegEnded):
            self.ended.append(event)

    async def dial(self, leg: LegId = LEG, called: str = "*00", phone: str = "anna") -> None:
        self.media.call_in(leg, "anna", called, "", phone)
        await self.clock.advance(0.1)

    async def press(self, key: str) -> None:
        self.media.far_end_dials(LEG, key)
        await self.clock.advance(0.1)

    def begun(self, step: Step, language: str = "de") -> bool:
        """Whether a step was begun last."""
        return phrases(step, FACTS, language)[0].text in self.said[-2:]


def play(scene: Callable[[Box], Awaitable[None]]) -> Box:
    box = Box()

    async def go() -> None:
        await box.media.start(box.event)
        await scene(box)
        await box.guide.stop()

    asyncio.run(go())
    return box


def texts(step: Step, language: str = "de") -> list[str]:
    return [phrase.text for phrase in phrases(step, FACTS, language)]


def test_what_is_not_dialled_on_a_telephone_or_is_another_number_is_somebody_elses() -> None:
    async def scene(box: Box) -> None:
        await box.dial(called="112")
        await box.dial(LegId("o2"), phone="")
        assert len(box.others) == 2
        assert box.said == []

    play(scene)


def test_everything_is_told_in_order_and_then_the_keys() -> None:
    async def scene(box: Box) -> None:
        await box.dial()
        await box.clock.advance(len(texts(Step.WELCOME)) * PROMPT_S + len(texts(Step.MENU)) * PROMPT_S)
        assert box.said == texts(Step.WELCOME) + texts(Step.MENU)

    play(scene)


def test_a_key_in_the_middle_of_a_sentence_is_heeded_at_once() -> None:
    async def scene(box: Box) -> None:
        await box.dial()
        await box.press("2")
        assert box.begun(Step.STATE)
        await box.press("7")
        assert box.begun(Step.STATE), "this key means nothing"
        await box.press("9")
        assert box.begun(Step.END)
        await box.press("1")
        assert box.begun(Step.END), "who says goodbye is gone"
        await box.clock.advance(PROMPT_S + 0.1)
        assert [each.by_far_end for each in box.ended] == [False]

    play(scene)


def test_people_hear_themselves_until_a_key_or_for_a_while() -> None:
    async def scene(box: Box) -> None:
        await box.dial()
        await box.press("3")
        assert box.media.feeds == set()
        await box.clock.advance(PROMPT_S)
        assert box.media.feeds == {(LEG, LEG)}
        await box.press("7")
        assert box.media.feeds == set()
        assert box.begun(Step.MENU)
        await box.press("3")
        await box.clock.advance(PROMPT_S)
        await box.clock.advance(ECHO_S)
        assert box.media.feeds == set()
        assert box.begun(Step.MENU)

    play(scene)


def test_the_other_language_and_back() -> None:
    async def scene(box: Box) -> None:
        await box.dial()
        await box.press("5")
        assert box.begun(Step.WELCOME, "en")
        await box.press("2")
        assert box.begun(Step.STATE, "en")
        await box.press("5")
        assert box.begun(Step.WELCOME)

    play(scene)


def test_who_says_nothing_hears_the_keys_again_and_then_goodbye() -> None:
    async def scene(box: Box) -> None:
        await box.dial()
        await box.press("2")
        await box.clock.advance((PATIENCE_S + 10) * (ROUNDS + 1))
        assert box.said.count(texts(Step.MENU)[0]) == ROUNDS
        assert len(box.ended) == 1

    play(scene)


def test_nobody_listens_for_ever() -> None:
    async def scene(box: Box) -> None:
        await box.dial()
        while box.clock.monotonic() < LONGEST_S + PROMPT_S + 5 and not box.ended:
            await box.press("1")
            await box.clock.advance(5.0)
        assert len(box.ended) == 1

    play(scene)


@pytest.mark.parametrize("when_s", [0.0, 0.1, 3.0])
def test_who_hangs_up_leaves_nothing_behind(when_s: float) -> None:
    async def scene(box: Box) -> None:
        await box.dial()
        await box.clock.advance(when_s)
        box.media.far_end_hangs_up(LEG)
        said = len(box.said)
        await box.clock.advance(LONGEST_S * 2)
        assert len(box.said) <= said + 1
        await box.dial()
        assert box.begun(Step.WELCOME)

    play(scene)


def test_a_box_that_cannot_speak_still_lets_people_hear_themselves_and_hang_up() -> None:
    async def scene(box: Box) -> None:
        box.mute = True
        await box.dial()
        await box.press("3")
        assert box.media.feeds == {(LEG, LEG)}
        await box.press("9")
        assert len(box.ended) == 1

    play(scene)


def test_a_box_that_does_not_know_how_it_is_hangs_up() -> None:
    async def unknown() -> Facts:
        raise OSError("no such interface")

    async def scene(box: Box) -> None:
        box.guide.facts = unknown
        await box.dial()
        assert len(box.ended) == 1

    play(scene)


def test_more_than_a_few_hear_that_it_is_busy() -> None:
    async def scene(box: Box) -> None:
        for number in range(MOST + 1):
            await box.dial(LegId(f"o{number}"))
        refused = [each for each in box.others if isinstance(each, LegEnded)]
        assert [(each.leg, each.sip_code) for each in refused] == [(f"o{MOST}", 486)]

    play(scene)
