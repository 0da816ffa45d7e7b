"""Every part of every address says what it names, and a live picture holds nothing of other departments."""

from __future__ import annotations

import json

import pytest

from firmware.model import DepartmentId
from firmware.store.scope_reports import KEYS
from tests.web.routes import every_route
from web_ui import scopes
from web_ui.api.nouns import ENDPOINTS
from web_ui.live import Picture
from web_ui.narrow import Sight, picture_for
from web_ui.permissions import Permission

ASKED = [(route.path, scopes.ROUTES) for route in every_route()]
ASKED += [(endpoint.path, scopes.ENDPOINTS) for endpoint in ENDPOINTS]


@pytest.mark.req("ENR-111")
def test_every_address_with_a_thing_in_it_says_what_the_thing_is() -> None:
    known = {scopes.NOTHING, scopes.UNGUESSABLE, scopes.FILE, scopes.BOX, *KEYS}
    for path, places in ASKED:
        assert path.count("<") + path.count("{") >= len(scopes.parameters(path)), path
        try:
            kinds = scopes.kinds_of(path, places)
        except KeyError as error:
            raise AssertionError(f"say in web_ui/scopes.py what {error} of {path} names") from error
        assert set(kinds.values()) <= known, path


def test_every_parameter_is_found() -> None:
    for path, _ in ASKED:
        wanted = path.replace("{20,86}", "").count("<") or path.count("{")
        assert len(scopes.parameters(path)) == wanted, path


def test_a_page_nobody_told_of_shows_nothing() -> None:
    class Nobody:
        """Is never asked."""

    found = scopes.finding("GET", "/novelties/<number:int>", {"number": 1}, Nobody())  # type: ignore[arg-type]
    assert found is scopes.Finding.MISSING
    with pytest.raises(KeyError):
        scopes.kinds_of("/campaigns/<novelty>")


def test_no_department_looks_after_the_box() -> None:
    scope = frozenset({DepartmentId(1)})
    for permission in Permission:
        assert scopes.may(None, permission)
        assert scopes.may(scope, permission) == (permission not in scopes.WHOLE_BOX)


def test_the_picture_of_one_department_holds_nothing_of_another() -> None:
    whole = Picture(
        version=7,
        box={"dialling": True},
        agents={
            1: {"id": 1, "name": "Jonas", "campaign_id": 11, "attempt": "MINE", "offer": None},
            2: {"id": 2, "name": "Zweitkram", "campaign_id": 22, "attempt": "THEIRS"},
            3: {
                "id": 3, "name": "Springer", "campaign_id": 22, "attempt": "THEIRS", "party": "first",
                "monitors": [{"name": "Zweitkram"}], "offer": {"campaign_id": 22},
            },
        },
        calls={
            "MINE": {"attempt": "MINE", "campaign_id": 11, "agent_id": 1, "with": []},
            "SHARED": {"attempt": "SHARED", "campaign_id": 11, "agent_id": 2, "with": ["Zweitkram"]},
            "THEIRS": {"attempt": "THEIRS", "campaign_id": 22, "name": "Zweitkram"},
            "CAME": {"attempt": "CAME", "campaign_id": None, "incoming": {"rule": "own"}},
            "CAME2": {"attempt": "THEIRS", "campaign_id": None, "incoming": {"rule": "other"}},
        },
        campaigns={11: {"id": 11, "name": "Vertrieb"}, 22: {"id": 22, "name": "Zweitkram"}},
        imports={"a": {"list_id": 5}, "b": {"list_id": 6, "name": "Zweitkram"}, "c": {"list_id": None}},
        dry_runs={11: {"campaign_id": 11}, 22: {"campaign_id": 22}},
        phones={"p": {"name": "Zweitkram"}},
        trials={"1": {"name": "Zweitkram"}},
        queues={
            "own": {"name": "own", "campaign_id": None}, "by": {"campaign_id": 11},
            "other": {"name": "Zweitkram", "campaign_id": 22},
        },
        trunks={"provider": {"name": "provider", "up": True}},
    )  # fmt: skip
    sight = Sight(frozenset({11}), frozenset({1, 3}), frozenset({5}), frozenset({"own"}))
    seen = picture_for(whole, sight, frozenset({DepartmentId(4)}))
    told = json.dumps([dict(seen.agents), dict(seen.calls), dict(seen.campaigns), dict(seen.imports)])
    assert "Zweitkram" not in told
    assert "THEIRS" not in told
    assert (sorted(seen.agents), sorted(seen.calls), sorted(seen.campaigns)) == (
        [1, 3],
        ["CAME", "MINE", "SHARED"],
        [11],
    )
    assert sorted(seen.queues) == ["by", "own"]
    assert (sorted(seen.imports), sorted(seen.dry_runs)) == (["a", "c"], [11])
    assert (seen.phones, seen.trials) == ({}, {})
    assert (seen.trunks, seen.box, seen.version) == (whole.trunks, whole.box, 7)
    assert seen.agents[1] == whole.agents[1]
    assert seen.seen_by != whole.seen_by
