"""People at work in headless Chromium: the first run, uploads, pages that follow the box."""

from __future__ import annotations

import json
import time
from html import unescape

import pytest

from tests.web.box import ADMINISTRATOR, Box
from tests.web.browser import Browser

IDLE = {"state": "ready", "attempt": None, "call": None, "wrap_up": None, "campaign": None, "history": []}


def text(browser: Browser, selector: str) -> str:
    found: str = browser.do("return page.locator(args.selector).innerText();", selector=selector)
    return found


# -- the first run ------------------------------------------------------------------------------------------------


def test_the_first_person_sets_up_the_box_and_is_led_on(new_box: Box, browser: Browser) -> None:
    browser.open(new_box)
    browser.look("/")
    strength = browser.do(
        """
        await page.waitForURL('**/setup');
        await page.fill('#f-code', args.code);
        await page.fill('#f-name', 'Anna Berg');
        await page.fill('#f-login', 'anna');
        const said = [];
        for (const typed of ['kurz', 'aaaaaaaaaaaaaa', 'korrekt pferd', 'korrekt pferd batterie']) {
          await page.fill('#f-password', typed);
          said.push(await page.locator('#strength').innerText());
        }
        await page.fill('#f-again', 'korrekt pferd batterie');
        await page.getByRole('button', { name: 'Anlage einrichten' }).click();
        await page.waitForURL('**/dashboard');
        return said;
        """,
        code=new_box.setup_code,
    )
    assert strength == ["noch 8 Zeichen", "Schwach: zu wenige verschiedene Zeichen", "Gut genug", "Stark"]
    assert "Drei Schritte bis zum ersten Anruf" in text(browser, "main")
    assert browser.said == []


def test_a_mistake_is_where_the_focus_goes(new_box: Box, browser: Browser) -> None:
    browser.open(new_box)
    browser.look("/setup")
    focused = browser.do(
        """
        await page.fill('#f-code', 'WRONG123');
        await page.fill('#f-name', 'Anna Berg');
        await page.fill('#f-login', 'anna');
        await page.fill('#f-password', 'korrekt pferd batterie');
        await page.fill('#f-again', 'korrekt pferd batterie');
        await page.keyboard.press('Enter');
        await page.waitForSelector('#mistakes');
        await page.waitForFunction(() => document.activeElement.id === 'mistakes');
        return page.evaluate(() => document.activeElement.innerText);
        """
    )
    assert "Das ist nicht der Einrichtungscode." in focused


def test_logging_in_and_out_by_keyboard(office: Box, browser: Browser) -> None:
    browser.open(office)
    browser.look("/login")
    browser.do(
        """
        await page.keyboard.type('anna');
        await page.keyboard.press('Tab');
        await page.keyboard.type('a wrong password');
        await page.keyboard.press('Enter');
        await page.getByRole('alert').waitFor();
        await page.keyboard.type(args.password);
        await page.keyboard.press('Enter');
        await page.waitForURL('**/dashboard');
        await page.getByRole('button', { name: 'Anna Berg' }).press('Enter');
        await page.getByRole('button', { name: 'Abmelden' }).press('Enter');
        await page.waitForURL('**/login');
        """,
        password=ADMINISTRATOR[1],
    )
    assert browser.said == []


# -- pages that follow the box ------------------------------------------------------------------------------------


def test_the_dashboard_follows_and_says_when_it_cannot(own_office: Box, browser: Browser) -> None:
    browser.open(own_office, own_office.client(ADMINISTRATOR))
    browser.look("/dashboard")
    own_office.ask("desk", user_id=2, desk={**IDLE, "since": time.time() - 65})
    browser.do("await page.locator('[data-key=a2] .state.ready').waitFor();")
    assert browser.do("return page.locator('[data-key=a2] time').innerText();").startswith("1:0")
    assert own_office.service is not None
    own_office.service.kill()
    browser.do("await page.locator('#banner').waitFor();")
    assert "Der Telefondienst antwortet nicht" in text(browser, "#banner")
    assert "Bereit" in text(browser, "[data-key=a2]")
    own_office.start_service()
    browser.do("await page.locator('#banner').waitFor({ state: 'hidden' });")
    assert browser.said == []


def test_a_page_finds_the_box_again_after_the_pages_were_restarted(own_office: Box, browser: Browser) -> None:
    browser.open(own_office, own_office.client(ADMINISTRATOR))
    browser.look("/dashboard")
    assert own_office.web is not None
    port = own_office.port
    browser.do("await page.locator('[data-key=a2]').waitFor();")
    own_office.web.kill()
    browser.do("await page.locator('#banner').waitFor();")
    assert "Verbindung zur Anlage verloren" in text(browser, "#banner")
    own_office.start_web(port)
    browser.do("await page.locator('#banner').waitFor({ state: 'hidden', timeout: 30000 });")
    own_office.ask("desk", user_id=2, desk={"state": "paused", "reason": "meeting"})
    browser.do("await page.locator('[data-key=a2] .reason', { hasText: 'Besprechung' }).waitFor();")


def test_without_a_stream_the_page_asks_every_few_seconds(own_office: Box, browser: Browser) -> None:
    browser.open(own_office, own_office.client(ADMINISTRATOR))
    browser.do("await page.route('**/live/dashboard', (route) => route.fulfill({ status: 503, body: '' }));")
    browser.look("/dashboard")
    own_office.ask("desk", user_id=2, desk={"state": "paused", "reason": "training"})
    browser.do("await page.locator('[data-key=a2] .reason', { hasText: 'Schulung' }).waitFor();")
    assert browser.do("return page.locator('#banner').isHidden();")


def test_a_session_that_is_over_is_said_on_the_open_page(own_office: Box, browser: Browser) -> None:
    client = own_office.client(ADMINISTRATOR)
    browser.open(own_office, client)
    browser.look("/dashboard")
    client.post("/logout")
    browser.do("await page.locator('#banner a').waitFor();")
    assert "Die Sitzung ist beendet." in text(browser, "#banner")
    assert browser.do("return page.locator('#banner a').getAttribute('href');") == "/login?next=%2Fdashboard"


def test_focus_stays_on_a_button_while_the_page_changes_around_it(own_office: Box, browser: Browser) -> None:
    browser.open(own_office, own_office.client(ADMINISTRATOR))
    browser.look("/dashboard")
    browser.do("await page.locator('[data-key=c1] button').focus();")
    figures = {
        "id": 1,
        "name": "Herbstaktion",
        "state": "running",
        "contacts": 20,
        "closed": 19,
        "agents": [],
    }
    own_office.ask("publish", event="campaign", data=figures)
    browser.do("await page.locator('[data-key=c1]', { hasText: '95,0' }).waitFor();")
    assert browser.do("return page.evaluate(() => document.activeElement.textContent);") == "Pause"


# -- uploading ------------------------------------------------------------------------------------------------------


DROP = """
  const data = await page.evaluateHandle(([name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name, { type: 'text/csv' }));
    return data;
  }, [args.name, args.text]);
  await page.dispatchEvent('.drop-zone', 'drop', { dataTransfer: data });
"""


@pytest.mark.req("GEN-040")
def test_a_file_is_dropped_checked_and_imported(own_office: Box, browser: Browser) -> None:
    browser.open(own_office, own_office.client(ADMINISTRATOR))
    browser.look("/lists/new")
    rows = "Name;Telefon;Stadt\nAda;030 23125830;Ulm\nBen;030 23125831;Bonn\nCid;4,91E+11;Köln\n"
    browser.do(DROP + "await page.waitForURL('**/lists/upload/*');", name="Frühjahr.csv", text=rows)
    assert browser.do("return page.inputValue('#f-name');") == "Frühjahr"
    assert browser.do("return page.inputValue('#role-1');") == "number"
    browser.do(
        """
        await page.getByRole('button', { name: 'Import starten' }).click();
        await page.getByText('Der Import ist fertig.').waitFor();
        """
    )
    shown = text(browser, "main")
    assert "Neue Kontakte\n2" in shown
    assert "Schadhafte Zeilen\n1" in shown
    saved = browser.do(
        """
        const link = page.getByRole('link', { name: 'Nicht übernommene Zeilen' });
        const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
        return file.suggestedFilename();
        """
    )
    assert saved.endswith(".csv")
    assert browser.said == []


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("leer.csv", "", "Die Datei ist leer."),
        ("bild.csv", "\x89PNG\r\n\x1a\n\0\0\0\0" * 20, "weder eine CSV-Datei noch"),
    ],
)
def test_a_wrong_file_is_refused_on_the_spot(
    office: Box, browser: Browser, name: str, content: str, said: str
) -> None:
    browser.open(office, office.client(ADMINISTRATOR))
    browser.look("/lists/new")
    browser.do(
        DROP + "await page.locator('#upload-mistake:not([hidden]), .note.refused').first().waitFor();",
        name=name,
        text=content,
    )
    assert said in text(browser, "main")


def test_a_file_of_a_gigabyte_never_leaves_the_browser(office: Box, browser: Browser) -> None:
    browser.open(office, office.client(ADMINISTRATOR))
    browser.look("/lists/new")
    sent = browser.do(
        """
        const sent = [];
        page.on('request', (request) => { if (request.method() === 'POST') sent.push(request.url()); });
        await page.evaluate(() => {
          const field = document.getElementById('f-file');
          const file = new File(['x'], 'riesig.csv');
          Object.defineProperty(file, 'size', { value: 1e9 });
          Object.defineProperty(field, 'files', { value: [file] });
          field.dispatchEvent(new Event('change'));
        });
        await page.locator('#upload-mistake').waitFor();
        return sent;
        """
    )
    assert sent == []
    assert "Die Datei hat 1.000 MB; höchstens 200 MB" in text(browser, "#upload-mistake")


def test_the_sentences_of_the_scripts_travel_with_the_page(office: Box) -> None:
    def words(language: str) -> dict[str, str]:
        page = office.client().get("/login", Accept_Language=language).text
        found: dict[str, str] = json.loads(unescape(page.split('name="words" content="')[1].split('"')[0]))
        return found

    assert words("de")["Choose a result."] == "Bitte ein Gesprächsergebnis wählen."
    assert words("en")["Choose a result."] == "Choose a result."
    assert set(words("de")) == set(words("en"))
