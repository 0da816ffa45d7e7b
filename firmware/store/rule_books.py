"""The rules of campaigns: kept in versions, asked before a call and after it, carried out, and put on record.

Before a call they are asked last, about a contact the judge has just permitted, so that they can hold a call back and
never allow one; what they change is written with the claim. After a call they are asked in the transaction of its final
word. Each rule that fired is a row with the attempt (``rule_fired``), or with the contact alone where no call was made.
A result that comes late (``late_results``) is a final word like any other, and rules are asked about it again. Who was
promised a call is the promise's: rules see that and note what they want, but neither skip nor move the contact.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from firmware.model import CampaignId, CampaignSettings, ContactId, Disposition, OperatorError, Problem
from firmware.rulebook import reading
from firmware.rulebook.local import hour_and_weekday
from firmware.rulebook.loops import Placed, circles
from firmware.rulebook.rules import HOLDS_BACK, Action, Do, Moment, Outcome, Rule, evaluate
from firmware.rulebook.subject import Subject
from firmware.store import campaigns, contact_numbers, ordering, webhooks
from firmware.store.settings_json import from_json
from firmware.store.words import canonical, mapping

SKIPPED, MOVED = "skipped_by_rule", "moved_by_rule"
"""How refusals by rules are counted; the first is also why a contact is closed that a rule skips for good."""
ALREADY_THERE = "already_in_list"
"""Why a contact is closed that was to move to a list that has its number."""
PROMISED, CALLED_AGAIN = "promised", "called_again"
"""Why rules neither skip nor move a contact: a call is promised, or a later call has decided what follows."""
AGAIN_S = 3600.0
"""A contact that was to move to a list that is gone is looked at again after this."""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """A campaign's rules and their version; 0: it has none."""

    version: int
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Fired:
    """One rule that did something; ``did`` is its actions as JSON has them, with ``not_done`` where one could not."""

    at: float
    campaign_id: int
    attempt_uid: str | None
    moment: str
    version: int
    rule: str
    did: Sequence[Mapping[str, Any]]


NONE = RuleBook(0, ())


def of_campaign(conn: sqlite3.Connection, campaign: CampaignId) -> RuleBook:
    """Return the rules in force."""
    row = conn.execute(
        "SELECT version, body FROM campaign_rules WHERE campaign_id = ? ORDER BY version DESC LIMIT 1",
        (campaign,),
    ).fetchone()
    return NONE if row is None else RuleBook(row[0], _read(row[1]))


def set_rules(
    conn: sqlite3.Connection, campaign: CampaignId, rules: Sequence[Rule], who: str, now: float
) -> int:
    """Put rules in force; returns their version. :raises OperatorError: they would never end, or name no such list."""
    problems = [*unknown_lists(conn, rules), *loops(conn, {campaign: rules})]
    if problems:
        raise OperatorError(*problems)
    version = of_campaign(conn, campaign).version + 1
    body = canonical(reading.plain_rules(rules))
    conn.execute("INSERT INTO campaign_rules VALUES (?, ?, ?, ?, ?)", (campaign, version, body, now, who))
    return version


def unknown_lists(conn: sqlite3.Connection, rules: Sequence[Rule]) -> list[Problem]:
    """Name the contact lists that rules move to and that are not there."""
    wanted = {action.list_id for rule in rules for action in rule.then if action.do is Do.MOVE}
    return [
        Problem("rules", "list_unknown", f"There is no contact list {each}.", {"id": str(each)})
        for each in sorted(wanted)
        if not _list_in_use(conn, each)
    ]


def loops(
    conn: sqlite3.Connection,
    instead: Mapping[CampaignId, Sequence[Rule]],
    starting: tuple[CampaignId, int] | None = None,
) -> list[Problem]:
    """Name the rules that would undo each other for ever, over all campaigns that are not over.

    ``instead``: rules taken in the place of those in force. ``starting``: a campaign that counts whatever its state,
    with the list it is to call.
    """
    campaign, list_id = starting or (0, 0)
    rows = conn.execute(
        "SELECT id, name, iif(id = ?1, ?2, contact_list_id) FROM campaign"
        " WHERE (contact_list_id IS NOT NULL AND state NOT IN ('stopped', 'finished')) OR id = ?1",
        (campaign, list_id),
    ).fetchall()
    placed = [
        Placed(rule, list_id, name)
        for found, name, list_id in rows
        for rule in instead.get(found, of_campaign(conn, CampaignId(found)).rules)
    ]
    return [_loop(group) for group in circles(placed)]


def _loop(group: Sequence[Placed]) -> Problem:
    named = ", ".join(f"{each.rule.name} ({each.campaign})" for each in group)
    return Problem("rules", "rules_loop", f"These rules undo each other for ever: {named}.", {"rules": named})


@lru_cache(maxsize=64)
def _read(body: str) -> tuple[Rule, ...]:
    return reading.rules(json.loads(body))


def before(
    conn: sqlite3.Connection, campaign: CampaignId, settings: CampaignSettings, contact: ContactId, now: float
) -> Outcome | None:
    """Ask a campaign's rules about a contact that may be called now; None where it has none. Writes nothing."""
    return _asker(conn, campaign, settings, contact)(now)


Asker = Callable[[float], Outcome | None]
"""What the rules would want before a call at a moment (UTC seconds)."""


def asker(conn: sqlite3.Connection, campaign: campaigns.Campaign, contact: ContactId) -> Asker:
    """Return what tells what the rules in force would do with a contact before a call, without asking the store."""
    return _asker(conn, campaign.id, campaign.settings, contact)


def _asker(
    conn: sqlite3.Connection, campaign: CampaignId, settings: CampaignSettings, contact: ContactId
) -> Asker:
    book = of_campaign(conn, campaign)
    subject = ordering.subject(conn, contact) if book.rules else None
    if subject is None:
        return lambda _: None
    known = replace(subject, callback=_callback(conn, contact))
    return lambda now: evaluate(book.rules, Moment.BEFORE, _there(known, settings, now), now, _firm(known))


def _callback(conn: sqlite3.Connection, contact: ContactId, ended_at: float | None = None) -> str:
    """What is promised to a contact, or what became of a promise at ``ended_at``; empty without one."""
    row = conn.execute(
        "SELECT state FROM promise WHERE contact_id = ?1 AND (state = 'open' OR (closed_at = ?2 AND state IN"
        " ('kept', 'missed', 'withdrawn'))) ORDER BY state = 'open' DESC, id DESC LIMIT 1",
        (contact, ended_at),
    ).fetchone()
    return "" if row is None else PROMISED if row[0] == "open" else str(row[0])


def _firm(subject: Subject) -> str:
    return PROMISED if subject.callback == PROMISED else ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a call brought; before a call nothing."""

    disposition: str = ""
    verdict: str = ""
    code: str = ""


def contact_with(conn: sqlite3.Connection, campaign: campaigns.Campaign, number: str) -> ContactId | None:
    """Return the contact of a campaign's list with this number (digits as somebody types them: E.164 or its end)."""
    digits = "".join(c for c in number if c.isascii() and c.isdigit()).lstrip("0")[:15]
    row = conn.execute(
        "SELECT id FROM contact WHERE list_id IS ?1 AND (number = ?2 OR (?2 > 9999 AND number % ?3 = ?2)) LIMIT 1",
        (campaign.settings.contact_list_id, int(digits or 0), 10 ** len(digits)),
    ).fetchone()
    return None if row is None else ContactId(row[0])


def trial(
    conn: sqlite3.Connection,
    campaign: campaigns.Campaign,
    contact: ContactId,
    moment: Moment,
    said: Said,
    now: float,
) -> Outcome | None:
    """Say what the rules in force would do with a contact, changing nothing; None where there is no such contact."""
    subject = ordering.subject(conn, contact)
    if subject is None or subject.list_id != campaign.settings.contact_list_id:
        return None
    known = replace(_there(subject, campaign.settings, now), callback=_callback(conn, contact))
    if moment is Moment.AFTER:
        known = replace(known, disposition=said.disposition, verdict=said.verdict, code=said.code)
        if said.disposition == Disposition.CALLBACK:
            known = replace(known, callback=PROMISED)
    return evaluate(of_campaign(conn, campaign.id).rules, moment, known, now, _firm(known))


def hold_back(
    conn: sqlite3.Connection, campaign: CampaignId, contact: ContactId, outcome: Outcome, now: float
) -> str:
    """Carry out rules that hold a call back; returns as what it counts."""
    carry_out(conn, campaign, contact, Moment.BEFORE, outcome, now, None)
    return SKIPPED if outcome.skip else MOVED


def after(
    conn: sqlite3.Connection, uid: str, at: float, late: Said | None = None, *, overtaken: bool = False
) -> None:
    """Ask and carry out the rules for what follows a call, once its disposition and its contact are written.

    ``late``: what an agent said of a call that was interrupted; disposition and code are these. ``overtaken``: the
    contact has been called again since, and what follows is that call's to say.
    """
    campaign, contact, disposition, verdict, code = conn.execute(
        "SELECT campaign_id, contact_id, disposition, verdict, wrap_up_code FROM attempt WHERE uid = ?",
        (uid,),
    ).fetchone()
    book = of_campaign(conn, CampaignId(campaign))
    subject = ordering.subject(conn, contact) if book.rules else None
    if subject is None:
        return
    (settings,) = conn.execute("SELECT settings FROM campaign WHERE id = ?", (campaign,)).fetchone()
    said = late or Said(disposition or "", verdict or "", code or "")
    known = replace(
        _there(subject, from_json(settings), at),
        disposition=said.disposition,
        verdict=verdict or "",
        code=said.code,
        callback=_callback(conn, ContactId(contact), at),
    )
    firm = CALLED_AGAIN if overtaken else _firm(known)
    outcome = evaluate(book.rules, Moment.AFTER, known, at, firm)
    carry_out(conn, CampaignId(campaign), ContactId(contact), Moment.AFTER, outcome, at, uid)


def _there(subject: Subject, settings: CampaignSettings, now: float) -> Subject:
    hour, weekday = hour_and_weekday(subject.zones, settings.default_zone, now)
    return replace(subject, hour=hour, weekday=weekday)


def carry_out(
    conn: sqlite3.Connection,
    campaign: CampaignId,
    contact: ContactId,
    moment: Moment,
    outcome: Outcome,
    now: float,
    uid: str | None,
) -> None:
    """Do what the rules want and put it on record, each with the attempt ``uid`` where there is one."""
    version = of_campaign(conn, campaign).version if outcome.fired else 0
    for rule in outcome.fired:
        did = [_do(conn, campaign, contact, rule, action, outcome, now) for action in rule.then]
        conn.execute(
            "INSERT INTO rule_fired (at, campaign_id, contact_id, attempt_uid, moment, version, rule, did)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (now, campaign, contact, uid, moment, version, rule.name, canonical(did)),
        )


def _do(
    conn: sqlite3.Connection,
    campaign: CampaignId,
    contact: ContactId,
    rule: Rule,
    action: Action,
    outcome: Outcome,
    now: float,
) -> dict[str, Any]:
    """Carry out one action; its JSON, with ``not_done`` saying why where it could not be."""
    why = ""
    if outcome.firm and action.do in HOLDS_BACK:
        why = outcome.firm
    elif action.do is Do.SET:
        _set(conn, contact, action)
    elif action.do is Do.PREFER:
        conn.execute("UPDATE contact SET priority = ? WHERE id = ?", (action.priority, contact))
    elif action.do is Do.SKIP:
        why = _skip(conn, contact, rule, outcome)
    elif action.do is Do.MOVE:
        why = _move(conn, contact, action.list_id, outcome.subject.disposition, now)
    elif action.do is Do.OTHER_NUMBER:
        why = outcome.firm if outcome.firm == CALLED_AGAIN else _other_number(conn, campaign, contact)
    else:
        _tell(conn, campaign, contact, rule, action, outcome, now)
    plain = reading.plain_action(action)
    return {**plain, "not_done": why} if why else plain


def _set(conn: sqlite3.Connection, contact: ContactId, action: Action) -> None:
    (fields,) = conn.execute("SELECT fields FROM contact WHERE id = ?", (contact,)).fetchone()
    changed = canonical({**mapping(fields), action.field: action.value})
    conn.execute("UPDATE contact SET fields = ? WHERE id = ?", (changed, contact))


def _skip(conn: sqlite3.Connection, contact: ContactId, rule: Rule, outcome: Outcome) -> str:
    """Let an open contact wait longer than it would have, or close it; never sooner, never open again."""
    if outcome.skip is None or outcome.skip.rule != rule.name:
        return ""
    state, next_at = conn.execute("SELECT state, next_at FROM contact WHERE id = ?", (contact,)).fetchone()
    if state != "open":
        return "closed"
    if outcome.skip.until_at is None:
        close(conn, contact, SKIPPED)
    else:
        later = max(next_at, outcome.skip.until_at)
        conn.execute("UPDATE contact SET next_at = ? WHERE id = ?", (later, contact))
    return ""


def close(conn: sqlite3.Connection, contact: ContactId, reason: str) -> None:
    """Call this contact no more."""
    conn.execute("UPDATE contact SET state = 'closed', closed_reason = ? WHERE id = ?", (reason, contact))


def _move(conn: sqlite3.Connection, contact: ContactId, list_id: int, disposition: str, now: float) -> str:
    """Put the contact into another list, to be called from there; one that asked not to be called stays closed."""
    here, number, state = conn.execute(
        "SELECT list_id, number, state FROM contact WHERE id = ?", (contact,)
    ).fetchone()
    if here == list_id:
        return "there_already"
    if not _list_in_use(conn, list_id):
        conn.execute(
            "UPDATE contact SET next_at = max(next_at, ?) WHERE id = ? AND state = 'open'",
            (now + AGAIN_S, contact),
        )
        return "list_gone"
    if conn.execute("SELECT 1 FROM contact WHERE list_id = ? AND number = ?", (list_id, number)).fetchone():
        close(conn, contact, ALREADY_THERE)
        return ALREADY_THERE
    conn.execute("UPDATE contact SET list_id = ? WHERE id = ?", (list_id, contact))
    if state == "closed" and disposition != Disposition.DO_NOT_CALL:
        sql = "UPDATE contact SET state = 'open', closed_reason = NULL, next_at = ? WHERE id = ?"
        conn.execute(sql, (now, contact))
    return ""


def _list_in_use(conn: sqlite3.Connection, list_id: int) -> bool:
    sql = "SELECT 1 FROM contact_list WHERE id = ? AND deleted_at IS NULL"
    return conn.execute(sql, (list_id,)).fetchone() is not None


def _other_number(conn: sqlite3.Connection, campaign: CampaignId, contact: ContactId) -> str:
    row = conn.execute("SELECT dialled, state FROM contact WHERE id = ?", (contact,)).fetchone()
    if row[1] != "open":
        return "closed"
    (settings,) = conn.execute("SELECT settings FROM campaign WHERE id = ?", (campaign,)).fetchone()
    most = from_json(settings).max_attempts_number
    other = contact_numbers.another(conn, contact, f"+{row[0]}", campaign, most)
    if other is None:
        return "no_other_number"
    contact_numbers.dial_next(conn, contact, other)
    return ""


def _tell(
    conn: sqlite3.Connection,
    campaign: CampaignId,
    contact: ContactId,
    rule: Rule,
    action: Action,
    outcome: Outcome,
    now: float,
) -> None:
    subject = outcome.subject
    body = {
        "rule": rule.name,
        "name": action.value,
        "campaign_id": campaign,
        "contact_id": contact,
        "number": subject.number,
        "disposition": subject.disposition or None,
        "fields": dict(subject.fields),
    }
    webhooks.enqueue(conn, "rule.matched", body, now, campaign)


def of_attempt(conn: sqlite3.Connection, uid: str) -> list[Fired]:
    """Return what rules did about one attempt, in order."""
    return _fired(conn, "attempt_uid = ? ORDER BY id", uid)


def of_contact(conn: sqlite3.Connection, contact: ContactId, limit: int = 20) -> list[Fired]:
    """Return what rules did with one contact, the newest first."""
    return _fired(conn, "contact_id = ? ORDER BY id DESC LIMIT ?", contact, limit)


def _fired(conn: sqlite3.Connection, where: str, *values: object) -> list[Fired]:
    # ``where`` is one of the constants above, never data.
    sql = "SELECT at, campaign_id, attempt_uid, moment, version, rule, did FROM rule_fired WHERE "
    rows = conn.execute(sql + where, values).fetchall()
    return [Fired(*(*row[:6], json.loads(row[6]))) for row in rows]
