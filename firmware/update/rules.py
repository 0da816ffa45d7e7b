"""May this bundle be installed on this box now? Every reason against it, in words.

Pure. What RAUC says of a file is English text on standard error; ``why_refused`` turns it into one of our keys. The
version rule is Debian's habit of numbers and words compared piece by piece, as ``sort -V`` does it in the root's own
check (``image/overlay/usr/lib/strowger/before-install``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest

from firmware.model import Problem
from firmware.update.texts import problem

_SAID = (
    (
        "update_stranger",
        r"Verify error: *(?:self[- ]signed|unable to get|unsuitable|certificate (?:has expired|is not yet))",
    ),
    ("update_not_a_bundle", r"Invalid bundle format|Failed to seek|No such file"),
    ("update_damaged", r"signature verification failed|Input/output error|dm-verity|hash mismatch"),
)
"""What RAUC 1.8 and the OpenSSL behind it say; the first that fits counts."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a verified bundle says of itself."""

    compatible: str
    version: str
    built: str = ""
    """The day it was made, ``2026-11-20``; empty: it does not say."""
    signer: str = ""
    """Who signed it, as the certificate names them."""


@dataclass(frozen=True, slots=True)
class ThisBox:
    """What this box is. ``minimum``: the oldest version it lets itself be replaced with."""

    compatible: str
    version: str
    minimum: str


def refusals(bundle: Bundle, box: ThisBox, calls: int, *, force: bool) -> list[Problem]:
    """Return everything that stands against installing ``bundle`` now; empty when nothing does.

    ``force`` overrules calls that are under way, and nothing else.
    """
    found = []
    if bundle.compatible != box.compatible:
        found.append(problem("update_other_board", theirs=bundle.compatible, ours=box.compatible))
    if older(bundle.version, box.minimum):
        found.append(problem("update_too_old", version=bundle.version, minimum=box.minimum))
    if calls and not force:
        found.append(problem("update_calls", calls=calls))
    return found


def older(version: str, than: str) -> bool:
    """Whether a version comes before another: numbers by size, words by letter, ``1.2`` before ``1.2.1``."""
    for mine, other in zip_longest(_pieces(version), _pieces(than)):
        if mine != other:
            return mine is None or (other is not None and mine < other)
    return False


def _pieces(version: str) -> list[tuple[int, str]]:
    return [
        (int(piece), "") if piece.isdigit() else (-1, piece)
        for piece in re.findall(r"\d+|[a-z]+", version.lower())
    ]


def why_refused(said: str) -> Problem:
    """Turn RAUC's errors into a refusal; what nobody foresaw is passed on as RAUC put it."""
    for key, pattern in _SAID:
        if re.search(pattern, said):
            return problem(key)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return problem("update_failed", reason=lines[-1] if lines else "rauc")
