"""A real OpenSSH server on loopback for the length of a test, on a port of its own and with keys of its own."""

from __future__ import annotations

import contextlib
import getpass
import os
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/sbin")
_PRIVILEGES = Path("/run/sshd")
"""Where it locks itself in; Debian makes it when its service starts, which on a test machine it does not. It stays."""


def why_not() -> str:
    """Why there can be no server here; empty: there can."""
    if SSHD is None:
        return "openssh-server is not installed"
    if os.geteuid() == 0:
        shadow = Path("/etc/shadow").read_text(encoding="utf-8", errors="replace")
        if re.search(r"^root:!", shadow, re.MULTILINE):
            return "root's account is locked, and OpenSSH lets nobody into such a one"
    return ""


WHY_NOT = why_not()


class SshServer:
    """Its folder is ``files``; whoever's key is in ``let_in`` may write there as the user who runs the tests."""

    def __init__(self, folder: Path, sftp: bool = True) -> None:
        self.folder, self.files = folder, folder / "files"
        self._sftp = sftp
        self.files.mkdir(parents=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        (folder / "authorized").write_text("")
        self._process: subprocess.Popen[bytes] | None = None
        self.new_key()

    @property
    def address(self) -> str:
        """For ``[backup] folder``."""
        return f"sftp://{getpass.getuser()}@127.0.0.1:{self.port}{self.files}"

    def new_key(self) -> None:
        """Another key of its own, as if it had been set up anew."""
        key = self.folder / "host_key"
        key.unlink(missing_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)

    def let_in(self, line: str) -> None:
        """Put a public key into ``authorized_keys``."""
        (self.folder / "authorized").write_text(f"{line}\n")

    def start(self) -> SshServer:
        """Until it answers."""
        if os.geteuid() == 0:
            _PRIVILEGES.mkdir(mode=0o755, exist_ok=True)
        lines = [
            f"Port {self.port}", "ListenAddress 127.0.0.1", f"HostKey {self.folder}/host_key", "PidFile none",
            f"AuthorizedKeysFile {self.folder}/authorized", "StrictModes no", "UsePAM no", "UseDNS no",
            "PasswordAuthentication no", "KbdInteractiveAuthentication no", "PermitRootLogin prohibit-password",
            *(["Subsystem sftp internal-sftp"] if self._sftp else []),
        ]  # fmt: skip
        (self.folder / "config").write_text("\n".join(lines) + "\n")
        assert SSHD is not None
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [SSHD, "-D", "-e", "-f", str(self.folder / "config")], stderr=log, stdout=log
            )
        until = time.monotonic() + 60
        while not self._answers():
            assert self._process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < until
            time.sleep(0.02)  # between two looks at a foreign process
        return self

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5.0) as line:
            return line.recv(4) == b"SSH-"
        return False

    def stop(self) -> None:
        """Nobody answers any more."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None
