"""Messages: for people who are called without an agent, for machines after their beep; and opt-outs by key.

Implements the switchboard's ``Messenger``. The text is the campaign's with the contact's fields filled in; speaking is
``firmware.speech``'s, which begins while the telephone rings or the greeting lasts. A campaign may have a recording
left on machines instead of a text: a WAV in ``folder``. A message that cannot be played is said to have failed before
the wire hears of it, because a prompt that the wire cannot read ends the leg. An opt-out is durable before the call
ends; if the disk refuses, the call ends all the same and the disposition, which is offered until it is stored, carries
the opt-out.
"""

from __future__ import annotations

import asyncio
import logging
import re
import wave
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any

from firmware.calls import call as table
from firmware.calls.switchboard import LiveCall, Switchboard
from firmware.clock import Clock
from firmware.compliance import announcement
from firmware.model import AttemptUid
from firmware.speech import RATE_HZ, Speech, SpeechError
from firmware.store import dnc
from firmware.store.store import Store, StoreError
from firmware.trunks.base import Media

_log = logging.getLogger(__name__)

RECORDINGS = "recordings"
"""The folder of uploaded recordings, below the one of spoken messages."""
_FIELD = re.compile(r"\{([^{}]*)\}")


class Messages:
    """The messages of the calls under way."""

    def __init__(
        self, clock: Clock, store: Store, switchboard: Switchboard, media: Media, speech: Speech
    ) -> None:
        self.folder = speech.folder / RECORDINGS
        self._drops: dict[AttemptUid, asyncio.Task[Path | None]] = {}
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
        text = filled(live.settings.message_text, {**announcement.values_of(live.settings), **_contact(live)})
        self._spoken[live.uid] = self._begin(self._say(live, text))

    def play(self, live: LiveCall) -> None:
        """Play it, as soon as it is there."""
        if live.uid not in self._spoken:
            self.prepare(live)
        self._begin(self._play(live))

    def announce(self, live: LiveCall, otherwise: Path | None) -> None:
        """Say that no agent is free, in the campaign's words; spoken before, it is a file already."""
        self._begin(self._announce(live, otherwise))

    def prepare_drop(self, live: LiveCall) -> None:
        """Speak what is to be left on a machine, while its greeting lasts."""
        if live.uid not in self._drops:
            self._drops[live.uid] = self._begin(self._drop(live))

    def leave(self, live: LiveCall) -> None:
        """Leave it, as soon as it is there."""
        self.prepare_drop(live)
        self._begin(self._leave(live))

    def opt_out(self, live: LiveCall) -> None:
        """Put the number on the list of opt-outs."""
        self._begin(self._opt_out(live))

    async def _announce(self, live: LiveCall, otherwise: Path | None) -> None:
        settings = live.settings
        known = {**_contact(live), **announcement.values_of(settings)}
        own = announcement.complete(settings)
        spoken = await self._say(live, filled(settings.abandon_text, known)) if own else None
        path = spoken or otherwise
        if live.call.state is not table.CallState.ANNOUNCING:
            return
        if path is None:
            self._switchboard.happened(live, table.Announced())
        else:
            self._media.play(live.leg, path)

    async def _drop(self, live: LiveCall) -> Path | None:
        settings = live.settings
        if not settings.drop_file:
            return await self._say(live, filled(settings.drop_text, _contact(live)))
        path = self.folder / f"{settings.drop_file}.wav"
        if fault := await asyncio.to_thread(fault_of, path):
            _log.error("attempt=%s the message to leave cannot be played: %s", live.uid, fault)
            return None
        return path

    async def _leave(self, live: LiveCall) -> None:
        path = await self._drops[live.uid]
        if live.call.state is not table.CallState.LEAVING_MESSAGE:
            return
        if path is None:
            self._switchboard.happened(live, table.MessageFailed())
        else:
            self._media.play(live.leg, path)
            self._switchboard.message_began(live)

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
        for kept in (self._spoken, self._drops):
            for uid in [uid for uid in kept if self._switchboard.find(uid) is None]:
                del kept[uid]


def _contact(live: LiveCall) -> Mapping[str, str]:
    return {**live.claim.fields, "name": live.claim.name, "Name": live.claim.name}


def fault_of(path: Path) -> str | None:
    """What is wrong with a recording; None: it is mono, 16 bits, 8 kHz, and not empty."""
    try:
        with wave.open(str(path), "rb") as file:
            shape = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            if shape != (1, 2, RATE_HZ):
                return f"{path.name}: channels, bytes, rate are {shape}, not (1, 2, {RATE_HZ})"
            return None if file.getnframes() else f"{path.name}: is empty"
    except (OSError, wave.Error, EOFError) as error:
        return f"{path.name}: {error}"


def filled(text: str, contact: Mapping[str, str]) -> str:
    """Return ``text`` with every ``{Column}`` filled in; a column the contact does not have is left out."""
    return " ".join(_FIELD.sub(lambda found: contact.get(found[1].strip(), ""), text).split())
