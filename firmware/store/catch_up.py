"""Takes back from the opt-out journal what the store misses, reading only what was written since the last time.

How far the store has read is kept in the store itself, with a checksum of that part: a restored backup knows less
and reads on from there, a lost database reads everything, and an exchanged journal is noticed.
"""

from __future__ import annotations

import sqlite3
import zlib

from firmware.store import dnc, opt_outs, settings

_KEY = "opt_out_journal_read"


def catch_up(conn: sqlite3.Connection, content: bytes) -> tuple[int, int]:
    """Bring the store up to the journal's ``content``, in a transaction; returns (restored, torn lines met)."""
    size, checksum = settings.get(conn, _KEY, [0, 0])
    known = 0 < size <= len(content) and zlib.crc32(content[:size]) == checksum
    if size == len(content) and (known or not size):
        return 0, 0
    entries, torn = opt_outs.parse(content[size:] if known else content)
    conn.execute("BEGIN IMMEDIATE")
    try:
        restored = dnc.restore(conn, opt_outs.net(entries))
        settings.put(conn, _KEY, [len(content), zlib.crc32(content)])
        conn.execute("COMMIT")
    except BaseException:
        conn.execute("ROLLBACK")
        raise
    return restored, torn
