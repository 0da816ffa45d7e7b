"""Far ends of a trunk: SIPp with the scenarios in ``sipp/``, and baresip as a desk phone."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tests.peers.processes import end, eventually, free_port, kill, running

SCENARIOS = Path(__file__).parent / "sipp"
RATE_HZ = 8000
TONE_HZ = 440.0


def tone(seconds: float, hertz: float = TONE_HZ, level: float = 0.25, rate_hz: int = RATE_HZ) -> np.ndarray:
    """A sine as 16 bit samples; ``level`` is its amplitude as a share of full scale."""
    at_s = np.arange(int(seconds * rate_hz)) / rate_hz
    return np.round(np.sin(2 * np.pi * hertz * at_s) * level * 32767).astype(np.int16)


def ulaw(samples: np.ndarray) -> bytes:
    """ITU-T G.711 µ-law, straight from its definition."""
    magnitude = np.minimum(np.abs(samples.astype(np.int32)), 32635) + 132
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 15
    sign = np.where(samples < 0, 0x80, 0)
    return (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8).tobytes()


@contextlib.contextmanager
def sipp(
    scenario: str, address: tuple[str, int], folder: Path, *, keys: Mapping[str, str] | None = None,
    pause_ms: int = 1000, calls: int = 0,
) -> Iterator[subprocess.Popen[bytes]]:  # fmt: skip
    """SIPp waiting for calls at ``address``; ``calls`` > 0: it ends by itself after so many."""
    host, port = address
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tone.ulaw").write_bytes(ulaw(tone(10.0)))
    text = (SCENARIOS / f"{scenario}.xml").read_text("utf-8")
    for name, value in (keys or {}).items():  # SIPp's own -key is not allowed everywhere
        text = text.replace(f"[{name}]", value)
    (folder / f"{scenario}.xml").write_text(text, "utf-8")
    command = ["sipp", "-sf", f"{scenario}.xml", "-i", host, "-p", str(port), "-mi", host]
    command += [
        "-mp",
        str(free_port(host, 4)),
        "-d",
        str(pause_ms),
        "-aa",
        "-nostdin",
        "-trace_err",
        "-trace_msg",
    ]
    command += ["-m", str(calls)] if calls else []
    with running(command, folder, f"sipp-{scenario}") as process:
        eventually(lambda: _bound(host, port), 5.0, f"SIPp listens, see {folder}")
        yield process


def _bound(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


class Baresip:
    """A desk phone: registers, answers by itself, plays ``ear`` a tone, keeps what it hears in a WAV file."""

    def __init__(
        self, folder: Path, proxy: str, domain: str, user: str, secret: str, *, hertz: float = 700.0,
        answer: str = "auto", account: str = "", seconds: float = 20.0,
    ) -> None:  # fmt: skip
        import wave

        self.folder = folder
        self.user = user
        self.host = "127.0.0.1"
        self.control = free_port()
        self.port = free_port()
        folder.mkdir(parents=True, exist_ok=True)
        with wave.open(str(folder / "speaks.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE_HZ)
            file.writeframes(tone(seconds, hertz).tobytes())
        line = f'<sip:{user}@{domain};transport=udp>;auth_user={user};auth_pass={secret};outbound="sip:{proxy};transport=udp"'
        line += f";answermode={answer};audio_codecs=pcma,pcmu;regint=60;ptime=20{account}\n"
        (folder / "accounts").write_text(line)
        (folder / "config").write_text(self._config())
        (folder / "contacts").write_text("")
        self._stack = contextlib.ExitStack()
        self.process: subprocess.Popen[bytes] | None = None

    def _config(self) -> str:
        rtp = free_port(self.host, 20)
        modules = "stdio g711 aufile".split()
        modules += ["srtp"] if shutil.which("baresip") else []
        lines = [f"module {name}.so" for name in modules]
        return "\n".join(
            [
                "poll_method epoll",
                f"sip_listen {self.host}:{self.port}",
                "call_local_timeout 120",
                "call_max_calls 4",
                f"audio_player aufile,{self.folder}/heard.wav",
                f"audio_source aufile,{self.folder}/speaks.wav",
                f"audio_alert aufile,{self.folder}/alert.wav",
                "audio_path /nonexistent",
                "ausrc_srate 8000\nauplay_srate 8000\nausrc_channels 1\nauplay_channels 1",
                "ausrc_format s16\nauplay_format s16\nauenc_format s16\naudec_format s16",
                f"rtp_ports {rtp}-{rtp + 20}",
                "jitter_buffer_delay 1-5",
                "net_interface lo",
                "module_path /usr/lib/baresip/modules",
                *lines,
                "module_tmp uuid.so\nmodule_tmp account.so",
                "module_app menu.so\nmodule_app ctrl_tcp.so",
                f"ctrl_tcp_listen 127.0.0.1:{self.control}",
                "",
            ]
        )

    def start(self) -> Baresip:
        """Start it; it registers by itself."""
        self.process = self._stack.enter_context(
            running(["baresip", "-f", str(self.folder)], self.folder, "baresip")
        )
        eventually(self._connect, 5.0, f"baresip's control port, see {self.folder}/baresip.log")
        return self

    def _connect(self) -> bool:
        try:
            self._line = socket.create_connection(("127.0.0.1", self.control), 2.0)
        except OSError:
            return False
        self._buffer = b""
        self.events: list[dict[str, Any]] = []
        return True

    def command(self, command: str, params: str = "") -> None:
        """One command of its menu, e.g. ``hangup``."""
        text = json.dumps({"command": command, "params": params, "token": "t"})
        self._line.sendall(f"{len(text)}:{text},".encode())

    def look(self) -> list[dict[str, Any]]:
        """All events so far (it sends netstrings of JSON)."""
        self._line.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while chunk := self._line.recv(65536):
                self._buffer += chunk
        self._line.setblocking(True)
        while b":" in self._buffer:
            size, _, rest = self._buffer.partition(b":")
            if len(rest) <= int(size):
                break
            message = json.loads(rest[: int(size)])
            self._buffer = rest[int(size) + 1 :]
            if message.get("event"):
                self.events.append(message)
        return self.events

    def saw(self, kind: str, text: str = "") -> bool:
        """Whether an event of this type (with this text in ``param``) has come."""
        return any(e.get("type") == kind and text in str(e.get("param", "")) for e in self.look())

    def stop(self) -> None:
        """End it politely."""
        if self.process is not None:
            end(self.process)
        self._stack.close()

    def kill(self) -> None:
        """End it like a power cut."""
        assert self.process is not None
        kill(self.process)
