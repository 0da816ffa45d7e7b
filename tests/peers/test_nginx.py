"""nginx in front of the pages: what it is told, and that silent clients wait there and not at the pages."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest

from firmware.edge import nginx
from firmware.run.box import Box

pytestmark = pytest.mark.peers


def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    command = nginx.render("127.0.0.1:18443", "127.0.0.1:18080", "127.0.0.1:18081", tmp_path / "nginx")
    check = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stderr
    assert "warn" not in check.stderr


@pytest.mark.parametrize("listen", ["127.0.0.1:80; include /etc/passwd", "127.0.0.1", "a b:80"])
def test_nothing_breaks_out_of_the_configuration(tmp_path: Path, listen: str) -> None:
    with pytest.raises(ValueError, match="cannot stand in"):
        nginx.render(listen, "127.0.0.1:18080", "127.0.0.1:18081", tmp_path / "nginx")
    assert not (tmp_path / "nginx").exists()


async def get(port: int, path: str) -> tuple[str, str]:
    """Status line and head of the answer to one request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    writer.close()
    return head.partition("\r\n")[0], head


async def test_the_pages_answer_while_a_crowd_says_nothing(tmp_path: Path) -> None:
    box = Box(tmp_path, {})
    box.config.paths.runtime.mkdir(parents=True)
    try:
        await box.start_pages()
        port = int(box.web_url.rstrip("/").rpartition(":")[2])
        crowd = [await asyncio.open_connection("127.0.0.1", port) for _ in range(300)]
        for _, writer in crowd[::2]:
            writer.write(b"GET / HTTP/1.1\r\nHost: ")
        status, head = await asyncio.wait_for(get(port, "/static/any/strowger.css"), 30)
        assert status == "HTTP/1.1 200 OK"
        assert "Server: nginx\r\n" in head
        assert "X-Content-Type-Options: nosniff" in head
        for _, writer in crowd:
            writer.close()
    finally:
        await box.processes.stop_all()
