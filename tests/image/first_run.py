"""Stage ``first_run``: whoever reads the code on the screen walks through the first run in Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.image.inside import front_page
from tests.image.machine import PATIENCE_S, Machine
from tests.web.browser import Browser
from tests.web.first_run import TO_THE_SHEET
from web_ui.first_run import STEPS

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "korrekt pferd batterie"


@pytest.fixture
def browser(machine: Machine) -> Iterator[Browser]:
    """Chromium, as patient as the machine is slow, that takes the box's own certificate."""
    running = Browser(ROOT / "tests/node_modules", "--ignore-certificate-errors")
    front_page(machine)
    running.open_at(f"https://127.0.0.1:{machine.https_port}")
    running.do("page.context().setDefaultTimeout(args.ms);", ms=PATIENCE_S * 1000)
    yield running
    running.stop()


def test_the_first_run_from_the_code_on_the_screen_to_the_sheet(machine: Machine, browser: Browser) -> None:
    code = machine.run("cat /var/lib/strowger/setup-code").strip()
    browser.do("await page.goto('/'); await page.waitForURL('**/setup');")
    browser.do(
        """
        for (const [name, value] of Object.entries(args)) await page.fill(`#f-${name}`, value);
        await page.getByRole('button', { name: 'Anlage einrichten' }).click();
        await page.waitForURL('**/dashboard');
        """,
        code=code, name="Anna Berg", login="anna", password=PASSWORD, again=PASSWORD,
    )  # fmt: skip
    browser.do(
        TO_THE_SHEET,
        steps=len(STEPS),
    )
    assert browser.do("return page.url();").endswith("/first-run/sheet")
    assert browser.said == []
    assert 'name = "Kanzlei"' in machine.run("cat /var/lib/strowger/settings.toml")
    assert "none" in machine.run("test -e /var/lib/strowger/setup-code || echo none"), "the code is used up"
