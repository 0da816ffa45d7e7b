"""Photographs every page, and every state of a desk: ``make pictures ARGS="--only WORD --view de-375-dark"``.

One file per page, language, width and colour scheme, and an ``index.html`` to look through them. Nothing is judged
here; what a machine can judge is in ``test_accessible``.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from html import escape
from itertools import product
from pathlib import Path

from tests.web.box import ADMINISTRATOR, AGENT, Box
from tests.web.browser import Browser
from tests.web.pages import desks, every_page, own_pages

REPO = Path(__file__).parents[2]
VIEWS = [
    f"{language}-{width}-{scheme}"
    for language, width, scheme in product(("de", "en"), (375, 1280), ("light", "dark"))
]
DOOR = ("/login", "/api")
"""What strangers see."""

TAKE = """
  await page.goto(args.path, { waitUntil: 'load' });
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: args.file, fullPage: true, animations: 'disabled' });
"""


class Photographer:
    """Takes one view of the box after the other."""

    def __init__(self, box: Box, browser: Browser, into: Path, only: str) -> None:
        self._box, self._browser, self._into, self._only = box, browser, into, only
        self._paths, self._own = every_page(box), own_pages(box)
        self._people = {who: box.client(who) for who in (ADMINISTRATOR, AGENT, None)}
        self.taken: dict[str, None] = {}

    def view(self, name: str) -> None:
        """All pages in one language, width and scheme."""
        for who, client in self._people.items():
            language, width, scheme = name.split("-")
            client.post("/language", {"language": language, "back": "/"})
            self._browser.open(self._box, client, width=int(width), scheme=scheme, locale=language)
            if who == AGENT:
                self._desks(name)
            for path in {ADMINISTRATOR: self._paths, AGENT: self._own, None: DOOR}[who]:
                self._shot(name, _file(path), path)

    def _desks(self, view: str) -> None:
        for state, desk in desks(time.time() - 93).items():
            self._box.ask("desk", user_id=self._box.agents[AGENT[0]], desk=desk)
            self._shot(view, f"desk-{state}", "/desk")

    def _shot(self, view: str, name: str, path: str) -> None:
        if self._only not in name:
            return
        (self._into / view).mkdir(parents=True, exist_ok=True)
        self._browser.do(TAKE, path=path, file=str(self._into / view / f"{name}.png"))
        self.taken[name] = None


def _file(path: str) -> str:
    """A file's name for an address: what changes from run to run is left out."""
    plain = re.sub(r"[0-9A-Z]{26}|[0-9a-f]{16,32}|(?<=/wall/)[^/]+", "x", path)
    return re.sub(r"[^a-zA-Z0-9]+", "-", plain).strip("-")


def _index(into: Path, names: list[str], views: list[str]) -> None:
    """One page to look through: a heading per page, its views side by side."""
    shots = "".join(
        f'<h2 id="{escape(name)}">{escape(name)}</h2><p>'
        + "".join(
            f'<a href="{view}/{escape(name)}.png"><img loading="lazy" alt="{view}" title="{view}" '
            f'src="{view}/{escape(name)}.png"></a>'
            for view in views
        )
        for name in names
    )
    style = "body{font:1rem sans-serif;background:#ccc}img{max-height:40rem;max-width:40rem;margin:.3rem}"
    head = f'<meta charset="utf-8"><title>Pages</title><style>{style}</style>'
    (into / "index.html").write_text(
        f'<!doctype html><html lang="en">{head}{shots}</html>',
        encoding="utf-8",
    )


def main(arguments: list[str]) -> int:
    """Photograph what was asked for and say where it lies."""
    parser = argparse.ArgumentParser(prog="python -m tests.web.pictures", description=__doc__)
    parser.add_argument("--into", type=Path, default=REPO / "build/pictures")
    parser.add_argument("--only", default="", help="pages with this in their name")
    parser.add_argument(
        "--view", action="append", choices=VIEWS, help="may be given several times; default: all"
    )
    chosen = parser.parse_args(arguments)
    views = chosen.view or VIEWS
    packages = Path(os.environ.get("STROWGER_NODE_MODULES", REPO / "tests/node_modules"))
    browser = Browser(packages)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="strowger-pictures-") as folder,
            Box.started(Path(folder)) as box,
        ):
            box.furnish()
            photographer = Photographer(box, browser, chosen.into.resolve(), chosen.only)
            for view in views:
                photographer.view(view)
                sys.stdout.write(f"{view}: {len(photographer.taken)} pages\n")
                sys.stdout.flush()
    finally:
        browser.stop()
    _index(chosen.into, list(photographer.taken), views)
    sys.stdout.write(f"look at {chosen.into / 'index.html'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
