"""What is asked of the process that makes a backup (``maker``), apart from all that it takes to make one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Order:
    """What to back up where. Paths as text; ``keep_days`` counts from now; no ``config``: it has its defaults."""

    state: str
    folder: str
    box: str
    recipients: tuple[str, ...]
    secret_file: str
    config: str
    recordings: bool
    keep_days: int
    at: float
    own_disk: bool = False
    """The folder may lie on the disk of the box: an office that copies it on by itself."""
