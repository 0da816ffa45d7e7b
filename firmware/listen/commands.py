"""``strowger amd ...`` and ``strowger tones``: options, and which exit status says what.

Thin: hearing is ``hearing``'s business, rows are ``classify``'s. Status 0: every file was heard; 1: some were not
(each named on stderr, the others' rows are there); 2: wrong use.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

from firmware.model import OperatorError, Problem

if TYPE_CHECKING:  # the ears take a while to load: only a command that needs them does
    from firmware.listen.classify import Listening

_Commands = argparse._SubParsersAction
_STDOUT = "-"


def add_to(commands: _Commands[argparse.ArgumentParser]) -> None:
    """Put the commands beside the others of ``strowger``."""
    text = "what the ears make of sound files: who answered, and why"
    amd = commands.add_parser("amd", help=text, description=text, allow_abbrev=False)
    below = amd.add_subparsers(title="commands", required=True, metavar="COMMAND")
    rows = _add(below, "classify", "one row for each file: who answered, why, how sure, when", _classify)
    rows.add_argument("files", nargs="+", type=Path, metavar="FILE", help="WAV or FLAC; time 0 is the answer")
    _add_csv(rows)
    rows.add_argument("--language", choices=("en", "de"), default="en", help="of the causes (default: en)")
    rows.add_argument(
        "--jobs", type=int, default=0, metavar="N", help="processes (default: one per core if it pays)"
    )


def _add(
    commands: _Commands[argparse.ArgumentParser],
    name: str,
    text: str,
    command: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
    parser.set_defaults(command=_sound(command))
    parser.add_argument(
        "--country", default="DE", metavar="CODE", help="whose network tones come first (default: DE)"
    )
    parser.add_argument(
        "--sensitivity", default="balanced", help="careful, balanced or eager (default: balanced)"
    )
    parser.add_argument(
        "--max-decision", type=float, metavar="S", help="the verdict falls at the latest then"
    )
    parser.add_argument(
        "--early-media",
        type=float,
        default=0.0,
        metavar="S",
        help="so many seconds came before the answer (default: 0)",
    )
    parser.add_argument(
        "--channel", type=int, metavar="N", help="hear only this one, from 1 (default: all mixed)"
    )
    return parser


def _add_csv(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--csv", required=True, metavar="OUT", help="where to write the rows; - is the terminal"
    )


def _sound(command: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Mistakes in files and in the model are said like all others of the operator's."""

    def run(arguments: argparse.Namespace) -> int:
        from dsp import ModelError
        from firmware.listen.errors import UnreadableFile

        try:
            return command(arguments)
        except (UnreadableFile, ModelError) as error:
            raise OperatorError(Problem("", "unreadable_file", str(error))) from error

    return run


def _listening(arguments: argparse.Namespace) -> Listening:
    from dsp import AmdSettings
    from firmware.listen.classify import Listening

    limit = {} if arguments.max_decision is None else {"max_decision_s": arguments.max_decision}
    try:
        if not 0.0 <= arguments.early_media <= 600.0:
            raise ValueError(f"--early-media must be 0 to 600, not {arguments.early_media}")
        country, sensitivity = arguments.country.upper(), arguments.sensitivity
        settings = AmdSettings(country=country, sensitivity=sensitivity, digits=True, **limit)
    except ValueError as error:
        raise OperatorError(Problem("", "bad_setting", str(error))) from error
    return Listening(settings, arguments.early_media, arguments.channel)


def _classify(arguments: argparse.Namespace) -> int:
    from firmware.listen import classify
    from firmware.listen.errors import UnreadableFile
    from firmware.listen.many import answers

    ask = classify.Classifying(_listening(arguments), arguments.language)
    failed = 0
    with _output(arguments.csv) as out:
        classify.header(out)
        for _, row in answers(arguments.files, ask, arguments.jobs):
            if isinstance(row, UnreadableFile):
                failed += 1
                sys.stderr.write(f"strowger: {row}\n")
            else:
                classify.write(out, row)
    return 1 if failed else 0


@contextlib.contextmanager
def _output(name: str) -> Iterator[IO[str]]:
    if name == _STDOUT:
        yield sys.stdout
        return
    try:
        with open(name, "w", encoding="utf-8", newline="") as out:
            yield out
    except OSError as error:
        raise OperatorError(Problem("", "cannot_write", f"{name}: {error.strerror or error}")) from error
