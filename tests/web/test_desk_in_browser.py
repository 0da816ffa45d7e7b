"""The agent's desk in headless Chromium: by keyboard, across reloads and restarts, and with nothing lost."""

from __future__ import annotations

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.web.box import AGENT, Box, Client, conversation, record
from tests.web.browser import Browser
from web_ui.desk_keys import DELIVERED

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


@pytest.mark.req("WDE-002", "WDE-020")
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


@pytest.mark.req("GEN-077")
def test_without_a_result_the_call_is_not_done(own_office: Box, browser: Browser, agent: Client) -> None:
    jonas = own_office.agents["jonas"]
    own_office.ask("desk", user_id=jonas, desk={**conversation(1.0), "state": "wrap_up"})
    said = browser.do(
        """
        await page.locator('#result').waitFor();
        await page.locator('#save').click();
        return page.locator('#result-mistake').innerText();
        """
    )
    assert said == "Bitte ein Gesprächsergebnis wählen."
    assert results(own_office) == []


def test_who_wants_no_more_calls_needs_no_other_result(
    own_office: Box, browser: Browser, agent: Client
) -> None:
    desk = {**conversation(1.0), "state": "wrap_up"}
    blocked = {"code": "never", "digit": 9, "label_en": "x", "label_de": "x", "disposition": "do_not_call"}
    desk["wrap_up"]["codes"].append(blocked)
    own_office.ask("desk", user_id=own_office.agents["jonas"], desk=desk)
    browser.do(
        """
        await page.locator('#result').waitFor();
        await page.getByLabel('Diese Person nicht mehr anrufen').check();
        await page.locator('#save').click();
        await page.locator('.own-state .ready').waitFor();
        """
    )
    given = results(own_office)[-1]
    assert (given["code"], given["do_not_call"]) == ("never", True)


@pytest.mark.req("WDE-027")
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


def test_the_keypad_stays_open_and_a_key_of_ones_own_holds_the_call(
    own_office: Box, browser: Browser, agent: Client
) -> None:
    agent.post("/desk/keys", {**DELIVERED, "hold": "F10", "park": "Z"})
    browser.look("/desk")
    connect(own_office, browser, 1)
    browser.do(
        """
        await page.locator('#keypad summary').click();
        for (const key of ['5', '#']) await page.locator(`#keypad [data-digits="${key}"]`).click();
        await page.keyboard.press('F10');
        await page.locator('#callbar .held').waitFor();
        if (!(await page.locator('#keypad').evaluate((each) => each.open))) throw new Error('closed');
        await page.locator('#result').focus();
        await page.keyboard.press('z');
        await page.waitForFunction(() => document.activeElement.id === 'note');
        """
    )
    parked = browser.do(
        "return page.evaluate(() => [document.querySelector('[name=code]:checked').value,"
        " document.querySelector('[name=kind]:checked').value, document.querySelector('#desk').dataset.tone]);"
    )
    assert parked == ["callback", "personal", "call"]
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


@pytest.mark.req("GEN-001", "GEN-002")
def test_a_record_is_looked_at_skipped_given_back_and_dialled_without_a_mouse(
    own_office: Box, browser: Browser, agent: Client
) -> None:
    jonas = own_office.agents["jonas"]

    def offer(contact: int, **more: object) -> None:
        shown = record(time.time(), contact_id=contact, name=f"Person {contact}", **more)
        own_office.ask("desk", user_id=jonas, desk=shown)
        browser.do(
            """
            await page.locator('#callbar h2', { hasText: args.name }).waitFor();
            await page.waitForFunction(() => document.activeElement.id === 'callbar');
            """,
            name=f"Person {contact}",
        )

    offer(1, dials_at=time.time() + 9)
    browser.do(
        """
        await page.waitForFunction(() => /wählt in \\d+ Sekunden/.test(document.getElementById('spoken').textContent));
        await page.locator('#b-wait').click();
        await page.locator('#b-wait').waitFor({ state: 'detached' });
        await page.keyboard.press('F8');
        await page.waitForFunction(() => document.activeElement.dataset.reason === 'later');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.locator('.own-state .ready').waitFor();
        """
    )
    offer(2)
    browser.do(
        """
        await page.keyboard.press('Shift+F8');
        await page.locator('.own-state .ready').waitFor();
        """
    )
    offer(3)
    browser.do(
        """
        await page.reload();
        await page.locator('#callbar h2', { hasText: 'Person 3' }).waitFor();
        await page.keyboard.press('F2');
        await page.locator('#b-hang-up').waitFor();
        """
    )
    log = own_office.ask("asked")["log"]
    done = [entry["do"] for entry in log if entry["do"] in ("wait", "skip", "reject", "dial")]
    assert done == ["wait", "skip", "reject", "dial"]
    assert [entry["reason"] for entry in log if entry["do"] == "skip"] == ["number"]
    assert browser.said == []


def test_a_number_is_typed_and_a_refusal_stands_beside_it(
    own_office: Box, browser: Browser, agent: Client
) -> None:
    free = {**IDLE, "by_hand": [{"id": 1, "name": "Herbstaktion"}]}
    own_office.ask("desk", user_id=own_office.agents["jonas"], desk=free)
    own_office.ask("refuse", do="dial_number", key="call_refused", text="no", figures={"rule": "dnc"})
    said = browser.do(
        """
        await page.locator('#by-hand').waitFor();
        await page.locator('#by-hand-number').fill('030 23125077');
        await page.keyboard.press('Enter');
        await page.locator('#by-hand-mistake').waitFor();
        return [await page.locator('#by-hand-mistake').innerText(), await page.inputValue('#by-hand-number')];
        """
    )
    assert "Auf einer Sperrliste" in said[0]
    assert said[1] == "030 23125077"


@pytest.mark.parametrize(
    "link", ["tel:+49-30-23125077;phone-context=x", "+49-30-23125077", "+49-30<b>-23125077"]
)
def test_a_number_of_another_page_is_filled_in_and_not_dialled(
    own_office: Box, browser: Browser, agent: Client, link: str
) -> None:
    free = {**IDLE, "by_hand": [{"id": 1, "name": "Herbstaktion"}]}
    own_office.ask("desk", user_id=own_office.agents["jonas"], desk=free)
    stands = browser.do(
        """
        await page.goto('/desk?call=' + encodeURIComponent(args.link));
        await page.waitForFunction(() => document.activeElement.id === 'by-hand-number');
        return [await page.inputValue('#by-hand-number'), page.url()];
        """,
        link=link,
    )
    assert stands[0] == "+49-30-23125077"
    assert stands[1].endswith("/desk")
    assert not [entry for entry in own_office.ask("asked")["log"] if entry["do"] == "dial_number"]
    assert browser.said == []
