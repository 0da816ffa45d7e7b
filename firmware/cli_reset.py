"""The command line's part of a factory reset: ``strowger reset --wipe`` gives a code, with ``--confirm`` it is done."""

from __future__ import annotations

import argparse
import asyncio

from firmware.cli_permits import Add, Ask


def add_to(add: Add, ask: Ask) -> None:
    """Add the command."""
    command = add("reset", "set the box back to how it came; restarts it", lambda given: _reset(given, ask))
    kind = command.add_mutually_exclusive_group(required=True)
    kind.add_argument(
        "--keep-data", action="store_true", help="settings, logins' way in and keys go; contacts stay"
    )
    kind.add_argument("--wipe", action="store_true", help="everything goes")
    command.add_argument("--confirm", metavar="CODE", help="the code that was given")
    command.add_argument("--force", action="store_true", help="even while there are calls")


def _reset(given: argparse.Namespace, ask: Ask) -> int:
    kind = "wipe" if given.wipe else "keep-data"
    if given.confirm is None:
        code = asyncio.run(ask(given, "reset.ask", kind=kind))["code"]
        print(
            f"This cannot be taken back. To do it, within ten minutes:\n  strowger reset --{kind} --confirm {code}"
        )
        return 0
    asyncio.run(ask(given, "reset.confirm", code=given.confirm, force=given.force))
    print("The box restarts and is reset.")
    return 0
