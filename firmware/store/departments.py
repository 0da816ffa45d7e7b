"""Departments: who belongs to them, and what. Nobody's and nothing's department is the whole box.

What somebody of a department sees of the box is ``scoping``'s; here is only what is written down. Things made by
somebody of a department belong to it from the moment they are made: the store's writer carries triggers of its own
(``CLAIMING``) that ask in whose name it works.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass

from firmware.model import DepartmentId, OperatorError, Owned, Problem, Role, Scope, UserId

TABLES: Mapping[Owned, str] = {
    Owned.CAMPAIGN: "campaign",
    Owned.LIST: "contact_list",
    Owned.DNC_LIST: "dnc_list",
    Owned.VIEW: "report_view",
    Owned.WALL: "wall",
    Owned.DESTINATION: "destination",
    Owned.SCRIPT: "script",
    Owned.SNIPPET: "snippet",
    Owned.WEBHOOK: "webhook_subscription",
    Owned.TOKEN: "api_token",
}
"""Where each kind stands; its key there is ``id``. Queues are settings: they have a name and no table."""

_NAMES: Mapping[Owned, str] = {
    **{kind: f"SELECT id, name FROM {table}" for kind, table in TABLES.items()},  # noqa: S608 - from TABLES
    Owned.LIST: "SELECT id, name FROM contact_list WHERE deleted_at IS NULL",
    Owned.WALL: "SELECT id, name FROM wall WHERE revoked_at IS NULL",
    Owned.DESTINATION: "SELECT id, name FROM destination WHERE removed_at IS NULL",
    Owned.SCRIPT: "SELECT id, name FROM script WHERE removed_at IS NULL",
    Owned.SNIPPET: "SELECT id, iif(title_de <> '', title_de, title_en) FROM snippet",
    Owned.WEBHOOK: "SELECT id, url FROM webhook_subscription WHERE deleted_at IS NULL",
    Owned.TOKEN: "SELECT id, name FROM api_token WHERE revoked_at IS NULL",
}
"""What is in use of each kind, and what it is called."""

making_for: ContextVar[DepartmentId | None] = ContextVar("making_for", default=None)
"""Whose everything is that the writer's thread makes now; None: the whole box's."""


@dataclass(frozen=True, slots=True)
class Department:
    """A department with how many people and things belong to it."""

    id: DepartmentId
    name: str
    people: int
    things: int


def every(conn: sqlite3.Connection) -> list[Department]:
    """Return all departments by name; what was removed counts no more."""
    rows = conn.execute(
        "SELECT id, name, (SELECT count(*) FROM user_department u JOIN user ON user.id = u.user_id"
        " WHERE u.department_id = department.id AND user.active)"
        " FROM department ORDER BY name COLLATE NOCASE, id"
    ).fetchall()
    if not rows:
        return []
    used = {kind: names(conn, kind) for kind in TABLES}
    counted = Counter(
        department for (kind, key), department in things(conn).items() if key in used.get(kind, (key,))
    )
    return [
        Department(DepartmentId(number), name, people, counted[DepartmentId(number)])
        for number, name, people in rows
    ]


def create(conn: sqlite3.Connection, name: str, who: str, now: float) -> DepartmentId:
    """Found one. :raises OperatorError: the name is taken."""
    _must_be_free(conn, name, None)
    made = conn.execute("INSERT INTO department (name, made_at, made_by) VALUES (?, ?, ?)", (name, now, who))
    return DepartmentId(made.lastrowid or 0)


def rename(conn: sqlite3.Connection, department: DepartmentId, name: str) -> None:
    """Give it another name. :raises OperatorError: unknown, or the name is taken."""
    _must_exist(conn, frozenset({department}))
    _must_be_free(conn, name, department)
    conn.execute("UPDATE department SET name = ? WHERE id = ?", (name, department))


def remove(conn: sqlite3.Connection, department: DepartmentId) -> None:
    """Close one that is empty: its people would see the whole box all at once, its things nobody's but everybody's.

    :raises OperatorError: unknown, or somebody or something belongs to it
    """
    _must_exist(conn, frozenset({department}))
    (found,) = [each for each in every(conn) if each.id == department]
    if found.people or found.things:
        text = f"{found.people} people and {found.things} things belong to “{found.name}”."
        figures = {"people": found.people, "things": found.things}
        raise OperatorError(Problem("id", "department_in_use", text, figures))
    conn.execute("DELETE FROM belonging WHERE department_id = ?", (department,))
    conn.execute("DELETE FROM user_department WHERE department_id = ?", (department,))
    conn.execute("DELETE FROM department WHERE id = ?", (department,))


def members(conn: sqlite3.Connection) -> dict[UserId, Scope]:
    """Who belongs to departments; everybody else belongs to the whole box.

    Administrators and technicians always do, whatever is written down of them: they look after all of it.
    """
    found: dict[UserId, set[DepartmentId]] = {}
    rows = conn.execute(
        "SELECT user_id, department_id FROM user_department u WHERE NOT EXISTS"
        " (SELECT 1 FROM user_role r WHERE r.user_id = u.user_id AND r.role IN (?, ?))",
        (Role.ADMINISTRATOR, Role.TECHNICIAN),
    )
    for user, department in rows:
        found.setdefault(UserId(user), set()).add(DepartmentId(department))
    return {user: frozenset(departments) for user, departments in found.items()}


def of_user(conn: sqlite3.Connection, user: UserId) -> Scope | None:
    """The departments somebody belongs to; None: the whole box."""
    return members(conn).get(user)


def put_user(conn: sqlite3.Connection, user: UserId, departments: Scope) -> None:
    """Let somebody belong to these and no others; none: the whole box. :raises OperatorError: there is no such one."""
    _must_exist(conn, departments)
    conn.execute("DELETE FROM user_department WHERE user_id = ?", (user,))
    conn.executemany(
        "INSERT INTO user_department VALUES (?, ?)", ((user, each) for each in sorted(departments))
    )


def things(conn: sqlite3.Connection) -> dict[tuple[Owned, int | str], DepartmentId]:
    """What belongs to which department."""
    rows = conn.execute("SELECT kind, object, department_id FROM belonging")
    return {(Owned(kind), key): DepartmentId(department) for kind, key, department in rows}


def names(conn: sqlite3.Connection, kind: Owned) -> dict[int, str]:
    """Everything of a kind that is in use, by name; queues have no table."""
    sql = _NAMES.get(kind)
    if sql is None:
        return {}
    found = [(int(number), str(name)) for number, name in conn.execute(sql)]
    return dict(sorted(found, key=lambda each: (each[1].lower(), each[0])))


def of_thing(conn: sqlite3.Connection, kind: Owned, key: int | str) -> Scope | None:
    """The department a thing belongs to; None: the whole box."""
    row = conn.execute(
        "SELECT department_id FROM belonging WHERE kind = ? AND object = ?", (kind, key)
    ).fetchone()
    return None if row is None else frozenset({DepartmentId(row[0])})


def put_thing(conn: sqlite3.Connection, kind: Owned, key: int | str, department: DepartmentId | None) -> None:
    """Let a thing belong to a department, or to the whole box. :raises OperatorError: no such department or thing."""
    table = TABLES.get(kind)
    if table is not None and not conn.execute(f"SELECT 1 FROM {table} WHERE id = ?", (key,)).fetchone():  # noqa: S608
        raise OperatorError(Problem("object", "thing_unknown", f"There is no {kind} {key}."))
    conn.execute("DELETE FROM belonging WHERE kind = ? AND object = ?", (kind, key))
    if department is not None:
        _must_exist(conn, frozenset({department}))
        conn.execute("INSERT INTO belonging VALUES (?, ?, ?)", (kind, key, department))


def tokens(conn: sqlite3.Connection) -> dict[int, Scope]:
    """Other programs' tokens that belong to a department."""
    rows = conn.execute("SELECT object, department_id FROM belonging WHERE kind = ?", (Owned.TOKEN,))
    return {int(token): frozenset({DepartmentId(department)}) for token, department in rows}


def carry_triggers(conn: sqlite3.Connection) -> None:
    """Let everything the writer makes in somebody's name belong to that one's department.

    Triggers of this connection alone: a database opened elsewhere knows nothing of them. What is gone belongs nowhere.
    """
    conn.create_function("making_for", 0, making_for.get)
    for kind, table in TABLES.items():
        for statement in _CLAIMING:
            conn.execute(statement.format(kind=kind, table=table))


_CLAIMING = (
    "CREATE TEMP TRIGGER claim_{kind} AFTER INSERT ON main.{table} WHEN making_for() IS NOT NULL BEGIN"
    " INSERT INTO belonging VALUES ('{kind}', NEW.id, making_for()); END",
    "CREATE TEMP TRIGGER unclaim_{kind} AFTER DELETE ON main.{table} BEGIN"
    " DELETE FROM belonging WHERE kind = '{kind}' AND object = OLD.id; END",
)


def _must_exist(conn: sqlite3.Connection, departments: Scope) -> None:
    known = {number for (number,) in conn.execute("SELECT id FROM department")}
    for each in sorted(departments - known):
        raise OperatorError(Problem("department", "department_unknown", f"There is no department {each}."))


def _must_be_free(conn: sqlite3.Connection, name: str, owner: DepartmentId | None) -> None:
    row = conn.execute("SELECT id FROM department WHERE name = ? COLLATE NOCASE", (name,)).fetchone()
    if row is not None and row[0] != owner:
        raise OperatorError(Problem("name", "department_taken", f"There is a department “{name}” already."))
