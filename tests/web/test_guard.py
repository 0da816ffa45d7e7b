"""The outer wall: hosts, methods, headers, and forms that come from elsewhere."""

from __future__ import annotations

import pytest

from tests.web.box import ADMINISTRATOR, AGENT, Box
from tests.web.routes import every_route, example
from web_ui.guard import Guard

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
}


def test_every_answer_carries_its_headers(office: Box) -> None:
    client = office.client(ADMINISTRATOR)
    paths = ["/dashboard", "/nothing/here", "/login", "/static/0/strowger.css", "/static/0/none.css", "/desk"]
    for answer in [*map(client.get, paths), client.send("PUT", "/dashboard"), client.send("POST", "/logout")]:
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
        policy = answer.headers["content-security-policy"]
        for rule in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert rule in policy
        assert "unsafe" not in policy
        assert "server" not in answer.headers


def test_pages_are_not_kept_by_caches_and_static_files_are(office: Box) -> None:
    client = office.client(ADMINISTRATOR)
    page = client.get("/dashboard")
    assert page.headers["cache-control"] == "no-store"
    sheet = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in client.get(sheet).headers["cache-control"]


def test_pages_hold_no_script_and_no_style_of_their_own(office: Box) -> None:
    client = office.client(ADMINISTRATOR)
    for path in ("/dashboard", "/campaigns/1", "/campaigns/new", "/lists/new", "/users/2", "/dnc/1"):
        text = client.get(path).text
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text
        assert all('src="/static/' in part.split(">")[0] for part in text.split("<script")[1:])
        assert "http://" not in text.replace(office.base, "").replace("http://www.w3.org/", "")


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT"])
def test_other_methods_are_not_used_here(office: Box, method: str) -> None:
    assert office.client().send(method, "/").status == 405


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "a b", "[::1", "box.example.evil"]
)
def test_a_name_that_is_not_ours_is_not_answered(office: Box, host: str) -> None:
    answer = office.client().send("GET", "/login", headers={"Host": host})
    assert answer.status in (400, 421)
    assert "Log" not in answer.text


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "192.168.7.20:8080", "[fe80::1]:80", "localhost", "box.example", "BOX.EXAMPLE."]
)
def test_the_box_answers_to_its_addresses_and_names(host: str) -> None:
    assert Guard(lambda *_: [], ["box.example"]).host_allowed(host)


def test_a_form_from_another_site_changes_nothing(office: Box) -> None:
    client = office.client(ADMINISTRATOR)
    body = f"csrf={client.csrf}"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    foreign = [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": f"https://127.0.0.1:{office.port}"},
        {"Origin": f"http://127.0.0.1:{office.port + 1}"},
        {"Origin": client.origin, "Sec-Fetch-Site": "cross-site"},
        {"Origin": client.origin, "Sec-Fetch-Site": "same-site"},
        {},
    ]
    for headers in foreign:
        assert client.send("POST", "/campaigns/1/stop", body, {**kind, **headers}).status == 403, headers
    assert "Läuft" in client.get("/campaigns/1").text


def test_a_form_needs_its_own_sessions_token(office: Box) -> None:
    client, other = office.client(ADMINISTRATOR), office.client(ADMINISTRATOR)
    for token in ("", "wrong", other.csrf, "ü" * 64):
        client.csrf = token
        assert client.post("/campaigns/1/stop").status == 403
    assert "Läuft" in office.client(ADMINISTRATOR).get("/campaigns/1").text


def test_no_changing_route_does_without_the_check(office: Box) -> None:
    for who in (None, AGENT, ADMINISTRATOR):
        client = office.client(who)
        for route in every_route():
            if route.method == "POST":
                answer = client.send("POST", example(route), "", {"Origin": "https://evil.example"})
                assert answer.status in (401, 403), route.path


def test_reading_routes_change_nothing_so_they_need_no_check() -> None:
    assert {route.method for route in every_route()} == {"GET", "POST"}


def test_no_route_reaches_a_file_outside_its_folder(office: Box) -> None:
    client = office.client(ADMINISTRATOR)
    secret = office.folder / "state/secret.csv"
    secret.write_text("secret")
    (office.folder / "state/reports/link.csv").symlink_to(secret)
    for name in (
        "../secret.csv",
        "%2e%2e%2fsecret.csv",
        "..%5csecret.csv",
        "%00.csv",
        str(secret),
        "link.csv",
    ):
        answer = client.get(f"/lists/damaged/{name}")
        assert answer.status in (403, 404), name
        assert "secret" not in answer.text.replace("secret.csv", "")
    for name in ("../app.py", "%2e%2e/app.py", "icons.svg/../../app.py"):
        assert "Application" not in client.get(f"/static/0/{name}").text
