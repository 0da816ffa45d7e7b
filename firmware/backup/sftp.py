"""Backups on a server, by OpenSSH's own sftp in batch mode: the box's key, the server's key, files there and back.

The box has a key of its own for this, made when it is first asked for; its public half goes into ``authorized_keys`` on
the server. The server's key is believed once a person has compared its fingerprint, and no other from then on
(``known_hosts``). No password is used, asked for or kept. Programs get their arguments as a list; what the settings
name was matched by ``config.shape.SFTP_URL``, files are named by ``maker``. Blocking.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware.backup.carrier import PATIENCE_S, Carrier, Tool
from firmware.backup.errors import BackupFailed
from firmware.config.shape import SFTP_URL

KEY, KNOWN = "sftp.key", "known_hosts"
_KINDS = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa")
"""Keys of servers, the best first; the first one a server shows is the one it is known by."""
_SIGNS = (
    ("backup_host_changed", r"REMOTE HOST IDENTIFICATION HAS CHANGED"),
    ("backup_host_unknown", r"Host key verification failed|No \S+ host key is known"),
    ("backup_key_refused", r"Permission denied \([a-z,-]+\)|Too many authentication failures"),
    ("backup_name_unknown", r"Could not resolve hostname"),
    ("backup_no_sftp", r"subsystem request failed|Received message too long"),
    (
        "backup_remote_folder",
        r"realpath \S*.*: No such file|stat remote.*: No such file|Can't change directory",
    ),
    ("backup_remote_denied", r"[Pp]ermission denied"),
    ("backup_remote_full", r"No space left|[Qq]uota|write remote .*: Failure|close remote.*: Failure"),
    (
        "backup_unreachable",
        r"Connection (?:refused|timed out|reset|closed)|No route|unreachable|[Bb]roken pipe|timed out",
    ),
)
TOOL = Tool("backup_no_ssh", _SIGNS)


@dataclass(frozen=True, slots=True)
class Server:
    """``[backup] folder`` where it is no folder of the box."""

    user: str
    host: str
    port: int
    path: str

    @property
    def known_as(self) -> str:
        """In ``known_hosts`` (sshd(8))."""
        return self.host if self.port == 22 else f"[{self.host}]:{self.port}"


@dataclass(frozen=True, slots=True)
class HostKey:
    """A server's key."""

    kind: str
    blob: str

    @property
    def fingerprint(self) -> str:
        """As ``ssh-keygen -l`` shows it."""
        digest = hashlib.sha256(base64.b64decode(self.blob)).digest()
        return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def server_of(folder: str) -> Server | None:
    """The server an address names; None for a folder of the box. ``/~/`` begins at the user's home."""
    found = re.fullmatch(SFTP_URL, folder)
    if found is None:
        return None
    path = found["path"].rstrip("/")
    if f"{path}/".startswith("/~/"):
        path = path[3:] or "."
    return Server(found["user"], found["host"].strip("[]"), int(found["port"] or 22), path)


def public_key(folder: Path) -> str:
    """The line for ``authorized_keys``; the key is made when there is none. :raises BackupFailed:"""
    key = folder / KEY
    public = folder / f"{KEY}.pub"
    if not (key.exists() and public.exists()):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f"{KEY}.new"
        for left in (draft, folder / f"{KEY}.new.pub"):
            left.unlink(missing_ok=True)
        TOOL.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "strowger-backup", "-f", str(draft)])
        (folder / f"{KEY}.new.pub").rename(public)
        draft.rename(key)
    return public.read_text("ascii").strip()


def shown_by(server: Server) -> HostKey:
    """The key the server shows now, whoever it is. :raises BackupFailed: it shows none."""
    command = [
        "ssh-keyscan",
        "-T",
        str(PATIENCE_S),
        "-p",
        str(server.port),
        "-t",
        "ed25519,ecdsa,rsa",
        server.host,
    ]
    found = {key.kind: key for _, key in _keys(TOOL.run(command, check=False).stdout)}
    for kind in _KINDS:
        if kind in found:
            return found[kind]
    raise BackupFailed("backup_unreachable", f"{server.host} shows no key.")


def trusted(folder: Path, server: Server) -> str:
    """The fingerprint a person has confirmed for this server; empty: none."""
    try:
        text = (folder / KNOWN).read_text("ascii")
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
    return next((key.fingerprint for name, key in _keys(text) if name == server.known_as), "")


def trust(folder: Path, server: Server, fingerprint: str) -> None:
    """A person has compared ``fingerprint``: believe this key alone. :raises BackupFailed: it is another by now."""
    key = shown_by(server)
    if key.fingerprint != fingerprint:
        raise BackupFailed("backup_host_changed", f"{server.host} shows another key now.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = folder / f"{KNOWN}.new"
    with made.open("w", encoding="ascii") as file:
        file.write(f"{server.known_as} {key.kind} {key.blob}\n")
        file.flush()
        os.fsync(file.fileno())
    made.rename(folder / KNOWN)


def _keys(text: str) -> Iterator[tuple[str, HostKey]]:
    """Lines of ``known_hosts`` that are whole."""
    for line in text.splitlines():
        parts = line.split()
        if len(parts) < 3 or line.startswith("#"):
            continue
        try:
            base64.b64decode(parts[2], validate=True)
        except (binascii.Error, ValueError):
            continue
        yield parts[0], HostKey(parts[1], parts[2])


class Session(Carrier):
    """Files on one server."""

    def __init__(self, server: Server, folder: Path) -> None:
        """``folder``: where the keys are."""
        self._server, self._folder = server, folder

    def lacks(self) -> str:
        """What a person has to do first."""
        return "" if trusted(self._folder, self._server) else "backup_host_unknown"

    def facts(self) -> Mapping[str, Any]:
        """As the page shows it."""
        server = self._server
        known = {"kind": "sftp", "user": server.user, "host": server.host}
        return {**known, "fingerprint": trusted(self._folder, server)}

    def public_key(self) -> str:
        """The line for ``authorized_keys``. :raises BackupFailed:"""
        return public_key(self._folder)

    def look(self) -> str:
        """The fingerprint of the key the server shows, for a person to compare. :raises BackupFailed:"""
        return shown_by(self._server).fingerprint

    def trust(self, fingerprint: str) -> None:
        """A person has compared it. :raises BackupFailed:"""
        trust(self._folder, self._server, fingerprint)

    def _bring(self, file: Path, draft: str) -> None:
        self._do([f"-rm {draft}", f"put -f {file.name} {draft}", f"rename {draft} {file.name}"], file.parent)

    def get(self, name: str, folder: Path) -> Path:
        """Fetch a file."""
        self._do([f"get {name}"], folder)
        return folder / name

    def names(self) -> list[str]:
        """What lies there."""
        said = self._do(["ls -1a"], self._folder)
        return [line.strip() for line in said.splitlines() if not line.startswith("sftp>")]

    def remove(self, names: Sequence[str]) -> None:
        """Delete files; one that has gone meanwhile is no mistake."""
        if names:
            self._do([f"-rm {name}" for name in names], self._folder)

    def _do(self, commands: Sequence[str], here: Path) -> str:
        server = self._server
        public_key(self._folder)
        script = "\n".join([f'cd "{server.path}"', *commands, ""])
        options = {
            "IdentityFile": self._folder / KEY, "IdentitiesOnly": "yes", "PreferredAuthentications": "publickey",
            "UserKnownHostsFile": self._folder / KNOWN, "GlobalKnownHostsFile": "/dev/null",
            "StrictHostKeyChecking": "yes", "UpdateHostKeys": "no", "CheckHostIP": "no",
            "ConnectTimeout": PATIENCE_S, "ServerAliveInterval": 15, "ServerAliveCountMax": 4,
            "ClearAllForwardings": "yes",
        }  # fmt: skip
        given = [word for name, value in options.items() for word in ("-o", f'{name}="{value}"')]
        host = f"[{server.host}]" if ":" in server.host else server.host
        command = ["sftp", "-F", "none", "-b", "-", *given, "-P", str(server.port), f"{server.user}@{host}"]
        return TOOL.run(command, script, here).stdout
