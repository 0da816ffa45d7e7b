"""The command line for whoever looks after the box: ``strowger support|acceptance|story``."""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from firmware.cli_permits import Add, Ask
from firmware.model import OperatorError, Problem


def add_to(add: Add, ask: Ask) -> None:
    """Add the commands."""
    support = add(
        "support", "a ZIP for whoever helps, without names, numbers and secrets", lambda g: _support(g, ask)
    )
    support.add_argument("--to", type=Path, metavar="FILE", help="where to (default: its own name, here)")
    sheet = add("acceptance", "the acceptance sheet as PDF, as the box is now", lambda g: _acceptance(g, ask))
    sheet.add_argument("--to", type=Path, metavar="FILE", help="where to (default: its own name, here)")
    sheet.add_argument("--by", default="", metavar="NAME", help="who installed and tried the box")
    sheet.add_argument("--customer", default="", metavar="NAME", help="who takes it over")
    sheet.add_argument("--remark", default="", help="a line of remarks")
    sheet.add_argument("--language", choices=("de", "en"), default="de", help="of the sheet (default: de)")
    story = add("story", "what happened in a call, step by step", lambda g: _story(g, ask))
    story.add_argument("attempt", metavar="UID", help="the attempt's uid")
    story.add_argument("--json", action="store_true", help="as JSON")


def _support(given: argparse.Namespace, ask: Ask) -> int:
    return _written(asyncio.run(ask(given, "support.bundle")), given.to)


def _acceptance(given: argparse.Namespace, ask: Ask) -> int:
    words = {"by": given.by, "customer": given.customer, "remark": given.remark}
    return _written(asyncio.run(ask(given, "technician.paper", language=given.language, **words)), given.to)


def _written(made: Mapping[str, Any], wanted: Path | None) -> int:
    target = wanted or Path(str(made["name"]))
    try:
        target.write_bytes(base64.b64decode(made["content"]))
    except OSError as error:
        text = f"Cannot write {target}: {error.strerror}"
        raise OperatorError(Problem("to", "paper_not_written", text)) from error
    print(target)
    return 0


def _story(given: argparse.Namespace, ask: Ask) -> int:
    told = asyncio.run(ask(given, "story.of", uid=given.attempt))
    if given.json:
        print(json.dumps(told, indent=2, ensure_ascii=False))
        return 0
    print(f"{told['uid']} {told['number']}")
    for each in told["happenings"]:
        figures = " ".join(
            f"{key}={value}" for key, value in each["figures"].items() if value not in (None, "")
        )
        print(f"{_moment(each['at'])} {each['by']:<8} {each['what']:<14} {figures}".rstrip())
    for line in told["lines"]:
        print(f"{_moment(line['at'])} journal  {line['text']}")
    return 0


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
