"""The story of a call as the whole service keeps it, and a technician's test call beside a running campaign."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from firmware.client import Client
from firmware.model import OperatorError
from firmware.trunks.base import TrialRoute
from firmware.trunks.simulated import FarEnd
from tests.scenario.box import HUMAN, Box, number, running

REFUSES = FarEnd(rings_after_s=1.0)
ASKED = "+493023125777"


async def ask(box: Box, do: str, **args: Any) -> Any:
    async with Client(box.config.paths.control_socket) as client:
        return await client.ask(do, **args)


async def test_who_sent_what_when_and_with_whom_it_was_connected(tmp_path: Path) -> None:
    box = Box(tmp_path, lambda _route, _count: HUMAN)
    async with running(box):
        (agent,) = await box.hire("anna")
        await box.run_campaign(await box.import_list([number(1)]), [agent])
        await box.ready(agent)
        await box.advance_working(60)
        (attempt,) = await box.attempts()
        story = await ask(box, "story.of", uid=attempt.uid)
        told = [each["what"] for each in story["happenings"]]
        order = [
            "permitted",
            "called",
            "ringing",
            "answered",
            "listen",
            "heard",
            "connected",
            "ended",
            "result",
        ]
        assert [each for each in told if each in order] == order
        assert story["kept"]
        assert attempt.number not in str(story)
        assert attempt.number in str(await ask(box, "story.of", uid=attempt.uid, numbers=True))
        times = [each["at"] for each in story["happenings"]]
        assert times == sorted(times)
    again = Box(tmp_path, lambda _route, _count: HUMAN)
    async with running(again):
        old = await ask(again, "story.of", uid=attempt.uid)
        assert not old["kept"]
        kept = [each["what"] for each in old["happenings"]]
        assert kept == ["permitted", "called", "ringing", "answered", "heard", "connected", "ended", "result"]


async def test_a_test_call_is_no_attempt_and_disturbs_no_call(tmp_path: Path) -> None:
    box = Box(tmp_path, lambda route, _count: REFUSES if isinstance(route, TrialRoute) else HUMAN)
    async with running(box):
        (agent,) = await box.hire("anna")
        await box.run_campaign(await box.import_list([number(1)]), [agent])
        await box.ready(agent)
        await box.clock.advance(8)
        for emergency in ("112", "110", "+49112"):
            with pytest.raises(OperatorError):
                await ask(box, "technician.call", to=emergency, trunk="provider", by="Toni")
        await ask(box, "technician.call", to=ASKED, trunk="provider", by="Toni")
        await box.advance_working(90)
        assert [placed.route.address for placed in box.media.placed].count(ASKED) == 1
        assert [attempt.number for attempt in await box.attempts()] == [number(1)]
        state = await ask(box, "technician.state")
        assert [trial["cause"] for trial in state["trials"]] == ["no_answer"]
        assert box.service.media.health().legs == 1  # the agent's open phone
