"""Recorded calls on the pages: who may hear one, what is put on record, parts of a sound, taking along, deleting."""

from __future__ import annotations

import re
from typing import Any

import pytest

from firmware.model import Role
from tests.web.box import ADMINISTRATOR, AGENT, Answer, Box, Client
from tests.web.test_roles import someone
from web_ui.permissions import MATRIX, Permission

AT = 1_790_000_100.0
"""A Monday in September 2026, in the afternoon."""
PATH = "/calls/recorded"


@pytest.fixture
def piece(own_office: Box) -> str:
    """A piece of a call that came in, one second long."""
    jonas = own_office.agents["jonas"]
    came = own_office.ask("came_in", caller="+493023125907", outcome="answered", at=AT, user_id=jonas)
    return str(own_office.ask("taped", call=came["uid"], at=AT + 5)["file"])


def plays(box: Box) -> list[tuple[str, Any]]:
    """What the log has of this piece: who, and how."""
    entries = box.ask("audit.entries", where="control.sock")["entries"]
    return [
        (each["who"], each["new"].get("how", each["new"].get("reason")))
        for each in reversed(entries)
        if each["command"].startswith("tape.")
    ]


def test_nobody_else_hears_it_and_no_other_file_is_opened(own_office: Box, piece: str) -> None:
    for who in (None, AGENT):
        client = own_office.client(who)
        assert client.get(PATH).status == (303 if who is None else 403)
        assert client.get(f"{PATH}/{piece}").status in (303, 403)
    client = own_office.client(ADMINISTRATOR)
    (own_office.folder / "state/recordings" / ("A" * 26 + ".wav")).write_bytes(b"RIFF not on record")
    for file in (
        "A" * 26 + ".wav",
        "..%2f..%2fstrowger.db",
        "%2e%2e/strowger.db",
        f"{piece}%00.wav",
        "x.wav",
    ):
        assert client.get(f"{PATH}/{file}").status == 404, file
        assert client.get(f"{PATH}/{file}/download").status == 404, file
    target = own_office.folder / "state/recordings" / piece
    target.unlink()
    target.symlink_to(own_office.folder / "state/strowger.db")
    assert client.get(f"{PATH}/{piece}").status == 404
    assert plays(own_office) == []


def test_who_cannot_be_put_on_record_hears_nothing(own_office: Box, piece: str) -> None:
    client = own_office.client(ADMINISTRATOR)
    assert own_office.service is not None
    own_office.service.stop()
    own_office.service = None
    assert client.get(f"{PATH}/{piece}").status == 503


def test_listening_is_logged_once_whatever_parts_are_asked_for(own_office: Box, piece: str) -> None:
    client = someone(own_office, Role.SUPERVISOR)
    page = client.get(PATH).text
    assert f'src="{PATH}/{piece}"' in page
    assert "wird protokolliert" in page
    assert f"{piece}/download" not in page
    whole = client.get(f"{PATH}/{piece}")
    assert (whole.status, whole.headers["content-type"]) == (200, "audio/wav")
    assert whole.headers["cache-control"] == "no-store"
    part = client.get(f"{PATH}/{piece}", Range="bytes=100-199")
    assert (part.status, part.body) == (206, whole.body[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.body)}"
    assert client.get(f"{PATH}/{piece}", Range="bytes=99999999-").status == 416
    assert client.get(f"{PATH}/{piece}/download").status == 403
    assert client.post(f"{PATH}/{piece}/remove", {"reason": "no reason"}).status == 403
    assert plays(own_office) == [("Toni Vogel", "listen")]
    other = own_office.client(ADMINISTRATOR)
    assert other.get(f"{PATH}/{piece}", Range="bytes=100-199").status == 206
    taken = other.get(f"{PATH}/{piece}/download")
    assert taken.headers["content-disposition"].startswith("attachment")
    assert plays(own_office)[1:] == [("Anna Berg", "listen"), ("Anna Berg", "download")]
    assert "Aufgezeichneter Anruf" in other.get("/audit").text


def test_a_recording_is_deleted_for_a_reason(own_office: Box, piece: str) -> None:
    client = own_office.client(ADMINISTRATOR)
    call = piece.removesuffix(".wav")
    running = own_office.ask("taped", call=call, at=AT + 9, number=2, over=False)["file"]
    page = client.get(f"{PATH}?call={call}").text
    assert "wird aufgenommen" in page
    assert f'action="{PATH}/{running}/remove"' not in page
    assert client.get(f"{PATH}/{running}").status != 200
    for file, reason in ((piece, ""), (running, "Kunde hat widersprochen")):
        client.post(f"{PATH}/{file}/remove", {"reason": reason})
        assert client.get(f"{PATH}?call={call}").text.count("<audio") == 1
    client.post(f"{PATH}/{piece}/remove", {"reason": "Kunde hat widersprochen"})
    assert "Die Aufnahme ist gelöscht." in client.get(f"{PATH}?call={call}").text
    assert not (own_office.folder / "state/recordings" / piece).exists()
    assert client.get(f"{PATH}/{piece}").status == 404
    assert plays(own_office) == [("Anna Berg", "Kunde hat widersprochen")]


def counted(client: Client, query: str) -> int:
    answer: Answer = client.get(f"{PATH}?{query}")
    assert answer.status == 200
    return answer.text.count("<audio")


def test_recordings_are_found_by_day_agent_campaign_and_number(own_office: Box, piece: str) -> None:
    client = own_office.client(ADMINISTRATOR)
    page = client.get("/campaigns/1").text
    found = re.search(r"/attempts/([0-9A-Z]{26})", page)
    assert found is not None
    own_office.ask("taped", call=found[1], at=AT + 86400.0)
    jonas, mira = own_office.agents["jonas"], own_office.agents["mira"]
    day = "day=2026-09-21"
    for query, count in (
        ("", 2), (day, 1), ("day=2026-09-22", 1), ("day=2026-09-20", 0),
        (f"agent={jonas}", 2), (f"agent={mira}", 0), ("campaign=1", 1), ("campaign=x", 2),
        ("number=030+23125907", 1), ("number=23125", 2), ("number=%25", 2), (f"call={found[1]}", 1),
    ):  # fmt: skip
        assert counted(client, query) == count, query
    wrong = client.get(f"{PATH}?day=2026-13-01")
    assert (wrong.status, "Das ist kein Tag." in wrong.text) == (422, True)
    link = f'href="{PATH}?call={found[1]}"'
    assert link in client.get(f"/attempts/{found[1]}").text
    assert "Kunde hat angerufen" in client.get(PATH).text


def test_without_figures_of_single_agents_nothing_is_listed_by_them(tmp_path: Any, furnished: Box) -> None:
    with Box.started(tmp_path, 'agent_figures = "groups"\n', like=furnished) as box:
        jonas, mira = box.agents["jonas"], box.agents["mira"]
        came = box.ask("came_in", caller="", outcome="answered", at=AT, user_id=jonas)
        box.ask("taped", call=came["uid"], at=AT)
        client = box.client(ADMINISTRATOR)
        page = client.get(f"{PATH}?agent={mira}").text
        assert page.count("<audio") == 1
        assert "Jonas Weber" not in page.split("<main")[1]
        assert 'name="agent"' not in page
        assert "Nummer unterdrückt" in page


def test_whoever_may_listen_may_see_numbers() -> None:
    assert MATRIX[Permission.TAPES] <= MATRIX[Permission.REPORTS_CALLS]
