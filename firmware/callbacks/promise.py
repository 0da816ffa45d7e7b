"""A promise to call somebody again, as a value; what it can become, and the office's rules for all of them.

Pure. Storing promises is ``firmware.store.callbacks``', what follows from them ``rules``'.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from firmware.model import AttemptUid, CampaignId, ContactId, UserId


class PromiseKind(StrEnum):
    """Who is to call: the agent who promised, or anybody of the team."""

    PERSONAL = "personal"
    TEAM = "team"


class PromiseState(StrEnum):
    """Where a promise stands. One that is late is still open: it is called all the same, and then missed."""

    OPEN = "open"
    KEPT = "kept"
    MISSED = "missed"
    WITHDRAWN = "withdrawn"
    PASSED_ON = "passed_on"
    """It ended for its owner; another one with the same root goes on."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise. Times are UTC seconds."""

    id: int
    root: int
    """The first of those it was passed on from; its own id where it is the first."""
    contact_id: ContactId
    campaign_id: CampaignId
    attempt_uid: AttemptUid
    """The call it was made in."""
    kind: PromiseKind
    owner: UserId | None
    """Whose it is, if personal."""
    promised_at: float
    """What the person was told, or what it was moved to since."""
    lawful_at: float
    """The same, or later where the rules do not allow a call then: from here on it counts as late."""
    law: str
    """The rule that moved it, empty where none did."""
    due_at: float
    """When it is dialled next."""
    zone: str
    """The contact's time zone (IANA)."""
    note: str
    made_at: float
    made_by: UserId | None
    tries: int
    first_try_at: float | None
    state: PromiseState
    closed_at: float | None
    version: int
    """Counts its changes: whoever changes it says which one he has seen."""


@dataclass(frozen=True, slots=True)
class CallbackRules:
    """How the office keeps its promises. Seconds."""

    grace_s: float = 900.0
    """Called no later than this after the promised time, it is kept; later it is missed."""
    away_after_s: float = 300.0
    """A pause longer than this counts as being away."""
    team_after_s: float = 600.0
    """A personal promise whose owner is away this long after it was due goes to the team."""
    busy_after_s: float = 1800.0
    """The same where the owner is there, but has not come to it."""
    tries: int = 3
    """Calls made at a promise that reach nobody before the campaign's own rules go on."""
    again_s: float = 900.0
    """Between two of those calls."""
