"""Campaigns, contact lists, users, sessions, settings and the logs: wrong use first."""

from __future__ import annotations

import sqlite3

import pytest

from firmware.model import (
    AgentState,
    CallWindow,
    CampaignId,
    CampaignSettings,
    CampaignState,
    ContactListId,
    DiallingMode,
    Disposition,
    OperatorError,
    PhoneMode,
    RetryRule,
    Role,
    UserId,
    WrapUpCode,
)
from firmware.store import (
    agent_log,
    attempts,
    campaigns,
    contacts,
    list_imports,
    pacing_log,
    sessions,
    settings,
    settings_json,
    users,
)
from tests.unit.store.helpers import NOW, broken_invariants, claim, new_campaign, new_list, new_user, number

FULL = CampaignSettings(
    name="Spring",
    contact_list_id=None,
    mode=DiallingMode.PROGRESSIVE,
    windows=(CallWindow(0, 540, 1080),),
    retry={Disposition.BUSY: RetryRule(600.0, 3)},
    wrap_up_codes=(WrapUpCode("sale", 1, "Sale", "Verkauf", Disposition.CONTACTED),),
    dnc_list_ids=(1,),
    agent_ids=(UserId(4),),
)


def test_settings_come_back_as_they_went_in() -> None:
    assert settings_json.from_json(settings_json.to_json(FULL)) == FULL


def test_settings_of_another_version_are_still_read() -> None:
    assert settings_json.from_json('{"name": "old", "a_setting_of_tomorrow": 3}') == CampaignSettings("old")


def test_an_unknown_campaign_is_refused_in_words(conn: sqlite3.Connection) -> None:
    for use in (
        lambda: campaigns.get(conn, CampaignId(9)),
        lambda: campaigns.update(conn, CampaignId(9), FULL, NOW),
        lambda: campaigns.set_state(conn, CampaignId(9), CampaignState.RUNNING, NOW),
        lambda: campaigns.counters(conn, CampaignId(9)),
    ):
        with pytest.raises(OperatorError, match="no campaign 9"):
            use()


def test_only_a_draft_is_deleted(conn: sqlite3.Connection) -> None:
    running = new_campaign(conn, new_list(conn, 1))
    with pytest.raises(OperatorError, match="Only a draft"):
        campaigns.delete(conn, running)
    draft = campaigns.create(conn, FULL, NOW)
    campaigns.delete(conn, draft)
    assert [c.id for c in campaigns.every(conn)] == [running]


def test_a_campaigns_life(conn: sqlite3.Connection) -> None:
    campaign = campaigns.create(conn, FULL, NOW)
    assert campaigns.get(conn, campaign).state is CampaignState.DRAFT
    assert campaigns.running(conn) == []
    for state, at in (("running", 1.0), ("paused", 2.0), ("running", 3.0), ("finished", 4.0)):
        campaigns.set_state(conn, campaign, CampaignState(state), NOW + at)
    found = campaigns.get(conn, campaign)
    assert (found.started_at, found.ended_at, found.settings) == (NOW + 1, NOW + 4, FULL)
    assert campaigns.get(conn, campaign).counters.contacts == 0


def test_a_list_keeps_each_number_once(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 3)
    again = [contacts.NewContact(number(i), "again") for i in (1, 2, 3, 3)]
    assert contacts.add(conn, list_id, again) == contacts.Added(new=1, duplicate=3)
    assert contacts.counts(conn, list_id).contacts == 4


@pytest.mark.parametrize("bad", ["", "+", "0301234", "+49 30", "+٤٩٣٠", "+1234567890123456", "49301"])
def test_what_is_not_e164_is_not_stored(conn: sqlite3.Connection, bad: str) -> None:
    list_id = new_list(conn, 1)
    with pytest.raises(ValueError, match="not an E"):
        contacts.add(conn, list_id, [contacts.NewContact(bad)])


def test_nothing_is_added_to_a_list_that_is_gone(conn: sqlite3.Connection) -> None:
    with pytest.raises(OperatorError, match="no contact list 5"):
        contacts.add(conn, ContactListId(5), [])
    gone = new_list(conn, 1)
    contacts.delete_list(conn, gone, NOW)
    with pytest.raises(OperatorError, match="no contact list"):
        contacts.add(conn, gone, [])


def test_a_list_being_filled_is_out_of_sight_until_shown(conn: sqlite3.Connection) -> None:
    begun, given_up = contacts.begin_list(conn, "a", NOW), contacts.begin_list(conn, "b", NOW)
    for list_id in (begun, given_up):
        contacts.add(conn, list_id, [contacts.NewContact(number(1))])
    assert not contacts.exists(conn, begun)
    contacts.show_list(conn, begun)
    assert contacts.exists(conn, begun)
    with pytest.raises(OperatorError, match="no contact list"):
        contacts.show_list(conn, begun)
    assert not contacts.purge(conn)
    assert contacts.drop_begun(conn, NOW) == 1
    assert contacts.purge(conn)
    assert (contacts.counts(conn, begun).contacts, contacts.counts(conn, given_up).contacts) == (1, 0)


def test_a_list_in_use_is_not_deleted(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 2)
    campaign = new_campaign(conn, list_id)
    with pytest.raises(OperatorError, match="uses this list"):
        contacts.delete_list(conn, list_id, NOW)
    call = claim(conn, campaign).claims[0]
    campaigns.set_state(conn, campaign, CampaignState.STOPPED, NOW)
    with pytest.raises(OperatorError, match="being called"):
        contacts.delete_list(conn, list_id, NOW)
    attempts.dispose(conn, call.attempt_uid, Disposition.BUSY, NOW, None)
    contacts.delete_list(conn, list_id, NOW)
    assert contacts.purge(conn, 1)
    assert contacts.purge(conn, 5)
    assert not contacts.purge(conn)
    assert contacts.get(conn, call.contact_id) is None
    kept = attempts.get(conn, call.attempt_uid)
    assert (kept.number, kept.name, kept.permit.number) == (number(0), "", number(0))
    assert contacts.counts(conn, list_id).contacts == 0


def test_contact_ids_are_never_used_twice(conn: sqlite3.Connection) -> None:
    first = new_list(conn, 2)
    contacts.delete_list(conn, first, NOW)
    contacts.purge(conn)
    new_list(conn, 1)
    assert conn.execute("SELECT min(id) FROM contact").fetchone() == (3,)


def test_a_login_belongs_to_one_active_user(conn: sqlite3.Connection) -> None:
    anna = new_user(conn, "anna")
    bert = new_user(conn, "bert")
    with pytest.raises(OperatorError, match="ANNA"):
        new_user(conn, "ANNA")
    with pytest.raises(OperatorError, match="anna"):
        users.update(conn, bert, login="anna")
    users.update(conn, anna, login="Anna")
    users.remove(conn, anna)
    assert new_user(conn, "anna") != anna
    assert users.get(conn, anna) is not None


def test_a_column_that_is_not_changeable_is_refused(conn: sqlite3.Connection) -> None:
    user = new_user(conn)
    with pytest.raises(ValueError, match="id = 1; DROP"):
        users.update(conn, user, **{"id = 1; DROP TABLE user": "x"})
    with pytest.raises(OperatorError, match="no user 99"):
        users.update(conn, UserId(99), name="x")


def test_a_removed_user_loses_phone_and_sessions(conn: sqlite3.Connection) -> None:
    new = users.NewUser("c", "C", Role.AGENT, "scrypt$", "de", "p-7f3a", "ha1", PhoneMode.NAILED_UP)
    user = users.create(conn, new, NOW)
    sessions.create(conn, "hash", user, NOW, 3600)
    assert users.by_phone(conn, "p-7f3a") == users.get(conn, user)
    users.remove(conn, user)
    assert sessions.get(conn, "hash") is None
    assert users.by_phone(conn, "p-7f3a") is None
    assert users.by_login(conn, "c") is None
    assert [u.active for u in users.every(conn, removed=True)] == [False]
    assert users.every(conn) == []


def test_secrets_do_not_show_in_a_users_text(conn: sqlite3.Connection) -> None:
    new = users.NewUser("c", "C", Role.AGENT, "scrypt$secret", "de", "p", "ha1secret")
    users.create(conn, new, NOW)
    assert "secret" not in repr(users.by_login(conn, "c"))


def test_sessions_end(conn: sqlite3.Connection) -> None:
    user = new_user(conn)
    sessions.create(conn, "a", user, NOW, 60)
    assert sessions.touch(conn, "a", NOW + 59)
    assert not sessions.touch(conn, "a", NOW + 60)
    assert not sessions.touch(conn, "b", NOW)
    sessions.create(conn, "b", user, NOW + 61, 60)
    assert sessions.get(conn, "a") is None
    sessions.close(conn, "b")
    assert sessions.get(conn, "b") is None
    sessions.create(conn, "c", user, NOW, 60)
    sessions.close_all(conn, user)
    assert sessions.get(conn, "c") is None


def test_settings_are_json(conn: sqlite3.Connection) -> None:
    assert settings.get(conn, "nothing", 7) == 7
    settings.put(conn, "box", {"ä": [1, None]})
    settings.put(conn, "box", {"ä": [2, None]})
    assert settings.every(conn) == {"box": {"ä": [2, None]}}
    settings.remove(conn, "box")
    assert settings.every(conn) == {}


def test_time_in_each_state_adds_up(conn: sqlite3.Connection) -> None:
    user = new_user(conn)
    for at, state in ((0, AgentState.READY), (100, AgentState.TALKING), (160, AgentState.READY)):
        agent_log.note(conn, user, NOW + at, state)
    assert agent_log.spent(conn, user, NOW + 50, NOW + 200) == {
        AgentState.READY: 90.0,
        AgentState.TALKING: 60.0,
    }
    assert agent_log.spent(conn, user, NOW - 50, NOW) == {}
    assert agent_log.since(conn, user, NOW + 120)[0].state is AgentState.TALKING


def test_the_pacing_log_is_pruned_in_portions(conn: sqlite3.Connection) -> None:
    for i in range(5):
        pacing_log.note(conn, CampaignId(1), NOW + i, i, "one_call_per_ready_agent", {"ready": i})
    assert [n.starts for n in pacing_log.latest(conn, CampaignId(1), 2)] == [4, 3]
    assert pacing_log.latest(conn, CampaignId(1))[0].figures == {"ready": 4}
    assert [pacing_log.prune(conn, NOW + 4, 3) for _ in range(3)] == [3, 1, 0]


def test_imports_are_remembered(conn: sqlite3.Connection) -> None:
    list_id = new_list(conn, 2)
    made = list_imports.begin(conn, list_id, "a.csv", "anna", NOW)
    list_imports.finish(conn, made, list_imports.Brought(4, 2, 0, 1, 1, "r.csv"))
    assert broken_invariants(conn) == []
