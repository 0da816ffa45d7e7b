"""The list of pages leaves none out: what is not on it is neither looked at by axe nor photographed."""

from __future__ import annotations

from tests.web.box import ADMINISTRATOR, AGENT, Box
from tests.web.pages import every_page
from tests.web.routes import every_route, route_of
from tests.web.test_roles import real_path


def test_every_page_is_on_the_list(own_office: Box) -> None:
    named = {route.path for path in every_page(own_office) if (route := route_of("GET", path.split("?")[0]))}
    people = [own_office.client(who) for who in (ADMINISTRATOR, AGENT)]
    left_out = set()
    for route in every_route():
        if route.method != "GET" or route.streams or route.permission is None or route.path in named:
            continue
        answers = [client.get(real_path(own_office, route)) for client in people]
        if any(a.status == 200 and "text/html" in a.headers.get("content-type", "") for a in answers):
            left_out.add(route.path)
    assert {path for path in left_out if not path.startswith("/desk")} == set()  # what agents alone have
