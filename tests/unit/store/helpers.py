"""What the store's tests need again and again: a campaign with contacts, a permit, and the invariants."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from firmware.model import (
    AttemptUid,
    CampaignId,
    CampaignSettings,
    CampaignState,
    Claim,
    ContactListId,
    Permit,
    Role,
    UserId,
)
from firmware.store import campaigns, claims, contacts, migrations, opening, users
from firmware.store.store import Store

NOW = 1_780_000_000.0
BERLIN = ("Europe/Berlin",)
ANY_HOUR: dict[str, Any] = {
    "rule_pack": "own",
    "rules": {
        "hours": [{"weekday": day, "start_min": 0, "end_min": 1440} for day in range(7)],
        "holidays": False,
    },
}
"""Settings of an office whose own rules know no hours."""


def number(i: int) -> str:
    """One of the thousand fictional Berlin numbers."""
    return f"+493023125{i % 1000:03d}"


def permit(candidate: claims.Candidate) -> Permit:
    """A judge that always permits."""
    return Permit(
        number=candidate.number,
        decided_at=NOW,
        zone=" ".join(candidate.zones),
        local_time="2026-05-28T22:26:40+02:00",
        window="Thu 00:00-24:00",
        rule_version="test",
        dnc_lists=dict(candidate.dnc_versions),
        attempts_before=candidate.attempts,
        last_attempt_at=candidate.last_attempt_at,
        caller_id="+493023125999",
    )


def before(step: str, path: Path) -> sqlite3.Connection:
    """A database as a box had it that knew all steps before this one."""
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute(f"PRAGMA application_id = {opening.APPLICATION_ID}")
    migrations.bring_up(conn, stop_before=step)
    return conn


def new_list(
    conn: sqlite3.Connection, count: int, first: int = 0, zones: tuple[str, ...] = BERLIN
) -> ContactListId:
    """A list of ``count`` contacts with consecutive numbers."""
    list_id = contacts.create_list(conn, f"list from {first}", NOW)
    rows = [contacts.NewContact(number(first + i), f"Person {first + i}", zones) for i in range(count)]
    contacts.add(conn, list_id, rows)
    return list_id


def new_campaign(
    conn: sqlite3.Connection,
    list_id: ContactListId,
    dnc_list_ids: Iterable[int] = (),
    min_gap_s: float = 3600.0,
) -> CampaignId:
    """A running campaign over a list."""
    settings = CampaignSettings("c", list_id, dnc_list_ids=tuple(dnc_list_ids), min_gap_s=min_gap_s)
    campaign = campaigns.create(conn, settings, NOW)
    campaigns.set_state(conn, campaign, CampaignState.RUNNING, NOW)
    return campaign


def claim(
    conn: sqlite3.Connection,
    campaign: CampaignId,
    limit: int = 1,
    now: float = NOW,
    judge: claims.Judge = permit,
) -> claims.Claimed:
    """Claim for a campaign."""
    return claims.claim_due(conn, campaigns.get(conn, campaign), now, limit, judge)


def one(conn: sqlite3.Connection, count: int = 1) -> tuple[CampaignId, Claim]:
    """A new campaign with ``count`` contacts, of which the first is claimed."""
    campaign = new_campaign(conn, new_list(conn, count))
    return campaign, claim(conn, campaign).claims[0]


def uid_of(conn: sqlite3.Connection, count: int = 1) -> AttemptUid:
    """The attempt of ``one``."""
    return one(conn, count)[1].attempt_uid


def new_user(conn: sqlite3.Connection, login: str = "anna") -> UserId:
    """An agent."""
    return users.create(conn, users.NewUser(login, login.title(), Role.AGENT, "scrypt$x"), NOW)


async def in_one_batch(store: Store, *tasks: Callable[[sqlite3.Connection], object]) -> list[object]:
    """Queue the tasks while the writer is busy, so that they share a transaction; results or errors."""
    running, gate = threading.Event(), threading.Event()

    def hold(_: sqlite3.Connection) -> None:
        running.set()
        gate.wait(30)

    store.post(hold)
    await asyncio.to_thread(running.wait, 30)
    waiting = [asyncio.ensure_future(store.do(task)) for task in tasks]
    await asyncio.sleep(0)
    gate.set()
    return await asyncio.gather(*waiting, return_exceptions=True)


def broken_invariants(conn: sqlite3.Connection) -> list[str]:
    """Every way in which the store contradicts itself; empty when all is well."""
    checks = {
        "contact in flight without exactly one open attempt": """SELECT c.id FROM contact c
            WHERE c.state = 'in_flight' AND (SELECT count(*) FROM attempt a
            WHERE a.contact_id = c.id AND a.disposition IS NULL) <> 1""",
        "open attempt whose contact is not in flight": """SELECT a.id FROM attempt a
            JOIN contact c ON c.id = a.contact_id WHERE a.disposition IS NULL AND c.state <> 'in_flight'""",
        "contact's attempts differ from a count": """SELECT c.id FROM contact c WHERE c.attempts <>
            (SELECT count(*) FROM attempt a WHERE a.contact_id = c.id AND a.sent = 1)""",
        "list counters differ from a recount": """
            SELECT coalesce(k.list_id, r.list_id) FROM (SELECT * FROM list_count WHERE n <> 0) k
            FULL JOIN (SELECT list_id, state AS what, count(*) AS n FROM contact GROUP BY 1, 2 UNION ALL
                SELECT list_id, 'closed:' || closed_reason, count(*) FROM contact
                WHERE closed_reason IS NOT NULL GROUP BY 1, 2) r
            ON k.list_id = r.list_id AND k.what = r.what WHERE k.n IS NOT r.n""",
        "campaign counters differ from a recount": """
            SELECT coalesce(k.campaign_id, r.campaign_id) FROM
            (SELECT * FROM campaign_count WHERE n <> 0 AND what NOT LIKE 'refused:%') k FULL JOIN (
                SELECT campaign_id, 'attempts' AS what, count(*) AS n FROM attempt WHERE sent = 1 GROUP BY 1
                UNION ALL SELECT campaign_id, 'taken_back', count(*) FROM attempt WHERE sent = 0 GROUP BY 1
                UNION ALL SELECT campaign_id, 'answered', count(*) FROM attempt
                    WHERE answered_at IS NOT NULL GROUP BY 1
                UNION ALL SELECT campaign_id, 'offer:' || outcome, count(*) FROM offer_log GROUP BY 1, 2
                UNION ALL SELECT campaign_id, 'live', count(*) FROM attempt WHERE live = 1 GROUP BY 1
                UNION ALL SELECT campaign_id, 'corrected', count(*) FROM attempt
                    WHERE corrected IS NOT NULL GROUP BY 1
                UNION ALL SELECT campaign_id, 'audited', count(*) FROM attempt WHERE audited = 1 GROUP BY 1
                UNION ALL SELECT campaign_id, 'message:' || message_result, count(*) FROM attempt
                    WHERE message_result IS NOT NULL GROUP BY 1, 2
                UNION ALL SELECT campaign_id, 'verdict:' || verdict, count(*) FROM attempt
                    WHERE verdict IS NOT NULL GROUP BY 1, 2
                UNION ALL SELECT campaign_id, 'disposition:' || disposition, count(*) FROM attempt
                    WHERE disposition IS NOT NULL AND sent = 1 GROUP BY 1, 2) r
            ON k.campaign_id = r.campaign_id AND k.what = r.what WHERE k.n IS NOT r.n""",
        "DNC counters differ from a recount": """SELECT id FROM dnc_list WHERE entries <>
            (SELECT count(*) FROM dnc_prefix WHERE entry / 1000000000000000 = dnc_list.id) +
            (SELECT count(*) FROM dnc_entry WHERE entry / 1000000000000000 = dnc_list.id)""",
        "a row points nowhere": "SELECT 1 FROM pragma_foreign_key_check",
    }
    return [words for words, sql in checks.items() if conn.execute(sql).fetchone() is not None]
