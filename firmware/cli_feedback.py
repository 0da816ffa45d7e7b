"""``strowger amd feedback``: what the box has learned about its own ears, from verdicts and people's words.

The service counts (``amd.report``); here its answer becomes lines of text, or is printed as it is.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Mapping
from typing import Any

from firmware.cli_permits import Add, Ask
from firmware.clock import SystemClock

_DAY_S = 86_400.0


def add_to(add: Add, ask: Ask) -> None:
    """Add the command."""
    text = "what agents said about the verdicts, and what another setting would have done"
    feedback = add("feedback", text, lambda given: _feedback(given, ask))
    feedback.add_argument("--campaign", type=int, metavar="N", help="of this one (default: all)")
    feedback.add_argument("--days", type=float, metavar="N", help="looked back (default: all there is)")
    feedback.add_argument("--json", action="store_true", help="everything, as JSON")


def _feedback(given: argparse.Namespace, ask: Ask) -> int:
    asked: dict[str, Any] = {} if given.campaign is None else {"campaign_id": given.campaign}
    if given.days is not None:
        asked["since"] = SystemClock().utc() - given.days * _DAY_S
    report = asyncio.run(ask(given, "amd.report", **asked))
    print(json.dumps(report, indent=2, ensure_ascii=False) if given.json else as_text(report))
    return 0


def as_text(report: Mapping[str, Any]) -> str:
    """The report for people."""
    calls = report["calls"]
    lines = [
        f"{calls['judged']} calls judged{'' if report['complete'] else ' (the newest ones)'}",
        f"heard by an agent, with a word:     {_share(calls['heard'])}",
        f"not heard by an agent, with a word: {_share(calls['unheard'])}",
        "People on whom the box hung up are known only if somebody said so: their share may be higher.",
        *_table("verdict", [(row["verdict"], row) for row in report["matrix"]], ("person", "machine")),
        *_table(
            "setting",
            [(each["name"], each) for each in report["presets"]],
            ("persons_lost", "machines_through", "unheard_connected"),
        ),
        "",
    ]
    lines += [
        f"{row['verdict']:<10} decided within {row['p50'] / 1000:.1f} s (half), {row['p95'] / 1000:.1f} s (95 %)"
        for row in report["decided_ms"]
    ]
    if report["current"] is not None:
        needed, found = report["persons_needed"], report["suggested"]
        enough = f"too few calls: {report['persons']} of {needed} persons known"
        lines.append(f"setting: {report['current']}, suggested: {found or enough}")
    return "\n".join(lines)


def _table(title: str, rows: list[tuple[str, Mapping[str, Any]]], columns: tuple[str, ...]) -> list[str]:
    head = f"{title:<10}" + "".join(f"{name.replace('_', ' '):<42}" for name in columns)
    body = [f"{name:<10}" + "".join(f"{_share(row[each]):<42}" for each in columns) for name, row in rows]
    return ["", head.rstrip(), *(line.rstrip() for line in body)]


def _share(found: Mapping[str, Any]) -> str:
    if not found["of"]:
        return "no cases"
    low, high = found["ci95"]
    return f"{found['share']:.1%} [{low:.1%} .. {high:.1%}] {found['count']} of {found['of']}"
