"""The agent's desk is light: all of it, with the telephone in it, compressed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.box import ADMINISTRATOR, AGENT, Box
from tests.web.front import Front
from tests.web.pages import IDLE
from tests.web.weight import weigh

DESK_BYTES = 250_000
PAGE_BYTES = 60_000
"""Every other page, with nothing of it in the browser yet."""


@pytest.fixture
def front(office: Box, tmp_path: Path) -> Iterator[Front]:
    front = Front(office.port, tmp_path)
    yield front
    front.stop()


def test_the_desk_and_its_telephone_weigh_a_quarter_of_a_megabyte_at_most(office: Box, front: Front) -> None:
    jonas = office.agents[AGENT[0]]
    office.talk(jonas, since=time.time())
    weights = weigh(front, "/desk", office.client(AGENT, https=True).cookies)
    office.ask("desk", user_id=jonas, desk=IDLE)
    names = {address.rsplit("/", 1)[1] for address in weights}
    assert {"desk", "strowger.css", "icons.svg", "desk.js", "phone.js", "jssip.js", "live.js"} <= names
    assert sum(weights.values()) <= DESK_BYTES, weights


@pytest.mark.parametrize("path", ["/login", "/dashboard", "/team", "/campaigns", "/reports", "/design"])
def test_other_pages_weigh_less(office: Box, front: Front, path: str) -> None:
    cookies = {} if path == "/login" else office.client(ADMINISTRATOR, https=True).cookies
    weights = weigh(front, path, cookies)
    assert sum(weights.values()) <= PAGE_BYTES, weights
