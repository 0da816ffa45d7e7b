"""``strowger amd ...`` and ``strowger tones``: options, and which exit status says what.

Thin: hearing is ``hearing``'s business, rows are ``classify``'s. Status 0: every file was heard; 1: some were not
(each named on stderr, the others' rows are there); 2: wrong use.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from firmware.model import OperatorError, Problem

if TYPE_CHECKING:  # the ears take a while to load: only a command that needs them does
    from firmware.listen.classify import Listening

_Commands = argparse._SubParsersAction
_STDOUT = "-"
_A_FILE = "WAV or FLAC; time 0 is the answer"


def add_to(commands: _Commands[argparse.ArgumentParser]) -> _Commands[argparse.ArgumentParser]:
    """Put the commands beside the others of ``strowger``; returns those of ``strowger amd``, for more of them."""
    text = "what the ears make of sound files: who answered, and why"
    amd = commands.add_parser("amd", help=text, description=text, allow_abbrev=False)
    below = amd.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_classify(below)
    _add_explain(below)
    _add_evaluate(below)
    tones = _add(commands, "tones", "every tone in a sound file: start, end, kind, detail", _tones)
    tones.add_argument("file", type=Path, metavar="FILE", help="WAV or FLAC")
    _add_csv(tones)
    return below


def _add_classify(below: _Commands[argparse.ArgumentParser]) -> None:
    rows = _add(below, "classify", "one row for each file: who answered, why, how sure, when", _classify)
    rows.add_argument("files", nargs="+", type=Path, metavar="FILE", help=_A_FILE)
    _add_csv(rows)
    _add_call(rows)
    _add_jobs(rows)
    rows.add_argument("--language", choices=("en", "de"), default="en", help="of the causes (default: en)")
    more = "two more columns: what was corrected later, and when"
    rows.add_argument("--corrections", action="store_true", help=more)


def _add_explain(below: _Commands[argparse.ArgumentParser]) -> None:
    explain = _add(below, "explain", "what was heard in one file and why it was judged so", _explain)
    explain.add_argument("file", type=Path, metavar="FILE", help=_A_FILE)
    explain.add_argument("--png", type=Path, metavar="OUT", help="draw it")
    explain.add_argument("--json", action="store_true", help="print it as JSON")
    explain.add_argument("--language", choices=("en", "de"), default="en", help="of the words (default: en)")
    _add_call(explain)


def _add_evaluate(below: _Commands[argparse.ArgumentParser]) -> None:
    evaluate = _add(below, "evaluate", "error rates over labelled files, with 95 % intervals", _evaluate)
    text = "CSV: file,label and, where known, kind,language,beep_s,first_utterance_end_s,early_media_s"
    evaluate.add_argument("manifest", type=Path, metavar="MANIFEST", help=text)
    evaluate.add_argument("--json", action="store_true", help="everything, as JSON")
    _add_call(evaluate)
    _add_jobs(evaluate)


def _add(
    commands: _Commands[argparse.ArgumentParser],
    name: str,
    text: str,
    command: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
    parser.set_defaults(command=_sound(command))
    country = "whose network tones come first (default: DE)"
    parser.add_argument("--country", default="DE", metavar="CODE", help=country)
    channel = "hear only this one, from 1 (default: all mixed)"
    parser.add_argument("--channel", type=int, metavar="N", help=channel)
    return parser


def _add_call(parser: argparse.ArgumentParser) -> None:
    """How a campaign would have the call judged, and where the call lies in the file."""
    sensitivity = "careful, balanced or eager (default: balanced)"
    parser.add_argument("--sensitivity", default="balanced", metavar="PRESET", help=sensitivity)
    limit = "the verdict falls at the latest so many seconds after the answer"
    parser.add_argument("--max-decision", type=float, metavar="S", help=limit)
    early = "so many seconds came before the answer (default: 0)"
    parser.add_argument("--early-media", type=float, default=0.0, metavar="S", help=early)


def _add_csv(parser: argparse.ArgumentParser) -> None:
    text = "where to write the rows; - is the terminal"
    parser.add_argument("--csv", required=True, metavar="OUT", help=text)


def _add_jobs(parser: argparse.ArgumentParser) -> None:
    text = "processes (default: one per core if it pays)"
    parser.add_argument("--jobs", type=int, default=0, metavar="N", help=text)


def _sound(command: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Mistakes in files and in the model are said like all others of the operator's."""

    def run(arguments: argparse.Namespace) -> int:
        from dsp import ModelError
        from firmware.listen.errors import BadManifest, UnreadableFile

        try:
            return command(arguments)
        except (UnreadableFile, BadManifest, ModelError) as error:
            raise OperatorError(Problem("", "unreadable_file", str(error))) from error
        except BrokenPipeError:  # whoever was reading has seen enough; Python would complain at its end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1

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

    ask = classify.Classifying(_listening(arguments), arguments.language, arguments.corrections)
    failed = 0
    with _output(arguments.csv) as out:
        classify.header(out, corrections=arguments.corrections)
        for _, row in answers(arguments.files, ask, arguments.jobs):
            if isinstance(row, UnreadableFile):
                failed += 1
                sys.stderr.write(f"strowger: {row}\n")
            else:
                classify.write(out, row)
    return 1 if failed else 0


def _tones(arguments: argparse.Namespace) -> int:
    from firmware.listen import tones

    found = tones.file_tones(arguments.file, arguments.country.upper(), arguments.channel)
    with _output(arguments.csv) as out:
        tones.write(out, found)
    return 0


def _explain(arguments: argparse.Namespace) -> int:
    from firmware.listen import explain

    found = explain.explanation(arguments.file, _listening(arguments), arguments.language)
    if arguments.png:
        from firmware.listen.picture import draw

        try:
            draw(found, arguments.png)
        except OSError as error:
            raise OperatorError(_cannot_write(arguments.png, error)) from error
    if arguments.json:
        _print_json(explain.as_json(found))
    else:
        sys.stdout.write(explain.as_text(found))
    return 0


def _evaluate(arguments: argparse.Namespace) -> int:
    from firmware.listen import evaluate, manifest

    cases = manifest.read(arguments.manifest)
    report = evaluate.evaluate(cases, _listening(arguments), arguments.jobs)
    for words in report.unreadable:
        sys.stderr.write(f"strowger: {words}\n")
    if arguments.json:
        _print_json(evaluate.as_json(report))
    else:
        sys.stdout.write(evaluate.as_text(report))
    return 1 if report.unreadable else 0


def _print_json(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


@contextlib.contextmanager
def _output(name: str) -> Iterator[IO[str]]:
    if name == _STDOUT:
        yield sys.stdout
        return
    try:
        with open(name, "w", encoding="utf-8", newline="") as out:
            yield out
    except OSError as error:
        raise OperatorError(_cannot_write(name, error)) from error


def _cannot_write(name: str | Path, error: OSError) -> Problem:
    return Problem("", "cannot_write", f"{name}: {error.strerror or error}")
