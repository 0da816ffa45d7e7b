"""A headless Chromium for the tests, driven over a pipe."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.web.box import Box, Client

DRIVER = Path(__file__).parent / "driver.mjs"


class Browser:
    """Runs steps (bodies of async JavaScript functions with ``page``, ``args``, ``axe``) one after the other."""

    def __init__(self, packages: Path, *flags: str) -> None:
        """``flags`` are Chromium's own."""
        chromium = shutil.which("chromium")
        assert chromium is not None, "Chromium is missing: run make setup"
        self._process = subprocess.Popen(
            ["node", str(DRIVER), str(packages), chromium, *flags],
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
        return self.open_at(box.base, client.cookies if client else {}, **settings)

    def open_at(self, base: str, cookies: Mapping[str, str] | None = None, **settings: Any) -> Browser:
        """A fresh profile for the pages at this address."""
        self._ask(open={"base": base, "cookies": dict(cookies or {}), **settings})
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
