"""External scrub services: without a fresh answer nobody is called, and the refusal says why."""

from __future__ import annotations

import sqlite3

import pytest

from firmware.model import OperatorError, Refusal
from firmware.store import campaigns, claims, dnc, scrub
from firmware.store.scrub import ScrubAnswer, ScrubService
from tests.unit.store.helpers import NOW, claim, new_campaign, new_list, number, permit

KEEP_S = 3600.0


@pytest.fixture
def service(conn: sqlite3.Connection) -> int:
    """A DNC list that stands for a service."""
    list_id = dnc.create_list(conn, "Gryphon", NOW)
    scrub.put(conn, ScrubService(list_id, "http://127.0.0.1:9/", "t", 5.0, KEEP_S))
    return list_id


def test_a_service_needs_a_list(conn: sqlite3.Connection) -> None:
    with pytest.raises(OperatorError, match="no DNC list 9"):
        scrub.put(conn, ScrubService(9, "http://127.0.0.1:9/", "", 5.0, KEEP_S))


@pytest.mark.req("GEN-073")
def test_nobody_is_called_without_an_answer(conn: sqlite3.Connection, service: int) -> None:
    campaign = new_campaign(conn, new_list(conn, 3), [service])
    assert claim(conn, campaign, 3).claims == []
    assert sorted(scrub.wanted(conn, service, 10)) == [number(i) for i in range(3)]
    assert campaigns.get(conn, campaign).counters.refused == {"scrub_unanswered": 3}
    scrub.keep(conn, service, [ScrubAnswer(number(0), False), ScrubAnswer(number(1), True)], NOW + 1)
    assert scrub.wanted(conn, service, 10) == [number(2)]
    later = claim(conn, campaign, 3, NOW + scrub.ASK_AGAIN_S)
    assert [made.number for made in later.claims] == [number(0)]
    assert conn.execute("SELECT closed_reason FROM contact WHERE number = ?", (493023125001,)).fetchone() == (
        "dnc",
    )


@pytest.mark.req("GEN-073")
def test_an_old_answer_is_no_answer(conn: sqlite3.Connection, service: int) -> None:
    campaign = new_campaign(conn, new_list(conn, 1), [service])
    scrub.keep(conn, service, [ScrubAnswer(number(0), False, "mobile")], NOW)
    assert claim(conn, campaign, 1, NOW + KEEP_S).claims == []
    assert scrub.wanted(conn, service, 10) == [number(0)]
    (told,) = scrub.answers_for(conn, number(0))
    assert (told[0], told[1].line_type, told[2]) == ("Gryphon", "mobile", NOW)


def test_a_call_by_hand_waits_for_the_answer_too(conn: sqlite3.Connection, service: int) -> None:
    list_id = new_list(conn, 1)
    campaign = campaigns.get(conn, new_campaign(conn, list_id, [service]))
    (contact,) = conn.execute("SELECT id FROM contact").fetchone()
    looked = claims.judge_contact(conn, campaign, contact, NOW, permit)
    assert isinstance(looked, tuple)
    assert scrub.wanted(conn, service, 10) == []
    refused = claims.claim_contact(conn, campaign, contact, NOW, permit, move=False)
    assert isinstance(refused, Refusal)
    assert (refused.rule, refused.figures) == ("scrub_unanswered", {"list": "Gryphon"})
    assert scrub.wanted(conn, service, 10) == [number(0)]


def test_a_list_that_goes_takes_its_service_along(conn: sqlite3.Connection, service: int) -> None:
    scrub.keep(conn, service, [ScrubAnswer(number(0), True)], NOW)
    dnc.delete_list(conn, service, NOW)
    assert scrub.services(conn) == []
    assert scrub.answers_for(conn, number(0)) == []
