"""Departments: every address that names a thing is tried with another department's, and every page is read for it."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from firmware.model import Role
from tests.web.box import ADMINISTRATOR, AGENT, Box, Client, campaign_form, people
from tests.web.routes import every_route, example
from tests.web.test_api import EXAMPLES, Program
from web_ui import scopes
from web_ui.api.nouns import ENDPOINTS
from web_ui.permissions import MATRIX
from web_ui.routing import Route

THEIRS = "Zweitkram"
"""In every name of the other department."""
PASSWORD = "ein Satz zum Anmelden, lang genug"
ROLES = (Role.SUPERVISOR, Role.ANALYST, Role.CONTENT_MANAGER, Role.CAMPAIGN_MANAGER)
"""All that somebody of a department can be, at once."""
WITH_THINGS = [
    route for route in every_route() if route.permission not in (None, *scopes.OWN_DESK) and "<" in route.path
]
PLAIN = [
    route
    for route in every_route()
    if route.method == "GET" and route.permission not in (None, *scopes.OWN_DESK) and "<" not in route.path
]


class Department:
    """One department with one of everything, each with its name in it."""

    def __init__(self, box: Box, name: str, first: int) -> None:
        self.box, self.name = box, name
        login = name.lower()
        made = self.ask("department.create", name=name)["id"]
        self.number = int(made)
        self.user = self.hire(f"{name} Chef", login, [str(role) for role in ROLES])
        self.agent = self.hire(f"{name} Agent", f"{login}-agent", ["agent"])
        self.client = box.client((login, PASSWORD))
        self.keys: dict[str, Any] = {"user": self.agent}
        self._furnish(first)

    def ask(self, do: str, **args: Any) -> Any:
        return self.box.ask(do, where="control.sock", **args)

    def hire(self, name: str, login: str, roles: list[str]) -> int:
        from web_ui.passwords import hash_password

        made = self.ask(
            "user.create", login=login, name=name, roles=roles, password_hash=hash_password(PASSWORD),
            departments=[self.number],
        )  # fmt: skip
        return int(made["id"])

    def _furnish(self, first: int) -> None:
        box, client, keys = self.box, self.client, self.keys
        job = box.import_list(client, f"{self.name} Liste", people(30).replace(b"Person", self.name.encode()))
        keys["list"] = number_in(client, "/lists", r'href="/lists/(\d+)"')
        form = campaign_form([self.agent], name=f"{self.name} Kampagne", contact_list_id=keys["list"])
        keys["campaign"] = int(client.post("/campaigns", form).path.rsplit("/", 1)[1])
        assert client.post(f"/campaigns/{keys['campaign']}/start").status == 303
        keys["attempt"] = box.ask(
            "attempt", campaign_id=keys["campaign"], user_id=self.agent, note=f"{self.name} Notiz"
        )["uid"]
        keys["callback"] = box.ask(
            "promise", campaign_id=keys["campaign"], user_id=self.agent, at=time.time() + 86_400
        )["id"]
        assert client.post("/dnc", {"name": f"{self.name} Sperrliste"}).status == 303
        keys["dnc_list"] = number_in(client, "/dnc", rf'href="/dnc/(\d+)"[^>]*>\s*{self.name}')
        added = {"numbers": f"+4416329600{first:02d}", "source": self.name, "way": "typed"}
        assert client.post(f"/dnc/{keys['dnc_list']}/add", added).status == 303
        entry = {"name": f"{self.name} Ziel", "number": f"+44163296011{first}"}
        assert client.post("/destinations", entry).status == 303
        keys["destination"] = number_in(client, "/destinations", r'action="/destinations/(\d+)/remove"')
        figures = ["calls_now", "talking", "ready", "left"]
        client.post("/walls", {"name": f"{self.name} Wand", "language": "de", "figure": figures})
        keys["wall"] = number_in(client, "/walls", r'action="/walls/(\d+)/revoke"')
        client.post("/reports/views", {"name": f"{self.name} Bericht", "query": "kind=calls", "shared": "1"})
        keys["view"] = self.ask(
            "report.save", name=f"{self.name} Sicht", user_id=self.user, query={}, shared=True
        )["id"]
        self.ask("department.move", kind="view", object=keys["view"], department=self.number)
        keys["inbound_call"] = box.ask(
            "came_in", caller=f"+4416329600{first + 90}", outcome="missed", at=time.time() - 60,
            campaign=f"{self.name} Kampagne",
        )["uid"]  # fmt: skip
        self.job = job


def number_in(client: Client, path: str, pattern: str) -> int:
    found = re.search(pattern, client.get(path).text)
    assert found is not None, (path, pattern)
    return int(found[1])


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, furnished: Box) -> Iterator[tuple[Department, Department]]:
    """Two departments on a box that had things of its own before."""
    with Box.started(tmp_path_factory.mktemp("departments"), like=furnished) as box:
        yield Department(box, "Vertrieb", 1), Department(box, THEIRS, 2)


def filled(route: Route, department: Department) -> str | None:
    """The route's address with the department's things in it; None: it names none of anybody's."""
    kinds = scopes.kinds_of(route.path)
    if not set(kinds.values()) & set(department.keys):
        return None

    def fill(match: re.Match[str]) -> str:
        name = match[1].split(":")[0]
        kind = kinds[name]
        return quote(str(department.keys[kind])) if kind in department.keys else match[0]

    return example(route.__class__(route.method, re.sub(r"<([^>]+)>", fill, route.path), None, route.handler))


def asked(client: Client, route: Route, path: str) -> Any:
    if route.method == "POST":
        return client.post(path, {"reason": "break"})
    return client.get(path + (".json" if route.streams else ""))


@pytest.mark.req("ENR-111")
def test_what_is_another_departments_does_not_exist(two: tuple[Department, Department]) -> None:
    """Every page, form, stream and download whose address names a thing."""
    own, other = two
    tried = set()
    for route in WITH_THINGS:
        path = filled(route, other)
        if path is None:
            continue
        answer = asked(own.client, route, path)
        wanted = 403 if route.permission in scopes.WHOLE_BOX or not may(route) else 404
        assert answer.status == wanted, (route.method, path)
        assert THEIRS not in answer.body.decode(errors="replace"), path
        if route.method == "GET" and wanted == 404 and "<made" not in route.path:
            assert asked(other.client, route, path).status != 404, path
        tried.add((route.permission, route.path))
    assert len(tried) > 40


def may(route: Route) -> bool:
    assert route.permission is not None
    return not MATRIX[route.permission].isdisjoint(ROLES)


@pytest.mark.req("ENR-111", "ENR-109")
def test_no_page_and_no_stream_tells_of_another_department(two: tuple[Department, Department]) -> None:
    own, other = two
    for person, stranger in ((own, other.name), (other, own.name)):
        seen = 0
        for route in PLAIN:
            answer = asked(person.client, route, route.path)
            text = answer.body.decode(errors="replace")
            assert stranger not in text, route.path
            assert "Herbstaktion" not in text, route.path
            seen += person.name in text
        assert seen > 8


def test_ones_own_things_are_all_there(two: tuple[Department, Department]) -> None:
    own, _ = two
    for path in ("/dashboard", "/team", "/campaigns", "/lists", "/dnc", "/walls", "/reports", "/callbacks"):
        answer = own.client.get(path)
        assert answer.status == 200, path
        assert own.name in answer.text, path
    for route in WITH_THINGS:
        path = filled(route, own)
        if path is not None and route.method == "GET" and may(route) and "<made" not in route.path:
            assert asked(own.client, route, path).status not in (403, 404), path


def test_administrators_see_every_department(two: tuple[Department, Department]) -> None:
    own, other = two
    text = own.box.client(ADMINISTRATOR).get("/campaigns").text
    for name in (own.name, other.name, "Herbstaktion"):
        assert name in text


def test_the_whole_boxs_things_are_for_those_of_the_whole_box(two: tuple[Department, Department]) -> None:
    own, _ = two
    assert own.client.get("/campaigns/1").status == 404
    assert own.client.get("/lists/1").status == 404
    assert own.client.get("/dnc/1").status == 200
    assert own.client.post("/dnc/1/delete").status == 403
    assert own.client.post("/dnc/1/remove", {"numbers": "+441632960001"}).status == 403
    for path in ("/users", "/audit", "/settings/api", "/privacy", "/departments"):
        assert own.client.get(path).status == 403, path


def test_search_and_forms_find_nothing_of_another_department(two: tuple[Department, Department]) -> None:
    own, other = two
    theirs = other.keys
    paths = (
        f"/reports?campaign={theirs['campaign']}&kind=calls", f"/reports/csv?campaign={theirs['campaign']}",
        f"/machine-detection?campaign={theirs['campaign']}", f"/campaigns/new?list={theirs['list']}",
        "/dnc?number=%2B441632960002", "/permits?number=%2B493023125001", f"/callbacks?owner={other.agent}",
        "/calls/inbound?rule=office&show=all", f"/permits?contact={40}",
    )  # fmt: skip
    for path in paths:
        assert THEIRS not in own.client.get(path).body.decode(errors="replace"), path
    form = campaign_form([own.agent], name="Fremde Liste", contact_list_id=theirs["list"])
    answer = own.client.post("/campaigns", form)
    assert answer.status == 422
    assert THEIRS not in answer.text
    for action in ("listen", "whisper", "barge", "ready", "paused", "logged_out"):
        own.client.post(f"/team/{action}", {"agent": other.agent})
    own.client.post("/team/message", {"agent": other.agent, "text": "Hallo"})
    told = other.box.ask("asked")["log"]
    assert other.agent not in [each.get("user_id") for each in told]


def test_a_wall_shows_its_department_to_whoever_has_the_link(two: tuple[Department, Department]) -> None:
    own, other = two
    figures = [{"figure": each, "target": None} for each in ("left", "calls_today", "ready", "talking")]
    walls = [own.ask("wall.add", name="Wand", language="de", figures=figures) for _ in range(3)]
    for made, department in zip(walls, (own.number, other.number, None), strict=True):
        own.ask("department.move", kind="wall", object=made["id"], department=department)
    left = [
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", own.box.client().get(f"/wall/{made['token']}/now").text))
        for made in walls
    ]
    assert len({*left}) == 2 or len({*left}) == 3
    assert left[0] != left[2]


@pytest.mark.req("ENR-111")
def test_a_program_of_one_department_finds_nothing_of_another(two: tuple[Department, Department]) -> None:
    own, other = two
    from firmware.store.tokens import SCOPES

    token = own.ask("token.create", name="CRM", scopes=list(SCOPES), department=own.number)["token"]
    program = Program(own.box, token)
    tried = 0
    for endpoint in ENDPOINTS:
        kinds = scopes.kinds_of(endpoint.path, scopes.ENDPOINTS)
        values = {
            name: str(other.keys[kind]) if kind in other.keys else EXAMPLES[name]
            for name, kind in kinds.items()
        }
        path = re.sub(r"\{(\w+)\}", lambda match: values[match[1]], endpoint.path)  # noqa: B023
        path += "?reason=CRM" if "reason" in endpoint.query.members else ""
        body = {} if endpoint.body is not None else None
        told = program.send(endpoint.method, path, body, If_Match='"0123456789abcdef"')
        assert THEIRS.encode() not in told.body, endpoint.path
        if set(kinds.values()) & set(other.keys) and endpoint.body is None:
            assert told.status == 404, endpoint.path
            tried += 1
    assert tried >= 6
    assert program.send("GET", f"/campaigns/{own.keys['campaign']}").status == 200
    assert program.send("GET", f"/lists/{own.keys['list']}").status == 200
    names = [each["name"] for each in program.send("GET", "/campaigns").json["items"]]
    assert names == [f"{own.name} Kampagne"]


def test_an_agents_desk_is_the_agents_own_whatever_calls_are_given_to_it(
    two: tuple[Department, Department],
) -> None:
    own, _ = two
    client = own.box.client((f"{own.name.lower()}-agent", PASSWORD))
    assert client.get("/desk").status == 200
    assert client.get("/desk").text.count(THEIRS) == 0


def test_an_administrator_founds_a_department_and_moves_what_is_its(own_office: Box) -> None:
    client, jonas = own_office.client(ADMINISTRATOR), own_office.agents["jonas"]
    for path in ("/users/2", "/users/new", "/settings/api"):
        assert 'name="department"' not in client.get(path).text
    assert client.get("/departments/1").status == 404
    assert client.post("/departments", {"name": ""}).status == 422
    page = client.post("/departments", {"name": "Innendienst"}).path
    assert client.post("/departments", {"name": "innendienst"}).status == 422
    token = {"name": "CRM", "scopes": "campaigns:read", "rate": "300", "department": page.rsplit("/", 1)[1]}
    assert client.post("/settings/api", token).status == 303
    assert client.get("/settings/api").text.count("Innendienst") == 2
    client.post("/settings/api/1/revoke")
    text = client.get(page).text
    assert "Herbstaktion" in text
    assert "checked" not in text
    things = {"name": "Telefonzentrale", "campaign": "1", "list": "1", "queue": ""}
    assert client.post(page, things).status == 303
    assert client.get(page).text.count(" checked") == 2
    form = {"name": "Jonas Weber", "login": "jonas", "role": ["agent", "supervisor"], "language": "de"}
    saved = client.post(f"/users/{jonas}", {**form, "phone_mode": "nailed_up", "department": "1"})
    assert saved.status == 303
    assert "Telefonzentrale" in client.get("/users").text
    assert 'name="department" value="1" checked' in client.get(f"/users/{jonas}").text
    assert "Jonas Weber" in client.get(page).text
    jonas_sees = own_office.client(AGENT)
    assert "Herbstaktion" in jonas_sees.get("/campaigns").text
    assert client.post(f"{page}/remove").status == 303
    assert "Personen und 2 Dinge" in client.get(page).text
    assert client.post(page, {"name": "Telefonzentrale"}).status == 303
    assert jonas_sees.get("/campaigns/1").status == 404
    assert client.post(f"/users/{jonas}", {**form, "phone_mode": "nailed_up"}).status == 303
    assert client.post(f"{page}/remove").path == "/departments"
    assert own_office.client(AGENT).get("/campaigns/1").status == 200
