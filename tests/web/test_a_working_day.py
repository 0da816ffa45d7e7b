"""The box as people meet it: real service, edge, exchange and desk phone; a browser for the manager and one agent."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from board.sim import plan
from board.sim.exchange import Exchange, Settings
from firmware.model import Disposition, Side
from firmware.run import Demonstration, Options
from tests.peers.whole_box import WholeBox
from tests.web.browser import Browser
from web_ui.passwords import hash_password

PICTURE = Path(os.environ.get("STROWGER_PICTURE", "build/dashboard.png"))
"""Where the picture of the dashboard goes; ``make picture`` puts it beside this file, for the README."""
PASSWORD = "vier blaue apparate summen"
NUMBER = "+493023125101"

SET_UP = """
await page.goto('/');
await page.fill('input[name=code]', args.code);
await page.selectOption('select[name=language]', args.language);
await page.fill('input[name=name]', 'Maria Kern');
await page.fill('input[name=login]', 'maria');
await page.fill('input[name=password]', args.password);
await page.fill('input[name=again]', args.password);
await page.click('main form button.primary');
await page.waitForURL('**/dashboard');
"""


@dataclass(frozen=True)
class Place:
    """What the browser's ``open`` wants to know."""

    base: str


async def do(browser: Browser, step: str, **args: Any) -> Any:
    """A step in the browser, without holding up the simulated telephones in this process."""
    return await asyncio.to_thread(browser.do, step, **args)


def open_at(browser: Browser, url: str, **settings: Any) -> None:
    browser._ask(open={"base": url.rstrip("/"), "cookies": {}, **settings})


@pytest.fixture
async def exchange() -> AsyncIterator[Exchange]:
    people = {NUMBER: {"behaviour": "human", "ring_s": 0.5, "stays": True}}
    async with Exchange(Settings(plan=plan.read({"table": False, "numbers": people}))) as network:
        yield network


@pytest.mark.req("GEN-081", "GEN-082", "GEN-085")
async def test_the_manager_watches_the_sample_campaign(tmp_path: Path, browser: Browser) -> None:
    options = Options(contacts=40, until_done=True, directory=tmp_path, haste=3.0, seed=5)
    async with Demonstration(options, tmp_path) as box:
        open_at(browser, box.web_url)
        await do(browser, SET_UP, code=box.setup_code, language="en", password="three green telephones ring")
        text = await do(
            browser,
            """
            await page.goto('/dashboard');
            const enough = () => {
              const talking = document.querySelectorAll('[data-region=calls] tbody tr').length;
              const figures = document.querySelector('[data-region=campaigns]').innerText;
              return talking >= 2 && /[1-9]\\d* of 40/.test(figures);
            };
            await page.waitForFunction(enough, null, { timeout: 90000 });
            await page.screenshot({ path: args.picture });
            return await page.innerText('main');
            """,
            picture=str(PICTURE.absolute()),
        )
        assert box.setup_code == ""
    assert "Musterkampagne" in text
    assert "Anna" in text
    assert PICTURE.stat().st_size > 20_000


async def test_an_agent_takes_a_call_on_the_page(
    tmp_path: Path, browser: Browser, exchange: Exchange
) -> None:
    async with WholeBox(tmp_path, {"provider": exchange.port}, pages=True) as box:
        agent = await box.ask(
            "user.create",
            login="paula",
            name="Paula",
            roles=["agent"],
            password_hash=hash_password(PASSWORD),
            phone_mode="nailed_up",
            language="de",
        )
        await box.telephones([agent])
        open_at(browser, box.web_url)
        await do(browser, SET_UP, code=box.setup_code, language="de", password="drei rote telefone klingeln")
        open_at(browser, box.web_url)
        await do(
            browser,
            """
            await page.goto('/login');
            await page.fill('input[name=login]', 'paula');
            await page.fill('input[name=password]', args.password);
            await page.click('main form button.primary');
            await page.waitForURL('**/desk');
            await page.click('#b-log-in');
            await page.click('#b-ready');
            await page.getByText('Wartet auf den nächsten Anruf').or(page.locator('.no-call')).first().waitFor();
            """,
            password=PASSWORD,
        )
        list_id = await box.contact_list([NUMBER])
        await box.trunks_up()
        campaign = await box.campaign(list_id, [agent["id"]], "provider")
        await box.ask("campaign.start", id=campaign)
        shown = await do(
            browser,
            """
            await page.locator('#b-hang-up').waitFor({ timeout: 30000 });
            const shown = await page.locator('#callbar').innerText();
            await page.reload();
            await page.locator('#b-hang-up').waitFor();
            await page.screenshot({ path: args.picture });
            await page.keyboard.press('F4');
            await page.locator('#b-hold[aria-pressed=true]').waitFor();
            await page.keyboard.press('F4');
            await page.locator('#b-hold[aria-pressed=false]').waitFor();
            await page.keyboard.press('Shift+F4');
            return shown;
            """,
            picture=str(tmp_path / "desk.png"),
        )
        assert "Kunde 101" in shown
        await do(
            browser,
            """
            await page.locator('label[data-key=code-contacted]').click();
            await page.fill('#note', 'ruft gern zurück');
            await page.click('#save');
            await page.locator('.no-call').waitFor();
            return null;
            """,
        )
        assert await asyncio.to_thread(lambda: browser.said) == []
        (attempt,) = box.attempts(campaign)
        assert (attempt.disposition, attempt.wrap_up_code) == (Disposition.CONTACTED, "contacted")
        assert (attempt.ended_by, attempt.note) == (Side.AGENT, "ruft gern zurück")
        await exchange.wait_for("ended", number=NUMBER)
        assert box.complaints() == []
