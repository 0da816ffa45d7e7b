"""The twenty-first step: nobody was told of anything before it, and notices go with their campaign."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from firmware.model import UserId
from firmware.store import campaigns, migrations, notices, opening
from firmware.store.notices import NoticeKind
from tests.unit.store.helpers import NOW, before, new_campaign, new_list, new_user


def test_a_box_of_the_step_before_is_brought_up(tmp_path: Path) -> None:
    path = tmp_path / "strowger.db"
    conn = before("v21", path)
    new_campaign(conn, new_list(conn, 1))
    conn.close()
    opened = opening.open_writer(path)
    assert migrations.applied(opened) == list(migrations.NAMES)
    assert notices.waiting(opened) == []
    opened.close()


def test_told_again_it_is_confirmed_again_and_only_by_oneself(conn: sqlite3.Connection) -> None:
    campaign, anna = new_campaign(conn, new_list(conn, 1)), new_user(conn)
    notices.post(conn, campaign, [anna, UserId(99)], NoticeKind.STARTED, NOW)
    (notice,) = notices.waiting(conn)
    assert (notice.user_id, notice.kind, notice.confirmed_at) == (anna, NoticeKind.STARTED, None)
    notices.confirm(conn, notice.id, UserId(99), NOW)
    assert notices.waiting(conn) == [notice]
    notices.confirm(conn, notice.id, anna, NOW + 1)
    notices.confirm(conn, notice.id, anna, NOW + 2)
    assert [each.confirmed_at for each in notices.of_campaign(conn, campaign)] == [NOW + 1]
    notices.post(conn, campaign, [anna], NoticeKind.STARTED, NOW + 3)
    assert [each.made_at for each in notices.waiting(conn)] == [NOW + 3]


def test_notices_go_with_a_draft(conn: sqlite3.Connection) -> None:
    running, anna = new_campaign(conn, new_list(conn, 1)), new_user(conn)
    draft = campaigns.create(conn, campaigns.get(conn, running).settings, NOW)
    notices.post(conn, draft, [anna], NoticeKind.LOADED, NOW)
    assert [each.campaign_id for each in notices.waiting(conn)] == [draft]
    campaigns.delete(conn, draft)
    assert notices.waiting(conn) == []


def test_words_nobody_knows_are_refused(conn: sqlite3.Connection) -> None:
    campaign, anna = new_campaign(conn, new_list(conn, 1)), new_user(conn)
    with pytest.raises(sqlite3.IntegrityError):
        conn.execute(
            "INSERT INTO campaign_notice (campaign_id, user_id, kind, made_at) VALUES (?, ?, 'guessed', 1.0)",
            (campaign, anna),
        )
