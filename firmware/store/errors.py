"""How the store says that it could not do something.

What an operator asked for wrongly is an ``OperatorError`` (``firmware.model``); what is here are faults of the
outside world (disk full, damaged file) in words a person can act on. The sqlite3 error is kept as ``__cause__``.
"""

from __future__ import annotations


class StoreError(Exception):
    """The store could not do its work; nothing of the failed task was kept."""


class StoreDamaged(StoreError):
    """The database file is not readable as one; it was kept aside at the path the text names."""


class StoreTooNew(StoreError):
    """The database was written by a newer version of the box."""


class StoreUnavailable(Exception):
    """The read model cannot be reached: no database yet, or it cannot be read."""
