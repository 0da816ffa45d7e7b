"""The command line's part of updates: ``strowger update FILE`` asks the service, ``strowger prove`` looks itself."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from firmware.cli_permits import Add, Ask
from firmware.config import Config
from firmware.model import OperatorError, Problem
from firmware.update.prove import NotProved, prove
from firmware.update.texts import UPDATE_TEXTS, problem

LOOK_S = 1.0
_ROOM = {"en": 0, "de": 1}


def add_to(add: Add, ask: Ask, load: Callable[[argparse.Namespace], Config]) -> None:
    """Add the commands."""
    update = add("update", "install an update, or say how far one is", lambda given: _update(given, ask))
    update.add_argument("file", nargs="?", type=Path, help="the bundle (default: say how far one is)")
    update.add_argument("--check", action="store_true", help="only say whether it may be installed")
    update.add_argument("--force", action="store_true", help="even while there are calls")
    update.add_argument("--restart", action="store_true", help="start the new version at once")
    update.add_argument("--language", choices=("en", "de"), default="en", help="of refusals (default: en)")
    proof = add("prove", "show that this version works on this box", lambda given: _prove(given, load))
    proof.add_argument("--call", action="store_true", help="with a call through a simulated exchange")


def _prove(given: argparse.Namespace, load: Callable[[argparse.Namespace], Config]) -> int:
    try:
        asyncio.run(prove(load(given), lambda line: print(line, flush=True), call=given.call))
    except NotProved as missing:
        raise OperatorError(Problem("", "not_proved", str(missing))) from missing
    return 0


def _update(given: argparse.Namespace, ask: Ask) -> int:
    try:
        if given.file is None:
            return _show(asyncio.run(ask(given, "update.state")))
        return asyncio.run(_install(given, ask))
    except OperatorError as refused:
        raise OperatorError(*(_in(given.language, each) for each in refused.problems)) from refused


async def _install(given: argparse.Namespace, ask: Ask) -> int:
    args = {"file": str(given.file.resolve()), "force": given.force}
    found = await ask(given, "update.check" if given.check else "update.install", **args)
    print(f"{found['installed']} -> {found['version']}")
    if given.check:
        return 0
    step = ""
    while (now := await ask(given, "update.state"))["state"] == "installing":
        if now["step"] != step:
            step = now["step"]
            print(step, flush=True)
        await asyncio.sleep(LOOK_S)
    if now["problem"] is not None:
        raise OperatorError(problem(now["problem"]["key"], **now["problem"]["figures"]))
    if given.restart:
        await ask(given, "update.restart", force=given.force)
    return _show(now)


def _show(now: Mapping[str, Any]) -> int:
    print(f"running {now['running']}; update: {now['state']} {now['version']}".rstrip())
    if now["taken_back"]:
        print(f"taken back: {now['taken_back']}")
    return 0


def _in(language: str, found: Problem) -> Problem:
    """The same refusal in the language asked for, as far as it is one of the update's."""
    if found.key not in UPDATE_TEXTS:
        return found
    text = UPDATE_TEXTS[found.key][_ROOM[language]].format(**found.figures)
    return Problem("", found.key, text, found.figures)
