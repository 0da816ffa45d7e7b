"""How desk phones are set up: one phone's settings, a room's accounts, what the phones of a process share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from board.sim import clips
from board.sim.media import MediaFactory
from board.sim.params import suggest
from board.sim.sip_transactions import Address, Timers
from board.sim.voices import Voices
from board.sim.witness import Witness

MODES = ("answer", "reject", "no_answer")
SOUNDS = ("talk", "tone", "silent")


@dataclass(frozen=True, slots=True)
class PhoneSettings:
    """One phone. `sound` is what it says: sentences in turn, a steady 440 Hz tone, or nothing."""

    user: str
    password: str
    registrar: Address
    domain: str
    mode: str = "answer"
    answer_ms: int = 500
    sound: str = "talk"
    language: str = "de"
    host: str = "127.0.0.1"
    port: int = 0
    expires_s: int = 60
    timers: Timers = field(default_factory=Timers)


@dataclass(frozen=True, slots=True)
class Office:
    """What the phones of one process share."""

    witness: Witness
    voices: Voices
    media: MediaFactory


def office(voices: Path | None = None, pool: Path | None = None, log: Path | None = None, *, host: str = "127.0.0.1",
           keep_s: float = 0.0) -> Office:  # fmt: skip
    """Make an office. Raises NoVoices and OSError."""
    media = MediaFactory(host, background=clips.line_noise(), keep_s=keep_s)
    return Office(Witness(log), Voices(voices, pool), media)


def read_accounts(path: Path, registrar: Address, domain: str) -> list[PhoneSettings]:
    """Read a JSON list of objects: user, password, and any other field of PhoneSettings. Raises ValueError."""
    accounts = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(accounts, list) or not accounts:
        raise ValueError(f"{path}: a list of accounts is wanted")
    return [
        _settings(account, registrar, domain, f"{path}, account {n}") for n, account in enumerate(accounts, 1)
    ]


def _settings(account: object, registrar: Address, domain: str, where: str) -> PhoneSettings:
    known = {
        one.name: None for one in fields(PhoneSettings) if one.name not in ("registrar", "domain", "timers")
    }
    if not isinstance(account, Mapping) or not account.get("user"):
        raise ValueError(f"{where}: user and password are wanted")
    for name in account:
        if name not in known:
            raise ValueError(f"{where}: no setting {name!r}{suggest(str(name), known)}")
    if account.get("mode", "answer") not in MODES or account.get("sound", "talk") not in SOUNDS:
        raise ValueError(f"{where}: mode is one of {', '.join(MODES)}; sound is one of {', '.join(SOUNDS)}")
    return PhoneSettings(**{"password": "", **account}, registrar=registrar, domain=domain)
