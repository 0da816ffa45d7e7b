"""The command line's questions about permission: ``strowger rules|why|permit``.

``rules`` reads the packs themselves; the others ask the service, which alone may read what it has just written.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from firmware.model import OperatorError, Problem

Run = Callable[[argparse.Namespace], int]


class Add(Protocol):
    """How ``cli`` adds a command to its parser."""

    def __call__(
        self, name: str, text: str, command: Run, *, configured: bool = True
    ) -> argparse.ArgumentParser:
        """Return the command's parser; ``configured`` ones take ``--config``."""


Ask = Callable[..., Any]
"""``ask(arguments, do, **args)``: one question to the service, awaited."""


def add_to(add: Add, ask: Ask) -> None:
    """Add the commands."""
    rules = add("rules", "the rules a campaign keeps, with their sources", _rules, configured=False)
    rules.add_argument("pack", nargs="?", help="de, at, ch, gb, us, fr or own (default: a list of all)")
    rules.add_argument("--json", action="store_true", help="as JSON")
    why = add("why", "why a contact is not called, and when it may be", lambda given: _why(given, ask))
    why.add_argument("whom", metavar="CONTACT|NUMBER", help="a contact's id, or a telephone number")
    why.add_argument("--json", action="store_true", help="as JSON")
    permit = add(
        "permit", "why an attempt was allowed; is the chain sound?", lambda given: _permit(given, ask)
    )
    permit.add_argument("attempt", nargs="?", help="the attempt's uid, or verify to read the whole chain")
    permit.add_argument("--person", metavar="NUMBER", help="everything about a number (with --pdf)")
    permit.add_argument("--pdf", type=Path, metavar="FILE", help="write a sheet to this file")
    permit.add_argument("--language", choices=("de", "en"), default="de", help="of the sheet (default: de)")
    permit.add_argument(
        "--head", default="", metavar="HASH", help="verify: a head that was written down earlier"
    )


def _rules(given: argparse.Namespace) -> int:
    from firmware.compliance.packs import PACKS
    from firmware.compliance.rules import Rules
    from firmware.compliance.shown import plain, said

    if given.pack is None:
        for each in PACKS.values():
            print(f"{each.label:<12} {', '.join(each.countries) or 'where no other applies'}")
        return 0
    pack = PACKS.get(given.pack.lower())
    if pack is None:
        text = f"There is no rule pack {given.pack}; possible: {', '.join(PACKS)}."
        raise OperatorError(Problem("pack", "unknown_rules", text))
    if given.json:
        print(json.dumps(plain(pack), indent=2, ensure_ascii=False))
        return 0
    print(f"{pack.label}: {', '.join(pack.countries) or 'where no other applies'}")
    for field in fields(Rules):
        source = pack.sources[field.name]
        print(f"\n{field.name}: {said(getattr(pack.rules, field.name))}")
        print(f"    {source.text}")
        print(f"    as of {source.as_of}, {source.standing.value.replace('_', ' ')}")
    return 0


def _why(given: argparse.Namespace, ask: Ask) -> int:
    text = given.whom.strip()
    contact = text.isascii() and text.isdigit() and len(text) < 10 and not text.startswith("0")
    args: dict[str, Any] = {"contact": int(text)} if contact else {"number": text}
    answer = asyncio.run(ask(given, "contact.why", **args))
    if given.json:
        print(json.dumps(answer, indent=2, ensure_ascii=False))
        return 0
    for each in answer["answers"]:
        _say_why(each, answer["now"])
    return 0


def _say_why(answer: Mapping[str, Any], now: float) -> None:
    from firmware.compliance.texts import REFUSAL_TEXTS, STANDING_TEXTS, sentence

    campaign = answer["campaign"] or "no campaign"
    print(f"{answer['name'] or answer['number']} ({answer['number']}), {answer['list']}, {campaign}")
    print(
        f"  rules {answer['packs']}; {', '.join(answer['zones'])}; {', '.join(answer['places']) or 'anywhere'}"
    )
    for block in answer["blocks"]:
        text = sentence({**REFUSAL_TEXTS, **STANDING_TEXTS}, block["rule"], block["figures"], "en")
        print(f"  - {text}" + (f" Until {_moment(block['until'])}." if block["until"] is not None else ""))
    if answer["callable_at"] is None:
        print("  Not callable by waiting.")
    elif answer["callable_at"] <= now:
        print("  Callable now." if not answer["blocks"] else "  No rule forbids it now.")
    else:
        print(f"  Callable from {_moment(answer['callable_at'])}.")


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def _permit(given: argparse.Namespace, ask: Ask) -> int:
    if given.attempt == "verify":
        return _verify(given, ask)
    if given.person or given.pdf:
        return _paper(given, ask)
    if not given.attempt:
        raise OperatorError(
            Problem("attempt", "paper_of_what", "Name an attempt, --person NUMBER, or verify.")
        )
    print(
        json.dumps(asyncio.run(ask(given, "attempt.permit", uid=given.attempt)), indent=2, ensure_ascii=False)
    )
    return 0


def _paper(given: argparse.Namespace, ask: Ask) -> int:
    if given.pdf is None:
        raise OperatorError(Problem("pdf", "paper_where", "Name the file to write: --pdf FILE."))
    whom = {"number": given.person} if given.person else {"uid": given.attempt}
    made = asyncio.run(ask(given, "permit.paper", language=given.language, **whom))
    try:
        given.pdf.write_bytes(base64.b64decode(made["content"]))
    except OSError as error:
        text = f"Cannot write {given.pdf}: {error.strerror}"
        raise OperatorError(Problem("pdf", "paper_not_written", text)) from error
    print(given.pdf)
    return 0


def _verify(given: argparse.Namespace, ask: Ask) -> int:
    found = asyncio.run(ask(given, "permit.verify", noted=given.head))
    head = f"{found['head']['seq']} {found['head']['hash']}"
    if not found["fault"]:
        print(f"{found['checked']} permits, all as they were written. Head: {head}")
        return 0
    print(
        f"NOT SOUND: {FAULTS[found['fault']].format(**found)}. {found['checked']} permits before it are sound."
    )
    print(f"Head: {head}")
    return 1


FAULTS = {
    "changed": "the permit of attempt {uid} (link {seq}) is not as it was written",
    "missing": "what stands before or at link {seq} (attempt {uid}) was removed",
    "moved": "link {seq} (attempt {uid}) is not in its place: something before it was removed or moved",
    "relinked": "link {seq} (attempt {uid}) was rewritten or inserted",
    "unlinked": "attempt {uid} has no link: it was inserted",
    "head": "the chain ends at link {seq}, before its head: its end was cut off",
    "note": "the head that was written down is no longer one of the links",
}
