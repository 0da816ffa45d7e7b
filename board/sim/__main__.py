"""`python -m board.sim`: the telephone network, a room of desk phones, or a modem on a line, as a program."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from board.sim import modem_program, plan
from board.sim.commands import exchange_commands, phone_commands
from board.sim.control import Command, ControlServer
from board.sim.exchange import Exchange, Settings
from board.sim.params import BadPlan
from board.sim.phone import Phone
from board.sim.phone_settings import office, read_accounts
from board.sim.plan import Plan
from board.sim.sip_transactions import Address
from board.sim.tones import PROGRESS
from board.sim.voices import NoVoices, default_pool


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT. Returns 0, or 2 when it could not begin."""
    args = _parser().parse_args(arguments)
    logging.basicConfig(level=args.log_level, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    try:
        status: int = asyncio.run(args.run(args))
    except (BadPlan, NoVoices, OSError, ValueError, KeyError) as why:
        sys.stderr.write(f"{why}\n")
        return 2
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m board.sim", description=__doc__)
    programs = parser.add_subparsers(required=True)
    network = programs.add_parser("exchange", help="a telephone network that answers any number")
    network.set_defaults(run=_run_exchange)
    network.add_argument("--listen", type=_address, default=("127.0.0.1", 15080), metavar="HOST:PORT")
    network.add_argument("--seed", type=int, default=1, help="of the mix; the same seed, the same calls")
    network.add_argument("--mix", default="default", metavar="FILE", help="plan file with [mix] and [params]")
    network.add_argument("--plan", type=Path, metavar="FILE", help="TOML or JSON: what each number does")
    network.add_argument("--no-table", action="store_true", help="last digits mean nothing")
    network.add_argument("--haste", type=float, help="how many times faster than life they ring and talk")
    network.add_argument("--country", type=_country, default="DE", help="of numbers without a known prefix")
    network.add_argument("--codecs", type=_codecs, default=(), help="in order of liking, e.g. PCMA,PCMU")
    network.add_argument("--max-calls", type=int, default=1000, help="at once; more get 503")
    phones = programs.add_parser("phones", help="desk phones that register and answer")
    phones.set_defaults(run=_run_phones)
    phones.add_argument("--registrar", type=_address, required=True, metavar="HOST:PORT")
    phones.add_argument("--domain", required=True)
    phones.add_argument("--accounts", type=Path, required=True, metavar="FILE.json")
    modem = modem_program.add_to(programs)
    modem.set_defaults(run=_run_modem)
    for program in (network, phones, modem):
        program.add_argument("--log", type=Path, metavar="FILE.jsonl", help="one line an event, appended")
        program.add_argument("--voices", type=Path, metavar="DIR")
        program.add_argument("--pool", type=Path, default=default_pool(), metavar="DIR")
        program.add_argument("--control", type=Path, metavar="SOCKET")
        program.add_argument("--log-level", default="WARNING", choices=("DEBUG", "INFO", "WARNING", "ERROR"))
    return parser


def _address(text: str) -> Address:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65_535:
        raise argparse.ArgumentTypeError("HOST:PORT is wanted")
    return host.strip("[]"), int(port)


def _country(text: str) -> str:
    country = {"UK": "GB"}.get(text.upper(), text.upper())
    if country not in PROGRESS:
        raise argparse.ArgumentTypeError(f"one of {', '.join(PROGRESS)} is wanted")
    return country


def _codecs(text: str) -> tuple[str, ...]:
    codecs = tuple(name.strip().upper() for name in text.split(","))
    if not set(codecs) <= {"PCMU", "PCMA"}:
        raise argparse.ArgumentTypeError("PCMU and PCMA are what there is")
    return codecs


def _plan(args: argparse.Namespace) -> Plan:
    made = plan.load(args.plan) if args.plan else Plan()
    if args.mix != "default":
        mix = plan.load(Path(args.mix))
        made = replace(made, mix=mix.mix, params={**mix.params, **made.params})
    if args.haste is not None:
        made = replace(made, haste=plan.read({"haste": args.haste}).haste)
    return replace(made, table=False) if args.no_table else made


async def _run_exchange(args: argparse.Namespace) -> int:
    host, port = args.listen
    exchange = Exchange(Settings(
        host=host, port=port, seed=args.seed, country=args.country, plan=_plan(args), voices=args.voices,
        pool=args.pool, log=args.log, codecs=args.codecs, max_calls=args.max_calls,
    ))  # fmt: skip
    stopped = _stop_signal()
    async with exchange:
        control = await _control(args.control, exchange_commands(exchange))
        _ready(f"exchange on {host}:{exchange.port}")
        await stopped.wait()
        if control:
            await control.stop()
    return 1 if exchange.faults or exchange.witness.unwritten else 0


async def _run_phones(args: argparse.Namespace) -> int:
    shared = office(args.voices, args.pool, args.log)
    phones = {
        one.user: Phone(one, shared) for one in read_accounts(args.accounts, args.registrar, args.domain)
    }
    stopped = _stop_signal()
    started: list[Phone] = []
    try:
        for phone in phones.values():
            await phone.start()
            started.append(phone)
        control = await _control(args.control, phone_commands(phones))
        _ready(f"{len(phones)} phones for {args.domain}")
        await stopped.wait()
        if control:
            await control.stop()
    finally:
        await asyncio.gather(*(phone.stop() for phone in started))
        shared.witness.close()
    return 1 if shared.witness.unwritten else 0


async def _run_modem(args: argparse.Namespace) -> int:
    stick, line = modem_program.made(args)
    stopped = _stop_signal()
    path = stick.plug_in()
    try:
        control = await _control(args.control, modem_program.modem_commands(stick, line))
        _ready(f"{args.kind} on {path}")
        await stopped.wait()
        if control:
            await control.stop()
    finally:
        await asyncio.to_thread(stick.unplug)
    return 0


async def _control(path: Path | None, commands: dict[str, Command]) -> ControlServer | None:
    if path is None:
        return None
    server = ControlServer(path, commands)
    await server.start()
    return server


def _stop_signal() -> asyncio.Event:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    return stopped


def _ready(what: str) -> None:
    sys.stdout.write(f"ready: {what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
