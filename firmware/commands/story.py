"""``story.of``: one attempt's time line, from what is kept for ever and what is still remembered of the wire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from firmware.commands.context import Context
from firmware.compliance.numbers import mask
from firmware.control import Control
from firmware.journal import mask as mask_text
from firmware.model import AttemptUid
from firmware.store import attempts
from firmware.store.attempts import Attempt
from firmware.stories import Happening
from firmware.typed import Length


class StoryCommands:
    """The command."""

    def __init__(self, context: Context) -> None:
        self._store = context.store
        self._machinery = context.machinery

    def add_to(self, control: Control) -> None:
        """Answer it."""
        control.add("story.of", self.of)

    async def of(self, uid: Annotated[str, Length(26, 26)], numbers: bool = False) -> Mapping[str, Any]:
        """The story of an attempt -> ``uid``, ``number`` (masked unless ``numbers``), ``trunk``, ``kept`` (whether the
        wire is remembered), ``dropped``, ``happenings`` (``at by what figures leg``), ``lines`` of the journal."""
        attempt = await self._store.do(lambda conn: attempts.get(conn, AttemptUid(uid)))
        stories, recent = self._machinery.stories, self._machinery.recent
        heard, dropped = stories.story(uid) if stories is not None else ((), 0)
        told = [*_kept(attempt, {each.what for each in heard}), *heard]
        return {
            "uid": uid,
            "number": attempt.number if numbers else mask(attempt.number),
            "campaign_id": attempt.campaign_id,
            "started_at": attempt.started_at,
            "kept": bool(heard),
            "dropped": dropped,
            "happenings": [_plain(each) for each in sorted(told, key=lambda each: each.at)],
            "lines": [{"at": line.at, "level": line.level, "text": line.text} for line in recent.about(uid)],
        }


def _plain(each: Happening) -> dict[str, Any]:
    """The words of a far end may hold a number."""
    plain = each.plain()
    text = plain["figures"].get("text")
    if text:
        plain["figures"]["text"] = mask_text(str(text))[:200]
    return plain


def _kept(attempt: Attempt, known: set[str]) -> Iterator[Happening]:
    """What the books say and the wire does not, or no longer."""
    yield Happening(attempt.permit.decided_at, "box", "permitted")
    if "called" not in known and attempt.sent:
        yield Happening(attempt.started_at, "box", "called", {"kind": "trunk", "trunk": "", "ring_s": None})
    if attempt.ringing_at is not None and not known & {"ringing", "early_media"}:
        yield Happening(attempt.ringing_at, "far_end", "ringing")
    if attempt.answered_at is not None and "answered" not in known:
        yield Happening(attempt.answered_at, "far_end", "answered")
    if attempt.verdict is not None and "heard" not in known:
        figures = {"label": str(attempt.verdict.label), "confidence": attempt.verdict.confidence}
        yield Happening(attempt.verdict.at, "ears", "heard", {**figures, "cause": attempt.verdict.cause})
    if attempt.talking_at is not None and "connected" not in known:
        yield Happening(attempt.talking_at, "box", "connected")
    if attempt.ended_at is not None and "ended" not in known:
        by = "far_end" if attempt.ended_by == "customer" else "box"
        figures = {
            "cause": str(attempt.hangup_cause),
            "sip_code": attempt.sip_code or 0,
            "q850": 0,
            "text": "",
        }
        yield Happening(attempt.ended_at, by, "ended", figures)
    if attempt.disposed_at is not None:
        yield Happening(attempt.disposed_at, "box", "result", {"disposition": str(attempt.disposition)})
