"""The OpenAPI 3.1 document, made from the declarations of the endpoints in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from web_ui.api import problems
from web_ui.api.endpoint import PREFIX, Endpoint
from web_ui.api.shapes import Maybe, Named, Several, Shape, Table
from web_ui.language import N_, Language

ABOUT = N_(
    "Programs of the office add contacts and leads, block numbers, look at campaigns and calls. Send the token as"
    " “Authorization: Bearer swg_…”. A request with an Idempotency-Key may be repeated: it is carried out once and"
    " answered the same for 24 hours. Lists come in pages; “next” leads to the following one."
)
KEYED = N_("Makes the request safe to repeat: the same key gets the same answer and does nothing more.")
MATCHED = N_("The ETag you have read.")


def document(endpoints: Iterable[Endpoint], language: Language) -> dict[str, Any]:
    """The whole document as plain data."""
    schemas: dict[str, Any] = {}
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        for shape in (endpoint.body, endpoint.answer, problems.SHAPE):
            _collect(shape, schemas, language)
        paths.setdefault(PREFIX + endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, language)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Strowger", "version": "1", "description": language.gettext(ABOUT)},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def keys_of(endpoint: Endpoint) -> list[str]:
    """What can go wrong with an endpoint, as keys of ``problems.TITLES``."""
    keys = ["no_token", "wrong_place", "too_many", "away", "unfit"]
    keys += ["no_scope"] if endpoint.scope else []
    keys += ["malformed"]
    keys += ["no_json", "too_large"] if endpoint.body is not None else []
    keys += ["not_found"] if endpoint.parameters else []
    keys += ["no_version", "stale"] if endpoint.versioned and endpoint.method != "GET" else []
    keys += ["refused"] if endpoint.method != "GET" else []
    return keys


def _operation(endpoint: Endpoint, language: Language) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": endpoint.name,
        "tags": [endpoint.tag],
        "summary": language.gettext(endpoint.summary),
        "parameters": list(_parameters(endpoint, language)),
        "responses": _responses(endpoint, language),
    }
    if endpoint.scope:
        found["x-scope"] = endpoint.scope
    if endpoint.body is not None:
        content = {"application/json": {"schema": _described(endpoint.body, language)}}
        found["requestBody"] = {"required": True, "content": content}
    return found


def _parameters(endpoint: Endpoint, language: Language) -> Iterable[dict[str, Any]]:
    for name, shape in endpoint.parameters.items():
        yield {"name": name, "in": "path", "required": True, "schema": shape.schema()}
    for name, member in endpoint.query.members.items():
        found = {"name": name, "in": "query", "required": member.required, "schema": member.shape.schema()}
        yield {**found, "description": language.gettext(member.doc)} if member.doc else found
    if endpoint.method == "POST":
        yield _header("Idempotency-Key", language.gettext(KEYED), required=False, longest=200)
    if endpoint.versioned and endpoint.method != "GET":
        yield _header("If-Match", language.gettext(MATCHED), required=True, longest=40)


def _header(name: str, about: str, *, required: bool, longest: int) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1, "maxLength": longest}
    return {"name": name, "in": "header", "required": required, "description": about, "schema": schema}


def _responses(endpoint: Endpoint, language: Language) -> dict[str, Any]:
    good: dict[str, Any] = {"description": problems.phrase(endpoint.status)}
    if endpoint.answer is not None:
        good["content"] = {"application/json": {"schema": _described(endpoint.answer, language)}}
    if endpoint.versioned:
        good["headers"] = {"ETag": {"schema": {"type": "string"}}}
    bad = {
        "description": "",
        "content": {problems.CONTENT_TYPE: {"schema": problems.SHAPE.schema()}},
    }
    statuses = {*problems.statuses_of(keys_of(endpoint)), *endpoint.refusals.values()}
    told = {str(status): {**bad, "description": problems.phrase(status)} for status in sorted(statuses)}
    return {str(endpoint.status): good, **told}


def _collect(shape: Shape | None, schemas: dict[str, Any], language: Language) -> None:
    """Keep every table that has a name."""
    if isinstance(shape, Several | Named | Maybe):
        _collect(shape.of, schemas, language)
    if isinstance(shape, Table):
        if shape.name and shape.name not in schemas:
            schemas[shape.name] = _translated(shape.whole(), language)
        for member in shape.members.values():
            _collect(member.shape, schemas, language)


def _described(shape: Shape, language: Language) -> dict[str, Any]:
    found: dict[str, Any] = _translated(shape.schema(), language)
    return found


def _translated(value: Any, language: Language) -> Any:
    """The same schema with its descriptions in the reader's language."""
    if isinstance(value, Mapping):
        return {
            name: language.gettext(each)
            if name == "description" and isinstance(each, str)
            else _translated(each, language)
            for name, each in value.items()
        }
    return [_translated(each, language) for each in value] if isinstance(value, list) else value


def anchor(endpoint: Endpoint) -> str:
    """Where the page for people tells of it."""
    return re.sub(r"[^a-z0-9]+", "-", endpoint.name)
