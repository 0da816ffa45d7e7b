"""What the office's commands need of the service, given to them once; they know nothing else of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from firmware.clock import Clock
from firmware.commands.machinery import Machinery
from firmware.config import Config
from firmware.hub import Hub
from firmware.model import AgentState, CampaignId, UserId
from firmware.store.store import Store


def _nobody_wakes() -> None:
    """Without a dialler nobody sleeps."""


def _all_well() -> list[Mapping[str, Any]]:
    """Without a look at the box nothing is known against dialling."""
    return []


def _nobody_calls() -> int:
    """Without telephony nobody is on the telephone."""
    return 0


async def _nobody_counts(_: CampaignId) -> None:
    """Without a dialler there is no budget to count anew."""


@dataclass(frozen=True, slots=True)
class Context:
    """The parts of the service that commands use, and whom they tell about changes."""

    config: Config
    clock: Clock
    store: Store
    hub: Hub
    people_changed: Callable[[], Awaitable[None]]
    """Users or phone secrets changed in the store."""
    campaigns_changed: Callable[[], Awaitable[None]]
    """Campaigns changed in the store."""
    campaign_gone: Callable[[CampaignId], None]
    """A draft was deleted."""
    trunk_up: Callable[[str], bool]
    """Whether a trunk can be reached now."""
    agent_state: Callable[[UserId], AgentState]
    """Where an agent stands; ``LOGGED_OUT`` for somebody without a desk."""
    room: Callable[[], bool]
    """Whether the disk has room for more than the calls need."""
    confirm_clock: Callable[[], float]
    """A person vouches for the clock; the time now accepted (UTC)."""
    settings_file: Path | None = None
    """Where the settings were read from; None: there is no file."""
    recount: Callable[[CampaignId], Awaitable[None]] = _nobody_counts
    """What counts against a campaign's abandon target changed in the records."""
    wake: Callable[[], None] = _nobody_wakes
    """Contacts came or changed that may be called at once."""
    calls: Callable[[], int] = _nobody_calls
    """How many calls are under way."""
    dialling_allowed: Callable[[], Sequence[Mapping[str, Any]]] = _all_well
    """Why the box places no calls now; empty when it does."""
    machinery: Machinery = field(default_factory=Machinery)
    """The telephony, for whoever looks after the box."""
