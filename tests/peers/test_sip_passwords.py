"""A trunk that asks for a password: the edge answers for the service, with a new CSeq, and knows when to give up."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from firmware.config import Secret
from firmware.model import HangupCause as Cause
from firmware.trunks.base import LegAnswered, LegEnded
from tests.peers.far_ends import sipp
from tests.peers.house import House

pytestmark = pytest.mark.peers
PASSWORD = "Tr0ub4dor-and-3"


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


@pytest.fixture
def far(house: House, tmp_path: Path) -> Iterator[tuple[str, int]]:
    """The trunk ``far`` of the house knows a user name and a password for as long as the test runs."""
    ask = house.kamailio.ask
    assert "result" in ask("htable.sets", "trunk", "far::user", "box")
    assert "result" in ask("htable.sets", "trunk", "far::password", PASSWORD)
    yield house.trunk()
    for name in ("user", "password"):
        ask("htable.delete", "trunk", f"far::{name}")


def test_the_challenge_is_answered_and_the_call_goes_on_with_the_new_numbers(
    house: House, far: tuple[str, int], tmp_path: Path
) -> None:
    with sipp("challenge", far, tmp_path, keys={"username": "box", "password": PASSWORD}, calls=1) as trunk:
        leg = house.dial()
        house.wait(leg, LegAnswered)
        assert house.hang_up(leg).cause == Cause.NORMAL
        assert trunk.wait(5) == 0, "its ACK and its BYE were understood"
    log = next(tmp_path.glob("*_messages.log")).read_text()
    numbers = [int(n) for n in re.findall(r"received.*?CSeq: (\d+) (?:INVITE|BYE)", log, re.DOTALL)]
    first = numbers[0]
    assert [n - first for n in dict.fromkeys(numbers)] == [0, 1, 2], "each request has the next number"


def test_a_password_may_contain_anything(house: House, far: tuple[str, int], tmp_path: Path) -> None:
    """SIPp itself cannot check such a password; the formula of RFC 2617 §3.2.2 can."""
    password = 'correct horse $staple@;=%23 "käse"'
    house.kamailio.ask("htable.sets", "trunk", "far::password", password)
    with sipp("challenge", far, tmp_path, keys={"username": "box", "password": "x"}):
        house.wait(house.dial(), LegEnded)
    log = next(tmp_path.glob("*_messages.log")).read_text()
    given = dict(re.findall(r'(\w+)="?([^",\r\n]+)"?', re.search(r"Authorization: (.*)", log)[1]))
    ha1, ha2 = md5(f"box:provider.example:{password}"), md5(f"INVITE:{given['uri']}")
    assert given["response"] == md5(f"{ha1}:{given['nonce']}:{given['nc']}:{given['cnonce']}:auth:{ha2}")


def test_a_wrong_password_is_our_trouble_not_the_contact_s(
    house: House, far: tuple[str, int], tmp_path: Path
) -> None:
    with sipp("challenge", far, tmp_path, keys={"username": "box", "password": "another"}):
        end = house.wait(house.dial(), LegEnded)
    assert (end.cause, end.sip_code) == (Cause.REJECTED, 403)


def test_a_trunk_without_password_passes_the_challenge_on(house: House, tmp_path: Path) -> None:
    with sipp("challenge", house.trunk(), tmp_path, keys={"username": "box", "password": "x"}):
        end = house.wait(house.dial(), LegEnded)
    assert (end.cause, end.sip_code) == (Cause.NETWORK_FAILURE, 401)


def test_secrets_of_trunks_are_pushed_like_those_of_phones(house: House) -> None:
    from firmware.edge.phone_book import trunk_calls

    trunk = replace(house.plan.trunks[0], username="box", password=Secret(PASSWORD), register=True)
    calls = trunk_calls([trunk, house.plan.trunks[1]], "192.0.2.1:5060")
    assert calls[0] == ("htable.sets", "trunk", "far::user", "box")
    assert calls[1] == ("htable.sets", "trunk", "far::password", PASSWORD)
    assert calls[2][:3] == ("uac.reg_add", "far", "box")
    assert len(calls) == 3, "nothing for a trunk known by its address"
