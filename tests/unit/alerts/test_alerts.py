"""Alerts: each rule begins and ends once, nothing flutters, a restart takes them up, and the right people are told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware.alerts import words
from firmware.alerts.keeper import AlertKeeper
from firmware.alerts.rules import RULES
from firmware.alerts.seen import conditions
from firmware.alerts.watch import Watch
from firmware.clock import FakeClock
from firmware.config import BoxConfig, Config
from firmware.hub import Hub
from firmware.mail.sender import MailSender
from firmware.mail.smtp import Server
from firmware.model import OperatorError
from firmware.store import alerts, mail, webhooks
from firmware.store.store import Store

NOW = 1_780_000_000.0
WELL: dict[str, Any] = {"health": [], "campaigns": [], "agents": []}


def check(name: str, key: str = "", severity: str = "warning", **figures: object) -> dict[str, Any]:
    return {"check": name, "ok": not key, "severity": severity, "key": key, "figures": figures}


def campaign(**changed: object) -> dict[str, Any]:
    plain = {"id": 7, "name": "Fair", "state": "running", "mode": "power", "agents": [1, 2], "open": 5}
    return {**plain, "live_answers": 100, "abandon_rate": 0.0, "abandon_target": 0.03, **changed}


@pytest.mark.parametrize(
    ("changed", "about"),
    [
        ({"health": [check("trunk:provider", "trunk_down", trunk="provider")]}, ("trunk_down", "provider")),
        ({"health": [check("line:line1", "line_stuck")]}, ("line_stuck", "line1")),
        ({"health": [check("disk", "disk_low", free_percent=9.0)]}, ("disk_filling", "")),
        ({"health": [check("clock", "clock_implausible", "no_dialling")]}, ("clock_untrusted", "")),
        ({"health": [check("backup", "backup_late", hours=60)]}, ("backup_red", "")),
        ({"health": [check("registers", "registers_old", names="TPS")]}, ("register_old", "")),
        ({"health": [check("sip", "sip_stuck", "no_dialling", silent_s=9)]}, ("box_ill", "sip")),
        ({"campaigns": [campaign()], "agents": [{"id": 1, "state": "paused"}]}, ("nobody_ready", "7")),
        ({"campaigns": [campaign(abandon_rate=0.025)], "agents": [{"id": 2, "state": "talking"}]},
         ("abandon_near", "7")),
    ],
)  # fmt: skip
def test_each_rule_is_seen(changed: dict[str, Any], about: tuple[str, str]) -> None:
    assert list(conditions({**WELL, **changed}, ())) == [about]
    for language in ("de", "en"):
        figures = conditions({**WELL, **changed}, ())[about]
        assert "{" not in words.title(*about, figures, language)


@pytest.mark.parametrize(
    "changed",
    [
        {"health": [check("trunk:provider"), check("disk")]},
        {"health": [check("clock", "clock_not_synchronised", "note")]},
        {"health": [check("promises", "promises_late", count=3)]},
        {"campaigns": [campaign(state="paused", abandon_rate=0.5)]},
        {"campaigns": [campaign(mode="agentless")]},
        {"campaigns": [campaign(open=0)]},
        {"campaigns": [campaign(abandon_rate=0.5, live_answers=29)], "agents": [{"id": 1, "state": "ready"}]},
        {"campaigns": [campaign(abandon_rate=0.02)], "agents": [{"id": 1, "state": "ready"}]},
    ],
)
def test_what_is_no_alert(changed: dict[str, Any]) -> None:
    assert conditions({**WELL, **changed}, ()) == {}


def test_an_abandon_rate_ends_lower_than_it_began() -> None:
    seen = {**WELL, "campaigns": [campaign(abandon_rate=0.02)], "agents": [{"id": 1, "state": "ready"}]}
    about = ("abandon_near", "7")
    assert list(conditions(seen, {about})) == [about]
    assert conditions(seen, ()) == {}


@pytest.mark.parametrize("rule", RULES)
def test_an_alert_begins_and_ends_once(rule: str) -> None:
    watch, found = Watch(), {(rule, "x"): {"n": 1}}
    told = []
    for second in range(2000):
        told += [(second, each.ended) for each in watch.step(found if second < 1000 else {}, float(second))]
    assert told == [(RULES[rule].after_s, False), (1000 + RULES[rule].over_s, True)]


def test_what_comes_and_goes_quickly_is_no_alert() -> None:
    watch, about = Watch(), ("trunk_down", "a")
    for second in range(600):
        assert watch.step({about: {}} if second % 29 else {}, float(second)) == []


@given(st.lists(st.tuples(st.integers(1, 400), st.booleans()), max_size=60), st.sampled_from(sorted(RULES)))
def test_beginnings_and_ends_take_turns(looks: list[tuple[int, bool]], rule: str) -> None:
    watch, now, ended = Watch(), 0.0, [True]
    for pause, holds in looks:
        now += pause
        ended += [each.ended for each in watch.step({(rule, ""): {}} if holds else {}, now)]
    assert all(before != after for before, after in pairwise(ended))
    assert bool(watch.open_now) == (not ended[-1])


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = Store(tmp_path / "strowger.db", tmp_path / "j", pytest.fail, ballast_bytes=0)
    await opened.open()
    yield opened
    await opened.close()


def keeper(store: Store, clock: FakeClock, hub: Hub) -> AlertKeeper:
    server = Server("127.0.0.1", 9, "none")
    sender = MailSender(clock, store, server, "box@office.example", "Strowger")
    return AlertKeeper(Config(box=BoxConfig(name="Box")), clock, store, hub, sender)


async def test_everybody_is_told_once_in_his_language_over_a_restart(store: Store) -> None:
    clock = FakeClock(NOW)
    hub = Hub(clock)

    def work(conn: Any) -> None:
        alerts.add_receiver(conn, "chef@office.example", "de", [], "anna", NOW)
        alerts.add_receiver(conn, "boss@office.example", "en", ["trunk_down"], "anna", NOW)
        alerts.add_receiver(conn, "disk@office.example", "en", ["disk_filling"], "anna", NOW)
        webhooks.subscribe(conn, "https://x.example", "s", ["alert.began", "alert.ended"], None, "anna", NOW)

    await store.do(work)
    hub.publish("health", check("trunk:provider", "trunk_down", trunk="provider"))
    first = keeper(store, clock, hub)
    assert await first.look() == []
    await clock.advance(31)
    assert [change.about for change in await first.look()] == [("trunk_down", "provider")]
    await clock.advance(600)
    assert await first.look() == []
    second = keeper(store, clock, hub)
    await second.start()
    await second.stop()
    await clock.advance(600)
    assert await second.look() == []
    (found,) = await store.do(alerts.open_now)
    await store.do(lambda conn: alerts.acknowledge(conn, found.id, "Anna", clock.utc()))
    await store.do(lambda conn: alerts.acknowledge(conn, found.id, "Ben", clock.utc()))
    with pytest.raises(OperatorError):
        await store.do(lambda conn: alerts.acknowledge(conn, 99, "Ben", clock.utc()))
    hub.publish("health", check("trunk:provider"))
    await second.look()
    await clock.advance(61)
    assert [change.ended for change in await second.look()] == [True]
    (over,) = await store.do(alerts.over)
    assert (over.id, over.acknowledged_by) == (found.id, "Anna")
    subjects = {(each.recipient, each.subject) for each in await store.do(mail.latest)}
    assert subjects == {
        ("chef@office.example", "Box: Amtsleitung provider ist nicht erreichbar"),
        ("boss@office.example", "Box: Trunk provider cannot be reached"),
        ("chef@office.example", "Box: vorbei: Amtsleitung provider ist nicht erreichbar"),
        ("boss@office.example", "Box: over: Trunk provider cannot be reached"),
    }
    events = await store.do(
        lambda conn: conn.execute("SELECT event FROM webhook_event ORDER BY id").fetchall()
    )
    assert events == [("alert.began",), ("alert.ended",)]


def test_times_are_told_by_the_offices_clock() -> None:
    said = words.body("X", False, NOW, {"free_mb": 7}, ZoneInfo("Europe/Berlin"), "de")
    assert "28.05.2026, 22:26" in said
    assert "free_mb: 7" in said
