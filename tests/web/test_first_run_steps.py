"""The first run: mistakes, skipping and coming back, what it sets; in Chromium from the code to the sheet."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.web.box import ADMINISTRATOR, AGENT, Box, Client
from tests.web.browser import Browser
from tests.web.first_run import TO_THE_SHEET
from tests.web.test_accessible import WELL, looks
from web_ui.first_run import STEPS


@pytest.fixture
def box(tmp_path: Path, furnished: Box) -> Iterator[Box]:
    with Box.started(tmp_path, like=furnished) as made:
        yield made


def text(client: Client, path: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(client.get(path).text)))


def kept(box: Box) -> dict[str, Any]:
    file = box.folder / "state/settings.toml"
    return tomllib.loads(file.read_text()) if file.exists() else {}


TRUNK = {"name": "neu", "host": "127.0.0.1", "port": "9", "transport": "tcp", "username": "u", "password": "geheim",
         "register": "1", "lines": "4", "caller_ids": "+49 30 23125-001\n"}  # fmt: skip


def test_mistakes_stand_beside_their_fields_and_nothing_is_kept(box: Box) -> None:
    client = box.client(ADMINISTRATOR)
    wrong: list[tuple[str, dict[str, str], str]] = [
        ("language", {"name": "", "language": "de"}, "f-name"),
        ("country", {"country": "Germany", "zone": "Europe/Berlin"}, "f-country"),
        ("network", {"names": "not a name"}, "f-names"),
        ("trunk", {**TRUNK, "name": "Neu!"}, "f-name"),
        ("trunk", {**TRUNK, "port": "x"}, "f-port"),
        ("trunk", {**TRUNK, "caller_ids": "030 23125001"}, "f-caller_ids"),
        ("backup", {"folder": "/media/stick", "at": "25:00"}, "f-at"),
        ("retention", {"keep_days": "lang"}, "f-keep_days"),
    ]
    for step, typed, field in wrong:
        refused = client.post(f"/first-run/{step}", typed)
        assert refused.status == 422, step
        assert f'href="#{field}"' in refused.text, step
    assert kept(box) == {}
    assert client.get("/first-run/none").status == 404
    assert box.client(AGENT).get("/first-run").status == 403


def test_steps_are_skipped_and_come_back_to_and_changes_can_be_taken_back(box: Box) -> None:
    client = box.client(ADMINISTRATOR)
    assert client.get("/first-run").path == "/first-run/language"
    assert client.post("/first-run/language", {"skip": "1"}).path == "/first-run/owner"
    assert client.get("/first-run").path == "/first-run/owner"
    client.post("/first-run/country", {"country": "AT", "zone": "Europe/Vienna"})
    client.post("/first-run/retention", {"keep_days": "30"})
    assert kept(box) == {"box": {"country": "AT", "zone": "Europe/Vienna"}, "backup": {"keep_days": 30}}
    assert "zählt, sobald die Dienste neu gestartet sind" in text(client, "/first-run/sheet")
    client.post("/first-run/settings/undo")
    assert "backup" not in kept(box)
    client.post("/first-run/settings/apply")
    assert "startet sich nicht selbst neu" in text(client, "/first-run/sheet")
    client.post("/first-run/country", {"skip": "1"})
    box.service.kill() if box.service else None
    box.start_service()
    assert client.get("/first-run").path == "/first-run/owner", "resumed after a restart of the service"
    assert "AT, Europe/Vienna" in text(client, "/first-run/sheet")


def test_a_trunk_is_tried_in_words_and_its_password_is_nowhere_to_be_read(box: Box) -> None:
    client = box.client(ADMINISTRATOR)
    assert 'value="sip.easybell.de"' in client.get("/first-run/trunk?provider=easybell").text
    assert client.post("/first-run/trunk", TRUNK).path == "/first-run/trunk"
    assert kept(box)["trunk"][0]["caller_ids"] == ["+493023125001"]
    client.post("/first-run/trunk/try", {"name": "neu"})
    shown = client.get("/first-run/trunk").text
    assert "127.0.0.1 ist nicht erreichbar" in shown
    assert "geheim" not in shown + (box.folder / "state/settings.toml").read_text()
    client.post("/first-run/hours", {"hours": "Mon-Fri 08:00-18:00\n", "closed": "Wir haben geschlossen."})
    client.post("/first-run/greeting", {"greeting": "Guten Tag."})
    rule = kept(box)["inbound"][0]
    assert (rule["name"], rule["hours"], rule["greeting"]) == (
        "office",
        ["Mon-Fri 08:00-18:00"],
        "Guten Tag.",
    )


@pytest.mark.web
def test_the_first_run_from_the_set_up_code_to_the_sheet(new_box: Box, browser: Browser) -> None:
    browser.open(new_box)
    browser.look("/setup")
    browser.do(
        """
        for (const [name, value] of Object.entries(args.typed)) await page.fill(`#f-${name}`, value);
        await page.getByRole('button', { name: 'Anlage einrichten' }).click();
        await page.waitForURL('**/dashboard');
        """,
        typed={"code": new_box.setup_code, "name": "Anna Berg", "login": "anna",
               "password": ADMINISTRATOR[1], "again": ADMINISTRATOR[1]},
    )  # fmt: skip
    browser.do(TO_THE_SHEET, steps=len(STEPS))
    assert browser.do("return page.url();").endswith("/first-run/sheet")
    pages = [*(f"/first-run/{step}" for step in STEPS), "/first-run/trunk?provider=telekom", "/label"]
    assert {path: seen for path in pages if (seen := looks(browser, path)) != WELL} == {}
    assert browser.said == []
