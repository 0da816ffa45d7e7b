"""``strowger``: the box's command line. Thin: each command is a few lines over the module that does the work.

Exit status: 0 done, 1 refused or failed (the reason on stderr), 2 wrong use.

What a box runs at every start imports nothing here but its own: ``edge`` and ``web`` do without an event loop even.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from firmware import config as configuration
from firmware.model import OperatorError, Problem, ServiceGone

DEFAULT_CONFIG = Path("/etc/strowger/strowger.toml")
AT_BOOT = frozenset({"serve", "web", "edge"})
"""What a box waits for as it starts: none of these reads the modules of all the others."""
AFTER_UPDATE = "prove"
"""What a new version waits for besides."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command."""
    argv = sys.argv[1:] if argv is None else argv
    arguments = _parser(argv[0] if argv else "").parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        return command(arguments)
    except OperatorError as refused:
        for problem in refused.problems:
            named = not problem.where or problem.where in problem.text
            print(f"strowger: {'' if named else problem.where + ': '}{problem.text}", file=sys.stderr)
    except ServiceGone as gone:
        print(f"strowger: {gone}", file=sys.stderr)
    return 1


def _parser(wanted: str = "") -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="strowger", description="The box: a PBX and dialler on the premises.", allow_abbrev=False
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_service(commands)
    if wanted not in AT_BOOT:
        _add_update(commands)
    if wanted not in AT_BOOT | {AFTER_UPDATE}:
        _add_version(parser)
        _add_questions(commands)
        _add_run(commands)
        _add_work(commands)
    return parser


_Commands = argparse._SubParsersAction


def _add(
    commands: _Commands[argparse.ArgumentParser],
    name: str,
    text: str,
    command: Callable[[argparse.Namespace], int],
    *,
    configured: bool = True,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
    parser.set_defaults(command=command)
    if configured:
        text = f"settings file (default: {DEFAULT_CONFIG} if it is there)"
        parser.add_argument("--config", type=Path, metavar="FILE", help=text)
    return parser


def _add_service(commands: _Commands[argparse.ArgumentParser]) -> None:
    _add(commands, "serve", "run the service until SIGTERM", _serve)
    web = _add(commands, "web", "run the web pages until SIGTERM", _web)
    web.add_argument("--listen", metavar="HOST:PORT", help="instead of [web] listen")
    edge = _add(commands, "edge", "write Kamailio's and rtpengine's configuration and check it", _edge)
    edge.add_argument("--directory", type=Path, help="where to (default: kamailio/ in [paths] runtime)")


def _add_update(commands: _Commands[argparse.ArgumentParser]) -> None:
    from firmware import cli_update

    cli_update.add_to(partial(_add, commands), _asked, _load)


def _add_version(parser: argparse.ArgumentParser) -> None:
    from importlib.metadata import version

    parser.add_argument("--version", action="version", version=f"strowger {version('strowger')}")


def _add_questions(commands: _Commands[argparse.ArgumentParser]) -> None:
    from firmware import cli_audit, cli_permits, cli_reset, cli_technician, cli_tokens

    status = _add(commands, "status", "what the box is doing", _status)
    status.add_argument("--json", action="store_true", help="everything, as JSON")
    _add(commands, "check", "read the settings file and say every mistake in it", _check)
    cli_permits.add_to(partial(_add, commands), _asked)
    cli_audit.add_to(partial(_add, commands), _asked)
    cli_tokens.add_to(commands, _add, _asked)
    cli_reset.add_to(partial(_add, commands), _asked)
    cli_technician.add_to(partial(_add, commands), _asked)


def _add_run(commands: _Commands[argparse.ArgumentParser]) -> None:
    text = "show the box at work on this machine, against a simulated telephone exchange"
    run = _add(commands, "run", text, _run, configured=False)
    run.add_argument("--contacts", type=int, default=200, help="how many contacts to dial (default: 200)")
    run.add_argument("--agents", type=int, default=3, help="how many simulated agents (default: 3)")
    run.add_argument("--seed", type=int, default=1, help="of everything that is left to chance (default: 1)")
    run.add_argument("--headless", action="store_true", help="no web pages")
    run.add_argument("--until-done", action="store_true", help="end by itself when every contact is closed")
    run.add_argument("--json", action="store_true", help="print the report as JSON and nothing else")
    run.add_argument("--directory", type=Path, help="where to keep everything (default: a temporary folder)")
    run.add_argument("--port", type=int, default=8080, help="of the web pages (default: 8080)")


def _add_work(commands: _Commands[argparse.ArgumentParser]) -> None:
    from firmware import cli_backup, cli_feedback, cli_lines
    from firmware.listen import commands as listen
    from firmware.simulate import command as simulate

    cli_backup.add_to(partial(_add, commands), _load, _asked)
    cli_feedback.add_to(partial(_add, listen.add_to(commands)), _asked)
    text = "look after analog telephone lines"
    line = commands.add_parser("line", help=text, description=text, allow_abbrev=False)
    cli_lines.add_to(partial(_add, line.add_subparsers(required=True, metavar="COMMAND")), _asked)
    text = "simulate a campaign: how busy agents are and how many people meet no agent, by mode"
    simulate.add_arguments(_add(commands, "simulate", text, _simulate, configured=False))


@contextmanager
def _reading() -> Iterator[None]:
    """What is read at a start is never garbage: looking for some among it is a sixth of the time it takes."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _settings_file(arguments: argparse.Namespace) -> Path | None:
    named: Path | None = arguments.config
    return DEFAULT_CONFIG if named is None and DEFAULT_CONFIG.exists() else named


def _load(arguments: argparse.Namespace) -> configuration.Config:
    return configuration.load(_settings_file(arguments))


def _serve(arguments: argparse.Namespace) -> int:
    with _reading():
        import asyncio

        from dsp import ModelError
        from firmware import journal
        from firmware.service import serve
        from firmware.store.errors import StoreError

    config = _load(arguments)
    journal.set_up()
    try:
        asyncio.run(serve(config, _settings_file(arguments)))
    except (StoreError, ModelError) as error:
        raise OperatorError(Problem("", "cannot_start", str(error))) from error
    return 0


def _web(arguments: argparse.Namespace) -> int:
    with _reading():
        from web_ui.app import main as serve_pages

    argv = ["--config", str(arguments.config or DEFAULT_CONFIG)]
    if arguments.listen:
        argv += ["--listen", arguments.listen]
    return serve_pages(argv)


def _edge(arguments: argparse.Namespace) -> int:
    with _reading():
        from firmware.edge import render

    config = _load(arguments)
    rendered = render.render(config, arguments.directory or config.paths.runtime / "kamailio")
    render.check(rendered)
    print(rendered.directory)
    return 0


def _check(arguments: argparse.Namespace) -> int:
    config = _load(arguments)
    trunks = ", ".join(trunk.name for trunk in config.trunks) or "none"
    print(f"{config.box.name}: the settings are sound. Trunks: {trunks}.")
    return 0


def _status(arguments: argparse.Namespace) -> int:
    import asyncio

    snapshot = asyncio.run(_asked(arguments, "status"))
    if arguments.json:
        print(json.dumps(snapshot, indent=2, ensure_ascii=False))
        return 0
    box = snapshot["box"]
    reasons = ", ".join(reason["key"] for reason in box["why_not"])
    print(
        f"{box['name']} {box['version']}: "
        + ("dialling allowed" if box["dialling"] else f"no dialling: {reasons}")
    )
    for agent in snapshot["agents"]:
        print(f"  agent     {agent['name']:<20} {agent['state']} {agent['reason']}".rstrip())
    for campaign in snapshot["campaigns"]:
        done = f"{campaign['closed']}/{campaign['contacts']} closed"
        print(
            f"  campaign  {campaign['name']:<20} {campaign['state']}, {done}, {campaign['pacing']['reason']}"
        )
    for check in snapshot["health"]:
        if not check["ok"]:
            print(f"  health    {check['check']:<20} {check['key']}")
    return 0


def _run(arguments: argparse.Namespace) -> int:
    import asyncio

    from firmware.run import Options, demonstrate

    options = Options(
        contacts=arguments.contacts,
        agents=arguments.agents,
        seed=arguments.seed,
        headless=arguments.headless,
        until_done=arguments.until_done,
        json=arguments.json,
        directory=arguments.directory,
        web_port=arguments.port,
    )
    return asyncio.run(demonstrate(options))


def _simulate(arguments: argparse.Namespace) -> int:
    from firmware.simulate import command as simulate

    print(simulate.run(arguments))
    return 0


async def _asked(arguments: argparse.Namespace, do: str, **args: object) -> dict[str, Any]:
    from firmware.client import Client

    async with Client(_load(arguments).paths.control_socket) as client:
        answer: dict[str, Any] = await client.ask(do, **args)
        return answer


if __name__ == "__main__":
    sys.exit(main())
