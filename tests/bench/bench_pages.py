"""What pages weigh, and what Lighthouse says of them as a telephone on a slow network would see them.

The box stands behind nginx with TLS, as an installed one does. Lighthouse is no part of the set-up: ``make lighthouse``
fetches it (npm) into ``build/lighthouse``; another copy is named in ``STROWGER_LIGHTHOUSE``. Its figures are those of
a simulated telephone and network, but the processor's part in them grows when the machine has other work.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.web.box import ADMINISTRATOR, AGENT, REPO, Box
from tests.web.front import Front
from tests.web.pages import every_page
from tests.web.weight import weigh

PAGES = ("/login", "/dashboard", "/desk", "/campaigns", "/reports", "/team")
CATEGORIES = ("accessibility", "best-practices", "performance")
HOME = Path(os.environ.get("STROWGER_LIGHTHOUSE", REPO / "build/lighthouse"))
_LONGEST_S = 180


def main(quick: bool = False) -> list[tuple[str, str]]:
    """Per page: bytes on the wire, the three scores out of 100, first contentful paint and layout shift."""
    with tempfile.TemporaryDirectory(prefix="strowger-bench-") as folder, Box.started(Path(folder)) as box:
        box.furnish()
        every_page(box)
        box.talk(box.agents[AGENT[0]], since=time.time())
        front = Front(box, Path(folder))
        try:
            return _measured(box, front, PAGES[:2] if quick else PAGES)
        finally:
            front.stop()


def _measured(box: Box, front: Front, pages: tuple[str, ...]) -> list[tuple[str, str]]:
    cookies: dict[str, Mapping[str, str]] = {
        "/login": {},
        "/desk": box.client(AGENT, https=True).cookies,
    }
    administrator = box.client(ADMINISTRATOR, https=True).cookies
    figures = []
    for page in pages:
        told = cookies.get(page, administrator)
        weight = sum(weigh(front, page, told).values())
        figures.append((f"page {page}, weight compressed", f"{weight / 1e3:.0f} kB"))
        figures.append((f"page {page}, Lighthouse, mobile", _lighthouse(front, page, told)))
    return figures


def _lighthouse(front: Front, page: str, cookies: Mapping[str, str]) -> str:
    program = HOME / "node_modules/.bin/lighthouse"
    if not program.exists():
        return f"left out: no Lighthouse in {HOME} (make lighthouse fetches it)"
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    command = [
        *(str(program), f"https://127.0.0.1:{front.https}{page}", "--quiet", "--output=json"),
        f"--only-categories={','.join(CATEGORIES)}",
        f"--extra-headers={json.dumps({'Cookie': cookie})}",
        "--chrome-flags=--headless=new --no-sandbox --ignore-certificate-errors",
    ]
    found = {**os.environ, "CHROME_PATH": shutil.which("chromium") or "chromium"}
    done = subprocess.run(command, capture_output=True, text=True, env=found, timeout=_LONGEST_S, check=False)
    if done.returncode:
        return f"not measured: {done.stderr.strip().splitlines()[-1:]}"
    return _told(json.loads(done.stdout))


def _told(report: Mapping[str, Any]) -> str:
    scores = ", ".join(f"{name} {report['categories'][name]['score'] * 100:.0f}" for name in CATEGORIES)
    paint = report["audits"]["first-contentful-paint"]["numericValue"]
    shift = report["audits"]["cumulative-layout-shift"]["numericValue"]
    return f"{scores}; first contentful paint {paint / 1e3:.2f} s; layout shift {shift:.3f}"
