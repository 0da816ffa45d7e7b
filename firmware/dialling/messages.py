"""Messages for people who are called without an agent: spoken while their telephone rings, and opt-outs by key.

Implements the switchboard's ``Messenger``. The text is the campaign's with the contact's fields filled in; speaking is
``firmware.speech``'s. An opt-out is durable before the call ends; if the disk refuses, the call ends all the same and
the disposition, which is offered until it is stored, carries the opt-out.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any

from firmware.calls import call as table
from firmware.calls.switchboard import LiveCall, Switchboard
from firmware.clock import Clock
from firmware.model import AttemptUid
from firmware.speech import Speech, SpeechError
from firmware.store import dnc
from firmware.store.store import Store, StoreError
from firmware.trunks.base import Media

_log = logging.getLogger(__name__)

_FIELD = re.compile(r"\{([^{}]*)\}")


class Messages:
    """The messages of the calls under way."""

    def __init__(
        self, clock: Clock, store: Store, switchboard: Switchboard, media: Media, speech: Speech
    ) -> None:
        self._clock = clock
        self._store = store
        self._switchboard = switchboard
        self._media = media
        self._speech = speech
        self._spoken: dict[AttemptUid, asyncio.Task[Path | None]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        switchboard.messenger = self

    @property
    def busy(self) -> bool:
        """Whether something is being spoken or written."""
        return bool(self._tasks)

    def prepare(self, live: LiveCall) -> None:
        """Speak the message while the telephone rings."""
        contact = {**live.claim.fields, "name": live.claim.name, "Name": live.claim.name}
        self._spoken[live.uid] = self._begin(self._say(live, filled(live.settings.message_text, contact)))

    def play(self, live: LiveCall) -> None:
        """Play it, as soon as it is there."""
        self._begin(self._play(live))

    def opt_out(self, live: LiveCall) -> None:
        """Put the number on the list of opt-outs."""
        self._begin(self._opt_out(live))

    async def _say(self, live: LiveCall, text: str) -> Path | None:
        try:
            return await self._speech.file(text)
        except SpeechError as error:
            _log.error("attempt=%s the message could not be spoken: %s", live.uid, error)
            return None

    async def _play(self, live: LiveCall) -> None:
        spoken = self._spoken.get(live.uid)
        path = None if spoken is None else await spoken
        if live.call.state is not table.CallState.MESSAGE or live.call.outcome is not None:
            return
        if path is None:
            self._switchboard.happened(live, table.MessageFailed())
        else:
            self._media.play(live.leg, path)

    async def _opt_out(self, live: LiveCall) -> None:
        number, source, now = live.claim.number, f"attempt {live.uid}", self._clock.utc()
        try:
            await self._store.do(lambda conn: dnc.add(conn, dnc.OPT_OUTS, [number], source, now))
        except StoreError as error:
            _log.error("attempt=%s opt-out by key not stored yet: %s", live.uid, error)
        self._switchboard.happened(live, table.OptedOut())

    def _begin(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._forget()
        return task

    def _forget(self) -> None:
        """Let go of what calls that are over would have heard."""
        for uid in [uid for uid in self._spoken if self._switchboard.find(uid) is None]:
            del self._spoken[uid]


def filled(text: str, contact: Mapping[str, str]) -> str:
    """Return ``text`` with every ``{Column}`` filled in; a column the contact does not have is left out."""
    return " ".join(_FIELD.sub(lambda found: contact.get(found[1].strip(), ""), text).split())
