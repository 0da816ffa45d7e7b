"""What the service keeps for whoever looks after the box, wired: stories of calls, lines of the journal, test calls,
and what it tells by telephone (``*00``).

``service`` makes one around its media backend and uses ``media`` instead of that from then on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from board.gpio.inputs import Wanted
from firmware.clock import Clock
from firmware.commands.machinery import Looker, Machinery
from firmware.config import Config
from firmware.front import Front
from firmware.guide.guide import Guide
from firmware.guide.script import LANGUAGES
from firmware.model import OperatorError
from firmware.recent import Recent
from firmware.speech import Speech, SpeechError
from firmware.stories import Stories
from firmware.trial_calls import Trial, TrialCalls
from firmware.trunks.base import LegEvent, Media
from firmware.trunks.told import ToldMedia

if TYPE_CHECKING:
    from firmware.trunks.lines import LinesMedia

_log = logging.getLogger(__name__)


class Aftercare:
    """``changed`` is told of every step of a test call; set it before the first one."""

    def __init__(self, clock: Clock, media: Media, config: Config) -> None:
        self.stories, self.recent = Stories(clock), Recent()
        self.media = ToldMedia(media, self.stories)
        self.trials = TrialCalls(clock, self.media, config.box.country, self._changed)
        self.changed: Callable[[Trial], None] = lambda _: None
        self.test_line: Callable[[str], Awaitable[object]] | None = None
        """Begin a line test; set it before the button is to do anything."""
        self._speech = Speech(config.paths.speech, config.box.language)
        self._voices = {each: Speech(config.paths.speech, each) for each in LANGUAGES}
        self.guide = Guide(clock, self.media, config.box.language, self._say)
        self._names = [line.name for line in config.lines]
        self._front = Front(config.board, self._pressed)
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Keep the journal's lines from now on; light the lamps."""
        logging.getLogger().addHandler(self.recent)
        self._front.start()

    def stop(self) -> None:
        """Keep them no more; lamps out."""
        for task in self._tasks:
            task.cancel()
        self._front.stop()
        logging.getLogger().removeHandler(self.recent)

    # -- the front of the box ----------------------------------------------------------------------------------

    def _pressed(self, wanted: Wanted) -> None:
        if wanted is Wanted.FACTORY:
            _log.warning(
                "the button was held for a factory reset: hold it while the box is switched on, or ask on the page"
            )
            return
        task = asyncio.get_running_loop().create_task(self._test_lines(), name="button")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _test_lines(self) -> None:
        """Every line that is free, all at once; the page has the results."""
        test = self.test_line
        if test is None:
            return
        for name in self._names:
            try:
                await test(name)
            except OperatorError as refused:
                _log.warning("line %s is not tested by the button: %s", name, refused)

    def deliver(self, switchboard: Callable[[LegEvent], None]) -> Callable[[LegEvent], None]:
        """Events of test calls and of those who ask how the box is stay here, all others go to the switchboard."""

        def deliver(event: LegEvent) -> None:
            if self.trials.owns(event.leg):
                self.trials.event(event)
            elif self.guide.takes(event):
                self.guide.event(event)
            else:
                switchboard(event)

        return deliver

    def machinery(
        self,
        analog: LinesMedia | None,
        phones: Callable[[], Mapping[str, bool]],
        legs: Callable[[str], int],
        looker: Looker | None,
        provision: Callable[[], None] | None,
    ) -> Machinery:
        """All of it for the commands."""
        return Machinery(
            self.stories,
            self.recent,
            self.trials,
            looker,
            phones,
            analog.status if analog is not None else (lambda: ()),
            legs,
            provision,
            self._speak,
            self._front.show,
        )

    def _changed(self, trial: Trial) -> None:
        self.changed(trial)

    async def _speak(self, sentence: str) -> Path | None:
        try:
            return await self._speech.file(sentence)
        except SpeechError as error:
            _log.warning("a test call says nothing: %s", error)
            return None

    async def _say(self, phrase: str, language: str) -> Path | None:
        try:
            return await self._voices[language].file(phrase)
        except SpeechError as error:
            _log.warning("a phrase is not said: %s", error)
            return None
