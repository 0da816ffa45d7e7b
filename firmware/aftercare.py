"""What the service keeps for whoever looks after the box, wired: stories of calls, lines of the journal, test calls.

``service`` makes one around its media backend and uses ``media`` instead of that from then on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from firmware.clock import Clock
from firmware.commands.machinery import Looker, Machinery
from firmware.config import Config
from firmware.recent import Recent
from firmware.speech import Speech, SpeechError
from firmware.stories import Stories
from firmware.trial_calls import Trial, TrialCalls
from firmware.trunks.base import LegEvent, Media
from firmware.trunks.lines import LinesMedia
from firmware.trunks.told import ToldMedia

_log = logging.getLogger(__name__)


class Aftercare:
    """``changed`` is told of every step of a test call; set it before the first one."""

    def __init__(self, clock: Clock, media: Media, config: Config) -> None:
        self.stories, self.recent = Stories(clock), Recent()
        self.media = ToldMedia(media, self.stories)
        self.trials = TrialCalls(clock, self.media, config.box.country, self._changed)
        self.changed: Callable[[Trial], None] = lambda _: None
        self._speech = Speech(config.paths.speech, config.box.language)

    def start(self) -> None:
        """Keep the journal's lines from now on."""
        logging.getLogger().addHandler(self.recent)

    def stop(self) -> None:
        """Keep them no more."""
        logging.getLogger().removeHandler(self.recent)

    def deliver(self, switchboard: Callable[[LegEvent], None]) -> Callable[[LegEvent], None]:
        """Events of a test call stay here, all others go to the switchboard."""

        def deliver(event: LegEvent) -> None:
            if self.trials.owns(event.leg):
                self.trials.event(event)
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
        )

    def _changed(self, trial: Trial) -> None:
        self.changed(trial)

    async def _speak(self, sentence: str) -> Path | None:
        try:
            return await self._speech.file(sentence)
        except SpeechError as error:
            _log.warning("a test call says nothing: %s", error)
            return None
