"""``strowger token create|list|revoke``: tokens for other programs, where no page is at hand."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

from firmware.store.tokens import SCOPES

Asked = Callable[..., Coroutine[Any, Any, dict[str, Any]]]
Add = Callable[..., argparse.ArgumentParser]


def add_to(commands: Any, add: Add, ask: Asked) -> None:
    """Add the commands; ``add`` makes one below a group, ``ask`` asks the service."""
    text = "tokens for other programs"
    group = commands.add_parser("token", help=text, description=text, allow_abbrev=False)
    below = group.add_subparsers(title="commands", required=True, metavar="COMMAND")
    create = add(below, "create", "make a token; it is printed once", lambda a: _create(a, ask))
    create.add_argument("name", help="what it is for")
    create.add_argument(
        "--scope", action="append", required=True, choices=SCOPES, help="may be given several times"
    )
    create.add_argument("--source", action="append", default=[], metavar="NETWORK", help="only from here")
    create.add_argument("--rate", type=int, default=300, help="requests a minute (default: 300)")
    add(below, "list", "every token, newest first", lambda a: _list(a, ask))
    revoke = add(below, "revoke", "let a token count no more", lambda a: _revoke(a, ask))
    revoke.add_argument("id", type=int)


def _create(arguments: argparse.Namespace, ask: Asked) -> int:
    made = asyncio.run(
        ask(
            arguments,
            "token.create",
            name=arguments.name,
            scopes=arguments.scope,
            sources=arguments.source,
            rate=arguments.rate,
            by="command line",
        )
    )
    print(made["token"])
    return 0


def _list(arguments: argparse.Namespace, ask: Asked) -> int:
    for token in asyncio.run(ask(arguments, "token.list"))["tokens"]:
        state = "revoked" if token["revoked_at"] is not None else ", ".join(token["scopes"])
        print(f"{token['id']:>4}  {token['hint']}…  {_day(token['last_used_at'])}  {token['name']}: {state}")
    return 0


def _revoke(arguments: argparse.Namespace, ask: Asked) -> int:
    asyncio.run(ask(arguments, "token.revoke", id=arguments.id, by="command line"))
    return 0


def _day(at: float | None) -> str:
    return "never used" if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
