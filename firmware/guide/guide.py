"""Answers ``*00``: speaks what ``script`` says, listens for keys, lets people hear themselves, hangs up.

Runs on the event loop, before reception and switchboard: events of its legs are its own. It is no attempt and no
incoming call: nothing of it is written down but a line in the journal. Only telephones get here, whose passwords the
edge has checked. What cannot be spoken is passed over; the keys work all the same.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from firmware.clock import Clock, Timer
from firmware.guide import script
from firmware.guide.script import Facts, Phrase, Step
from firmware.model import LegId
from firmware.trunks.base import (
    LegAnswered,
    LegDigit,
    LegEnded,
    LegEvent,
    LegOffered,
    LegPlayed,
    ListenSettings,
    Media,
)

_log = logging.getLogger(__name__)
MOST = 4
"""Conversations at the same time; more hear that it is busy."""
LONGEST_S = 300.0
PATIENCE_S = 15.0
"""Without a key for this long the menu is said again; after ``ROUNDS`` times it is over."""
ROUNDS = 3
ECHO_S = 30.0
_BUSY = 486
Speak = Callable[[str, str], Coroutine[Any, Any, Path | None]]
"""A phrase in a language, as a file; None where it cannot be spoken."""


@dataclass(slots=True)
class _Call:
    leg: LegId
    phone: str
    language: str
    step: Step = Step.WELCOME
    rounds: int = 0
    echo: bool = False
    over: Timer | None = None
    patience: Timer | None = None
    saying: asyncio.Task[None] | None = None
    played: asyncio.Event = field(default_factory=asyncio.Event)


async def _knows_nothing() -> Facts:
    return Facts("", "")


class Guide:
    """All conversations. ``facts`` is asked for each step; set it before the first one."""

    def __init__(self, clock: Clock, media: Media, language: str, speak: Speak) -> None:
        self._clock, self._media, self._speak = clock, media, speak
        self._language = language if language in script.LANGUAGES else script.LANGUAGES[-1]
        self._calls: dict[LegId, _Call] = {}
        self._speaking: set[asyncio.Task[Path | None]] = set()
        self.facts: Callable[[], Awaitable[Facts]] = _knows_nothing

    @property
    def busy(self) -> bool:
        """Whether anybody is being told."""
        return bool(self._calls)

    def takes(self, event: LegEvent) -> bool:
        """Whether an event is of one of these calls, or begins one."""
        if isinstance(event, LegOffered):
            return bool(event.phone) and script.is_wanted(event.called)
        return event.leg in self._calls

    def event(self, event: LegEvent) -> None:
        """Something happened to one of them."""
        if isinstance(event, LegOffered):
            self._offered(event)
            return
        call = self._calls[event.leg]
        if isinstance(event, LegAnswered):
            self._answered(call)
        elif isinstance(event, LegPlayed):
            call.played.set()
        elif isinstance(event, LegDigit):
            self._key(call, event.digit)
        elif isinstance(event, LegEnded):
            self._ended(call)

    async def stop(self) -> None:
        """The service stops; its legs are ended with all others."""
        for call in list(self._calls.values()):
            self._ended(call)
        for task in self._speaking:
            task.cancel()
        await asyncio.gather(*self._speaking, return_exceptions=True)

    # -- below -------------------------------------------------------------------------------------------------

    def _offered(self, event: LegOffered) -> None:
        if len(self._calls) >= MOST:
            self._media.hang_up(event.leg, _BUSY)
            return
        _log.info("leg=%s %s asks the box how it is", event.leg, event.phone)
        self._calls[event.leg] = _Call(event.leg, event.phone, self._language)
        self._media.answer(event.leg)

    def _answered(self, call: _Call) -> None:
        call.over = self._clock.call_later(LONGEST_S, lambda: self._go(call, Step.END))
        self._media.listen(call.leg, ListenSettings(amd=False, keys=True))
        self._go(call, Step.WELCOME)

    def _key(self, call: _Call, key: str) -> None:
        call.rounds = 0
        if key == script.OTHER_LANGUAGE and call.step is not Step.END:
            call.language = script.other(call.language)
            self._go(call, Step.WELCOME)
        elif (wanted := script.after(call.step, key)) is not None:
            self._go(call, wanted)

    def _go(self, call: _Call, step: Step) -> None:
        """Leave off what is being said and go on with another step."""
        self._fall_silent(call)
        call.step = step
        call.saying = asyncio.get_running_loop().create_task(self._say(call, step), name="guide")
        call.saying.add_done_callback(lambda task: self._said(call, task))

    def _said(self, call: _Call, task: asyncio.Task[None]) -> None:
        """Nobody is left listening to nothing: what fails ends the call."""
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("leg=%s the box cannot say how it is: %s", call.leg, error)
            self._media.hang_up(call.leg)

    def _fall_silent(self, call: _Call) -> None:
        if call.patience is not None:
            call.patience.cancel()
        if call.saying is not None:
            call.saying.cancel()
        self._media.stop_playing(call.leg)
        if call.echo:
            call.echo = False
            self._media.unfeed(call.leg, call.leg)

    async def _say(self, call: _Call, step: Step) -> None:
        await self._play(call, script.phrases(step, await self.facts(), call.language))
        follows = script.following(step)
        if follows is not None:
            call.step = follows
            await self._play(call, script.phrases(follows, await self.facts(), call.language))
        if step is Step.END:
            self._media.hang_up(call.leg)
        elif step is Step.ECHO:
            call.echo = True
            self._media.feed(call.leg, call.leg)
            call.patience = self._clock.call_later(ECHO_S, lambda: self._go(call, Step.MENU))
        else:
            call.patience = self._clock.call_later(PATIENCE_S, lambda: self._nothing_pressed(call))

    def _nothing_pressed(self, call: _Call) -> None:
        call.rounds += 1
        self._go(call, Step.MENU if call.rounds < ROUNDS else Step.END)

    async def _play(self, call: _Call, phrases: Sequence[Phrase]) -> None:
        """One after the other; the next is being spoken while one is heard."""
        coming = self._begin(phrases[0])
        for following in [*phrases[1:], None]:
            file = await asyncio.shield(coming)
            if following is not None:
                coming = self._begin(following)
            if file is not None:
                call.played.clear()
                self._media.play(call.leg, file)
                await call.played.wait()

    def _begin(self, phrase: Phrase) -> asyncio.Task[Path | None]:
        """Have it spoken, to its end even if nobody waits for it any more: the file is kept."""
        task = asyncio.get_running_loop().create_task(self._speak(phrase.text, phrase.language), name="guide")
        self._speaking.add(task)
        task.add_done_callback(self._speaking.discard)
        return task

    def _ended(self, call: _Call) -> None:
        for timer in (call.over, call.patience):
            if timer is not None:
                timer.cancel()
        if call.saying is not None:
            call.saying.cancel()
        self._calls.pop(call.leg, None)
        _log.info("leg=%s %s has heard how the box is", call.leg, call.phone)
