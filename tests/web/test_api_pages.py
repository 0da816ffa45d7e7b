"""The pages about tokens and webhooks: shown once, refused with words, a delivery that is seen and repeated."""

from __future__ import annotations

import html
import http.server
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from firmware.webhooks import signing
from tests.web.box import ADMINISTRATOR, Box, Client
from tests.web.test_api import Program

FORM = {"name": "CRM", "sources": "", "rate": "300", "until": "", "scopes": ["dnc:read", "leads:write"]}


class Receiver(http.server.ThreadingHTTPServer):
    """Another program that takes webhooks, or refuses them with ``status``."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.status = 200
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.heard = threading.Semaphore(0)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class _Taking(http.server.BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.end_headers()
        self.server.heard.release()

    def log_message(self, *args: object) -> None:
        """Nothing."""


@contextmanager
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def text_of(client: Client, path: str) -> str:
    return html.unescape(client.get(path).text)


def seen(client: Client, path: str, words: str) -> str:
    """The page once it says these words; the service writes down what became of a delivery after it was taken."""
    end = threading.Event()
    for _ in range(600):
        page = text_of(client, path)
        if words in page:
            return page
        end.wait(0.05)  # between two looks at a foreign process
    raise AssertionError(f"{words!r} is not on {path}")


def test_a_token_is_shown_once_works_and_is_revoked(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    assert client.post("/settings/api", FORM).status == 303
    page = text_of(client, "/settings/api")
    (token,) = re.findall(r"swg_[A-Za-z0-9_-]{43}", page)
    assert token not in text_of(client, "/settings/api")
    program = Program(own_office, token)
    assert program.get("/dnc/lists").status == 200
    assert program.get("/lists").key == "no_scope"
    assert client.post("/settings/api/1/revoke").status == 303
    assert program.get("/dnc/lists").key == "no_token"
    assert "widerrufen" in text_of(client, "/settings/api")


def test_what_is_wrong_with_a_token_stands_beside_it(office: Box) -> None:
    client = office.client(ADMINISTRATOR)
    wrong = client.post("/settings/api", {"name": "", "rate": "0", "until": "soon", "sources": "office"})
    assert wrong.status == 422
    page = html.unescape(wrong.text)
    for sentence in (
        "wofür der Token ist",
        "mindestens eine Berechtigung",
        "Zwischen 1 und 100.000",
        "Jahr-Monat-Tag",
    ):
        assert sentence in page
    unfit = client.post("/settings/api", {**FORM, "sources": "office"})
    assert (unfit.status, "weder eine Adresse noch ein Netz" in html.unescape(unfit.text)) == (422, True)
    past = client.post("/settings/api", {**FORM, "until": "2020-01-01"})
    assert past.status == 422


def test_a_webhook_is_set_up_tried_and_repeated(own_office: Box) -> None:
    client = own_office.client(ADMINISTRATOR)
    with receiver() as crm:
        made = client.post("/settings/webhooks", {"url": crm.url, "events": ["dnc.added"], "campaign_id": ""})
        assert made.status == 303, made.text
        (secret,) = re.findall(r"whsec_[A-Za-z0-9+/=]+", text_of(client, "/settings/webhooks"))
        assert secret not in text_of(client, "/settings/webhooks")
        crm.status = 503
        assert client.post("/settings/webhooks/1/test").status == 303
        seen(client, "/settings/webhooks/1", "antwortete mit Status 503")
        crm.status = 204
        client.post("/settings/webhooks/1/again", {"delivery": "1"})
        seen(client, "/settings/webhooks/1", "Zugestellt")
        client.post("/dnc/1/add", {"numbers": "030 23125890"})
        for _ in range(3):
            assert crm.heard.acquire(timeout=60)
        headers, body = crm.got[-1]
        expected = signing.signature(secret, headers["webhook-id"], headers["webhook-timestamp"], body)
        assert headers["webhook-signature"] == f"v1,{expected}"
        assert b'"+493023125890"' in body
        assert [each[0]["webhook-id"] for each in crm.got[:2]] == [crm.got[0][0]["webhook-id"]] * 2
    assert client.post("/settings/webhooks/1/active", {"active": "0"}).status == 303
    assert "angehalten" in text_of(client, "/settings/webhooks")
    assert client.post("/settings/webhooks/1/remove").status == 303
    assert client.get("/settings/webhooks/1").status == 404


def test_what_is_wrong_with_a_webhook_stands_beside_it(office: Box) -> None:
    client = office.client(ADMINISTRATOR)
    for url, words in (
        ("", "Bitte die Adresse eingeben"),
        ("ftp://crm/", "keine Adresse für einen Webhook"),
        ("http://169.254.169.254/", "lassen Webhooks nicht"),
    ):
        refused = client.post("/settings/webhooks", {"url": url, "events": ["dnc.added"], "campaign_id": ""})
        assert (refused.status, words in html.unescape(refused.text)) == (422, True), url


def test_the_page_for_people_tells_of_every_endpoint_without_a_login(office: Box) -> None:
    page = html.unescape(office.client().get("/api").text)
    assert "curl -X POST" in page
    assert "/api/v1/campaigns/{campaign_id}/leads" in page
    assert "/settings/webhooks" not in page
