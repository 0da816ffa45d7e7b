"""Reports by e-mail: ``report.schedule|unschedule|run``, ``mail.state|test``, and the clockwork that sends them.

A report is made in a process of its own, by the pages' own code (``python -m web_ui.report_maker``), so that what is
sent is what the page shows; the file and the messages go into the queue of mail in one transaction with the note how
it went. A box that was off when a report was due sends it once when it is back, not once for every day it missed.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from firmware.clock import Timer
from firmware.commands.context import Context
from firmware.commands.texts import refuse
from firmware.control import Control
from firmware.mail import message, rhythm, words
from firmware.mail.sender import MailSender
from firmware.mail.smtp import Server
from firmware.model import Owned
from firmware.papers.files import KINDS
from firmware.store import departments, mail, views
from firmware.store.mail import File, NewMail
from firmware.store.store import StoreError
from firmware.store.views import NewSchedule, Schedule, View
from firmware.typed import Length, Matches, OneOf

if TYPE_CHECKING:
    import sqlite3

    from firmware.config import Config

_log = logging.getLogger(__name__)

_MAKER = (sys.executable, "-m", "web_ui.report_maker")
_MAKING_S = 300.0
LOOK_S = 20.0
"""How often the clock is looked at."""
MOST_RECIPIENTS = 20


def server_of(config: Config) -> Server | None:
    """The server mail goes out by; None: there is none."""
    given = config.mail
    if not given.host:
        return None
    return Server(
        *(given.host.strip("[]"), given.port, given.security, given.user, given.password),
        *(given.ca_file, given.timeout_s, given.sender.partition("@")[2]),
    )


class MailCommands:
    """What people ask of mail and of reports by mail, and what is done at its time."""

    def __init__(self, context: Context) -> None:
        self._context = context
        config = context.config
        self.sender = MailSender(
            context.clock, context.store, server_of(config), config.mail.sender, config.box.name
        )
        self._timer: Timer | None = None
        self._making: dict[int, asyncio.Task[None]] = {}

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("report.schedule", self.schedule)
        control.add("report.unschedule", self.unschedule)
        control.add("report.run", self.run)
        control.add("mail.state", self.state)
        control.add("mail.test", self.test)

    async def prepare(self) -> None:
        """Begin to send what waits and to look at the clock."""
        await self.sender.start()
        self._look()

    async def stop(self) -> None:
        """Send no more; a report under way is broken off and is due again."""
        if self._timer is not None:
            self._timer.cancel()
        for task in self._making.values():
            task.cancel()
        await asyncio.gather(*self._making.values(), return_exceptions=True)
        await self.sender.stop()

    # -- asked by people -----------------------------------------------------------------------------------------------

    async def schedule(
        self,
        view_id: int,
        rhythm: Annotated[str, OneOf(("daily", "weekly", "monthly"))],
        at: Annotated[str, Matches(r"([01]\d|2[0-3]):[0-5]\d", "a time like 07:00")],
        recipients: Annotated[list[Annotated[str, Length(1, 254)]], Length(1, MOST_RECIPIENTS)],
        format: Annotated[str, OneOf(("pdf", "xlsx"))],  # noqa: A002
        language: Annotated[str, OneOf(("de", "en"))],
        day: int = 0,
        by: Annotated[str, Length(0, 80)] = "",
    ) -> Mapping[str, Any]:
        """Send a saved report at a time -> ``id``."""
        self._must_send()
        for each in recipients:
            _must_be_address(each)
        due = _next(rhythm, day, at, self._zone, self._now)
        new = NewSchedule(view_id, rhythm, day, at, format, recipients, language, by, due)
        return {"id": await self._context.store.do(lambda conn: views.plan(conn, new, self._now))}

    async def unschedule(self, id: int) -> None:  # noqa: A002
        """Send it no more."""
        await self._context.store.do(lambda conn: views.unplan(conn, id))

    async def run(self, id: int) -> None:  # noqa: A002
        """Make it and send it now, whatever the time."""
        self._must_send()
        found = await self._context.store.do(lambda conn: views.schedule(conn, id))
        if not self._begin(found, None):
            raise refuse("id", "schedule_running")

    async def state(self) -> Mapping[str, Any]:
        """Whether there is a server -> ``host, sender, counts, failing``."""
        counts = await self._context.store.do(mail.counts)
        given = self._context.config.mail
        return {"host": given.host, "sender": given.sender, "counts": counts, "failing": self.sender.failing}

    async def test(self, recipient: str, language: Annotated[str, OneOf(("de", "en"))]) -> Mapping[str, Any]:
        """Send a message that says that mail works -> ``id``."""
        self._must_send()
        _must_be_address(recipient)
        box = self._context.config.box.name
        subject, body = words.say("test_subject", language, box=box), words.say("test_body", language)
        new = NewMail("test", recipient, subject, body)
        (made,) = await self._context.store.do(lambda conn: mail.enqueue(conn, [new], self._now))
        self.sender.wake()
        return {"id": made}

    # -- at its time ---------------------------------------------------------------------------------------------------

    async def settled(self) -> None:
        """Return when no report is being made."""
        while self._making:
            await asyncio.gather(*self._making.values(), return_exceptions=True)

    async def look(self) -> None:
        """Begin what is due."""
        now = self._now
        for found in await self._context.store.do(lambda conn: views.due(conn, now)):
            self._begin(found, _next(found.rhythm, found.day, found.at, self._zone, now))

    def _look(self) -> None:
        self._timer = self._context.clock.call_later(LOOK_S, self._look)
        if self.sender.server is not None:
            task = asyncio.get_running_loop().create_task(self.look())
            task.add_done_callback(_told)

    def _begin(self, found: Schedule, next_at: float | None) -> bool:
        if found.id in self._making:
            return False
        task = asyncio.get_running_loop().create_task(self._make(found, next_at))
        self._making[found.id] = task
        task.add_done_callback(lambda done: self._over(found.id, done))
        return True

    def _over(self, number: int, task: asyncio.Task[None]) -> None:
        del self._making[number]
        _told(task)

    async def _make(self, found: Schedule, next_at: float | None) -> None:
        view = await self._context.store.do(lambda conn: views.get(conn, found.view_id))
        target = self._context.config.paths.reports / f"mail-{found.id}.{found.format}"
        try:
            title = await self._made(found, view, target)
            content = await asyncio.to_thread(target.read_bytes)
        except (OSError, ValueError, TimeoutError) as error:
            _log.error("report=%d could not be made: %s", found.id, error)
            why = str(error)
            now = self._now
            await self._context.store.do(lambda conn: views.ran(conn, found.id, now, "failed", why, next_at))
            return
        finally:
            await asyncio.to_thread(target.unlink, missing_ok=True)
        now, mails = self._now, self._mails(found, view, title)
        day = datetime.fromtimestamp(now, self._zone).date().isoformat()
        file = File(f"{_plain(view.name)}-{day}.{found.format}", KINDS[found.format], content)

        def work(conn: sqlite3.Connection) -> None:
            mail.enqueue(conn, mails, now, file)
            views.ran(conn, found.id, now, "queued", title, next_at)

        await self._context.store.do(work)
        self.sender.wake()

    def _mails(self, found: Schedule, view: View, title: str) -> list[NewMail]:
        box, language = self._context.config.box.name, found.language
        subject = words.say("report_subject", language, box=box, name=view.name, title=title)
        often = words.say(found.rhythm, language)
        body = words.say("report_body", language, name=view.name, title=title, rhythm=often)
        return [NewMail("report", each, subject, body, found.id) for each in found.recipients]

    async def _made(self, found: Schedule, view: View, target: Path) -> str:
        """Have the file made; returns its title. :raises ValueError: the maker failed."""
        config = self._context.config
        await self._context.store.do(lambda _: None)  # what happened until now is in the file the maker reads
        order = {
            "database": str(config.paths.database),
            "target": str(target),
            "query": dict(view.query),
            "format": found.format,
            "language": found.language,
            "zone": config.box.zone,
            "box": config.box.name,
            "each_agent": config.web.agent_figures == "each",
            "now": self._now,
            "departments": await self._context.store.do(lambda conn: _departments(conn, view)),
        }
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *_MAKER, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
        )
        try:
            async with asyncio.timeout(_MAKING_S):
                told, said = await process.communicate(json.dumps(order).encode() + b"\n")
        except (TimeoutError, asyncio.CancelledError):
            process.kill()
            await process.wait()
            raise
        if process.returncode or not told:
            last = said.decode("utf-8", "replace").strip().splitlines()[-1:] or ["?"]
            raise ValueError(last[0])
        return str(json.loads(told)["title"])

    # -- small things --------------------------------------------------------------------------------------------------

    @property
    def _now(self) -> float:
        return self._context.clock.utc()

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._context.config.box.zone)

    def _must_send(self) -> None:
        if self.sender.server is None:
            raise refuse("host", "mail_not_set")


def _next(how: str, day: int, at: str, zone: ZoneInfo, now: float) -> float:
    if not rhythm.fits(how, day):
        raise refuse("day", "schedule_day_wrong")
    return rhythm.next_time(how, day, at, zone, now)


def _must_be_address(text: str) -> None:
    if not message.is_address(text):
        raise refuse("recipients", "mail_address_wrong", value=text)


def _departments(conn: sqlite3.Connection, view: View) -> list[int]:
    """Whose a saved report is: its department's, else everything its owner sees."""
    scope = departments.of_thing(conn, Owned.VIEW, view.id) or departments.of_user(conn, view.owner)
    return sorted(scope or ())


def _plain(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name).strip("-")[:40] or "report"


def _told(task: asyncio.Task[None]) -> None:
    if task.cancelled() or task.exception() is None:
        return
    if isinstance(task.exception(), StoreError):
        _log.warning("reports wait: %s", task.exception())
    else:
        _log.error("a report was not sent", exc_info=task.exception())
