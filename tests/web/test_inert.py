"""Whatever comes from outside stays text: on every page, in every download, in every address and every form.

What names, notes and headers are made of here is markup, a formula and SQL at once. How single pages show such names
is tested beside them; here none is left out.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest

from tests.web.box import ADMINISTRATOR, AGENT, Box, Client, campaign_form
from tests.web.pages import every_page
from tests.web.routes import every_route, example
from tests.web.technician import PARTS

TAG = "<img src=x onerror=alert(1)>"
EVIL = f"=1+1{TAG}'\"--;"
"""Begins a formula, opens an element, ends an attribute and a statement."""
QUERY = (
    *(
        "q",
        "search",
        "number",
        "contact",
        "owner",
        "show",
        "rule",
        "kind",
        "by",
        "from",
        "to",
        "pack",
        "list",
    ),
    *(
        "mapping",
        "campaign",
        "days",
        "before",
        "page",
        "sort",
        "sort-0",
        "order",
        "next",
        "provider",
        "format",
    ),
    *("c-field-0", "c-is-0", "c-value-0", "c-as-0", "noun", "who", "since", "until", "view", "language"),
)
"""What addresses ask with, on one page or another; every page is asked with all of it."""
OUTSIDE = (
    *("../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/etc/passwd", "..%5c..%5cetc%5cpasswd"),
    *(
        "/etc/passwd",
        "%00",
        "import-1.csv%00.png",
        "....//....//etc/passwd",
        "~root",
        "file:%2f%2f%2fetc%2fpasswd",
    ),
)


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory, furnished: Box) -> Iterator[tuple[Box, list[str]]]:
    """A box full of such names, and the paths of its pages."""
    with Box.started(tmp_path_factory.mktemp("inert"), like=furnished) as box:
        paths = every_page(box)
        poison(box, box.client(ADMINISTRATOR))
        yield box, [path for path in paths if "/design" not in path]


def poison(box: Box, client: Client) -> None:
    """Every name people and far ends can choose."""

    def ask(do: str, **args: object) -> None:
        box.ask(do, where="control.sock", **args)

    cell = '"' + EVIL.replace('"', '""') + '"'
    some = "".join(f"{cell};+49 30 23125{number}\r\n" for number in range(801, 806))
    rows = f"{cell};Telefon\r\n{some}{cell};keine Nummer\r\n"
    box.import_list(
        client, EVIL[:60], rows.encode(), **{"column-0": EVIL, "role-0": "name", "column-1": "Telefon"}
    )
    (list_id, *_) = re.findall(r'href="/lists/(\d+)"', client.get("/lists").text)
    made = client.post("/campaigns", campaign_form([box.agents["jonas"]], name=EVIL, contact_list_id=list_id))
    assert made.status == 303
    number = int(made.path.rsplit("/", 1)[1])
    assert client.post(f"/campaigns/{number}/start").status == 303
    box.ask("attempt", campaign_id=number, user_id=box.agents["jonas"], note=EVIL)
    box.ask("promise", campaign_id=number, user_id=box.agents["mira"], at=time.time() + 86_400)
    box.ask("came_in", caller="", told=EVIL, outcome="missed", at=time.time() - 60)
    for event, data in PARTS:
        texts = {
            key: EVIL if isinstance(value, str) and key in _FREE else value for key, value in data.items()
        }
        box.ask("publish", event=event, data=texts)
    call = {
        "attempt": "E",
        "campaign_id": number,
        "number": EVIL,
        "name": EVIL,
        "state": "bridged",
        "since": 1.0,
    }
    box.ask("publish", event="call", data={**call, "agent_id": box.agents["jonas"], "with": [EVIL]})
    box.ask("trunk", name=EVIL, up=False)
    ask("dnc.create", name=EVIL)
    ask("dnc.add", list_id=1, numbers=["+441632960099"], source=EVIL, who=EVIL, why=EVIL)
    ask("wall.add", name=EVIL[:60], language="de", figures=_FIGURES, by=EVIL)
    ask("report.save", name=EVIL[:60], user_id=1, query={}, shared=True)
    ask("token.create", name=EVIL, scopes=["dnc:read"], by=EVIL)
    ask("destination.add", name=EVIL, number="+441632960098")
    ask("department.create", name=EVIL, by=EVIL)
    ask("user.update", id=box.agents["mira"], name=EVIL)
    consent = {"purpose": "all", "source": EVIL, "wording": EVIL, "proof": EVIL, "given_at": 1_700_000_000.0}
    ask("consent.add", number="+493023125801", **consent)


_FIGURES = [{"figure": each, "target": None} for each in ("calls_now", "talking", "ready", "left")]
_FREE = ("user_agent", "model", "text", "reason", "remark", "device", "firmware", "said", "contact", "source")
"""What far ends say of themselves: SIP's User-Agent and reason phrases, a modem's greeting."""


def must_be_inert(text: str, where: str) -> None:
    """No element and no attribute was made of it."""
    assert TAG not in text, where
    assert TAG.lower() not in text.lower(), where
    assert "onerror=alert(1)>" not in text.replace("&gt;", ""), where


def test_on_no_page_do_names_become_elements(poisoned: tuple[Box, list[str]]) -> None:
    box, paths = poisoned
    client, shown = box.client(ADMINISTRATOR), 0
    found = set(paths)
    for path in sorted(paths):
        text = client.get(path).body.decode(errors="replace")
        found |= set(re.findall(r'href="(/[^"#]*)"', text))
    for path in sorted(found):
        answer = client.get(path.replace("&amp;", "&"))
        assert answer.status < 500, path
        if "html" in answer.headers.get("content-type", "html"):
            must_be_inert(answer.body.decode(errors="replace"), path)
            shown += "onerror=alert(1)" in answer.body.decode(errors="replace")
    assert shown > 15


def test_in_no_live_region_do_names_become_elements(poisoned: tuple[Box, list[str]]) -> None:
    box, _ = poisoned
    for who in (ADMINISTRATOR, AGENT):
        client = box.client(who)
        for route in every_route():
            if route.method == "GET" and route.path.endswith(".json"):
                must_be_inert(client.get(example(route)).text, route.path)


def test_no_download_begins_a_cell_with_a_formula(poisoned: tuple[Box, list[str]]) -> None:
    box, paths = poisoned
    client, looked_at = box.client(ADMINISTRATOR), 0
    links = {link for path in paths for link in re.findall(r'href="(/[^"#]*)"', client.get(path).text)}
    for link in sorted(links | {"/callbacks/csv", "/audit/csv", "/reports/attempts.csv"}):
        answer = client.get(link.replace("&amp;", "&"))
        if "csv" not in answer.headers.get("content-type", ""):
            continue
        for line in answer.body.decode("utf-8-sig").splitlines():
            cells = re.split(r'[;,](?=(?:[^"]*"[^"]*")*[^"]*$)', line)
            begun = [cell for cell in cells if cell.strip('"')[:1] in ("=", "@", "\t", "\r")]
            assert begun == [], (link, line)
        looked_at += 1
    assert looked_at >= 3


def test_what_an_address_asks_with_is_neither_shown_raw_nor_run(poisoned: tuple[Box, list[str]]) -> None:
    """Reflected markup, and SQL where a page sorts or searches."""
    box, _ = poisoned
    client = box.client(ADMINISTRATOR)
    for value in (EVIL, "1; DROP TABLE attempt; --", "id) UNION SELECT password_hash FROM user --", "\x00"):
        asked = urlencode(dict.fromkeys(QUERY, value))
        for route in every_route():
            if route.method != "GET" or route.streams:
                continue
            answer = client.get(f"{example(route)}?{asked}")
            assert answer.status < 500, (route.path, value)
            text = answer.body.decode(errors="replace")
            if "html" in answer.headers.get("content-type", ""):
                must_be_inert(text, route.path)
            assert "scrypt$" not in text, route.path
            assert answer.headers.get("location", "/").startswith(("/", client.origin)), route.path
            assert "//evil" not in answer.headers.get("location", "")
    assert client.get("/campaigns/1").status == 200
    assert "Herbst 2026" in client.get("/lists").text


def test_no_address_leads_out_of_its_folder(poisoned: tuple[Box, list[str]]) -> None:
    """Recordings, lists of damaged rows, settings of phones, bundles: whatever an address names by a text."""
    box, _ = poisoned
    client, tried = box.client(ADMINISTRATOR), 0
    named = [route for route in every_route() if re.search(r"<[a-z_]+(:re:[^>]*)?>", route.path)]
    for route in named:
        for outside in OUTSIDE:
            path = re.sub(r"<number:int>|<made:int>", "1", route.path)
            path = re.sub(r"<[^>]+>", outside.replace("\\", "%5c"), path)
            answer = client.get(path) if route.method == "GET" else client.post(path)
            assert answer.status in (303, 400, 403, 404, 405, 409, 422), (route.path, outside)
            text = answer.body.decode(errors="replace")
            assert "root:" not in text, path
            assert "[box]" not in text, path
            tried += 1
    assert tried > 100


ELSEWHERE = (
    *("//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/%0d%0aX: y"),
    *("javascript:1", "/\r\nX: y"),
)


@pytest.mark.parametrize("there", ELSEWHERE)
def test_no_form_sends_anybody_elsewhere(poisoned: tuple[Box, list[str]], there: str) -> None:
    box, _ = poisoned
    client = box.client()
    answer = client.post("/login", {"login": "anna", "password": ADMINISTRATOR[1], "next": there})
    assert answer.status == 303
    must_stay(client, answer.headers["location"])
    for name in ("back", "next", "go"):
        for route in every_route():
            if route.method == "POST" and route.path in ("/language", "/campaigns/new", "/lists/new"):
                must_stay(
                    client,
                    client.post(route.path, {name: there, "language": "en"}).headers.get("location", "/"),
                )
    must_stay(client, client.get(f"/login?next={quote(there)}").headers.get("location", "/"))


def must_stay(client: Client, location: str) -> None:
    """The browser comes back to this box."""
    assert "\r" not in location
    assert location.startswith((f"{client.origin}/", "/")), location
    assert not location.startswith(("//", "/\\")), location
    assert "evil.example" not in location.split("?")[0], location
