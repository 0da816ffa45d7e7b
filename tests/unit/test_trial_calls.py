"""Test calls: one at a time, with an end in every case, on the simulated media backend."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from firmware.clock import FakeClock
from firmware.model import HangupCause
from firmware.stories import Stories
from firmware.trial_calls import LONGEST_S, Trial, TrialCalls
from firmware.trunks.base import PhoneRoute, Route, TrialRoute
from firmware.trunks.simulated import FarEnd, SimulatedMedia
from firmware.trunks.told import ToldMedia

NUMBER = "+493023125001"


class Scene:
    def __init__(self, far_end: FarEnd) -> None:
        self.clock = FakeClock()
        self.media = SimulatedMedia(self.clock, lambda _route, _count: far_end)
        self.stories = Stories(self.clock)
        self.seen: list[str] = []
        told = ToldMedia(self.media, self.stories)
        self.trials = TrialCalls(self.clock, told, "DE", lambda trial: self.seen.append(trial.state))
        self.told = told

    def begin(self, route: Route | None = None, prompt: Path | None = None) -> Trial:
        wanted = route or TrialRoute(NUMBER, "provider")
        assert isinstance(wanted, PhoneRoute | TrialRoute)
        return self.trials.begin(wanted, "", "Toni", prompt)


def play(scene: Callable[[Scene], Awaitable[None]], far_end: FarEnd) -> Scene:
    made = Scene(far_end)

    async def go() -> None:
        await made.told.start(made.trials.event)
        await scene(made)

    asyncio.run(go())
    return made


def test_nobody_answers() -> None:
    async def scene(box: Scene) -> None:
        trial = box.begin()
        await box.clock.advance(100)
        assert (trial.state, trial.cause, trial.answered_at) == ("ended", "no_answer", None)
        assert not box.trials.busy

    play(scene, FarEnd(rings_after_s=1.0))


def test_a_refusal_is_shown_as_the_wire_told_it() -> None:
    async def scene(box: Scene) -> None:
        trial = box.begin()
        await box.clock.advance(5)
        assert (trial.sip_code, trial.cause, trial.ended_by) == (403, "rejected", "far_end")
        assert box.stories.failures["provider"].code == 403

    play(scene, FarEnd(refuses=(1.0, 403, HangupCause.REJECTED)))


def test_whoever_answers_hears_the_sentence_again_and_again_and_the_call_ends_by_itself() -> None:
    async def scene(box: Scene) -> None:
        trial = box.begin(prompt=Path("/nowhere.wav"))
        await box.clock.advance(4)
        leg = box.media.placed[0].leg
        box.media.far_end_dials(leg, "5")
        await box.clock.advance(LONGEST_S + 5)
        assert (trial.state, trial.keys, trial.ended_by) == ("ended", "5", "box")
        plays = [each for each in box.stories.story(trial.id)[0] if each.what == "play"]
        assert len(plays) > 5

    play(scene, FarEnd(rings_after_s=1.0, answers_after_s=2.0))


def test_the_technician_hangs_up_and_only_what_is_under_way() -> None:
    async def scene(box: Scene) -> None:
        assert not box.trials.hang_up()
        trial = box.begin(PhoneRoute("p5"))
        assert box.trials.owns(box.media.placed[0].leg)
        assert trial.kind == "phone"
        assert box.trials.hang_up()
        await box.clock.advance(5)
        assert trial.state == "ended"
        assert [each.id for each in box.trials.past] == [trial.id]

    play(scene, FarEnd(rings_after_s=1.0))


def test_the_number_is_masked_wherever_it_is_shown() -> None:
    async def scene(box: Scene) -> None:
        assert NUMBER[3:] not in str(box.begin().plain()).replace(" ", "")

    play(scene, FarEnd())
