"""Commands about forgetting: ``privacy.state|keep|clear|export|erase``, the night behind them, and who is on the list
of those who were erased when a backup was put back."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from firmware.commands.context import Context
from firmware.commands.texts import problem, refuse
from firmware.compliance.numbers import normalise
from firmware.control import Control
from firmware.model import OperatorError, Problem
from firmware.papers import pdf
from firmware.retention import erased, person, pseudonym
from firmware.retention.keeper import RetentionKeeper, remove_recordings
from firmware.store import erasure, retention
from firmware.store.retention import CLASSES
from firmware.typed import Length, OneOf

if TYPE_CHECKING:
    import sqlite3

_log = logging.getLogger(__name__)


class PrivacyCommands:
    """How long things are kept, and what is known of a person."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.keeper = RetentionKeeper(context.config, context.clock, context.store)
        self._key = b""

    def add_to(self, control: Control) -> None:
        """Answer these commands."""
        control.add("privacy.state", self.state)
        control.add("privacy.keep", self.keep)
        control.add("privacy.clear", self.clear)
        control.add("privacy.export", self.export)
        control.add("privacy.erase", self.erase)

    async def prepare(self) -> None:
        """Erase again whom a backup brought back, then wait for the night."""
        state = self._context.config.paths.state
        self._key = await asyncio.to_thread(pseudonym.key_in, state / erased.KEY_FILE)
        await self._erase_again()
        await self.keeper.start()

    async def stop(self) -> None:
        """Wait no more."""
        await self.keeper.stop()

    async def state(self) -> Mapping[str, Any]:
        """Every class with its days and what goes tonight -> ``classes, next_at, running, runs, erased``."""
        days = await self._context.store.do(retention.days)
        due = await self.keeper.over(days)
        runs = await self._context.store.do(retention.runs)
        accounts = await self._context.store.do(erasure.accounts)
        return {
            "classes": [
                {**asdict(each), "kept": days[key], "due": due[key]} for key, each in CLASSES.items()
            ],
            "next_at": self.keeper.next_at(),
            "running": self.keeper.running,
            "runs": [asdict(run) for run in runs],
            "erased": [
                {"at": at, "by": by, "why": why, "account": dict(account)}
                for at, by, why, account in accounts
            ],
        }

    async def keep(self, days: dict[str, int]) -> None:
        """Keep classes for so many days; all of them or none are changed."""
        wrong = [
            problem(key, "retention_days_wrong", name=key, least=known.least, most=known.most)
            for key, count in days.items()
            if (known := CLASSES.get(key)) is not None and not known.least <= count <= known.most
        ]
        unknown = [key for key in days if key not in CLASSES]
        if unknown:
            wrong.append(problem(unknown[0], "retention_days_wrong", name=unknown[0], least=0, most=0))
        if wrong:
            raise OperatorError(*wrong)
        await self._context.store.do(lambda conn: retention.set_days(conn, days))

    async def clear(self) -> None:
        """Do tonight's work now; ``privacy.state`` tells when it is done."""
        if self.keeper.begin() is None:
            raise refuse("days", "retention_runs")

    async def export(
        self, number: str, language: Annotated[str, OneOf(("de", "en"))] = "de"
    ) -> Mapping[str, Any]:
        """Everything stored about a number -> ``number, kinds`` (how much of what), ``json``, ``pdf`` (base64)."""
        stored = self._number(number)
        digits = int(stored[1:])
        own = pseudonym.of(self._key, digits)
        found = await self._context.store.do(lambda conn: erasure.everything(conn, digits, own))
        now, office = self._context.clock.utc(), self._context.config.box.name
        made = person.sheet(stored, found, office, now, language)
        content = await asyncio.to_thread(pdf.render, made, datetime.fromtimestamp(now, UTC))
        return {
            "number": stored,
            "kinds": {kind: len(rows) for kind, rows in found.items()},
            "json": base64.b64encode(person.as_json(stored, found, now).encode()).decode(),
            "pdf": base64.b64encode(content).decode(),
        }

    async def erase(
        self,
        number: str,
        by: Annotated[str, Length(1, 80)],
        why: Annotated[str, Length(0, 200)] = "",
        block: bool = True,
    ) -> Mapping[str, Any]:
        """Forget a number -> ``account``: how much of what went, and what was kept (keys with ``kept_``)."""
        digits = int(self._number(number)[1:])
        account, files = await self._erase(digits, by, why, block)
        folder = self._context.config.paths.recordings
        await asyncio.to_thread(remove_recordings, folder, files)
        return {"account": account}

    async def _erase(self, digits: int, by: str, why: str, block: bool) -> tuple[dict[str, int], list[str]]:
        own, now = pseudonym.of(self._key, digits), self._context.clock.utc()

        def work(conn: sqlite3.Connection) -> tuple[dict[str, int], list[str]]:
            return erasure.erase(conn, digits, own, by, why, block, now)

        done = await self._context.store.do(work)
        list_file = self._context.config.paths.state / erased.FILE
        await asyncio.to_thread(erased.append, list_file, {own: now})
        return done

    async def _erase_again(self) -> None:
        """Whoever is on the list beside the database and in the clear in it was brought back by a backup."""
        file = self._context.config.paths.state / erased.FILE
        listed = await asyncio.to_thread(erased.read, file)
        known = await self._context.store.do(erasure.pseudonyms)
        if missing := {each: at for each, at in known.items() if each not in listed}:
            await asyncio.to_thread(erased.append, file, missing)
        forgotten = {each for each, at in listed.items() if known.get(each, 0.0) < at - 1.0}
        if not forgotten:
            return
        numbers = await self._context.store.do(erasure.numbers)
        found = await asyncio.to_thread(
            lambda: [
                n for n in numbers if not pseudonym.is_one(n) and pseudonym.of(self._key, n) in forgotten
            ]
        )
        for digits in found:
            try:
                _, files = await self._erase(digits, "restore", "erased before the backup was put back", True)
            except OperatorError as refused:
                _log.error("a person who was erased is back and could not be erased again: %s", refused)
                continue
            await asyncio.to_thread(remove_recordings, self._context.config.paths.recordings, files)
        if found:
            _log.warning("%d numbers were erased again after a backup was put back", len(found))

    def _number(self, text: str) -> str:
        number = normalise(text, self._context.config.box.country)
        if isinstance(number, Problem):
            raise OperatorError(number)
        return number
