"""When we make a mistake: the visitor gets a reference, the journal the trace, and neither gets the other's."""

from __future__ import annotations

import logging
import socket
from pathlib import Path
from wsgiref.util import setup_testing_defaults

import pytest

from web_ui import app
from web_ui.routing import PUBLIC, Routes
from web_ui.settings import WebSettings, from_mapping, load, split_address


def visit(application: app.Application, path: str) -> tuple[str, str]:
    environ = {"PATH_INFO": path, "HTTP_ACCEPT_LANGUAGE": "en"}
    setup_testing_defaults(environ)
    status = []
    body = b"".join(application.wsgi(environ, lambda line, *_: status.append(line)))
    return status[0], body.decode()


def test_a_failing_page_shows_a_reference_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        routes = Routes()

    @Broken.routes.get("/broken", PUBLIC)
    def broken(_web: object, _visit: object) -> str:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr(app, "MODULES", (*app.MODULES, Broken))
    application = app.build(WebSettings(state=tmp_path, runtime=tmp_path))
    with caplog.at_level(logging.ERROR):
        status, body = visit(application, "/broken")
    assert status.startswith("500")
    assert "The box made a mistake." in body
    assert "secret" not in body
    reference = body.split("<code>")[1].split("</code>")[0]
    assert reference in caplog.text
    assert "the secret is 42" in caplog.text


def test_without_a_store_pages_say_so(tmp_path: Path) -> None:
    application = app.build(WebSettings(state=tmp_path, runtime=tmp_path))
    for path, expected in (("/login", "200"), ("/setup", "200"), ("/", "303"), ("/nothing", "404")):
        assert visit(application, path)[0].startswith(expected), path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("listen = ", "cannot be served"),
        ("[web]\nlisten = 'nowhere'", "not an address with a port: 'nowhere'"),
    ],
)
def test_settings_that_cannot_be_used_end_the_start_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    path = tmp_path / "box.toml"
    path.write_text(text)
    assert app.main(["--config", str(path)]) == 1
    assert said in capsys.readouterr().err


def test_a_missing_file_and_a_taken_port_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["--config", str(tmp_path / "none.toml")]) == 1
    assert "none.toml" in capsys.readouterr().err
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert app.main(["--listen", f"127.0.0.1:{taken.getsockname()[1]}"]) == 1
    assert "in use" in capsys.readouterr().err


def test_the_pages_take_their_settings_and_leave_the_rest() -> None:
    raw = {
        "box": {"name": "Büro", "language": "en", "zone": "Europe/London", "country": "GB", "odd": 1},
        "web": {"listen": "[::1]:81", "threads": 4, "names": ["Box.Example"]},
        "trunk": [{"name": "a", "caller_ids": ["+441632960001"]}, {"nameless": True}],
        "unknown": {},
    }
    settings = from_mapping(raw)
    assert (settings.host, settings.port, settings.threads) == ("::1", 81, 4)
    assert settings.names == ("box.example",)
    assert [trunk.name for trunk in settings.trunks] == ["a"]
    assert load(None) == WebSettings()


@pytest.mark.parametrize("text", ["", "host", ":80", "host:", "host:port", "host:70000"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        split_address(text)
