"""Far ends of a trunk: SIPp with the scenarios in ``sipp/``, and baresip as a desk phone."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import wave
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


def write_wav(path: Path, samples: np.ndarray) -> None:
    """Mono, 16 bit, 8 kHz."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.astype("<i2").tobytes())


def read_wav(path: Path, channel: int = 0) -> np.ndarray:
    """One channel. A file still being written may have a header that promises nothing: it is read to its end."""
    data = path.read_bytes()
    channels = int.from_bytes(data[22:24], "little")
    start = data.index(b"data") + 8
    usable = len(data) - start - (len(data) - start) % (2 * channels)
    return (
        np.frombuffer(data[start : start + usable], dtype="<i2")
        .reshape(-1, channels)[:, channel]
        .astype(float)
    )


def level_db(samples: np.ndarray, hertz: float, against: float = 0.25) -> float:
    """How loud a tone of ``hertz`` is, in dB against one of amplitude ``against`` (a share of full scale).

    The middle one of all 100 ms blocks: a jitter buffer may shift the tone's phase once in a while.
    """
    blocks = samples[: len(samples) // 800 * 800].reshape(-1, 800)
    turns = np.exp(-2j * np.pi * hertz * np.arange(800) / RATE_HZ)
    amplitude = float(np.median(2 * np.abs((blocks * turns).mean(axis=1))))
    return float(20 * np.log10(max(amplitude, 1e-3) / (against * 32767)))


def longest_gap_ms(samples: np.ndarray, threshold: float = 300.0) -> float:
    """The longest stretch without sound; a tone of 100 Hz or more is never so quiet for 5 ms."""
    loud = np.flatnonzero(np.abs(samples) > threshold)
    edges = np.concatenate(([-1], loud, [len(samples)]))
    return float((np.diff(edges).max() - 1) * 1000 / RATE_HZ)


@contextlib.contextmanager
def sipp(
    scenario: str, address: tuple[str, int], folder: Path, *, keys: Mapping[str, str] | None = None,
    pause_ms: int = 1000, calls: int = 0, echo: bool = False, audio: np.ndarray | None = None,
    messages: bool = True,
) -> Iterator[subprocess.Popen[bytes]]:  # fmt: skip
    """SIPp waiting for calls at ``address``; ``calls`` > 0: it ends by itself after so many."""
    host, port = address
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tone.ulaw").write_bytes(ulaw(tone(10.0) if audio is None else audio))
    text = (SCENARIOS / f"{scenario}.xml").read_text("utf-8")
    for name, value in (keys or {}).items():  # SIPp's own -key is not allowed everywhere
        text = text.replace(f"[{name}]", value)
    (folder / f"{scenario}.xml").write_text(text, "utf-8")
    command = ["sipp", "-sf", f"{scenario}.xml", "-i", host, "-p", str(port), "-mi", host]
    command += ["-d", str(pause_ms), "-aa", "-nostdin", "-trace_err"]
    command += ["-trace_msg"] if messages else []
    command += ["-m", str(calls)] if calls else []
    command += ["-rtp_echo"] if echo else []  # for one call at a time: what arrives at [media_port] goes back
    for _ in range(3):  # somebody else may take the media port before SIPp does, which then ends at once
        media = ["-mp", str(free_port(host, 4))]
        with running([*command, *media], folder, f"sipp-{scenario}") as process:
            eventually(lambda: _bound(host, port) or process.poll() is not None, why=f"SIPp in {folder}")
            if process.poll() is None:
                yield process
                return
    raise AssertionError(f"SIPp does not start, see {folder}")


def _bound(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


class Baresip:
    """A telephone: answers by itself, speaks a tone, and keeps what it hears.

    What it hears is what its decoder puts out, packet by packet: a lost packet is missing from it, so that whoever
    looks for gaps must also compare its length with the time that passed.

    After a re-INVITE with a hold this program hears on, but keeps nothing of it any more.

    With ``proxy`` it is a desk phone and registers there; without, it is the far end of a trunk at ``address``.
    """

    def __init__(
        self, folder: Path, user: str, *, secret: str = "", proxy: str = "", domain: str = "strowger.invalid",
        address: tuple[str, int] | None = None, hertz: float = 700.0, answer: str = "auto", account: str = "",
        seconds: float = 20.0, transport: str = "udp",
    ) -> None:  # fmt: skip
        self.folder = folder
        self.user = user
        self.host, self.port = address or ("127.0.0.1", free_port())
        self.control = free_port()
        self.events: list[dict[str, Any]] = []
        self.process: subprocess.Popen[bytes] | None = None
        self._stack = contextlib.ExitStack()
        self._buffer = b""
        folder.mkdir(parents=True, exist_ok=True)
        write_wav(folder / "speaks.wav", tone(seconds, hertz))
        line = f"<sip:{user}@{domain if proxy else self.host};transport={transport}>;answermode={answer}"
        line += ";audio_codecs=pcma,pcmu;ptime=20" + account
        if proxy:
            line += (
                f';regint=60;auth_user={user};auth_pass={secret};outbound="sip:{proxy};transport={transport}"'
            )
        else:
            line += ";regint=0"
        (folder / "accounts").write_text(line + "\n")
        (folder / "config").write_text(self._config())
        (folder / "contacts").write_text("")

    def _config(self) -> str:
        rtp = free_port(self.host, 20)
        return "\n".join(
            [
                "poll_method epoll",
                f"sip_listen {self.host}:{self.port}",
                "call_local_timeout 120",
                "call_max_calls 4",
                f"audio_source aufile,{self.folder}/speaks.wav",
                "audio_path /nonexistent",
                "ausrc_srate 8000\nauplay_srate 8000\nausrc_channels 1\nauplay_channels 1",
                "ausrc_format s16\nauplay_format s16\nauenc_format s16\naudec_format s16",
                f"rtp_ports {rtp}-{rtp + 20}",
                "jitter_buffer_delay 0-0",
                f"net_interface {self.host}",
                "module_path /usr/lib/baresip/modules",
                "module g711.so\nmodule aufile.so\nmodule srtp.so\nmodule sndfile.so",
                f"snd_path {self.folder}",
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
        return True

    def heard(self) -> np.ndarray:
        """All of the latest call so far."""
        files = sorted(self.folder.glob("dump-*-dec.wav"), key=lambda path: path.stat().st_mtime)
        return read_wav(files[-1]) if files else np.empty(0)

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
