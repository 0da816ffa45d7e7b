"""Phones in the browser: which page may register one, with a secret that lives as long as the service or less.

A page asks for a secret when it opens and again when its old one is not known any more; the newest page of a person
wins, and one that is no telephone any more has none. What is needed to know them again lies in the runtime folder, so a
service that comes back finds its pages registered, and a box that was switched off does not. How a page's audio travels
is the edge's business.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from firmware.edge.phone_book import ha1
from firmware.edge.plan import BROWSER_SUFFIX

_log = logging.getLogger(__name__)
_SECRET_BYTES = 24


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a page registers with (RFC 8760 digest over a WebSocket, RFC 7118)."""

    phone: str
    secret: str
    domain: str


class Exchange(Protocol):
    """What is asked of the edge here."""

    def want_phones(self, phones: Mapping[str, str]) -> None:
        """Exactly these phones (user -> HA1) may register."""

    async def phones_known(self) -> bool:
        """Wait until that is so; False if the edge does not answer."""

    @property
    def phones(self) -> Mapping[str, bool]:
        """Phone -> registered."""


class BrowserPhones:
    """Who may register: the phones on desks, and for some of them a page beside."""

    def __init__(self, exchange: Exchange, domain: str, kept: Path) -> None:
        """``kept``: the file that outlives the service."""
        self._exchange = exchange
        self._domain = domain
        self._kept = kept
        self._pages = _read(kept)
        self._desks: dict[str, str] = {}

    def adopt(self, desk_phones: Mapping[str, str]) -> None:
        """These are the phones on desks (user -> HA1) from now on; pages of other people are telephones no more."""
        self._desks = dict(desk_phones)
        self._pages = {user: secret for user, secret in self._pages.items() if user in self._desks}
        self._tell()

    async def issue(self, phone_user: str) -> Credentials | None:
        """A new secret, once the edge knows it; None if the edge does not answer. The one before is void."""
        phone, secret = phone_user + BROWSER_SUFFIX, secrets.token_urlsafe(_SECRET_BYTES)
        self._pages[phone_user] = ha1(phone, self._domain, secret)
        self._keep()
        self._tell()
        return Credentials(phone, secret, self._domain) if await self._exchange.phones_known() else None

    def withdraw(self, phone_user: str) -> None:
        """Take a page's secret away."""
        if self._pages.pop(phone_user, None) is not None:
            self._keep()
            self._tell()

    def issued(self, phone_user: str) -> bool:
        """Whether a page has a secret."""
        return phone_user in self._pages

    def in_browser(self, phone_user: str) -> bool:
        """Whether a page is registered; it is called before the phone on the desk."""
        return self._exchange.phones.get(phone_user + BROWSER_SUFFIX, False)

    def registered(self, phone_user: str) -> bool:
        """Whether this person can be called, in a browser or on the desk."""
        return self.in_browser(phone_user) or self._exchange.phones.get(phone_user, False)

    def _tell(self) -> None:
        pages = {user + BROWSER_SUFFIX: secret for user, secret in self._pages.items()}
        self._exchange.want_phones({**self._desks, **pages})

    def _keep(self) -> None:
        """Written whole; a full runtime folder costs pages a second log-in after a crash and nothing else."""
        draft = self._kept.with_name(self._kept.name + ".new")
        try:
            self._kept.parent.mkdir(parents=True, exist_ok=True)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                json.dump(self._pages, file)
            draft.replace(self._kept)
        except OSError as error:
            _log.warning("secrets of phones in browsers cannot be kept over a restart: %s", error)


def _read(kept: Path) -> dict[str, str]:
    try:
        found = json.loads(kept.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        _log.warning("secrets of phones in browsers are forgotten: %s", error)
        return {}
    return {str(user): str(secret) for user, secret in found.items()} if isinstance(found, dict) else {}
