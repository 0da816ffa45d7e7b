"""The supervisor's page as values, and who else was in a call as the page of an attempt tells it."""

from __future__ import annotations

from typing import Any

import pytest

from firmware.model import AttemptUid, PartyKind, PartyResult, UserId
from firmware.store.company_reports import Company
from firmware.store.parties import CallStep, MonitoringRow, Party
from web_ui import team_view
from web_ui.language import Languages
from web_ui.live import Picture
from web_ui.pages import fragment

NOW = 1_800_000_000.0


def agent(**more: Any) -> dict[str, Any]:
    known = {
        "id": 1,
        "name": "Anna",
        "state": "ready",
        "since": NOW,
        "phone_registered": True,
        "monitors": [],
    }
    return {**known, **more}


def picture(**more: Any) -> Picture:
    campaigns = {3: {"id": 3, "name": "Herbst", "state": "running", "abandon_target": 0.03}}
    return Picture(at=NOW, agents={1: agent(**more)}, campaigns=campaigns, calls={"a": {"attempt": "a"}})


@pytest.mark.parametrize(
    ("state", "force"),
    [
        ("logged_out", ()),
        ("ready", ("paused", "logged_out")),
        ("paused", ("ready", "logged_out")),
        ("talking", ("paused", "logged_out")),
        ("wrap_up", ("ready", "paused", "logged_out")),
    ],
)
def test_only_what_makes_sense_is_offered(state: str, force: tuple[str, ...]) -> None:
    (row,) = team_view.rows(picture(state=state), 9)
    assert row.force == force
    assert not row.can_join


def test_a_call_can_be_joined_and_ones_own_way_is_marked() -> None:
    talking = {"state": "talking", "party": "first", "attempt": "a", "campaign_id": 3}
    (row,) = team_view.rows(picture(**talking, monitors=[{"id": 9, "name": "S", "kind": "listen"}]), 9)
    assert (row.can_join, row.mine, row.campaign) == (True, "listen", "Herbst")
    (row,) = team_view.rows(picture(**talking, monitors=[{"id": 8, "name": "S", "kind": "listen"}]), 9)
    assert row.mine == ""


def test_who_needs_somebody() -> None:
    language = Languages("Europe/Berlin", "de").get("en")
    assert team_view.needs(picture(), language) == []
    raised = team_view.needs(picture(hand=NOW, state="wrap_up", since=NOW - 121), language)
    assert [(each.text, each.grave) for each in raised] == [
        ("Anna asks you to come.", True),
        ("Anna has been in wrap-up for long.", False),
    ]
    gone = team_view.needs(picture(phone_registered=False), language)
    assert [each.text for each in gone] == ["The telephone of Anna is gone."]


def test_the_page_of_an_attempt_tells_who_else_was_there() -> None:
    uid = AttemptUid("01" * 13)
    part = Party(
        f"{uid}-1", uid, PartyKind.AGENT, "Bernd", UserId(2), None, UserId(1), False, NOW, NOW, NOW, NOW,
        PartyResult.CUSTOMER_LEFT, "contacted", "<b>gut</b>", "k",
    )  # fmt: skip
    steps = [CallStep(NOW, "ask", UserId(1), "Bernd"), CallStep(NOW, "customer_left", None, "")]
    monitor = MonitoringRow(UserId(3), UserId(1), uid, "whisper", True, NOW, NOW + 65, "supervisor")
    names = {UserId(1): "Anna", UserId(2): "Bernd", UserId(3): "Sven"}
    language = Languages("Europe/Berlin", "de").get("en")
    html = fragment("attempt_company", language, company=Company([part], steps, [monitor], names, []))
    text = " ".join(html.split())
    for said in ("Anna asked in Bernd", "the customer hung up", "Sven, Whisper, 65 seconds", "&lt;b&gt;gut"):
        assert said in text
