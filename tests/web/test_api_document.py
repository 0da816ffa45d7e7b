"""The OpenAPI document: sound, in both languages, kept by every real answer; and no input makes the box stumble."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firmware.store.tokens import SCOPES
from tests.web.box import Box
from tests.web.json_schema import faults
from tests.web.test_api import Program, Told, path_of, program
from web_ui.api.endpoint import PREFIX, Endpoint
from web_ui.api.nouns import ENDPOINTS
from web_ui.api.shapes import Fault, Flag, Maybe, Moment, Named, Several, Shape, Table, Text, Whole, Word

NUMBER = "+49 30 23125{:03d}"


def document(box: Box, language: str = "en") -> Any:
    told = Program(box).get("/openapi.json", Accept_Language=language)
    assert told.status == 200
    return told.json


def operations(found: Any) -> dict[str, Any]:
    return {each["operationId"]: each for path in found["paths"].values() for each in path.values()}


def held_to(found: Any, endpoint: Endpoint, told: Told) -> None:
    """The answer is one that the document tells of."""
    responses = operations(found)[endpoint.name]["responses"]
    assert str(told.status) in responses, (endpoint.name, told.status, told.body)
    content = responses[str(told.status)].get("content")
    if content is None:
        assert told.body == b"", endpoint.name
        return
    ((kind, media),) = content.items()
    assert told.headers["content-type"] == kind
    assert list(faults(told.json, media["schema"], found)) == [], endpoint.name


def test_the_document_tells_of_every_endpoint_in_both_languages(office: Box) -> None:
    english, german = document(office), document(office, "de")
    assert english["openapi"].startswith("3.1")
    assert set(operations(english)) == {endpoint.name for endpoint in ENDPOINTS}
    for name, operation in operations(english).items():
        other = operations(german)[name]
        assert operation["summary"] != other["summary"] or operation["summary"] == "Webhooks", name
        templates = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
        (path,) = [path for path, each in english["paths"].items() if operation in each.values()]
        assert set(re.findall(r"\{(\w+)\}", path)) == templates
        assert {"401", "429", "503"} <= set(operation["responses"])
    text = json.dumps(english)
    assert set(re.findall(r"#/components/schemas/(\w+)", text)) <= set(english["components"]["schemas"])


def test_every_sample_is_a_request_the_box_takes(own_office: Box) -> None:
    one, found = program(own_office, *SCOPES), document(own_office)
    planned = {"kind": "recycle", "days": [], "dispositions": ["busy"]}
    own_office.ask("list.schedule", where="control.sock", id=1, **planned)
    taken = {endpoint.name: False for endpoint in ENDPOINTS if endpoint.example}
    for endpoint in ENDPOINTS:
        if endpoint.example:
            etag = one.get("/contacts/1").headers["etag"] if endpoint.versioned else '"0"'
            body = endpoint.example.replace("https://crm.example.org", "http://127.0.0.1:9")
            told = one.send(endpoint.method, path_of(endpoint), json.loads(body), If_Match=etag)
            held_to(found, endpoint, told)
            taken[endpoint.name] = told.status < 300
    refused = {name for name, good in taken.items() if not good}
    assert refused == set()


def test_every_answer_is_one_the_document_tells_of(own_office: Box) -> None:
    one, found = program(own_office, *SCOPES), document(own_office)
    for n, row in enumerate(({"zone": "Europe/Vienna"}, {"mobile": NUMBER.format(31), "fields": {"a": "b"}})):
        one.post("/lists/1/contacts", {"number": NUMBER.format(20 + n), "name": "Ada", **row})
    one.post("/consents", {"number": NUMBER.format(888), "purpose": "all", "source": "a", "wording": "b"})
    at = {"at": "2030-01-15T10:30:00+01:00"}
    assert one.post("/callbacks", {"contact_id": 1, **at}).status == 201
    uid = one.get("/attempts").json["items"][0]["uid"]
    came = own_office.ask("came_in", caller="+493023125031", outcome="missed", at=1_790_000_000.0)["uid"]
    for endpoint in ENDPOINTS:
        if endpoint.method == "GET":
            path = path_of(endpoint).replace("0" * 26, came if endpoint.tag == "inbound" else uid)
            told = one.get(path)
            held_to(found, endpoint, told)
            assert told.status == 200 or "webhook" in path, path


def of(shape: Shape) -> st.SearchStrategy[Any]:
    """Values a shape takes, as far as JSON goes."""
    if isinstance(shape, Table):
        known = shape.members.items()
        return st.fixed_dictionaries(
            {name: of(member.shape) for name, member in known if member.required},
            optional={name: of(member.shape) for name, member in known if not member.required},
        )
    if isinstance(shape, Several):
        return st.lists(of(shape.of), min_size=shape.least, max_size=max(shape.least, 3))
    if isinstance(shape, Named):
        return st.dictionaries(st.text(max_size=10), of(shape.of), max_size=3)
    if isinstance(shape, Maybe):
        return st.none() | of(shape.of)
    if isinstance(shape, Word):
        return st.sampled_from(list(shape.choices))
    if isinstance(shape, Whole):
        return st.integers(max(-200, shape.least), min(shape.most, 2**63))
    plain = {Flag: st.booleans(), Moment: st.sampled_from(["2026-11-02T15:04:05Z", "2026-02-30T00:00:00Z"])}
    numbers = st.sampled_from([NUMBER.format(1), "112", "4,9E+11", "+1 555 010 0123", "", "+49301*"])
    return plain.get(type(shape), st.text(max_size=20) | numbers)


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory, furnished: Box) -> Any:
    """A box that may be broken, and a token for all of it."""
    with Box.started(tmp_path_factory.mktemp("fuzzed"), like=furnished) as box:
        yield program(box, *SCOPES), document(box)


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_request_makes_the_box_stumble(fuzzed: Any, data: st.DataObject) -> None:
    one, found = fuzzed
    endpoint = data.draw(st.sampled_from(ENDPOINTS))
    body = None
    if endpoint.body is not None:
        body = data.draw(of(endpoint.body) | ANY)
    ids = st.sampled_from(
        ["1", "2", "21", "0", "-1", "x", str(2**64), "%00", "%2B493023125001", "é", "a b", "0" * 26]
    )
    path = re.sub(r"\{\w+\}", lambda _: quote(data.draw(ids), safe="%"), endpoint.path)
    names = st.sampled_from([*endpoint.query.members, "nothing", "limit", "cursor"])
    query = data.draw(st.lists(st.tuples(names, st.text(max_size=8) | st.just("1")), max_size=3))
    text = "&".join(f"{name}={quote(value, safe='')}" for name, value in query)
    headers = {"If_Match": data.draw(st.sampled_from(['"0000000000000000"', "x", '"1"']))}
    told = one.send(endpoint.method, f"{path}?{text}", body, **headers)
    assert told.status < 500, (endpoint.name, path, text, body, told.body)
    if told.status >= 400:
        assert told.key
    if told.status not in (404, 415) or endpoint.parameters:
        held_to(found, endpoint, told)


@given(ANY)
def test_a_shape_reads_anything_without_stumbling(value: Any) -> None:
    for endpoint in ENDPOINTS:
        for shape in (endpoint.body, endpoint.answer):
            if shape is not None:
                found: list[Fault] = []
                shape.read(value, "", found)


def test_times_are_read_strictly() -> None:
    for text, seconds in (
        ("2026-11-02T15:04:05Z", 1793631845.0),
        ("2026-11-02T16:04:05.250+01:00", 1793631845.25),
    ):
        found: list[Fault] = []
        assert Moment().read(text, "", found) == seconds
        assert found == []
    for text in (
        "2026-11-02",
        "2026-11-02T15:04:05",
        "1793631845",
        "2026-13-02T15:04:05Z",
        "1969-01-01T00:00:00Z",
        "x",
    ):
        found = []
        Moment().read(text, "", found)
        assert len(found) == 1, text
    found = []
    Text(1, 5).read("\ud800", "", found)
    assert found[0].key == "control"


def test_the_prefix_is_where_nginx_and_the_guard_expect_it() -> None:
    assert PREFIX == "/api/v1"
