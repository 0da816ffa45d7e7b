"""Every page in headless Chromium: axe finds nothing, nothing is wider than the screen, nothing breaks the policy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.web.box import ADMINISTRATOR, AGENT, Box, Client
from tests.web.browser import Browser
from tests.web.pages import IDLE, desks, every_page, own_pages

VIEWS = [("de", 375, "dark"), ("de", 1280, "light"), ("en", 375, "light"), ("en", 1280, "dark")]

WIDER = "return document.documentElement.scrollWidth > document.documentElement.clientWidth;"
LOOK = f"""
  await page.goto(args.path, {{ waitUntil: 'load' }});
  for (const more of await page.locator('details').all()) await more.evaluate((each) => {{ each.open = true; }});
  // What opens may take the focus and scroll: from the top again, so that the bar of the page covers nothing.
  await page.evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => {{
    scrollTo({{ top: 0, behavior: 'instant' }});
    requestAnimationFrame(done);
  }}))));
  return {{ found: await axe(), wider: await page.evaluate(() => {{ {WIDER} }}) }};
"""


WELL = {"found": [], "wider": False}


@contextmanager
def speaking(client: Client, language: str) -> Iterator[None]:
    """The person's language, German again afterwards."""
    client.post("/language", {"language": language, "back": "/"})
    try:
        yield
    finally:
        client.post("/language", {"language": "de", "back": "/"})


def looks(browser: Browser, path: str, step: str = LOOK) -> dict[str, object]:
    """What is wrong with a page."""
    seen: dict[str, object] = browser.do(step, path=path)
    return seen


@pytest.fixture(scope="module")
def paths(office: Box) -> list[str]:
    """Every page an administrator can see, with something on it."""
    return every_page(office)


@pytest.mark.parametrize(("language", "width", "scheme"), VIEWS)
def test_pages_of_the_administrator(
    office: Box, browser: Browser, paths: list[str], width: int, scheme: str, language: str
) -> None:
    client = office.client(ADMINISTRATOR)
    with speaking(client, language):
        browser.open(office, client, width=width, scheme=scheme)
        assert {path: seen for path in paths if (seen := looks(browser, path)) != WELL} == {}
        assert browser.said == []


@pytest.mark.parametrize(("language", "width", "scheme"), VIEWS)
def test_the_desk_in_each_of_its_states(
    office: Box, browser: Browser, width: int, scheme: str, language: str
) -> None:
    client, jonas = office.client(AGENT), office.agents["jonas"]
    with speaking(client, language):
        browser.open(office, client, width=width, scheme=scheme)
        for state, desk in desks().items():
            office.ask("desk", user_id=jonas, desk=desk)
            assert looks(browser, "/desk") == WELL, state
        for path in own_pages(office):
            assert looks(browser, path) == WELL, path
        assert browser.said == []


@pytest.mark.parametrize(("language", "width", "scheme"), VIEWS)
def test_pages_before_anybody_is_known(
    new_box: Box, browser: Browser, width: int, scheme: str, language: str
) -> None:
    browser.open(new_box, width=width, scheme=scheme, locale=language)
    for path in ("/setup", "/nothing"):
        assert looks(browser, path) == WELL
    press = "await page.fill('#f-password', 'short'); await page.click('button.primary');"
    assert looks(browser, "/setup", LOOK.replace("return {", press + "return {")) == WELL
    assert browser.said == []


def test_a_question_before_something_is_lost(office: Box, browser: Browser) -> None:
    browser.open(office, office.client(ADMINISTRATOR))
    browser.look("/users/2")
    browser.do("await page.getByRole('button', { name: 'Entfernen' }).first().click();")
    opened = browser.do(
        """
        const dialog = page.getByRole('dialog', { name: 'Jonas Weber entfernen?' });
        await dialog.waitFor();
        const focused = await page.evaluate(() => document.activeElement.textContent);
        const found = await axe();
        await page.keyboard.press('Escape');
        return { found, focused, open: await dialog.isVisible() };
        """
    )
    assert opened == {"found": [], "focused": "Abbrechen", "open": False}


def test_menus_on_a_small_screen(office: Box, browser: Browser) -> None:
    browser.open(office, office.client(ADMINISTRATOR), width=375)
    browser.look("/dashboard")
    seen = browser.do(
        """
        const link = page.getByRole('link', { name: 'Kontaktlisten' });
        const before = await link.isVisible();
        await page.getByRole('button', { name: 'Menü' }).click();
        await link.waitFor();
        const found = await axe();
        await link.click();
        await page.waitForURL('**/lists');
        return { before, found };
        """
    )
    assert seen == {"before": False, "found": []}


def test_nothing_moves_for_those_who_asked_for_that(office: Box, browser: Browser) -> None:
    browser.open(office, office.client(ADMINISTRATOR))
    browser.do("await page.emulateMedia({ reducedMotion: 'reduce' });")
    browser.look("/dashboard")
    moving = browser.do(
        """
        return page.evaluate(() => [...document.querySelectorAll('*')].filter((each) => {
          const style = getComputedStyle(each);
          return style.animationName !== 'none' || parseFloat(style.transitionDuration) > 0;
        }).length);
        """
    )
    assert moving == 0


@pytest.mark.parametrize("width", [320])
def test_at_four_times_the_size_nothing_is_lost(
    office: Box, browser: Browser, paths: list[str], width: int
) -> None:
    """1280 px at 400 % are 320 px (WCAG 1.4.10)."""
    browser.open(office, office.client(ADMINISTRATOR), width=width)
    for path in paths:
        browser.look(path)
        assert not browser.do(f"return page.evaluate(() => {{ {WIDER} }});"), path


def test_targets_are_large_enough_for_a_finger_in_the_call_bar(office: Box, browser: Browser) -> None:
    jonas = office.agents["jonas"]
    office.talk(jonas, since=1_790_000_000.0)
    browser.open(office, office.client(AGENT), width=375)
    browser.look("/desk")
    small = browser.do(
        """
        await page.locator('#keypad summary').click();
        return page.evaluate(() => [...document.querySelectorAll('#callbar button, #callbar summary, .code-choice')]
          .map((each) => each.getBoundingClientRect())
          .filter((box) => box.width < 44 || box.height < 44).length);
        """
    )
    assert small == 0
    office.ask("desk", user_id=jonas, desk=IDLE)
