"""The API over real HTTP: who gets in, what is refused and how, and that every answer is what its document says."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from firmware.store.tokens import SCOPES
from tests.web.box import ADMINISTRATOR, Box
from web_ui.api.endpoint import PREFIX, Endpoint
from web_ui.api.nouns import ENDPOINTS

EXAMPLES = {
    "list_id": "1", "contact_id": "1", "campaign_id": "1", "number": "%2B493023125888", "uid": "0" * 26,
    "consent_id": "1", "webhook_id": "1", "callback_id": "1",
}  # fmt: skip


class Told:
    """One answer of the API."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def key(self) -> str:
        assert self.headers["content-type"] == "application/problem+json", self.body
        assert self.json["status"] == self.status
        return str(self.json["type"]).removeprefix("urn:strowger:problem:")

    @property
    def errors(self) -> dict[str, str]:
        return {each["pointer"]: each["key"] for each in self.json["errors"]}


class Program:
    """Another program with a token."""

    def __init__(self, box: Box, token: str = "") -> None:
        self.box, self.token = box, token

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Told:
        own = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            own.setdefault("Authorization", f"Bearer {self.token}")
        raw: bytes | None = None
        if body is not None:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            own.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.box.port, timeout=60)
        try:
            connection.request(method, PREFIX + path, raw, own)
            return Told(connection.getresponse())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Told:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: object = None, **headers: str) -> Told:
        return self.send("POST", path, body, **headers)


def program(box: Box, *scopes: str, **more: Any) -> Program:
    made = box.ask(
        "token.create", where="control.sock", name="crm", scopes=list(scopes), **{"rate": 100_000, **more}
    )
    return Program(box, made["token"])


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, furnished: Box) -> Iterator[Box]:
    """A box of these tests' own: they count what is in it."""
    with Box.started(tmp_path_factory.mktemp("api"), like=furnished) as box:
        yield box


@pytest.fixture
def crm(office: Box) -> Program:
    return program(office, *SCOPES)


def path_of(endpoint: Endpoint) -> str:
    path = re.sub(r"\{(\w+)\}", lambda name: EXAMPLES[name[1]], endpoint.path)
    needed = [name for name, member in endpoint.query.members.items() if member.required]
    return path + ("?" + "&".join(f"{name}=%2B493023125888" for name in needed) if needed else "")


@pytest.mark.req("ENR-109")
def test_every_endpoint_lets_in_its_scope_and_no_other(own_office: Box) -> None:
    by_scope = {scope: program(own_office, scope) for scope in SCOPES}
    nobody = Program(own_office)
    for endpoint in ENDPOINTS:
        path, body = path_of(endpoint), {} if endpoint.body is not None else None
        assert nobody.send(endpoint.method, path, body).key == "no_token", endpoint.name
        for scope, one in by_scope.items():
            answer = one.send(endpoint.method, path, body)
            allowed = endpoint.scope in ("", scope)
            assert (answer.status == 403) is not allowed, (endpoint.name, scope)
            assert answer.status < 500, (endpoint.name, scope, answer.body)


def test_scopes_are_all_used_and_endpoints_tell_apart() -> None:
    assert {endpoint.scope for endpoint in ENDPOINTS} == {"", *SCOPES}
    assert len({endpoint.name for endpoint in ENDPOINTS}) == len(ENDPOINTS)


def test_tokens_that_do_not_count(office: Box) -> None:
    good = program(office, "contacts:read")
    assert good.get("/lists").status == 200
    for token in ("", "swg_" + "x" * 43, good.token[:-1], good.token.upper()):
        refused = Program(office, token).get("/lists")
        assert refused.status == 401
        assert refused.headers["www-authenticate"].startswith("Bearer")
    for header in ("Basic YTpi", f"Bearer  {good.token} x", good.token, "Bearer", f"Token {good.token}"):
        assert Program(office).get("/lists", Authorization=header).status == 401, header
    listed = office.ask("token.list", where="control.sock")["tokens"]
    office.ask("token.revoke", where="control.sock", id=listed[0]["id"])
    assert good.get("/lists").key == "no_token"


def test_a_token_belongs_to_its_network(office: Box) -> None:
    assert program(office, "contacts:read", sources=["127.0.0.0/8"]).get("/lists").status == 200
    assert program(office, "contacts:read", sources=["192.0.2.0/24"]).get("/lists").key == "wrong_place"


def test_a_session_opens_no_api_and_a_token_no_page(office: Box, crm: Program) -> None:
    person = office.client(ADMINISTRATOR)
    cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    assert Program(office).get("/lists", Cookie=cookie).key == "no_token"
    stranger = office.client()
    page = stranger.send("GET", "/lists", None, {"Authorization": f"Bearer {crm.token}"})
    assert (page.status, page.path) == (303, "/login")
    posted = stranger.send("POST", "/campaigns/1/pause", "", {"Authorization": f"Bearer {crm.token}"})
    assert posted.status in (401, 403)
    assert crm.get("/lists").headers.get("set-cookie") is None


def test_paths_and_methods_that_are_not_there(crm: Program) -> None:
    assert crm.get("/nothing").key == "not_found"
    assert crm.get("/lists/abc").key == "not_found"
    assert crm.get("/lists/0").key == "not_found"
    assert crm.get(f"/contacts/{2**70}").key == "not_found"
    wrong = crm.send("DELETE", "/lists")
    assert (wrong.key, wrong.headers["allow"]) == ("no_method", "GET, POST")
    assert crm.send("PUT", "/lists").status == 405


def test_bodies_that_cannot_be_read(crm: Program) -> None:
    path = "/lists/1/contacts"
    for raw in (b"", b"{", b"\xff", b"[1]x", b'{"a":1,"a":2}', b'{"a":NaN}', b"[" * 100_000, b"1" * 5000):
        told = crm.post(path, raw)
        assert told.key in ("malformed", "unfit"), raw[:20]
    assert crm.post(path, b"[" * 30 + b"]" * 30).key == "malformed"
    assert crm.post(path, {}, Content_Type="text/plain").key == "no_json"
    assert crm.post(path, {}, Content_Type="application/x-www-form-urlencoded").key == "no_json"
    assert crm.post(path, b'"' + b"x" * 600_000 + b'"').key == "too_large"


@pytest.mark.req("GEN-041")
def test_all_mistakes_are_told_at_once_in_both_languages(crm: Program) -> None:
    body = {"numbr": "1", "name": 5, "priority": 100, "zone": "x" * 61, "fields": {"a": 1, "b": "\u0000"}}
    told = crm.post("/lists/1/contacts", body, Accept_Language="de")
    assert told.key == "unfit"
    assert told.errors == {
        "/numbr": "unknown_near", "/name": "no_text", "/priority": "range", "/zone": "length", "/fields/a": "no_text",
        "/fields/b": "control",
    }  # fmt: skip
    assert "meinten Sie number?" in told.json["detail"]
    english = crm.post("/lists/1/contacts", body, Accept_Language="en")
    assert "did you mean number?" in english.json["detail"]
    assert english.headers["content-language"] == "en"
    query = crm.get("/lists/1/contacts?limit=0&state=opn&stat=x&limit=3&cursor=%7B")
    assert query.errors == {"?limit": "twice", "?state": "word_near", "?stat": "unknown_near"}
    assert crm.get("/lists/1/contacts?cursor=WyJhIl0=").errors == {"?cursor": "pattern"}


@pytest.mark.req("GEN-041")
def test_contacts_come_and_are_refused_in_the_words_of_an_import(crm: Program) -> None:
    made = crm.post("/lists", {"name": "Website"})
    assert made.status == 201
    path = made.headers["location"].removeprefix(PREFIX)
    crm.post("/dnc/lists/1/numbers", {"numbers": ["030 23125711"], "reason": "E-Mail"})
    added = crm.post(f"{path}/contacts", {"number": "030 23125700", "name": "Ada", "fields": {"Kunde": "7"}})
    assert (added.status, added.json["result"], added.json["number"]) == (201, "added", "+493023125700")
    twice = crm.post(f"{path}/contacts", {"number": "+49 30 23125700"}, Accept_Language="de")
    assert (twice.status, twice.json["detail"]) == (409, "Die Rufnummer steht schon in der Liste.")
    assert twice.headers["location"] == added.headers["location"]
    damaged = crm.post(f"{path}/contacts", {"number": "4,91E+11"}, Accept_Language="de")
    assert (damaged.status, damaged.errors) == (422, {"/number": "spreadsheet_damage"})
    assert "gerundet" in damaged.json["detail"]
    rows = [{"number": f"030 231257{n:02d}"} for n in range(10, 15)]
    batch = crm.post(f"{path}/contacts/batch", {"contacts": [*rows, {"number": "112"}]}).json["results"]
    assert [each["result"] for each in batch] == ["added"] * 5 + ["refused"]
    assert [each["dnc"] for each in batch][:2] == [[], ["Opt-outs"]]
    seen: list[str] = []
    page = crm.get(f"{path}/contacts?limit=4").json
    while True:
        seen += [each["number"] for each in page["items"]]
        if page["next"] is None:
            break
        page = crm.get(f"{path}/contacts?limit=4&cursor={page['next']}").json
    assert seen == ["+493023125700", *(f"+493023125{n}" for n in range(710, 715))]
    assert crm.post("/lists/9999/contacts", {"number": "030 23125700"}).status == 404
    assert crm.post(f"{path}/contacts/batch", {"contacts": rows * 201}).errors == {"/contacts": "count"}


@pytest.mark.req("GEN-043")
def test_another_program_asks_for_a_run_of_a_list(own_office: Box) -> None:
    crm = program(own_office, *SCOPES)
    reader = program(own_office, "contacts:read")
    assert crm.get("/lists/1/schedules").json == {"items": []}
    asked = {"kind": "recycle", "days": [], "dispositions": ["busy"], "who": "maria"}
    made = own_office.ask("list.schedule", where="control.sock", id=1, **asked)["schedule_id"]
    (schedule,) = crm.get("/lists/1/schedules").json["items"]
    assert (schedule["id"], schedule["days"], schedule["next_at"]) == (made, [], None)
    assert reader.post("/lists/1/runs", {"schedule_id": made}).status == 403
    wrong = crm.post("/lists/1/runs", {"schedule_id": made, "agents_values": "both"})
    assert wrong.errors == {"/agents_values": "word"}
    begun = crm.post("/lists/1/runs", {"schedule_id": made, "agents_values": "replace"})
    assert (begun.status, begun.json) == (202, {"schedule_id": made})
    for _ in range(600):
        done = [each for each in crm.get("/lists/1/runs").json["items"] if each["state"] == "done"]
        if any(each["cause"] == "trigger" for each in done):
            break
        time.sleep(0.1)
    else:
        raise AssertionError("the run did not end")
    assert crm.post("/lists/1/runs", {"schedule_id": 99}).status == 404
    assert crm.post("/lists/99/runs", {"schedule_id": made}).status == 404


def test_of_two_programs_the_slower_one_reads_again(crm: Program) -> None:
    path = crm.post("/lists/1/contacts", {"number": "030 23125750"}).headers["location"].removeprefix(PREFIX)
    etag = crm.get(path).headers["etag"]
    assert crm.send("PATCH", path, {"name": "Ada"}).key == "no_version"
    changed = crm.send("PATCH", path, {"name": "Ada", "fields": {"a": "1"}}, If_Match=etag)
    assert (changed.status, changed.json["name"]) == (200, "Ada")
    assert crm.send("PATCH", path, {"name": "Eve"}, If_Match=etag).key == "stale"
    assert crm.send("PATCH", path, {"name": "Eve"}, If_Match='W/"x"').key == "stale"
    newer = changed.headers["etag"]
    assert crm.send("PATCH", path, {"zone": "Mars"}, If_Match=newer).errors == {"/zone": "unknown_zone"}
    assert crm.send("PATCH", path, {"fields": {"a": None}}, If_Match=newer).json["fields"] == {}
    assert crm.post(f"{path}/close").json["closed_reason"] == "withdrawn"
    assert crm.get(f"{path}/why").json["items"][0]["blocks"][0]["rule"] == "contact_closed"
    assert crm.send("DELETE", path).status == 204
    assert crm.get(path).key == "not_found"


@pytest.mark.req("GEN-041")
def test_a_lead_is_taken_and_says_what_it_waits_for(crm: Program) -> None:
    lead = {"number": "030 23125760", "name": "Ada", "priority": "first"}
    made = crm.post("/campaigns/1/leads", lead)
    assert (made.status, made.json["result"]) == (201, "added")
    assert "no_agent_ready" in made.json["waits_for"]
    crm.post("/dnc/lists/1/numbers", {"numbers": ["030 23125761"]})
    blocked = crm.post("/campaigns/1/leads", {"number": "030 23125761"}, Accept_Language="de").json[
        "blocked_by"
    ]
    assert blocked == {"rule": "dnc", "text": "Auf einer Sperrliste: Widersprüche", "until": None}
    assert crm.post("/campaigns/99/leads", lead).status == 404
    assert crm.post("/campaigns/1/leads", {"number": "x"}).errors == {"/number": "not_a_number"}
    assert crm.post("/campaigns/1/leads", {**lead, "priority": "frist"}).errors == {"/priority": "word_near"}


def test_a_lead_the_filter_leaves_out_is_taken_with_a_note(own_office: Box) -> None:
    crm = program(own_office, *SCOPES)
    wanted = {"filter": {"field": "Ort", "is": "equals", "value": "Ulm"}}
    own_office.ask("campaign.set_order", where="control.sock", id=1, order=wanted, who="test")
    lead = {"number": "030 23125763", "fields": {"Ort": "Bonn"}}
    made = crm.post("/campaigns/1/leads", lead, Accept_Language="de")
    assert (made.status, made.json["result"]) == (201, "added")
    assert made.json["note"] == f"Angenommen, wird aber nicht angerufen: {made.json['blocked_by']['text']}"
    assert "Ort ist „Ulm“" in made.json["note"] or "Ort ist “Ulm”" in made.json["note"]
    fitting = crm.post("/campaigns/1/leads", {"number": "030 23125764", "fields": {"Ort": "Ulm"}})
    assert fitting.json["note"] is None


def test_a_callback_is_promised_read_and_withdrawn_by_another_program(crm: Program, office: Box) -> None:
    at = "2030-01-15T10:30:00+01:00"
    lead = crm.post("/campaigns/1/leads", {"number": "030 23125765", "name": "Bea"}).json["contact_id"]
    assert crm.post("/callbacks", {"contact_id": 99999, "at": at}).status == 404
    assert crm.post("/callbacks", {"contact_id": lead, "at": "2001-01-15T10:30:00Z"}).errors == {
        "/at": "callback_in_past"
    }
    assert crm.post("/callbacks", {"contact_id": lead, "at": at, "agent_id": 9999}).status == 422
    assert crm.post("/callbacks", {"contact_id": lead, "at": at, "campaign_id": 99}).status == 404
    made = crm.post("/callbacks", {"contact_id": lead, "at": at, "note": "Termin im Web"})
    assert (made.status, made.json["state"], made.json["agent_id"]) == (201, "open", None)
    assert (made.json["number"], made.json["promised_at"]) == ("+493023125765", "2030-01-15T09:30:00.000Z")
    number = made.json["id"]
    assert made.headers["location"] == f"{PREFIX}/callbacks/{number}"
    mine = crm.get(f"/callbacks?contact_id={lead}").json
    assert ([each["id"] for each in mine["items"]], mine["next"]) == ([number], None)
    other = crm.post("/callbacks", {"contact_id": lead, "at": "2030-01-15T11:30:00+01:00"}).json["id"]
    assert crm.get(f"/callbacks/{number}").json["state"] == "withdrawn", "another time was agreed"
    gone = crm.post(f"/callbacks/{other}/withdraw", {"reason": "per E-Mail"})
    assert (gone.status, gone.json["state"], gone.json["cause"]) == (200, "withdrawn", "API: crm: per E-Mail")
    assert crm.post(f"/callbacks/{other}/withdraw", {}).errors == {"/id": "promise_not_open"}
    assert crm.get("/callbacks/99999").status == 404
    assert [each["id"] for each in crm.get("/callbacks?state=withdrawn&limit=1").json["items"]] == [number]
    first = crm.get(f"/callbacks?state=withdrawn&contact_id={lead}&limit=1").json
    then = crm.get(f"/callbacks?state=withdrawn&contact_id={lead}&limit=1&cursor={first['next']}").json
    assert [first["items"][0]["id"], then["items"][0]["id"], then["next"]] == [number, other, None]
    crm.post(f"/contacts/{lead}/close")
    assert crm.post("/callbacks", {"contact_id": lead, "at": at}).status == 201, "the person wants it"
    assert crm.get(f"/contacts/{lead}").json["state"] == "open"
    crm.post("/dnc/lists/1/numbers", {"numbers": ["030 23125765"]})
    assert crm.post("/callbacks", {"contact_id": lead, "at": at}).errors == {"/contact_id": "callback_to_dnc"}


def test_a_number_is_blocked_and_unblocked_at_once(crm: Program) -> None:
    assert crm.get("/dnc/check?number=030%2023125770").json["blocked"] is False
    added = crm.post("/dnc/lists/1/numbers", {"numbers": ["030 23125770", "x"], "reason": "Anruf"})
    assert (added.json["added"], [each["key"] for each in added.json["problems"]]) == (1, ["not_a_number"])
    found = crm.get("/dnc/check?number=030%2023125770").json
    assert (found["blocked"], [each["id"] for each in found["lists"]]) == (True, [1])
    path = "/dnc/lists/1/numbers/%2B493023125770"
    assert crm.send("DELETE", path).errors == {"?reason": "missing"}
    assert crm.send("DELETE", f"{path}?reason=Irrtum").status == 204
    assert crm.send("DELETE", f"{path}?reason=Irrtum").key == "not_found"
    assert crm.send("DELETE", "/dnc/lists/1/numbers/abc?reason=x").key == "unfit"
    assert crm.get("/dnc/check?number=030%2023125770").json["blocked"] is False
    assert crm.post("/dnc/lists/99/numbers", {"numbers": ["030 23125770"]}).status == 404


def test_a_request_with_a_key_is_carried_out_once(crm: Program) -> None:
    body = {"number": "030 23125780"}
    first = crm.post("/lists/1/contacts", body, Idempotency_Key="k-1")
    again = crm.post("/lists/1/contacts", body, Idempotency_Key="k-1")
    assert (first.status, again.status) == (201, 201)
    assert first.json == again.json
    assert again.headers["location"] == first.headers["location"]
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (
        None,
        "true",
    )
    assert crm.post("/lists/1/contacts", {"number": "030 23125781"}, Idempotency_Key="k-1").key == "key_used"
    refused = crm.post("/lists/1/contacts", body, Idempotency_Key="k-2")
    assert refused.status == crm.post("/lists/1/contacts", body, Idempotency_Key="k-2").status == 409
    assert crm.post("/lists/1/contacts", body, Idempotency_Key="k" * 201).key == "unfit"


def test_who_asks_too_often_is_told_how_long_to_wait(office: Box) -> None:
    hasty = program(office, "contacts:read", rate=6)
    answers = [hasty.get("/lists") for _ in range(6)]
    assert [each.status for each in answers] == [200] * 5 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 10


def test_attempts_campaigns_agents_and_consents(crm: Program, office: Box) -> None:
    page = crm.get("/attempts?limit=1").json
    (attempt,) = page["items"]
    assert attempt["disposition"] is not None
    one = crm.get(f"/attempts/{attempt['uid']}").json
    assert one["permit"]["number"] == attempt["number"]
    later = crm.get(f"/attempts?cursor={page['next']}").json
    assert (later["items"], later["more"]) == ([], False)
    assert crm.get("/attempts?since=2099-01-01T00:00:00Z").json["items"] == []
    assert crm.get("/attempts?since=yesterday").errors == {"?since": "no_moment"}
    assert crm.get("/attempts?campaign_id=99").json["items"] == []
    assert crm.get(f"/attempts/{'0' * 26}").key == "not_found"
    (campaign,) = crm.get("/campaigns").json["items"]
    assert (campaign["state"], campaign["attempts"]) == ("running", 1)
    assert crm.post("/campaigns/99/start").status == 404
    names = [each["name"] for each in crm.get("/agents").json["items"]]
    assert names == ["Jonas Weber", "Mira Koch"]
    record = {"number": "030 23125790", "purpose": "sales", "source": "Website", "wording": "Ja."}
    made = crm.post("/consents", record)
    assert made.status == 201
    assert crm.post("/consents", {**record, "given_at": "2099-01-01T00:00:00Z"}).status == 422
    assert crm.post(f"/consents/{made.json['id']}/withdraw", {"source": "Anruf"}).status == 204
    (kept,) = crm.get("/consents?number=030%2023125790").json["items"]
    assert kept["withdrawn_at"] is not None
    assert crm.get("/token").json["scopes"] == list(SCOPES)


def test_a_campaign_is_paused_and_started_by_another_program(own_office: Box) -> None:
    control = program(own_office, "campaigns:control")
    assert control.post("/campaigns/1/pause").json["state"] == "paused"
    assert control.post("/campaigns/1/start").json["state"] == "running"
    assert control.post("/campaigns/1/stop").json["state"] == "stopped"
    assert control.post("/campaigns/1/pause").key == "refused"


def test_webhooks_lead_nowhere_they_must_not(crm: Program) -> None:
    events = ["attempt.ended"]
    for url, key in (
        ("http://169.254.169.254/latest/meta-data", "webhook_address_unfit"),
        ("https://10.0.0.1/", "webhook_address_unfit"),
        ("http://8.8.8.8/", "webhook_needs_tls"),
        ("ftp://crm.example.org/", "webhook_url_unfit"),
    ):
        assert crm.post("/webhooks", {"url": url, "events": events}).errors == {"/url": key}, url
    made = crm.post("/webhooks", {"url": "http://127.0.0.1:9/hook", "events": events})
    assert made.json["secret"].startswith("whsec_")
    path = made.headers["location"].removeprefix(PREFIX)
    assert all("secret" not in each for each in crm.get("/webhooks").json["items"])
    assert crm.get(f"{path}/deliveries").json["items"] == []
    assert crm.send("DELETE", path).status == 204
    assert crm.post(f"{path}/test").key == "not_found"


def test_without_the_service_the_box_says_so(own_office: Box) -> None:
    one = program(own_office, *SCOPES)
    assert own_office.service is not None
    own_office.service.kill()
    own_office.service = None
    away = one.post("/lists", {"name": "x"})
    assert (away.key, away.headers["retry-after"]) == ("away", "5")
    assert one.get("/lists").status == 200
