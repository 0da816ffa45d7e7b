"""Rules carried out in the store: what they hold back, what they change, what is on record, and what they cannot."""

from __future__ import annotations

import math
import sqlite3
from typing import Any

import pytest

from firmware.callbacks.promise import PromiseState
from firmware.model import (
    AttemptUid,
    CampaignId,
    Claim,
    ContactId,
    Disposition,
    OperatorError,
    Permit,
    Refusal,
)
from firmware.rulebook import reading
from firmware.rulebook.rules import Moment
from firmware.store import attempts, callbacks, campaigns, claims, contact_numbers, contacts, rule_books
from tests.unit.store.helpers import (
    NOW,
    broken_invariants,
    claim,
    new_campaign,
    new_list,
    new_user,
    number,
    permit,
)


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


def promised(conn: sqlite3.Connection, campaign: CampaignId, at: float = NOW) -> tuple[str, int]:
    """One call in which somebody was promised another at ``at``."""
    uid = claim(conn, campaign).claims[0].attempt_uid
    number = callbacks.make(conn, attempts.get(conn, uid), at, "Europe/Berlin", None, "", NOW, None)
    attempts.dispose(conn, uid, Disposition.CALLBACK, NOW, math.inf, "callback")
    return uid, number


def kept(conn: sqlite3.Connection, campaign: CampaignId, promise: int, word: Disposition) -> str:
    """The promised call, which ends with ``word`` a minute later."""
    of = campaigns.get(conn, campaign)
    made = callbacks.claim(conn, of, callbacks.get(conn, promise), NOW, permit)
    assert isinstance(made, Claim)
    attempt = attempts.get(conn, made.attempt_uid)
    next_at = callbacks.after_attempt(conn, attempt, word, NOW + 60, None, final=True)
    attempts.dispose(conn, attempt.uid, word, NOW + 60, next_at)
    return attempt.uid


def did(conn: sqlite3.Connection, uid: str) -> list[tuple[str, str | None]]:
    """Every action about an attempt, and why it could not be done."""
    return [(a["do"], a.get("not_done")) for fired in rule_books.of_attempt(conn, uid) for a in fired.did]


def test_a_promise_is_not_the_rules_and_all_of_them_are_asked(conn: sqlite3.Connection) -> None:
    a, b = new_list(conn, 1), new_list(conn, 1, 9)
    campaign = new_campaign(conn, a)
    put(
        conn,
        campaign,
        then(SKIP, **AFTER),
        then({"do": "move", "list_id": b}, **AFTER),
        then({"do": "set", "field": "x", "value": "1"}, when=when(":callback", "promised"), **AFTER),
    )
    uid, _ = promised(conn, campaign)
    assert (row(conn)["list_id"], row(conn)["state"], row(conn)["next_at"]) == (a, "open", math.inf)
    assert did(conn, uid) == [("skip", "promised"), ("move", "promised"), ("set", None)]
    assert row(conn)["fields"] == '{"x":"1"}'


@pytest.mark.req("GEN-062")
def test_no_rule_breaks_a_promise_and_those_that_note_something_still_do(conn: sqlite3.Connection) -> None:
    """A rule for the time before a call that would hold it back does not hold back a call somebody waits for."""
    a, b = new_list(conn, 1), new_list(conn, 1, 9)
    campaign = new_campaign(conn, a)
    _, promise = promised(conn, campaign)
    put(
        conn,
        campaign,
        then({"do": "skip", "for_s": 600}),
        then({"do": "move", "list_id": b}),
        then({"do": "set", "field": "script", "value": "again"}, when=when(":callback", "promised")),
    )
    uid = kept(conn, campaign, promise, Disposition.CONTACTED)
    assert did(conn, uid) == [("skip", "promised"), ("move", "promised"), ("set", None)]
    assert (row(conn)["list_id"], row(conn)["fields"]) == (a, '{"script":"again"}')
    assert callbacks.get(conn, promise).state is PromiseState.KEPT
    assert broken_invariants(conn) == []


@pytest.mark.parametrize(
    ("at", "word"), [(NOW, "kept"), (NOW - 7200, "missed")], ids=["in time", "two hours late"]
)
def test_what_a_call_made_of_a_promise_can_be_asked(conn: sqlite3.Connection, at: float, word: str) -> None:
    a, b = new_list(conn, 1), new_list(conn, 1, 9)
    campaign = new_campaign(conn, a)
    _, promise = promised(conn, campaign, at)
    put(conn, campaign, then({"do": "move", "list_id": b}, when=when(":callback", word), **AFTER))
    uid = kept(conn, campaign, promise, Disposition.CONTACTED)
    assert did(conn, uid) == [("move", None)]
    assert row(conn)["list_id"] == b


def test_a_trial_of_a_promised_contact_says_that_it_is_called(conn: sqlite3.Connection) -> None:
    campaign = new_campaign(conn, new_list(conn, 1))
    promised(conn, campaign)
    put(conn, campaign, then(SKIP))
    said = rule_books.Said()
    of = campaigns.get(conn, campaign)
    tried = rule_books.trial(conn, of, ContactId(1), Moment.BEFORE, said, NOW)
    assert tried is not None
    assert (tried.held_back, [rule.name for rule in tried.fired]) == (False, ["rule 0"])


# -- a result that comes late ------------------------------------------------------------------------------------------


def interrupted(conn: sqlite3.Connection, campaign: CampaignId) -> AttemptUid:
    """A talk that a power cut ended."""
    uid = claim(conn, campaign).claims[0].attempt_uid
    attempts.mark_talking(conn, uid, new_user(conn), NOW)
    attempts.dispose(conn, uid, Disposition.INTERRUPTED, NOW, NOW + 3600)
    return uid


@pytest.mark.req("GEN-051")
def test_a_result_that_comes_late_is_a_word_rules_are_asked_about(conn: sqlite3.Connection) -> None:
    a, b = new_list(conn, 1), new_list(conn, 1, 9)
    campaign = new_campaign(conn, a)
    put(conn, campaign, then({"do": "move", "list_id": b}, when=when(":code", "sold"), **AFTER))
    uid = interrupted(conn, campaign)
    assert did(conn, uid) == []
    rule_books.after(conn, uid, NOW + 60, rule_books.Said("contacted", code="sold"))
    assert did(conn, uid) == [("move", None)]
    assert row(conn)["list_id"] == b


def test_a_late_result_of_somebody_called_again_changes_no_later_call(conn: sqlite3.Connection) -> None:
    a, b = new_list(conn, 1), new_list(conn, 1, 9)
    campaign = new_campaign(conn, a)
    put(
        conn,
        campaign,
        then(SKIP, {"do": "other_number"}, {"do": "move", "list_id": b}, when=when(":code", "sold"), **AFTER),
        then({"do": "set", "field": "x", "value": "1"}, when=when(":code", "sold"), **AFTER),
    )
    uid = interrupted(conn, campaign)
    conn.execute("UPDATE contact SET next_at = 0")
    claim(conn, campaign)
    rule_books.after(conn, uid, NOW + 60, rule_books.Said("contacted", code="sold"), overtaken=True)
    late = [("skip", "called_again"), ("other_number", "called_again"), ("move", "called_again")]
    assert did(conn, uid) == [*late, ("set", None)]
    assert (row(conn)["list_id"], row(conn)["state"]) == (a, "in_flight")
    assert broken_invariants(conn) == []


def test_the_other_number_next(conn: sqlite3.Connection) -> None:
    list_id = contacts.create_list(conn, "two", NOW)
    both = contacts.NewContact(number(1), numbers=[("mobile", number(2))])
    contacts.add(conn, list_id, [both])
    campaign = new_campaign(conn, list_id)
    put(conn, campaign, then({"do": "other_number"}, **AFTER))
    called(conn, campaign, Disposition.HUNG_UP)
    assert contact_numbers.of_contact(conn, ContactId(1))[1].next
