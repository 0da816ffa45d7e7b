"""What makes a chain of entries: each carries the hash of the one before it, so that none can be changed, removed,
inserted or moved without the chain showing where. The permits and the log of changes are such chains."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Head:
    """The newest link: how many there are, and the hash that stands for all of them."""

    seq: int
    hash: str


def link(seq: int, name: str, digest: str, previous: str) -> str:
    """SHA-256 over a link's place, what it is about, the hash of its content and the link before."""
    return hashlib.sha256(f"{seq}\n{name}\n{digest}\n{previous}".encode()).hexdigest()


def place_fault(due: int, previous: str, found: tuple[int, str, str, str, str]) -> str:
    """What is wrong with a link's place: ``missing moved relinked``, or nothing.

    ``found`` is the link as it is stored: place, name, content's hash, hash before, hash.
    """
    seq, name, digest, before, hash_ = found
    if seq != due:
        return "missing"
    if before != previous:
        return "moved"
    return "" if link(seq, name, digest, before) == hash_ else "relinked"
