"""`python -m board.sim modem`: a voice modem on a pseudo terminal, on an analog line with a network behind it."""

from __future__ import annotations

import argparse
import asyncio
import random
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from board.sim.control import Args, Command
from board.sim.line import Caller, IncomingCall, LineSim
from board.sim.modem import ModemSim
from board.sim.modem_kinds import KINDS
from board.sim.modem_numbers import far_ends, number_plan
from board.sim.modem_pty import ModemPty
from board.sim.voices import Voices

T = TypeVar("T")
Programs = argparse._SubParsersAction


def add_to(programs: Programs[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Its arguments."""
    modem = programs.add_parser(
        "modem", help="a voice modem on a pseudo terminal, with an analog line behind it"
    )
    modem.add_argument("--kind", choices=sorted(KINDS), default="cx930xx_2x", help="the make")
    modem.add_argument("--country", default="DE", help="of the telephone network")
    modem.add_argument("--link", type=Path, metavar="PATH", help="a name that stays when it is pulled out")
    modem.add_argument("--seed", type=int, default=1, help="of the voices")
    return modem


def made(args: argparse.Namespace) -> tuple[ModemPty, LineSim]:
    """The modem, not plugged in yet. Raises NoVoices, KeyError for a country without a network."""
    voices = Voices(args.voices, args.pool)
    ends = far_ends(voices, args.country, random.Random(args.seed))
    line = LineSim(args.country, number_plan(ends), otherwise=ends["001"])
    return ModemPty(ModemSim(line, KINDS[args.kind]), args.link), line


def modem_commands(stick: ModemPty, line: LineSim) -> dict[str, Command]:
    """`state`, `unplug`, `plug_in`, `ring` {number, name}, `far_hangs_up`."""

    async def state(_: Args) -> object:
        return await _there(stick, lambda modem: {
            "off_hook": modem.off_hook, "phase": line.phase.value, "dialled": line.dialled, "path": stick.path,
        })  # fmt: skip

    async def unplug(_: Args) -> object:
        await asyncio.to_thread(stick.unplug)
        return {}

    async def plug_in(_: Args) -> object:
        return {"path": stick.plug_in()}

    async def ring(args: Args) -> object:
        caller = (
            Caller(str(args.get("number", "")), str(args.get("name", ""))) if args.get("number") else None
        )
        return {"rings": await _there(stick, lambda _modem: line.ring(IncomingCall(caller)))}

    async def far_hangs_up(_: Args) -> object:
        await _there(stick, lambda _modem: line.far_hangs_up())
        return {}

    return {"state": state, "unplug": unplug, "plug_in": plug_in, "ring": ring, "far_hangs_up": far_hangs_up}


async def _there(stick: ModemPty, what: Callable[[ModemSim], T]) -> T:
    """The answer of `what`, asked in the modem's own thread. Raises RuntimeError while it is unplugged."""
    if not stick.plugged_in:
        raise RuntimeError("it is not plugged in")
    answer: Future[T] = Future()
    stick.do(lambda modem: answer.set_result(what(modem)))
    return await asyncio.wrap_future(answer)
