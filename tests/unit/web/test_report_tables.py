"""Every kind of report over random histories: whatever is asked, all its tables end with the same total."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firmware.model import CampaignId, Disposition, UserId
from firmware.papers.files import render
from firmware.papers.tables import Figure, Line, Report, Table, steps
from firmware.store import attempts, opening
from firmware.store.reports import Cell, Period, Reports, Tally, TallyCell, Totals
from tests.unit.store.helpers import NOW, claim, new_campaign, new_list, new_user
from web_ui import report_kinds, report_maker, report_success, report_view
from web_ui.language import Languages
from web_ui.report_chart import drawing
from web_ui.report_tables import Names, Question
from web_ui.report_view import Asked
from web_ui.report_words import KINDS

LANGUAGES = Languages("Europe/Berlin", "de")
ENGLISH = LANGUAGES.get("en")
FIRST = date(2026, 5, 1)
NAMES = Names({1: "Fair", 2: "Renewal", 3: "Survey"}, {n: f"Agent {n}" for n in range(1, 9)}, {})

BERLIN = ZoneInfo("Europe/Berlin")
BEGIN = datetime(2026, 5, 1, tzinfo=BERLIN).timestamp()

quarters = st.integers(0, 60 * 96 - 1)
counts = st.integers(0, 9)
MADE = {
    "waiting": (report_kinds.waiting, ("reached", "served", "w1", "w5", "more", "lost", "gone", "waited_s")),
    "incoming": (
        report_kinds.incoming,
        (
            "all",
            "answered",
            "missed",
            "w10",
            "w60",
            "served",
            "waited_s",
            "result:sale",
            "result:none_of_that",
        ),
    ),
    "blocks": (report_kinds.blocks, ("dnc", "window_closed", "gap", "dnc_service")),
    "callbacks": (report_kinds.callbacks, ("all", "kept", "missed", "in_time", "late", "open")),
    "detection": (report_kinds.detection, ("human:machine", "machine:person", "machine:none", "fax:none")),
}


def question(step: str = "day", days: int = 60, each_agent: bool = True, kind: str = "success") -> Question:
    wanted = Asked(FIRST, FIRST + timedelta(days=days - 1), step, (), kind)
    return Question(wanted, ENGLISH, NAMES, each_agent)


def figures(line: Line) -> list[float | str]:
    return [cell.value if isinstance(cell, Figure) else cell for cell in line.cells[1:]]


def totals_of(tables: Sequence[Table]) -> dict[str, list[float | str]]:
    """The last line of each table that ends with a total."""
    return {each.key: figures(each.lines[-1]) for each in tables if each.lines and each.lines[-1].sum}


def plain(table: Table, column: str) -> float:
    """The sum of one column over the lines that are no sums themselves."""
    at = [each.title for each in table.columns].index(column)
    return sum(
        cell.value for line in table.lines if not line.sum and isinstance(cell := line.cells[at], Figure)
    )


@st.composite
def tally_cells(draw: st.DrawFn, names: tuple[str, ...]) -> list[TallyCell]:
    found = []
    for at, campaign, owner in draw(
        st.lists(st.tuples(quarters, st.integers(0, 3), st.integers(0, 6)), max_size=25)
    ):
        told = {name: draw(counts) for name in draw(st.sets(st.sampled_from(names), max_size=4))}
        if names[0] in ("reached", "all"):  # whoever waited was reached, whatever became of it was promised
            told[names[0]] = sum(told.values()) + 1
        user = UserId(owner) if owner else None
        found.append(TallyCell(int(BEGIN) + 900 * at, CampaignId(campaign), Tally(told), user))
    return found


@pytest.mark.req("GEN-100", "GEN-104", "GEN-105")
@pytest.mark.parametrize("kind", MADE)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_intervals_campaigns_and_people_have_one_total(kind: str, data: st.DataObject) -> None:
    make, names = MADE[kind]
    found = data.draw(tally_cells(names))
    told = {}
    for step in ("day", "week", "month"):
        _, tables = make(found, question(step))
        ends = totals_of(tables)
        told[step] = ends.get("interval")
        for key in ("campaign", "owner"):
            if key in ends:
                assert ends[key] == told[step], key
        for table in tables:
            for column, end in zip(
                table.columns[1:], figures(table.lines[-1]) if table.lines else [], strict=False
            ):
                if table.key in ("interval", "campaign", "owner", "matrix", "rule", "came_to") and _adds_up(
                    column.title
                ):
                    assert plain(table, column.title) == pytest.approx(end), (table.key, column.title)
    assert told["day"] == told["week"] == told["month"]


def _adds_up(title: str) -> bool:
    return not any(word in title for word in ("mean", "Kept of", "Share"))


@pytest.mark.req("GEN-092", "GEN-100")
@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            quarters, st.integers(1, 9), st.integers(1, 3), st.integers(0, 6), st.sampled_from(Disposition)
        ),
        max_size=40,
    ),
    st.booleans(),
)
def test_success_reconciles(calls: list[tuple[int, int, int, int, Disposition]], each_agent: bool) -> None:
    found = []
    for at, n, campaign, user, disposition in calls:
        sums = Totals(calls=n, answered=n, reached=n // 2, connected=n if user else 0, talk_s=n * 30.0)
        who = UserId(user) if user else None
        found.append(Cell(int(BEGIN) + 900 * at, CampaignId(campaign), who, disposition, "", sums))
    every = sum(n for _, n, *_ in calls)
    for step in ("day", "week", "month"):
        _, tables = report_success.success(found, question(step, each_agent=each_agent))
        for table in tables:
            if table.lines and table.lines[-1].sum:
                assert plain(table, "Calls") == every, (step, table.key)
                assert _figure(table, "Calls") == every
        keys = {table.key: bool(table.lines) for table in tables}
        if not each_agent and keys.get("agent"):
            assert len({user for *_, user, _ in calls if user}) >= report_view.FEWEST_AGENTS
            (agents,) = (table for table in tables if table.key == "agent")
            assert not any("Agent 1" in str(line.cells[0]) for line in agents.lines)


def _figure(table: Table, column: str) -> float:
    cell = table.lines[-1].cells[[each.title for each in table.columns].index(column)]
    assert isinstance(cell, Figure)
    return cell.value


@pytest.mark.req("GEN-100")
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(0, 40 * 86_400),
            st.sampled_from([Disposition.CONTACTED, Disposition.ABANDONED, Disposition.BUSY, None]),
            st.integers(0, 2),
            st.floats(0.0, 30.0),
        ),
        max_size=25,
    )
)
def test_a_history_in_the_store_is_told_the_same_by_every_report(
    tmp_path_factory: pytest.TempPathFactory, calls: list[tuple[int, Disposition | None, int, float]]
) -> None:
    path = tmp_path_factory.mktemp("reports") / "strowger.db"
    conn = opening.open_writer(path)
    campaigns = [new_campaign(conn, new_list(conn, 30, 30 * n)) for n in range(3)]
    user = new_user(conn)
    answered = served = 0
    for at, disposition, which, wait_s in calls:
        (made,) = claim(conn, campaigns[which], now=NOW + at).claims
        if disposition in (Disposition.CONTACTED, Disposition.ABANDONED):
            answered += 1
            _answer(
                conn,
                made.attempt_uid,
                NOW + at,
                wait_s,
                user if disposition is Disposition.CONTACTED else None,
            )
            served += disposition is Disposition.CONTACTED
        if disposition is not None:
            attempts.dispose(conn, made.attempt_uid, disposition, NOW + at + 60, None)
    conn.close()
    reports = Reports(path)
    since = datetime.fromtimestamp(NOW, BERLIN).date()
    for step in ("day", "week", "month"):
        q = Question(Asked(since, since + timedelta(days=41), step), ENGLISH, NAMES, each_agent=True)
        period = report_view.period(q.asked, ENGLISH.zone)
        success = dict_of(report_success.success(reports.activity(period), q)[1])
        waiting = dict_of(report_kinds.waiting(reports.waits(period), q)[1])
        if calls:
            assert _figure(success["interval"], "Calls") == len(calls)
            assert _figure(success["agent"], "Calls") == len(calls) if served else not success["agent"].lines
        if answered:
            assert _figure(waiting["interval"], "People reached") == answered
            assert _figure(waiting["campaign"], "Connected") == served
            parts = ("within 1 s", "within 2 s", "within 5 s", "within 10 s", "later")
            assert sum(_figure(waiting["interval"], part) for part in parts) == served
    reports.close()


def dict_of(tables: Sequence[Table]) -> dict[str, Table]:
    return {each.key: each for each in tables}


def _answer(conn: sqlite3.Connection, uid: str, at: float, wait_s: float, user: UserId | None) -> None:
    conn.execute(
        "UPDATE attempt SET answered_at = ?, live = 1, user_id = ?, talking_at = ?, ended_at = ? WHERE uid = ?",
        (at + 5, user, at + 5 + wait_s if user else None, at + 50, uid),
    )


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_box_has_empty_reports_as_files(tmp_path: Path, kind: str) -> None:
    opening.open_writer(tmp_path / "strowger.db").close()
    reports = Reports(tmp_path / "strowger.db")
    report = report_maker.make(reports, question(kind=kind), "Strowger")
    reports.close()
    assert report.tables == ()
    for ending in ("pdf", "xlsx"):
        assert render(report, ending, datetime.fromtimestamp(NOW, UTC))


def report_of(kind: str) -> Report:
    make, names = MADE[kind]
    found = [
        TallyCell(int(BEGIN) + 86_400 * n, CampaignId(1), Tally(dict.fromkeys(names, n + 1)))
        for n in range(40)
    ]
    tiles, tables = make(found, question(kind=kind))
    return Report("Title ŁódźΩ", ("1 May – 30 June",), tiles, tables, "en", "Strowger")


@pytest.mark.parametrize("kind", MADE)
def test_a_long_report_goes_over_several_pages(kind: str) -> None:
    content = render(report_of(kind), "pdf", datetime.fromtimestamp(NOW, UTC))
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Type /Page\n") >= 2


def test_figures_stay_figures_in_a_workbook(tmp_path: Path) -> None:
    from python_calamine import load_workbook  # the box reads spreadsheets with it

    (tmp_path / "r.xlsx").write_bytes(
        render(report_of("callbacks"), "xlsx", datetime.fromtimestamp(NOW, UTC))
    )
    rows = load_workbook(str(tmp_path / "r.xlsx")).get_sheet_by_index(0).to_python()
    total = next(row for row in rows if row and row[0] == "Total")
    assert total[1] == sum(range(1, 41))


@pytest.mark.parametrize(
    ("highest", "said"), [(0, (0, 1)), (1, (0, 1)), (7, (0, 2, 4, 6, 8)), (99, (0, 50, 100))]
)
def test_the_scale_of_a_chart_is_round(highest: float, said: tuple[float, ...]) -> None:
    assert steps(highest) == said


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=400).filter(any))
def test_bars_stay_inside_their_chart(values: list[int]) -> None:
    found = [
        TallyCell(int(BEGIN) + 86_400 * n, CampaignId(1), Tally({"all": value, "kept": value // 2}))
        for n, value in enumerate(values)
    ]
    wanted = Asked(FIRST, FIRST + timedelta(days=len(values) - 1), "day", (), "callbacks")
    _, tables = report_kinds.callbacks(found, Question(wanted, ENGLISH, NAMES, each_agent=True))
    chart = tables[0].chart
    assert chart is not None
    drawn = drawing(chart, ENGLISH)
    boxes = [box for group in drawn.groups for box in group.boxes]
    assert all(b.x >= 0 and b.x + b.width <= 360 and b.y >= 0 and b.y + b.height <= 171 for b in boxes)
    assert len(drawn.labels) <= 6


def test_a_saved_report_means_its_period_of_today() -> None:
    query: Mapping[str, object] = {"kind": "callbacks", "span": "last_month", "by": "week", "campaigns": [2]}
    wanted = report_maker.of_view(query, date(2026, 3, 31))
    assert wanted == Asked(date(2026, 2, 1), date(2026, 2, 28), "week", (2,), "callbacks")


def test_periods_of_cells_and_history_are_the_same() -> None:
    wanted = question().asked
    assert report_view.period(wanted, BERLIN) == Period(BEGIN, BEGIN + 60 * 86_400, ())
