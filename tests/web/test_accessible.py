"""Every page in headless Chromium: axe finds nothing, nothing is wider than the screen, nothing breaks the policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.web.box import ADMINISTRATOR, AGENT, Box, Client, conversation, people, shown
from tests.web.browser import Browser
from tests.web.technician import PARTS
from web_ui.wizard import STEPS

VIEWS = [("de", 375, "dark"), ("de", 1280, "light"), ("en", 375, "light"), ("en", 1280, "dark")]

WIDER = "return document.documentElement.scrollWidth > document.documentElement.clientWidth;"
LOOK = f"""
  await page.goto(args.path, {{ waitUntil: 'load' }});
  for (const more of await page.locator('details').all()) await more.evaluate((each) => {{ each.open = true; }});
  return {{ found: await axe(), wider: await page.evaluate(() => {{ {WIDER} }}) }};
"""


IDLE = {"state": "logged_out", "attempt": None, "call": None, "wrap_up": None, "campaign": None}
WELL = {"found": [], "wider": False}
CONSULTING = {
    "party": {
        "role": "first",
        "stage": "private",
        "wishes": ["toggle", "join", "complete", "take_back"],
        "other": {"name": "Bernd", "kind": "agent", "answered": True},
    },
    "messages": [{"id": 4, "from": "Sven", "text": "Bitte kurz zu mir", "at": 1_790_000_000.0}],
    "monitored": [{"name": "Sven", "kind": "listen"}],
    "hand": None,
}
"""What a desk shows besides while two consult and a supervisor listens."""


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
    client = office.client(ADMINISTRATOR)
    client.post("/dnc/1/add", {"numbers": "030 23125890\n030 23125891"})
    damaged = b"Name;Telefon\r\nAda;030 23125892\r\nBen;4,91E+11\r\n"
    imported = office.import_list(client, "Messe", damaged)
    columns = client.upload("Spalten.csv", people(12)).path
    hook = office.ask(
        "webhook.add", where="control.sock", url="http://127.0.0.1:9/hook", events=["dnc.added"]
    )["id"]
    office.ask("webhook.test", where="control.sock", id=hook)
    office.ask("token.create", where="control.sock", name="CRM", scopes=["dnc:read", "leads:write"])
    attempt = re.search(r'href="(/attempts/[0-9A-Z]{26})"', client.get("/campaigns/1").text)
    assert attempt is not None
    list_id = re.findall(r'href="/lists/(\d+)"', client.get("/lists").text)[0]
    made = client.post("/wizard/list", {"contact_list_id": list_id, "name": "Entwurf"})
    draft = made.path.removesuffix("/check")
    for event, data in PARTS:
        office.ask("publish", event=event, data=data)
    jonas = office.agents["jonas"]
    office.ask(
        "came_in", caller="+493023125010", outcome="missed", at=1_790_000_000.0, campaign="Herbstaktion"
    )
    office.ask("came_in", caller="", outcome="answered", at=1_790_000_100.0, user_id=jonas)
    promised = [
        office.ask("promise", campaign_id=1, user_id=jonas, at=at, zone="America/New_York")["id"]
        for at in (1_804_000_000.0, 1_700_000_000.0)
    ]
    figures = [
        {"figure": each, "target": 50} for each in ("calls_now", "ready", "abandon_rate", "calls_today")
    ]
    wall = office.ask("wall.add", where="control.sock", name="Halle", language="de", figures=figures)
    return [
        *("/wizard", *(f"{draft}/{step}" for step in STEPS), draft.replace("wizard", "campaigns")),
        *("/campaigns/1/forecast", "/campaigns/1/pacing", "/words"),
        *("/callbacks", "/callbacks?show=late", "/callbacks?show=kept", f"/callbacks/{promised[0]}"),
        *("/calls/inbound", "/calls/inbound?show=all"),
        *("/team", "/destinations"),
        *("/dashboard", "/campaigns", "/campaigns/1", "/campaigns/new", "/campaigns/1/edit", attempt[1]),
        *("/lists", f"/lists/{list_id}", "/lists/new", columns, imported),
        *(f"/lists/{list_id}/contacts", "/campaigns/1/order", "/campaigns/1/rules", "/campaigns/1/rules/new"),
        *("/dnc", "/dnc/1", "/dnc/1/history", "/dnc/number?number=03023125890"),
        *("/permits", "/why?number=03023125890", "/why?contact=1", "/rules", "/rules?pack=us"),
        *("/consent", "/consent?number=03023125890"),
        *("/machine-detection", "/machine-detection?campaign=1", "/recordings"),
        *("/settings/api", "/settings/webhooks", f"/settings/webhooks/{hook}", "/api"),
        *("/reports", "/reports?by=hour&from=x", "/reports/attempts", "/backup", "/update", "/access"),
        *(f"/reports?kind={kind}" for kind in ("waiting", "incoming", "blocks", "callbacks", "detection")),
        *("/reports/mail", "/alerts", "/privacy", "/walls", f"/wall/{wall['token']}"),
        *("/box", f"{attempt[1]}/story"),
        *("/users", "/users/2", "/users/new", "/roles", "/audit"),
        *("/account", "/account/second-factor", "/nothing/here"),
    ]


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
    talking = conversation(since=1_790_000_000.0)
    wrap_up = {**talking, "state": "wrap_up", "wrap_up": {**talking["wrap_up"], "ends_at": 1_900_000_000.0}}
    idle = [{**IDLE, "state": state} for state in ("paused", "ready", "logged_out")]
    with speaking(client, language):
        browser.open(office, client, width=width, scheme=scheme)
        incoming = shown(since=1_790_000_000.0)
        for desk in [
            {**talking, "state": "reserved"},
            incoming,
            talking,
            {**talking, **CONSULTING},
            wrap_up,
            *idle,
        ]:
            office.ask("desk", user_id=jonas, desk=desk)
            assert looks(browser, "/desk") == WELL, desk["state"]
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
