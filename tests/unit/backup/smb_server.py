"""A real Samba on loopback for the length of a test, on a port of its own and with users of its own."""

from __future__ import annotations

import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_SBIN = "/usr/sbin:/usr/local/sbin:/sbin"
SMBD = shutil.which("smbd", path=_SBIN)
PASSWORD = 'Grüße = "5%\\x'
"""With what a careless program would trip over."""


def why_not() -> str:
    """Why there can be no server here; empty: there can."""
    if SMBD is None or shutil.which("smbpasswd") is None:
        return "samba is not installed"
    return "" if os.geteuid() == 0 else "smbd takes on its users' rights, which only root may do"


WHY_NOT = why_not()


class SmbServer:
    """Its share ``backup`` is the folder ``files``; ``shown`` is the same to look at alone, ``shut`` lets nobody in."""

    def __init__(
        self, folder: Path, own: Path, protocols: str = "SMB2_02-SMB3", most: int | None = None
    ) -> None:
        """``own``: a folder with a short name, for its sockets. ``most``: bytes a file may have, as on a full disk."""
        self.folder, self.files, self._own, self._most = folder, folder / "files", own, most
        self.files.mkdir(parents=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        self._settings = own / "smb.conf"
        self._settings.write_text(self._told(*protocols.split("-")), encoding="utf-8")
        self.password(PASSWORD)

    def _told(self, least: str, most: str) -> str:
        own = self._own
        lines = [
            "[global]", "server role = standalone server", "disable netbios = yes", f"smb ports = {self.port}",
            "interfaces = 127.0.0.1/8", "bind interfaces only = yes", "map to guest = never", "load printers = no",
            "printing = bsd", "printcap name = /dev/null", "disable spoolss = yes", f"log file = {own}/log",
            f"server min protocol = {least}", f"server max protocol = {most}", f"passdb backend = tdbsam:{own}/users",
            *(f"{name} = {own}" for name in (
                "private dir", "state directory", "lock directory", "cache directory", "pid directory", "ncalrpc dir",
            )),
            *("[backup]", f"path = {self.files}", "read only = no"), *("[shown]", f"path = {self.files}"),
            *("[shut]", f"path = {self.files}", "valid users = nobody"),
        ]  # fmt: skip
        return "\n".join(lines) + "\n"

    def address(self, path: str = "backup") -> str:
        """For ``[backup] folder``."""
        return f"smb://{getpass.getuser()}@127.0.0.1:{self.port}/{path}"

    def password(self, text: str) -> None:
        """What its user is asked for from now on."""
        command = ["smbpasswd", "-c", str(self._settings), "-s", "-a", getpass.getuser()]
        subprocess.run(command, input=f"{text}\n{text}\n".encode(), check=True, capture_output=True)

    def shut_out(self) -> None:
        """Switch its user off."""
        command = ["smbpasswd", "-c", str(self._settings), "-d", getpass.getuser()]
        subprocess.run(command, check=True, capture_output=True)

    def start(self) -> SmbServer:
        """Until it answers."""
        assert SMBD is not None
        limit = [] if self._most is None else ["prlimit", f"--fsize={self._most}"]
        command = [*limit, SMBD, "-F", "--no-process-group", "-s", str(self._settings)]
        with (self._own / "said").open("wb") as said:
            self._process = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)
        until = time.monotonic() + 60
        while not self._answers():
            assert self._process.poll() is None, (self._own / "said").read_text()
            assert time.monotonic() < until
            time.sleep(0.02)  # between two looks at a foreign process
        return self

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5.0):
            return True
        return False

    def stop(self) -> None:
        """Nobody answers any more."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait()
            self._process = None


@contextlib.contextmanager
def serving(folder: Path, protocols: str = "SMB2_02-SMB3", most: int | None = None) -> Iterator[SmbServer]:
    """One that has started and goes again."""
    with tempfile.TemporaryDirectory(prefix="smbd-", dir="/tmp") as own:
        server = SmbServer(folder, Path(own), protocols, most)
        try:
            yield server.start()
        finally:
            server.stop()
