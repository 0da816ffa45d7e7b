"""Commands about an agent's own telephone: ``phone.browser|leave_browser|state|check|end_check``.

A page that wants to be the telephone gets credentials for this session of the service; the page asks again when they
are refused. The sound check works for every telephone, on the desk or in a browser.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from firmware.browser_phones import BrowserPhones
from firmware.calls.desks import Desks
from firmware.control import Control
from firmware.model import OperatorError, Problem, UserId


class PhoneCommands:
    """Credentials for pages, and the sound check."""

    def __init__(self, desks: Desks, pages: BrowserPhones) -> None:
        self._desks = desks
        self._pages = pages

    def add_to(self, control: Control) -> None:
        """Make the commands known."""
        for name in ("browser", "leave_browser", "state", "check", "end_check"):
            control.add(f"phone.{name}", getattr(self, name))

    async def browser(self, user_id: UserId) -> Mapping[str, Any]:
        """Make the asking page this agent's phone -> ``phone, secret, domain``; an older page's secret is void."""
        credentials = await self._pages.issue(self._desks.user(user_id).phone_user)
        if credentials is None:
            text = "The telephone exchange of the box does not answer."
            raise OperatorError(Problem("phone", "edge_away", text))
        return asdict(credentials)

    async def leave_browser(self, user_id: UserId) -> Mapping[str, Any]:
        """The page is no telephone any more; calls go to the desk phone."""
        self._pages.withdraw(self._desks.user(user_id).phone_user)
        return await self.state(user_id)

    async def state(self, user_id: UserId) -> Mapping[str, Any]:
        """``in_browser``: a page is registered; ``taken``: a page has a secret; ``wanted``: a sound check is on."""
        phone = self._desks.user(user_id).phone_user
        return {
            "in_browser": self._pages.in_browser(phone),
            "taken": self._pages.issued(phone),
            "wanted": self._desks.checks.wanted(user_id),
        }

    async def check(self, user_id: UserId) -> Mapping[str, Any]:
        """Let a paused agent hear himself."""
        self._desks.begin_check(user_id)
        return await self.state(user_id)

    async def end_check(self, user_id: UserId) -> Mapping[str, Any]:
        """And no more."""
        self._desks.end_check(user_id)
        return await self.state(user_id)
