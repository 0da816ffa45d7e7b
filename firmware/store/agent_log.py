"""Every change of an agent's state, for today's figures and later reports."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from firmware.model import AgentState, UserId


@dataclass(frozen=True, slots=True)
class AgentChange:
    """From ``at`` (UTC seconds) on, the agent was in ``state``; ``reason`` names a pause."""

    user_id: UserId
    at: float
    state: AgentState
    reason: str


def note(conn: sqlite3.Connection, user: UserId, at: float, state: AgentState, reason: str = "") -> None:
    """Store one change."""
    conn.execute(
        "INSERT INTO agent_log (user_id, at, state, reason) VALUES (?, ?, ?, ?)", (user, at, state, reason)
    )


def since(conn: sqlite3.Connection, user: UserId, at: float) -> list[AgentChange]:
    """Return the changes from ``at`` on, and before them the one that held at that moment, oldest first."""
    rows = conn.execute(
        "SELECT user_id, at, state, reason FROM agent_log WHERE user_id = ? AND at >= coalesce("
        " (SELECT max(at) FROM agent_log WHERE user_id = ? AND at <= ?), ?) ORDER BY at, id",
        (user, user, at, at),
    )
    return [AgentChange(UserId(who), when, AgentState(state), reason) for who, when, state, reason in rows]


def spent(conn: sqlite3.Connection, user: UserId, start_at: float, end_at: float) -> dict[AgentState, float]:
    """Return the seconds spent in each state between two moments."""
    changes = [c for c in since(conn, user, start_at) if c.at < end_at]
    total: dict[AgentState, float] = {}
    for position, change in enumerate(changes, 1):
        until = changes[position].at if position < len(changes) else end_at
        total[change.state] = total.get(change.state, 0.0) + max(0.0, until - max(change.at, start_at))
    return total
