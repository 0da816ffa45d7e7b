"""How a stored attempt looks to the rest of the service; ``attempts`` writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from firmware.model import (
    AmdLabel,
    AnswerConfidence,
    AnswerMethod,
    AttemptState,
    AttemptUid,
    CampaignId,
    ContactId,
    Disposition,
    HangupCause,
    MessageResult,
    Permit,
    Side,
    UserId,
)
from firmware.scripts.answers import Kept
from firmware.store import form_answers
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
class LeftMessage:
    """A message for a machine. ``after``: what was waited for (``beep``, ``greeting_over``, empty: the agent's word);
    ``ready_at`` when that came, ``began_at`` when the message did; ``result`` None: it is being left."""

    result: MessageResult | None
    after: str
    ready_at: float | None
    began_at: float | None
    ended_at: float | None

    @property
    def wait_s(self) -> float | None:
        """From the beep, or the end of the greeting, to the message."""
        return None if self.ready_at is None or self.began_at is None else self.began_at - self.ready_at


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
    answer_method: AnswerMethod | None
    """How the answer was noticed; ``None`` for attempts of before this was asked."""
    answer_confidence: AnswerConfidence | None
    reserved_at: float | None
    talking_at: float | None
    ended_at: float | None
    disposed_at: float | None
    verdict: Verdict | None
    """The first one, which decided what was done."""
    correction: Verdict | None
    """What the ears knew better later."""
    early_cause: str
    """What was heard before the answer, as the key of a cause; empty: nothing that is told apart."""
    audited: bool
    """Judged a machine, and heard by an agent all the same."""
    message: LeftMessage | None
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
    answers: tuple[Kept, ...] = ()
    """What the agent wrote into the fields of the script."""

    @property
    def last_at(self) -> float:
        """The latest moment known of this attempt."""
        times = (self.ringing_at, self.answered_at, self.reserved_at, self.talking_at, self.ended_at)
        return max(self.started_at, *(t for t in times if t is not None), self.disposed_at or 0.0)


_AS_STORED = (
    *("started_at", "ringing_at", "answered_at", "reserved_at", "talking_at", "ended_at", "disposed_at"),
    *("sip_code", "wrap_up_code", "note", "key", "recording", "early_cause"),
)
_NAMES = (
    *("uid", "campaign_id", "contact_id", "number", "state", "permit", "sent", "live", "user_id"),
    *("verdict", "verdict_confidence", "verdict_cause", "verdict_figures", "verdict_at"),
    *("corrected", "corrected_confidence", "corrected_cause", "corrected_figures", "corrected_at"),
    *("message_result", "message_after", "message_ready_at", "message_at", "message_ended_at"),
    *("audited", "hangup_cause", "ended_by", "disposition", "answer_method", "answer_confidence"),
    *_AS_STORED,
)
_CONTACT_NAME = "coalesce((SELECT name FROM contact WHERE contact.id = contact_id), '')"
_ANSWERS = "(SELECT answers FROM form_answer WHERE attempt_uid = uid)"
COLUMNS = ", ".join((*_NAMES, _CONTACT_NAME, _ANSWERS))


def read(row: tuple[Any, ...]) -> Attempt:
    """Turn a row of ``COLUMNS`` into an attempt."""
    cell = dict(zip((*_NAMES, "name", "answers"), row, strict=True))
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
        correction=_verdict(cell, "corrected"),
        audited=bool(cell["audited"]),
        message=_message(cell),
        live=bool(cell["live"]),
        user_id=_maybe(UserId, cell["user_id"]),
        answer_method=_maybe(AnswerMethod, cell["answer_method"] or None),
        answer_confidence=_maybe(AnswerConfidence, cell["answer_confidence"] or None),
        hangup_cause=_maybe(HangupCause, cell["hangup_cause"]),
        ended_by=_maybe(Side, cell["ended_by"]),
        disposition=_maybe(Disposition, cell["disposition"]),
        answers=form_answers.read(cell["answers"]),
        **{name: cell[name] for name in _AS_STORED},
    )


def permit_of(stored: str) -> Permit:
    """Read a stored permit, of this version or an earlier one."""
    value = mapping(stored)
    return Permit(**{**value, "history": tuple(value.get("history", ()))})


def _verdict(cell: dict[str, Any], column: str = "verdict") -> Verdict | None:
    if cell[column] is None:
        return None
    return Verdict(
        AmdLabel(cell[column]),
        cell[f"{column}_confidence"],
        cell[f"{column}_cause"],
        mapping(cell[f"{column}_figures"]),
        cell[f"{column}_at"],
    )


def _message(cell: dict[str, Any]) -> LeftMessage | None:
    if cell["message_result"] is None and cell["message_at"] is None:
        return None
    return LeftMessage(
        _maybe(MessageResult, cell["message_result"]),
        cell["message_after"],
        cell["message_ready_at"],
        cell["message_at"],
        cell["message_ended_at"],
    )


def _maybe(kind: Callable[[Any], T], value: Any) -> T | None:
    return None if value is None else kind(value)
