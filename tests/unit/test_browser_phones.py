"""Secrets of telephones in browsers: one page a person, known again after a restart, never kept as they are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from firmware.browser_phones import BrowserPhones, Credentials
from firmware.edge.phone_book import ha1


class Exchange:
    """Remembers what it was told; answers or not."""

    def __init__(self) -> None:
        self.wanted: dict[str, str] = {}
        self.answers = True
        self.phones: dict[str, bool] = {}

    def want_phones(self, phones: Mapping[str, str]) -> None:
        self.wanted = dict(phones)

    async def phones_known(self) -> bool:
        return self.answers


class Office:
    """A box with two desk phones."""

    def __init__(self, folder: Path) -> None:
        self.exchange = Exchange()
        self.kept = folder / "run" / "browser-phones.json"
        self.begin()

    def begin(self) -> None:
        """The service starts."""
        self.pages = BrowserPhones(self.exchange, "box.invalid", self.kept)
        self.pages.adopt({"pabc": "1", "pdef": "2"})


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


async def issue(office: Office, user: str) -> Credentials:
    given = await office.pages.issue(user)
    assert given is not None
    return given


async def test_a_page_gets_what_the_edge_will_ask_for(office: Office) -> None:
    given = await issue(office, "pabc")
    assert given.phone == "pabc-web"
    assert office.exchange.wanted == {
        "pabc": "1", "pdef": "2", "pabc-web": ha1("pabc-web", "box.invalid", given.secret)
    }  # fmt: skip
    assert office.pages.issued("pabc")
    assert not office.pages.issued("pdef")


async def test_the_newest_page_wins(office: Office) -> None:
    first, second = await issue(office, "pabc"), await issue(office, "pabc")
    assert first.secret != second.secret
    assert office.exchange.wanted["pabc-web"] == ha1("pabc-web", "box.invalid", second.secret)


async def test_a_secret_is_not_given_out_before_the_edge_knows_it(office: Office) -> None:
    office.exchange.answers = False
    assert await office.pages.issue("pabc") is None


async def test_a_page_that_left_and_a_person_who_is_gone_have_none(office: Office) -> None:
    await issue(office, "pabc")
    await issue(office, "pdef")
    office.pages.withdraw("pabc")
    office.pages.withdraw("pabc")
    assert not office.pages.issued("pabc")
    office.pages.adopt({"pabc": "1"})
    assert office.exchange.wanted == {"pabc": "1"}
    assert not office.pages.issued("pdef")


@pytest.mark.parametrize(
    ("registered", "in_browser", "reachable"),
    [({}, False, False), ({"pabc": True}, False, True), ({"pabc": False, "pabc-web": True}, True, True)],
)
def test_a_person_is_reachable_on_the_desk_or_in_a_page(
    office: Office, registered: dict[str, bool], in_browser: bool, reachable: bool
) -> None:
    office.exchange.phones = registered
    assert office.pages.in_browser("pabc") is in_browser
    assert office.pages.registered("pabc") is reachable


async def test_the_next_service_knows_the_pages_and_the_file_is_nobodys_else(office: Office) -> None:
    given = await issue(office, "pabc")
    office.begin()
    assert office.exchange.wanted["pabc-web"] == ha1("pabc-web", "box.invalid", given.secret)
    assert given.secret not in office.kept.read_text()
    assert office.kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "{", "[]", "\x00"])
def test_a_damaged_file_is_none(office: Office, content: str) -> None:
    office.kept.parent.mkdir()
    office.kept.write_text(content)
    office.begin()
    assert not office.pages.issued("pabc")


async def test_a_folder_that_cannot_be_written_costs_nothing_but_the_memory(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("")
    office = Office(tmp_path)
    assert (await issue(office, "pabc")).secret
    assert office.pages.issued("pabc")
