"""Rules carried out in the store: what they hold back, what they change, what is on record, and what they cannot."""

from __future__ import annotations

import math
import sqlite3
from typing import Any

import pytest

from firmware.model import CampaignId, ContactId, Disposition, OperatorError, Permit, Refusal
from firmware.rulebook import reading
from firmware.store import attempts, claims, contact_numbers, contacts, rule_books
from tests.unit.store.helpers import NOW, broken_invariants, claim, new_campaign, new_list, number, permit


def put(conn: sqlite3.Connection, campaign: CampaignId, *rules: dict[str, Any]) -> int:
    plain = [{"name": f"rule {i}", "moment": "before", **each} for i, each in enumerate(rules)]
    return rule_books.set_rules(conn, campaign, reading.rules(plain), "anna", NOW)


def then(*actions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"then": list(actions), **more}


def when(field: str, value: str) -> dict[str, Any]:
    return {"field": field, "is": "equals", "value": value}


def row(conn: sqlite3.Connection, contact: int = 1) -> dict[str, Any]:
    columns = "list_id, state, next_at, priority, fields, closed_reason, dialled"
    found = conn.execute(f"SELECT {columns} FROM contact WHERE id = ?", (contact,)).fetchone()
    return dict(zip(columns.split(", "), found, strict=True))


def called(
    conn: sqlite3.Connection,
    campaign: CampaignId,
    word: Disposition = Disposition.BUSY,
    next_at: float | None = NOW,
) -> str:
    """One call that ended with ``word``."""
    uid = claim(conn, campaign).claims[0].attempt_uid
    attempts.dispose(conn, uid, word, NOW, next_at)
    return uid


SKIP = {"do": "skip"}


# -- what is refused -------------------------------------------------------------------------------------------------


def test_lists_to_and_fro_are_refused_by_name_and_nothing_is_kept(conn: sqlite3.Connection) -> None:
    a, b = new_list(conn, 1), new_list(conn, 1, 5)
    first, second = new_campaign(conn, a), new_campaign(conn, b)
    put(conn, first, then({"do": "move", "list_id": b}))
    with pytest.raises(OperatorError) as refused:
        put(conn, second, then({"do": "move", "list_id": a}, name="back") | {"name": "back"})
    (problem,) = refused.value.problems
    assert problem.key == "rules_loop"
    assert "rule 0" in problem.figures["rules"]
    assert "back" in problem.figures["rules"]
    assert rule_books.of_campaign(conn, second) == rule_books.NONE


def test_a_move_to_a_list_that_is_not_there_is_refused(conn: sqlite3.Connection) -> None:
    with pytest.raises(OperatorError, match="no contact list 99"):
        put(conn, new_campaign(conn, new_list(conn, 1)), then({"do": "move", "list_id": 99}))


@pytest.mark.parametrize("field", ["PLZ", "Bundesland", "postcode"])
def test_a_rule_cannot_set_what_says_which_law_binds(field: str) -> None:
    with pytest.raises(OperatorError, match="which law"):
        reading.rules(
            [{"name": "x", "moment": "before", **then({"do": "set", "field": field, "value": "1"})}]
        )


def test_before_a_call_there_is_no_other_number() -> None:
    with pytest.raises(OperatorError):
        reading.rules([{"name": "x", "moment": "before", **then({"do": "other_number"})}])


def test_rules_in_force_are_never_rewritten(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    assert put(conn, campaign, then(SKIP)) == 1
    assert put(conn, campaign) == 2
    for sql in ("UPDATE campaign_rules SET body = '[]'", "DELETE FROM campaign_rules"):
        with pytest.raises(sqlite3.IntegrityError):
            conn.execute(sql)
    assert rule_books.of_campaign(conn, campaign).rules == ()


# -- before a call ---------------------------------------------------------------------------------------------------


def test_what_the_law_forbids_no_rule_permits(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    put(conn, campaign, then({"do": "prefer", "priority": 99}, {"do": "set", "field": "x", "value": "1"}))
    found = claim(conn, campaign, judge=lambda _: Refusal("dnc"))
    assert found.claims == []
    assert row(conn)["closed_reason"] == "dnc"
    assert rule_books.of_contact(conn, ContactId(1)) == [], "rules are not even asked"


@pytest.mark.req("GEN-051")
@pytest.mark.req("GEN-062")
def test_a_skipped_contact_waits_or_is_closed_and_the_next_is_called(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 3))
    first, second = when(":number", number(0)), when(":number", number(1))
    put(conn, campaign, then({"do": "skip", "for_s": 600}, when=first), then(SKIP, when=second))
    assert [each.number for each in claim(conn, campaign).claims] == [number(2)]
    assert row(conn)["next_at"] == NOW + 600
    assert row(conn, 2)["closed_reason"] == rule_books.SKIPPED
    assert broken_invariants(conn) == []
    (fired,) = rule_books.of_contact(conn, ContactId(2))
    assert (fired.rule, fired.attempt_uid, fired.did) == ("rule 1", None, [SKIP])


def test_a_whole_list_that_is_skipped_does_not_hold_the_store(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 900))
    put(conn, campaign, then({"do": "skip", "for_s": 600}))
    claim(conn, campaign)
    (left,) = conn.execute("SELECT count(*) FROM contact WHERE next_at = 0").fetchone()
    assert left == 900 - claims.JUDGED_AT_MOST


def test_what_a_rule_sets_is_in_the_call_and_on_the_attempt(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    put(
        conn,
        campaign,
        then({"do": "set", "field": "script", "value": "B"}, {"do": "prefer", "priority": 3}),
        then({"do": "webhook", "value": "lead"}, when=when("script", "B")),
    )
    (made,) = claim(conn, campaign).claims
    assert made.fields == {"script": "B"}
    assert row(conn)["priority"] == 3
    assert [each.rule for each in rule_books.of_attempt(conn, made.attempt_uid)] == ["rule 0", "rule 1"]


def test_a_move_before_the_call(conn: sqlite3.Connection) -> None:
    a, b = new_list(conn, 2), new_list(conn, 1, 9)
    campaign, other = new_campaign(conn, a), new_campaign(conn, b)
    put(conn, campaign, then({"do": "move", "list_id": b}, when=when(":number", number(0))))
    assert [each.number for each in claim(conn, campaign, 9).claims] == [number(1)]
    assert [each.number for each in claim(conn, other, 9).claims] == [number(0), number(9)]
    assert broken_invariants(conn) == []


def test_a_move_to_a_list_that_has_the_number_closes_the_contact(conn: sqlite3.Connection) -> None:
    a, b = new_list(conn, 1), new_list(conn, 1)
    campaign = new_campaign(conn, a)
    put(conn, campaign, then({"do": "move", "list_id": b}))
    assert claim(conn, campaign).claims == []
    assert row(conn)["closed_reason"] == rule_books.ALREADY_THERE
    assert broken_invariants(conn) == []


def test_a_move_to_a_list_that_went_away_waits(conn: sqlite3.Connection) -> None:
    a, b = new_list(conn, 1), new_list(conn, 1, 5)
    campaign = new_campaign(conn, a)
    put(conn, campaign, then({"do": "move", "list_id": b}))
    contacts.delete_list(conn, b, NOW)
    assert claim(conn, campaign).claims == []
    assert row(conn)["list_id"] == a
    assert row(conn)["next_at"] == NOW + rule_books.AGAIN_S
    assert rule_books.of_contact(conn, ContactId(1))[0].did[0]["not_done"] == "list_gone"


def test_one_contact_by_hand_is_held_back_too(conn: sqlite3.Connection) -> None:
    from firmware.store import campaigns

    campaign = new_campaign(conn, new_list(conn, 1))
    put(conn, campaign, then({"do": "skip", "for_s": 600}))
    answer = claims.claim_contact(conn, campaigns.get(conn, campaign), ContactId(1), NOW, permit)
    assert isinstance(answer, Refusal)
    assert (answer.rule, answer.until, answer.figures) == (rule_books.SKIPPED, NOW + 600, {"rule": "rule 0"})


def test_a_claim_that_fails_leaves_no_trace_of_rules(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 2))
    put(conn, campaign, then({"do": "set", "field": "x", "value": "1"}))

    def fails(candidate: claims.Candidate) -> Permit:
        if candidate.number == number(1):
            raise RuntimeError
        return permit(candidate)

    with pytest.raises(RuntimeError):
        claim(conn, campaign, 2, judge=fails)
    assert row(conn)["fields"] == "{}"
    assert rule_books.of_contact(conn, ContactId(1)) == []


# -- after a call ----------------------------------------------------------------------------------------------------

AFTER: dict[str, Any] = {"moment": "after"}


@pytest.mark.req("GEN-051")
def test_after_a_call_by_its_disposition(conn: sqlite3.Connection) -> None:
    a, b = new_list(conn, 2), new_list(conn, 1, 9)
    campaign = new_campaign(conn, a)
    put(conn, campaign, then({"do": "move", "list_id": b}, when=when(":disposition", "busy"), **AFTER))
    called(conn, campaign, Disposition.NO_ANSWER)
    assert row(conn)["list_id"] == a
    uid = called(conn, campaign, Disposition.BUSY, None)
    moved = row(conn, 2) if row(conn)["list_id"] == a else row(conn)
    assert (moved["list_id"], moved["state"], moved["next_at"]) == (b, "open", NOW)
    assert rule_books.of_attempt(conn, uid)[0].moment == "after"
    assert broken_invariants(conn) == []


def test_who_asked_not_to_be_called_stays_closed_wherever_moved(conn: sqlite3.Connection) -> None:
    a, b = new_list(conn, 1), new_list(conn, 1, 9)
    campaign = new_campaign(conn, a)
    put(conn, campaign, then({"do": "move", "list_id": b}, **AFTER))
    called(conn, campaign, Disposition.DO_NOT_CALL, None)
    assert (row(conn)["list_id"], row(conn)["state"]) == (b, "closed")


def test_skipping_after_a_call_only_ever_makes_it_later(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 3))
    put(conn, campaign, then({"do": "skip", "for_s": 600}, **AFTER))
    for next_at, expected in ((NOW, NOW + 600), (NOW + 9000, NOW + 9000)):
        called(conn, campaign, next_at=next_at)
        conn.execute("UPDATE contact SET priority = -9 WHERE attempts > 0")
        assert conn.execute("SELECT max(next_at) FROM contact").fetchone() == (expected,)
    uid = called(conn, campaign, Disposition.CONTACTED, None)
    assert rule_books.of_attempt(conn, uid)[0].did[0]["not_done"] == "closed"


def test_a_promise_is_not_the_rules(conn: sqlite3.Connection) -> None:
    a, b = new_list(conn, 1), new_list(conn, 1, 9)
    campaign = new_campaign(conn, a)
    put(conn, campaign, then(SKIP, **AFTER), then({"do": "move", "list_id": b}, **AFTER))
    uid = called(conn, campaign, Disposition.CALLBACK, math.inf)
    assert (row(conn)["list_id"], row(conn)["state"], row(conn)["next_at"]) == (a, "open", math.inf)
    assert rule_books.of_attempt(conn, uid)[0].did[0]["not_done"] == "promised"


def test_the_other_number_next(conn: sqlite3.Connection) -> None:
    list_id = contacts.create_list(conn, "two", NOW)
    both = contacts.NewContact(number(1), numbers=[("mobile", number(2))])
    contacts.add(conn, list_id, [both])
    campaign = new_campaign(conn, list_id)
    put(conn, campaign, then({"do": "other_number"}, **AFTER))
    called(conn, campaign, Disposition.HUNG_UP)
    assert contact_numbers.of_contact(conn, ContactId(1))[1].next
