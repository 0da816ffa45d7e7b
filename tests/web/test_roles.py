"""Who may use which page: every route is tried by everybody."""

from __future__ import annotations

import pytest

from firmware.model import Role
from tests.web.box import ADMINISTRATOR, AGENT, OTHER_AGENT, Box, Client
from tests.web.routes import every_route, example
from web_ui.routing import Route

ROUTES = [route for route in every_route() if route.path not in ("/logout", "/account/password")]


def try_it(client: Client, route: Route) -> int:
    """The status of one harmless request."""
    if route.streams:
        return client.get(example(route) + ".json").status
    if route.method == "POST":
        return client.post(example(route), {"reason": "break"}).status
    return client.get(example(route)).status


@pytest.mark.req("ENR-109")
@pytest.mark.parametrize("role", [None, Role.AGENT, Role.ADMINISTRATOR])
def test_every_route_lets_in_its_roles_and_nobody_else(own_office: Box, role: Role | None) -> None:
    who = {None: None, Role.AGENT: AGENT, Role.ADMINISTRATOR: ADMINISTRATOR}[role]
    client = own_office.client(who)
    for route in ROUTES:
        status = try_it(client, route)
        if route.roles is None:
            assert status not in (401, 403) or route.path == "/login", route.path
        elif role is None:
            assert status == (
                303 if route.method == "GET" and not route.path.startswith("/live/") else 401
            ), route.path
        elif role in route.roles:
            assert status not in (401, 403), route.path
        else:
            assert status == 403, route.path


def test_what_is_public_is_this_and_nothing_more() -> None:
    public = {route.path for route in every_route() if route.roles is None}
    assert public == {
        "/", "/login", "/login/code", "/setup", "/language", "/favicon.ico", "/static/<version>/<name>", "/api",
    }  # fmt: skip


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
