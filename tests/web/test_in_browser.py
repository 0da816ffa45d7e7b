"""People at work in headless Chromium: the first run, the desk by keyboard, uploads, pages that follow the box."""

from __future__ import annotations

import json
import time
from datetime import datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest

from tests.web.box import ADMINISTRATOR, AGENT, Box, Client, conversation
from tests.web.browser import Browser

CHOOSE = """
  await page.locator('#result').waitFor();
  await page.locator('#result').focus();
  await page.keyboard.press('1');
"""
IDLE = {"state": "ready", "attempt": None, "call": None, "wrap_up": None, "campaign": None, "history": []}


def results(box: Box) -> list[dict[str, object]]:
    """The results the service was given."""
    return [entry for entry in box.ask("asked")["log"] if entry["do"] == "wrap_up"]


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


# -- the desk -----------------------------------------------------------------------------------------------------


@pytest.fixture
def agent(own_office: Box, browser: Browser) -> Client:
    client = own_office.client(AGENT)
    browser.open(own_office, client)
    browser.look("/desk")
    return client


def connect(box: Box, browser: Browser, number: int) -> None:
    """A call comes to the agent; wait until it is on the screen."""
    talking = conversation(time.time(), name=f"Person {number}")
    box.ask(
        "desk",
        user_id=box.agents["jonas"],
        desk={**talking, "attempt": f"01K00000000000000000000{number:03d}"},
    )
    browser.do(
        "await page.locator('#callbar h2', { hasText: args.name }).waitFor();", name=f"Person {number}"
    )


@pytest.mark.req(
    "GEN-077", "WDE-002", "WDE-020", "WDE-021", "WDE-022", "WDE-023", "WDE-024", "WDE-027", "WDE-028"
)
def test_three_calls_without_a_mouse(own_office: Box, browser: Browser, agent: Client) -> None:
    browser.do(
        """
        await page.waitForFunction(() => document.querySelector('#b-log-in'));
        while (await page.evaluate(() => document.activeElement.id) !== 'b-log-in') await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.locator('.own-state .paused').waitFor();
        await page.keyboard.press('Shift+F2');
        await page.locator('.own-state .ready').waitFor();
        """
    )
    for number, key in ((1, "1"), (2, "7"), (3, "1")):
        connect(own_office, browser, number)
        browser.do(
            """
            await page.waitForFunction(() => document.activeElement.id === 'callbar');
            await page.keyboard.press('F4');
            await page.locator('#callbar .held').waitFor();
            await page.keyboard.press('F4');
            await page.locator('#callbar .bridged').waitFor();
            await page.keyboard.press('Shift+F4');
            await page.locator('#callbar .wrap_up').waitFor();
            await page.waitForFunction(() => document.activeElement.id === 'result');
            await page.keyboard.press(args.key);
            await page.waitForFunction((key) => document.activeElement.dataset.digit === key, args.key);
            await page.keyboard.press('n');
            await page.keyboard.type('Anruf ' + args.number);
            await page.keyboard.press('Shift+Tab');
            await page.keyboard.press('Enter');
            await page.locator('.own-state .ready').waitFor();
            """,
            key=key,
            number=number,
        )
    given = results(own_office)
    assert [entry["code"] for entry in given] == ["contacted", "wrong_number", "contacted"]
    assert [entry["note"] for entry in given] == ["Anruf 1", "Anruf 2", "Anruf 3"]
    assert len({entry["key"] for entry in given}) == 3
    assert browser.said == []


def test_a_callback_is_promised_by_the_clock_of_the_office(own_office: Box, browser: Browser) -> None:
    agent = own_office.client(AGENT)
    own_office.ask("desk", user_id=own_office.agents["jonas"], desk={**conversation(1.0), "state": "wrap_up"})
    browser.open(own_office, agent, zone="America/New_York")
    browser.look("/desk")
    given = browser.do(
        """
        await page.locator('#result').waitFor();
        await page.locator('#result').focus();
        await page.keyboard.press('c');
        await page.waitForFunction(() => document.activeElement.name === 'day');
        await page.getByRole('button', { name: 'morgen 16:00' }).click();
        const shown = [await page.inputValue('[name=day]'), await page.inputValue('[name=time]')];
        await page.getByRole('button', { name: 'Speichern' }).click();
        await page.locator('.own-state .ready').waitFor();
        return shown;
        """
    )
    assert given[1] == "16:00"
    at = results(own_office)[-1]["callback_at"]
    assert isinstance(at, float)
    assert datetime.fromtimestamp(at, ZoneInfo("Europe/Berlin")).isoformat()[:16] == "T".join(given)


def test_a_result_is_chosen_during_the_call_and_saved_after_it(
    own_office: Box, browser: Browser, agent: Client
) -> None:
    connect(own_office, browser, 1)
    said = browser.do(
        """
        await page.locator('#result').focus();
        await page.keyboard.press('7');
        await page.locator('#save').click();
        const said = await page.locator('#result-mistake').innerText();
        await page.locator('#b-hang-up').click();
        await page.locator('#callbar .wrap_up').waitFor();
        await page.locator('#save').click();
        await page.locator('.own-state .ready').waitFor();
        return said;
        """
    )
    assert said == "Das Gespräch läuft noch. Erst auflegen, dann speichern."
    assert results(own_office)[-1]["code"] == "wrong_number"


def test_a_reload_keeps_the_call_and_the_half_written_note(
    own_office: Box, browser: Browser, agent: Client
) -> None:
    connect(own_office, browser, 1)
    kept = browser.do(
        """
        await page.locator('#result').focus();
        await page.keyboard.press('3');
        await page.fill('#note', 'Halb geschrie');
        await page.reload();
        await page.waitForFunction(() => document.querySelector('#note').value);
        return page.evaluate(() => [document.querySelector('#note').value,
          document.querySelector('[name=code]:checked').value, document.querySelector('#callbar h2').textContent,
          !document.querySelector('#callback').hidden]);
        """
    )
    assert kept == ["Halb geschrie", "callback", "Person 1", True]


def test_the_next_contact_gets_an_empty_form(own_office: Box, browser: Browser, agent: Client) -> None:
    connect(own_office, browser, 1)
    browser.do(CHOOSE + "await page.fill('#note', 'Nur für Person 1');")
    connect(own_office, browser, 2)
    left = browser.do(
        "return [await page.inputValue('#note'), await page.locator('[name=code]:checked').count()];"
    )
    assert left == ["", 0]


def test_a_result_is_kept_until_the_box_has_it(own_office: Box, browser: Browser, agent: Client) -> None:
    jonas = own_office.agents["jonas"]
    own_office.ask("desk", user_id=jonas, desk={**conversation(1.0), "state": "wrap_up"})
    browser.do(CHOOSE)
    assert own_office.service is not None
    own_office.service.kill()
    browser.do(
        """
        await page.locator('#save').click();
        await page.locator('#kept').waitFor();
        await page.reload();
        await page.locator('#kept').waitFor();
        """
    )
    assert "aufbewahrt" in text(browser, "#kept")
    own_office.start_service()
    own_office.ask("desk", user_id=jonas, desk={**conversation(1.0), "state": "wrap_up"})
    browser.do("await page.locator('#kept').waitFor({ state: 'hidden' });")
    assert len(results(own_office)) == 1
    kept = browser.do("return page.evaluate((id) => Object.keys(localStorage), 0);")
    assert kept == []


def test_a_result_the_box_refuses_is_said_and_not_sent_for_ever(
    own_office: Box, browser: Browser, agent: Client
) -> None:
    own_office.ask("refuse", do="wrap_up", key="attempt_closed", text="closed")
    own_office.ask("desk", user_id=own_office.agents["jonas"], desk={**conversation(1.0), "state": "wrap_up"})
    browser.do(
        """
        await page.locator('#result').waitFor();
        await page.locator('#result').focus();
        await page.keyboard.press('1');
        await page.locator('#save').click();
        await page.locator('#result-mistake').waitFor();
        """
    )
    assert "schon abgeschlossen" in text(browser, "#result-mistake")
    assert browser.do("return page.evaluate(() => localStorage.getItem('strowger.pending.2'));") is None


def test_a_result_the_box_chose_by_itself_is_said(own_office: Box, browser: Browser, agent: Client) -> None:
    jonas = own_office.agents["jonas"]
    own_office.ask("desk", user_id=jonas, desk={**conversation(1.0), "state": "wrap_up"})
    browser.do("await page.locator('#result').waitFor();")
    own_office.ask("desk", user_id=jonas, desk=IDLE)
    browser.do("await page.locator('#told').waitFor();")
    assert "das automatische Ergebnis wurde gespeichert" in text(browser, "#told")
    connect(own_office, browser, 2)
    assert browser.do("return page.locator('#told').isHidden();")


def test_a_draft_is_not_left_for_the_next_person(own_office: Box, browser: Browser, agent: Client) -> None:
    connect(own_office, browser, 1)
    left = browser.do(
        """
        await page.fill('#note', 'Vertraulich');
        const before = await page.evaluate(() => Object.keys(localStorage).length);
        await page.getByRole('button', { name: 'Jonas Weber' }).click();
        await page.getByRole('button', { name: 'Abmelden' }).click();
        await page.waitForURL('**/login');
        return [before, await page.evaluate(() => Object.keys(localStorage).length)];
        """
    )
    assert left == [1, 0]


def test_the_keypad_opens_in_place_and_stays_open(own_office: Box, browser: Browser, agent: Client) -> None:
    connect(own_office, browser, 1)
    browser.do(
        """
        await page.locator('#keypad summary').click();
        for (const key of ['5', '#']) await page.locator(`#keypad [data-digits="${key}"]`).click();
        await page.keyboard.press('F4');
        await page.locator('#callbar .held').waitFor();
        if (!(await page.locator('#keypad').evaluate((each) => each.open))) throw new Error('closed');
        """
    )
    sent = [entry["digits"] for entry in own_office.ask("asked")["log"] if entry["do"] == "digits"]
    assert sent == ["5", "#"]


def test_what_a_screen_reader_hears(own_office: Box, browser: Browser, agent: Client) -> None:
    connect(own_office, browser, 1)
    assert browser.do("return page.locator('#spoken').innerText();") == "Im Gespräch, Person 1"
    assert browser.do("return page.title();").startswith("☎ ")


def test_a_refused_button_says_why(own_office: Box, browser: Browser, agent: Client) -> None:
    own_office.ask("refuse", do="log_in", key="not_in_this_state", text="no")
    browser.do("await page.locator('#b-log-in').click(); await page.locator('#refused').waitFor();")
    assert text(browser, "#refused") == "Das ist gerade nicht möglich."


def test_names_and_fields_stay_text_on_the_desk(own_office: Box, browser: Browser, agent: Client) -> None:
    evil = "<img src=x onerror=alert(1)>"
    talking = conversation(time.time(), name=evil, number=evil, fields={evil: evil})
    talking["history"] = [{"at": 1.0, "disposition": "busy", "note": evil}]
    talking["wrap_up"]["codes"][0]["label_de"] = evil
    own_office.ask("desk", user_id=own_office.agents["jonas"], desk=talking)
    browser.do("await page.locator('#callbar h2', { hasText: 'onerror' }).waitFor();")
    assert browser.do("return page.locator('main img').count();") == 0
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
        ("bild.csv", "\x89PNG\r\n\x1a\n\0\0\0\0" * 20, "keine CSV-Datei"),
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
