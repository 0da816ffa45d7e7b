"""What stays with an agent: results the box gave in his place, for a week, until he or somebody has seen to them."""

from __future__ import annotations

import math
import sqlite3

import pytest

from firmware.model import AttemptUid, CampaignId, Disposition, HangupCause, Side, UserId
from firmware.store import attempts, callbacks, inbound, own_desk
from tests.unit.store.helpers import NOW, claim, new_campaign, new_list, new_user

DAY_S = 86400.0


def talked(
    conn: sqlite3.Connection, campaign: CampaignId, user: UserId, key: str = "automatic-{uid}"
) -> AttemptUid:
    """A conversation that was concluded: by the box, or by the agent under another key."""
    (granted,) = claim(conn, campaign).claims
    uid = granted.attempt_uid
    attempts.mark_answered(conn, uid, NOW + 5)
    attempts.mark_talking(conn, uid, user, NOW + 6)
    attempts.mark_ended(conn, uid, HangupCause.NORMAL, Side.CUSTOMER, 200, NOW + 60)
    attempts.dispose(
        conn, uid, Disposition.CONTACTED, NOW + 70, NOW + DAY_S, "contacted", "", key.format(uid=uid), user
    )
    return uid


def open_for(conn: sqlite3.Connection, user: UserId, now: float = NOW + 100) -> list[str]:
    return [each["attempt"] for each in own_desk.unchecked(conn, user, now)]


@pytest.mark.req("WDE-032")
def test_only_what_the_box_gave_in_ones_own_place_is_open(conn: sqlite3.Connection) -> None:
    campaign, anna, ben = new_campaign(conn, new_list(conn, 3)), new_user(conn), new_user(conn, "ben")
    mine, theirs = talked(conn, campaign, anna), talked(conn, campaign, ben)
    talked(conn, campaign, anna, key="a-key-of-the-desk")
    assert open_for(conn, anna) == [mine]
    assert open_for(conn, ben) == [theirs]
    (found,) = own_desk.unchecked(conn, anna, NOW + 100)
    assert (found["code"], found["lost"], found["contact_there"]) == ("contacted", False, True)


def test_what_was_checked_or_is_older_than_a_week_is_open_no_more(conn: sqlite3.Connection) -> None:
    campaign, anna, ben = new_campaign(conn, new_list(conn, 2)), new_user(conn), new_user(conn, "ben")
    mine, theirs = talked(conn, campaign, anna), talked(conn, campaign, ben)
    assert not own_desk.check(conn, anna, theirs, NOW + 100)
    assert not own_desk.check(conn, anna, "no such attempt", NOW + 100)
    assert own_desk.check(conn, anna, mine, NOW + 100)
    assert open_for(conn, anna) == []
    assert not own_desk.check(conn, anna, mine, NOW + 100)
    assert open_for(conn, ben) == [theirs]
    assert open_for(conn, ben, NOW + 8 * DAY_S) == []


def test_who_has_been_promised_another_call_or_called_again_is_seen_to(conn: sqlite3.Connection) -> None:
    campaign, anna = new_campaign(conn, new_list(conn, 2)), new_user(conn)
    first, second = talked(conn, campaign, anna), talked(conn, campaign, anna)
    contact = attempts.get(conn, first).contact_id
    callbacks.make_for(conn, first, contact, campaign, NOW + DAY_S, "", anna, "", NOW + 80, anna)
    assert open_for(conn, anna) == [second]
    again = claim(conn, campaign, now=NOW + 2 * DAY_S).claims
    assert attempts.get(conn, second).contact_id in {each.contact_id for each in again}
    assert open_for(conn, anna, NOW + 2 * DAY_S) == []


def test_a_conversation_lost_in_a_power_cut_waits_for_its_result(conn: sqlite3.Connection) -> None:
    campaign, anna = new_campaign(conn, new_list(conn, 1)), new_user(conn)
    (granted,) = claim(conn, campaign).claims
    attempts.mark_talking(conn, granted.attempt_uid, anna, NOW + 6)
    assert open_for(conn, anna) == []
    attempts.dispose(conn, granted.attempt_uid, Disposition.INTERRUPTED, NOW + 70, math.inf)
    (found,) = own_desk.unchecked(conn, anna, NOW + 100)
    assert (found["attempt"], found["lost"]) == (granted.attempt_uid, True)


def test_a_call_that_came_in_without_a_number_can_be_checked_too(conn: sqlite3.Connection) -> None:
    anna, uid = new_user(conn), attempts.new_uid(NOW)
    row = inbound.InboundCall(uid, "office", "provider", "+493023125000", "", "", None, None, NOW)
    inbound.offered(conn, row)
    inbound.connected(conn, uid, anna, NOW + 5)
    result = inbound.Result(Disposition.CONTACTED, "contacted", "", f"automatic-{uid}", anna)
    inbound.conclude(conn, uid, result, "", NOW + 60)
    (found,) = own_desk.unchecked(conn, anna, NOW + 100)
    assert (found["incoming"], found["number"], found["contact_there"]) == (True, "", False)
    assert own_desk.check(conn, anna, uid, NOW + 100)


def test_keys_are_kept_for_each_and_forgotten_when_as_delivered(conn: sqlite3.Connection) -> None:
    anna, ben = new_user(conn), new_user(conn, "ben")
    own_desk.put_keys(conn, anna, {"hold": "F10"})
    assert (own_desk.keys(conn, anna), own_desk.keys(conn, ben)) == ({"hold": "F10"}, {})
    own_desk.put_keys(conn, anna, {})
    assert own_desk.keys(conn, anna) == {}
