"""Backups on a share of a Windows server or a NAS, by Samba's own smbclient: the password, files there and back.

Nothing is mounted, so nothing needs root. SMB 2 at least is spoken, each message signed, and all of it encrypted where
the server can (SMB 3); SMB 1 is never spoken. The password is typed by a person and lies in a file of its own that
smbclient reads (``-A``), so it stands in no command line and no environment. It was typed for one user of one server:
should the address name another, it is not sent there. What the settings name was matched by ``config.shape.SMB_URL``,
files are named by ``maker``. Blocking.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware.backup.carrier import PATIENCE_S, Carrier, Tool
from firmware.backup.errors import BackupFailed
from firmware.backup.keeping import keep
from firmware.config.shape import SMB_URL

FILE = "smb.password"
_GONE = r"NT_STATUS_(?:NO_SUCH_FILE|OBJECT_NAME_NOT_FOUND)"
_LISTED = re.compile(r"  (?P<name>\S.*?) +[A-Z]* +\d+  \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}")
TOOL = Tool(
    "backup_no_smbclient",
    (
        ("backup_unreachable", r"NT_STATUS_(?:IO_TIMEOUT|\w*_UNREACHABLE|CONNECTION_REFUSED)"),
        ("backup_name_unknown", r"do_connect: .*NT_STATUS_(?:UNSUCCESSFUL|NOT_FOUND|BAD_NETWORK_NAME)"),
        ("backup_smb1", r"protocol negotiation failed"),
        (
            "backup_account_shut",
            r"NT_STATUS_(?:ACCOUNT_\w+|PASSWORD_EXPIRED|PASSWORD_MUST_CHANGE|INVALID_LOGON_HOURS|LOGON_TYPE_NOT_GRANTED)",
        ),
        ("backup_password_refused", r"session setup failed|NT_STATUS_(?:LOGON_FAILURE|WRONG_PASSWORD)"),
        ("backup_share_unknown", r"NT_STATUS_BAD_NETWORK_NAME"),
        ("backup_share_denied", r"tree connect failed: NT_STATUS_ACCESS_DENIED"),
        ("backup_remote_full", r"NT_STATUS_(?:DISK_FULL|\w*QUOTA_EXCEEDED)"),
        (
            "backup_remote_folder",
            r"NT_STATUS_(?:OBJECT_PATH_\w+|NOT_A_DIRECTORY|OBJECT_NAME_NOT_FOUND listing)",
        ),
        (
            "backup_remote_denied",
            r"NT_STATUS_(?:ACCESS_DENIED|MEDIA_WRITE_PROTECTED|CANNOT_DELETE|NETWORK_ACCESS_DENIED)",
        ),
        (
            "backup_unreachable",
            r"NT_STATUS_(?:CONNECTION_|NETWORK_NAME_DELETED|PIPE_BROKEN|LOCAL_DISCONNECT)",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Share:
    """``[backup] folder`` where it is a share; ``path`` below it is empty or as SMB writes it."""

    domain: str
    user: str
    host: str
    port: int
    name: str
    path: str

    @property
    def account(self) -> str:
        """Whose password it is, and where."""
        return f"{self.domain};{self.user}@{self.host}:{self.port}"


def share_of(folder: str) -> Share | None:
    """The share an address names; None: it names none."""
    found = re.fullmatch(SMB_URL, folder)
    if found is None:
        return None
    name, _, path = found["share"].strip("/").partition("/")
    host, port = found["nas"].strip("[]"), int(found["nas_port"] or 445)
    return Share(found["domain"] or "", found["account"], host, port, name, path.replace("/", "\\"))


class Session(Carrier):
    """Files on one share."""

    def __init__(self, share: Share, keys: Path) -> None:
        """``keys``: where the password is."""
        self._share, self._file = share, keys / FILE

    def lacks(self) -> str:
        """What a person has to do first."""
        return "" if self._knows() else "backup_no_password"

    def facts(self) -> Mapping[str, Any]:
        """As the page shows it."""
        share = self._share
        user = f"{share.domain}\\{share.user}" if share.domain else share.user
        known = {"kind": "smb", "user": user, "host": share.host, "share": share.name}
        return {**known, "has_password": self._knows()}

    def set_password(self, text: str) -> None:
        """A person has typed it. No control characters, no space at its beginning: smbclient would lose them."""
        share = self._share
        lines = [
            f"server = {share.account}", f"username = {share.user}", f"password = {text}",
            *([f"domain = {share.domain}"] if share.domain else []),
        ]  # fmt: skip
        keep(self._file, "\n".join(lines) + "\n")

    def get(self, name: str, folder: Path) -> Path:
        """Fetch a file."""
        self._do([f"get {self._named(name)} {name}"], folder)
        return folder / name

    def names(self) -> list[str]:
        """What lies there."""
        said = self._do([f"ls {self._named('*')}"], None, forgiven=r"NT_STATUS_NO_SUCH_FILE")
        return [found["name"] for line in said.splitlines() if (found := _LISTED.fullmatch(line))]

    def remove(self, names: Sequence[str]) -> None:
        """Delete files; one that has gone meanwhile is no mistake."""
        if names:
            self._do([f"del {self._named(name)}" for name in names], None, forgiven=_GONE)

    def _bring(self, file: Path, draft: str) -> None:
        self._do([f"put {file.name} {self._named(draft)}"], file.parent)
        self._do([f"rename {self._named(draft)} {self._named(file.name)} -f"], None)

    def _named(self, name: str) -> str:
        """By its whole path: a ``cd`` that failed would not keep smbclient from going on elsewhere."""
        return f'"{self._share.path}\\{name}"' if self._share.path else f'"{name}"'

    def _knows(self) -> bool:
        """Whether the password was typed for this user of this server."""
        try:
            first = self._file.read_text("utf-8").partition("\n")[0]
        except (FileNotFoundError, UnicodeDecodeError):
            return False
        return first == f"server = {self._share.account}"

    def _do(self, commands: Sequence[str], here: Path | None, forgiven: str = r"(?!)") -> str:
        """What smbclient says. Of several commands it reports the last one's success alone, so its words are read."""
        if not self._knows():
            raise BackupFailed("backup_no_password", "Nobody has typed the password of the share yet.")
        share = self._share
        options = {
            "client min protocol": "SMB2_02", "client max protocol": "SMB3", "client signing": "required",
            "client smb encrypt": "desired", "client use kerberos": "off", "name resolve order": "host",
        }  # fmt: skip
        given = [f"--option={name}={value}" for name, value in options.items()]
        command = [
            *("smbclient", f"//{share.host}/{share.name}", "-s", "/dev/null", "-p", str(share.port)),
            *("-t", str(PATIENCE_S), "-A", str(self._file), *given, "-c", "; ".join(commands)),
        ]
        done = TOOL.run(command, here=here, check=False)
        said = f"{done.stdout}\n{done.stderr}"
        wrong = [line for line in said.splitlines() if "NT_STATUS_" in line and not line.startswith("  ")]
        if any(not re.search(forgiven, line) for line in wrong) or (done.returncode and not wrong):
            raise TOOL.failure(said)
        return said
