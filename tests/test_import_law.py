"""The import law: first that breaking it is noticed, then that nobody does."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.import_law import OURS, breaches

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("board/line.py", "import firmware.model"),
        ("board/line.py", "from dsp import frames"),
        ("dsp/amd.py", "from firmware.model import AmdLabel"),
        ("dsp/amd.py", "def f():\n    from board.sim import tones"),
        ("dsp/amd.py", "import tflite_runtime.interpreter"),
        ("web_ui/web.py", "from firmware.store import contacts"),
        ("web_ui/web.py", "from firmware.config import load"),
        ("web_ui/web.py", "from firmware import control"),
        ("web_ui/web.py", "import sqlite3"),
        ("firmware/pacing/progressive.py", "import asyncio"),
        ("firmware/pacing/progressive.py", "from time import monotonic"),
        ("firmware/pacing/progressive.py", "from firmware.store import claims"),
        ("firmware/pacing/progressive.py", "from ..calls import switchboard"),
        ("firmware/compliance/judge.py", "import logging"),
        ("firmware/campaigns/retry.py", "from firmware.clock import Clock"),
        ("firmware/calls/call.py", "from firmware.trunks.base import Media"),
        ("firmware/calls/switchboard.py", "import pjsua2 as pj"),
        ("firmware/control.py", "import sqlite3"),
        ("firmware/control.py", "import time"),
        ("firmware/control.py", "from datetime import datetime\nnow = datetime.now()"),
        ("firmware/control.py", "from firmware.service import Service"),
        ("firmware/control.py", "import bottle"),
        ("firmware/ears.py", "import tflite_runtime"),
    ],
)
def test_breaking_the_law_is_noticed(file: str, source: str) -> None:
    assert breaches(source, file)


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("board/sim/exchange.py", "from board.sim import tones\nimport time"),
        ("web_ui/web.py", "from firmware.model import Role\nfrom firmware.store.reports import Reports"),
        ("web_ui/web.py", "from firmware import model"),
        ("firmware/pacing/progressive.py", "from firmware.model import Role\nimport math"),
        ("firmware/campaigns/importer.py", "from firmware.compliance.numbers import normalise"),
        ("firmware/trunks/sip.py", "import pjsua2"),
        ("firmware/store/store.py", "import sqlite3"),
        ("firmware/books.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import sqlite3"),
        ("firmware/control.py", "from datetime import datetime\nat = datetime.fromtimestamp(0)"),
        ("firmware/cli.py", "from firmware.service import serve"),
    ],
)
def test_what_the_law_allows(file: str, source: str) -> None:
    assert breaches(source, file) == []


def sources() -> list[str]:
    return sorted(
        str(path.relative_to(ROOT))
        for package in OURS
        for path in (ROOT / package).rglob("*.py")
        if "node_modules" not in path.parts
    )


@pytest.mark.parametrize("package", OURS)
def test_everybody_keeps_the_law(package: str) -> None:
    files = [file for file in sources() if file.startswith(f"{package}/")]
    assert files
    broken = [breach for file in files for breach in breaches((ROOT / file).read_text("utf-8"), file)]
    assert broken == []
