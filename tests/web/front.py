"""nginx in front of a box's pages, as on an installed box: the shipped site file and a certificate made for it."""

from __future__ import annotations

import http.client
import socket
import ssl
import subprocess
from pathlib import Path

from tests.web.box import REPO

WHOLE = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr warn;
events {{ worker_connections 2048; }}
http {{
  include /etc/nginx/mime.types;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/unused;
  uwsgi_temp_path {folder}/unused; scgi_temp_path {folder}/unused;
  include {folder}/site.conf;
}}
"""
TRUSTING = ssl._create_unverified_context()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Front:
    """nginx in front of a box's pages, which listen at ``pages``, a port, or do not."""

    def __init__(self, pages: int, folder: Path) -> None:
        self.http, self.https = free_port(), free_port()
        certificate = folder / "box.pem"
        make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        kept = str(certificate)
        names = ["-keyout", kept, "-out", kept, "-subj", "/CN=box.example", "-days", "2"]
        subprocess.run([*make, *names], check=True, capture_output=True)
        text = (REPO / "web_ui/nginx.conf.template").read_text()
        filled = {
            "http": f"127.0.0.1:{self.http}",
            "https": f"127.0.0.1:{self.https}",
            "certificate": str(certificate),
            "key": str(certificate),
            "pages": f"127.0.0.1:{pages}",
            "browser_phones": "127.0.0.1:9",
            "starting": str(REPO / "web_ui"),
        }
        for name, value in filled.items():
            text = text.replace(f"@{{{name}}}", value)
        assert "@{" not in text
        (folder / "site.conf").write_text(text)
        (folder / "nginx.conf").write_text(WHOLE.format(folder=folder))
        self.process = subprocess.Popen(
            ["nginx", "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")],
            stderr=subprocess.PIPE,
        )
        while self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.https)) == 0:
                    return
        raise AssertionError(self.process.stderr.read() if self.process.stderr else "nginx did not start")

    def ask(
        self, method: str, path: str, body: str | None = None, **headers: str
    ) -> http.client.HTTPResponse:
        connection = http.client.HTTPSConnection("127.0.0.1", self.https, context=TRUSTING, timeout=20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, sent)
        return connection.getresponse()

    def stop(self) -> None:
        """End nginx and wait."""
        self.process.terminate()
        self.process.wait(10)
