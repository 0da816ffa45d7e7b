"""The programs under their units' sandboxes: what the hardening forbids, and that everybody can still work."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from firmware.backup.sftp import public_key
from firmware.edge.rpc import Rpc, RpcDown
from tests.systemd.confined import allowed_calls, settings
from tests.unit.backup import smb_server
from tests.unit.backup.server import WHY_NOT, SshServer

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "systemd"
STROWGER = Path(sys.executable).with_name("strowger")
PATIENCE_S = 30.0

pytestmark = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")


def confined(unit: str, *command: str) -> list[str]:
    return [sys.executable, "-m", "tests.systemd.confined", str(FOLDER / f"{unit}.service"), *command]


def python(unit: str, source: str) -> subprocess.CompletedProcess[str]:
    command = confined(unit, sys.executable, "-c", source)
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("import os; os.chown('/tmp', 1, 1)", "PermissionError"),
        ("import time; time.clock_settime(time.CLOCK_REALTIME, 0)", "PermissionError"),
        ("import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW)", "PermissionError"),
        ("import socket; socket.socket(socket.AF_BLUETOOTH, socket.SOCK_RAW, 1)", "PermissionError"),
        ("import ctypes; assert ctypes.CDLL(None).mount(0, 0, 0, 0, 0) == 0", "AssertionError"),
        ("import os; os.setuid(0)", "PermissionError"),
    ],
)
@pytest.mark.parametrize("unit", ["strowger", "strowger-web"])
def test_what_nobody_can_do_any_more(unit: str, source: str, error: str) -> None:
    done = python(unit, source)
    assert done.returncode == 1
    assert error in done.stderr


def test_later_lines_of_the_filter_add_and_take_away() -> None:
    assert "adjtimex" in allowed_calls(settings(FOLDER / "strowger.service")["SystemCallFilter"])
    assert "adjtimex" not in allowed_calls(settings(FOLDER / "strowger-web.service")["SystemCallFilter"])
    assert allowed_calls(["read write", "~write", "close"]) >= {"read", "close"}


def test_the_service_can_still_ask_the_machine_and_load_its_libraries() -> None:
    source = (
        "import numpy, psutil, sqlite3, tflite_runtime.interpreter\n"
        "from pathlib import Path\n"
        "from systemd import journal\n"
        "from firmware.probe import SystemProbe\n"
        "probe = SystemProbe()\n"
        "assert probe.clock_synchronised() is not None\n"
        "assert probe.memory().total_bytes and probe.disk(Path('/tmp')).free_bytes\n"
        "assert psutil.net_if_addrs()\n"
    )
    done = python("strowger", source)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not (shutil.which("espeak-ng") and shutil.which("sox")), reason="no voice is installed")
def test_the_service_can_still_speak(tmp_path: Path) -> None:
    source = (
        "import asyncio, pathlib, wave\n"
        "from firmware.dialling.messages import fault_of\n"
        "from firmware.speech import Speech\n"
        f"path = asyncio.run(Speech(pathlib.Path({str(tmp_path / 'speech')!r}), 'de').file('Guten Tag.'))\n"
        "assert fault_of(path) is None, fault_of(path)\n"
        "assert wave.open(str(path)).getnframes() > 4000\n"
    )
    done = python("strowger", source)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)
def test_the_service_can_still_bring_backups_to_a_server(tmp_path: Path) -> None:
    server, keys = SshServer(tmp_path / "server"), tmp_path / "keys"
    server.let_in(public_key(keys))
    source = (
        "import pathlib\n"
        "from firmware.backup import sftp\n"
        f"keys, there = pathlib.Path({str(keys)!r}), sftp.server_of({server.address!r})\n"
        "sftp.trust(keys, there, sftp.shown_by(there).fingerprint)\n"
        "sftp.Session(there, keys).try_out(keys / 'try')\n"
    )
    try:
        server.start()
        done = python("strowger", source)
    finally:
        server.stop()
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(bool(smb_server.WHY_NOT), reason=smb_server.WHY_NOT)
def test_the_service_can_still_bring_backups_to_a_share(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    with smb_server.serving(tmp_path / "server") as server:
        source = (
            "import pathlib\n"
            "from firmware.backup import smb\n"
            f"keys, there = pathlib.Path({str(keys)!r}), smb.share_of({server.address()!r})\n"
            "session = smb.Session(there, keys)\n"
            f"session.set_password({smb_server.PASSWORD!r})\n"
            "session.try_out(keys / 'try')\n"
        )
        done = python("strowger", source)
    assert done.returncode == 0, done.stderr


@dataclass
class Started:
    """A running program and the socket that hears what it tells systemd."""

    process: subprocess.Popen[bytes]
    manager: socket.socket
    log: Path

    def ready(self) -> bool:
        """Whether it said so before it ended or patience did."""
        for _ in range(int(PATIENCE_S / 0.2)):
            try:
                if "READY=1" in self.manager.recv(4096).decode():
                    return True
            except TimeoutError:
                if self.process.poll() is not None:
                    return False
        return False


class Machine:
    """A folder with a settings file that anybody may use, and free ports."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder, self._stack = folder, stack
        self.sip, self.ng, self.web, self.service, browsers = _free_ports(5)
        for name in ("state", "run", "prompts"):
            (folder / name).mkdir()
            (folder / name).chmod(0o777)
        folder.chmod(0o755)
        self.config = folder / "strowger.toml"
        self.config.write_text(
            f'[paths]\nstate = "{folder}/state"\nruntime = "{folder}/run"\nprompts = "{folder}/prompts"\n'
            f'[sip]\nport = {self.service}\nproxy = "127.0.0.1:{self.sip}"\nrtp_first = 21000\nrtp_last = 21099\n'
            f'[edge]\nlisten = ["127.0.0.1:{self.sip}"]\nmedia_address = "127.0.0.1"\n'
            f'browser_phones = "127.0.0.1:{browsers}"\n'
            f'rtpengine = "127.0.0.1:{self.ng}"\nrtpengine_first = 21100\nrtpengine_last = 21199\n'
            f'[web]\nlisten = "127.0.0.1:{self.web}"\n'
            '[[trunk]]\nname = "provider"\nhost = "127.0.0.1"\n',
            encoding="utf-8",
        )

    def command(self, unit: str) -> list[str]:
        """What the unit starts, on this folder and from this checkout."""
        command = " ".join(settings(FOLDER / f"{unit}.service")["ExecStart"])
        command = command.replace("/etc/strowger/strowger.toml", str(self.config))
        command = command.replace("/opt/strowger/.venv/bin/strowger", str(STROWGER))
        command = command.replace("/run/strowger", f"{self.folder}/run")
        return confined(unit, *shlex.split(command))

    def start(self, unit: str) -> Started:
        """Start a unit's program."""
        manager = self._stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        manager.bind("")
        manager.settimeout(0.2)
        address = "@" + manager.getsockname()[1:].decode()
        output = self._stack.enter_context((self.folder / f"{unit}.log").open("wb"))
        process = subprocess.Popen(
            self.command(unit),
            cwd=ROOT,
            env={**os.environ, "NOTIFY_SOCKET": address},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        self._stack.callback(_stop, process)
        return Started(process, manager, self.folder / f"{unit}.log")

    def run(self, unit: str) -> None:
        """Run a unit's program to its end."""
        done = subprocess.run(self.command(unit), cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


@pytest.fixture
def machine() -> Iterator[Machine]:
    with tempfile.TemporaryDirectory(prefix="strowger-") as folder, ExitStack() as stack:
        yield Machine(Path(folder), stack)


def test_the_edge_writes_its_configurations(machine: Machine) -> None:
    machine.run("strowger-edge")
    assert {"kamailio.cfg", "rtpengine.conf"} <= {f.name for f in (machine.folder / "run/kamailio").iterdir()}


@pytest.mark.peers
def test_rtpengine_comes_up_and_answers(machine: Machine) -> None:
    machine.run("strowger-edge")
    assert machine.start("strowger-rtpengine").ready()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(PATIENCE_S)
        asking.sendto(b"cookie d7:command4:pinge", ("127.0.0.1", machine.ng))
        assert asking.recv(100) == b"cookie d6:result4:ponge"


@pytest.mark.peers
def test_kamailio_comes_up_and_answers(machine: Machine) -> None:
    machine.run("strowger-edge")
    machine.start("strowger-kamailio")

    async def version() -> str:
        rpc = Rpc(machine.folder / "run/kamailio/rpc.sock")
        await rpc.open()
        try:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    try:
                        return str(await rpc.call("core.version"))
                    except RpcDown:
                        await asyncio.sleep(0.1)
        finally:
            rpc.close()

    assert asyncio.run(version()).startswith("kamailio")


def test_the_pages_come_up_and_answer(machine: Machine) -> None:
    pages = machine.start("strowger-web")
    assert pages.ready(), pages.log.read_text("utf-8")

    async def first_line() -> str:
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", machine.web)
            writer.write(b"GET /login HTTP/1.0\r\nHost: localhost\r\n\r\n")
            line = await reader.readline()
            writer.close()
            return line.decode()

    assert re.match(r"HTTP/1\.\d 200", asyncio.run(first_line()))


@pytest.mark.peers
def test_the_service_comes_up_and_says_so(machine: Machine) -> None:
    machine.run("strowger-edge")
    machine.start("strowger-kamailio")
    service = machine.start("strowger")
    assert service.ready(), service.log.read_text("utf-8")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    # Stopped while it is still starting its children, Kamailio may leave some behind.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        found = []
        for _ in range(count):
            probe = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            probe.bind(("127.0.0.1", 0))
            found.append(int(probe.getsockname()[1]))
        return found
