"""Logging in: what a guesser learns, how often he may try, and how long a session lives."""

from __future__ import annotations

import re

from tests.web.box import ADMINISTRATOR, AGENT, Box


def without_login(text: str) -> str:
    """The page as it is whatever name was typed."""
    return re.sub(r'value="[a-z]*"', "", text)


def test_an_unknown_name_and_a_wrong_password_look_the_same(own_office: Box) -> None:
    client = own_office.client()
    wrong = client.post("/login", {"login": "anna", "password": "not this one at all"})
    unknown = client.post("/login", {"login": "nobody", "password": "not this one at all"})
    assert wrong.status == unknown.status == 401
    assert "Name oder Passwort ist falsch." in wrong.text
    assert without_login(wrong.text) == without_login(unknown.text)


def test_guessing_is_slowed_down_even_with_the_right_password(own_office: Box) -> None:
    client = own_office.client()
    answers = [client.post("/login", {"login": "anna", "password": f"guess {i}"}).status for i in range(6)]
    assert answers == [401] * 5 + [429]
    right = client.post("/login", {"login": "anna", "password": ADMINISTRATOR[1]})
    assert right.status == 429
    assert "Zu viele Versuche" in right.text
    assert own_office.client().post("/login", {"login": AGENT[0], "password": AGENT[1]}).status == 303


def test_one_address_cannot_try_many_names(own_office: Box) -> None:
    client = own_office.client()
    answers = [client.post("/login", {"login": f"name{i}", "password": "x"}).status for i in range(21)]
    assert answers.count(401) == 20
    assert answers[-1] == 429


def test_a_session_is_new_with_every_login_and_the_old_one_is_dead(office: Box) -> None:
    client = office.client()
    client.cookies["sid"] = "chosen by somebody else"
    client.log_in(ADMINISTRATOR)
    first = client.cookies["sid"]
    assert first != "chosen by somebody else"
    client.log_in(ADMINISTRATOR)
    assert client.cookies["sid"] != first
    old = office.client()
    old.cookies["sid"] = first
    assert old.get("/dashboard").path == "/login"


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(office: Box) -> None:
    plain = office.client()
    cookie = plain.post("/login", {"login": AGENT[0], "password": AGENT[1]}).cookies[0]
    assert cookie.startswith("sid=")
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= {part.strip() for part in cookie.split(";")}
    behind_tls = office.client(https=True)
    cookie = behind_tls.post("/login", {"login": AGENT[0], "password": AGENT[1]}).cookies[0]
    assert cookie.startswith("__Host-sid=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_logging_out_ends_the_session_in_the_box(office: Box) -> None:
    client = office.client(ADMINISTRATOR)
    token = client.cookies["sid"]
    assert client.post("/logout").path == "/login"
    client.cookies["sid"] = token
    assert client.get("/dashboard").path == "/login"


def test_a_session_ends_when_it_is_idle_and_when_it_is_old(own_office: Box) -> None:
    administrator, agent = own_office.client(ADMINISTRATOR), own_office.client(AGENT)
    own_office.ask("age_sessions", by_s=3700)
    assert administrator.get("/dashboard").path == "/login"
    assert agent.get("/desk").status == 200
    own_office.ask("age_sessions", by_s=10 * 3600)
    assert agent.get("/desk").path == "/login"


def test_after_login_one_lands_where_one_wanted_to_go_but_never_elsewhere(office: Box) -> None:
    client = office.client()
    assert client.get("/campaigns/1").headers["location"].endswith("/login?next=/campaigns/1")
    form = {"login": ADMINISTRATOR[0], "password": ADMINISTRATOR[1]}
    assert client.post("/login", {**form, "next": "/campaigns/1"}).path == "/campaigns/1"
    for bad in ("//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"):
        answer = office.client().post("/login", {**form, "next": bad})
        assert answer.headers["location"].startswith(office.base + "/"), bad
        assert "evil" not in answer.headers["location"].removeprefix(office.base + "/")[:4]


def test_a_password_is_changed_only_by_who_knows_it_and_ends_other_sessions(own_office: Box) -> None:
    client, elsewhere = own_office.client(AGENT), own_office.client(AGENT)
    new = {"password": "eine andere lange losung", "again": "eine andere lange losung"}
    wrong = client.post("/account/password", {"present": "not it", **new})
    assert wrong.status == 422
    assert "nicht das bisherige Passwort" in wrong.text
    assert client.post("/account/password", {"present": AGENT[1], **new}).path == "/account"
    assert "Das Passwort ist geändert." in client.get("/account").text
    assert elsewhere.get("/desk").path == "/login"
    assert own_office.client((AGENT[0], "eine andere lange losung")).get("/desk").status == 200


def test_a_removed_person_is_out_at_once(own_office: Box) -> None:
    agent = own_office.client(AGENT)
    assert agent.get("/desk").status == 200
    own_office.client(ADMINISTRATOR).post(f"/users/{own_office.agents['jonas']}/remove")
    assert agent.get("/desk").path == "/login"
    assert own_office.client().post("/login", {"login": AGENT[0], "password": AGENT[1]}).status == 401
