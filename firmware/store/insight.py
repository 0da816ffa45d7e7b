"""What the database is like without a word of what is in it: its schema, and how many rows each table has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3


def schema(conn: sqlite3.Connection) -> str:
    """Every CREATE statement, and the number of the newest migration."""
    rows = conn.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, name")
    return "".join(f"{sql};\n" for (sql,) in rows)


def rows(conn: sqlite3.Connection) -> dict[str, int]:
    """Table -> its rows."""
    names = [
        str(name)
        for (name,) in conn.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
    ]
    return {name: conn.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
