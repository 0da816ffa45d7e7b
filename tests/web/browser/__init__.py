"""A headless Chromium for the tests, driven over a pipe."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.web.box import Box, Client

DRIVER = Path(__file__).parent / "driver.mjs"


class Browser:
    """Runs steps (bodies of async JavaScript functions with ``page``, ``args``, ``axe``) one after the other."""

    def __init__(self, packages: Path) -> None:
        chromium = shutil.which("chromium")
        assert chromium is not None, "Chromium is missing: run make setup"
        self._process = subprocess.Popen(
            ["node", str(DRIVER), str(packages), chromium],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def _ask(self, **question: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the browser is gone"
        answer = json.loads(line)
        assert answer["ok"], answer.get("error")
        return answer["result"]

    def open(self, box: Box, client: Client | None = None, **settings: Any) -> Browser:
        """A fresh profile, with the cookies of ``client``."""
        self._ask(open={"base": box.base, "cookies": client.cookies if client else {}, **settings})
        return self

    def do(self, step: str, **args: Any) -> Any:
        """Run one step; what it returns."""
        return self._ask(step=step, args=args)

    def look(self, path: str) -> None:
        """Go to a page and wait until its scripts run."""
        self.do("await page.goto(args.path, { waitUntil: 'load' });", path=path)

    @property
    def said(self) -> list[str]:
        """Script errors, dialogs, breaches of the page's policy, requests to elsewhere."""
        found: list[str] = self.do("return heard;")
        return found

    def stop(self) -> None:
        """Close Chromium."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)
