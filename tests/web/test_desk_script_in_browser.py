"""The script at the desk in headless Chromium: by keyboard, kept over a reload, sent before the result."""

from __future__ import annotations

import time

import pytest

from tests.web.box import AGENT, Box, conversation
from tests.web.browser import Browser
from tests.web.scripted import STEPS, UID, scripted

EVIL = "<img src=x onerror=alert(1)>"


def sent(box: Box, *names: str) -> list[dict[str, object]]:
    return [entry for entry in box.ask("asked")["log"] if entry["do"] in names]


@pytest.mark.req("GEN-048", "WDE-016", "WDE-017")
def test_a_script_by_keyboard_over_a_reload_and_before_the_result(own_office: Box, browser: Browser) -> None:
    client, jonas = own_office.client(AGENT), own_office.agents["jonas"]
    greeting = {**STEPS[0], "text": f"Guten Tag {EVIL}"}
    talking = {**conversation(time.time()), **scripted(steps=[greeting, STEPS[1]])}
    own_office.ask("desk", user_id=jonas, desk=talking)
    browser.open(own_office, client)
    browser.look("/desk")
    browser.do(
        """
        await page.locator('#script h3', { hasText: 'Begrüßung' }).waitFor();
        await page.locator('#script-step', { hasText: args.evil }).waitFor();
        await page.locator('.why-called', { hasText: 'Grund dieses Anrufs: Zählerwechsel <am> 3. März' }).waitFor();
        await page.keyboard.press('Shift+F7');
        await page.keyboard.press('1');
        await page.locator('#script h3', { hasText: 'Bedarf' }).waitFor();
        await page.locator('#answer-f2').fill('12');
        await page.reload();
        await page.locator('#script h3', { hasText: 'Bedarf' }).waitFor();
        await page.waitForFunction(() => document.getElementById('answer-f2').value === '12');
        await page.keyboard.press('Shift+F6');
        await page.waitForFunction(() => document.activeElement.id === 'snippet-search');
        await page.keyboard.type('prozent preise');
        await page.waitForFunction(() => document.querySelectorAll('#snippet-list button').length === 1);
        await page.keyboard.press('Enter');
        await page.locator('#snippet-text', { hasText: 'Ab zehn Stück' }).waitFor();
        await page.locator('#b-card').click();
        await page.locator('#card-form input').nth(1).fill('Köln');
        await page.keyboard.press('Enter');
        await page.locator('#card-edit').waitFor({ state: 'hidden' });
        """,
        evil=EVIL,
    )
    own_office.ask("desk", user_id=jonas, desk={**talking, "state": "wrap_up"})
    browser.do(
        """
        await page.locator('#script-missing', { hasText: 'Größe, Angebot?' }).waitFor();
        await page.locator('#answer-f4').selectOption('no');
        await page.locator('#result').focus();
        await page.keyboard.press('1');
        await page.keyboard.press('Enter');
        await page.locator('.own-state .ready').waitFor();
        """
    )
    told = sent(own_office, "answer", "wrap_up")
    assert told[-1]["do"] == "wrap_up"
    assert told[-2]["answers"] == {"step:s1": "Ja", "f2": "12", "f4": "no"}
    assert (told[-2]["attempt"], told[-2]["path"], told[-2]["step"]) == (UID, ["s1"], "s2")
    changed = sent(own_office, "edit_contact")
    assert [(each["contact_id"], each["changes"]) for each in changed] == [(5, {"Ort": ["Bonn", "Köln"]})]
    assert browser.said == []
