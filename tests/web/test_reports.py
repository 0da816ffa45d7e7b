"""Reports: empty, with calls, as files; mistakes in the question; agents' figures where they are not wanted."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest

from tests.web.box import ADMINISTRATOR, AGENT, Box, Client
from web_ui import tables
from web_ui.language import Languages

GERMAN = Languages("Europe/Berlin", "de").get("de")


@pytest.fixture
def client(own_office: Box) -> Client:
    return own_office.client(ADMINISTRATOR)


def words(text: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", text.split("<main", 1)[1]))).replace(
        "\u00a0", " "
    )


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))


def test_a_period_without_calls_says_so(client: Client) -> None:
    page = client.get("/reports?from=2024-01-01&to=2024-01-02")
    assert (page.status, "Kein Anruf in diesem Zeitraum" in words(page.text)) == (200, True)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=2026-02-30", "Das ist kein Tag."),
        ("from=2026-05-02&to=2026-05-01", "Der letzte Tag liegt vor dem ersten."),
        ("from=2020-01-01&to=2026-01-01", "Wählen Sie höchstens drei Jahre."),
    ],
)
def test_a_mistake_is_named_at_its_field(client: Client, query: str, sentence: str) -> None:
    for path in ("/reports", "/reports/attempts", "/reports/intervals.csv", "/reports/attempts.csv"):
        page = client.get(f"{path}?{query}")
        assert (page.status, sentence in words(page.text)) == (422, True), path


@pytest.mark.req("GEN-088", "GEN-091", "GEN-092", "GEN-095", "GEN-099", "GEN-101", "GEN-103")
def test_calls_are_counted_in_every_table(own_office: Box, client: Client) -> None:
    own_office.ask("attempt", campaign_id=1, user_id=own_office.agents["jonas"], note="")
    page = words(client.get("/reports").text)
    assert "Erfolg nach Zeitabschnitt" in page
    assert "Jonas Weber" in page
    history = client.get("/reports/attempts?campaign=1")
    assert re.search(r"Herbstaktion Person \d+ \S.* Jonas Weber", words(history.text))
    count = int(re.search(r"(\d+) Anwahlversuch", words(history.text))[1])  # type: ignore[index]
    assert f"Summe {count} " in page
    assert len(rows(client.get("/reports/attempts.csv").text)) == count + 1
    table = rows(client.get("/reports/intervals.csv").text)
    assert table[0][:2] == ["Beginn", "Anrufe"]
    assert sum(int(row[1]) for row in table[1:]) == count
    assert client.get("/reports?campaign=99").text.count("Kein Anruf in diesem Zeitraum") == 1


def test_no_cell_becomes_a_formula() -> None:
    cells = ["=1+1", "+49", "-1", "@SUM(A1)", "\t=1", " =1", "\uff1d1", "a\0=b", "Ada"]
    (row,) = rows(tables.csv_lines([cells], GERMAN, first=True).decode())
    assert row == ["'=1+1", "'+49", "'-1", "'@SUM(A1)", "'\t=1", "' =1", "'\uff1d1", "a=b", "Ada"]


def test_agents_have_no_reports(own_office: Box) -> None:
    assert own_office.client(AGENT).get("/reports").status == 403


@pytest.mark.parametrize("kind", ["success", "waiting", "incoming", "blocks", "callbacks", "detection"])
def test_every_kind_is_a_page_and_three_files(own_office: Box, client: Client, kind: str) -> None:
    own_office.ask("attempt", campaign_id=1, user_id=own_office.agents["jonas"], note="")
    page = client.get(f"/reports?kind={kind}")
    assert page.status == 200
    assert f"kind={kind}" in page.text or kind == "success"
    begins = {"csv": b"\xef\xbb\xbf", "xlsx": b"PK", "pdf": b"%PDF-"}
    for ending, first in begins.items():
        for path in (f"/reports/report.{ending}?kind={kind}", f"/reports/attempts.{ending}"):
            file = client.get(path)
            assert (file.status, file.body[: len(first)]) == (200, first), path
            assert f'.{ending}"' in file.headers["content-disposition"]


def test_a_report_is_saved_found_again_and_removed(own_office: Box, client: Client) -> None:
    asked = {"name": "Letzter Monat", "query": "kind=callbacks&by=week&campaign=1", "span": "last_month"}
    client.post("/reports/views", asked)
    page = client.get("/reports").text
    assert "Letzter Monat" in page
    number = re.search(r"/reports/views/(\d+)\"", page)
    assert number is not None
    there = client.get(f"/reports/views/{number[1]}").headers["location"]
    assert "kind=callbacks" in there
    assert there.endswith("by=week&campaign=1")
    assert client.post("/reports/views", {**asked, "name": "x" * 61}).status == 303
    client.post(f"/reports/views/{number[1]}/remove", {})
    assert "/reports/views/" + number[1] not in client.get("/reports").text
    assert client.get(f"/reports/views/{number[1]}").status == 404
