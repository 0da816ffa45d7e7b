"""The hub: what is refused, what is told, what is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firmware.clock import FakeClock
from firmware.hub import Hub


@pytest.fixture
def hub() -> Hub:
    return Hub(FakeClock(1_790_000_000.5))


def listen(hub: Hub) -> list[dict[str, Any]]:
    heard: list[dict[str, Any]] = []
    hub.subscribe(lambda line: heard.append(json.loads(line)))
    return heard


@pytest.mark.parametrize(
    ("event", "data", "error"),
    [
        ("weather", {"id": 1}, KeyError),
        ("agent", {"name": "no id"}, KeyError),
        ("agent", {"id": 1, "value": float("nan")}, ValueError),
        ("agent", {"id": 1, "value": object()}, TypeError),
    ],
)
def test_what_cannot_be_published_changes_nothing(hub: Hub, event: str, data: Any, error: type) -> None:
    heard = listen(hub)
    with pytest.raises(error):
        hub.publish(event, data)
    assert heard == []
    assert hub.snapshot()["agents"] == []


def test_only_changes_are_told(hub: Hub) -> None:
    heard = listen(hub)
    assert hub.publish("agent", {"id": 1, "state": "ready"})
    assert not hub.publish("agent", {"id": 1, "state": "ready"})
    assert hub.publish("agent", {"id": 1, "state": "paused"})
    assert [event["data"]["state"] for event in heard] == ["ready", "paused"]
    assert heard[0] == {"event": "agent", "at": 1_790_000_000.5, "data": {"id": 1, "state": "ready"}}


def test_later_changes_to_the_mapping_do_not_leak_in(hub: Hub) -> None:
    agent = {"id": 1, "calls": [1]}
    hub.publish("agent", agent)
    agent["calls"].append(2)  # type: ignore[attr-defined]
    assert hub.snapshot()["agents"] == [{"id": 1, "calls": [1]}]


def test_a_removed_part_is_told_by_its_key(hub: Hub) -> None:
    hub.publish("call", {"attempt": "A", "state": "ringing"})
    heard = listen(hub)
    assert hub.remove("call", "A")
    assert not hub.remove("call", "A")
    assert [event["data"] for event in heard] == [{"attempt": "A", "removed": True}]
    assert hub.snapshot()["calls"] == []


def test_the_snapshot_has_every_list_from_the_start(hub: Hub) -> None:
    hub.publish("box", {"name": "Büro"})
    assert hub.snapshot() == {
        "at": 1_790_000_000.5,
        "box": {"name": "Büro"},
        "agents": [],
        "calls": [],
        "campaigns": [],
        "health": [],
        "trunks": [],
        "lines": [],
        "line_jobs": [],
        "phones": [],
        "machine": [],
        "trials": [],
        "imports": [],
        "dry_runs": [],
        "queues": [],
    }


def test_leaving_is_idempotent(hub: Hub) -> None:
    heard: list[bytes] = []
    _, leave = hub.subscribe(heard.append)
    leave()
    leave()
    hub.publish("box", {"name": "x"})
    assert (heard, hub.subscribers) == ([], 0)
