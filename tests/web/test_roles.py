"""Who may use which page: every route is tried by everybody, and no page shows what its reader may not open."""

from __future__ import annotations

import re

import pytest

from firmware.model import Role
from tests.web.box import ADMINISTRATOR, AGENT, OTHER_AGENT, Box, Client
from tests.web.routes import every_route, example, route_of
from web_ui.permissions import MATRIX, Permission, home, may
from web_ui.routing import Route

ROUTES = [route for route in every_route() if route.path not in ("/logout", "/account/password")]
PASSWORD = "ein Satz zum Anmelden, lang genug"


def someone(box: Box, *roles: Role) -> Client:
    """A browser with somebody in these roles logged in."""
    if roles == (Role.AGENT,):
        return box.client(AGENT)
    if roles == (Role.ADMINISTRATOR,):
        return box.client(ADMINISTRATOR)
    login = "-".join(role.value.replace("_", "") for role in roles)
    box.hire(box.client(ADMINISTRATOR), "Toni Vogel", (login, PASSWORD), *roles)
    return box.client((login, PASSWORD))


def try_it(client: Client, route: Route) -> int:
    """The status of one harmless request."""
    if route.streams:
        return client.get(example(route) + ".json").status
    if route.method == "POST":
        return client.post(example(route), {"reason": "break"}).status
    return client.get(example(route)).status


@pytest.mark.req("ENR-109", "ENR-104", "ENR-106")
@pytest.mark.parametrize("role", [None, *Role])
def test_every_route_lets_in_whom_the_table_names_and_nobody_else(own_office: Box, role: Role | None) -> None:
    client = own_office.client() if role is None else someone(own_office, role)
    for route in ROUTES:
        status = try_it(client, route)
        if route.permission is None:
            assert status not in (401, 403) or route.path == "/login", route.path
        elif role is None:
            asks_to_log_in = route.method == "GET" and not route.path.startswith("/live/")
            assert status == (303 if asks_to_log_in else 401), route.path
        elif role in MATRIX[route.permission]:
            assert status not in (401, 403), route.path
        else:
            assert status == 403, route.path


@pytest.mark.req("ENR-109")
@pytest.mark.parametrize("role", Role)
def test_no_page_shows_what_its_reader_may_not_open(office: Box, role: Role) -> None:
    """Links, buttons and forms of every page lead only where the reader is let in."""
    client = someone(office, role)
    seen = 0
    for route in ROUTES:
        if route.method != "GET" or route.permission is None or role not in MATRIX[route.permission]:
            continue
        if route.streams:
            text = client.get(example(route) + ".json").text.replace('\\"', '"')
        else:
            text = client.get(real_path(office, route)).body.decode(errors="replace")
        for method, path in leads_to(text):
            target = route_of(method, path)
            assert target is not None, f"{route.path} leads nowhere: {method} {path}"
            allowed = target.permission is None or role in MATRIX[target.permission]
            assert allowed, f"{route.path} shows {method} {path}"
            seen += 1
    assert seen > 5


def real_path(office: Box, route: Route) -> str:
    """The example, with an attempt that exists."""
    if "<uid>" not in route.path:
        return example(route)
    page = office.client(ADMINISTRATOR).get("/campaigns/1").text
    (uid, *_) = re.findall(r'href="/attempts/([0-9A-Z]{26})"', page)
    return route.path.replace("<uid>", uid)


def leads_to(page: str) -> list[tuple[str, str]]:
    """Method and path of everything on a page that can be pressed."""
    found = [("GET", path) for path in re.findall(r'<a [^>]*?href="(/[^"#?]*)', page)]
    forms = re.findall(r"<form ([^>]*)>", page)
    for attributes in forms:
        action = re.search(r'action="(/[^"#?]*)', attributes)
        if action is not None:
            found.append(("POST" if 'method="post"' in attributes else "GET", action[1]))
    return found + [("POST", path) for path in re.findall(r'formaction="(/[^"#?]*)', page)]


def test_what_is_public_is_this_and_nothing_more() -> None:
    public = {route.path for route in every_route() if route.permission is None}
    assert public == {
        "/", "/login", "/login/code", "/setup", "/language", "/favicon.ico", "/static/<version>/<name>", "/api",
        "/invitation/<token:re:[A-Za-z0-9_-]{20,86}>", "/wall/<token>", "/wall/<token>/now",
        "/ask-access",
    }  # fmt: skip


def test_every_permission_is_somebodys_and_opens_something() -> None:
    needed = {route.permission for route in every_route()} - {None}
    assert needed == set(Permission) == set(MATRIX)
    assert all(MATRIX.values())
    assert MATRIX[Permission.ACCOUNT] == set(Role)


@pytest.mark.req("ENR-108")
def test_two_roles_may_what_either_may(own_office: Box) -> None:
    client = someone(own_office, Role.ANALYST, Role.CONTENT_MANAGER)
    assert client.get("/").path == "/dashboard"
    assert [client.get(path).status for path in ("/reports", "/recordings")] == [200, 200]
    assert client.get("/campaigns").status == 403
    assert may({Role.ANALYST, Role.CONTENT_MANAGER}, Permission.REPORTS)


@pytest.mark.parametrize("role", Role)
def test_everybody_begins_on_a_page_they_may_open(role: Role) -> None:
    route = route_of("GET", home({role}))
    assert route is not None
    assert route.permission is not None
    assert role in MATRIX[route.permission]


@pytest.mark.req("ENR-105", "WDE-035")
def test_who_makes_campaigns_has_all_of_it_in_one_menu(own_office: Box) -> None:
    client = someone(own_office, Role.CAMPAIGN_MANAGER)
    page = client.get(client.get("/").path).text
    menu = page.split('<nav class="menu"')[1].split("</nav>")[0]
    leads_to_pages = set(re.findall(r'href="(/[^"#?]*)', menu))
    content = {"/recordings", "/scripts", "/destinations"}
    assert {"/campaigns", "/lists", "/dnc", "/reports", *content} <= leads_to_pages
    assert all(client.get(path).status == 200 for path in leads_to_pages)
    assert not {"/users", "/audit", "/technician"} & leads_to_pages


def test_an_agent_sees_only_the_desk(office: Box) -> None:
    client = office.client(AGENT)
    assert client.get("/").path == "/desk"
    page = client.get("/desk").text
    assert "/campaigns" not in page
    assert "/users" not in page
    for path in ("/dashboard", "/campaigns/1", "/lists/1", "/dnc/1", "/users/2", "/attempts/x"):
        refused = client.get(path)
        assert refused.status == 403
        assert "Nicht erlaubt" in refused.text


def test_an_agent_acts_for_no_one_else(own_office: Box) -> None:
    client = own_office.client(AGENT)
    other = own_office.agents[OTHER_AGENT[0]]
    assert client.post("/desk/log_in", {"user_id": other}).status == 200
    asked = own_office.ask("asked")["log"]
    assert [entry["user_id"] for entry in asked] == [own_office.agents["jonas"]]
