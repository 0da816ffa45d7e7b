"""The telephony behind the office, for whoever looks after the box; a box without some of it does without that part."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from firmware.edge.closer import PhoneSeen, TrunkSeen
from firmware.recent import Recent
from firmware.stories import Stories
from firmware.trial_calls import TrialCalls

if TYPE_CHECKING:
    from firmware.trunks.modem import LineStatus


class Looker(Protocol):
    """Who takes a closer look at the edge: ``edge.closer.Closer``."""

    @property
    def phones(self) -> Mapping[str, PhoneSeen]:
        """Registered phones."""

    @property
    def trunks(self) -> Mapping[str, TrunkSeen]:
        """Trunks of the settings."""


def _no_phones() -> Mapping[str, bool]:
    return {}


def _no_lines() -> Sequence[LineStatus]:
    return ()


def _no_legs(_: str) -> int:
    return 0


async def _silence(_: str) -> Path | None:
    return None


def _no_lamps(_: Mapping[str, Any]) -> None:
    """A box without lamps."""


@dataclass(frozen=True, slots=True)
class Machinery:
    """What the technician's commands use."""

    stories: Stories | None = None
    recent: Recent = field(default_factory=Recent)
    trials: TrialCalls | None = None
    looker: Looker | None = None
    phones: Callable[[], Mapping[str, bool]] = _no_phones
    """Phones that may register -> whether they are."""
    lines: Callable[[], Sequence[LineStatus]] = _no_lines
    legs: Callable[[str], int] = _no_legs
    """Calls up on a trunk."""
    provision: Callable[[], None] | None = None
    """Push phones and trunks into the edge once more."""
    speak: Callable[[str], Awaitable[Path | None]] = _silence
    """A sentence as a WAV; None where nothing can speak."""
    front: Callable[[Mapping[str, Any]], None] = _no_lamps
    """Show the hub's snapshot on the lamps."""
