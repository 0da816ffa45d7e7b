"""The box's own programs on one machine: Kamailio, rtpengine, the service, the pages, on loopback ports.

The programs are the real ones, each a process of its own, started in the order systemd starts them and stopped in the
reverse one. Nothing listens on any address but 127.0.0.1. Who stands outside (telephone networks, phones, people) is
not known here: ``demonstration`` simulates them, tests bring independent ones.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from firmware import config as configuration
from firmware.client import Client
from firmware.edge import nginx, render
from firmware.prompts import default_folder
from firmware.run.processes import Child, Processes, free_port, until_bound, until_exists, until_listening

CALLER_ID = "+493023125000"
Sections = Mapping[str, Mapping[str, Any]]
_FIRST_PORT, _AUDIO_PORTS, _BOXES = 20_000, 400, 31
"""Audio of up to so many boxes at once; all of it below the ports the kernel gives to whoever asks for any."""
_RELAY_PORTS = 100


class Box:
    """The programs and their settings. ``trunks``: name -> port on 127.0.0.1; ``more``: settings on top of these."""

    def __init__(
        self, directory: Path, trunks: Mapping[str, int], *, web_port: int = 0, more: Sections | None = None
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.processes = Processes(directory / "log")
        self.settings_file = directory / "strowger.toml"
        self._web = f"127.0.0.1:{free_port(socket.SOCK_STREAM, preferred=web_port)}"
        self.web_url = f"http://{self._web}/"
        sections = _sections(directory)
        for name, keys in (more or {}).items():
            sections[name] = {**sections.get(name, {}), **keys}
        self.settings_file.write_text(_toml(sections, trunks), encoding="utf-8")
        self.config = configuration.load(self.settings_file)
        self._service: Child | None = None
        self._web_ui: Child | None = None

    def client(self) -> Client:
        """A connection to the service, to be entered."""
        return Client(self.config.paths.control_socket)

    @property
    def setup_code(self) -> str:
        """The code for the first visit; empty once an administrator exists."""
        with contextlib.suppress(FileNotFoundError):
            return self.config.paths.setup_code.read_text(encoding="ascii").strip()
        return ""

    async def start_edge(self) -> None:
        """Start rtpengine and Kamailio. Raises StartFailed."""
        for folder in (self.config.paths.state, self.config.paths.runtime):
            folder.mkdir(parents=True, exist_ok=True)
        rendered = render.render(self.config, self.config.paths.runtime / "kamailio")
        render.check(rendered)
        rtpengine = await self.processes.start("rtpengine", rendered.rtpengine_command())
        await until_bound(rtpengine, _port(self.config.edge.rtpengine))
        kamailio = await self.processes.start("kamailio", rendered.kamailio_command())
        await until_exists(kamailio, rendered.rpc_socket)

    async def start_service(self) -> None:
        """Start the service; on return it answers. Raises StartFailed."""
        self._service = await self.processes.start("service", self._command("firmware", "serve"))
        await until_exists(self._service, self.config.paths.control_socket)

    async def start_pages(self) -> None:
        """Start the web pages and nginx in front of them. Raises StartFailed."""
        await self.start_web_ui()
        command = nginx.render(
            self._web,
            self.config.web.listen,
            self.config.edge.browser_phones,
            self.config.paths.runtime / "nginx",
        )
        await until_listening(await self.processes.start("nginx", command), _port(self._web))

    async def start_web_ui(self) -> None:
        """Start the web pages alone. Raises StartFailed."""
        self._web_ui = await self.processes.start("pages", self._command("web_ui"))
        await until_listening(self._web_ui, _port(self.config.web.listen))

    async def kill_web_ui(self) -> None:
        """Kill the web pages where they stand; ``start_web_ui`` starts them again."""
        assert self._web_ui is not None
        await self.processes.kill(self._web_ui)

    async def crash_service(self) -> None:
        """Kill the service where it stands and start it again, as systemd would."""
        assert self._service is not None
        await self.processes.kill(self._service)
        self.config.paths.control_socket.unlink(missing_ok=True)
        await self.start_service()

    def _command(self, *program: str) -> list[str]:
        return [sys.executable, "-m", *program, "--config", str(self.settings_file)]


def _port(address: str) -> int:
    return int(address.rpartition(":")[2])


def _sections(directory: Path) -> dict[str, Mapping[str, Any]]:
    first_port = _FIRST_PORT + _AUDIO_PORTS * (os.getpid() % _BOXES)
    relay_port = first_port + _AUDIO_PORTS - _RELAY_PORTS
    proxy = f"127.0.0.1:{free_port(socket.SOCK_DGRAM, socket.SOCK_STREAM)}"
    return {
        "box": {"name": "Strowger"},
        # Whoever kills this box again and again to see what it loses wants it to go on dialling.
        "dialling": {"most_crashes": 1000},
        "paths": {
            "state": str(directory / "state"),
            "runtime": str(directory / "run"),
            "prompts": str(default_folder()),
        },
        "sip": {"port": free_port(), "proxy": proxy, "rtp_first": first_port, "rtp_last": relay_port - 1},
        "edge": {
            "listen": [proxy],
            "media_address": "127.0.0.1",
            "browser_phones": f"127.0.0.1:{free_port(socket.SOCK_STREAM)}",
            "rtpengine": f"127.0.0.1:{free_port()}",
            "rtpengine_first": relay_port,
            "rtpengine_last": first_port + _AUDIO_PORTS - 1,
        },
        "web": {"listen": f"127.0.0.1:{free_port(socket.SOCK_STREAM)}"},
    }


def _toml(sections: Sections, trunks: Mapping[str, int]) -> str:
    """Strings, numbers, booleans and lists of them look the same in JSON and in TOML."""
    tables = [(f"[{name}]", keys) for name, keys in sections.items()]
    for name, port in trunks.items():
        trunk = {"name": name, "host": "127.0.0.1", "port": port, "caller_ids": [CALLER_ID]}
        tables.append(("[[trunk]]", trunk))
    lines = (
        [title, *(f"{key} = {json.dumps(value)}" for key, value in keys.items())] for title, keys in tables
    )
    return "\n\n".join("\n".join(each) for each in lines) + "\n"
