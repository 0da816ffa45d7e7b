"""How a stored attempt looks to the rest of the service; ``attempts`` writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from firmware.model import (
    AmdLabel,
    AttemptState,
    AttemptUid,
    CampaignId,
    ContactId,
    Disposition,
    HangupCause,
    Permit,
    Side,
    UserId,
)
from firmware.store.words import e164, mapping

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the ears said: ``confidence`` 0..1, ``cause`` the deciding feature, ``at`` UTC seconds."""

    label: AmdLabel
    confidence: float
    cause: str
    figures: Mapping[str, float]
    at: float


@dataclass(frozen=True, slots=True)
class Attempt:
    """One stored attempt. Times are UTC seconds, None for what has not happened."""

    uid: AttemptUid
    campaign_id: CampaignId
    contact_id: ContactId
    number: str
    name: str
    """The contact's, empty once its list is deleted."""
    state: AttemptState
    permit: Permit
    sent: bool
    """False: taken back, its INVITE never left."""
    started_at: float
    """When its intent became durable, just before the INVITE left."""
    ringing_at: float | None
    answered_at: float | None
    reserved_at: float | None
    talking_at: float | None
    ended_at: float | None
    disposed_at: float | None
    verdict: Verdict | None
    live: bool
    """A person answered."""
    user_id: UserId | None
    hangup_cause: HangupCause | None
    ended_by: Side | None
    sip_code: int | None
    disposition: Disposition | None
    wrap_up_code: str | None
    note: str
    key: str
    """The idempotency key its disposition came with."""
    recording: str | None

    @property
    def last_at(self) -> float:
        """The latest moment known of this attempt."""
        times = (self.ringing_at, self.answered_at, self.reserved_at, self.talking_at, self.ended_at)
        return max(self.started_at, *(t for t in times if t is not None), self.disposed_at or 0.0)


_AS_STORED = (
    *("started_at", "ringing_at", "answered_at", "reserved_at", "talking_at", "ended_at", "disposed_at"),
    *("sip_code", "wrap_up_code", "note", "key", "recording"),
)
_NAMES = (
    *("uid", "campaign_id", "contact_id", "number", "state", "permit", "sent", "live", "user_id"),
    *("verdict", "verdict_confidence", "verdict_cause", "verdict_figures", "verdict_at"),
    *("hangup_cause", "ended_by", "disposition"),
    *_AS_STORED,
)
_CONTACT_NAME = "coalesce((SELECT name FROM contact WHERE contact.id = contact_id), '')"
_CONTACT_NAME = "coalesce((SELECT name FROM contact WHERE contact.id = contact_id), '')"
COLUMNS = ", ".join((*_NAMES, _CONTACT_NAME))


def read(row: tuple[Any, ...]) -> Attempt:
    """Turn a row of ``COLUMNS`` into an attempt."""
    cell = dict(zip((*_NAMES, "name"), row, strict=True))
    return Attempt(
        uid=AttemptUid(cell["uid"]),
        campaign_id=CampaignId(cell["campaign_id"]),
        contact_id=ContactId(cell["contact_id"]),
        number=e164(cell["number"]),
        name=cell["name"],
        state=AttemptState(cell["state"]),
        permit=permit_of(cell["permit"]),
        sent=bool(cell["sent"]),
        verdict=_verdict(cell),
        live=bool(cell["live"]),
        user_id=_maybe(UserId, cell["user_id"]),
        hangup_cause=_maybe(HangupCause, cell["hangup_cause"]),
        ended_by=_maybe(Side, cell["ended_by"]),
        disposition=_maybe(Disposition, cell["disposition"]),
        **{name: cell[name] for name in _AS_STORED},
    )


def permit_of(stored: str) -> Permit:
    """Read a stored permit, of this version or an earlier one."""
    value = mapping(stored)
    return Permit(**{**value, "history": tuple(value.get("history", ()))})


def _verdict(cell: dict[str, Any]) -> Verdict | None:
    if cell["verdict"] is None:
        return None
    return Verdict(
        AmdLabel(cell["verdict"]),
        cell["verdict_confidence"],
        cell["verdict_cause"],
        mapping(cell["verdict_figures"]),
        cell["verdict_at"],
    )


def _maybe(kind: Callable[[Any], T], value: Any) -> T | None:
    return None if value is None else kind(value)
